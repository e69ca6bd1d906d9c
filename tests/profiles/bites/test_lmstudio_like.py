"""What a client stumbles over at LM Studio."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks

PROFILE = "lmstudio-like"
MODEL = "qwen3-4b"


def test_a_path_without_v1_is_a_success_that_is_an_error(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]})
    assert answer.status_code == 200
    assert answer.json() == {"error": "Unexpected endpoint or method. (POST /chat/completions)"}


def test_a_client_that_forgot_v1_gets_an_answer_without_choices(client: Clients) -> None:
    wrong = client(PROFILE)
    wrong.base_url = str(wrong.base_url).removesuffix("v1/")
    assert ask(wrong, model=MODEL).choices is None


def test_there_is_always_a_list_of_tool_calls(client: Clients) -> None:
    assert ask(client(PROFILE), model=MODEL).choices[0].message.tool_calls == []


def test_the_role_stands_in_every_delta_but_the_last(client: Clients) -> None:
    *told, last = (choice.delta.role for chunk in chunks(client(PROFILE), model=MODEL) for choice in chunk.choices)
    assert (set(told), last) == ({"assistant"}, None)


def test_the_model_stands_where_the_fingerprint_does(client: Clients) -> None:
    assert ask(client(PROFILE), model="whoever").system_fingerprint == "whoever"


def test_the_error_of_a_long_prompt_is_a_text(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client(PROFILE), "word " * 40_000, model=MODEL)
    assert "greater than the context length" in caught.value.response.json()["error"]


def test_an_error_within_a_stream_says_its_message_twice(raw: Raw) -> None:
    body: Any = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    answer = raw(PROFILE, "/v1/chat/completions", body, key="sk-mock-error-fails-midway")
    assert answer.text.endswith('data: {"error":{"message":"Compute error."},"message":"Compute error."}\n\n')
