"""What a client of an older relay stumbles over: one-api-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask

PROFILE = "one-api-like"
MODEL = "gpt-4o-mini"


def test_an_unknown_model_is_503_in_chinese_and_without_a_code(client: Clients) -> None:
    with pytest.raises(openai.InternalServerError, match="对于模型 nope 无可用渠道") as caught:
        ask(client(PROFILE), model="nope")
    assert (caught.value.status_code, caught.value.code, caught.value.type) == (503, None, "one_api_error")


def test_without_v1_a_client_gets_a_web_page_with_status_200(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", {"model": MODEL, "messages": []})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_token_that_is_used_up_is_401(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError, match="该令牌额度已用尽"):
        ask(client(PROFILE, api_key="sk-mock-error-invalid-key-exhausted"), model=MODEL)


def test_a_user_without_quota_is_403(client: Clients) -> None:
    with pytest.raises(openai.PermissionDeniedError, match="user quota is not enough"):
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=MODEL)


def test_a_request_without_messages_is_400(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="field messages is required") as caught:
        client(PROFILE).chat.completions.create(model=MODEL, messages=[])
    assert caught.value.code == "invalid_text_request"


def test_an_upstream_s_rate_limit_has_another_text(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError, match="当前分组上游负载已饱和") as caught:
        ask(client(PROFILE, api_key="sk-mock-rate-limited"), model=MODEL)
    assert "retry-after" not in caught.value.response.headers


def test_models_still_have_permissions(client: Clients) -> None:
    entry: Any = client(PROFILE).models.list().data[0]
    assert entry.permission[0]["object"] == "model_permission"
    assert entry.created == 1626777600


def test_an_upstream_that_breaks_leaves_done_alone(raw: Raw) -> None:
    asked = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    answer = raw(PROFILE, "/v1/chat/completions", asked, key="sk-mock-error-fails-midway")
    assert (answer.status_code, answer.text) == (200, "data: [DONE]\n\n")
