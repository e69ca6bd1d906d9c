"""What is asked for: the newest message, its text, what tools have returned, in whatever form a client says it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.asked import Asked, mapping, stops, text_of
from tests.strategies import json_values, law
from tests.synthesis.asking import asking

USER = {"role": "user", "content": "What?"}
CALLED: dict[str, Any] = {"role": "assistant", "content": None, "tool_calls": [{}]}


def returned(text: Any, role: str = "tool") -> dict[str, Any]:
    """A message that brings what a tool has returned."""
    return {"role": role, "content": text}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Hello", "Hello"),
        ("", ""),
        (None, ""),
        (5, ""),
        ([], ""),
        ([{"type": "text", "text": "Hello"}], "Hello"),
        ([{"type": "input_text", "text": "Hello"}, {"type": "input_text", "text": "there"}], "Hello\nthere"),
        ([{"type": "text", "text": "Hello"}, {"type": "image_url", "image_url": {}}, None, "x"], "Hello"),
        ([{"type": "text", "text": 5}], ""),
    ],
)
def test_the_text_of_a_message_is_its_content_or_its_text_parts(content: Any, text: str) -> None:
    assert text_of(content) == text


@law()
@given(json_values)
def test_content_of_any_form_has_a_text(content: Any) -> None:
    assert isinstance(text_of(content), str)


@pytest.mark.parametrize(
    ("messages", "results"),
    [
        ([], []),
        ([USER], []),
        ([USER, CALLED, returned("21")], ["21"]),
        ([USER, CALLED, returned("21"), returned("noon")], ["21", "noon"]),
        ([USER, CALLED, returned("21", "function")], ["21"]),
        ([USER, CALLED, returned([{"type": "text", "text": "21"}])], ["21"]),
        ([USER, CALLED, returned(None)], [""]),
        ([USER, CALLED, returned("21"), CALLED, returned("noon")], ["noon"]),
        ([USER, CALLED, returned("21"), {"role": "assistant", "content": "Mild."}], []),
        ([USER, CALLED, returned("21"), USER], []),
    ],
)
def test_results_are_what_tools_have_returned_since_anybody_else_spoke(
    messages: list[dict[str, Any]], results: list[str]
) -> None:
    assert Asked(tuple(messages)).results() == results


def test_the_newest_text_of_a_role_is_found_behind_others() -> None:
    asked = Asked(({"role": "system", "content": "Be kind"}, USER, CALLED, returned("21")))
    assert (asked.last_text(), asked.last_text("system"), asked.last_text("developer")) == ("What?", "Be kind", "")


def test_the_newest_message_is_the_last_and_nothing_where_there_is_none() -> None:
    assert (asking("Hello").last()["content"], Asked(()).last()) == ("Hello", {})


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, ()), ("x", ("x",)), ("", ()), (["x", "y"], ("x", "y")), (["x", "", None, 5], ("x",)), (5, ()), ({}, ())],
)
def test_a_stop_is_one_text_or_a_list_of_them(value: Any, expected: tuple[str, ...]) -> None:
    assert stops(value) == expected


@law()
@given(json_values | st.dictionaries(st.text(max_size=3), json_values, max_size=2))
def test_anything_but_an_object_is_taken_for_an_empty_one(value: Any) -> None:
    assert mapping(value) == (value if isinstance(value, dict) else {})
