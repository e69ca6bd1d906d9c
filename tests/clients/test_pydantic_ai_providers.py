"""pydantic-ai's providers against the profiles: agents that talk, stream, call tools and think.

xAI's speaks gRPC, so it is not here. It is imported where it is used: that costs seconds, which no other test is to
wait for.
"""

import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import openai
import pytest

from tests.clients.conftest import Door, Doors
from tests.fakes import NO_TLS

WEATHER = "What is the weather in Paris?"


@dataclass(frozen=True)
class Way:
    """The module of a provider and its class, that of its models, a model that answers at once and one that thinks."""

    module: str
    provider: str
    model: str
    plain: str
    thinking: str


WAYS = {
    "deepseek-like": Way(
        "deepseek", "DeepSeekProvider", "openai.OpenAIChatModel", "deepseek-chat", "deepseek-reasoner"
    ),
    "groq-like": Way("groq", "GroqProvider", "groq.GroqModel", "llama-3.3-70b-versatile", "openai/gpt-oss-120b"),
    "mistral-like": Way(
        "mistral", "MistralProvider", "mistral.MistralModel", "mistral-large-2512", "magistral-medium-latest"
    ),
    "openrouter-like": Way(
        "openrouter",
        "OpenRouterProvider",
        "openrouter.OpenRouterModel",
        "openai/gpt-4o-mini",
        "anthropic/claude-opus-5",
    ),
    "together-like": Way(
        "together",
        "TogetherProvider",
        "openai.OpenAIChatModel",
        "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "openai/gpt-oss-120b",
    ),
    "cerebras-like": Way("cerebras", "CerebrasProvider", "cerebras.CerebrasModel", "gemma-4-31b", "gpt-oss-120b"),
    "qwen-like": Way("alibaba", "AlibabaProvider", "openai.OpenAIChatModel", "qwen3-coder-plus", "qwen3.7-plus"),
    "glm-like": Way("zai", "ZaiProvider", "zai.ZaiModel", "glm-4-plus", "glm-5.3"),
    "kimi-like": Way("moonshotai", "MoonshotAIProvider", "openai.OpenAIChatModel", "kimi-k2.5", "kimi-k2.7-code"),
    "fireworks-like": Way(
        "fireworks",
        "FireworksProvider",
        "openai.OpenAIChatModel",
        "accounts/fireworks/models/llama-v3p3-70b-instruct",
        "accounts/fireworks/models/gpt-oss-120b",
    ),
}
every_profile = pytest.mark.parametrize("profile", WAYS)


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"17 degrees in {city}"


Agents = Callable[..., Awaitable[Any]]


@pytest.fixture
async def agent(door: Doors) -> AsyncIterator[Agents]:
    """An agent of a provider; its client asks once and not again."""
    import pydantic_ai

    async with AsyncExitStack() as stack:

        async def opened(profile: str, *, thinks: bool = False, requests: int = 1, **settings: Any) -> Any:
            way, client = WAYS[profile], await _client(profile, door(profile, requests=requests), stack)
            provider = getattr(importlib.import_module(f"pydantic_ai.providers.{way.module}"), way.provider)(**client)
            module, _, name = way.model.partition(".")
            model = getattr(importlib.import_module(f"pydantic_ai.models.{module}"), name)
            return pydantic_ai.Agent(model(way.thinking if thinks else way.plain, provider=provider), **settings)

        yield opened


async def _client(profile: str, door: Door, stack: AsyncExitStack) -> dict[str, Any]:
    """The client of a provider, as its provider takes it. Groq's and Mistral's add the whole path by themselves."""
    if profile == "groq-like":
        import groq

        transport = await stack.enter_async_context(httpx.AsyncClient(verify=NO_TLS))
        root = door.base_url.removesuffix("/openai/v1")
        return {"groq_client": groq.AsyncGroq(base_url=root, api_key=door.key, max_retries=0, http_client=transport)}
    if profile == "mistral-like":
        from mistralai.client import Mistral

        client = await stack.enter_async_context(openai.DefaultAsyncHttpxClient(verify=NO_TLS))
        root = door.base_url.removesuffix("/v1")
        return {"mistral_client": Mistral(api_key=door.key, server_url=root, async_client=client)}
    made = openai.AsyncOpenAI(
        base_url=door.base_url,
        api_key=door.key,
        max_retries=0,
        http_client=openai.DefaultAsyncHttpxClient(verify=NO_TLS),
    )
    return {"openai_client": await stack.enter_async_context(made)}


@every_profile
async def test_an_agent_answers(profile: str, agent: Agents) -> None:
    ended = await (await agent(profile)).run("Say hello")
    assert f"speaking as {profile}" in ended.output


@every_profile
async def test_an_answer_has_its_usage(profile: str, agent: Agents) -> None:
    usage = (await (await agent(profile)).run("Say hello")).usage
    assert (usage.requests, usage.input_tokens > 0, usage.output_tokens > 0) == (1, True, True)


@every_profile
async def test_a_stream_grows_to_what_the_answer_says(profile: str, agent: Agents) -> None:
    asked = await agent(profile, requests=2)
    async with asked.run_stream("Say hello") as stream:
        seen = [text async for text in stream.stream_text(debounce_by=None)]
    assert (len(seen) > 1, seen[-1]) == (True, (await asked.run("Say hello")).output)


@every_profile
@pytest.mark.parametrize("how", ["plain", "streamed"])
@pytest.mark.parametrize("thinks", [False, True], ids=["at_once", "thinking"])
async def test_an_agent_calls_its_tool_and_ends(how: str, thinks: bool, profile: str, agent: Agents) -> None:
    asked = await agent(profile, thinks=thinks, requests=2, tools=[get_weather])
    if how == "plain":
        said = (await asked.run(WEATHER)).output
    else:
        async with asked.run_stream(WEATHER) as stream:
            said = await stream.get_output()
    assert "17 degrees in Paris" in said


@every_profile
async def test_thoughts_are_a_part_of_their_own(profile: str, agent: Agents) -> None:
    ended = await (await agent(profile, thinks=True)).run("Say hello")
    assert [part.part_kind for part in ended.response.parts] == ["thinking", "text"]


@every_profile
async def test_thoughts_are_streamed_as_a_part_of_their_own(profile: str, agent: Agents) -> None:
    asked = await agent(profile, thinks=True)
    async with asked.run_stream("Say hello") as stream:
        await stream.get_output()
    assert [part.part_kind for part in stream.response.parts] == ["thinking", "text"]
