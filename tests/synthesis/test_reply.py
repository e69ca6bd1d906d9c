"""What is said: it mentions the request, calls tools when it should, keeps its limit, and says the same each time."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.asked import Asked, Tool
from mockprovider.synthesis.reply import Reply, reply
from mockprovider.synthesis.tokens import pieces
from tests.strategies import json_objects, json_schemas, law, texts
from tests.synthesis.test_schema import fits

WEATHER = Tool(
    "get_weather",
    "The weather in a city",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
TIME = Tool("currentTime", "", {"type": "object", "properties": {}})
TOOLS = (WEATHER, TIME)


def asking(text: str = "Hello", **others: Any) -> Asked:
    return Asked(({"role": "user", "content": text},), **others)


def called(asked: Asked) -> list[str]:
    return [call.name for call in reply(asked, "x").calls]


roles = st.sampled_from(["system", "user", "assistant", "tool"])
messages = st.fixed_dictionaries(
    {"role": roles, "content": texts | st.none() | st.lists(st.fixed_dictionaries({"text": texts}), max_size=2)}
)
tools = st.builds(Tool, st.sampled_from(["get_weather", "time", "f"]), texts, json_objects | json_schemas)
asked_anything = st.builds(
    Asked,
    st.lists(messages, min_size=1, max_size=3).map(tuple),
    st.lists(tools, max_size=2).map(tuple),
    st.sampled_from(["auto", "none", "required", "get_weather", "nobody"]),
    st.booleans(),
    st.sampled_from(["text", "json_object", "json_schema", "odd"]),
    st.none() | json_schemas,
    st.booleans(),
    st.none() | st.integers(1, 60),
)


@law()
@given(asked_anything)
def test_the_same_request_has_the_same_reply(asked: Asked) -> None:
    assert reply(asked, "x") == reply(asked, "x")


@law()
@given(asked_anything)
def test_a_reply_says_something_or_calls_somebody(asked: Asked) -> None:
    said = reply(asked, "x")
    assert said.text or said.thinking or said.calls


@law(80)
@given(asked_anything)
def test_a_text_keeps_its_limit_and_says_that_it_was_cut(asked: Asked) -> None:
    said, whole = reply(asked, "x"), reply(replace(asked, limit=None), "x")
    if not said.calls and asked.limit is not None:
        length = len(pieces(said.thinking)) + len(pieces(said.text))
        assert length <= asked.limit
        assert (said.finish == "length") == (said != whole)
        assert (whole.thinking + whole.text).startswith(said.thinking + said.text)


def test_reasoning_uses_up_the_limit_first() -> None:
    said = reply(asking(thinking=True, limit=5), "x")
    assert (len(pieces(said.thinking)), said.text, said.finish) == (5, "", "length")


@law()
@given(asked_anything)
def test_the_finish_tells_how_it_ended(asked: Asked) -> None:
    said = reply(asked, "x")
    assert said.finish in (["tool_calls"] if said.calls else ["stop", "length"])


@law()
@given(asked_anything)
def test_there_is_reasoning_exactly_where_it_was_asked_for(asked: Asked) -> None:
    assert bool(reply(asked, "x").thinking) == asked.thinking


@law(80)
@given(json_schemas.filter(lambda schema: schema.get("type") == "object"), texts)
def test_arguments_fit_the_schema_of_the_tool(schema: dict[str, Any], text: str) -> None:
    (call,) = reply(asking(text, tools=(Tool("f", "", schema),), tool_choice="f"), "x").calls
    assert fits(json.loads(call.arguments), schema, schema)


@law()
@given(json_schemas, texts)
def test_an_answer_in_a_schema_fits_it(schema: dict[str, Any], text: str) -> None:
    said = reply(asking(text, shape="json_schema", schema=schema), "x")
    assert fits(json.loads(said.text), schema, schema)


@law()
@given(texts)
def test_an_answer_as_a_json_object_is_one(text: str) -> None:
    assert isinstance(json.loads(reply(asking(text, shape="json_object"), "x").text), dict)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (asking("What is the weather in Paris?", tools=TOOLS), ["get_weather"]),
        (asking("What is the current date?", tools=TOOLS), ["currentTime"]),
        (asking("Hello", tools=TOOLS), []),
        (asking("The weather and the time", tools=TOOLS), ["get_weather", "currentTime"]),
        (asking("The weather and the time", tools=TOOLS, parallel=False), ["get_weather"]),
        (asking("The weather", tools=TOOLS, tool_choice="none"), []),
        (asking("Hello", tools=TOOLS, tool_choice="required"), ["get_weather"]),
        (asking("The weather", tools=TOOLS, tool_choice="currentTime"), ["currentTime"]),
        (asking("The weather", tools=TOOLS, tool_choice="nobody"), []),
        (asking("The weather", tool_choice="required"), []),
    ],
)
def test_the_tools_called_are_those_that_the_request_wants(asked: Asked, names: list[str]) -> None:
    assert called(asked) == names


@pytest.mark.parametrize("choice", ["auto", "required", "get_weather"])
@pytest.mark.parametrize("role", ["tool", "function"])
def test_after_the_result_of_a_tool_there_is_text_that_quotes_it(role: str, choice: str) -> None:
    history = (*asking("The weather?").messages, {"role": role, "content": "21 degrees"})
    said = reply(Asked(history, TOOLS, choice), "x")
    assert said.calls == ()
    assert "21 degrees" in said.text


def test_an_argument_repeats_a_name_from_the_request() -> None:
    (call,) = reply(asking("What is the weather in Paris today?", tools=TOOLS), "x").calls
    assert json.loads(call.arguments) == {"city": "Paris"}


@pytest.mark.parametrize(
    "content", ["What colour is the sky?", [{"type": "text", "text": "What colour is the sky?"}, {"type": "image_url"}]]
)
def test_a_reply_quotes_the_request_and_names_the_speaker(content: Any) -> None:
    said = reply(Asked(({"role": "user", "content": content},)), "somebody")
    assert "“What colour is the sky?”" in said.text
    assert "somebody" in said.text


def test_a_long_request_is_quoted_in_short() -> None:
    assert len(reply(asking("word " * 1000), "x").text) < 300


@pytest.mark.parametrize(
    ("text", "count"), [("Say 100 words", 100), ("a 500-token text", 500), ("3000 chunks please", 3000)]
)
def test_a_length_that_was_asked_for_is_reached(text: str, count: int) -> None:
    assert count <= len(pieces(reply(asking(text), "x").text)) <= count * 1.1


def test_a_reply_never_changes() -> None:
    with pytest.raises(AttributeError):
        Reply().text = "x"  # type: ignore[misc]
