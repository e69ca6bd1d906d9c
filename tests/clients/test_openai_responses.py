"""What openai-python makes of the Responses API: made, streamed, continued, kept, forgotten, done in the background."""

import json
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types.responses import Response

from tests.clients.conftest import Clients, Doors
from tests.fakes import NO_TLS

HELLO: dict[str, Any] = {"model": "gpt-4o-mini", "input": "Say hello"}
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}
SHELL = {"type": "custom", "name": "shell", "description": "Runs a command"}


def test_an_answer_quotes_the_question(client: Clients) -> None:
    response = client().responses.create(**HELLO)
    assert (response.status, "“Say hello”" in response.output_text) == ("completed", True)


def test_a_stream_tells_its_events_in_order_and_numbers_them(client: Clients) -> None:
    with client().responses.create(**HELLO, stream=True) as stream:
        events = list(stream)
    assert [event.sequence_number for event in events] == list(range(len(events)))
    kinds = [event.type for event in events if not event.type.endswith(".delta")]
    assert kinds == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]


def test_a_stream_says_what_the_plain_answer_does(client: Clients) -> None:
    ask = client(requests=2)
    with ask.responses.stream(**HELLO) as stream:
        streamed: Response = stream.get_final_response()
    plain = ask.responses.create(**HELLO)
    assert streamed.output_text == plain.output_text
    assert streamed.usage == plain.usage


def test_the_helper_puts_the_text_together_as_it_comes(client: Clients) -> None:
    with client().responses.stream(**HELLO) as stream:
        snapshots = [event.snapshot for event in stream if event.type == "response.output_text.delta"]
        assert snapshots[-1] == stream.get_final_response().output_text


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-5"])
def test_a_loop_with_its_own_items_ends_with_the_result_in_the_text(model: str, client: Clients) -> None:
    ask = client(requests=2)
    items: list[Any] = [{"role": "user", "content": "What is the weather in Paris?"}]
    asked: dict[str, Any] = {"model": model, "tools": [WEATHER]}
    called = ask.responses.create(**asked, input=items)
    (call,) = [item for item in called.output if item.type == "function_call"]
    assert json.loads(call.arguments) == {"city": "Paris"}
    items += [*called.output, {"type": "function_call_output", "call_id": call.call_id, "output": "17 degrees"}]
    assert "17 degrees" in ask.responses.create(**asked, input=items).output_text


def streamed(client: OpenAI, **asked: Any) -> Response:
    with client.responses.stream(**asked) as stream:
        return stream.get_final_response()


def test_a_streamed_loop_goes_on_from_the_previous_response(client: Clients) -> None:
    ask = client(requests=2)
    asked: dict[str, Any] = {"model": "gpt-5", "tools": [WEATHER]}
    called = streamed(ask, **asked, input="What is the weather in Paris?")
    (call,) = [item for item in called.output if item.type == "function_call"]
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "17 degrees"}
    said = streamed(ask, **asked, previous_response_id=called.id, input=[result])
    assert "17 degrees" in said.output_text


@pytest.mark.parametrize("how", ["plain", "streamed"])
def test_a_custom_tool_is_called_with_text(how: str, client: Clients) -> None:
    asked: dict[str, Any] = {"model": "gpt-5", "input": "Run the command pwd", "tools": [SHELL]}
    ask = client()
    response: Response = ask.responses.create(**asked) if how == "plain" else streamed(ask, **asked)
    (call,) = [item for item in response.output if item.type == "custom_tool_call"]
    assert (call.name, call.input) == ("shell", "pwd")


def test_a_summary_of_the_reasoning_stands_before_the_text(client: Clients) -> None:
    response = streamed(client(), model="gpt-5", input="Why?", reasoning={"summary": "auto"})
    thought, said = response.output
    assert (thought.type, said.type) == ("reasoning", "message")
    assert thought.type == "reasoning"
    assert [part.text for part in thought.summary]


def test_encrypted_reasoning_may_be_sent_back(client: Clients) -> None:
    ask = client(requests=2)
    asked: dict[str, Any] = {"model": "gpt-5", "store": False, "include": ["reasoning.encrypted_content"]}
    items: list[Any] = [{"role": "user", "content": "Say hello"}]
    first = ask.responses.create(**asked, input=items)
    items += [*first.output, {"role": "user", "content": "And again"}]
    assert "And again" in ask.responses.create(**asked, input=items).output_text


