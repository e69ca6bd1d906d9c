"""LiteLLM against the profiles: `apart/with_litellm.py` asks, and each test is for one of its claims."""

from pathlib import Path

import pytest

from tests.clients.programs import Told, heard_apart

HELLO = "You said: “Say hello”. This is mockprovider speaking as openai; no model was asked."
RESULT = "The tool returned “17 degrees”. That answers “What is the weather in Paris?”."


@pytest.fixture(scope="module")
def told(shared: Path) -> Told:
    return heard_apart(shared, "with_litellm", LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_MODE="PRODUCTION")


def test_a_completion_is_the_answer(told: Told) -> None:
    assert told("completion") == {"text": HELLO, "finish": "stop"}


def test_a_completion_that_is_awaited_is_the_answer(told: Told) -> None:
    assert told("awaited") == HELLO


def test_a_stream_is_built_into_the_answer(told: Told) -> None:
    said = told("streamed")
    assert (said["text"], said["finish"], said["chunks"] > 5) == (HELLO, "stop", True)


def test_the_usage_of_a_stream_is_that_of_the_answer(told: Told) -> None:
    assert told("streamed_usage") == told("usage")


def test_a_loop_with_a_tool_ends_with_its_result(told: Told) -> None:
    assert told("tool_loop", 2) == {"called": [["get_weather", {"city": "Paris"}]], "text": RESULT}


def test_a_streamed_call_is_built_whole(told: Told) -> None:
    assert told("streamed_tool") == ["get_weather", {"city": "Paris"}]


def test_an_answer_in_a_pydantic_model_fits_it(told: Told) -> None:
    assert told("structured") == "clear"


def test_an_embedding_is_as_long_as_the_model_makes_it(told: Told) -> None:
    assert told("embedding") == [1536, 1536]


def test_a_response_is_the_answer(told: Told) -> None:
    assert told("responses") == {"text": HELLO, "status": "completed"}


def test_a_streamed_response_says_the_same(told: Told) -> None:
    assert told("responses_streamed") == {"text": HELLO, "completed": True}


def test_a_response_follows_the_previous_one(told: Told) -> None:
    assert "“And now?”" in told("responses_follow", 2)


def test_an_unknown_model_is_not_found(told: Told) -> None:
    assert told("unknown_model") == 404


def test_a_bad_parameter_is_a_bad_request_with_the_providers_words(told: Told) -> None:
    assert "Invalid 'temperature': decimal above maximum value." in told("bad_parameter")


@pytest.mark.parametrize("claim", ["reasoning", "streamed_reasoning", "deepseek"])
def test_the_reasoning_of_deepseek_is_kept_beside_the_text(claim: str, told: Told) -> None:
    said = told(claim)
    assert said["reasoning"].startswith("The user says: “Why is the sky blue?”")
    assert said["text"].startswith("You said: “Why is the sky blue?”")


def test_a_loop_with_deepseek_gives_the_reasoning_back_and_ends(told: Told) -> None:
    assert told("deepseek_tool_loop", 2) == {"turns": 1, "text": RESULT}
