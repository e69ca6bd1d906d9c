"""Whether a value fits a schema: the words of draft 2020-12 and of those before it, formats too.

This is for the values that are made here, to choose between them. It pays for its work from a budget, it takes any
rubbish for a schema, and patterns can't stall it; no public validator does all three.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from mockprovider.synthesis.schema.budget import Budget, UnfitError
from mockprovider.synthesis.schema.document import REFERENCES, Document
from mockprovider.synthesis.schema.formats import FORMATS
from mockprovider.synthesis.schema.texts import Texts
from mockprovider.synthesis.schema.words import (
    Words,
    choices,
    count,
    exact,
    is_number,
    kind_of,
    listing,
    mapping,
    names,
    same,
    types,
)

_DEEPEST = 120


@dataclass(slots=True)
class _Seen:
    """Which properties and items of a value some word has spoken of."""

    properties: set[str] = field(default_factory=set)
    items: set[int] = field(default_factory=set)

    def add(self, other: "_Seen") -> None:
        self.properties |= other.properties
        self.items |= other.items


class Checker:
    """Checks values against the parts of one document."""

    def __init__(self, document: Document, texts: Texts, budget: Budget) -> None:
        self._document = document
        self._texts = texts
        self._budget = budget
        self._open: set[tuple[int, int]] = set()
        self._choices: dict[int, tuple[Words, frozenset[Hashable] | None]] = {}

    def fits(self, value: Any, part: Any) -> bool:
        """Whether a value fits a part. Raises UnfitError when the budget is spent."""
        return self._see(value, part) is not None

    def _see(self, value: Any, part: Any) -> _Seen | None:
        """What of a value a part speaks of; None where it does not fit."""
        self._budget.spend(4)
        if not isinstance(part, dict):
            return None if part is False else _Seen()
        key = (id(value), id(part))
        if key in self._open:
            return _Seen()  # a reference that comes back to itself asks for nothing more
        if len(self._open) > _DEEPEST:
            raise UnfitError
        self._open.add(key)
        try:
            return self._see_all(value, part)
        finally:
            self._open.discard(key)

    def _see_all(self, value: Any, part: Words) -> _Seen | None:
        if not self._alone(value, part):
            return None
        seen = _Seen()
        for look in (self._together, self._condition, self._dependents):
            if not look(value, part, seen):
                return None
        if isinstance(value, dict) and not self._object(value, part, seen):
            return None
        if isinstance(value, list) and not self._array(value, part, seen):
            return None
        return seen

    def _alone(self, value: Any, part: Words) -> bool:
        """Whether a value fits the words that hold no schemas."""
        allowed = types(part)
        if allowed is not None and kind_of(value) not in allowed:
            return False
        left = self._left(part)
        if left is not None and same(value) not in left:
            return False
        match value:
            case bool() | None:
                return True
            case str():
                form = FORMATS.get(str(part.get("format")))
                pattern = part.get("pattern")
                return (
                    _sized(len(value), part, "minLength", "maxLength")
                    and (form is None or form.fits(value))
                    and (not isinstance(pattern, str) or self._texts.matches(pattern, value))
                )
            case int() | float():
                return all(
                    fits(value, part[word], part) for word, fits in _NUMBERS.items() if is_number(part.get(word))
                )
            case list():
                self._budget.spend(len(value))
                unique = part.get("uniqueItems") is not True or len(set(map(same, value))) == len(value)
                return unique and _sized(len(value), part, "minItems", "maxItems")
            case _:
                needed = names(part.get("required"))
                return all(name in value for name in needed) and _sized(
                    len(value), part, "minProperties", "maxProperties"
                )

    def _left(self, part: Words) -> frozenset[Hashable] | None:
        """The values that `enum` and `const` leave, ready to be looked up."""
        if "enum" not in part and "const" not in part:
            return None
        if id(part) not in self._choices:
            said = choices(part)
            self._budget.spend(len(said or ()) // 2)
            self._choices[id(part)] = (part, None if said is None else frozenset(map(same, said)))
        return self._choices[id(part)][1]

    def _together(self, value: Any, part: Words, seen: _Seen) -> bool:
        """References, `allOf`, `anyOf`, `oneOf` and `not`."""
        needed = [self._document.target(part, word) for word in REFERENCES if word in part]
        for each in [*needed, *listing(part.get("allOf"))]:
            found = self._see(value, each)
            if found is None:
                return False
            seen.add(found)
        for word in ("anyOf", "oneOf"):
            if options := listing(part.get(word)):
                fitting = [found for each in options if (found := self._see(value, each)) is not None]
                if not fitting or (word == "oneOf" and len(fitting) > 1):
                    return False
                for found in fitting:
                    seen.add(found)
        return "not" not in part or not isinstance(part["not"], dict | bool) or not self.fits(value, part["not"])

    def _condition(self, value: Any, part: Words, seen: _Seen) -> bool:
        if "if" not in part:
            return True
        asked = self._see(value, part["if"])
        if asked is not None:
            seen.add(asked)
        found = self._see(value, part.get("else" if asked is None else "then", True))
        if found is not None:
            seen.add(found)
        return found is not None

    def _dependents(self, value: Any, part: Words, seen: _Seen) -> bool:
        if not isinstance(value, dict):
            return True
        for word in ("dependentSchemas", "dependentRequired", "dependencies"):
            for name, needed in mapping(part.get(word)).items():
                if name not in value:
                    continue
                if isinstance(needed, list) and not all(other in value for other in names(needed)):
                    return False
                found = self._see(value, True if isinstance(needed, list) else needed)
                if found is None:
                    return False
                seen.add(found)
        return True

    def _object(self, value: dict[str, Any], part: Words, seen: _Seen) -> bool:
        properties, patterns = mapping(part.get("properties")), mapping(part.get("patternProperties"))
        known = set()
        for name, item in value.items():
            if not self.fits(name, part.get("propertyNames", True)):
                return False
            said = [properties[name]] if name in properties else []
            said += [inner for pattern, inner in patterns.items() if self._texts.matches(pattern, name)]
            if not said and "additionalProperties" in part:
                said = [part["additionalProperties"]]
            if said:
                known.add(name)
            if not all(self.fits(item, inner) for inner in said):
                return False
        seen.properties |= known
        if "unevaluatedProperties" in part:
            rest = part["unevaluatedProperties"]
            if not all(self.fits(item, rest) for name, item in value.items() if name not in seen.properties):
                return False
            seen.properties |= set(value)
        return True

    def _array(self, value: list[Any], part: Words, seen: _Seen) -> bool:
        first, rest = tuple_of(part)
        for place, item in enumerate(value):
            if place < len(first) or rest is not None:
                seen.items.add(place)
                if not self.fits(item, first[place] if place < len(first) else rest):
                    return False
        if "contains" in part:
            fitting = {place for place, item in enumerate(value) if self.fits(item, part["contains"])}
            seen.items |= fitting
            least, most = count(part, "minContains"), count(part, "maxContains")
            if len(fitting) < (1 if least is None else least) or (most is not None and len(fitting) > most):
                return False
        if "unevaluatedItems" in part:
            others = [item for place, item in enumerate(value) if place not in seen.items]
            if not all(self.fits(item, part["unevaluatedItems"]) for item in others):
                return False
            seen.items |= set(range(len(value)))
        return True


def tuple_of(part: Words) -> tuple[list[Any], Any]:
    """The schemas of the first items, and of the rest; None where nothing is said. Older drafts have other words."""
    items = part.get("items")
    if isinstance(items, list):
        return items, part.get("additionalItems")
    return listing(part.get("prefixItems")), items


def _sized(size: int, part: Words, least: str, most: str) -> bool:
    low, high = count(part, least), count(part, most)
    return (low is None or size >= low) and (high is None or size <= high)


_NUMBERS: dict[str, Callable[[float, float, Words], bool]] = {
    "minimum": lambda value, bound, part: value > bound if part.get("exclusiveMinimum") is True else value >= bound,
    "maximum": lambda value, bound, part: value < bound if part.get("exclusiveMaximum") is True else value <= bound,
    "exclusiveMinimum": lambda value, bound, _: value > bound,
    "exclusiveMaximum": lambda value, bound, _: value < bound,
    "multipleOf": lambda value, step, _: step == 0 or (exact(value) / exact(step)).denominator == 1,
}
"""Words that bound numbers: whether a value is within what they say."""
