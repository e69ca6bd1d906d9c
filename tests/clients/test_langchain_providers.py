"""LangChain's package for DeepSeek against its profile.

It is imported where it is used: that costs seconds, which no other test is to wait for.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, Literal

import openai
import pytest
from pydantic import BaseModel, SecretStr

from tests.clients.conftest import Doors
from tests.fakes import NO_TLS

if TYPE_CHECKING:
    from langchain_deepseek import ChatDeepSeek

WEATHER = "What is the weather in Paris?"


class Forecast(BaseModel):
    """What it will be like."""

    city: str
    sky: Literal["clear", "cloudy"]


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"17 degrees in {city}"


Chats = Callable[..., "ChatDeepSeek"]


@pytest.fixture
def chat(door: Doors) -> Iterator[Chats]:
    """A chat model that asks so many times, and not again if it is refused."""
    from langchain_deepseek import ChatDeepSeek

    with ExitStack() as stack:

        def opened(model: str = "deepseek-chat", *, requests: int = 1) -> ChatDeepSeek:
            way = door("deepseek-like", requests=requests)
            return ChatDeepSeek(
                model=model,
                base_url=way.base_url,
                api_key=SecretStr(way.key),
                max_retries=0,
                http_client=stack.enter_context(openai.DefaultHttpxClient(verify=NO_TLS)),
            )

        yield opened


@pytest.mark.parametrize("model", ["deepseek-chat", "deepseek-reasoner"])
def test_an_answer_quotes_the_question(model: str, chat: Chats) -> None:
    assert "“Say hello”" in chat(model).invoke("Say hello").text


@pytest.mark.parametrize("model", ["deepseek-chat", "deepseek-reasoner"])
def test_a_stream_says_the_same_as_the_answer(model: str, chat: Chats) -> None:
    ask = chat(model, requests=2)
    assert reduce(add, list(ask.stream("Say hello"))).text == ask.invoke("Say hello").text


def test_an_answer_has_its_usage(chat: Chats) -> None:
    usage = chat().invoke("Say hello").usage_metadata
    assert usage
    assert usage["input_tokens"] + usage["output_tokens"] == usage["total_tokens"] > 0


def test_reasoning_stands_beside_the_answer(chat: Chats) -> None:
    assert "The user says" in chat("deepseek-reasoner").invoke("Say hello").additional_kwargs["reasoning_content"]


def test_reasoning_is_streamed_beside_the_answer(chat: Chats) -> None:
    ask = chat("deepseek-reasoner", requests=2)
    streamed, whole = reduce(add, list(ask.stream("Say hello"))), ask.invoke("Say hello")
    assert streamed.additional_kwargs["reasoning_content"] == whole.additional_kwargs["reasoning_content"]


@pytest.mark.parametrize("how", ["invoke", "stream"])
def test_a_bound_tool_is_called(how: str, chat: Chats) -> None:
    bound = chat().bind_tools([get_weather])
    said: Any = bound.invoke(WEATHER) if how == "invoke" else reduce(add, list(bound.stream(WEATHER)))
    assert [(call["name"], call["args"]) for call in said.tool_calls] == [("get_weather", {"city": "Paris"})]


def test_an_agent_ends_with_the_result_in_its_text(chat: Chats) -> None:
    from langchain.agents import create_agent

    agent: Any = create_agent(chat(requests=2), [get_weather])
    assert (
        "17 degrees in Paris" in agent.invoke({"messages": [{"role": "user", "content": WEATHER}]})["messages"][-1].text
    )


def test_structured_output_is_a_pydantic_model(chat: Chats) -> None:
    assert type(chat().with_structured_output(Forecast).invoke(WEATHER)) is Forecast


def test_a_refusal_of_the_provider_is_raised(chat: Chats) -> None:
    with pytest.raises(openai.BadRequestError, match="Model Not Exist"):
        chat("gpt-4o").invoke("Say hello")


def test_an_agent_that_thinks_is_refused_since_its_reasoning_is_not_sent_back(chat: Chats) -> None:
    from langchain.agents import create_agent

    agent: Any = create_agent(chat("deepseek-reasoner", requests=2), [get_weather])
    with pytest.raises(openai.BadRequestError, match="must be passed back"):
        agent.invoke({"messages": [{"role": "user", "content": WEATHER}]})
