"""Arrays: as long as they must be, one item where they need none, different items where these must differ."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from mockprovider.synthesis.schema.budget import UnfitError
from mockprovider.synthesis.schema.check import tuple_of
from mockprovider.synthesis.schema.place import Place, Values, taken_of
from mockprovider.synthesis.schema.variation import MakePart, different
from mockprovider.synthesis.schema.words import Words, at_least, at_most, count, same, weight

_LONGEST = 10_000
_FEW = 3
"""Items of an array that can't fit anyway."""


class Arrays:
    """Makes arrays that fit several schemas at once."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def made(self, parts: Sequence[Words], place: Place) -> Iterator[list[Any]]:
        """Arrays to choose from, the best first. Raises UnfitError where one can't be made."""
        least, most = at_least(parts, "minItems"), at_most(parts, "maxItems")
        if least > min(most, _LONGEST):
            raise UnfitError
        shown = least
        if not any("contains" in part for part in parts):
            first = _first(parts)
            ends = self._values.ends_soon(_parts(parts, max(0, first - 1)), place)
            shown = int(min(max(least, first, 1), most)) if ends else least
        yield self._distinct(parts, shown, place)
        ways = [(least, parts)] if least < shown else []
        if any("unevaluatedItems" in part for part in parts):
            closed = [_closed(part) for part in parts]
            ways += [(shown, closed), (least, closed)]
        for size, asked in ways:
            with suppress(UnfitError):
                yield self._distinct(asked, size, place)

    def _distinct(self, parts: Sequence[Words], size: int, place: Place) -> list[Any]:
        """An array that is not taken: with other items, or with one more."""
        made = self._array(parts, size, place)
        if not place.taken or same(made) not in place.taken:
            return made
        others = [other for other in place.taken.values() if isinstance(other, list)]
        makers = [self._maker(_parts(parts, number), place) for number in range(len(made))]
        values = different(makers, [other for other in others if len(other) == len(made)])
        if values is not None:
            return values
        longer = 1 + max(map(len, others))
        if longer > at_most(parts, "maxItems"):
            raise UnfitError
        return self._array(parts, longer, place)

    def _maker(self, parts: tuple[Any, ...], place: Place) -> MakePart:
        return lambda taken: self._values.value(parts, place.inside(taken=taken))

    def _array(self, parts: Sequence[Words], size: int, place: Place) -> list[Any]:
        size = min(size, _FEW) if place.lenient else size
        unique = any(part.get("uniqueItems") is True for part in parts)
        plain = _first(parts)
        least = at_least(parts, "minItems")
        made: list[Any] = []
        taken: dict[Any, Any] = {}
        for number in range(size):
            if number > plain and not unique:
                self._values.pay((size - number) * weight(made[-1], _LONGEST))
                made += made[-1:] * (size - number)
                break
            try:
                item = self._values.value(_parts(parts, number), place.inside(taken=taken if unique else None))
            except UnfitError:
                if number < least:
                    raise
                break
            made.append(item)
            if unique:
                taken[same(item)] = item
        for part in parts:
            if "contains" in part:
                self._contain(made, parts, part, place, unique=unique)
        return made

    def _contain(self, made: list[Any], parts: Sequence[Words], part: Words, place: Place, *, unique: bool) -> None:
        """Items changed and added until as many as must fit what the array contains do, and no more than may."""
        low, high = count(part, "minContains"), count(part, "maxContains")
        least, asked = 1 if low is None else low, part["contains"]
        fitting = [self._values.checker.fits(item, asked) for item in made]
        room = int(min(at_most(parts, "maxItems"), _LONGEST))
        if least > room:
            raise UnfitError
        good = sum(fitting)
        for number in range(room):
            if good >= least:
                break
            if number < len(made) and fitting[number]:
                continue
            taken = taken_of(made) if unique else {}
            try:
                item = self._values.value((*_parts(parts, number), asked), place.inside(taken=taken))
            except UnfitError:
                if number < len(made):
                    continue
                if number >= _first(parts):
                    raise
                item = self._values.value(_parts(parts, number), place.inside(taken=taken))  # a later place may do
                made.append(item)
                fitting.append(self._values.checker.fits(item, asked))
                good += fitting[-1]
                continue
            made[number : number + 1] = [item]
            fitting[number : number + 1] = [True]
            good += 1
        for number in range(len(made)):
            if high is None or good <= high:
                return
            if fitting[number]:
                other = (*_parts(parts, number), {"not": asked})
                made[number] = self._values.value(other, place.inside(taken=taken_of(made) if unique else {}))
                good -= 1


def _first(parts: Sequence[Words]) -> int:
    """How many items have a schema of their own."""
    return max((len(tuple_of(part)[0]) for part in parts), default=0)


def _closed(part: Words) -> Words:
    """A schema whose `unevaluatedItems` are said of its own items only, whatever others say of them."""
    return part if "items" in part else {**part, "items": part.get("unevaluatedItems", True)}


def _parts(parts: Sequence[Words], number: int) -> tuple[Any, ...]:
    """What an item must fit."""
    found: list[Any] = []
    for part in parts:
        first, rest = tuple_of(part)
        if number < len(first):
            found.append(first[number])
        elif rest is not None:
            found.append(rest)
    return tuple(found) or tuple(part["unevaluatedItems"] for part in parts if "unevaluatedItems" in part)
