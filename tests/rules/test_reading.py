"""A request as rules see it: the newest user text, tool results, names for templates; and no body makes it raise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.rules.reading import NAMES, Reading
from mockprovider.tape import Request
from tests.rules.asking import CALLED, RESULT, chat, posted, said
from tests.strategies import json_values, law, requests

IMAGE = {"type": "image_url", "image_url": {"url": "data:,"}}
OUTPUT = {"type": "function_call_output", "call_id": "c", "output": "Sunny"}

_odd: st.SearchStrategy[Any] = st.sampled_from(
    ["user", "tool", "function", "message", "function_call_output", [], {}, None, 1]
)
_items = (
    st.fixed_dictionaries({"role": _odd, "type": _odd, "content": json_values, "output": json_values}) | json_values
)
odd_bodies = st.fixed_dictionaries(
    {},
    optional={name: st.lists(_items, max_size=3) | json_values for name in ("messages", "input", "prompt", "model")},
)
"""Bodies that are nearly what a client sends."""


@pytest.mark.parametrize(
    ("body", "user"),
    [
        ({"messages": [said("one"), CALLED, said("two"), CALLED]}, "two"),
        ({"messages": [said("one"), {"role": "user", "content": [IMAGE]}]}, ""),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, IMAGE, {"text": "b"}]}]}, "a\nb"),
        ({"messages": [{"role": "system", "content": "Be short"}]}, ""),
        ({"input": "Hello"}, "Hello"),
        ({"input": [{"type": "message", "role": "user", "content": "Hi"}, OUTPUT]}, "Hi"),
        ({"input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]}, "Hi"),
        ({"input": ["a", "b"]}, "a\nb"),
        ({"prompt": "Once upon"}, "Once upon"),
        ({"prompt": ["a", "b"]}, "a\nb"),
        ({"prompt": [1, 2, 3]}, ""),
        ({}, ""),
        ([], ""),
    ],
)
def test_the_newest_user_text_is_found_in_every_dialect(body: Any, user: str) -> None:
    assert Reading(posted(body)).user == user


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ({"messages": [said("x"), CALLED, RESULT]}, "Sunny, 21 degrees"),
        (
            {"messages": [said("x"), CALLED, RESULT, {"role": "tool", "content": [{"text": "Rain"}]}]},
            RESULT["content"] + "\nRain",
        ),
        ({"messages": [RESULT, said("x"), {"role": "function", "name": "f", "content": "old style"}]}, "old style"),
        ({"messages": [said("x"), CALLED, RESULT, said("And now?")]}, None),
        ({"input": [said("x"), {"type": "function_call", "name": "f"}, OUTPUT]}, "Sunny"),
        ({"input": [{**OUTPUT, "output": [{"type": "input_text", "text": "Sunny"}]}]}, "Sunny"),
        ({"input": [{**OUTPUT, "type": "custom_tool_call_output"}]}, "Sunny"),
        ({"messages": [{"role": "tool", "content": None}]}, ""),
        ({"input": "x"}, None),
        ({}, None),
    ],
)
def test_the_results_that_a_conversation_ends_in_are_its_tool_result(body: Any, result: str | None) -> None:
    assert Reading(posted(body)).tool_result == result


@pytest.mark.parametrize(
    ("method", "path", "speaks"),
    [
        ("POST", "/v1/chat/completions", True),
        ("POST", "/openai/deployments/x/chat/completions/", True),
        ("POST", "/v1/completions", True),
        ("POST", "/v1/responses", True),
        ("POST", "/v1/responses/resp_1/cancel", False),
        ("POST", "/v1/embeddings", False),
        ("POST", "/v1/mycompletions", False),
        ("GET", "/v1/chat/completions", False),
    ],
)
def test_what_speaks_is_known_by_the_end_of_its_path(method: str, path: str, *, speaks: bool) -> None:
    assert Reading(Request(method, path)).speaks is speaks


def test_a_body_is_not_read_before_somebody_asks() -> None:
    reading = Reading(chat(headers=((b"X-A", b" b "),)))
    assert reading.speaks
    assert reading.headers == {"x-a": ["b"]}
    assert "_json" not in vars(reading)


def test_a_template_has_every_name_that_it_may_name() -> None:
    assert set(Reading(chat()).names(1)) == set(NAMES)


DEEP = (b"[" * 100_000, b'{"messages":' * 5_000, b'{"a":' * 900 + b"1" + b"}" * 900, b'{"n": ' + b"1" * 5000 + b"}")


@law(100)
@given(requests | st.builds(posted, odd_bodies | json_values | st.sampled_from(DEEP)))
def test_no_request_is_too_odd_to_be_read(request: Request) -> None:
    reading = Reading(request)
    assert isinstance(reading.user_folded + reading.tool_result_folded, str)
    assert reading.names(1)["nth"] == 1
    assert reading.model is None or isinstance(reading.model, str)
