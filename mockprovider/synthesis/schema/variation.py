"""Objects and arrays that differ from others by the values of their parts."""

from collections.abc import Callable, Sequence
from typing import Any

from mockprovider.synthesis.schema.budget import UnfitError
from mockprovider.synthesis.schema.words import Taken, same

MakePart = Callable[[Taken], Any]
"""Makes a value for one part, none of those that are taken. Raises UnfitError where there is no other."""


def different(makers: Sequence[MakePart], others: Sequence[Sequence[Any]], at: int = 0) -> list[Any] | None:
    """Values for parts, one a maker, that are not all the same as in any of the others; None where there are none."""
    if at == len(makers):
        return None if others else []
    taken: dict[Any, Any] = {}
    while True:
        try:
            value = makers[at](taken)
        except UnfitError:
            return None
        if same(value) in taken:
            return None  # a lenient maker makes something all the same
        alike = [other for other in others if same(other[at]) == same(value)]
        rest = different(makers, alike, at + 1)
        if rest is not None:
            return [value, *rest]
        taken[same(value)] = value
