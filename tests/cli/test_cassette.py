"""`mockprovider cassette`: what a person sees of a recording."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockprovider.cassettes.store import Cassette
from mockprovider.cli import main
from mockprovider.tape import Chunk, Complete, Cut, Exchange, Head, Request, Tape

_EVENTS = (
    b'data: {"model":"m-1","choices":[{"index":0,"delta":{"reasoning_content":"Hm."}}]}\n\n',
    b'data: {"choices":[{"index":0,"delta":{"content":"Hello"}}]}\n\n',
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"total_tokens":3}}\n\n',
    b"data: [DONE]\n\n",
)


@pytest.fixture
def tapes(tmp_path: Path) -> Path:
    """A cassette with a stream and a request that was cut before the head."""
    cassette = Cassette.open(tmp_path / "tapes", create=True)
    request = Request("POST", "/v1/chat/completions", "a=b")
    chunks = tuple(Chunk(1 + number / 10, data) for number, data in enumerate(_EVENTS))
    stream = Tape(Head(0.5, 200, ((b"Content-Type", b"text/event-stream"),)), chunks, Complete(2.0))
    cassette.begin(request).keep(Exchange(request, stream))
    cassette.begin(request).keep(Exchange(request, Tape(None, (), Cut(0.25)), notes=("it was late",)))
    return tmp_path / "tapes"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["cassette", *map(str, arguments)])


def test_list_has_a_line_for_each_exchange(tapes: Path) -> None:
    _, *lines = run("list", tapes).output.splitlines()
    first = ["0001-chat-completions.yaml", "POST", "/v1/chat/completions?a=b", "m-1", "200", "complete", "4", "2.0"]
    first.insert(7, str(sum(map(len, _EVENTS))))
    second = ["0002-chat-completions.yaml", "POST", "/v1/chat/completions?a=b", "-", "-", "cut", "0", "0", "0.25"]
    assert [line.split() for line in lines] == [first, second]


def test_list_is_JSON_if_asked_for(tapes: Path) -> None:  # noqa: N802
    rows = json.loads(run("list", tapes, "--json").output)
    assert [(row["model"], row["status"], row["ending"]) for row in rows] == [
        ("m-1", 200, "complete"),
        (None, None, "cut"),
    ]


@pytest.mark.parametrize("which", ["1", "0001", "0001-chat-completions.yaml", "0001-chat-completions"])
def test_show_puts_an_answer_together(which: str, tapes: Path) -> None:
    shown = run("show", tapes, which).output
    for words in ("Hm.", "Hello", "finish stop", '"total_tokens": 3', "[DONE]", "head 0.500 s, first token 1.000 s"):
        assert words in shown


def test_show_says_that_no_head_came_and_what_the_recorder_noted(tapes: Path) -> None:
    shown = run("show", tapes, "2").output
    assert "no head came, ended cut" in shown
    assert "it was late" in shown


def test_show_is_JSON_if_asked_for(tapes: Path) -> None:  # noqa: N802
    shown = json.loads(run("show", tapes, "1", "--json").output)
    assert (shown["choices"]["0"]["text"], shown["usage"], shown["first_token"]) == ("Hello", {"total_tokens": 3}, 1.0)


def test_an_exchange_that_is_not_there_is_refused_with_the_closest(tapes: Path) -> None:
    result = run("show", tapes, "0001-chat-completion.yaml")
    assert result.exit_code == 2
    assert "did you mean '0001-chat-completions.yaml'?" in result.output
