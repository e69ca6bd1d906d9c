"""`mockprovider cassette list` and `show`: what a person sees of a recording."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockprovider.cassettes.store import Cassette
from mockprovider.cli import main
from mockprovider.tape import Chunk, Citation, Complete, Cut, Exchange, Fidelity, Head, Origin, Request, Tape
from tests.vectors.said import JSON, delta, events, exchange, message

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


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., str]:
    """What `show` prints of an exchange."""

    def show(kept: Exchange, *options: str) -> str:
        Cassette.open(tmp_path / "one", create=True).begin(kept.request).keep(kept)
        return run("show", tmp_path / "one", "1", *options).output

    return show


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["cassette", *map(str, arguments)])


def test_list_has_a_line_for_each_exchange(tapes: Path) -> None:
    _, *lines = run("list", tapes).output.splitlines()
    first = ["0001-chat-completions.yaml", "POST", "/v1/chat/completions?a=b", "-", "m-1", "200"]
    first += ["complete", "4", str(sum(map(len, _EVENTS))), "2.0", "chunks"]
    second = ["0002-chat-completions.yaml", "POST", "/v1/chat/completions?a=b", "-", "-", "-", "cut", "0", "0", "0.25"]
    second += ["chunks"]
    assert [line.split() for line in lines] == [first, second]


def test_list_shows_the_last_words_of_a_conversation_and_cuts_what_is_long(tmp_path: Path) -> None:
    words = "Is it raining in Paris? " * 9
    body = json.dumps({"messages": [{"role": "user", "content": f"\x1b[31m{words}"}]}).encode()
    asked = Request("POST", "/v1/chat/completions", body=body)
    Cassette.open(tmp_path / "one", create=True).begin(asked).keep(Exchange(asked, Tape(None, (), Cut(0.25))))
    line = run("list", tmp_path / "one").output.splitlines()[1]
    assert "Is it raining in Paris? Is it" in line
    assert "…" in line
    assert "\x1b" not in line


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
    assert "timeline" not in shown


def test_show_with_chunks_has_a_line_for_each(tapes: Path) -> None:
    _, _, lines = run("show", tapes, "1", "--chunks").output.partition("begins\n")
    first, second, *_, end = (line.split(maxsplit=6) for line in lines.splitlines())
    assert first == [
        "1",
        "1.000",
        "s",
        "+0.500",
        "s",
        str(len(_EVENTS[0])),
        'data: {"model":"m-1","choices":[{"index":0,"delta":{"reasoning_c…',
    ]
    assert second[:6] == ["2", "1.100", "s", "+0.100", "s", str(len(_EVENTS[1]))]
    assert end == ["end", "2.000", "s", "+0.700", "s", "complete"]


def test_the_chunks_are_in_the_JSON_too(tapes: Path) -> None:  # noqa: N802
    timeline = json.loads(run("show", tapes, "1", "--json", "--chunks").output)["timeline"]
    assert timeline[:2] == [
        {"at": 1.0, "gap": 0.5, "size": len(_EVENTS[0])},
        {"at": 1.1, "gap": 0.1, "size": len(_EVENTS[1])},
    ]


def test_show_raw_writes_the_body_and_nothing_else(tapes: Path) -> None:
    assert run("show", tapes, "1", "--raw").stdout_bytes == b"".join(_EVENTS)


@pytest.mark.parametrize("other", ["--json", "--chunks"])
def test_nothing_goes_with_raw(other: str, tapes: Path) -> None:
    result = run("show", tapes, "1", "--raw", other)
    assert result.exit_code == 2
    assert "--raw writes the body and nothing else" in result.output


def test_show_tells_what_was_asked(shown: Callable[..., str]) -> None:
    call = {"id": "c", "function": {"name": "f", "arguments": "{}"}}
    turns = [
        {"role": "system", "content": "\n".join(f"line {number}" for number in range(9))},
        {"role": "assistant", "content": None, "tool_calls": [call]},
    ]
    asked = {
        "model": "m",
        "stream": True,
        "temperature": 0.5,
        "tools": [{"function": {"name": "f"}}],
        "messages": turns,
    }
    lines = shown(exchange(b"", asked=asked)).splitlines()
    assert lines[1:7] == [
        "asked model m, streamed, temperature=0.5",
        "  tools: f",
        "  system     line 0",
        "             line 1",
        "             line 2 … and 6 more lines",
        "  assistant  f({})",
    ]


def test_of_a_long_conversation_the_middle_is_left_out(shown: Callable[..., str]) -> None:
    asked = {"messages": [{"role": "user", "content": f"turn {number}"} for number in range(30)]}
    lines = [line.strip() for line in shown(exchange(b"", asked=asked)).splitlines()]
    assert lines[1:5] == ["user       turn 0", "user       turn 1", "… 20 more messages …", "user       turn 22"]


def test_show_keeps_choices_apart(shown: Callable[..., str]) -> None:
    text = shown(exchange(*events(delta(0, content="one"), delta(1, content="two", finish="stop"))))
    assert "choice 0\ntext\n  one\nfinish none\nchoice 1\ntext\n  two\nfinish stop\n" in text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"data": [{"embedding": [0.1, 0.2]}] * 3}, "embeddings 3, of 2 dimensions"),
        ({"data": [{"id": "m-1", "object": "model"}]}, "models 1\n  m-1"),
        ({"error": {"message": "bööm"}}, 'error {"message": "bööm"}'),
        (message(tool_calls=[{"id": "c", "function": {"name": "f", "arguments": "{}"}}]), "tool call f({})  c"),
        (message(audio={"data": "A" * 2000}), "audio 2,000 characters"),
        ({"results": [{"flagged": True}]}, 'body\n  {\n    "results": ['),
    ],
)
def test_show_tells_whatever_was_answered(value: object, words: str, shown: Callable[..., str]) -> None:
    assert words in shown(exchange(json.dumps(value).encode(), headers=JSON))


def test_a_body_that_the_lens_has_no_words_for_is_shown_from_its_beginning(shown: Callable[..., str]) -> None:
    text = shown(exchange(b"\n".join(b"line %d" % number for number in range(100)), headers=()))
    assert "body\n  line 0\n" in text
    assert "  line 39\n  … (--raw writes all of it)\n" in text


def test_what_was_imported_has_no_times_to_show(shown: Callable[..., str]) -> None:
    kept = replace(exchange(*events(delta(content="a"))), fidelity=Fidelity.FRAMES)
    assert "times none: imported with fidelity frames" in shown(kept)


def test_what_was_reconstructed_says_so_and_from_what(shown: Callable[..., str]) -> None:
    source = Citation("https://example.com/1", "reported", "2026-03", "it stops")
    kept = replace(exchange(*events(delta(content="a"))), fidelity=Fidelity.BYTES, origin=Origin.RECONSTRUCTED)
    text = shown(replace(kept, source=source))
    assert "origin reconstructed\nsource https://example.com/1 (reported, 2026-03)\n  it stops\n" in text
    assert "times none: reconstructed with fidelity bytes" in text


def test_nothing_that_was_recorded_reaches_the_terminal_as_a_command(shown: Callable[..., str]) -> None:
    nasty = "\x1b[2J\x9b1m \ud83d\rx\x07"
    kept = exchange(
        *events(delta(content=nasty), {"error": {nasty: nasty}}, {"model": nasty}),
        asked={"model": nasty, "messages": [{"role": nasty, "content": nasty}], nasty: nasty},
    )
    text = shown(kept, "--chunks")
    assert set(text) & set("\x1b\x9b\r\x07\ud83d") == set()
    assert r"\x1b[2J\x9b1m" in text


def test_an_exchange_that_is_not_there_is_refused_with_the_closest(tapes: Path) -> None:
    result = run("show", tapes, "0001-chat-completion.yaml")
    assert result.exit_code == 2
    assert "did you mean '0001-chat-completions.yaml'?" in result.output


def test_a_number_that_is_not_there_is_refused_with_those_that_are(tapes: Path) -> None:
    result = run("show", tapes, "7")
    assert result.exit_code == 2
    assert "no exchange '7' here; its numbers are 0001 to 0002" in result.output
