"""Vercel's AI SDK against the profiles: tests/node/with_ai_sdk.mjs asks, and each test is for one of its claims."""

from pathlib import Path

import pytest

from tests.clients.programs import Told, heard_in_node

RESULT = "The tool returned “17 degrees in Paris”. That answers “What is the weather in Paris?”."
FORECAST = {"city": "text", "sky": "clear", "degrees": [1]}
MODELS = ["chat", "chat_reasoning", "responses", "responses_reasoning", "compatible"]
DEEPSEEK = ["deepseek", "deepseek_reasoning"]


@pytest.fixture(scope="module")
def told(shared: Path) -> Told:
    return heard_in_node(shared, "with_ai_sdk.mjs")


@pytest.fixture(params=[*MODELS, *DEEPSEEK, "compatible_deepseek"])
def model(request: pytest.FixtureRequest) -> str:
    """Each way to a model of chat."""
    return str(request.param)


def test_a_text_is_generated(model: str, told: Told) -> None:
    text, finish, counted = told(f"text-{model}")
    assert ("“Say hello”" in text, finish, counted) == (True, "stop", True)


def test_a_text_is_streamed(model: str, told: Told) -> None:
    text, *rest = told(f"stream-{model}")
    assert (text, *rest) == (told(f"text-{model}")[0], "stop", True, True)


@pytest.mark.parametrize("how", ["loop", "stream_loop"])
def test_a_loop_with_a_tool_ends_with_its_result(how: str, model: str, told: Told) -> None:
    assert told(f"{how}-{model}", 2) == [RESULT, ["tool-calls", "stop"]]


@pytest.mark.parametrize("model", [*MODELS, *DEEPSEEK])
@pytest.mark.parametrize("how", ["object", "output"])
def test_an_object_is_what_zod_describes(how: str, model: str, told: Told) -> None:
    assert told(f"{how}-{model}") == FORECAST


@pytest.mark.parametrize("model", [*MODELS, *DEEPSEEK])
def test_an_object_is_streamed_part_by_part(model: str, told: Told) -> None:
    assert told(f"stream_object-{model}") == [True, FORECAST]


def test_an_object_is_refused_where_the_prompt_lacks_the_word_for_it(told: Told) -> None:
    assert "Prompt must contain the word 'json'" in told("object_without_the_word")


@pytest.mark.parametrize("claim", ["embed_many", "embed_many_compatible"])
def test_many_texts_are_embedded_at_once(claim: str, told: Told) -> None:
    assert told(claim) == [1536, 1536, 1536]


@pytest.mark.parametrize(
    "claim", ["responses", "deepseek", "deepseek_streamed", "compatible"], ids=lambda claim: str(claim)
)
def test_reasoning_stands_beside_the_text(claim: str, told: Told) -> None:
    thought, said = told(f"reasoning_{claim}")
    assert "The user" in thought
    assert "“Say hello”" in said


def test_a_refusal_of_openai_is_an_error_with_its_words(told: Told) -> None:
    assert told("refused") == [True, 400, True]


def test_a_refusal_of_deepseek_is_an_error_with_its_words(told: Told) -> None:
    assert told("refused_deepseek") == [True, 400, "Model Not Exist"]
