"""What a client of a gateway that reports its routing stumbles over: vercel-gateway-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, ask, chunks

PROFILE = "vercel-gateway-like"
ONE = "anthropic/claude-sonnet-4"


def test_the_finish_chunk_has_usage_and_the_report_on_routing(client: Clients) -> None:
    last: Any = chunks(client(PROFILE), model=ONE, stream_options={"include_usage": True})[-1]
    assert last.choices[0].finish_reason == "stop"
    assert last.usage.cost == last.usage.market_cost
    assert last.choices[0].delta.provider_metadata["gateway"]["routing"]["finalProvider"] == "anthropic"


def test_no_chunk_is_without_a_choice(client: Clients) -> None:
    told = chunks(client(PROFILE), model=ONE, stream_options={"include_usage": True})
    assert all(chunk.choices for chunk in told)


def test_the_first_chunk_has_no_content(client: Clients) -> None:
    first = chunks(client(PROFILE), model=ONE)[0].choices[0].delta
    assert first.to_dict() == {"role": "assistant"}


def test_the_fingerprint_is_another_one_in_each_answer(client: Clients) -> None:
    asked = client(PROFILE)
    prints = [{chunk.system_fingerprint for chunk in chunks(asked, text, model=ONE)} for text in ("Hi", "Ho")]
    assert [len(each) for each in prints] == [1, 1]
    assert prints[0] != prints[1]


def test_the_id_comes_twice(client: Clients) -> None:
    answer: Any = ask(client(PROFILE), model=ONE)
    assert answer.generationId == answer.id


@pytest.mark.parametrize(("model", "kind"), [(ONE, "reasoning.text"), ("openai/gpt-5", "reasoning.summary")])
def test_reasoning_has_details_of_the_upstream_s_kind(client: Clients, model: str, kind: str) -> None:
    told: Any = ask(client(PROFILE), model=model, extra_body={"reasoning": {"enabled": True}}).choices[0].message
    assert told.reasoning
    assert told.reasoning_details[0]["type"] == kind


def test_an_unknown_model_is_404_with_an_object_as_its_param(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match="Model 'no/such' not found") as caught:
        ask(client(PROFILE), model="no/such")
    assert caught.value.response.json()["error"]["param"] == {"modelId": "no/such"}


def test_an_upstream_s_bill_is_a_429_that_tells_its_address(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client(PROFILE, api_key="sk-mock-error-rate-limited-upstream"), model=ONE)
    assert caught.value.type == "AI_APICallError"
    assert "https://api.z.ai/" in str(caught.value.param)


@pytest.mark.parametrize(
    ("key", "status", "kind"),
    [
        ("sk-mock-no-balance", 402, "insufficient_funds"),
        ("sk-mock-error-forbidden", 403, "customer_verification_required"),
    ],
)
def test_what_is_to_be_paid_is_402_or_403(client: Clients, key: str, status: int, kind: str) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        ask(client(PROFILE, api_key=key), model=ONE)
    assert (caught.value.status_code, caught.value.type) == (status, kind)
