"""What LangChain makes of each profile, with its package for OpenAI, and of DeepSeek's with its own."""

from functools import cache, reduce
from operator import add
from typing import Any

import openai
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_deepseek import ChatDeepSeek
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.clients.matrix.programs.asking import (
    FORECAST,
    HELLO,
    NO_TLS,
    TURNS,
    WEATHER,
    Forecast,
    Way,
    get_weather,
)

TRANSPORT = openai.DefaultHttpxClient(verify=NO_TLS)
KINDS: dict[str, Any] = {"langchain-openai": ChatOpenAI, "langchain-deepseek": ChatDeepSeek}
WEATHER_TOOL = tool(get_weather)


@cache
def awaiting() -> Any:
    """Made with each model, and never used."""
    return openai.DefaultAsyncHttpxClient(verify=NO_TLS)


def model(way: Way) -> Any:
    return KINDS[way.client](
        model=way.model,
        base_url=way.base_url,
        api_key=SecretStr(way.key),
        max_retries=0,
        http_client=TRANSPORT,
        http_async_client=awaiting(),
    )


def chat(way: Way) -> Any:
    return {"text": model(way).invoke(HELLO).text}


def stream(way: Way) -> Any:
    texts = [chunk.text for chunk in model(way).stream(HELLO) if chunk.text]
    return {"text": "".join(texts), "pieces": len(texts)}


def loop(way: Way, *, streams: bool) -> Any:
    bound = model(way).bind_tools([get_weather])
    messages, called = list[Any]([HumanMessage(WEATHER)]), list[Any]()
    for _ in range(TURNS):
        said = reduce(add, bound.stream(messages)) if streams else bound.invoke(messages)
        if not said.tool_calls:
            return {"called": called, "text": said.text}
        messages.append(said)
        called += [[call["name"], call["args"]] for call in said.tool_calls]
        messages += [WEATHER_TOOL.invoke(call) for call in said.tool_calls]
    return {"called": called, "text": None}


def tools(way: Way) -> Any:
    return loop(way, streams=False)


def tools_streamed(way: Way) -> Any:
    return loop(way, streams=True)


def structured(way: Way) -> Any:
    parsed: Any = model(way).with_structured_output(Forecast).invoke(FORECAST)
    return {"object": parsed and parsed.model_dump()}


def thoughts(message: Any) -> Any:
    told = [block.get("reasoning", "") for block in message.content_blocks if block["type"] == "reasoning"]
    return {"reasoning": "".join(told), "text": message.text}


def reasoning(way: Way) -> Any:
    return thoughts(model(way.that_thinks()).invoke(HELLO))


def reasoning_streamed(way: Way) -> Any:
    return thoughts(reduce(add, model(way.that_thinks()).stream(HELLO)))
