"""What a client stumbles over where codes are in camel case and the request's id is in the message: doubao-like."""

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks
from tests.vectors.refusals import FUNCTION, USER

PROFILE = "doubao-like"
MODEL, WHOLE = "doubao-seed-2-0-pro-260215", "doubao-seed-code-preview-251028"


def test_a_client_that_adds_v1_gets_text(raw: Raw) -> None:
    answer = raw(PROFILE, "/api/v3/v1/chat/completions", {"model": MODEL, "messages": [USER]})
    assert (answer.status_code, answer.text) == (404, "404 page not found")


def test_before_the_end_no_chunk_has_a_finish_reason(client: Clients) -> None:
    *before, last = [chunk.choices[0].to_dict() for chunk in chunks(client(PROFILE), model=MODEL)]
    assert not any("finish_reason" in choice for choice in before)
    assert last["finish_reason"] == "stop"


def test_each_chunk_says_that_there_is_no_usage(client: Clients) -> None:
    assert {repr(chunk.to_dict()["usage"]) for chunk in chunks(client(PROFILE), model=MODEL)} == {"None"}


def test_an_error_ends_with_the_requests_id(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match=r"does not exist or .* Request id: 02\d{13}[0-9a-f]+") as caught:
        ask(client(PROFILE), model="no-such")
    assert (caught.value.code, caught.value.type) == ("InvalidEndpointOrModel.NotFound", "NotFound")


def test_an_empty_purse_is_403(client: Clients) -> None:
    with pytest.raises(openai.PermissionDeniedError, match="overdue balance") as caught:
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=MODEL)
    assert caught.value.code == "AccountOverdueError"


def test_overload_is_429(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client(PROFILE, api_key="sk-mock-overloaded"), model=MODEL)
    assert caught.value.code == "ServerOverloaded"


def test_the_coding_model_brings_its_calls_with_the_finish_reason(client: Clients) -> None:
    told = chunks(client(PROFILE), model=WHOLE, tools=[FUNCTION], tool_choice="required")
    with_calls = [chunk.choices[0] for chunk in told if chunk.choices[0].delta.tool_calls]
    assert [choice.finish_reason for choice in with_calls] == ["tool_calls"]
