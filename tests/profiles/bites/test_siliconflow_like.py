"""What a client stumbles over where errors have no error object: siliconflow-like."""

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks
from tests.vectors.refusals import USER

PROFILE = "siliconflow-like"
MODEL = "deepseek-ai/DeepSeek-V4-Flash"


def test_a_refused_key_is_a_bare_json_string(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/chat/completions", {"model": MODEL, "messages": [USER]}, key="sk-mock-invalid")
    assert (answer.status_code, answer.json()) == (401, "Api key is invalid")


def test_an_error_is_flat_and_its_code_a_number(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="Model does not exist") as caught:
        ask(client(PROFILE), model="no-such")
    message = "Model does not exist. Please check it carefully."
    assert caught.value.body == {"code": 20012, "message": message, "data": None}


def test_too_many_requests_have_no_code(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError, match="TPM limit reached") as caught:
        ask(client(PROFILE, api_key="sk-mock-rate-limited"), model=MODEL)
    assert isinstance(caught.value.body, dict)
    assert "code" not in caught.value.body


def test_an_empty_purse_is_403(client: Clients) -> None:
    with pytest.raises(openai.PermissionDeniedError, match="account balance is insufficient"):
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=MODEL)


def test_each_chunk_has_the_usage_so_far(client: Clients) -> None:
    told = [chunk.usage.completion_tokens if chunk.usage else -1 for chunk in chunks(client(PROFILE), model=MODEL)]
    assert told == sorted(told)
    assert sum(told) > told[-1] > 0


def test_content_is_null_while_it_reasons_and_reasoning_is_null_after(client: Clients) -> None:
    deltas = [chunk.choices[0].delta.to_dict() for chunk in chunks(client(PROFILE), model=MODEL)]
    assert all((delta["content"] is None) is not (delta["reasoning_content"] is None) for delta in deltas)
