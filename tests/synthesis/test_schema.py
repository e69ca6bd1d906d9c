"""A value for a schema: it fits, it is the same every time, and there always is one."""

import json
import math
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.schema import example
from tests.strategies import json_schemas, json_values, law

_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    def fits_format(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    return fits_format


_FORMATS: dict[str, Callable[[str], bool]] = {
    "date-time": lambda text: "T" in text and _reads(datetime.fromisoformat)(text),
    "date": _reads(date.fromisoformat),
    "time": _reads(time.fromisoformat),
    "uuid": _reads(uuid.UUID),
    "email": lambda text: re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", text) is not None,
    "ipv4": _reads(IPv4Address),
    "ipv6": _reads(IPv6Address),
    "hostname": lambda text: re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", text) is not None,
    "duration": lambda text: re.fullmatch(r"P(\d+[DW]|T\d+[HMS])", text) is not None,
    "uri": lambda text: re.fullmatch(r"[a-z]+://[^/\s]+/\S*", text) is not None,
}


def fits(value: Any, schema: Any, root: Any) -> bool:
    """Whether a value fits a schema: the keywords that clients use, checked one by one."""
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].split("/")[1:]:
            target = target[part]
        return fits(value, target, root)
    kinds = schema.get("type", [])
    return (
        all(fits(value, part, root) for part in schema.get("allOf", []))
        and any(fits(value, part, root) for part in schema.get("anyOf", [True]))
        and sum(fits(value, part, root) for part in schema.get("oneOf", [True])) == 1
        and any(repr(value) == repr(one) for one in schema.get("enum", [value]))
        and repr(value) == repr(schema.get("const", value))
        and (not kinds or any(_TYPES[kind](value) for kind in (kinds if isinstance(kinds, list) else [kinds])))
        and _fits_inside(value, schema, root)
    )


def _fits_inside(value: Any, schema: dict[str, Any], root: Any) -> bool:
    match value:
        case dict():
            properties = schema.get("properties", {})
            return (
                all(name in value for name in schema.get("required", []))
                and (schema.get("additionalProperties") is not False or set(value) <= set(properties))
                and all(fits(item, properties.get(name, True), root) for name, item in value.items())
            )
        case list():
            shapes = schema.get("prefixItems", [])
            shapes = [*shapes, *[schema.get("items", True)] * len(value)]
            inside = all(fits(item, shape, root) for item, shape in zip(value, shapes, strict=False))
            twice = schema.get("uniqueItems") is True and len({repr(item) for item in value}) < len(value)
            return inside and not twice and _between(len(value), schema, "minItems", "maxItems")
        case str():
            right = "format" not in schema or _FORMATS[schema["format"]](value)
            return right and _between(len(value), schema, "minLength", "maxLength")
        case int() | float() if not isinstance(value, bool):
            outside = value in (schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum"))
            whole = value % schema.get("multipleOf", value or 1) == 0
            within = _between(value, schema, "minimum", "maximum")
            return bool(whole and within and not outside) and _between(
                value, schema, "exclusiveMinimum", "exclusiveMaximum"
            )
    return True


def _between(size: float, schema: dict[str, Any], least: str, most: str) -> bool:
    return bool(schema.get(least, -math.inf) <= size <= schema.get(most, math.inf))


@law(200)
@given(json_schemas, st.sampled_from(["", "Paris"]))
def test_the_value_fits_the_schema(schema: Any, hint: str) -> None:
    assert fits(example(schema, hint), schema, schema)


NODE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
    "required": ["name", "next"],
    "additionalProperties": False,
}
A = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
B = {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]}

