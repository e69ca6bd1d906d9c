"""A value for a schema: guesses in a good order, checked where a guess may be wrong."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mockprovider.synthesis.schema.arrays import Arrays
from mockprovider.synthesis.schema.budget import Budget, UnfitError
from mockprovider.synthesis.schema.check import Checker
from mockprovider.synthesis.schema.document import Document
from mockprovider.synthesis.schema.negation import Parts, is_atom
from mockprovider.synthesis.schema.numbers import number
from mockprovider.synthesis.schema.objects import Objects
from mockprovider.synthesis.schema.place import Place, taken_of
from mockprovider.synthesis.schema.readings import Readings
from mockprovider.synthesis.schema.texts import Texts
from mockprovider.synthesis.schema.words import Taken, Words, choices, is_json, kind_of, kinds, listing, mapping, same

_DEEPEST = 40
_DEEPEST_GUESS = 8
_TRIES = 60
_FEW = 3
_STEPS_A_VALUE = 40
_DOUBTFUL = {
    *("oneOf", "not", "if", "dependentSchemas", "dependentRequired", "dependencies", "propertyNames", "contains"),
    *("patternProperties", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef"),
}
"""Words for which a guess may be wrong."""
_STUBS = {"object": {}, "array": [], "boolean": True, "null": None, "integer": 1, "number": 1}


class Maker:
    """Makes values for the parts of one schema."""

    def __init__(self, root: Any, hint: str, steps: int) -> None:
        self._budget = Budget(steps)
        self._hint = hint
        self._document = Document(root, self._budget)
        self._readings = Readings(self._document, self._budget)
        self._texts = Texts(self._budget, hint)
        self.checker = Checker(self._document, self._texts, self._budget)
        self._objects = Objects(self, self._texts)
        self._arrays = Arrays(self)
        self._made = 0

    def value(self, parts: Parts, place: Place) -> Any:
        """A value that fits all parts. Raises UnfitError where none is found, unless the place is lenient."""
        if not place.lenient:
            return self._fitting(parts, place)
        if place.depth:
            try:
                with self._budget.part():
                    return self._fitting(parts, place.strict())
            except UnfitError:
                pass
        return self._some(parts, place)

    def pay(self, steps: int) -> None:
        """Takes steps from the budget. Raises UnfitError when none are left."""
        self._budget.spend(steps)

    def ends_soon(self, parts: Parts, place: Place) -> bool:
        """Whether something that need not be there may be: a part that neither recurs nor is deep already."""
        return self._readings.ends_soon(parts, place, self._made)

    def _fitting(self, parts: Parts, place: Place) -> Any:
        self._budget.spend(_STEPS_A_VALUE)
        self._made += 1
        if place.depth > _DEEPEST or any(self._document.height(part) == math.inf for part in parts):
            raise UnfitError
        for value in _defaults(parts, place):
            if same(value) not in place.taken and all(self.checker.fits(value, part) for part in parts):
                return value
        for tried, flat in enumerate(self._readings.of(parts, place, self._made)):
            if tried > _TRIES:
                break
            doubtful = any(word in _DOUBTFUL for part in flat for word in part)
            for value in self._values(flat, place.through(flat)):
                if not doubtful or all(self.checker.fits(value, part) for part in parts):
                    return value
        raise UnfitError

    def _values(self, flat: list[Words], place: Place) -> Iterator[Any]:
        """Values for schemas that all must fit, no choices left, the best first."""
        denied = [mapping(part.get("not")) for part in flat if is_atom(part.get("not"))]
        if excluded := [value for part in denied for value in choices(part) or []]:
            self._budget.spend((len(excluded) + len(place.taken)) // 4)
            place = place.without({**place.taken, **taken_of(excluded)})
        taken: Taken = place.taken

        def allowed(value: Any) -> bool:
            return same(value) not in taken and not any(self.checker.fits(value, part) for part in denied)

        left = next((found for part in flat if (found := choices(part)) is not None), None)
        for value in [*_defaults(flat, place), *_examples(flat)] if left is None else left:
            if is_json(value) and allowed(value) and all(self.checker.fits(value, part) for part in flat):
                yield value
        if left is not None:
            return
        for kind in kinds(flat):
            try:
                yield from self._of_kind(kind, flat, place, allowed)
            except UnfitError:
                self._budget.spend(5)

    def _of_kind(self, kind: str, flat: list[Words], place: Place, allowed: Callable[[Any], bool]) -> Iterator[Any]:
        match kind:
            case "object":
                yield from self._objects.made(flat, place)
            case "array":
                yield from self._arrays.made(flat, place)
            case "string":
                yield self._texts.text(flat, place.key, place.taken, allowed)
            case "integer" | "number":
                yield self._number(kind, flat, place, allowed)
            case "boolean":
                yield from filter(allowed, (True, False))
            case _:
                yield from filter(allowed, (None,))

    def _number(self, kind: str, flat: list[Words], place: Place, allowed: Callable[[Any], bool]) -> float:
        every = kinds(flat)
        fraction = "integer" not in every

        def fits(value: float) -> bool:
            return allowed(value) and not (fraction and kind_of(value) == "integer")

        whole = kind == "integer" and "number" not in every
        return number(flat, self._budget, whole=whole, taken=len(place.taken), allowed=fits)

    def _some(self, parts: Parts, place: Place) -> Any:
        """Something, where nothing fits: as much of it as fits."""
        flat: list[Words] = [part for part in parts if isinstance(part, dict)]
        try:
            flat = next(self._readings.of(parts, place, self._made), flat)
            if place.depth < _DEEPEST_GUESS:
                for kind in kinds(flat)[:1]:
                    return next(self._of_kind(kind, flat, place.through(flat), lambda _: True))
        except (UnfitError, StopIteration):
            pass
        left = [value for part in flat for value in (choices(part) or [])[:1] if is_json(value)]
        return left[0] if left else _STUBS.get(next(iter(kinds(flat)), "null"), self._hint)


def _defaults(parts: Sequence[Any], place: Place) -> list[Any]:
    """What schemas say by themselves. At the top it would hide everything; null says nothing that is worth it."""
    said = [part.get("default") for part in parts if isinstance(part, dict)] if place.depth else []
    return [value for value in said if value is not None and is_json(value)]


def _examples(flat: list[Words]) -> list[Any]:
    """Examples that schemas have, unless they are of what is simply text."""
    if kinds(flat)[0] == "string" and not any("pattern" in part or "format" in part for part in flat):
        return []
    return [value for part in flat for value in listing(part.get("examples"))[:_FEW]]
