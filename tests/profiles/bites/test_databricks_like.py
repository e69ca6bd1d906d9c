"""What a client of a workspace's serving endpoints stumbles over: databricks-like."""

import json
from functools import partial

import openai
import pytest

from tests.profiles.bites.conftest import FUNCTION, Clients, Raw, ask, body_for, chunks

PROFILE = "databricks-like"
CHAT = "/serving-endpoints/chat/completions"
MODEL = "databricks-claude-3-7-sonnet"


body = partial(body_for, model=MODEL)


def test_every_chunk_has_usage_and_only_the_last_a_total(client: Clients) -> None:
    totals = [chunk.usage.total_tokens for chunk in chunks(client(PROFILE), model=MODEL) if chunk.usage]
    assert len(totals) > 1
    assert totals[:-1] == [None] * (len(totals) - 1)
    assert totals[-1] > 0


def test_no_chunk_opens_a_choice_without_text(raw: Raw) -> None:
    first, *_ = raw(PROFILE, CHAT, body(stream=True)).text.split("\n\n")
    delta = json.loads(first.removeprefix("data: "))["choices"][0]["delta"]
    assert delta["role"] == "assistant"
    assert delta["content"]


def test_each_piece_of_a_call_has_a_role_and_null_for_content(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL, tools=[FUNCTION], tool_choice="required")
    deltas = [choice.delta for chunk in told for choice in chunk.choices if choice.delta.tool_calls]
    assert deltas
    assert {(delta.role, delta.content) for delta in deltas} == {("assistant", None)}


def test_the_model_that_answers_has_the_upstreams_name_and_id(client: Clients) -> None:
    answer = ask(client(PROFILE), model=MODEL)
    assert (answer.model, answer.id[:9]) == ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", "msg_bdrk_")


def test_the_model_may_stand_in_the_path_in_place_of_the_body(raw: Raw) -> None:
    asked = {"messages": [{"role": "user", "content": "Hi"}]}
    answer = raw(PROFILE, f"/serving-endpoints/{MODEL}/invocations", asked)
    assert answer.json()["model"].endswith("claude-3-7-sonnet-20250219-v1:0")


def test_a_wrong_token_is_403_with_a_number_for_its_code(client: Clients) -> None:
    with pytest.raises(openai.PermissionDeniedError, match="Invalid access token") as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MODEL)
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["error_code"] == 403


def test_an_unknown_endpoint_is_404_without_an_error_object(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        ask(client(PROFILE), model="no-such")
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["error_code"] == "ENDPOINT_NOT_FOUND"


def test_an_unknown_path_is_named_in_its_refusal(raw: Raw) -> None:
    answer = raw(PROFILE, "/serving-endpoints/nosuch/route", {})
    assert answer.json()["message"] == "No API found for 'POST /serving-endpoints/nosuch/route'"
