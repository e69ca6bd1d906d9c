"""What is said: it mentions the request, calls tools when it should, keeps its limit, and says the same each time."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.asked import Asked, Tool
from mockprovider.synthesis.calling import Call
from mockprovider.synthesis.reply import Reply, fitted, replies, reply
from mockprovider.synthesis.tokens import pieces
from tests.strategies import json_schemas, law, texts
from tests.synthesis.asking import TOOLS, WEATHER, asked_anything, asking, told
from tests.synthesis.test_schema import fits


@law()
@given(asked_anything)
def test_the_same_request_has_the_same_reply(asked: Asked) -> None:
    assert replies(asked, "x") == replies(asked, "x")


@law()
@given(asked_anything)
def test_there_is_a_reply_for_each_choice(asked: Asked) -> None:
    assert len(replies(asked, "x")) == asked.choices


@law()
@given(asked_anything)
def test_a_reply_says_something_or_calls_somebody_where_nothing_ends_it(asked: Asked) -> None:
    said = reply(replace(asked, limit=None, stop=()), "x")
    assert said.text or said.calls


@law(100)
@given(asked_anything)
def test_a_reply_keeps_its_limit_and_says_that_it_was_cut(asked: Asked) -> None:
    said, whole = reply(asked, "x"), reply(replace(asked, limit=None), "x")
    if asked.limit is not None:
        assert said.hidden + len(pieces(said.thinking)) + said.said() <= asked.limit
        assert (said.finish == "length") == (said != whole)


@law(100)
@given(asked_anything)
def test_what_is_left_of_a_reply_that_was_cut_is_its_beginning(asked: Asked) -> None:
    said, whole = reply(asked, "x"), reply(replace(asked, limit=None), "x")
    assert whole.thinking.startswith(said.thinking)
    assert whole.text.startswith(said.text)
    for cut, full in zip(said.calls, whole.calls, strict=False):
        assert (cut.name, full.arguments.startswith(cut.arguments)) == (full.name, True)


def test_reasoning_uses_up_the_limit_first() -> None:
    said = reply(asking(thinking=True, limit=5), "x")
    assert (len(pieces(said.thinking)), said.text, said.finish) == (5, "", "length")


@pytest.mark.parametrize(("limit", "hidden"), [(10, 10), (64, 64), (65, 64)])
def test_reasoning_that_nobody_is_shown_uses_up_the_limit_first(limit: int, hidden: int) -> None:
    said = reply(asking(hidden=64, limit=limit), "x")
    assert (said.hidden, said.said(), said.finish) == (hidden, limit - hidden, "length")


def test_a_limit_that_the_reply_just_meets_cuts_nothing() -> None:
    whole = reply(asking(), "x")
    assert reply(asking(limit=whole.said()), "x") == whole


def test_arguments_that_are_too_long_stop_in_the_middle_of_the_json() -> None:
    said = reply(asking("The weather in Paris", tools=TOOLS, limit=4), "x")
    assert (said.calls, said.finish) == ((Call("get_weather", '{"city'),), "length")


@pytest.mark.parametrize(("limit", "calls"), [(1, 0), (2, 1), (7, 1), (8, 1), (9, 2)])
def test_calls_for_whose_names_there_are_no_tokens_left_are_not_made(limit: int, calls: int) -> None:
    said = reply(asking("The weather in Paris and London", tools=TOOLS, limit=limit), "x")
    assert (len(said.calls), said.finish) == (calls, "length")


@law()
@given(asked_anything)
def test_the_finish_tells_how_it_ended(asked: Asked) -> None:
    said = reply(asked, "x")
    assert said.finish in (["tool_calls", "length"] if said.calls else ["stop", "length"])


@law()
@given(asked_anything)
def test_there_is_reasoning_exactly_where_it_was_asked_for(asked: Asked) -> None:
    assert bool(reply(replace(asked, hidden=0), "x").thinking) == asked.thinking


@law()
@given(json_schemas, texts)
def test_an_answer_in_a_schema_fits_it(schema: dict[str, Any], text: str) -> None:
    said = reply(asking(text, shape="json_schema", schema=schema), "x")
    assert fits(json.loads(said.text), schema, schema)


@law()
@given(texts, st.integers(0, 2))
def test_an_answer_as_a_json_object_is_one(text: str, number: int) -> None:
    assert isinstance(json.loads(reply(asking(text, shape="json_object"), "x", number).text), dict)


def test_a_reply_calls_the_tools_that_fit_and_says_nothing_beside() -> None:
    said = reply(asking("The weather in Paris", tools=TOOLS), "x")
    assert (said.text, said.calls) == ("", (Call("get_weather", '{"city":"Paris"}'),))


def test_reasoning_before_a_call_names_the_tool_once() -> None:
    said = reply(asking("The weather in Paris and London", tools=TOOLS, thinking=True), "x")
    assert (len(said.calls), said.thinking.count("get_weather")) == (2, 1)


@pytest.mark.parametrize("role", ["tool", "function"])
def test_after_the_result_of_a_tool_there_is_text_that_quotes_it(role: str) -> None:
    asked = asking("The weather?", tools=TOOLS)
    said = reply(told(asked, reply(asked, "x").calls, "21 degrees", role), "x")
    assert (said.calls, "“21 degrees”" in said.text) == ((), True)


@pytest.mark.parametrize("choice", ["required", "get_weather"])
def test_after_the_result_of_a_tool_a_call_is_made_again_where_one_is_demanded(choice: str) -> None:
    asked = asking("The weather?", tools=(WEATHER,), tool_choice=choice)
    said = reply(told(asked, reply(asked, "x").calls), "x")
    assert ([call.name for call in said.calls], said.finish) == (["get_weather"], "tool_calls")


def test_the_results_of_several_tools_are_quoted_together() -> None:
    history = (*asking("Both?").messages, *({"role": "tool", "content": each} for each in ("rain.", "noon")))
    assert reply(Asked(history, TOOLS), "x").text.startswith("The tools returned “rain.” and “noon”.")


@pytest.mark.parametrize("shape", ["text", "json_object"])
@pytest.mark.parametrize("text", ["Hello", "Say 50 words", "The weather"])
def test_several_choices_differ(text: str, shape: str) -> None:
    said = replies(asking(text, shape=shape, choices=5), "x")
    assert len({each.text for each in said}) == 5


def test_the_first_choice_is_what_would_be_said_alone() -> None:
    assert replies(asking(choices=3), "x")[0] == reply(asking(), "x")


def test_choices_after_a_tool_has_returned_differ_too() -> None:
    asked = told(asking("The weather?", tools=TOOLS, choices=2), [Call("get_weather", "{}")])
    one, other = replies(asked, "x")
    assert one.text != other.text


@pytest.mark.parametrize(
    ("stop", "text"),
    [
        (("said",), "You "),
        (("mockprovider", "said"), "You "),
        (("You",), ""),
        ((" is mockprovider",), "You said: “Hello”. This"),
        (("no such text",), "You said: “Hello”. This is mockprovider speaking as x; no model was asked."),
    ],
)
def test_a_text_ends_before_the_first_stop_and_of_itself(stop: tuple[str, ...], text: str) -> None:
    said = reply(asking(stop=stop), "x")
    assert (said.text, said.finish) == (text, "stop")


def test_a_stop_beyond_the_limit_makes_no_difference() -> None:
    assert reply(asking(stop=("mockprovider",), limit=3), "x") == reply(asking(limit=3), "x")


@law()
@given(asked_anything)
def test_no_stop_is_left_in_a_text(asked: Asked) -> None:
    text = reply(asked, "x").text
    assert not any(stop in text for stop in asked.stop)


@pytest.mark.parametrize(
    "content", ["What colour is the sky?", [{"type": "text", "text": "What colour is the sky?"}, {"type": "image_url"}]]
)
def test_a_reply_quotes_the_request_and_names_the_speaker(content: Any) -> None:
    said = reply(asking(content), "somebody")
    assert "“What colour is the sky?”" in said.text
    assert "somebody" in said.text


def test_a_long_request_is_quoted_in_short() -> None:
    assert len(reply(asking("word " * 1000), "x").text) < 300


@pytest.mark.parametrize(
    ("text", "count"), [("Say 100 words", 100), ("a 500-token text", 500), ("3000 chunks please", 3000)]
)
def test_a_length_that_was_asked_for_is_reached(text: str, count: int) -> None:
    assert count <= len(pieces(reply(asking(text), "x").text)) <= count * 1.1


def test_all_choices_together_stay_below_a_bound() -> None:
    said = replies(asking("Say 9999 words", choices=100), "x")
    assert sum(each.said() for each in said) < 12_000


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Reply(), 0),
        (Reply("one two"), 2),
        (Reply(refusal="No, sorry."), 4),
        (Reply(calls=(Call("f", "{}"), Call("g", "{}"))), 4),
        (Reply("one", thinking="two three", hidden=64), 1),
    ],
)
def test_what_is_said_is_counted_without_its_reasoning(said: Reply, expected: int) -> None:
    assert said.said() == expected


@pytest.mark.parametrize(
    ("tools", "custom"),
    [((Tool("run", custom=True),), [True, False]), ((Tool("run"), Tool("f")), [False, False]), ((), [False, False])],
)
def test_a_scripted_call_is_of_a_custom_tool_where_the_request_has_one_of_its_name(
    tools: Sequence[Tool], custom: list[bool]
) -> None:
    scripted = Reply(calls=(Call("run", "print()"), Call("f", "{}")))
    assert [call.custom for call in fitted(scripted, asking(tools=tuple(tools))).calls] == custom


def test_a_reply_never_changes() -> None:
    with pytest.raises(AttributeError):
        Reply().text = "x"  # type: ignore[misc]
