"""What a client of a self-hosted proxy stumbles over: litellm-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks

PROFILE = "litellm-like"
MODEL = "gpt-3.5-turbo"
ASKED: Any = {"include_usage": True}


def test_the_code_of_an_error_is_the_status_as_text(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="Invalid model name passed in model=nope") as caught:
        ask(client(PROFILE), model="nope")
    assert (caught.value.code, caught.value.type, caught.value.param) == ("400", "None", "None")


def test_a_key_must_begin_with_sk(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError, match="LiteLLM Virtual Key expected"):
        ask(client(PROFILE, api_key="not-needed"), model=MODEL)


def test_an_unknown_key_is_said_to_be_missing_in_a_table(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError, match="LiteLLM_VerificationTokenTable") as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MODEL)
    assert caught.value.type == "token_not_found_in_db"


def test_a_spent_budget_is_400(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="Budget has been exceeded") as caught:
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=MODEL)
    assert caught.value.type == "budget_exceeded"


def test_it_answers_with_v1_and_without(raw: Raw) -> None:
    asked = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}
    assert {raw(PROFILE, f"{root}/chat/completions", asked).status_code for root in ("", "/v1")} == {200}


def test_the_first_chunk_has_text_already(client: Clients) -> None:
    first = chunks(client(PROFILE), model=MODEL)[0].choices[0].delta
    assert first.role == "assistant"
    assert first.content


def test_usage_comes_in_a_chunk_with_a_choice(client: Clients) -> None:
    last = chunks(client(PROFILE), model=MODEL, stream_options=ASKED)[-1]
    assert last.usage
    assert [choice.delta.to_dict() for choice in last.choices] == [{}]


def test_stream_options_come_back_in_each_chunk(client: Clients) -> None:
    told: Any = chunks(client(PROFILE), model=MODEL, stream_options=ASKED)
    assert all(chunk.stream_options == ASKED for chunk in told)


def test_what_is_not_there_is_null_in_a_plain_message(raw: Raw) -> None:
    asked = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}
    message = raw(PROFILE, "/chat/completions", asked).json()["choices"][0]["message"]
    assert (message["tool_calls"], message["function_call"]) == (None, None)


def test_the_upstream_s_headers_come_back_with_a_prefix(client: Clients) -> None:
    answer = client(PROFILE).chat.completions.with_raw_response.create(
        model=MODEL, messages=[{"role": "user", "content": "Hi"}]
    )
    assert answer.headers["llm_provider-openai-version"] == "2020-10-01"
