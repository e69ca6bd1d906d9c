"""LangChain against the profiles: chat models, agents, structured output, the Responses API, embeddings.

It is imported where it is used: that costs seconds, which no other test is to wait for.
"""

import json
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
    from langchain_openai import ChatOpenAI

WEATHER = "What is the weather in Paris?"
MODELS = ["gpt-4o-mini", "gpt-5"]


class Forecast(BaseModel):
    """What it will be like."""

    city: str
    sky: Literal["clear", "cloudy"]
    degrees: list[int]


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"17 degrees in {city}"


Chats = Callable[..., "ChatOpenAI"]


@pytest.fixture
def chat(door: Doors) -> Iterator[Chats]:
    """A chat model that asks so many times, and not again if it is refused."""
    from langchain_openai import ChatOpenAI

    with ExitStack() as stack:

        def opened(
            model: str = "gpt-4o-mini", profile: str = "openai", *, requests: int = 1, **settings: Any
        ) -> ChatOpenAI:
            way = door(profile, requests=requests)
            return ChatOpenAI(
                model=model,
                base_url=way.base_url,
                api_key=SecretStr(way.key),
                max_retries=0,
                http_client=stack.enter_context(openai.DefaultHttpxClient(verify=NO_TLS)),
                **settings,
            )

        yield opened


@pytest.fixture(params=[False, True], ids=["chat", "responses"])
def api(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each API that it speaks."""
    return {"use_responses_api": request.param}


def test_an_answer_quotes_the_question(chat: Chats, api: dict[str, Any]) -> None:
    assert "“Say hello”" in chat(**api).invoke("Say hello").text


def test_an_answer_has_its_usage(chat: Chats, api: dict[str, Any]) -> None:
    usage = chat(**api).invoke("Say hello").usage_metadata
    assert usage
    assert usage["input_tokens"] + usage["output_tokens"] == usage["total_tokens"] > 0


@pytest.mark.parametrize("model", MODELS)
def test_a_stream_says_the_same_as_the_answer(model: str, chat: Chats, api: dict[str, Any]) -> None:
    ask = chat(model, requests=2, **api)
    chunks = list(ask.stream("Say hello"))
    assert len(chunks) > 5
    assert reduce(add, chunks).text == ask.invoke("Say hello").text


async def test_what_is_awaited_is_the_same(door: Doors) -> None:
    from langchain_openai import ChatOpenAI

    way = door(requests=2)
    async with openai.DefaultAsyncHttpxClient(verify=NO_TLS) as transport:
        asked: dict[str, Any] = {"base_url": way.base_url, "max_retries": 0, "http_async_client": transport}
        ask = ChatOpenAI(model="gpt-4o-mini", api_key=SecretStr(way.key), **asked)
        said = await ask.ainvoke("Say hello")
        streamed = [chunk.text async for chunk in ask.astream("Say hello")]
    assert "".join(streamed) == said.text


@pytest.mark.parametrize("model", MODELS)
def test_a_bound_tool_is_called(model: str, chat: Chats, api: dict[str, Any]) -> None:
    (call,) = chat(model, **api).bind_tools([get_weather]).invoke(WEATHER).tool_calls
    assert (call["name"], call["args"]) == ("get_weather", {"city": "Paris"})


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("how", ["invoke", "stream"])
def test_an_agent_ends_with_the_result_in_its_text(how: str, model: str, chat: Chats, api: dict[str, Any]) -> None:
    from langchain.agents import create_agent

    agent: Any = create_agent(chat(model, requests=2, **api), [get_weather])
    asked = {"messages": [{"role": "user", "content": WEATHER}]}
    if how == "invoke":
        messages = agent.invoke(asked)["messages"]
    else:
        *_, last = agent.stream(asked, stream_mode=["messages", "values"])
        messages = last[1]["messages"]
    assert [message.type for message in messages] == ["human", "ai", "tool", "ai"]
    assert "17 degrees in Paris" in messages[-1].text


def test_an_agent_that_answers_in_a_schema_ends_with_it(chat: Chats) -> None:
    from langchain.agents import create_agent

    agent: Any = create_agent(chat(requests=2), [get_weather], response_format=Forecast)
    ended = agent.invoke({"messages": [{"role": "user", "content": WEATHER}]})
    assert type(ended["structured_response"]) is Forecast


@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
def test_structured_output_is_a_pydantic_model(method: str, chat: Chats, api: dict[str, Any]) -> None:
    structured = chat(**api).with_structured_output(Forecast, method=method)  # type: ignore[arg-type]
    assert type(structured.invoke(WEATHER)) is Forecast


def test_structured_output_is_streamed_part_by_part(chat: Chats) -> None:
    structured = chat().with_structured_output(Forecast.model_json_schema() | {"additionalProperties": False})
    *_, last = structured.stream(WEATHER)
    assert Forecast.model_validate(last)


def test_the_mode_for_json_fills_the_schema_that_the_prompt_has(chat: Chats, api: dict[str, Any]) -> None:
    structured = chat(**api).with_structured_output(Forecast, method="json_mode")
    prompt = "Answer in JSON that fits this schema:\n" + json.dumps(Forecast.model_json_schema(), indent=2)
    assert type(structured.invoke([("system", prompt), ("user", WEATHER)])) is Forecast


def test_a_summary_of_the_reasoning_is_there_if_it_is_asked_for(chat: Chats) -> None:
    said = chat("gpt-5", reasoning={"summary": "auto"}, use_responses_api=True).invoke("Why?")
    assert [block["type"] for block in said.content_blocks] == ["reasoning", "text"]


def test_a_conversation_goes_on_from_the_previous_response(chat: Chats) -> None:
    ask = chat(requests=2, use_responses_api=True, use_previous_response_id=True)
    first = ask.invoke("Say hello")
    more = ask.invoke([("user", "Say hello"), first, ("user", "And again")])
    assert "And again" in more.text


def test_embeddings_are_vectors_of_the_models_length(door: Doors) -> None:
    from langchain_openai import OpenAIEmbeddings

    way = door(requests=2)
    with openai.DefaultHttpxClient(verify=NO_TLS) as transport:
        embeddings = OpenAIEmbeddings(
            model="text-embedding-3-small",
            base_url=way.base_url,
            api_key=SecretStr(way.key),
            max_retries=0,
            http_client=transport,
            check_embedding_ctx_length=False,  # it would look for the vocabulary elsewhere
        )
        one, two = embeddings.embed_documents(["one", "two"])
        assert embeddings.embed_query("one") == pytest.approx(one)
    assert (len(one), len(two)) == (1536, 1536)


def test_a_refusal_of_the_provider_is_raised(chat: Chats, api: dict[str, Any]) -> None:
    with pytest.raises(openai.OpenAIError, match="gqt-4o"):
        chat("gqt-4o", **api).invoke("Say hello")


@pytest.mark.parametrize("model", ["deepseek-chat", "deepseek-reasoner"])
def test_deepseek_answers_too(model: str, chat: Chats) -> None:
    assert "“Say hello”" in chat(model, "deepseek-like").invoke("Say hello").text


def test_an_agent_of_deepseeks_chat_ends(chat: Chats) -> None:
    from langchain.agents import create_agent

    agent: Any = create_agent(chat("deepseek-chat", "deepseek-like", requests=2), [get_weather])
    assert "17 degrees" in agent.invoke({"messages": [{"role": "user", "content": WEATHER}]})["messages"][-1].text
