"""`mockprovider cassette stats` and `diff`: figures, and two recordings beside one another."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockprovider.cassettes.store import Cassette
from mockprovider.cli import main
from mockprovider.tape import Exchange, Fidelity
from tests.vectors.said import JSON, delta, events, exchange

Keep = Callable[..., Path]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Keep exchanges in a cassette of this name."""

    def kept(name: str, *exchanges: Exchange) -> Path:
        cassette = Cassette.open(tmp_path / name, create=True)
        for each in exchanges:
            cassette.begin(each.request).keep(each)
        return tmp_path / name

    return kept


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["cassette", *map(str, arguments)])


def said(text: str, n: int = 1, **usage: int) -> Exchange:
    """A streamed answer to a request that differs by `n`."""
    values = [*(delta(content=word) for word in re.findall(r"\S+ ?", text)), delta(finish="stop")]
    return exchange(*events(*values, {"choices": [], "usage": usage}, "[DONE]"), asked={"model": "m", "n": n})


_STREAM = said("a b c", prompt_tokens=7, completion_tokens=21)


def test_stats_have_a_line_for_each_exchange_and_each_model(keep: Keep) -> None:
    imported = replace(said("a", completion_tokens=2), fidelity=Fidelity.BYTES)
    exchanges, _, models = run("stats", keep("tapes", _STREAM, imported)).output.partition("\n\n")
    assert [line.split()[1:9] for line in exchanges.splitlines()[1:]] == [
        ["m", "7", "21", "-", "-", "0.1", "100.0", "0.7"],
        ["m", "-", "2", "-", "-", "-", "-", "-"],
    ]
    assert exchanges.splitlines()[2].split()[9:] == ["-"] * 5
    of_m = ["2", "7", "23", "-", "-", "0.100", "/", "0.100", "/", "0.100"]
    assert [line.split()[:11] for line in models.splitlines()[1:]] == [["m", *of_m], ["total", *of_m]]


def test_stats_are_JSON_if_asked_for(keep: Keep) -> None:  # noqa: N802
    found = json.loads(run("stats", keep("tapes", _STREAM), "--json").output)
    assert found["exchanges"][0]["file"] == "0001-chat-completions-m.yaml"
    assert found["exchanges"][0]["sizes"]["largest"] == max(len(chunk.data) for chunk in _STREAM.tape.chunks)
    assert (found["models"][0]["model"], found["total"]["tokens"]["completion"]) == ("m", 21)


def test_stats_of_an_empty_cassette_are_nothing_but_a_total(keep: Keep) -> None:
    result = run("stats", keep("tapes"))
    assert (result.exit_code, result.output.splitlines()[-1].split()[:2]) == (0, ["total", "0"])


def test_equal_exchanges_are_equal(keep: Keep) -> None:
    one, other = keep("one", _STREAM) / "1", keep("other", _STREAM) / "0001-chat-completions-m.yaml"
    result = run("diff", one, other)
    assert (result.exit_code, result.output) == (0, "equal\n")


def test_meaning_comes_before_form_and_words_are_told_apart(keep: Keep) -> None:
    one = said("The longer of these two sentences is likely to be this one, said Anna")
    other = said("The longer of these two sentences is likely to be this one, said Berta", total_tokens=3)
    result = run("diff", keep("one", one) / "1", keep("other", other) / "1")
    assert result.exit_code == 1
    assert result.output.splitlines()[1:] == [
        "meaning",
        "  text:",
        "    …two sentences is likely to be this one, said [-Anna-]{+Berta+}",
        "  usage.total_tokens: nothing → 3",
        "form",
        "  key usage.total_tokens: absent → a number",
    ]


def test_a_difference_in_what_was_asked_is_one(keep: Keep) -> None:
    tapes = keep("tapes", said("a", 1), said("a", 2))
    result = run("diff", tapes / "1", tapes / "2")
    assert (result.exit_code, result.output.splitlines()[1:]) == (1, ["request", "  body.n: 1 → 2"])


def test_cassettes_are_paired_by_request_and_order(keep: Keep) -> None:
    one = keep("one", said("a", 1), said("b", 2), said("c", 2), said("d", 3))
    other = keep("other", said("b", 2), said("x", 4), said("a", 1), said("C", 2))
    result = run("diff", one, other)
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [
            "A 0003-chat-completions-m.yaml  B 0004-chat-completions-m.yaml",
            "  meaning",
            "    text: c → C",
            "only in A: 0004-chat-completions-m.yaml  POST /v1/chat/completions",
            "only in B: 0002-chat-completions-m.yaml  POST /v1/chat/completions",
            "3 pairs, 1 differ; only in A: 1, only in B: 1",
        ],
    )


