"""What a client stumbles over where usage comes three times and a stream can fail with an event: groq-like."""

import json
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import LOOK, Clients, Raw, ask, body_for, chunks

PROFILE = "groq-like"
CHAT = "/openai/v1/chat/completions"
PLAIN, THINKING = "llama-3.3-70b-versatile", "openai/gpt-oss-120b"


def body(model: str = PLAIN, **more: Any) -> dict[str, Any]:
    return body_for(model, **more)


def test_usage_comes_twice_with_the_finish_and_once_more_where_it_is_asked_for(client: Clients) -> None:
    told = chunks(client(PROFILE), model=PLAIN, stream_options={"include_usage": True})
    finish, tail = (chunk.to_dict() for chunk in told[-2:])
    inside: Any = finish["x_groq"]
    assert finish["usage"] == inside["usage"] == tail["usage"]
    assert tail["choices"] == []


def test_usage_is_on_the_chunk_that_finishes_though_nobody_asked(client: Clients) -> None:
    told = chunks(client(PROFILE), model=PLAIN)
    assert told[-1].choices[0].finish_reason == "stop"
    assert told[-1].usage is not None


def test_a_tool_call_comes_in_one_chunk(client: Clients) -> None:
    told = chunks(client(PROFILE), model=PLAIN, tools=[LOOK], tool_choice="required")
    (call,) = [call for chunk in told for call in chunk.choices[0].delta.tool_calls or []]
    assert call.function is not None
    assert isinstance(json.loads(call.function.arguments or ""), dict)


def test_there_is_no_content_beside_a_tool_call(raw: Raw) -> None:
    message = raw(PROFILE, CHAT, body(tools=[LOOK], tool_choice="required")).json()["choices"][0]["message"]
    assert set(message) == {"role", "tool_calls"}


def test_reasoning_is_called_reasoning_and_comes_on_a_channel(client: Clients) -> None:
    deltas: Any = [chunk.choices[0].delta for chunk in chunks(client(PROFILE), model=THINKING)]
    thoughts = [delta for delta in deltas if getattr(delta, "reasoning", None)]
    assert {delta.channel for delta in thoughts} == {"analysis"}
    assert not any(hasattr(delta, "reasoning_content") for delta in deltas)


@pytest.mark.parametrize("key", ["", "sk-mock-invalid"])
def test_no_key_and_a_wrong_key_read_the_same_and_name_no_parameter(key: str, raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(), key=key)
    error = {"message": "Invalid API Key", "type": "invalid_request_error", "code": "invalid_api_key"}
    assert (answer.status_code, answer.json()) == (401, {"error": error})


def test_an_unknown_path_needs_no_key(raw: Raw) -> None:
    answer = raw(PROFILE, "/openai/v1/completions", {}, key="")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_url")


def test_a_wrong_method_is_an_unknown_url(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT)
    assert answer.status_code == 404
    assert f"Unknown request URL: GET {CHAT}." in answer.json()["error"]["message"]


def test_a_tool_call_that_fails_is_an_event_within_a_good_stream(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(stream=True), key="sk-mock-error-fails-midway")
    last = answer.text.rstrip("\n").split("\n\n")[-1]
    assert answer.status_code == 200
    assert last.startswith("event: error\ndata: ")
    assert json.loads(last.split("data: ")[1])["error"]["status_code"] == 400


def test_the_sdk_raises_in_the_middle_of_that_stream(client: Clients) -> None:
    with pytest.raises(openai.APIError, match="model did not call a tool") as caught:
        chunks(client(PROFILE, api_key="sk-mock-error-fails-midway"), model=PLAIN)
    assert not isinstance(caught.value, openai.APIStatusError)


def test_a_model_that_is_gone_is_400_and_one_that_never_was_404(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="has been decommissioned"):
        ask(client(PROFILE), model="llama3-70b-8192")
    with pytest.raises(openai.NotFoundError):
        ask(client(PROFILE), model="no-such")


def test_a_property_that_is_not_known_is_refused(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="property 'top_k' is unsupported"):
        ask(client(PROFILE), model=PLAIN, extra_body={"top_k": 3})
