"""Which tools are called and with what: those that the request is about, and a loop of calls comes to its end."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.asked import Asked, Tool
from mockprovider.synthesis.calling import Call, calls, topics
from tests.strategies import json_schemas, law, texts
from tests.synthesis.asking import TIME, TOOLS, WEATHER, asked_anything, asking, told, tools
from tests.synthesis.test_schema import fits

asked_with_tools = st.builds(
    lambda asked, offered: replace(asked, tools=tuple(offered)), asked_anything, st.lists(tools, min_size=1, max_size=3)
)


def called(asked: Asked) -> list[str]:
    """The names of the tools that are called."""
    return [call.name for call in calls(asked)]


def arguments(asked: Asked) -> list[Any]:
    """The arguments of the calls."""
    return [json.loads(call.arguments) for call in calls(asked)]


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
        (asking("The time", tools=TOOLS, tool_choice="required"), ["currentTime"]),
        (asking("The weather", tools=TOOLS, tool_choice="currentTime"), ["currentTime"]),
        (asking("The weather", tools=TOOLS, tool_choice="nobody"), []),
        (asking("The weather", tool_choice="required"), []),
    ],
)
def test_the_tools_called_are_those_that_the_request_wants(asked: Asked, names: list[str]) -> None:
    assert called(asked) == names


@pytest.mark.parametrize(
    ("text", "tool", "fits_it"),
    [
        ("List the orders", Tool("get_order"), True),
        ("Where is my order?", Tool("trackOrders"), True),
        ("Send an e-mail", Tool("send-mail"), True),
        ("How warm is it?", Tool("f", "How warm it is in a city"), True),
        ("What are you?", Tool("what_are_you"), False),
        ("Use the tool", Tool("useTheTool"), False),
        ("Hello", Tool("get_weather", "The weather"), False),
    ],
)
def test_a_tool_is_called_for_words_that_tell_what_it_is_about(text: str, tool: Tool, fits_it: bool) -> None:
    assert bool(calls(asking(text, tools=(tool,)))) == fits_it


@pytest.mark.parametrize("offered", [TOOLS, TOOLS[::-1]])
def test_the_tool_that_fits_best_is_called_first_however_they_are_listed(offered: tuple[Tool, ...]) -> None:
    assert called(asking("The weather and the time", tools=offered)) == ["get_weather", "currentTime"]


def test_a_word_in_a_name_counts_for_more_than_one_in_a_description() -> None:
    described, named = Tool("f", "Gives the weather"), Tool("weather")
    assert called(asking("The weather?", tools=(described, named))) == ["weather"]


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("What is the weather in Paris and London?", ["Paris", "London"]),
        ("The weather in Paris, London and Rome, please", ["Paris", "London", "Rome"]),
        ("The weather in Paris and Paris", ["Paris"]),
        ("The weather in Paris, London", ["London"]),
        ("The weather today and tomorrow", ["tomorrow"]),
    ],
)
def test_names_that_are_joined_by_and_have_a_call_each(text: str, cities: list[str]) -> None:
    assert arguments(asking(text, tools=(WEATHER,))) == [{"city": city} for city in cities]


def test_without_parallel_calls_there_is_one_however_many_names_there_are() -> None:
    asked = asking("The weather in Paris and London", tools=(WEATHER,), parallel=False)
    assert arguments(asked) == [{"city": "London"}]


def test_an_answer_has_eight_calls_at_the_most() -> None:
    cities = " and ".join(f"City{number}" for number in range(20))
    assert len(calls(asking(f"The weather in {cities}", tools=(WEATHER,)))) == 8


@law()
@given(asked_with_tools)
def test_without_parallel_calls_there_is_never_more_than_one(asked: Asked) -> None:
    assert len(calls(replace(asked, parallel=False))) <= 1


@law()
@given(asked_with_tools)
def test_only_tools_that_are_offered_are_called(asked: Asked) -> None:
    assert set(called(asked)) <= {tool.name for tool in asked.tools}


@law()
@given(asked_with_tools, texts)
def test_under_auto_a_loop_ends_with_the_first_results(asked: Asked, result: str) -> None:
    auto = replace(asked, tool_choice="auto", messages=({"role": "user", "content": "weather and time"},))
    assert calls(told(auto, calls(auto) or [Call("f", "{}")], result)) == ()


@pytest.mark.parametrize("role", ["tool", "function"])
def test_the_next_question_after_a_loop_is_called_for_again(role: str) -> None:
    asked = asking("The weather in Paris?", tools=TOOLS)
    done = told(asked, calls(asked), role=role).messages
    assert called(Asked((*done, {"role": "user", "content": "And the weather in Rome?"}), TOOLS)) == ["get_weather"]


@law()
@given(asked_with_tools, st.integers(0, 4))
def test_whoever_requires_a_call_gets_one_in_every_turn(asked: Asked, turns: int) -> None:
    asked = replace(asked, tool_choice="required")
    for _ in range(turns):
        asked = told(asked, calls(asked))
    assert calls(asked)


def test_a_call_that_is_required_after_a_result_is_of_a_tool_that_was_not_called_yet() -> None:
    asked = asking("The weather", tools=TOOLS, tool_choice="required")
    asked = told(asked, calls(asked))
    assert called(asked) == ["currentTime"]


def test_once_every_tool_was_called_the_first_is_called_again_where_a_call_is_required() -> None:
    asked = asking("The weather", tools=TOOLS, tool_choice="required")
    asked = told(asked, [Call("get_weather", "{}"), Call("currentTime", "{}")])
    assert called(asked) == ["get_weather"]


def test_a_custom_tool_that_was_called_is_known_to_have_been() -> None:
    made = {"role": "assistant", "tool_calls": [{"type": "custom", "custom": {"name": "run", "input": "x"}}]}
    messages = (*asking("Go").messages, made, {"role": "tool", "content": "done"})
    assert called(Asked(messages, (Tool("run", custom=True), TIME), "required")) == ["currentTime"]


@law()
@given(asked_with_tools, st.integers(0, 3))
def test_a_tool_that_is_named_is_called_alone_and_in_every_turn(asked: Asked, turns: int) -> None:
    asked = replace(asked, tool_choice=asked.tools[0].name)
    for _ in range(turns):
        asked = told(asked, calls(asked))
    assert called(asked) == [asked.tools[0].name]


@pytest.mark.parametrize("made", [None, "x", [None], [{}], [{"function": None}], [{"custom": 5}]])
def test_calls_of_the_past_in_any_form_are_no_stumbling_block(made: Any) -> None:
    messages = ({"role": "assistant", "tool_calls": made}, {"role": "tool", "content": "x"})
    assert called(Asked(messages, TOOLS, "required")) == ["get_weather"]


@law(80)
@given(json_schemas.filter(lambda schema: schema.get("type") == "object"), texts)
def test_arguments_fit_the_schema_of_the_tool(schema: dict[str, Any], text: str) -> None:
    (given_,) = arguments(asking(text, tools=(Tool("f", "", schema),), tool_choice="f"))
    assert fits(given_, schema, schema)


@law()
@given(asked_with_tools)
def test_arguments_are_an_object_whatever_a_tool_says_of_them(asked: Asked) -> None:
    assert all(isinstance(value, dict) for value in arguments(asked))


def test_an_argument_repeats_a_name_from_the_request() -> None:
    assert arguments(asking("What is the weather in Paris today?", tools=TOOLS)) == [{"city": "Paris"}]


def test_other_characters_than_ascii_stand_in_arguments_as_they_are() -> None:
    (call,) = calls(asking("The weather in Zürich?", tools=TOOLS))
    assert call.arguments == '{"city":"Zürich"}'


def test_a_custom_tool_is_called_with_text_about_the_request() -> None:
    run = Tool("run_code", "Runs Python code", custom=True)
    assert calls(asking("Run code for Paris", tools=(run,))) == (Call("run_code", "Paris", custom=True),)


@pytest.mark.parametrize("pattern", [r"\d{4}-\d{2}-\d{2}", "(add|remove) [a-z]+", "[A-Z]{3}", r"^\d+ \+ \d+$"])
def test_the_input_of_a_custom_tool_matches_its_pattern(pattern: str) -> None:
    run = Tool("run", custom=True, pattern=pattern)
    (call,) = calls(asking("Run it for Paris", tools=(run,)))
    assert re.search(f"^(?:{pattern})$", call.arguments)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is the weather in Paris?", ["Paris"]),
        ("Paris, London and Paris", ["London", "Paris"]),
        ("Tell me a joke", ["joke"]),
        ("", ["text"]),
        ("?!", ["text"]),
        ("Say What You Can to Anna", ["Anna"]),
    ],
)
def test_a_message_is_about_the_names_in_it_else_about_its_last_word(text: str, expected: list[str]) -> None:
    assert topics(asking(text)) == expected
