"""Figures of recordings: tokens as `usage` says, and times and chunks as the tape has them.

Law: facts only. What an answer does not say is None, and so are all times and chunk sizes of a recording that has lost
them (`Fidelity`). Percentiles are values that were measured (nearest rank), none in between.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from mockprovider.cassettes.lens.reading import Said, said
from mockprovider.tape import Exchange, Fidelity

_PLACES: dict[str, tuple[str, ...]] = {
    "prompt": ("prompt_tokens", "input_tokens"),
    "completion": ("completion_tokens", "output_tokens"),
    "reasoning": (
        "completion_tokens_details.reasoning_tokens",
        "output_tokens_details.reasoning_tokens",
        "reasoning_tokens",
    ),
    "cached": (
        "prompt_tokens_details.cached_tokens",
        "input_tokens_details.cached_tokens",
        "cache_read_input_tokens",
        "prompt_cache_hit_tokens",
        "cached_tokens",
    ),
    "total": ("total_tokens",),
}
"""Where providers say how many tokens there were; the first that says anything counts."""

RANKS = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens as `usage` has them; whether one kind is part of another differs from provider to provider."""

    prompt: int | None = None
    completion: int | None = None
    reasoning: int | None = None
    cached: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of chunks in bytes."""

    median: int
    p99: int
    largest: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one exchange. Times in seconds, `duration` and `first_token` since the request had arrived."""

    model: str | None
    tokens: Tokens
    first_token: float | None = None
    rate: float | None = None
    """Tokens a second after the first."""
    duration: float | None = None
    chunks: int | None = None
    sizes: Sizes | None = None
    longest_gap: float | None = None
    """The longest silence after the first chunk, that before the end included."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of several exchanges: how many, the sum of their tokens, and percentiles by the names in `RANKS`."""

    count: int
    tokens: Tokens
    first_token: dict[str, float] | None
    rate: dict[str, float] | None
    duration: dict[str, float] | None
    longest_gap: float | None


def figures(exchange: Exchange) -> Figures:
    """The figures of an exchange."""
    found, tape = said(exchange), exchange.tape
    tokens = tokens_of(found.usage)
    if exchange.fidelity is not Fidelity.CHUNKS:
        return Figures(found.model, tokens)
    sizes = sorted(len(chunk.data) for chunk in tape.chunks)
    times = [*(chunk.at for chunk in tape.chunks), tape.ending.at]
    return Figures(
        found.model,
        tokens,
        found.first_token,
        _rate(found, tokens),
        tape.ending.at,
        len(sizes),
        Sizes(rank(sizes, 0.5), rank(sizes, 0.99), sizes[-1]) if sizes else None,
        max((after - before for before, after in pairwise(times)), default=None),
    )


def summary(of: Sequence[Figures]) -> Summary:
    """What several exchanges come to."""
    names = [each.name for each in fields(Tokens)]
    sums = (_sum(getattr(each.tokens, name) for each in of) for name in names)
    return Summary(
        len(of),
        Tokens(*sums),
        _ranks(of, lambda each: each.first_token),
        _ranks(of, lambda each: each.rate),
        _ranks(of, lambda each: each.duration),
        max((each.longest_gap for each in of if each.longest_gap is not None), default=None),
    )


def by_model(of: Iterable[Figures]) -> dict[str, Summary]:
    """Summaries by model; what names none is under the empty name."""
    groups: dict[str, list[Figures]] = {}
    for each in of:
        groups.setdefault(each.model or "", []).append(each)
    return {model: summary(groups[model]) for model in sorted(groups)}


def tokens_of(usage: dict[str, Any] | None) -> Tokens:
    """The tokens in a `usage` of any provider."""
    return Tokens(**{name: _first_count(usage or {}, places) for name, places in _PLACES.items()})


def rank(values: Sequence[Any], share: float) -> Any:
    """The value at this share of sorted values, which must not be empty: the smallest with so many at or below it."""
    return values[max(0, math.ceil(share * len(values)) - 1)]


def _first_count(usage: dict[str, Any], places: Iterable[str]) -> int | None:
    for place in places:
        value: Any = usage
        for step in place.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _rate(found: Said, tokens: Tokens) -> float | None:
    """How fast the tokens after the first came. Reasoning that was counted but not shown did not come at all."""
    if found.first_token is None or found.last_token is None or tokens.completion is None:
        return None
    came, took = tokens.completion, found.last_token - found.first_token
    shown = any(choice.reasoning for choice in found.choices.values()) and not found.summarized
    apart = tokens.total is not None and tokens.total > (tokens.prompt or 0) + came  # xAI counts reasoning beside it
    if tokens.reasoning and not shown and not apart:
        came -= tokens.reasoning
    return (came - 1) / took if took > 0 and came > 1 else None


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _ranks(of: Sequence[Figures], what: Callable[[Figures], float | None]) -> dict[str, float] | None:
    known = sorted(value for each in of if (value := what(each)) is not None)
    return {name: rank(known, share) for name, share in RANKS.items()} if known else None