SCHEMAS: dict[str, Any] = {
    "a linked list": NODE,
    "a tree": {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["children"],
    },
    "definitions": {
        "$ref": "#/$defs/a",
        "$defs": {"a": {"type": "array", "items": {"$ref": "#/$defs/b"}}, "b": {"enum": [3]}},
    },
    "definitions in definitions": {
        "properties": {"x": {"$ref": "#/definitions/a"}},
        "definitions": {"a": A},
        "required": ["x"],
    },
    "one of several": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
    "all of one": {"allOf": [A]},
    "all of several": {"allOf": [A, B]},
    "a required key without a schema": {"type": "object", "required": ["x"]},
    "several types": {"type": ["integer", "null"]},
    "no list at all": {"type": "array", "maxItems": 0},
    "a long list": {"type": "array", "items": {"type": "integer"}, "minItems": 100},
    "no text at all": {"type": "string", "maxLength": 0},
    "above": {"type": "integer", "exclusiveMinimum": 5},
    "below": {"type": "number", "exclusiveMaximum": -5},
    "between": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "a whole number above a fraction": {"type": "integer", "minimum": 1.5},
    "a multiple": {"type": "integer", "multipleOf": 5, "minimum": 1},
    "a moment": {"type": "string", "format": "date-time"},
    "a day": {"type": "string", "format": "date"},
    "a time": {"type": "string", "format": "time"},
    "a UUID": {"type": "string", "format": "uuid"},
    "an e-mail address": {"type": "string", "format": "email"},
    "an IP address": {"type": "string", "format": "ipv4"},
    "an IPv6 address": {"type": "string", "format": "ipv6"},
    "a host": {"type": "string", "format": "hostname"},
    "a duration": {"type": "string", "format": "duration"},
    "an address on the web": {"type": "string", "format": "uri"},
    "a pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2},
    "different numbers": {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
    "different words": {"type": "array", "items": {"type": "string"}, "minItems": 3, "uniqueItems": True},
    "different choices": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "uniqueItems": True},
    "a formula": {
        "$ref": "#/$defs/term",
        "$defs": {
            "term": {"anyOf": [{"$ref": "#/$defs/sum"}, {"type": "integer"}]},
            "sum": {
                "type": "object",
                "properties": {"left": {"$ref": "#/$defs/term"}, "right": {"$ref": "#/$defs/term"}},
                "required": ["left", "right"],
            },
        },
    },
    "a nest that ends in its own way": {
        "type": "object",
        "properties": {"inner": {"anyOf": [{"$ref": "#"}, {"type": "object", "properties": {"end": {"const": 1}}}]}},
        "required": ["inner"],
    },
    "anything": {},
    "anything at all": True,
}


@pytest.mark.parametrize("what", SCHEMAS)
def test_the_value_fits_a_schema_of_a_particular_kind(what: str) -> None:
    assert fits(example(SCHEMAS[what]), SCHEMAS[what], SCHEMAS[what])


@law()
@given(json_schemas)
def test_the_value_is_json(schema: Any) -> None:
    value = example(schema)
    assert json.loads(json.dumps(value)) == value


@law()
@given(json_schemas)
def test_the_same_schema_has_the_same_value(schema: Any) -> None:
    assert repr(example(schema)) == repr(example(schema))


def test_a_hint_is_said_where_any_text_will_do() -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}, "unit": {"enum": ["C"]}}}
    assert example(schema, "Paris") == {"city": "Paris", "unit": "C"}


def test_optional_keys_at_the_top_are_filled_where_nothing_is_required() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}}
    assert example(schema) == {"a": 1, "b": True}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$ref": "#/nowhere"},
        {"$ref": "https://example.com/schema"},
        {"anyOf": [{"$ref": "#"}]},
        {"allOf": [{"$ref": "#"}]},
        {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]},
        {"type": "array", "items": {"$ref": "#"}, "minItems": 2},
        {"type": "nonsense"},
        {"anyOf": []},
        {"type": []},
    ],
    ids=str,
)
def test_a_schema_that_nothing_fits_has_a_value_all_the_same(schema: Any) -> None:
    json.dumps(example(schema))


_KEYWORDS = [
    "type",
    "enum",
    "anyOf",
    "properties",
    "required",
    "items",
    "minItems",
    "minLength",
    "maxLength",
    "minimum",
    "$ref",
]
_KINDS = st.sampled_from(["object", "array", "string", "integer", "number"])


@law(80)
@given(st.dictionaries(st.sampled_from(_KEYWORDS), json_values | _KINDS, max_size=4) | json_values)
def test_whatever_a_client_sends_as_a_schema_has_a_value(schema: Any) -> None:
    json.dumps(example(schema))
