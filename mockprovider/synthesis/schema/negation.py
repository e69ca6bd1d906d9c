"""What does not fit a schema, as schemas: each word that could be broken is one way not to fit."""

from collections.abc import Callable, Iterator
from typing import Any

from mockprovider.synthesis.schema.words import KINDS, count, is_number, listing, mapping, names, types

Parts = tuple[Any, ...]
"""Schemas that must all fit."""

ATOMS = {"enum", "const", "pattern", "format", "multipleOf", "uniqueItems"}
"""Words whose opposite no other word says. A `not` with one of them alone stays, and values are checked against it."""


def is_atom(part: Any) -> bool:
    """Whether the opposite of a part is best said by `not`."""
    return isinstance(part, dict) and len(part) == 1 and set(part) <= ATOMS


def ways_not_to_fit(part: Any) -> list[Parts]:
    """The ways not to fit a part; none where everything fits."""
    if not isinstance(part, dict):
        return [()] if part is False else []
    found: list[Parts] = []
    for word, opposite in _OPPOSITES.items():
        if word in part:
            found += opposite(part[word], part)
    return found


def _no(part: Any) -> dict[str, Any]:
    return {"not": part}


def _type(_: Any, part: dict[str, Any]) -> Iterator[Parts]:
    if (named := types(part)) is not None:
        # `number` says whole ones too
        kinds = [
            kind for kind in KINDS if kind not in named and kind != ("number" if "integer" in named else "integer")
        ]
        if kinds:
            yield ({"type": kinds},)
        if "integer" in named and "number" not in named:
            yield ({"type": "number", **_no({"multipleOf": 1})},)


def _atom(kind: str | None, word: str) -> Callable[[Any, dict[str, Any]], Iterator[Parts]]:
    def ways(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
        yield ({**({"type": kind} if kind else {}), **_no({word: said})},)

    return ways


def _bound(kind: str, opposite: str) -> Callable[[Any, dict[str, Any]], Iterator[Parts]]:
    def ways(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
        if is_number(said):
            yield ({"type": kind, opposite: said},)

    return ways


def _size(kind: str, word: str, opposite: str, change: int) -> Callable[[Any, dict[str, Any]], Iterator[Parts]]:
    def ways(_: Any, part: dict[str, Any]) -> Iterator[Parts]:
        said = count(part, word)
        if said is not None and said + change >= 0:
            yield ({"type": kind, opposite: said + change},)

    return ways


def _required(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
    for name in names(said):
        yield ({"type": "object", "properties": {name: False}},)


def _properties(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
    for name, inner in mapping(said).items():
        yield ({"type": "object", "required": [name], "properties": {name: _no(inner)}},)


def _pattern_properties(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
    for pattern, inner in mapping(said).items():
        yield (
            {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": pattern},
                "additionalProperties": _no(inner),
            },
        )


def _additional(said: Any, part: dict[str, Any]) -> Iterator[Parts]:
    known = [_no({"enum": list(mapping(part.get("properties")))})] if mapping(part.get("properties")) else []
    known += [_no({"pattern": pattern}) for pattern in mapping(part.get("patternProperties"))]
    other = {"type": "object", "minProperties": 1, "propertyNames": {"allOf": known}, "additionalProperties": _no(said)}
    yield (other,)


def _names(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
    yield ({"type": "object", "minProperties": 1, "propertyNames": _no(said)},)


def _dependents(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
    for name, needed in mapping(said).items():
        for way in _required(needed, {}) if isinstance(needed, list) else [(_no(needed),)]:
            yield ({"type": "object", "required": [name]}, *way)


def _items(said: Any, part: dict[str, Any]) -> Iterator[Parts]:
    if isinstance(said, list):
        yield from _first_items(said, part)
    else:
        before: list[Any] = [True] * len(listing(part.get("prefixItems")))
        yield ({"type": "array", "minItems": len(before) + 1, "prefixItems": [*before, _no(said)]},)


def _first_items(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
    for place, inner in enumerate(listing(said)):
        yield ({"type": "array", "minItems": place + 1, "prefixItems": [*[True] * place, _no(inner)]},)


def _contains(said: Any, part: dict[str, Any]) -> Iterator[Parts]:
    least, most = count(part, "minContains"), count(part, "maxContains")
    if least != 0:
        yield (
            {
                "type": "array",
                **({"contains": said, "maxContains": least - 1} if least and least > 1 else {"items": _no(said)}),
            },
        )
    if most is not None:
        yield ({"type": "array", "contains": said, "minContains": most + 1},)


def _all_of(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
    for each in listing(said):
        yield (_no(each),)


def _any_of(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
    if listing(said):
        yield tuple(_no(each) for each in said)


def _one_of(said: Any, part: dict[str, Any]) -> Iterator[Parts]:
    yield from _any_of(said, part)
    if len(listing(said)) > 1:
        yield tuple(said[:2])


def _not(said: Any, _: dict[str, Any]) -> Iterator[Parts]:
    yield (said,)


def _if(said: Any, part: dict[str, Any]) -> Iterator[Parts]:
    if "then" in part:
        yield (said, _no(part["then"]))
    if "else" in part:
        yield (_no(said), _no(part["else"]))


_OPPOSITES: dict[str, Callable[[Any, dict[str, Any]], Iterator[Parts]]] = {
    "type": _type,
    "enum": _atom(None, "enum"),
    "const": _atom(None, "const"),
    "pattern": _atom("string", "pattern"),
    "format": _atom("string", "format"),
    "minLength": _size("string", "minLength", "maxLength", -1),
    "maxLength": _size("string", "maxLength", "minLength", 1),
    "minimum": _bound("number", "exclusiveMaximum"),
    "maximum": _bound("number", "exclusiveMinimum"),
    "exclusiveMinimum": _bound("number", "maximum"),
    "exclusiveMaximum": _bound("number", "minimum"),
    "multipleOf": _atom("number", "multipleOf"),
    "required": _required,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    "unevaluatedProperties": _additional,
    "propertyNames": _names,
    "minProperties": _size("object", "minProperties", "maxProperties", -1),
    "maxProperties": _size("object", "maxProperties", "minProperties", 1),
    "dependentRequired": _dependents,
    "dependentSchemas": _dependents,
    "dependencies": _dependents,
    "minItems": _size("array", "minItems", "maxItems", -1),
    "maxItems": _size("array", "maxItems", "minItems", 1),
    "prefixItems": _first_items,
    "items": _items,
    "unevaluatedItems": _items,
    "contains": _contains,
    "uniqueItems": _atom("array", "uniqueItems"),
    "not": _not,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "if": _if,
}
"""The ways to break a word, by word: they get what it says, and the schema it stands in."""
