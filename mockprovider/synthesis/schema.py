"""A value that fits a JSON Schema: small, readable, the same for the same schema.

What no value fits, and what is no schema at all, has a value all the same: it is a client that sends them. Patterns are
not looked at yet.
"""

import math
from collections.abc import Mapping
from typing import Any

_DEPTH = 12
"""Nesting after which only what must be there is there, and options that end are taken."""
_LONGEST = 1000
_LARGEST = 5000
"""Values made for one schema, at the most: one that branches and recurs would have a million."""

_FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "hostname": "example.com",
    "idn-email": "someone@example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "00:00:00Z",
    "uri": "https://example.com/",
    "uri-reference": "/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def example(schema: Any, hint: str = "") -> Any:
    """A value for a schema. `hint` is a word to say where any text will do."""
    return _Maker(schema, hint or "text").value(schema, 0)


class _Maker:
    """Makes values for the parts of one schema."""

    def __init__(self, root: Any, hint: str) -> None:
        self._root = root
        self._hint = hint
        self._left = _LARGEST

    def value(self, part: Any, depth: int) -> Any:
        self._left -= 1
        if depth > 2 * _DEPTH or self._left < 0:
            return None
        schema = self._whole(part, depth)
        if "const" in schema:
            return schema["const"]
        options = schema.get("enum")
        if isinstance(options, list) and options:
            return options[0]
        if "default" in schema and depth:
            return schema["default"]
        for key in ("anyOf", "oneOf"):
            options = schema.get(key)
            if isinstance(options, list) and options:
                rest = {name: value for name, value in schema.items() if name != key}
                return self.value(_merged(rest, self._option(options, depth)), depth + 1)
        return self._of_type(schema, depth)

    def _of_type(self, schema: Mapping[str, Any], depth: int) -> Any:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((k for k in kind if k != "null"), "null")
        if kind is None:
            kind = _implied(schema)
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "integer" | "number":
                return _number(schema, whole=kind == "integer")
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return self._text(schema)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties, required = _mapping(schema.get("properties")), schema.get("required")
        needed = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
        names = needed or (list(properties) if depth < 1 else [])
        return {name: self.value(properties.get(name, {}), depth + 1) for name in names}

    def _array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        least, most = _count(schema.get("minItems"), 0), _count(schema.get("maxItems"), _LONGEST)
        deep = depth >= _DEPTH or self._left < _LARGEST // 2
        count = min(least if deep else max(1, least), most, _LONGEST)
        first = schema.get("prefixItems")
        shapes = first if isinstance(first, list) else []
        count = max(count, min(len(shapes), most))
        item = schema.get("items", {})
        values = [self.value(shapes[n] if n < len(shapes) else item, depth + 1) for n in range(count)]
        return _different(values, _mapping(item).get("enum")) if schema.get("uniqueItems") is True else values

    def _text(self, schema: Mapping[str, Any]) -> str:
        known = _FORMATS.get(str(schema.get("format")))
        if known is not None:
            return known
        least, most = _count(schema.get("minLength"), 0), _count(schema.get("maxLength"), 10 * _LONGEST)
        return self._hint.ljust(min(least, 10 * _LONGEST), ".")[:most]

    def _option(self, options: list[Any], depth: int) -> Any:
        """The first option; where the schema goes deep, the one that ends soonest."""
        if depth < _DEPTH and self._left > _LARGEST // 2:
            return options[0]
        return min(options, key=lambda option: self._ends(option))

    def _ends(self, option: Any) -> int:
        """How soon an option ends: a scalar at once, an object with required parts last."""
        kind = _mapping(option).get("type")
        if kind == "null":
            return 0
        return 2 if "$ref" in _mapping(option) or _mapping(option).get("required") else 1

    def _whole(self, part: Any, depth: int) -> dict[str, Any]:
        """A part with its references followed and all of its `allOf` laid together."""
        schema = dict(_mapping(part))
        for _ in range(16):
            reference = schema.pop("$ref", None)
            if isinstance(reference, str):
                schema = _merged(schema, self._target(reference))
            elif isinstance(together := schema.pop("allOf", None), list) and depth < 2 * _DEPTH:
                for each in together:
                    schema = _merged(schema, each)
            else:
                break
        return schema

    def _target(self, reference: str) -> Any:
        here = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            here = here.get(name) if isinstance(here, dict) else None
        return here


def _merged(one: Mapping[str, Any], other: Any) -> dict[str, Any]:
    """Two schemas that must both fit: properties and requirements of both, else what the second says."""
    result = dict(one)
    for key, value in _mapping(other).items():
        old = result.get(key)
        if key == "properties" and isinstance(old, dict) and isinstance(value, dict):
            result[key] = {**old, **value}
        elif key in ("required", "allOf") and isinstance(old, list) and isinstance(value, list):
            result[key] = old + [each for each in value if each not in old]
        else:
            result[key] = value
    return result


def _implied(schema: Mapping[str, Any]) -> str:
    """The type of a schema that does not name one."""
    if "properties" in schema or "required" in schema:
        return "object"
    if "items" in schema or "minItems" in schema or "prefixItems" in schema:
        return "array"
    if schema.keys() & {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}:
        return "number"
    return "string"


def _different(values: list[Any], choices: Any) -> list[Any]:
    """Equal values made different: by the other choices where there are some, else by counting."""
    if isinstance(choices, list) and len(choices) >= len(values):
        return choices[: len(values)]
    return [
        value + number if _is_number(value) else f"{value}{number or ''}" if isinstance(value, str) else value
        for number, value in enumerate(values)
    ]


def _number(schema: Mapping[str, Any], *, whole: bool) -> float | int:
    """The smallest number from 1 on that the bounds allow, or the largest below them."""
    low, high = _bound(schema, "minimum"), _bound(schema, "maximum")
    over, under = _bound(schema, "exclusiveMinimum"), _bound(schema, "exclusiveMaximum")
    raw = _bound(schema, "multipleOf")
    step = raw if raw is not None and 1e-9 < raw < 1e9 else (1 if whole else None)
    floor = max([bound for bound in (low, over) if bound is not None], default=None)
    roof = min([bound for bound in (high, under) if bound is not None], default=None)
    if step is not None:
        value = _on_grid(1 if floor is None else floor, step, up=True)
        if over is not None and value <= over:
            value = _on_grid(over, step, up=False) + step
        if roof is not None and (value > roof or (under is not None and value >= under)):
            value = _on_grid(roof, step, up=False)
            value -= step if under is not None and value >= under else 0
        return int(value) if whole or float(value).is_integer() else value
    if floor is not None and roof is not None:
        return floor if low == floor and over != floor else (floor + roof) / 2
    if floor is not None:
        return floor + 1 if over == floor else floor
    return 1 if roof is None or roof > 1 else roof - 1 if under == roof else roof


def _on_grid(value: float, step: float, *, up: bool) -> float:
    return (math.ceil(value / step) if up else math.floor(value / step)) * step


def _bound(schema: Mapping[str, Any], name: str) -> float | int | None:
    value: Any = schema.get(name)
    return value if _is_number(value) and abs(value) < 1e300 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _count(value: Any, otherwise: int) -> int:
    return int(value) if _is_number(value) and 0 <= value < 1e9 else otherwise


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
