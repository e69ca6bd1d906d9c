"""What a client stumbles over at an SGLang server."""

import json
import re
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks

PROFILE = "sglang-like"
MODEL = "meta-llama/Llama-3.1-8B-Instruct"
BODY: Any = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}


def test_an_id_is_bare_hex(client: Clients) -> None:
    assert re.fullmatch("[0-9a-f]{32}", ask(client(PROFILE), model=MODEL).id)


def test_every_delta_has_every_key(client: Clients) -> None:
    deltas = [choice.delta.to_dict() for chunk in chunks(client(PROFILE), model=MODEL) for choice in chunk.choices]
    assert {frozenset(delta) for delta in deltas} == {
        frozenset({"role", "content", "reasoning_content", "tool_calls"}),
    }


def test_reasoning_tokens_stand_beside_the_totals(client: Clients) -> None:
    usage: Any = ask(client(PROFILE), model="deepseek-ai/DeepSeek-R1").usage
    assert usage.reasoning_tokens > 0
    assert usage.completion_tokens_details is None


def test_any_name_of_a_model_is_echoed(client: Clients) -> None:
    assert ask(client(PROFILE), model="nobody").model == "nobody"


def test_an_error_is_flat(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/chat/completions", {**BODY, "messages": []})
    assert (answer.status_code, answer.json()["object"]) == (400, "error")
    assert answer.json()["message"] == "Messages cannot be empty."


def test_a_prompt_that_is_too_long_is_400_with_a_number_as_its_code(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="is longer than the model's context length") as caught:
        ask(client(PROFILE), "word " * 600_000, model=MODEL)
    assert caught.value.response.json()["code"] == 400


def test_within_a_stream_an_error_stands_under_error(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/chat/completions", {**BODY, "stream": True}, key="sk-mock-error-fails-midway")
    *_, error, end = answer.text.rstrip().split("\n\n")
    assert end == "data: [DONE]"
    assert json.loads(error.removeprefix("data: "))["error"]["object"] == "error"
