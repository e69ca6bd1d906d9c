"""What a client of a gateway with many upstreams stumbles over: openrouter-like."""

import json
from functools import partial
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, body_for, chunks

PROFILE = "openrouter-like"
CHAT = "/api/v1/chat/completions"
ONE, OTHER = "anthropic/claude-haiku-4.5", "openai/gpt-4o-mini"


body = partial(body_for, model=ONE)


def test_a_plain_body_begins_with_blanks(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body())
    assert answer.content.startswith(b"\n         \n")
    assert answer.json()["object"] == "chat.completion"


def test_a_stream_begins_with_comments(raw: Raw) -> None:
    assert raw(PROFILE, CHAT, body(stream=True)).text.startswith(": OPENROUTER PROCESSING\n\n")


def test_the_finish_reason_comes_twice_and_the_second_time_with_usage(client: Clients) -> None:
    finishes = [chunk for chunk in chunks(client(PROFILE), model=ONE) if chunk.choices[0].finish_reason]
    assert [chunk.usage is None for chunk in finishes] == [True, False]


def test_every_chunk_has_a_choice_with_a_role(client: Clients) -> None:
    told = chunks(client(PROFILE), model=ONE, stream_options={"include_usage": True})
    assert [[choice.delta.role for choice in chunk.choices] for chunk in told] == [["assistant"]] * len(told)


def test_another_model_answers_than_the_one_asked_for(client: Clients) -> None:
    assert ask(client(PROFILE), model=ONE).model == "anthropic/claude-4.5-haiku-20251001"


@pytest.mark.parametrize(("model", "native"), [(ONE, "end_turn"), (OTHER, "stop")])
def test_the_upstream_has_a_finish_reason_of_its_own(client: Clients, model: str, native: str) -> None:
    choice: Any = ask(client(PROFILE), model=model).choices[0]
    assert (choice.finish_reason, choice.native_finish_reason) == ("stop", native)


def test_an_unknown_model_is_400_with_a_number_as_its_code(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="no/such is not a valid model ID") as caught:
        ask(client(PROFILE), model="no/such")
    assert caught.value.body == {"message": "no/such is not a valid model ID", "code": 400}


def test_reasoning_is_called_reasoning_and_has_details(client: Clients) -> None:
    message: Any = ask(client(PROFILE), model=ONE, extra_body={"reasoning": {"effort": "low"}}).choices[0].message
    assert message.reasoning_details[0]["text"] == message.reasoning
    assert not hasattr(message, "reasoning_content")


def test_tools_are_404_where_no_upstream_takes_them(client: Clients) -> None:
    tool: Any = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
    with pytest.raises(openai.NotFoundError, match="No endpoints found that support tool use"):
        ask(client(PROFILE), model="minimax/minimax-01", tools=[tool])


def test_a_stream_of_status_200_may_hold_an_error(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(stream=True), key="sk-mock-error-fails-midway")
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
    assert answer.status_code == 200
    assert events[-1]["error"] == {"code": 400, "message": "Token limit reached"}
    assert answer.text.endswith("data: [DONE]\n\n")


def test_no_credits_are_402(client: Clients) -> None:
    with pytest.raises(openai.APIStatusError, match="requires more credits") as caught:
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=OTHER)
    assert caught.value.status_code == 402


def test_the_list_of_models_needs_no_key_and_its_entries_have_no_object(raw: Raw) -> None:
    assert "object" not in raw(PROFILE, "/api/v1/models", key="").json()["data"][0]
