"""The AI SDK's packages for providers against the profiles: with_providers.mjs asks, and a test is for a claim."""

from pathlib import Path

import pytest

from tests.clients.programs import Told, heard_in_node

PROFILES = ["deepseek", "groq", "mistral", "xai", "openrouter", "together", "cerebras", "qwen", "glm"]
OWN = ["deepseek", "groq", "mistral", "xai", "openrouter"]
COMPATIBLE = ["xai", "together", "cerebras", "qwen", "glm"]
RESULT = "The tool returned “17 degrees in Paris”. That answers “What is the weather in Paris?”."
WAYS = [*OWN, *(f"compatible_{name}" for name in COMPATIBLE)]
every_way = pytest.mark.parametrize("way", WAYS)


@pytest.fixture(scope="module")
def told(shared: Path) -> Told:
    return heard_in_node(shared, "with_providers.mjs", [f"{name}-like" for name in PROFILES])


def _is_from(way: str, text: str) -> bool:
    return f"speaking as {way.removeprefix('compatible_')}-like" in text


@every_way
@pytest.mark.parametrize("claim", ["text", "stream"])
def test_a_text_is_the_answer_and_stops(claim: str, way: str, told: Told) -> None:
    text, *rest = told(f"{claim}-{way}")
    assert (_is_from(way, text), *rest) == (True, "stop", True)


@every_way
@pytest.mark.parametrize("claim", ["loop", "stream_loop", "reasoning_loop"])
def test_a_loop_with_a_tool_ends_with_its_result(claim: str, way: str, told: Told) -> None:
    assert told(f"{claim}-{way}", 2) == [RESULT, ["tool-calls", "stop"]]


@pytest.mark.parametrize("way", [way for way in WAYS if way != "xai"])  # its Responses API shows none
@pytest.mark.parametrize("claim", ["reasoning", "stream_reasoning"])
def test_reasoning_stands_beside_the_text(claim: str, way: str, told: Told) -> None:
    thought, said = told(f"{claim}-{way}")
    assert ("The user says" in thought, _is_from(way, said)) == (True, True)
