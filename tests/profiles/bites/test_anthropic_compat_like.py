"""What a client of a second API in front of another one stumbles over: anthropic-compat-like."""

from functools import partial
from typing import Any
from uuid import uuid4

import openai
import pytest

from tests.profiles.bites.conftest import FUNCTION, Clients, Raw, Served, ask, body_for, chunks

PROFILE = "anthropic-compat-like"
CHAT = "/v1/chat/completions"
MODEL = "claude-sonnet-4-5"


body = partial(body_for, model=MODEL)


def test_an_alias_answers_under_its_dated_name(client: Clients) -> None:
    assert ask(client(PROFILE), model=MODEL).model == "claude-sonnet-4-5-20250929"


def test_a_schema_is_ignored_without_a_word(client: Clients) -> None:
    form: Any = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object", "properties": {}}}}
    plain, told = (ask(client(PROFILE), model=MODEL, **more) for more in ({}, {"response_format": form}))
    assert not (told.choices[0].message.content or "{").startswith("{")
    assert plain.choices[0].finish_reason == told.choices[0].finish_reason == "stop"


def test_probabilities_are_ignored_without_a_word(client: Clients) -> None:
    assert ask(client(PROFILE), model=MODEL, logprobs=True, top_logprobs=2).choices[0].logprobs is None


def test_a_second_choice_is_refused(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client(PROFILE), model=MODEL, n=2)
    assert caught.value.type == "invalid_request_error"


def test_a_high_temperature_passes(client: Clients) -> None:
    assert ask(client(PROFILE), model=MODEL, temperature=1.9).choices


def test_a_call_opens_with_its_name_and_empty_arguments(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL, tools=[FUNCTION], tool_choice="required")
    opening = next(choice.delta.tool_calls[0] for c in told for choice in c.choices if choice.delta.tool_calls)
    assert opening.function is not None
    assert ((opening.id or "")[:8], opening.function.name, opening.function.arguments) == ("toolu_01", "f", "")


def test_a_call_after_a_text_has_index_one(client: Clients, served: Served) -> None:
    key = f"sk-{uuid4().hex}"
    said = {"text": "Reading.", "tool_calls": [{"name": "f", "arguments": {}}]}
    served(PROFILE).add_rules([{"then": said}], tenant=key)
    told = chunks(client(PROFILE, api_key=key), model=MODEL, tools=[FUNCTION])
    assert {c.index for chunk in told for choice in chunk.choices for c in choice.delta.tool_calls or ()} == {1}


def test_rate_headers_have_names_of_their_own(raw: Raw) -> None:
    headers = raw(PROFILE, CHAT, body()).headers
    assert headers["x-ratelimit-requests"] == "4000"
    assert "x-ratelimit-limit-requests" not in headers


def test_every_error_has_one_type_and_the_native_one_for_its_code(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError, match="Invalid Anthropic API Key") as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MODEL)
    assert (caught.value.type, caught.value.code) == ("invalid_request_error", "authentication_error")


def test_too_busy_is_529(client: Clients) -> None:
    with pytest.raises(openai.InternalServerError, match="Overloaded") as caught:
        ask(client(PROFILE, api_key="sk-mock-overloaded"), model=MODEL)
    assert caught.value.status_code == 529


def test_an_empty_account_is_400(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="Your credit balance is too low"):
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=MODEL)


def test_the_listing_is_the_native_one(raw: Raw) -> None:
    listed = raw(PROFILE, "/v1/models").json()
    assert "object" not in listed
    assert {entry["type"] for entry in listed["data"]} == {"model"}
