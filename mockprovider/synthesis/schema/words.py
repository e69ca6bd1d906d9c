"""What the words of schemas say, as far as it makes sense: a client may send anything, and rubbish is passed over.

Several schemas that must all fit are a list of them, never one laid together; each word is then read from all.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any

Words = Mapping[str, Any]
"""A schema that is an object: its words and what they say."""

Taken = Mapping[Hashable, Any]
"""Values that are there already, by what is the same for equal ones: see `same`."""

KINDS = ("string", "integer", "number", "boolean", "object", "array", "null")
"""The kinds of JSON values. Here `integer` are the whole numbers and `number` those that are not."""

_IMPLIED = {
    "object": (
        *("properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"),
        *("propertyNames", "dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties"),
    ),
    "array": ("items", "prefixItems", "minItems", "maxItems", "contains", "uniqueItems", "unevaluatedItems"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}


def mapping(value: Any) -> dict[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """A list, or an empty one."""
    return value if isinstance(value, list) else []


def names(value: Any) -> list[str]:
    """The texts of a list."""
    return [each for each in listing(value) if isinstance(each, str)]


def is_number(value: Any) -> bool:
    """Whether it is a number that JSON can write."""
    return math.isfinite(value) if isinstance(value, float) else isinstance(value, int) and not isinstance(value, bool)


def exact(value: float) -> Fraction:
    """A number as its digits say it: 0.1 is a tenth."""
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))


def count(words: Words, name: str) -> int | None:
    """What a word such as `minLength` says; None where it says nothing."""
    value: Any = words.get(name)
    return int(value) if is_number(value) and value >= 0 and value == int(value) else None


def at_least(parts: Sequence[Words], name: str) -> int:
    """The strictest of all that `minLength` and its like say."""
    return max((said for part in parts if (said := count(part, name)) is not None), default=0)


def at_most(parts: Sequence[Words], name: str) -> float:
    """The strictest of all that `maxLength` and its like say."""
    return min((said for part in parts if (said := count(part, name)) is not None), default=math.inf)


def types(words: Words) -> list[str] | None:
    """The kinds that `type` names, in its order; None where it names none."""
    said = words.get("type")
    known = [kind for kind in ([said] if isinstance(said, str) else names(said)) if kind in KINDS]
    found = [each for kind in known for each in (("integer", "number") if kind == "number" else (kind,))]
    return list(dict.fromkeys(found)) if known else None


def kinds(parts: Sequence[Words]) -> list[str]:
    """The kinds that all parts allow, the likeliest first; null is the last resort."""
    named = [found for part in parts if (found := types(part)) is not None]
    if not named:
        implied = [kind for kind, known in _IMPLIED.items() if any(word in part for part in parts for word in known)]
        return list(dict.fromkeys([*(["integer"] if implied[:1] == ["number"] else []), *implied, *KINDS]))
    common = [kind for kind in named[0] if all(kind in other for other in named)]
    return [kind for kind in common if kind != "null"] + [kind for kind in common if kind == "null"]


def kind_of(value: Any) -> str:
    """The kind of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case dict():
            return "object"
        case _:
            return "array"


def choices(words: Words) -> list[Any] | None:
    """The values that `enum` and `const` leave; None where they leave all."""
    found: list[Any] | None = listing(words.get("enum")) or None
    if "const" not in words:
        return found
    const = words["const"]
    return [const] if found is None or same(const) in map(same, found) else []


def same(value: Any) -> Hashable:
    """What is equal for equal JSON values: 1 and 1.0 are, 1 and true are not, the order of keys is nothing."""
    match value:
        case dict():
            return ("object", frozenset((name, same(item)) for name, item in value.items()))
        case list():
            return ("array", tuple(map(same, value)))
        case bool():
            return ("boolean", value)
        case str() | int() | float():
            return value
        case _:
            return None


def is_json(value: Any) -> bool:
    """Whether JSON can say a value: it knows neither NaN nor infinity."""
    match value:
        case dict():
            return all(map(is_json, value.values()))
        case list():
            return all(map(is_json, value))
        case _:
            return not isinstance(value, float) or math.isfinite(value)


def weight(value: Any, most: int) -> int:
    """How many values there are in one, as far as `most`."""
    waiting, found = [value], 0
    while waiting and found < most:
        here = waiting.pop()
        found += 1
        waiting += here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
    return found
