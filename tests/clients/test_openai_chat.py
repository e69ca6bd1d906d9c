"""What openai-python makes of the rarer things in chat completions, and of those that are kept."""

import base64
import io
import json
import wave
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from tests.clients.conftest import Clients, Doors
from tests.fakes import NO_TLS

HELLO: dict[str, Any] = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello"}]}


def texts(completion: ChatCompletion) -> list[str | None]:
    return [choice.message.content for choice in completion.choices]


def test_two_choices_are_two_texts(client: Clients) -> None:
    assert len(set(texts(client().chat.completions.create(**HELLO, n=2)))) == 2


def test_two_streamed_choices_are_those_of_the_plain_answer(client: Clients) -> None:
    ask = client(requests=2)
    with ask.chat.completions.stream(**HELLO, n=2) as stream:
        assert texts(stream.get_final_completion()) == texts(ask.chat.completions.create(**HELLO, n=2))


def test_the_tokens_that_have_probabilities_are_the_text(client: Clients) -> None:
    (choice,) = client().chat.completions.create(**HELLO, logprobs=True, top_logprobs=3).choices
    assert choice.logprobs
    assert choice.logprobs.content
    assert "".join(odds.token for odds in choice.logprobs.content) == choice.message.content
    assert {len(odds.top_logprobs) for odds in choice.logprobs.content} == {3}


LETTERS = {"type": "grammar", "grammar": {"syntax": "regex", "definition": "[a-z]+"}}


@pytest.mark.parametrize("format_", [{}, {"format": LETTERS}], ids=["text", "grammar"])
def test_a_custom_tool_is_called_with_text_until_it_has_answered(format_: dict[str, Any], client: Clients) -> None:
    tools = [{"type": "custom", "custom": {"name": "shell", "description": "Runs a command", **format_}}]
    asked: dict[str, Any] = {**HELLO, "messages": [{"role": "user", "content": "Run the command pwd"}], "tools": tools}
    ask = client(requests=2)
    called = ask.chat.completions.create(**asked).choices[0].message
    (call,) = called.tool_calls or []
    assert call.type == "custom"
    assert call.custom.input.isalpha()
    asked["messages"] += [called, {"role": "tool", "tool_call_id": call.id, "content": "/home/ada"}]
    assert "/home/ada" in (texts(ask.chat.completions.create(**asked))[0] or "")


def test_a_function_in_the_old_manner_is_called_until_it_has_answered(client: Clients) -> None:
    function = {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
    asked: dict[str, Any] = {
        "model": "gpt-4o-mini",
        "messages": [{"role": "user", "content": "What is the weather in Paris?"}],
        "functions": [function],
    }
    ask = client(requests=2)
    choice = ask.chat.completions.create(**asked).choices[0]
    call = choice.message.function_call
    assert call
    assert (choice.finish_reason, json.loads(call.arguments)) == ("function_call", {"city": "Paris"})
    asked["messages"] += [choice.message, {"role": "function", "name": call.name, "content": "17 degrees"}]
    assert "17 degrees" in (texts(ask.chat.completions.create(**asked))[0] or "")


SPOKEN: dict[str, Any] = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}


def test_speech_is_a_sound_that_can_be_played_and_its_words(client: Clients) -> None:
    said = client().chat.completions.create(**{**HELLO, **SPOKEN, "model": "gpt-audio"}).choices[0].message.audio
    assert said
    assert "Say hello" in said.transcript
    with wave.open(io.BytesIO(base64.b64decode(said.data))) as sound:
        assert sound.getnframes() > 0


class Note(BaseModel):
    """Something to write."""

    text: str


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-5", "o4-mini"])
def test_a_loop_that_streams_its_calls_ends_with_the_results_in_the_text(model: str, client: Clients) -> None:
    asked: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "user", "content": "Take a note of Oslo and of Paris"}],
        "tools": [openai.pydantic_function_tool(Note, name="take_note")],
    }
    ask, taken = client(requests=2), list[str]()
    while True:
        with ask.chat.completions.stream(**asked) as stream:
            message = stream.get_final_completion().choices[0].message
        if not message.tool_calls:
            break
        asked["messages"].append(message)
        for call in message.tool_calls:
            assert isinstance(call.function.parsed_arguments, Note)
            taken.append(call.function.parsed_arguments.text)
            asked["messages"].append({"role": "tool", "tool_call_id": call.id, "content": f"noted {taken[-1]}"})
    assert taken == ["Oslo", "Paris"]
    assert "noted Oslo" in (message.content or "")
    assert "noted Paris" in (message.content or "")


def test_hidden_reasoning_is_counted(client: Clients) -> None:
    usage = client().chat.completions.create(**{**HELLO, "model": "gpt-5"}).usage
    assert usage
    assert usage.completion_tokens_details
    assert usage.completion_tokens > (usage.completion_tokens_details.reasoning_tokens or 0) > 0


async def test_a_stream_that_is_awaited_is_told_event_by_event(door: Doors) -> None:
    way = door()
    transport = openai.DefaultAsyncHttpxClient(verify=NO_TLS)
    async with (
        openai.AsyncOpenAI(base_url=way.base_url, api_key=way.key, max_retries=0, http_client=transport) as ask,
        ask.chat.completions.stream(**HELLO) as stream,
    ):
        deltas = [event.delta async for event in stream if event.type == "content.delta"]
        assert "".join(deltas) == texts(await stream.get_final_completion())[0]


# What is kept


def test_a_completion_that_is_stored_is_retrieved_as_it_was(client: Clients) -> None:
    ask = client(requests=2)
    stored = ask.chat.completions.create(**HELLO, store=True, metadata={"for": "Ada"})
    again = ask.chat.completions.retrieve(stored.id)
    assert again.model_dump(exclude={"metadata"}) == stored.model_dump(exclude={"metadata"})


def test_stored_completions_are_listed_page_after_page(client: Clients) -> None:
    ask = client(requests=5)
    ids = []
    for word in ("one", "two", "three"):
        asked: dict[str, Any] = {**HELLO, "messages": [{"role": "user", "content": f"Say {word}"}]}
        ids.append(ask.chat.completions.create(**asked, store=True).id)
    assert [each.id for each in ask.chat.completions.list(limit=2)] == ids


def test_the_messages_of_a_stored_completion_are_listed(client: Clients) -> None:
    ask = client(requests=2)
    stored = ask.chat.completions.create(**HELLO, store=True)
    assert [(each.role, each.content) for each in ask.chat.completions.messages.list(stored.id)] == [
        ("user", "Say hello")
    ]


def test_the_metadata_of_a_stored_completion_is_changed(client: Clients) -> None:
    ask = client(requests=3)
    stored = ask.chat.completions.create(**HELLO, store=True, metadata={"for": "Ada"})
    ask.chat.completions.update(stored.id, metadata={"for": "Grace"})
    assert ask.chat.completions.retrieve(stored.id).metadata == {"for": "Grace"}


def test_a_stored_completion_that_is_deleted_is_not_found(client: Clients) -> None:
    ask = client(requests=3)
    stored = ask.chat.completions.create(**HELLO, store=True)
    assert ask.chat.completions.delete(stored.id).deleted
    with pytest.raises(openai.NotFoundError):
        ask.chat.completions.retrieve(stored.id)


def test_what_one_key_has_stored_another_does_not_find(client: Clients) -> None:
    stored = client().chat.completions.create(**HELLO, store=True)
    with pytest.raises(openai.NotFoundError):
        client().chat.completions.retrieve(stored.id)
