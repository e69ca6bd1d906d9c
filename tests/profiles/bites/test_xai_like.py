"""What a client stumbles over where an error is a text and reasoning is no completion: xai-like."""

import json
import uuid
from functools import partial
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, body_for, chunks

PROFILE = "xai-like"
CHAT = "/v1/chat/completions"
MODEL = "grok-4.3"


body = partial(body_for, model=MODEL)


def test_a_wrong_key_is_400_and_the_error_a_text(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MODEL)
    assert isinstance(caught.value.body, str)
    assert caught.value.body.startswith("Incorrect API key provided.")


def test_no_key_is_401(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(), key="")
    assert answer.status_code == 401
    assert answer.json() == {"code": "unauthenticated:no-credentials", "error": "No credentials presented."}


def test_an_unknown_model_is_404_in_a_chat_and_400_in_a_response(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        ask(client(PROFILE), model="no-such")
    assert str(caught.value.body).startswith("The model no-such does not exist")
    with pytest.raises(openai.BadRequestError) as refused:
        client(PROFILE).responses.create(model="no-such", input="Hi")
    assert refused.value.body == "Model not found: no-such"


def test_the_tokens_of_the_completion_are_without_those_of_the_reasoning(client: Clients) -> None:
    usage: Any = ask(client(PROFILE), model=MODEL).usage
    thought = usage.completion_tokens_details.reasoning_tokens
    assert thought > 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens + thought


def test_a_finish_reason_is_absent_until_there_is_one(raw: Raw) -> None:
    events = raw(PROFILE, CHAT, body(stream=True)).text.split("\n\n")
    choices = [json.loads(event[6:])["choices"][0] for event in events if event.startswith("data: {")]
    assert ["finish_reason" in choice for choice in choices] == [False] * (len(choices) - 1) + [True]


def test_the_first_chunk_brings_the_role_and_a_piece_of_reasoning(client: Clients) -> None:
    delta: Any = chunks(client(PROFILE), model=MODEL)[0].choices[0].delta
    assert delta.role == "assistant"
    assert delta.reasoning_content


def test_a_penalty_is_refused(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client(PROFILE), model=MODEL, presence_penalty=0)
    assert caught.value.body == "Model grok-4.3 does not support parameter presencePenalty."


def test_an_unknown_path_is_plain_text(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/nothing", {})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert answer.text.startswith("The requested resource was not found.")


def test_a_wrong_method_is_405_and_nothing_else(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT)
    assert (answer.status_code, answer.content) == (405, b"")


def test_a_response_has_a_bare_uuid_and_its_items_and_the_request_have_the_same(client: Clients) -> None:
    answer = client(PROFILE).responses.with_raw_response.create(model=MODEL, input="Hi")
    made: Any = answer.parse()
    assert str(uuid.UUID(made.id)) == made.id == answer.headers["x-request-id"]
    assert [item.id for item in made.output] == [f"rs_{made.id}", f"msg_{made.id}"]


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
def test_reasoning_is_summed_up_though_nobody_asked(stream: bool, client: Clients) -> None:
    made: Any = client(PROFILE).responses.create(model=MODEL, input="Hi", stream=stream)
    response = list(made)[-1].response if stream else made
    assert response.output[0].summary[0].text
    assert response.reasoning.summary == (None if stream else "detailed")
