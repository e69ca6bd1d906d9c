"""Objects: the properties that must be there, at the top those that may be, and as many as are asked for."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mockprovider.synthesis.schema.budget import UnfitError
from mockprovider.synthesis.schema.place import Place, Values, taken_of
from mockprovider.synthesis.schema.texts import Texts
from mockprovider.synthesis.schema.variation import MakePart, different
from mockprovider.synthesis.schema.words import Words, at_least, at_most, mapping, names, same


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to make an object: properties to have, all that are declared, whether a map shows what it maps to.

    `closed` says that what another schema says of a property does not keep `unevaluatedProperties` from it.
    """

    wanted: Sequence[str]
    declared: Sequence[str]
    shows: bool = True
    closed: bool = False


class Objects:
    """Makes objects that fit several schemas at once."""

    def __init__(self, values: Values, texts: Texts) -> None:
        self._values = values
        self._texts = texts

    def made(self, parts: Sequence[Words], place: Place) -> Iterator[dict[str, Any]]:
        """Objects to choose from, the best first. Raises UnfitError where one can't be made."""
        needed = dict.fromkeys(name for part in parts for name in names(part.get("required")))
        declared = list(dict.fromkeys(name for part in parts for name in mapping(part.get("properties"))))
        optional = [name for name in declared if name not in needed]
        shown = optional if place.depth < 1 and not needed else []
        other = [*needed] if shown else [*needed, *optional]
        bare = _Way([*needed], declared, shows=False, closed=True)
        yield self._distinct(parts, _Way([*needed, *shown], declared), place)
        for way in (*([_Way(other, declared)] if optional else []), bare):
            with suppress(UnfitError):
                yield self._distinct(parts, way, place)

    def _distinct(self, parts: Sequence[Words], way: _Way, place: Place) -> dict[str, Any]:
        """An object that is not taken: with other values, or with one property more."""
        made = self._object(parts, way, place, 0)
        if not place.taken or same(made) not in place.taken:
            return made
        others = [other for other in place.taken.values() if isinstance(other, dict)]
        makers = [self._maker(self._parts(parts, name, way), place, name) for name in made]
        alike = [[other[name] for name in made] for other in others if other.keys() == made.keys()]
        if (values := different(makers, alike)) is not None:
            return dict(zip(made, values, strict=True))
        return self._object(parts, way, place, 1 + max(map(len, others)))

    def _maker(self, parts: tuple[Any, ...], place: Place, name: str) -> MakePart:
        return lambda taken: self._values.value(parts, place.inside(name, taken))

    def _object(self, parts: Sequence[Words], way: _Way, place: Place, size: int) -> dict[str, Any]:
        required = {name for part in parts for name in names(part.get("required"))}
        needed, every = self._with_dependents(parts, required), self._with_dependents(parts, set(way.wanted))
        least, most = max(size, at_least(parts, "minProperties")), at_most(parts, "maxProperties")
        order = [*dict.fromkeys([*way.declared, *way.wanted])]
        order += sorted(every.difference(order))
        if len(needed) > most:
            raise UnfitError
        room = most - len(needed)
        made: dict[str, Any] = {}
        for name in order:
            if name not in every or (name not in needed and (room < 1 or not self._may_be(parts, name))):
                continue
            try:
                made[name] = self._values.value(self._parts(parts, name, way), place.inside(name))
            except UnfitError:
                if name in needed:
                    raise
                continue
            room -= name not in needed
        if len(made) < least:
            self._fill(made, parts, way, int(least), place)
        elif not made and not way.declared and most and way.shows:
            self._show_one(made, parts, way, place)
        if len(made) < least and not place.lenient:
            raise UnfitError
        return made

    def _parts(self, parts: Sequence[Words], name: str, way: _Way) -> tuple[Any, ...]:
        """What a property must fit."""
        found: list[Any] = []
        for part in parts:
            properties = mapping(part.get("properties"))
            said = [properties[name]] if name in properties else []
            patterns = mapping(part.get("patternProperties"))
            said += [inner for pattern, inner in patterns.items() if self._texts.matches(pattern, name)]
            if not said and "additionalProperties" in part:
                said = [part["additionalProperties"]]
            found += said
            if not said and way.closed and "unevaluatedProperties" in part:
                found.append(part["unevaluatedProperties"])
        return tuple(found) or tuple(part["unevaluatedProperties"] for part in parts if "unevaluatedProperties" in part)

    def _with_dependents(self, parts: Sequence[Words], wanted: set[str]) -> set[str]:
        """These properties, and those that must be there if they are."""
        rules = [
            mapping(part.get(word)) for part in parts for word in ("dependentRequired", "dependencies") if word in part
        ]
        if not rules:
            return wanted
        found, waiting = set(wanted), sorted(wanted)
        while waiting:
            name = waiting.pop()
            more = {other for rule in rules for other in names(rule.get(name))} - found
            found |= more
            waiting += sorted(more)
        return found

    def _fill(self, made: dict[str, Any], parts: Sequence[Words], way: _Way, least: int, place: Place) -> None:
        """More properties, up to a number: declared ones, then such as match a pattern, then any."""
        for name in way.declared:
            if len(made) < least and name not in made:
                self._try(made, parts, name, way, place)
        taken = taken_of([*made])
        patterns: list[str | None] = [*_patterns(parts), None]
        for pattern in patterns:
            while len(made) < least and (new := self._new_name(parts, pattern, place.inside("", taken))) is not None:
                taken[new] = new
                if not self._try(made, parts, new, way, place):
                    break

    def _show_one(self, made: dict[str, Any], parts: Sequence[Words], way: _Way, place: Place) -> None:
        """One property of an object that is a map, so that one sees what it maps to."""
        maps = [part["additionalProperties"] for part in parts if mapping(part.get("additionalProperties"))]
        maps += [inner for part in parts for inner in mapping(part.get("patternProperties")).values()]
        if maps and self._values.ends_soon(tuple(maps), place):
            name = self._new_name(parts, next(iter(_patterns(parts)), None), place.inside())
            if name is not None:
                self._try(made, parts, name, way, place)

    def _try(self, made: dict[str, Any], parts: Sequence[Words], name: str, way: _Way, place: Place) -> bool:
        if not self._may_be(parts, name):
            return False
        try:
            made[name] = self._values.value(self._parts(parts, name, way), place.inside(name))
        except UnfitError:
            return False
        return True

    def _may_be(self, parts: Sequence[Words], name: str) -> bool:
        """Whether `propertyNames` takes a name."""
        return all(self._values.checker.fits(name, part["propertyNames"]) for part in parts if "propertyNames" in part)

    def _new_name(self, parts: Sequence[Words], pattern: str | None, place: Place) -> str | None:
        """A name that is not there yet; None where there is none."""
        number = len(place.taken) + 1
        plain: dict[str, Any] = {"type": "string", "default": "key" if number == 1 else f"key{number}"}
        asked = [part["propertyNames"] for part in parts if "propertyNames" in part]
        shape = {"type": "string", "pattern": pattern} if pattern is not None else plain
        try:
            return str(self._values.value((shape, *asked), place.strict()))
        except UnfitError:
            return None


def _patterns(parts: Sequence[Words]) -> list[str]:
    return [pattern for part in parts for pattern in mapping(part.get("patternProperties"))]
