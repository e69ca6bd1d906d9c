"""A value for a schema: it fits, it is the same every time, and there always is one."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for
from pydantic import BaseModel

from mockprovider.synthesis.schema import example
from tests.strategies import json_schemas, json_values, law, strict_schemas
from tests.vectors.models import MODELS, STRICT_MODELS
from tests.vectors.schemas import FITTED, HOSTILE, TEXT, WHOLE, strict

hints = st.sampled_from(["", "Paris"])


def complaints(value: Any, schema: Any) -> list[str]:
    """Why a value does not fit a schema, as jsonschema sees it, formats too."""
    kind = validator_for(schema, Draft202012Validator)
    return [error.message for error in kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(value)]


def fits(value: Any, schema: Any, _root: Any = None) -> bool:
    """Whether a value fits a schema, as jsonschema sees it."""
    return complaints(value, schema) == []


@law(200)
@given(json_schemas, hints)
def test_the_value_fits_the_schema(schema: Any, hint: str) -> None:
    assert complaints(example(schema, hint), schema) == []


@law(1000)
@given(strict_schemas(), hints)
def test_the_value_fits_a_schema_of_strict_outputs(schema: Any, hint: str) -> None:
    assert complaints(example(schema, hint), schema) == []


@pytest.mark.parametrize("what", FITTED)
def test_the_value_fits_a_schema_of_a_particular_kind(what: str) -> None:
    assert complaints(example(FITTED[what], "Paris"), FITTED[what]) == []


@law()
@given(json_schemas)
def test_what_is_made_for_the_opposite_does_not_fit(schema: Any) -> None:
    opposite = {"not": schema}
    value = example(opposite)
    if complaints(value, opposite) != []:
        others: tuple[Any, ...] = (None, True, 0, -1.5, "", [], {}, "x" * 99, 10**9)
        assert all(complaints(other, schema) == [] for other in others)


@pytest.mark.parametrize("model", MODELS)
def test_pydantic_reads_what_is_made_for_its_schema(model: type[BaseModel]) -> None:
    model.model_validate(example(model.model_json_schema(), "Paris"))


@pytest.mark.parametrize("model", STRICT_MODELS)
def test_pydantic_reads_what_is_made_for_the_schema_that_the_sdk_makes_of_it(model: type[BaseModel]) -> None:
    tool = openai.pydantic_function_tool(model)
    model.model_validate(example(tool["function"]["parameters"], "Paris"))


@law()
@given(json_schemas)
def test_the_value_is_json(schema: Any) -> None:
    value = example(schema)
    assert json.loads(json.dumps(value, allow_nan=False)) == value


@law()
@given(json_schemas | strict_schemas())
def test_the_same_schema_has_the_same_value(schema: Any) -> None:
    assert repr(example(schema)) == repr(example(schema))


def test_the_value_is_the_same_in_every_process() -> None:
    code = (
        "import json; from mockprovider.synthesis.schema import example; from tests.vectors.schemas import FITTED;"
        "print(json.dumps([example(schema, 'Paris') for schema in FITTED.values()]))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {json.dumps([example(schema, "Paris") for schema in FITTED.values()]) + "\n"}


@law()
@given(json_schemas)
def test_the_schema_stays_as_it_was(schema: Any) -> None:
    before = copy.deepcopy(schema)
    example(schema)
    assert schema == before


def test_a_hint_is_said_where_any_text_will_do() -> None:
    schema = {"type": "object", "properties": {"city": TEXT, "unit": {"enum": ["C"]}}}
    assert example(schema, "Paris") == {"city": "Paris", "unit": "C"}


def test_a_hint_is_said_in_the_form_that_a_pattern_asks_for() -> None:
    patterns = ("^[a-z]+$", "^[A-Z]{3}-[0-9]{2}$", "^[a-z]{6}$")
    assert [example({"type": "string", "pattern": each}, "Paris") for each in patterns] == [
        "paris",
        "PAR-56",
        "parisf",
    ]


def test_what_a_key_is_named_after_is_said_under_it() -> None:
    schema = {"type": "object", "properties": {"avatarUrl": TEXT, "reply_email": TEXT, "curl": TEXT}}
    assert example(schema, "Paris") == {
        "avatarUrl": "https://example.com/",
        "reply_email": "someone@example.com",
        "curl": "Paris",
    }


def test_optional_keys_at_the_top_are_filled_where_nothing_is_required() -> None:
    schema = {"type": "object", "properties": {"a": WHOLE, "b": {"type": "boolean"}}}
    assert example(schema) == {"a": 1, "b": True}


def test_optional_keys_inside_are_left_out() -> None:
    assert example({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": TEXT}}}}) == {"a": {}}


def test_keys_come_in_the_order_of_their_schemas() -> None:
    schema = {**strict(z=WHOLE, a=WHOLE, m=WHOLE), "required": ["a", "m", "z"]}
    assert [*example(schema)] == ["z", "a", "m"]


def test_recursion_is_shown_once() -> None:
    schema = strict(name=TEXT, next={"anyOf": [{"$ref": "#"}, {"type": "null"}]})
    assert example(schema, "x") == {"name": "x", "next": {"name": "x", "next": None}}


def test_a_default_is_said_where_it_fits() -> None:
    schema = {"properties": {"a": {"type": "integer", "default": 7}, "b": {"type": "integer", "default": "no"}}}
    assert example(schema) == {"a": 7, "b": 1}


def test_what_can_not_fit_is_as_near_as_can_be() -> None:
    schema = strict(a=WHOLE, b={"type": "string", "pattern": "^[^\\s\\S]$"}, c=strict(d=TEXT, e=False))
    assert example(schema, "x") == {"a": 1, "b": "x", "c": {"d": "x", "e": "x"}}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_schema_that_is_to_stall_has_a_value_all_the_same(what: str) -> None:
    json.dumps(example(HOSTILE[what], "Paris"), allow_nan=False)


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
        {"not": {}},
        {"type": "string", "pattern": "["},
        {"enum": []},
        False,
        None,
        "string",
    ],
    ids=str,
)
def test_a_schema_that_nothing_fits_has_a_value_all_the_same(schema: Any) -> None:
    json.dumps(example(schema), allow_nan=False)


_KEYWORDS = [
    *("type", "enum", "const", "default", "examples", "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "$ref"),
    *("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties"),
    *(
        "maxProperties",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "unevaluatedProperties",
        "$id",
        "$defs",
    ),
    *("items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains"),
    *("maxContains", "unevaluatedItems", "minLength", "maxLength", "pattern", "format", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "$anchor", "$dynamicRef", "$dynamicAnchor"),
]
_WORDS = st.sampled_from(
    ["object", "array", "string", "integer", "number", "#", "#/anyOf/0", "^(a|b", "(a+)+$", "date"]
)
_RUBBISH = st.recursive(
    json_values | _WORDS | st.booleans(),
    lambda inner: st.dictionaries(st.sampled_from(_KEYWORDS), inner, max_size=4) | st.lists(inner, max_size=3),
    max_leaves=12,
)


@law(300)
@given(_RUBBISH)
def test_whatever_a_client_sends_as_a_schema_has_a_value(schema: Any) -> None:
    json.dumps(example(schema), allow_nan=False)
