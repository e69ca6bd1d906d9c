"""What a client stumbles over that sends more than it must."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, ask, chunks

PROFILE = "strict"
EXTRAS: list[dict[str, Any]] = [
    {"temperature": 0.5},
    {"max_tokens": 10},
    {"max_completion_tokens": 10},
    {"stop": ["."]},
    {"user": "u"},
    {"seed": 1},
    {"n": 1},
    {"tools": [{"type": "function", "function": {"name": "f"}}]},
    {"response_format": {"type": "json_object"}},
    {"stream_options": {"include_usage": True}},
]


@pytest.mark.parametrize("extra", EXTRAS, ids=lambda extra: next(iter(extra)))
def test_any_parameter_that_is_not_needed_is_422(extra: dict[str, Any], client: Clients) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        ask(client(PROFILE), model="m", **extra)
    (name,) = extra
    assert caught.value.response.json()["detail"] == f"Unsupported fields in the request: {{'{name}'}}"


def test_a_model_and_messages_are_enough(client: Clients) -> None:
    assert ask(client(PROFILE), model="m").choices[0].message.content


def test_a_stream_is_not_too_much(client: Clients) -> None:
    assert chunks(client(PROFILE), model="m")[-1].choices[0].finish_reason == "stop"


MESSAGES: dict[str, list[Any]] = {
    "parts": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
    "a name": [{"role": "user", "content": "Hi", "name": "Ann"}],
    "a developer": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_a_role_and_a_text(name: str, client: Clients) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        client(PROFILE).chat.completions.create(model="m", messages=MESSAGES[name])
    assert caught.value.response.json()["detail"][0]["type"] == "value_error"


ORDERS: dict[str, list[str]] = {
    "two of a user": ["user", "user"],
    "the assistant first": ["assistant", "user"],
    "a late system": ["user", "system"],
    "two systems": ["system", "system", "user"],
}


@pytest.mark.parametrize("name", ORDERS)
def test_messages_take_turns(name: str, client: Clients) -> None:
    messages: Any = [{"role": role, "content": "Hi"} for role in ORDERS[name]]
    with pytest.raises(openai.BadRequestError, match="should alternate with assistant message"):
        client(PROFILE).chat.completions.create(model="m", messages=messages)
