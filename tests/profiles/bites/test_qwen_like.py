"""What a client stumbles over at a provider whose later pieces of a call have an empty id: qwen-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, body_for, chunks
from tests.vectors.refusals import FUNCTION

PROFILE = "qwen-like"
ROOT = "/compatible-mode/v1"
CHAT = f"{ROOT}/chat/completions"
PLAIN, OLD, THINKING = "qwen-plus", "qwen-turbo", "qwen3.8-max"
FORCED: dict[str, Any] = {"tools": [FUNCTION], "tool_choice": "required"}
QUIET: dict[str, Any] = {"extra_body": {"enable_thinking": False}}


def body(model: str = PLAIN, **more: Any) -> dict[str, Any]:
    return body_for(model, **more)


def test_later_pieces_of_a_tool_call_have_an_empty_id(client: Clients) -> None:
    told = chunks(client(PROFILE), model=THINKING, **FORCED, **QUIET)
    first, *others = [call.id for chunk in told for call in (chunk.choices[0].delta.tool_calls or [])]
    assert first
    assert set(others) == {""}


def test_the_second_piece_of_an_older_models_call_has_an_empty_name(client: Clients) -> None:
    told = chunks(client(PROFILE), model=OLD, **FORCED)
    pieces = [call.function for chunk in told for call in (chunk.choices[0].delta.tool_calls or [])]
    assert [piece.name for piece in pieces[:2] if piece] == ["f", ""]


def test_a_model_that_thinks_cannot_be_forced_to_call(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="does not support being set to required or object in thinking"):
        ask(client(PROFILE), model=THINKING, **FORCED)


def test_content_and_reasoning_stand_side_by_side_and_one_is_empty(client: Clients) -> None:
    deltas: Any = [chunk.choices[0].delta for chunk in chunks(client(PROFILE), model=THINKING)]
    assert all("" in (delta.content, delta.reasoning_content) for delta in deltas)
    assert any(delta.reasoning_content for delta in deltas)


def test_an_empty_purse_is_400(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="make sure your account is in good standing") as caught:
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=PLAIN)
    assert caught.value.code == "Arrearage"


def test_insufficient_quota_means_too_many_tokens_in_a_minute(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError, match="exceeded your current quota") as caught:
        ask(client(PROFILE, api_key="sk-mock-error-rate-limited-tokens"), model=PLAIN)
    assert caught.value.code == "insufficient_quota"


def test_the_id_of_a_failed_request_stands_beside_the_error(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body("no-such"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_what_is_refused_in_a_stream_is_400_and_reads_as_an_event(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(stream=True), key="sk-mock-error-content-filtered")
    assert answer.status_code == 400
    assert answer.text.startswith('data: {"error":{"code":"data_inspection_failed"')


def test_json_is_promised_only_where_the_prompt_says_so(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json' in some form"):
        ask(client(PROFILE), model=PLAIN, response_format={"type": "json_object"})


def test_no_more_than_ten_texts_are_embedded_at_once(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="should not be larger than 10"):
        client(PROFILE).embeddings.create(model="text-embedding-v4", input=["a"] * 11)
