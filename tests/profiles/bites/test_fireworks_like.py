"""What a client of a host of open models stumbles over: fireworks-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks

PROFILE = "fireworks-like"
MODEL = "accounts/fireworks/models/deepseek-v4-pro"


def test_a_short_name_of_a_model_is_unknown(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match="Model not found, inaccessible, and/or not deployed") as caught:
        ask(client(PROFILE), model="deepseek-v4-pro")
    assert (caught.value.code, caught.value.param) == ("NOT_FOUND", "model")


def test_the_id_of_a_request_stands_beside_the_error_and_in_a_header(raw: Raw) -> None:
    asked = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}
    answer = raw(PROFILE, "/inference/v1/chat/completions", asked, key="")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "UNAUTHORIZED")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_a_key_that_it_does_not_know_in_a_tool_is_refused(client: Clients) -> None:
    tool: Any = {"type": "function", "function": {"name": "f", "arguments": {"type": "object"}}}
    with pytest.raises(openai.BadRequestError, match=r"field: 'tools\[0\]\.function\.arguments'") as caught:
        ask(client(PROFILE), model=MODEL, tools=[tool])
    assert caught.value.code == "invalid_request_error"


def test_a_schema_beside_its_place_is_refused(client: Clients) -> None:
    form: Any = {"type": "json_schema", "json_schema": {"name": "a", "type": "object", "properties": {}}}
    with pytest.raises(openai.BadRequestError, match="Invalid json_schema format"):
        ask(client(PROFILE), model=MODEL, response_format=form)


def test_five_alternatives_are_the_most(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="logprobs must be between 0 and 5: 20"):
        ask(client(PROFILE), model=MODEL, logprobs=True, top_logprobs=20)


def test_reasoning_is_called_reasoning_content_and_can_be_turned_off(client: Clients) -> None:
    shown: Any = ask(client(PROFILE), model=MODEL).choices[0].message
    hidden = ask(client(PROFILE), model=MODEL, reasoning_effort="none").choices[0].message
    assert (bool(shown.reasoning_content), hasattr(hidden, "reasoning_content")) == (True, False)


def test_each_choice_of_a_stream_has_raw_output(client: Clients) -> None:
    told: Any = chunks(client(PROFILE), model=MODEL)
    assert {choice.raw_output for chunk in told for choice in chunk.choices} == {None}


def test_a_wrong_method_is_405(raw: Raw) -> None:
    answer = raw(PROFILE, "/inference/v1/models", method="DELETE")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")


def test_an_account_without_money_is_412(client: Clients) -> None:
    with pytest.raises(openai.APIStatusError, match="is suspended, possibly due to reaching") as caught:
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=MODEL)
    assert (caught.value.status_code, caught.value.code) == (412, "PRECONDITION_FAILED")


def test_too_many_requests_have_a_text_for_their_error(raw: Raw) -> None:
    asked = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}
    answer = raw(PROFILE, "/inference/v1/chat/completions", asked, key="sk-mock-rate-limited")
    assert (answer.status_code, answer.json()["error"]) == (429, "Too Many Requests")