def test_cassettes_with_the_same_recordings_are_equal_in_any_order(keep: Keep) -> None:
    result = run("diff", keep("one", said("a", 1), said("b", 2)), keep("other", said("b", 2), said("a", 1)))
    assert (result.exit_code, result.output) == (0, "2 pairs, 0 differ; only in A: 0, only in B: 0\n")


def test_what_one_cassette_ignores_pairs_in_both(keep: Keep) -> None:
    one, other = keep("one", said("a", 1)), keep("other", said("a", 2))
    assert "0 pairs" in run("diff", one, other).output
    (other / "cassette.yaml").write_text("match:\n  ignore: [body.n]\n", encoding="utf-8")
    assert "1 pairs" in run("diff", one, other).output
    assert "1 pairs" in run("diff", other, one).output


def test_bytes_are_compared_with_a_hexdump_and_the_ends_of_chunks(keep: Keep) -> None:
    one, other = exchange(b"0123456789", b"abc", headers=JSON), exchange(b"0123456789a", b"Bc", headers=JSON)
    result = run("diff", keep("one", one) / "1", keep("other", other) / "1", "--bytes")
    assert (result.exit_code, result.output.splitlines()[1:]) == (
        1,
        [
            "A has 13 bytes, B has 13",
            "they differ from byte 11 (0xb) on",
            "A 00000000  30 31 32 33 34 35 36 37 38 39 61 62 63           |0123456789abc|",
            "B 00000000  30 31 32 33 34 35 36 37 38 39 61 42 63           |0123456789aBc|",
            "chunks end only in A after byte 10",
            "chunks end only in B after byte 11",
        ],
    )


def test_equal_bytes_in_other_chunks_are_told_so(keep: Keep) -> None:
    one, other = (exchange(*parts, headers=JSON) for parts in ((b"ab", b"c"), (b"abc",)))
    result = run("diff", keep("one", one) / "1", keep("other", other) / "1", "--bytes")
    assert result.exit_code == 1
    assert result.output.splitlines()[2:] == ["the bodies are equal byte by byte", "chunks end only in A after byte 2"]


def test_diffs_are_JSON_if_asked_for(keep: Keep) -> None:  # noqa: N802
    one, other = keep("one", said("a")), keep("other", said("b"))
    point = {"group": "meaning", "what": "text", "a": "a", "b": "b"}
    found = json.loads(run("diff", one / "1", other / "1", "--json").output)
    assert (found["equal"], found["differences"]) == (False, [point])
    whole = json.loads(run("diff", one, other, "--json").output)
    assert (whole["equal"], whole["pairs"][0]["differences"], whole["only_in_a"]) == (False, [point], [])


def test_strict_counts_what_else_is_passed_over(keep: Keep) -> None:
    one, other = (exchange(b'{"a": {"id": %d}}' % n, headers=JSON) for n in (1, 2))
    paths = keep("one", one) / "1", keep("other", other) / "1"
    assert run("diff", *paths).exit_code == 0
    result = run("diff", *paths, "--strict")
    assert (result.exit_code, result.output.splitlines()[2]) == (1, "  body.0.a.id: 1 → 2")


def test_of_very_many_differences_some_are_shown(keep: Keep) -> None:
    one, other = (exchange(json.dumps([n] * 200).encode(), headers=JSON) for n in (1, 2))
    lines = run("diff", keep("one", one) / "1", keep("other", other) / "1").output.splitlines()
    assert (len(lines), lines[-1]) == (53, "  and 150 more (--json has all)")


def test_a_cassette_and_an_exchange_are_not_compared(keep: Keep) -> None:
    tapes = keep("tapes", said("a"))
    result = run("diff", tapes, tapes / "1")
    assert result.exit_code == 2
    assert f"{tapes} is a cassette and the other is none; give two of a kind" in result.output


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("0001-chat-completion-m.yaml", "did you mean '0001-chat-completions-m.yaml'?"),
        ("9", "its numbers are 0001 to 0001"),
    ],
)
def test_a_file_that_is_not_there_is_refused_with_the_closest(name: str, hint: str, keep: Keep) -> None:
    tapes = keep("tapes", said("a"))
    result = run("diff", tapes / "1", tapes / name)
    assert result.exit_code == 2
    assert hint in result.output
