"""What a client of this relay stumbles over: botat-like. All of it is inferred."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask

PROFILE = "botat-like"
SCHEMA: Any = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object", "properties": {}}}}


def test_the_same_model_chats_and_refuses_a_response_format(client: Clients) -> None:
    asked = client(PROFILE)
    assert ask(asked, model="deepseek-chat").choices[0].message.content
    with pytest.raises(openai.BadRequestError, match="This response_format type is unavailable now"):
        ask(asked, model="deepseek-chat", response_format=SCHEMA)


def test_another_model_drops_it_and_answers_in_prose(client: Clients) -> None:
    said = ask(client(PROFILE), model="claude-haiku-4-5-20251001", response_format=SCHEMA).choices[0].message.content
    assert said
    assert not said.startswith("{")


def test_the_list_of_models_needs_a_token(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError, match="Invalid token"):
        client(PROFILE, api_key="sk-mock-invalid").models.list()


def test_v1_belongs_to_the_base_url(raw: Raw) -> None:
    assert raw(PROFILE, "/models").text.startswith("<!doctype html>")


def test_a_wrong_model_name_is_a_503_of_the_gateway_s_own(client: Clients) -> None:
    with pytest.raises(openai.InternalServerError, match="No available channel") as caught:
        ask(client(PROFILE), model="nope")
    assert caught.value.code == "model_not_found"
