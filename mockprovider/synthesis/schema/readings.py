"""Schemas that must all fit, read as one flat list: references followed, `allOf` laid together, each choice made.

Where a schema leaves a choice there are several readings. Those that contradict themselves are left out early: in what
kind of value they allow, and in what a property that must be there may be. So a chain of conditions on one property
does not branch.
"""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockprovider.synthesis.schema.budget import Budget
from mockprovider.synthesis.schema.document import REFERENCES, Document
from mockprovider.synthesis.schema.negation import Parts, is_atom, ways_not_to_fit
from mockprovider.synthesis.schema.place import Place
from mockprovider.synthesis.schema.words import KINDS, Words, choices, listing, mapping, names, same, types

_DEEP = 8
_MANY = 150
"""Values after which only what must be there is there, and options that end soonest are taken."""
_FEW = 20


@dataclass(frozen=True, slots=True)
class _Property:
    """What a property may be, as far as its schemas say it by `enum` and `const`; None for anything."""

    allowed: frozenset[Hashable] | None = None
    denied: frozenset[Hashable] = frozenset()

    def impossible(self) -> bool:
        """Whether nothing remains."""
        return self.allowed is not None and self.allowed <= self.denied

    def narrowed(self, inner: Any) -> "_Property":
        """The same with one more schema said of it."""
        if inner is False:
            return _Property(frozenset(), self.denied)
        if not isinstance(inner, dict):
            return self
        allowed, denied = self.allowed, self.denied
        if (said := choices(inner)) is not None:
            here = frozenset(map(same, said))
            allowed = here if allowed is None else allowed & here
        if is_atom(inner.get("not")) and (said := choices(inner["not"])) is not None:
            denied |= frozenset(map(same, said))
        return _Property(allowed, denied)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A reading so far: schemas, the choices that they leave, the kinds that all allow, what is known of properties."""

    flat: Sequence[Words] = ()
    groups: Sequence[list[Parts]] = ()
    kinds: frozenset[str] = frozenset(KINDS)
    needed: frozenset[str] = frozenset()
    properties: Mapping[str, _Property] = field(default_factory=dict)


class Readings:
    """Reads schemas of one document."""

    def __init__(self, document: Document, budget: Budget) -> None:
        self._document = document
        self._budget = budget

    def of(self, parts: Sequence[Any], place: Place, made: int) -> Iterator[list[Words]]:
        """The readings of parts, the likeliest first; `made` is how many values there are already."""
        return self._read(parts, _Reading(), place, deep=place.depth > _DEEP or made > _MANY)

    def recurs(self, part: Any, place: Place) -> bool:
        """Whether a part was met twice on the way here."""
        for _ in range(8):
            if place.path.count(id(part)) > 1:
                return True
            if not isinstance(part, dict) or "$ref" not in part:
                return False
            part = self._document.target(part, "$ref")
        return False

    def ends_soon(self, parts: Sequence[Any], place: Place, made: int) -> bool:
        """Whether something that need not be there may be: a part that neither recurs nor is deep already."""
        if place.depth > _DEEP or made > _MANY:
            return False
        return not any(self.recurs(part, place) or self._document.height(part) > _DEEP for part in parts)

    def _read(self, todo: Sequence[Any], done: _Reading, place: Place, *, deep: bool) -> Iterator[list[Words]]:
        self._budget.spend(5 + len(done.flat) // 3)
        flat, groups, kinds, needed = [*done.flat], [*done.groups], done.kinds, done.needed
        properties = dict(done.properties)
        waiting = [*reversed(todo)]
        known = set(map(id, flat))
        while waiting:
            part = waiting.pop()
            if part is False:
                return
            if not isinstance(part, dict) or id(part) in known:
                continue
            self._budget.spend(12)
            known.add(id(part))
            flat.append(part)
            if (named := types(part)) is not None:
                kinds = kinds.intersection(named)
            if more := names(part.get("required")):
                needed = needed.union(more)
            for name, inner in mapping(part.get("properties")).items():
                if inner is False or not {"const", "enum", "not"}.isdisjoint(mapping(inner)):
                    properties[name] = properties.get(name, _Property()).narrowed(inner)
            waiting += reversed(listing(part.get("allOf")))
            waiting += [self._document.target(part, word) for word in REFERENCES if word in part]
            groups += self._choices(part)
        if kinds == {"object"} and any(name in needed and properties[name].impossible() for name in properties):
            return
        if not kinds:
            return
        if not groups:
            yield flat
            return
        for option in self._ordered(groups[0], place, deep=deep):
            yield from self._read(option, _Reading(flat, groups[1:], kinds, needed, properties), place, deep=deep)

    def _choices(self, part: Words) -> Iterator[list[Parts]]:
        """The choices that a schema leaves: of each, one option must fit."""
        if options := listing(part.get("anyOf")):
            yield [(option,) for option in options]
        if options := listing(part.get("oneOf")):
            yield [*[(option,) for option in options], *(_alone(options) if len(options) < _FEW else [])]
        if "if" in part and ("then" in part or "else" in part):
            yield [(part["if"], part.get("then", True)), ({"not": part["if"]}, part.get("else", True))]
        for word in ("dependentSchemas", "dependencies"):
            for name, inner in mapping(part.get(word)).items():
                if not isinstance(inner, list):
                    yield [({"properties": {name: False}},), (inner,)]
        denied = part.get("not")
        if isinstance(denied, dict | bool) and not is_atom(denied):
            words = mapping(denied)
            followed = [self._document.target(words, word) for word in REFERENCES if word in words]
            yield [*[({"not": target},) for target in followed], *ways_not_to_fit(denied)]

    def _ordered(self, options: list[Parts], place: Place, *, deep: bool) -> list[Parts]:
        """Options as they stand, null last; where the schema goes deep, those that end soonest first."""
        if len(options) == 1:
            return options

        def rank(option: Parts) -> tuple[bool, float, bool]:
            recurs = any(self.recurs(part, place) for part in option)
            height = max((self._document.height(part) for part in option), default=0)
            return recurs, height if deep or recurs or height > _DEEP else 0, any(map(_is_null, option))

        return [option for option in sorted(options, key=rank) if rank(option)[1] < math.inf]


def _alone(options: list[Any]) -> list[Parts]:
    """Each option, and none of the others."""
    return [(option, *[{"not": other} for other in options if other is not option]) for option in options]


def _is_null(part: Any) -> bool:
    return mapping(part).get("type") == "null" or mapping(part).get("const", 0) is None
