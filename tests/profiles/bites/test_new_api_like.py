"""What a client of a relay stumbles over: new-api-like."""

from functools import partial
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, body_for, chunks

PROFILE = "new-api-like"
PLAIN, CONVERTED = "gpt-4o-mini", "claude-haiku-4-5-20251001"
CHAT = "/v1/chat/completions"


body = partial(body_for, model=PLAIN)


def test_without_v1_a_client_gets_a_web_page_with_status_200(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", body())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_openai_python_hands_that_page_on_as_text(client: Clients, raw: Raw) -> None:
    root = str(raw(PROFILE, "/").url)
    assert isinstance(ask(client(PROFILE, base_url=root), model=PLAIN), str)


def test_an_unknown_path_below_v1_is_404(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match=r"Invalid URL \(POST /v1/nowhere\)"):
        client(PROFILE).post("/nowhere", cast_to=object)


@pytest.mark.parametrize("stream", [False, True])
def test_an_unknown_model_is_503_also_for_a_stream(client: Clients, stream: bool) -> None:
    with pytest.raises(openai.InternalServerError, match="No available channel for model nope") as caught:
        ask(client(PROFILE), model="nope", stream=stream)
    assert (caught.value.status_code, caught.value.code, caught.value.type) == (503, "model_not_found", "new_api_error")


def test_a_single_unknown_model_is_an_error_with_status_200(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/models/nope")
    assert (answer.status_code, answer.json()["error"]["code"]) == (200, "model_not_found")


def test_the_list_of_models_needs_a_key(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/models", key="")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "")


def test_a_request_without_messages_is_500(client: Clients) -> None:
    with pytest.raises(openai.InternalServerError, match="field messages is required") as caught:
        client(PROFILE).chat.completions.create(model=PLAIN, messages=[])
    assert (caught.value.status_code, caught.value.code) == (500, "invalid_request")


def test_an_empty_balance_is_403(client: Clients) -> None:
    with pytest.raises(openai.PermissionDeniedError, match="用户额度不足") as caught:
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=PLAIN)
    assert caught.value.code == "insufficient_user_quota"


def test_the_request_id_is_in_the_message_and_in_a_header(client: Clients) -> None:
    with pytest.raises(openai.InternalServerError) as caught:
        ask(client(PROFILE), model="nope")
    ident = caught.value.response.headers["x-oneapi-request-id"]
    assert f"(request id: {ident})" in caught.value.message


def test_a_limit_by_address_is_429_without_a_body(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client(PROFILE, api_key="sk-mock-error-rate-limited-by-address"), model=PLAIN)
    assert caught.value.response.content == b""


def test_a_slow_upstream_is_a_page_of_the_web_server(client: Clients) -> None:
    with pytest.raises(openai.InternalServerError) as caught:
        ask(client(PROFILE, api_key="sk-mock-error-gateway-timeout"), model=PLAIN)
    assert "504 Gateway Time-out" in caught.value.response.text


def test_an_upstream_that_is_converted_has_usage_null_in_each_chunk(raw: Raw) -> None:
    told = raw(PROFILE, CHAT, body(model=CONVERTED, stream=True)).text.split("\n\n")
    assert all(event.endswith('"usage":null}') for event in told if event.startswith("data: {"))


def test_an_upstream_that_is_converted_counts_input_and_output_as_nothing(client: Clients) -> None:
    usage: Any = ask(client(PROFILE), model=CONVERTED).usage
    assert usage.prompt_tokens
    assert (usage.input_tokens, usage.output_tokens) == (0, 0)


def test_reasoning_is_called_reasoning_content(client: Clients) -> None:
    told: Any = chunks(client(PROFILE), model="deepseek-reasoner")
    assert any(getattr(chunk.choices[0].delta, "reasoning_content", "") for chunk in told)
