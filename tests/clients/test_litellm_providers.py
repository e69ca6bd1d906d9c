"""LiteLLM's prefixes against the profiles: `apart/with_providers.py` asks, and each test is for one of its claims."""

from pathlib import Path

import pytest

from tests.clients.programs import Told, heard_apart

PROVIDERS = [
    "deepseek",
    "groq",
    "mistral",
    "xai",
    "openrouter",
    "together",
    "cerebras",
    "qwen",
    "glm",
    "kimi",
    "fireworks",
]
RESULT = "The tool returned “17 degrees in Paris”. That answers “What is the weather in Paris?”."
HOW = ["", "stream_"]
every_provider = pytest.mark.parametrize("provider", PROVIDERS)


@pytest.fixture(scope="module")
def told(shared: Path) -> Told:
    profiles = [f"{provider}-like" for provider in PROVIDERS]
    settings = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION"}
    return heard_apart(shared, "with_providers", profiles, **settings)


@every_provider
@pytest.mark.parametrize("claim", ["text", "stream"])
def test_a_text_is_the_answer_and_stops(claim: str, provider: str, told: Told) -> None:
    text, finish = told(f"{claim}-{provider}")
    assert (f"speaking as {provider}-like" in text, finish) == (True, "stop")


@every_provider
@pytest.mark.parametrize("claim", ["loop", "stream_loop", "reasoning_loop"])
def test_a_loop_with_a_tool_ends_with_its_result(claim: str, provider: str, told: Told) -> None:
    assert told(f"{claim}-{provider}", 2) == [[["get_weather", {"city": "Paris"}]], RESULT]


@pytest.mark.parametrize(
    ("claim", "provider"),
    [(f"{how}reasoning", name) for how in HOW for name in PROVIDERS if (how, name) != ("", "groq")],
)
def test_reasoning_is_kept_beside_the_text(claim: str, provider: str, told: Told) -> None:
    thought, said = told(f"{claim}-{provider}")
    assert ("The user says" in thought, f"speaking as {provider}-like" in said) == (True, True)


def test_reasoning_that_groq_calls_so_is_lost_where_it_is_not_streamed(told: Told) -> None:
    thought, said = told("reasoning-groq")
    assert (thought, "speaking as groq-like" in said) == (None, True)
