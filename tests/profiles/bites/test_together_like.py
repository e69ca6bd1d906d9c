"""What a client of a provider with legacy fields in its chunks stumbles over: together-like."""

import json
from functools import partial
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, body_for, chunks

PROFILE = "together-like"
CHAT = "/v1/chat/completions"
NEW, TURBO = "openai/gpt-oss-120b", "meta-llama/Llama-3.3-70B-Instruct-Turbo"
FUNCTION: Any = {
    "type": "function",
    "function": {"name": "f", "parameters": {"type": "object", "properties": {"a": {"type": "string"}}}},
}


body = partial(body_for, model=NEW)


def test_later_pieces_of_a_call_have_null_for_id_and_name(client: Clients) -> None:
    told = chunks(client(PROFILE), model=NEW, tools=[FUNCTION], tool_choice="required")
    calls = [call for chunk in told for choice in chunk.choices for call in choice.delta.tool_calls or ()]
    assert calls[0].function is not None
    assert (bool(calls[0].id), calls[0].function.name) == (True, "f")
    assert {(call.id, call.function and call.function.name) for call in calls[1:]} == {(None, None)}


def test_usage_comes_in_a_chunk_of_its_own_unasked(client: Clients) -> None:
    last = chunks(client(PROFILE), model=NEW)[-1]
    assert last.choices == []
    assert last.usage is not None


def test_a_turbo_model_has_usage_with_the_finish(client: Clients) -> None:
    last = chunks(client(PROFILE), model=TURBO)[-1]
    assert last.choices[0].finish_reason == "stop"
    assert last.usage is not None


def test_a_turbo_models_seed_is_larger_than_a_double_can_tell(raw: Raw) -> None:
    assert raw(PROFILE, CHAT, body(model=TURBO)).json()["choices"][0]["seed"] > 2**53


def test_reasoning_is_shown_and_not_counted(client: Clients) -> None:
    answer: Any = ask(client(PROFILE), model=NEW)
    assert answer.choices[0].message.reasoning
    assert answer.usage.reasoning_tokens == 0


def test_without_calls_there_is_an_empty_list_of_them(client: Clients) -> None:
    assert ask(client(PROFILE), model=NEW).choices[0].message.tool_calls == []


def test_logprobs_is_a_number(client: Clients) -> None:
    logprobs = ask(client(PROFILE), model=NEW, extra_body={"logprobs": 2}).choices[0].logprobs
    assert logprobs is not None
    assert logprobs.content
    assert {len(token.top_logprobs) for token in logprobs.content} == {2}


def test_streamed_logprobs_are_lists_side_by_side(raw: Raw) -> None:
    text = raw(PROFILE, CHAT, body(stream=True, logprobs=1)).text
    told = [json.loads(line[6:]) for line in text.split("\n\n") if line.startswith("data: {")]
    shown = [chunk["choices"][0]["logprobs"] for chunk in told if chunk["choices"] and chunk["choices"][0]["text"]]
    assert shown
    assert all(set(each) == {"tokens", "token_logprobs", "token_ids", "top_logprobs"} for each in shown)


def test_the_listing_is_a_bare_list(raw: Raw) -> None:
    listed = raw(PROFILE, "/v1/models").json()
    assert isinstance(listed, list)
    assert NEW in {entry["id"] for entry in listed}


def test_no_key_is_answered_in_plain_text(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(), key="")
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (401, "text/plain", "Missing API key")


def test_an_error_has_an_id_beside_it(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(), key="sk-mock-rate-limited")
    assert (answer.status_code, answer.json()["error"]["type"]) == (429, "rate_limit")
    assert answer.json()["id"] == answer.headers["x-request-id"]


def test_an_unknown_model_is_404_with_a_code_of_its_own(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match="Unable to access model no/such") as caught:
        ask(client(PROFILE), model="no/such")
    assert caught.value.code == "model_not_available"
