"""What a client of models behind an account's path stumbles over: cloudflare-like."""

import json
from functools import partial
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, body_for, chunks

PROFILE = "cloudflare-like"
CHAT = "/client/v4/accounts/0123456789abcdef/ai/v1/chat/completions"
MODEL = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
SCHEMA: Any = {
    "type": "json_schema",
    "json_schema": {
        "name": "a",
        "schema": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    },
}


body = partial(body_for, model=MODEL)


def test_content_that_fits_a_schema_is_an_object(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(response_format=SCHEMA)).json()
    assert isinstance(answer["choices"][0]["message"]["content"]["name"], str)
    assert "usage" not in answer


def test_the_sdk_hands_that_object_on_as_content(client: Clients) -> None:
    content: Any = ask(client(PROFILE), model=MODEL, response_format=SCHEMA).choices[0].message.content
    assert isinstance(content, dict)


def test_a_schema_in_a_stream_is_403(client: Clients) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        chunks(client(PROFILE), model=MODEL, response_format=SCHEMA)
    assert "JSON Schema mode is not supported with stream mode" in caught.value.response.json()["errors"][0]["message"]


def test_no_chunk_has_a_role(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL)
    assert {chunk.choices[0].delta.role for chunk in told} == {None}


def test_only_the_last_chunk_has_a_finish_reason_and_usage(raw: Raw) -> None:
    events = raw(PROFILE, CHAT, body(stream=True)).text.split("\n\n")
    told = [json.loads(event.removeprefix("data: ")) for event in events if event.startswith("data: {")]
    ends = [("finish_reason" in chunk["choices"][0], "usage" in chunk) for chunk in told]
    assert ends == [(False, False)] * (len(ends) - 1) + [(True, True)]


def test_an_id_is_made_of_the_time(client: Clients) -> None:
    answer = ask(client(PROFILE), model=MODEL)
    assert answer.id.startswith(f"id-{answer.created}")


def test_errors_are_a_list_in_which_the_sdk_finds_no_message(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MODEL)
    assert isinstance(caught.value.body, dict)
    assert str(caught.value) == "Error code: 401"
    assert caught.value.body["errors"] == [{"code": 10000, "message": "Authentication error"}]


def test_an_unknown_model_is_400(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client(PROFILE), model="@cf/no/such")
    (error,) = caught.value.response.json()["errors"]
    assert error["code"] == 5007
    assert error["message"].startswith("AiError: No such model: No such model @cf/no/such or task (")


def test_an_unknown_path_is_400_too(raw: Raw) -> None:
    answer = raw(PROFILE, "/client/v4/nosuch", {})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, 7000)
