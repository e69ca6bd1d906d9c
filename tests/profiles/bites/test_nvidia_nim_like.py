"""What a client of a catalogue stumbles over that lists more than it serves: nvidia-nim-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import FUNCTION, Clients, Raw, ask, chunks

PROFILE = "nvidia-nim-like"
THINKS, TALKS, ELSEWHERE = "openai/gpt-oss-20b", "meta/llama-3.1-8b-instruct", "moonshotai/kimi-k2.6"


def test_an_unknown_model_is_plain_text(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        ask(client(PROFILE), model="no/such")
    assert caught.value.response.text == "404 page not found\n"


def test_a_model_that_is_listed_may_be_nobodys(client: Clients) -> None:
    assert ELSEWHERE in {model.id for model in client(PROFILE).models.list()}
    with pytest.raises(openai.NotFoundError) as caught:
        ask(client(PROFILE), model=ELSEWHERE)
    assert isinstance(caught.value.body, dict)
    assert "Not found for account" in caught.value.body["detail"]


def test_a_retired_model_is_410(client: Clients) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        ask(client(PROFILE), model="meta/llama-3.3-70b-instruct")
    assert caught.value.status_code == 410
    assert "has reached its end of life" in caught.value.response.json()["detail"]


def test_a_wrong_key_is_403_with_a_title_and_a_detail(client: Clients) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=TALKS)
    assert caught.value.body == {"status": 403, "title": "Forbidden", "detail": "Authorization failed"}


def test_a_model_that_is_out_of_order_is_400(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client(PROFILE, api_key="sk-mock-error-overloaded-degraded"), model=TALKS)
    assert caught.value.response.json()["detail"].endswith("DEGRADED function cannot be invoked")


def test_too_many_requests_say_nothing_more(raw: Raw) -> None:
    asked = {"model": TALKS, "messages": [{"role": "user", "content": "Hi"}]}
    answer = raw(PROFILE, "/v1/chat/completions", asked, key="sk-mock-rate-limited")
    assert (answer.json(), "retry-after" in answer.headers) == ({"status": 429, "title": "Too Many Requests"}, False)


def test_reasoning_is_called_reasoning_content(client: Clients) -> None:
    message: Any = ask(client(PROFILE), model=THINKS).choices[0].message
    assert message.reasoning_content


@pytest.mark.parametrize(("model", "whole"), [("nvidia/nemotron-3-super-120b-a12b", True), (THINKS, False)])
def test_a_call_comes_whole_or_in_pieces_by_model(client: Clients, model: str, whole: bool) -> None:
    told = chunks(client(PROFILE), model=model, tools=[FUNCTION], tool_choice="required")
    calls = [call for chunk in told for choice in chunk.choices for call in choice.delta.tool_calls or ()]
    assert (len(calls) == 1) == whole
