"""openai-node against the profiles: tests/node/with_openai.mjs asks, and each test is for one of its claims."""

from pathlib import Path

import pytest

from tests.clients.programs import Told, heard_in_node

HELLO = "You said: “Say hello”. This is mockprovider speaking as openai; no model was asked."
RESULT = "The tool returned “17 degrees in Paris”. That answers “What is the weather in Paris?”."
FORECAST = {"city": "text", "sky": "clear", "degrees": [1], "wind": {"from": "text", "knots": 1}}


@pytest.fixture(scope="module")
def told(shared: Path) -> Told:
    return heard_in_node(shared, "with_openai.mjs")


def test_a_completion_is_the_answer(told: Told) -> None:
    assert told("chat") == [HELLO, "stop"]


def test_a_stream_says_the_same(told: Told) -> None:
    assert told("chat_streamed") == HELLO


def test_the_usage_of_a_stream_is_that_of_the_answer(told: Told) -> None:
    streamed, plain = told("chat_usage", 2)
    assert streamed == plain


@pytest.mark.parametrize("claim", ["chat_parsed", "chat_helper_parsed", "response_parsed", "response_helper_parsed"])
def test_an_answer_is_what_zod_describes(claim: str, told: Told) -> None:
    assert told(claim) == FORECAST


def test_the_arguments_of_a_call_are_what_zod_describes(told: Told) -> None:
    assert told("chat_parsed_call") == {"city": "Paris"}


def test_the_helper_tells_the_content_as_it_grows(told: Told) -> None:
    assert told("chat_helper") == [HELLO, HELLO, True]


def test_the_helper_tells_each_call_that_is_done(told: Told) -> None:
    assert told("chat_helper_call") == [["get_weather", {"city": "Paris"}]]


def test_the_tokens_that_have_probabilities_are_the_text(told: Told) -> None:
    assert told("chat_logprobs") == [HELLO, HELLO]


@pytest.mark.parametrize("claim", ["tools_run", "tools_run_streamed"])
def test_the_runner_of_tools_ends_with_their_result(claim: str, told: Told) -> None:
    assert told(claim, 2) == [RESULT, ["user", "assistant", "tool", "assistant"]]


def test_a_stored_completion_is_listed_read_and_deleted(told: Told) -> None:
    assert told("stored", 4) == [[True], ["Say hello"], True]


def test_a_response_is_the_answer(told: Told) -> None:
    assert told("response") == [HELLO, "completed"]


def test_a_streamed_response_says_the_same(told: Told) -> None:
    assert told("response_streamed") == [HELLO, HELLO]


def test_the_helper_for_responses_says_the_same(told: Told) -> None:
    assert told("response_helper") == HELLO


def test_a_response_goes_on_from_the_previous_one_with_the_result_of_its_call(told: Told) -> None:
    assert told("response_loop", 2) == RESULT


def test_a_response_is_kept_until_it_is_deleted(told: Told) -> None:
    assert told("response_kept", 5) == [HELLO, ["user"], ["NotFoundError", 404, None, None]]


def test_a_response_in_the_background_is_there_after_some_looks(told: Told) -> None:
    assert told("response_in_the_background", 3) == ["queued", "in_progress", "completed"]


def test_embeddings_are_the_same_as_numbers_and_as_base64(told: Told) -> None:
    assert told("embeddings", 2) == [[1536, 1536], True]


def test_the_models_are_listed(told: Told) -> None:
    assert {"gpt-4o-mini", "gpt-5", "text-embedding-3-small"} <= set(told("models"))


def test_a_moderation_flags_what_it_is_told_to(told: Told) -> None:
    assert told("moderation") == [False, True]


REFUSED = {
    "bad_request": ["BadRequestError", 400, "decimal_above_max_value", "temperature"],
    "bad_request_streamed": ["BadRequestError", 400, "decimal_above_max_value", "temperature"],
    "unknown_model": ["NotFoundError", 404, "model_not_found", None],
    "invalid": ["AuthenticationError", 401, "invalid_api_key", None],
    "rate-limited": ["RateLimitError", 429, "rate_limit_exceeded", None],
    "no-balance": ["RateLimitError", 429, "insufficient_quota", None],
    "overloaded": ["InternalServerError", 503, None, None],
}


@pytest.mark.parametrize("claim", REFUSED)
def test_a_refusal_has_its_class_its_code_and_its_parameter(claim: str, told: Told) -> None:
    assert told(claim) == REFUSED[claim]


@pytest.mark.parametrize("claim", ["deepseek", "deepseek_streamed"])
def test_the_reasoning_of_deepseek_stands_beside_the_text(claim: str, told: Told) -> None:
    thought, said = told(claim)
    assert thought.startswith("The user says: “Say hello”")
    assert said.startswith("You said: “Say hello”")
