"""Items of the Responses API and messages of chat completions say the same, and so do their tools."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.profiles.schema import Tokens
from mockprovider.synthesis.asked import Asked, Tool
from mockprovider.synthesis.calling import calls
from mockprovider.synthesis.counting import prompt_tokens
from mockprovider.synthesis.dialects.conversing import chosen, items_of, messages_of, tools_of
from tests.strategies import json_objects, json_values, law, texts

Item = dict[str, Any]


def said(role: str, content: Any) -> Item:
    """A message, as an item says it."""
    return {"type": "message", "role": role, "content": content}


def call(number: int, name: str = "f") -> Item:
    """The call of a function."""
    return {"type": "function_call", "call_id": f"call_{number}", "name": name, "arguments": "{}"}


def made(number: int, name: str = "f") -> Item:
    """The same call in a message."""
    return {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": "{}"}}


def output(number: int, content: Any, kind: str = "function_call_output") -> Item:
    """What a call has returned."""
    return {"type": kind, "call_id": f"call_{number}", "output": content}


@pytest.mark.parametrize(
    ("given_", "items"),
    [
        ("Hello", [said("user", "Hello")]),
        ("", []),
        (None, []),
        (5, []),
        ({}, []),
        ([], []),
        ([said("user", "a"), call(1)], [said("user", "a"), call(1)]),
        ([None, "x", call(1)], [call(1)]),
    ],
)
def test_an_input_is_its_items_and_a_text_is_a_message_of_the_user(given_: Any, items: list[Item]) -> None:
    assert items_of(given_) == items


def test_the_items_of_an_input_are_not_those_of_the_request_itself() -> None:
    given_ = [said("user", "a")]
    items_of(given_)[0]["role"] = "system"
    assert given_ == [said("user", "a")]


@pytest.mark.parametrize("role", ["user", "assistant", "system", "developer"])
@pytest.mark.parametrize("content", ["Hello", [{"type": "input_text", "text": "Hello"}], None])
def test_a_message_keeps_its_role_and_content(role: str, content: Any) -> None:
    assert messages_of([said(role, content)]) == [{"role": role, "content": content}]


def test_an_item_without_a_type_is_a_message() -> None:
    assert messages_of([{"role": "user", "content": "Hello"}]) == [{"role": "user", "content": "Hello"}]


def test_a_call_is_a_message_of_the_assistant() -> None:
    assert messages_of([call(1)]) == [{"role": "assistant", "content": None, "tool_calls": [made(1)]}]


def test_calls_beside_one_another_are_one_message() -> None:
    (message,) = messages_of([call(1), call(2, "g"), call(3)])
    assert message["tool_calls"] == [made(1), made(2, "g"), made(3)]


def test_calls_with_something_between_them_are_two_messages() -> None:
    messages = messages_of([call(1), output(1, "x"), call(2)])
    assert [message["role"] for message in messages] == ["assistant", "tool", "assistant"]


def test_what_is_said_before_a_call_is_a_message_of_its_own() -> None:
    messages = messages_of([said("assistant", "Let me see"), call(1)])
    assert [("tool_calls" in message) for message in messages] == [False, True]


def test_a_custom_call_keeps_its_input() -> None:
    item = {"type": "custom_tool_call", "call_id": "call_1", "name": "run", "input": "print()"}
    custom = {"name": "run", "input": "print()"}
    assert messages_of([item])[0]["tool_calls"] == [{"id": "call_1", "type": "custom", "custom": custom}]


@pytest.mark.parametrize("kind", ["function_call_output", "custom_tool_call_output"])
@pytest.mark.parametrize(
    ("returned", "content"),
    [("21", "21"), ([{"type": "input_text", "text": "21"}],) * 2, (None, ""), (21, ""), ({}, "")],
)
def test_what_a_call_has_returned_is_a_message_of_the_tool(kind: str, returned: Any, content: Any) -> None:
    expected = {"role": "tool", "tool_call_id": "call_1", "content": content}
    assert messages_of([output(1, returned, kind)]) == [expected]


@pytest.mark.parametrize("kind", ["reasoning", "web_search_call", "compaction", "mcp_call", None, 5])
def test_items_of_other_kinds_say_nothing(kind: Any) -> None:
    assert messages_of([{"type": kind, "id": "x", "summary": []}]) == []


def test_reasoning_between_calls_does_not_part_them() -> None:
    (message,) = messages_of([call(1), {"type": "reasoning", "summary": []}, call(2)])
    assert message["tool_calls"] == [made(1), made(2)]


def test_a_conversation_of_items_goes_on_as_one_of_messages_does() -> None:
    tools = (Tool("get_weather", "The weather"),)
    asked = Asked(tuple(messages_of([said("user", "The weather?")])), tools)
    answered = Asked(tuple(messages_of([said("user", "The weather?"), call(1), output(1, "21")])), tools)
    assert (len(calls(asked)), calls(answered), answered.results()) == (1, (), ["21"])


def test_what_tools_have_returned_in_parts_is_read() -> None:
    parts = [{"type": "input_text", "text": "21"}, {"type": "input_image", "image_url": "x"}]
    assert Asked(tuple(messages_of([call(1), output(1, parts)]))).results() == ["21"]


@law()
@given(st.lists(json_objects | st.fixed_dictionaries({"type": st.sampled_from(["message", "function_call"])})))
def test_items_of_any_form_can_be_counted(items: list[Item]) -> None:
    asked = Asked(tuple(messages_of(items_of(items))))
    assert prompt_tokens(asked, Tokens()) >= 0


def grammar(syntax: Any) -> Item:
    """The format of a custom tool."""
    return {"type": "grammar", "syntax": syntax, "definition": "[a-z]+"}


@pytest.mark.parametrize(
    ("tool", "found"),
    [
        (
            {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}},
            (Tool("f", "d", {"type": "object"}),),
        ),
        ({"type": "function", "name": "f", "description": None, "parameters": None}, (Tool("f"),)),
        ({"type": "custom", "name": "c", "description": "d"}, (Tool("c", "d", custom=True),)),
        (
            {"type": "custom", "name": "c", "format": grammar("regex")},
            (Tool("c", custom=True, pattern="[a-z]+"),),
        ),
        ({"type": "custom", "name": "c", "format": grammar("lark")}, (Tool("c", custom=True),)),
        ({"type": "custom", "name": "c", "format": {"type": "text"}}, (Tool("c", custom=True),)),
        ({"type": "function", "name": 5}, ()),
        ({"type": "function"}, ()),
        ({"type": "web_search"}, ()),
        ({"type": "mcp", "server_label": "x"}, ()),
        (None, ()),
    ],
)
def test_functions_and_custom_tools_are_what_can_be_called(tool: Any, found: tuple[Tool, ...]) -> None:
    assert tools_of([tool]) == found


@law()
@given(json_values)
def test_tools_of_any_form_are_no_stumbling_block(given_: Any) -> None:
    assert isinstance(tools_of(given_), tuple)


TOOLS = (Tool("a"), Tool("b"), Tool("c", custom=True))


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ({"type": "function", "name": "b"}, "b"),
        ({"type": "custom", "name": "c"}, "c"),
        ({"type": "web_search"}, "auto"),
        (None, "auto"),
        (5, "auto"),
    ],
)
def test_a_choice_leaves_the_tools_as_they_are(choice: Any, expected: str) -> None:
    assert chosen(TOOLS, choice) == (TOOLS, expected)


@pytest.mark.parametrize(("mode", "choice"), [("auto", "auto"), ("required", "required"), (None, "auto")])
def test_only_tools_that_are_allowed_may_be_called(mode: Any, choice: str) -> None:
    allowed = [{"type": "function", "name": "b"}, {"type": "custom", "name": "c"}]
    assert chosen(TOOLS, {"type": "allowed_tools", "mode": mode, "tools": allowed}) == (TOOLS[1:], choice)


@pytest.mark.parametrize("listed", [None, [], 5, [None], [{"name": []}], [{"type": "web_search"}]])
def test_where_no_tool_is_allowed_none_is_called(listed: Any) -> None:
    assert chosen(TOOLS, {"type": "allowed_tools", "mode": "auto", "tools": listed})[0] == ()


@law()
@given(texts)
def test_a_text_comes_through_as_it_is(text: str) -> None:
    asked = Asked(tuple(messages_of(items_of(text))))
    assert asked.last_text() == text
