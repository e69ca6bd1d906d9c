"""What pydantic-ai makes of each profile as one that is like OpenAI, and of those that it has a provider for."""

import importlib
from contextlib import AsyncExitStack
from typing import Any

import openai
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from tests.clients.matrix.programs.asking import FORECAST, HELLO, NO_TLS, WEATHER, Forecast, Way, get_weather


async def agent(way: Way, stack: AsyncExitStack, **settings: Any) -> Any:
    made = await own(way, stack) if way.client == "pydantic-ai-own" else await compatible(way, stack)
    return Agent(made, retries=0, **settings)


async def compatible(way: Way, stack: AsyncExitStack) -> Any:
    client = openai.AsyncOpenAI(
        base_url=way.base_url,
        api_key=way.key,
        max_retries=0,
        http_client=openai.DefaultAsyncHttpxClient(verify=NO_TLS),
    )
    provider = OpenAIProvider(openai_client=await stack.enter_async_context(client))
    return OpenAIChatModel(way.model, provider=provider)


async def own(way: Way, stack: AsyncExitStack) -> Any:
    """As the tests of its providers make it."""
    from tests.clients.conftest import Door
    from tests.clients.test_pydantic_ai_providers import WAYS, _client

    known = WAYS[way.profile]
    client = await _client(way.profile, Door(way.base_url, way.key), stack)
    provider = getattr(importlib.import_module(f"pydantic_ai.providers.{known.module}"), known.provider)(**client)
    module, _, name = known.model.partition(".")
    return getattr(importlib.import_module(f"pydantic_ai.models.{module}"), name)(way.model, provider=provider)


async def run(way: Way, asked: str, *, streams: bool = False, **settings: Any) -> Any:
    """What an agent was asked, when it has ended; and how often its text grew."""
    async with AsyncExitStack() as stack:
        asking = await agent(way, stack, **settings)
        if not streams:
            return await asking.run(asked), 0
        async with asking.run_stream(asked) as ended:
            seen = [text async for text in ended.stream_text(debounce_by=None)]
        return ended, len(seen)


def parts(ended: Any, kind: str) -> list[Any]:
    return [part for message in ended.all_messages() for part in message.parts if part.part_kind == kind]


def answer(ended: Any) -> str:
    return "".join(part.content for part in ended.response.parts if part.part_kind == "text")


async def chat(way: Way) -> Any:
    ended, _ = await run(way, HELLO)
    return {"text": answer(ended)}


async def stream(way: Way) -> Any:
    ended, pieces = await run(way, HELLO, streams=True)
    return {"text": answer(ended), "pieces": pieces}


async def loop(way: Way, *, streams: bool) -> Any:
    ended, _ = await run(way, WEATHER, streams=streams, tools=[get_weather])
    return {
        "called": [[call.tool_name, call.args_as_dict()] for call in parts(ended, "tool-call")],
        "text": answer(ended),
    }


async def tools(way: Way) -> Any:
    return await loop(way, streams=False)


async def tools_streamed(way: Way) -> Any:
    return await loop(way, streams=True)


async def structured(way: Way) -> Any:
    ended, _ = await run(way, FORECAST, output_type=Forecast)
    return {"object": ended.output.model_dump()}


def thoughts(ended: Any) -> Any:
    return {"reasoning": "".join(part.content for part in parts(ended, "thinking")), "text": answer(ended)}


async def reasoning(way: Way) -> Any:
    ended, _ = await run(way.that_thinks(), HELLO)
    return thoughts(ended)


async def reasoning_streamed(way: Way) -> Any:
    ended, _ = await run(way.that_thinks(), HELLO, streams=True)
    return thoughts(ended)
