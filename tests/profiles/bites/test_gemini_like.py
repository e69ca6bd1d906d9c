"""What a client stumbles over where an error is a list and a tool call has no index: gemini-like."""

from functools import partial
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import LOOK, Clients, Raw, ask, body_for, chunks

PROFILE = "gemini-like"
CHAT = "/v1beta/openai/chat/completions"
MODEL, SIGNED = "gemini-2.5-flash", "gemini-3-flash-preview"
CALLED: dict[str, Any] = {"tools": [LOOK], "tool_choice": "required"}


body = partial(body_for, model=MODEL)


def test_a_wrong_key_is_400_and_the_error_stands_in_a_list(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MODEL)
    listed: Any = caught.value.body
    assert (listed[0]["error"]["code"], listed[0]["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert caught.value.code is None


def test_a_streamed_tool_call_has_no_index_and_ends_in_stop(client: Clients) -> None:
    (chunk,) = chunks(client(PROFILE), model=MODEL, **CALLED)
    (call,) = chunk.choices[0].delta.tool_calls or []
    assert "index" not in call.to_dict()
    assert chunk.choices[0].finish_reason == "stop"


def test_a_tool_call_that_is_not_streamed_ends_in_tool_calls_and_has_no_content(raw: Raw) -> None:
    choice = raw(PROFILE, CHAT, body(**CALLED)).json()["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert set(choice["message"]) == {"role", "tool_calls"}


def test_no_chunk_only_opens_or_closes(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL)
    assert all(chunk.choices[0].delta.content for chunk in told)
    assert all(chunk.usage for chunk in told)


def test_the_total_is_more_than_its_parts_for_reasoning_is_in_neither(client: Clients) -> None:
    usage = ask(client(PROFILE), model=MODEL).usage
    assert usage is not None
    assert usage.total_tokens > usage.prompt_tokens + usage.completion_tokens


@pytest.mark.parametrize("signed", [True, False])
def test_a_call_must_come_back_with_its_signature(signed: bool, client: Clients, raw: Raw) -> None:
    call: Any = ask(client(PROFILE), model=SIGNED, **CALLED).choices[0].message.tool_calls
    given = call[0].to_dict() if signed else {**call[0].to_dict(), "extra_content": None}
    messages = [
        {"role": "user", "content": "Look"},
        {"role": "assistant", "tool_calls": [given]},
        {"role": "tool", "tool_call_id": given["id"], "content": "Seen"},
    ]
    answer = raw(PROFILE, CHAT, {"model": SIGNED, "messages": messages})
    assert answer.status_code == (200 if signed else 400)
    assert signed is ("missing a thought_signature" not in answer.text)


def test_models_are_listed_with_a_prefix_and_known_with_and_without_it(client: Clients) -> None:
    listed = [model.id for model in client(PROFILE).models.list()]
    assert f"models/{MODEL}" in listed
    assert ask(client(PROFILE), model=f"models/{MODEL}").choices[0].message.content


def test_when_to_come_back_is_in_the_body_alone(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(), key="sk-mock-rate-limited")
    details = answer.json()[0]["error"]["details"]
    assert answer.status_code == 429
    assert [each["retryDelay"] for each in details if "retryDelay" in each] == ["48s"]
    assert "retry-after" not in answer.headers
