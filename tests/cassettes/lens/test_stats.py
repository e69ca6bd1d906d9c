"""Figures are facts: what `usage` says, what the tape has, and nothing where neither does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.lens.stats import Figures, Sizes, Tokens, by_model, figures, rank, summary, tokens_of
from mockprovider.tape import Chunk, Cut, Exchange, Fidelity, Head, Request, Tape
from tests.strategies import exchanges, law
from tests.vectors.said import SSE, delta, events, exchange


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 5,
                "total_tokens": 14,
                "prompt_tokens_details": {"cached_tokens": 4},
                "completion_tokens_details": {"reasoning_tokens": 3},
            },
            Tokens(9, 5, 3, 4, 14),
        ),
        (
            {
                "input_tokens": 9,
                "output_tokens": 5,
                "input_tokens_details": {"cached_tokens": 4},
                "output_tokens_details": {"reasoning_tokens": 3},
            },
            Tokens(9, 5, 3, 4),
        ),
        ({"input_tokens": 9, "output_tokens": 5, "cache_read_input_tokens": 4}, Tokens(9, 5, None, 4)),
        ({"prompt_tokens": 9, "prompt_cache_hit_tokens": 4}, Tokens(9, None, None, 4)),
        ({"prompt_tokens": 0, "input_tokens": 7}, Tokens(0)),
        ({"prompt_tokens": True, "completion_tokens": "5", "prompt_tokens_details": None}, Tokens()),
        (None, Tokens()),
    ],
)
def test_tokens_are_those_that_usage_says(usage: dict[str, Any] | None, tokens: Tokens) -> None:
    assert tokens_of(usage) == tokens


def streamed(*deltas: dict[str, Any], fidelity: Fidelity = Fidelity.CHUNKS, **usage: Any) -> Exchange:
    return exchange(*events(*deltas, {"choices": [], "usage": usage}), fidelity=fidelity)


_THREE = (delta(content="a"), delta(content="b"), delta(content="c"))


def test_times_and_chunks_are_those_of_the_tape() -> None:
    tape = Tape(Head(0.5, 200, SSE), (Chunk(1.0, b"x" * 10), Chunk(1.25, b"x" * 30), Chunk(3.0, b"x" * 20)), Cut(3.5))
    assert figures(Exchange(Request("POST", "/"), tape)) == Figures(
        None, Tokens(), None, None, 3.5, 3, Sizes(20, 30, 30), 1.75
    )


def test_the_silence_before_the_end_is_a_gap_too() -> None:
    tape = Tape(Head(0.0, 200), (Chunk(1.0, b"x"),), Cut(9.0))
    assert figures(Exchange(Request("POST", "/"), tape)).longest_gap == 8.0


@pytest.mark.parametrize(
    ("deltas", "usage", "rate"),
    [
        (_THREE, {"completion_tokens": 21}, 100.0),
        (_THREE, {}, None),
        (_THREE[:1], {"completion_tokens": 21}, None),
        (_THREE, {"completion_tokens": 21, "completion_tokens_details": {"reasoning_tokens": 10}}, 50.0),
        (_THREE, {"completion_tokens": 21, "reasoning_tokens": 10, "prompt_tokens": 1, "total_tokens": 32}, 100.0),
        ((delta(reasoning="Hm"), *_THREE[:2]), {"completion_tokens": 21, "reasoning_tokens": 10}, 100.0),
        (_THREE, {"completion_tokens": 5, "reasoning_tokens": 5}, None),
    ],
    ids=["plain", "no usage", "one token", "hidden reasoning", "reasoning apart", "shown reasoning", "nothing came"],
)
def test_the_rate_counts_the_tokens_that_came_after_the_first(
    deltas: tuple[dict[str, Any], ...], usage: dict[str, Any], rate: float | None
) -> None:
    assert figures(streamed(*deltas, **usage)).rate == (rate and pytest.approx(rate))


@pytest.mark.parametrize("fidelity", [each for each in Fidelity if each is not Fidelity.CHUNKS])
def test_what_was_imported_has_tokens_but_no_times_and_no_chunks(fidelity: Fidelity) -> None:
    found = figures(streamed(*_THREE, fidelity=fidelity, completion_tokens=3))
    assert found == Figures("m", Tokens(completion=3))


def test_a_summary_adds_what_is_known_and_ranks_what_was_measured() -> None:
    of = [Figures("m", Tokens(prompt, cached=0), duration=prompt / 10, longest_gap=prompt) for prompt in range(1, 101)]
    found = summary([*of, Figures("m", Tokens())])
    assert (found.count, found.tokens, found.longest_gap) == (101, Tokens(5050, cached=0), 100)
    assert (found.duration, found.first_token) == ({"p50": 5.0, "p90": 9.0, "p99": 9.9}, None)


def test_summaries_are_by_model() -> None:
    found = by_model([Figures("b", Tokens(1)), Figures(None, Tokens(2)), Figures("b", Tokens(4))])
    assert [(model, each.count, each.tokens.prompt) for model, each in found.items()] == [("", 1, 2), ("b", 2, 5)]


@law()
@given(st.lists(st.integers(), min_size=1).map(sorted), st.floats(0, 1))
def test_a_rank_is_the_smallest_value_with_so_many_at_or_below_it(values: list[int], share: float) -> None:
    found = rank(values, share)
    assert sum(value <= found for value in values) >= share * len(values)
    assert found == values[0] or sum(value < found for value in values) < share * len(values)


@law(60)
@given(exchanges())
def test_the_figures_of_any_tape_fit_it(any_: Exchange) -> None:
    found = figures(replace(any_, fidelity=Fidelity.CHUNKS))
    assert (found.chunks, found.duration) == (len(any_.tape.chunks), any_.tape.ending.at)
    assert found.longest_gap is None or 0 <= found.longest_gap <= any_.tape.ending.at
    if found.sizes is not None:
        assert 0 <= found.sizes.median <= found.sizes.p99 <= found.sizes.largest <= any_.tape.size
