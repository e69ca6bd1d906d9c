"""Schemas that OpenAI does not take: which, and why."""

from typing import Any

import pytest
from hypothesis import given

from mockprovider.sources.strict import function_problem, root_problem, strict_problem
from tests.strategies import json_schemas, json_values, law

TEXT: dict[str, Any] = {"type": "string"}
CLOSED = "'additionalProperties' is required to be supplied and to be false."
REQUIRED = "'required' is required to be supplied and to be an array including every key in properties. Missing '{}'."
NO_ITEMS = "array schema missing items."


def closed(**properties: Any) -> dict[str, Any]:
    """An object as `strict` wants it."""
    required = list(properties)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def opened(**properties: Any) -> dict[str, Any]:
    return {**closed(**properties), "additionalProperties": True}


GOOD: list[dict[str, Any]] = [
    closed(),
    closed(a=TEXT, b={"type": ["string", "null"]}),
    closed(a={"type": "array", "items": closed(b=TEXT)}),
    closed(a={"anyOf": [TEXT, closed(b=TEXT)]}),
    {**closed(a={"$ref": "#/$defs/A"}), "$defs": {"A": closed(b={"$ref": "#"})}},
    closed(a={**TEXT, "pattern": "^a$", "format": "date", "enum": ["a"], "description": "A"}),
    closed(a={"type": "integer", "minimum": 1, "multipleOf": 2}),
]


@pytest.mark.parametrize("schema", GOOD, ids=range(len(GOOD)))
def test_a_schema_in_openais_subset_has_no_problem(schema: dict[str, Any]) -> None:
    assert strict_problem(schema) is None
    assert function_problem(schema) is None


BAD: list[tuple[Any, str]] = [
    ({"type": "object"}, f"In context=(), {CLOSED}"),
    (opened(), f"In context=(), {CLOSED}"),
    ({**closed(a=TEXT), "required": []}, f"In context=(), {REQUIRED.format('a')}"),
    ({**closed(a=TEXT), "required": None}, f"In context=(), {REQUIRED.format('a')}"),
    ({**closed(a=TEXT, b=TEXT), "required": ["a"]}, f"In context=(), {REQUIRED.format('b')}"),
    (closed(a=opened()), f"In context=('properties', 'a'), {CLOSED}"),
    (closed(a={"type": "array", "items": opened()}), f"In context=('properties', 'a', 'items'), {CLOSED}"),
    (closed(a={"anyOf": [TEXT, opened()]}), f"In context=('properties', 'a', 'anyOf', '1'), {CLOSED}"),
    ({**closed(), "$defs": {"A": opened()}}, f"In context=('$defs', 'A'), {CLOSED}"),
    (closed(a={"type": "array"}), f"In context=('properties', 'a'), {NO_ITEMS}"),
    (closed(a={"oneOf": [TEXT]}), "In context=('properties', 'a'), 'oneOf' is not permitted."),
    (closed(a={**TEXT, "examples": ["x"]}), "In context=('properties', 'a'), 'examples' is not permitted."),
    ({**closed(), "patternProperties": {}}, "In context=(), 'patternProperties' is not permitted."),
]


@pytest.mark.parametrize(("schema", "problem"), BAD, ids=range(len(BAD)))
def test_the_problem_of_a_strict_schema_is_told_with_its_place(schema: Any, problem: str) -> None:
    assert strict_problem(schema) == problem


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({}, "None"),
        (None, "None"),
        (True, "None"),
        ([], "None"),
        ({"type": "array", "items": {}}, "array"),
        ({"properties": {}}, "None"),
        ({"anyOf": [closed()]}, "None"),
    ],
)
def test_at_the_root_there_is_an_object(schema: Any, kind: str) -> None:
    told = f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."
    assert [root_problem(schema), strict_problem(schema), function_problem(schema)] == [told] * 3


def test_what_is_open_may_be_closed_without_a_word() -> None:
    schema = {key: value for key, value in closed(a=TEXT).items() if key != "additionalProperties"}
    assert strict_problem(schema, closes=True) is None
    assert strict_problem(schema) == f"In context=(), {CLOSED}"
    assert strict_problem(opened(a=TEXT), closes=True) == f"In context=(), {CLOSED}"


def test_a_function_that_is_not_strict_may_be_open_but_its_arrays_hold_something() -> None:
    assert function_problem({"type": "object"}) is None
    assert function_problem(opened(a=opened())) is None
    schema = opened(a=opened(b={"type": "array"}))
    assert function_problem(schema) == f"In context=('properties', 'a', 'properties', 'b'), {NO_ITEMS}"


def test_the_first_of_two_problems_is_told() -> None:
    assert strict_problem({**closed(a=opened()), "required": []}) == f"In context=(), {REQUIRED.format('a')}"


@law(100)
@given(json_values | json_schemas)
def test_whatever_stands_for_a_schema_it_has_a_problem_or_none(schema: Any) -> None:
    for problem in (strict_problem(schema), strict_problem({"type": "object", "properties": {"a": schema}})):
        assert problem is None or problem.endswith(".")
    assert function_problem(schema) is None or root_problem(schema) or "items" in str(function_problem(schema))


def test_a_schema_that_goes_deep_is_followed_as_far_as_anybody_goes() -> None:
    schema: dict[str, Any] = opened()
    for _ in range(400):
        schema = closed(a=schema)
    assert strict_problem(schema) is None
