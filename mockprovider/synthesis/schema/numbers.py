"""Numbers within bounds and on a grid: the smallest from 1 on, or from the lower bound on."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mockprovider.synthesis.schema.budget import Budget, UnfitError
from mockprovider.synthesis.schema.words import Words, exact, is_number

_LARGEST = 10**600
_TRIES = 64


@dataclass(frozen=True, slots=True)
class _Bound:
    """A bound, and whether the number itself is left out."""

    value: Fraction
    left_out: bool


@dataclass(frozen=True, slots=True)
class _Range:
    """The numbers that may be: between bounds, on a grid."""

    low: _Bound | None
    high: _Bound | None
    step: Fraction | None

    def has(self, number: Fraction) -> bool:
        low, high = self.low, self.high
        above = low is None or number > low.value or (number == low.value and not low.left_out)
        below = high is None or number < high.value or (number == high.value and not high.left_out)
        return above and below and (self.step is None or (number / self.step).denominator == 1)


def number(
    parts: Sequence[Words], budget: Budget, *, whole: bool, taken: int, allowed: Callable[[float], bool]
) -> float:
    """A number that all parts allow, as JSON writes it best. Raises UnfitError where none is found.

    `taken` is how many were made for the same place before, all different.
    """
    steps = [exact(abs(step)) for part in parts if is_number(step := part.get("multipleOf")) and step]
    grid = _common([*steps, *([Fraction(1)] if whole else [])])
    within = _Range(_bound(parts, upper=False), _bound(parts, upper=True), grid)
    second_best: list[float] = []
    for found in _candidates(within, taken):
        budget.spend(4)
        if abs(found) >= _LARGEST or not within.has(found):
            continue
        written = _written(found, whole=whole)
        if is_number(written) and within.has(exact(written)) and allowed(written):
            if _divides(parts, written):
                return written
            second_best.append(written)
    if second_best:
        return second_best[0]
    raise UnfitError


def _candidates(within: _Range, taken: int) -> Iterator[Fraction]:
    """Numbers to try, readable ones first; some are out of range."""
    low, high = within.low, within.high
    if low and low.value < 0 and (high is None or high.value >= 1):
        yield from _candidates(_Range(_Bound(Fraction(1), left_out=False), high, within.step), taken)
    if within.step is None:
        yield from _loose(low, high, taken)
    else:
        yield from _stepped(low, high, within.step, taken)


def _stepped(low: _Bound | None, high: _Bound | None, step: Fraction, taken: int) -> Iterator[Fraction]:
    first = math.ceil((low.value if low else 1) / step)
    if low is None and high:
        last = math.floor(high.value / step)
        first = min(first, last)
        yield from ((first - count) * step for count in range(taken, taken + _TRIES))
    yield from ((first + count) * step for count in range(taken, taken + _TRIES))
    yield from ((first + count) * step for count in range(taken))
    if low is None:
        yield from ((first - count) * step for count in range(1, taken + _TRIES))
    yield from (Fraction(math.ceil(first * step) + count) for count in range(_TRIES))  # a grid of floats has gaps


def _loose(low: _Bound | None, high: _Bound | None, taken: int) -> Iterator[Fraction]:
    first = low.value if low else min(Fraction(1), high.value) if high else Fraction(1)
    down = low is None and high is not None
    yield from (first + (-count if down else count) for count in range(taken, taken + 2))
    if low and high:
        width = high.value - low.value
        yield from [high.value] if not taken else []
        yield from (low.value + width * (taken + 1) / parts for parts in (taken + 2, 2 * taken + 3, 4 * taken + 5))
        yield from (low.value + width * count / (taken + 3) for count in range(1, taken + 3))
    yield from (first + (-count if down else count) for count in range(taken + _TRIES))
    yield from (first + Fraction(count, 4) for count in range(taken + _TRIES))
    yield from (first - Fraction(count, 4) for count in range(taken + _TRIES))
    size = abs(first) / 1000 + 1  # next to a large float the next whole one is no other
    yield from (first - size, first + size)


def _bound(parts: Sequence[Words], *, upper: bool) -> _Bound | None:
    """The strictest bound of all parts. Draft 4 says by a truth value that the bound itself is left out."""
    plain, other = ("maximum", "exclusiveMaximum") if upper else ("minimum", "exclusiveMinimum")
    found = [_Bound(exact(part[plain]), part.get(other) is True) for part in parts if is_number(part.get(plain))]
    found += [_Bound(exact(part[other]), left_out=True) for part in parts if is_number(part.get(other))]
    sign = -1 if upper else 1
    return max(found, key=lambda bound: (sign * bound.value, bound.left_out), default=None)


def _common(steps: Sequence[Fraction]) -> Fraction | None:
    """The least number that is a multiple of each."""
    found: Fraction | None = None
    for step in steps:
        if found is None:
            found = step
        else:
            found = Fraction(math.lcm(found.numerator, step.numerator), math.gcd(found.denominator, step.denominator))
    return found


def _written(number: Fraction, *, whole: bool) -> float:
    """Whole numbers as such, unless they are so long that only a float is readable."""
    if number.denominator == 1 and (whole or abs(number) < 10**16):
        return int(number)
    try:
        return float(number)
    except OverflowError:
        return int(number)


def _divides(parts: Sequence[Words], value: Any) -> bool:
    """Whether a reader who divides floats finds a multiple too."""
    return all(
        (value / step).is_integer() if 1e-300 < abs(step) < 1e300 and abs(value) < 1e300 else True
        for part in parts
        if is_number(step := part.get("multipleOf")) and step and isinstance(step, float)
    )
