"""A schema is found in what a prompt says, wherever it stands, and nothing else is taken for one."""

import json

import pytest
from hypothesis import given

from mockprovider.synthesis.prompted import prompted_schema
from tests.strategies import law, texts

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
REFERRED = {"$defs": {"City": SCHEMA}, "$ref": "#/$defs/City"}


@pytest.mark.parametrize("role", ["system", "developer", "user"])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("schema", [SCHEMA, REFERRED])
def test_a_schema_is_found_wherever_the_client_writes_it(role: str, indent: int | None, schema: object) -> None:
    text = f"Answer in JSON that fits:\n```json\n{json.dumps(schema, indent=indent)}\n```\nNothing {{else}}."
    assert prompted_schema([{"role": role, "content": [{"type": "text", "text": text}]}]) == schema


def test_the_schema_counts_that_comes_after_an_example_of_one() -> None:
    example = json.dumps({"properties": {"foo": {"type": "array"}}})
    text = f'For {example} the object {{"foo": []}} is well-formed. The schema: {json.dumps(SCHEMA)}'
    assert prompted_schema([{"role": "user", "content": text}]) == SCHEMA


@pytest.mark.parametrize(
    "text",
    [
        "Answer in JSON.",
        "{",
        '{"city": "Paris"}',
        '{"properties": 1}',
        "{'properties': {}}",
        '{"properties": {}',
        "{" * 9999,
    ],
    ids=["none", "a brace", "an object", "no properties", "no JSON", "broken", "braces"],
)
def test_what_is_no_schema_is_not_taken_for_one(text: str) -> None:
    assert prompted_schema([{"role": "user", "content": text}]) is None


def test_what_the_model_has_said_is_no_prompt() -> None:
    assert prompted_schema([{"role": "assistant", "content": json.dumps(SCHEMA)}]) is None


@law()
@given(texts, texts)
def test_a_schema_is_found_between_any_texts(before: str, after: str) -> None:
    text = f"{before.replace('{', '')}{json.dumps(SCHEMA)}{after.replace('{', '')}"
    assert prompted_schema([{"role": "user", "content": text}]) == SCHEMA


def test_a_deep_one_is_no_trouble() -> None:
    assert prompted_schema([{"role": "user", "content": '{"a":' * 100_000}]) is None
