"""What a client stumbles over that counts on what OpenAI always sends."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks

PROFILE = "minimal"


def test_there_is_a_text_and_its_end_and_nothing_else(raw: Raw) -> None:
    (choice,) = raw(
        PROFILE, "/v1/chat/completions", {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    ).json()["choices"]
    assert list(choice) == ["message", "finish_reason"]


def test_the_sdk_hands_on_none_for_what_is_not_there(client: Clients) -> None:
    answer: Any = ask(client(PROFILE), model="m")
    assert [answer.id, answer.created, answer.model, answer.usage] == [None] * 4
    assert answer.choices[0].message.content


def test_usage_is_not_sent_though_it_was_asked_for(client: Clients) -> None:
    told = chunks(client(PROFILE), model="m", stream_options={"include_usage": True})
    assert {chunk.usage for chunk in told} == {None}


def test_no_delta_has_a_role(client: Clients) -> None:
    assert {choice.delta.role for chunk in chunks(client(PROFILE), model="m") for choice in chunk.choices} == {None}


def test_tools_are_never_called(client: Clients) -> None:
    tool: Any = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    choice = ask(client(PROFILE), model="m", tools=[tool], tool_choice="required").choices[0]
    assert (choice.message.tool_calls, choice.finish_reason) == (None, "stop")


def test_an_error_is_a_message(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError, match="too many requests") as caught:
        ask(client(PROFILE, api_key="sk-mock-rate-limited"), model="m")
    assert (caught.value.code, caught.value.type) == (None, None)
