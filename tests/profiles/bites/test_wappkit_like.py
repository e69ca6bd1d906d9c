"""What a client of this relay stumbles over: wappkit-like. Most of it is inferred."""

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask

PROFILE = "wappkit-like"


def test_an_empty_balance_is_429_as_a_rate_limit_is(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model="gpt-5.5")
    assert caught.value.code == "insufficient_user_quota"


def test_a_model_may_refuse_what_another_takes(client: Clients) -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object", "properties": {}}}}
    asked = client(PROFILE)
    assert ask(asked, model="gpt-5.4", response_format=schema).choices[0].message.content
    with pytest.raises(openai.BadRequestError, match="response_format"):
        ask(asked, model="deepseek-v3.2", response_format=schema)


def test_the_list_of_models_needs_a_token(raw: Raw) -> None:
    assert raw(PROFILE, "/v1/models", key="").status_code == 401


def test_v1_belongs_to_the_base_url(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", {"model": "gpt-5.5", "messages": []})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_model_that_others_have_may_be_unknown_here(client: Clients) -> None:
    with pytest.raises(openai.InternalServerError, match="No available channel for model gpt-4o "):
        ask(client(PROFILE), model="gpt-4o")
