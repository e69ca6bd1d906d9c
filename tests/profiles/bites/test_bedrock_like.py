"""What a client of a cloud's two doors for OpenAI's APIs stumbles over: bedrock-like."""

import json
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks

PROFILE = "bedrock-like"
MANTLE, RUNTIME = "openai.gpt-oss-20b", "openai.gpt-oss-20b-1:0"


def test_the_events_of_a_response_have_no_event_line(raw: Raw) -> None:
    text = raw(PROFILE, "/v1/responses", {"model": MANTLE, "input": "Hi", "stream": True}).text
    assert "event:" not in text
    assert all(line.startswith("data: {") for line in text.split("\n") if line)


def test_the_sdk_reads_a_response_all_the_same(client: Clients) -> None:
    answer = client(PROFILE).responses.create(model=MANTLE, input="Hi")
    assert answer.output_text


def test_reasoning_is_a_field_at_one_door_and_text_at_the_other(client: Clients) -> None:
    shown: Any = ask(client(PROFILE), model=MANTLE).choices[0].message
    assert shown.reasoning
    assert (ask(client(PROFILE), model=RUNTIME).choices[0].message.content or "").startswith("<reasoning>")


def test_padding_stands_within_the_choice(client: Clients) -> None:
    told: Any = chunks(client(PROFILE), model=MANTLE)
    assert all(isinstance(chunk.choices[0].obfuscation, str) for chunk in told)
    assert {chunk.obfuscation for chunk in told} == {None}


def test_keys_come_in_the_order_of_the_alphabet(raw: Raw) -> None:
    asked = {"model": MANTLE, "messages": [{"role": "user", "content": "Hi"}]}
    answer = json.loads(raw(PROFILE, "/v1/chat/completions", asked).text)
    assert list(answer) == sorted(answer)


def test_a_wrong_key_is_an_error_object_at_one_door_and_a_message_at_the_other(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError, match="Invalid bearer token") as mantle:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MANTLE)
    assert (mantle.value.code, mantle.value.type) == ("invalid_api_key", "permission_denied_error")
    with pytest.raises(openai.PermissionDeniedError) as runtime:
        ask(client(PROFILE, api_key="sk-mock-error-invalid-key-runtime"), model=RUNTIME)
    assert runtime.value.body == {"Message": "Authentication failed: Please make sure your API Key is valid."}


def test_a_model_that_is_not_the_accounts_is_401_like_a_wrong_key(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client(PROFILE, api_key="sk-mock-error-forbidden"), model=MANTLE)
    assert caught.value.code == "access_denied"


def test_an_unknown_model_has_a_code_of_its_own(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match=r"The model 'openai\.no-such' does not exist") as caught:
        ask(client(PROFILE), model="openai.no-such")
    assert caught.value.code == "not_found_error"


def test_both_roots_answer(raw: Raw) -> None:
    asked = {"model": MANTLE, "messages": [{"role": "user", "content": "Hi"}]}
    assert [raw(PROFILE, f"{root}/chat/completions", asked).status_code for root in ("/v1", "/openai/v1")] == [200, 200]