def test_probabilities_are_those_of_the_text(client: Clients) -> None:
    asked: dict[str, Any] = {**HELLO, "include": ["message.output_text.logprobs"], "top_logprobs": 2}
    (message,) = client().responses.create(**asked).output
    assert message.type == "message"
    (part,) = message.content
    assert part.type == "output_text"
    assert "".join(odds.token for odds in part.logprobs or []) == part.text


def test_a_limit_makes_a_response_incomplete(client: Clients) -> None:
    response = client().responses.create(**HELLO, max_output_tokens=16)
    assert response.incomplete_details
    assert (response.status, response.incomplete_details.reason) == ("incomplete", "max_output_tokens")


async def test_an_awaited_stream_says_the_same(door: Doors) -> None:
    way = door(requests=2)
    transport = openai.DefaultAsyncHttpxClient(verify=NO_TLS)
    async with openai.AsyncOpenAI(
        base_url=way.base_url, api_key=way.key, max_retries=0, http_client=transport
    ) as client:
        async with client.responses.stream(**HELLO) as stream:
            deltas = [event.delta async for event in stream if event.type == "response.output_text.delta"]
        plain: Response = await client.responses.create(**HELLO)
    assert "".join(deltas) == plain.output_text


# What is kept


def test_a_response_is_retrieved_as_it_was(client: Clients) -> None:
    ask = client(requests=2)
    made = ask.responses.create(**HELLO)
    assert ask.responses.retrieve(made.id) == made


def test_a_streamed_response_is_retrieved_too(client: Clients) -> None:
    ask = client(requests=2)
    made = streamed(ask, **HELLO)
    assert ask.responses.retrieve(made.id).output_text == made.output_text


def test_the_input_of_a_response_is_listed_the_newest_first(client: Clients) -> None:
    ask = client(requests=2)
    asked: Any = [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Say hello"}]
    made = ask.responses.create(model="gpt-4o-mini", input=asked)
    listed = [item.to_dict() for item in ask.responses.input_items.list(made.id)]
    assert [(item["role"], item["content"][0]["text"]) for item in listed] == [  # type: ignore[index]
        ("user", "Say hello"),
        ("system", "Be brief"),
    ]


def test_a_response_that_is_deleted_is_not_found(client: Clients) -> None:
    ask = client(requests=3)
    made = ask.responses.create(**HELLO)
    ask.responses.delete(made.id)
    with pytest.raises(openai.NotFoundError, match=made.id):
        ask.responses.retrieve(made.id)


def test_a_response_that_is_not_stored_is_not_found(client: Clients) -> None:
    ask = client(requests=2)
    made = ask.responses.create(**HELLO, store=False)
    with pytest.raises(openai.NotFoundError, match=made.id):
        ask.responses.retrieve(made.id)


def test_a_previous_response_that_there_is_not_is_refused(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client().responses.create(**HELLO, previous_response_id="resp_none")
    assert (caught.value.code, caught.value.param) == ("previous_response_not_found", "previous_response_id")


def test_tokens_of_the_input_are_counted_as_the_response_counts_them(client: Clients) -> None:
    ask = client(requests=2)
    usage = ask.responses.create(**HELLO).usage
    assert usage
    assert ask.responses.input_tokens.count(**HELLO).input_tokens == usage.input_tokens


# In the background


def test_a_response_in_the_background_is_there_after_some_looks(client: Clients) -> None:
    ask = client(requests=3)
    response = ask.responses.create(**HELLO, background=True)
    seen = [response.status]
    while response.status in ("queued", "in_progress"):
        response = ask.responses.retrieve(response.id)
        seen.append(response.status)
    assert (seen, "Say hello" in response.output_text) == (["queued", "in_progress", "completed"], True)


def test_a_response_in_the_background_is_cancelled(client: Clients) -> None:
    ask = client(requests=3)
    response = ask.responses.create(**HELLO, background=True)
    assert ask.responses.cancel(response.id).status == "cancelled"
    assert ask.responses.retrieve(response.id).status == "cancelled"


def test_a_stream_in_the_background_is_taken_up_where_it_was_left(client: Clients) -> None:
    ask = client(requests=2)
    with ask.responses.create(**HELLO, background=True, stream=True) as stream:
        events = list(stream)
    created = events[0]
    assert created.type == "response.created"
    with ask.responses.retrieve(created.response.id, stream=True, starting_after=4) as stream:
        assert list(stream) == events[5:]


def test_only_a_response_in_the_background_is_cancelled(client: Clients) -> None:
    ask = client(requests=2)
    response = ask.responses.create(**HELLO)
    with pytest.raises(openai.BadRequestError, match="Cannot cancel a synchronous response"):
        ask.responses.cancel(response.id)
