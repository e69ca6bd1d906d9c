"""What a client stumbles over where errors are flat and tool calls come with the end: mistral-like."""

import json
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import LOOK, Clients, Raw, ask, chunks

PROFILE = "mistral-like"
MODEL = "mistral-small-latest"


def test_a_tool_call_comes_whole_on_the_chunk_that_finishes(client: Clients) -> None:
    opening, closing = chunks(client(PROFILE), model=MODEL, tools=[LOOK], tool_choice="required")
    (call,) = closing.choices[0].delta.tool_calls or []
    assert opening.choices[0].delta.tool_calls is None
    assert closing.choices[0].finish_reason == "tool_calls"
    assert call.function is not None
    assert isinstance(json.loads(call.function.arguments or ""), dict)


def test_usage_is_on_the_chunk_that_finishes_though_nobody_asked(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL)
    assert [chunk.usage is None for chunk in told] == [True] * (len(told) - 1) + [False]
    assert told[-1].choices[0].finish_reason == "stop"


def test_chunks_are_padded_with_the_beginning_of_the_alphabet(client: Clients) -> None:
    paddings = [chunk.to_dict().get("p") for chunk in chunks(client(PROFILE), model=MODEL)]
    assert paddings[0] is None
    assert all("abcdefghijklmnopqrstuvwxyz0123456789".startswith(str(padding)) for padding in paddings[1:])


def test_reasoning_makes_an_array_of_the_content(client: Clients) -> None:
    content: Any = ask(client(PROFILE), model=MODEL, reasoning_effort="high").choices[0].message.content
    assert [part["type"] for part in content] == ["thinking", "text"]


def test_reasoning_is_streamed_as_an_array_and_the_text_after_it_as_text(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL, reasoning_effort="high")
    kinds = [type(chunk.choices[0].delta.content) for chunk in told]
    assert [kind for kind, last in zip(kinds, [None, *kinds], strict=False) if kind is not last] == [str, list, str]


def test_an_unknown_model_is_400_and_there_is_no_error_object(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client(PROFILE), model="no-such")
    assert caught.value.code == "1500"
    assert caught.value.body == {
        "object": "error",
        "message": "Invalid model: no-such",
        "type": "invalid_model",
        "param": None,
        "code": "1500",
        "raw_status_code": 400,
    }


def test_a_parameter_of_openai_is_422_and_the_message_is_an_object(client: Clients) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        ask(client(PROFILE), model=MODEL, max_completion_tokens=32000)
    body: Any = caught.value.body
    (problem,) = body["message"]["detail"]
    assert (problem["type"], problem["loc"]) == ("extra_forbidden", ["body", "max_completion_tokens"])
    assert problem["input"] == 32000


def test_the_id_of_a_tool_call_made_elsewhere_is_refused(client: Clients) -> None:
    theirs = "call_abcdefghijklmnopqrstuvwx"
    call = {"id": theirs, "type": "function", "function": {"name": "look", "arguments": "{}"}}
    messages: Any = [
        {"role": "user", "content": "Look"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": theirs, "content": "Seen"},
    ]
    with pytest.raises(openai.BadRequestError, match=f"Tool call id was {theirs} but must be") as caught:
        client(PROFILE).chat.completions.create(model=MODEL, messages=messages)
    assert caught.value.code == "3280"


@pytest.mark.parametrize(("key", "detail"), [("", "Unauthorized"), ("sk-mock-invalid", "Invalid API Key")])
def test_no_key_and_a_wrong_key_read_otherwise(key: str, detail: str, raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/chat/completions", {"model": MODEL, "messages": []}, key=key)
    assert (answer.status_code, answer.json()) == (401, {"detail": detail})


def test_a_path_that_is_not_served_is_refused_by_the_gateway_before_any_key_is_looked_at(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/nothing", {}, key="")
    assert answer.status_code == 404
    assert answer.json()["message"] == "no Route matched with those values"
    assert answer.json()["request_id"] == answer.headers["x-kong-request-id"]


def test_a_model_of_others_repeats_an_empty_name_with_each_piece_of_the_arguments(client: Clients) -> None:
    told = chunks(client(PROFILE), model="zai-glm-5-2", tools=[LOOK], tool_choice="required")
    calls = [call for chunk in told for call in chunk.choices[0].delta.tool_calls or []]
    assert [call.function and call.function.name for call in calls] == ["look"] + [""] * (len(calls) - 1)
    assert [call.id is None for call in calls] == [False] + [True] * (len(calls) - 1)
