"""pydantic-ai against the profiles: agents that talk, stream, call tools and answer in a type.

It is imported where it is used: that costs seconds, which no other test is to wait for.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any, Literal

import openai
import pytest
from pydantic import BaseModel

from tests.clients.conftest import Doors
from tests.fakes import NO_TLS

WEATHER = "What is the weather in Paris?"


class Forecast(BaseModel):
    """What it will be like."""

    city: str
    sky: Literal["clear", "cloudy"]
    degrees: list[int]


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"17 degrees in {city}"


Agents = Callable[..., Any]


@pytest.fixture
async def agent(door: Doors) -> AsyncIterator[Agents]:
    """An agent of one of pydantic-ai's models, by the name of its class; its client asks once and not again."""
    import pydantic_ai
    from pydantic_ai.models import openai as models
    from pydantic_ai.providers.deepseek import DeepSeekProvider
    from pydantic_ai.providers.openai import OpenAIProvider

    async with AsyncExitStack() as stack:

        async def opened(
            kind: str, model: str = "gpt-4o-mini", profile: str = "openai", *, requests: int = 1, **settings: Any
        ) -> Any:
            way = door(profile, requests=requests)
            transport = openai.DefaultAsyncHttpxClient(verify=NO_TLS)
            client = await stack.enter_async_context(
                openai.AsyncOpenAI(base_url=way.base_url, api_key=way.key, max_retries=0, http_client=transport)
            )
            provider: Any = (OpenAIProvider if profile == "openai" else DeepSeekProvider)(openai_client=client)
            return pydantic_ai.Agent(getattr(models, kind)(model, provider=provider), **settings)

        yield opened


@pytest.fixture(params=["OpenAIChatModel", "OpenAIResponsesModel"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each API that it speaks."""
    return str(request.param)


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-5"])
async def test_an_agent_answers(model: str, kind: str, agent: Agents) -> None:
    ended = await (await agent(kind, model)).run("Say hello")
    assert "“Say hello”" in ended.output


async def test_an_answer_has_its_usage(kind: str, agent: Agents) -> None:
    usage = (await (await agent(kind)).run("Say hello")).usage
    assert (usage.requests, usage.input_tokens > 0, usage.output_tokens > 0) == (1, True, True)


async def test_a_stream_grows_to_what_the_answer_says(kind: str, agent: Agents) -> None:
    asked = await agent(kind, requests=2)
    async with asked.run_stream("Say hello") as stream:
        seen = [text async for text in stream.stream_text(debounce_by=None)]
    assert len(seen) > 5
    assert seen[-1] == (await asked.run("Say hello")).output


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-5"])
@pytest.mark.parametrize("how", ["plain", "streamed"])
async def test_an_agent_calls_its_tool_and_ends(how: str, model: str, kind: str, agent: Agents) -> None:
    asked = await agent(kind, model, requests=2, tools=[get_weather])
    if how == "plain":
        said = (await asked.run(WEATHER)).output
    else:
        async with asked.run_stream(WEATHER) as stream:
            said = await stream.get_output()
    assert "17 degrees in Paris" in said


def outputs(name: str) -> Any:
    """A way to be answered in a type."""
    import pydantic_ai

    return getattr(pydantic_ai, name)(Forecast)


@pytest.mark.parametrize("name", ["ToolOutput", "NativeOutput", "PromptedOutput"])
async def test_an_answer_is_a_pydantic_model(name: str, kind: str, agent: Agents) -> None:
    ended = await (await agent(kind, output_type=outputs(name))).run(WEATHER)
    assert type(ended.output) is Forecast


@pytest.mark.parametrize("name", ["ToolOutput", "NativeOutput"])
async def test_a_pydantic_model_is_streamed_part_by_part(name: str, kind: str, agent: Agents) -> None:
    asked = await agent(kind, output_type=outputs(name))
    async with asked.run_stream(WEATHER) as stream:
        seen = [part async for part in stream.stream_output(debounce_by=None)]
        assert (type(seen[-1]), len(seen) > 1) == (Forecast, True)


async def test_an_answer_in_a_type_comes_after_the_tools(kind: str, agent: Agents) -> None:
    asked = await agent(kind, requests=2, output_type=outputs("NativeOutput"), tools=[get_weather])
    assert type((await asked.run(WEATHER)).output) is Forecast


async def test_a_conversation_remembers_what_was_said(kind: str, agent: Agents) -> None:
    asked = await agent(kind, requests=2)
    first = await asked.run("Say hello")
    again = await asked.run("And again", message_history=first.all_messages())
    assert [len(message.parts) for message in again.all_messages()] == [1, 1, 1, 1]


async def test_a_refusal_is_the_error_that_it_raises(kind: str, agent: Agents) -> None:
    from pydantic_ai.exceptions import ModelHTTPError

    asked = await agent(kind, "gqt-4o")
    with pytest.raises(ModelHTTPError, match="gqt-4o"):
        await asked.run("Say hello")


async def test_the_thoughts_of_deepseek_are_a_part_of_their_own(agent: Agents) -> None:
    ended = await (await agent("OpenAIChatModel", "deepseek-reasoner", "deepseek-like")).run("Why is the sky blue?")
    assert [part.part_kind for part in ended.response.parts] == ["thinking", "text"]


@pytest.mark.parametrize("model", ["deepseek-chat", "deepseek-reasoner"])
@pytest.mark.parametrize("how", ["plain", "streamed"])
async def test_an_agent_of_deepseek_gives_the_thoughts_back_and_ends(how: str, model: str, agent: Agents) -> None:
    asked = await agent("OpenAIChatModel", model, "deepseek-like", requests=2, tools=[get_weather])
    if how == "plain":
        said = (await asked.run(WEATHER)).output
    else:
        async with asked.run_stream(WEATHER) as stream:
            said = await stream.get_output()
    assert "17 degrees in Paris" in said


@pytest.mark.parametrize("name", ["ToolOutput", "PromptedOutput"])
async def test_an_answer_of_deepseek_is_a_pydantic_model(name: str, agent: Agents) -> None:
    asked = await agent("OpenAIChatModel", "deepseek-chat", "deepseek-like", output_type=outputs(name))
    assert type((await asked.run(WEATHER)).output) is Forecast
