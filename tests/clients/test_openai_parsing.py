"""openai-python's helpers for structured output: `parse` with pydantic's models, and what `stream` tells on the way."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import openai
import pytest
from openai import OpenAI
from openai.lib.streaming.chat import ChatCompletionStreamEvent
from pydantic import BaseModel, Field

from tests.clients.conftest import Clients

ASKED: dict[str, Any] = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Ada lives in Paris"}]}


class Address(BaseModel):
    """Inside of another."""

    street: str
    postcode: str | None


class Person(BaseModel):
    """With a field of every kind."""

    name: str
    age: int
    height: float
    alive: bool
    unit: Literal["metric", "imperial"]
    address: Address
    others: list[Address]
    balance: Decimal
    born: date
    nickname: str | None


class Cat(BaseModel):
    """One of two."""

    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    """The other."""

    kind: Literal["dog"]
    breed: str


class Owner(BaseModel):
    """With a union that pydantic tells apart by itself."""

    pets: list[Cat | Dog]


class StrictOwner(BaseModel):
    """With a union that a field tells apart."""

    pet: Annotated[Cat | Dog, Field(discriminator="kind")]


class Tree(BaseModel):
    """With itself inside."""

    value: int
    branches: "list[Tree]"


class Chain(BaseModel):
    """With itself or nothing at the end."""

    value: str
    following: "Chain | None"


Parse = Callable[[OpenAI, Any], Any]


def parse_chat(client: OpenAI, model: type[BaseModel]) -> Any:
    return client.chat.completions.parse(**ASKED, response_format=model).choices[0].message.parsed


def parse_chat_streamed(client: OpenAI, model: type[BaseModel]) -> Any:
    with client.chat.completions.stream(**ASKED, response_format=model) as stream:
        return stream.get_final_completion().choices[0].message.parsed


def parse_response(client: OpenAI, model: type[BaseModel]) -> Any:
    return client.responses.parse(model="gpt-4o-mini", input="Ada lives in Paris", text_format=model).output_parsed


def parse_response_streamed(client: OpenAI, model: type[BaseModel]) -> Any:
    asked: dict[str, Any] = {"model": "gpt-4o-mini", "input": "Ada lives in Paris", "text_format": model}
    with client.responses.stream(**asked) as stream:
        return stream.get_final_response().output_parsed


@pytest.fixture(params=[parse_chat, parse_chat_streamed, parse_response, parse_response_streamed])
def parse(request: pytest.FixtureRequest) -> Parse:
    """Each way to have a model of pydantic's filled."""
    way: Parse = request.param
    return way


@pytest.mark.parametrize("model", [Address, Person, Owner, Tree, Chain])
def test_an_answer_is_a_pydantic_model(model: type[BaseModel], parse: Parse, client: Clients) -> None:
    assert type(parse(client(), model)) is model


def test_a_union_that_a_field_tells_apart_is_refused_as_openai_does(parse: Parse, client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="'oneOf' is not permitted"):
        parse(client(), StrictOwner)


def test_the_arguments_of_a_call_are_a_pydantic_model(client: Clients) -> None:
    tools = [openai.pydantic_function_tool(Person)]
    asked: dict[str, Any] = {**ASKED, "tools": tools, "tool_choice": "required"}
    (call,) = client().chat.completions.parse(**asked).choices[0].message.tool_calls or []
    assert type(call.function.parsed_arguments) is Person


def test_the_arguments_of_a_response_are_a_pydantic_model(client: Clients) -> None:
    asked: dict[str, Any] = {"model": "gpt-4o-mini", "input": "Ada lives in Paris", "tool_choice": "required"}
    (call,) = client().responses.parse(**asked, tools=[openai.pydantic_function_tool(Person)]).output
    assert call.type == "function_call"
    assert type(call.parsed_arguments) is Person


def test_a_limit_that_cuts_the_json_is_the_helpers_own_error(client: Clients) -> None:
    with pytest.raises(openai.LengthFinishReasonError):
        client().chat.completions.parse(**ASKED, response_format=Person, max_tokens=3)


def events(client: OpenAI, **asked: Any) -> list[ChatCompletionStreamEvent]:
    """All that the helper for streams tells."""
    with client.chat.completions.stream(**{**ASKED, **asked}) as stream:
        return list(stream)


def test_a_stream_tells_the_content_as_it_grows(client: Clients) -> None:
    told = events(client())
    deltas = [event.delta for event in told if event.type == "content.delta"]
    assert len(deltas) > 5
    assert "".join(deltas) == next(event.content for event in told if event.type == "content.done")


def test_a_stream_parses_the_content_as_it_grows(client: Clients) -> None:
    told = events(client(), response_format=Person)
    partly = [event.parsed for event in told if event.type == "content.delta" and event.parsed]
    done: Any = next(event.parsed for event in told if event.type == "content.done")
    assert partly[-1] == done.model_dump(mode="json") | {"balance": 1}


def test_a_stream_tells_each_call_that_is_done_with_its_arguments(client: Clients) -> None:
    tools = [openai.pydantic_function_tool(Address), openai.pydantic_function_tool(Person)]
    told = events(client(), tools=tools, tool_choice="required")
    done = [event for event in told if event.type == "tool_calls.function.arguments.done"]
    assert [(event.name, type(event.parsed_arguments)) for event in done] == [("Address", Address)]
    deltas = [event.arguments_delta for event in told if event.type == "tool_calls.function.arguments.delta"]
    assert "".join(deltas) == done[0].arguments


def test_a_stream_tells_the_probabilities_of_the_content(client: Clients) -> None:
    told = events(client(), logprobs=True, top_logprobs=2)
    done = next(event.content for event in told if event.type == "logprobs.content.done")
    text = next(event.content for event in told if event.type == "content.done")
    assert "".join(odds.token for odds in done) == text
    assert {len(odds.top_logprobs) for odds in done} == {2}


def test_a_stream_tells_a_refusal(client: Clients, mocks: Callable[[str], Any]) -> None:
    ask = client()
    mocks("openai").when(user="Ada").then(refusal="I can't say.", tenant=ask.api_key)
    told = events(ask, response_format=Person)
    assert [event.refusal for event in told if event.type == "refusal.done"] == ["I can't say."]


def test_a_refusal_is_parsed_as_one(client: Clients, mocks: Callable[[str], Any]) -> None:
    ask = client()
    mocks("openai").when(user="Ada").then(refusal="I can't say.", tenant=ask.api_key)
    message = ask.chat.completions.parse(**ASKED, response_format=Person).choices[0].message
    assert (message.parsed, message.refusal) == (None, "I can't say.")
