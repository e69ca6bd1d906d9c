"""The lens that puts an answer together from its bytes, whatever the provider made of them."""

import json
from typing import Any

import pytest

from mockprovider.cassettes.reading import Choice, Said, ToolCall, said
from mockprovider.tape import Chunk, Complete, Exchange, Head, Request, Tape


def read(kind: bytes, *parts: bytes) -> Said:
    """What an answer says that came in these parts, a tenth of a second apart."""
    chunks = tuple(Chunk(number / 10, part) for number, part in enumerate(parts, 1))
    head = Head(0.0, 200, ((b"Content-Type", kind),))
    return said(Exchange(Request("POST", "/v1/x"), Tape(head, chunks, Complete(9.0))))


def events(*values: Any) -> list[bytes]:
    """Values as server-sent events."""
    return [b"data: " + json.dumps(value).encode() + b"\n\n" for value in values]


def delta(index: int = 0, finish: str | None = None, **parts: Any) -> dict[str, Any]:
    """A chunk of a chat completion."""
    return {"model": "m", "choices": [{"index": index, "delta": parts, "finish_reason": finish}]}


def test_a_stream_is_put_together_whatever_its_chunks_cut() -> None:
    whole = b"".join(events(delta(content="Hel"), delta(content="lo"), delta(finish="stop"))) + b"data: [DONE]\n\n"
    for cut in range(len(whole)):
        found = read(b"text/event-stream", whole[:cut], whole[cut:])
        assert (found.choices[0], found.done) == (Choice("Hello", finish="stop"), True)


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_reasoning_is_found_under_either_name(name: str) -> None:
    thoughts: list[dict[str, Any]] = [{"choices": [{"delta": {name: text}}]} for text in ("Hm", "m")]
    found = read(b"text/event-stream", *events(*thoughts, delta(content="4")))
    assert found.choices[0] == Choice("4", reasoning="Hmm")


def test_tool_calls_are_put_together_from_their_deltas() -> None:
    opening = {"index": 1, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}
    more = [{"index": 1, "function": {"arguments": part}} for part in ('{"a"', ":1}")]
    found = read(b"text/event-stream", *events(*(delta(tool_calls=[each]) for each in [opening, *more])))
    assert found.choices[0].calls == [ToolCall(), ToolCall("call_1", "f", '{"a":1}')]


def test_choices_are_kept_apart() -> None:
    found = read(b"text/event-stream", *events(delta(0, content="a"), delta(1, content="b"), delta(0, content="c")))
    assert [found.choices[index].text for index in (0, 1)] == ["ac", "b"]


def test_a_body_that_is_not_streamed_is_read_too() -> None:
    message = {"role": "assistant", "content": "Hi", "reasoning_content": "Hm"}
    body = {"model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": {"a": 1}}
    found = read(b"application/json", json.dumps(body).encode())
    assert (found.choices, found.usage, found.model) == ({0: Choice("Hi", "Hm", finish="stop")}, {"a": 1}, "m")


@pytest.mark.parametrize("error", [{"message": "boom", "code": 1305}, "just text"])
def test_an_error_is_found_in_a_body_and_inside_a_stream(error: Any) -> None:
    assert read(b"application/json", json.dumps({"error": error}).encode()).error == error
    assert read(b"text/event-stream", *events(delta(content="x"), {"error": error})).error == error


def test_the_first_token_is_when_its_event_was_whole() -> None:
    first, second = events(delta(role="assistant", content=""), delta(content="x"))
    assert read(b"text/event-stream", first, second[:5], second[5:]).first_token == 0.3


def test_an_event_that_was_cut_off_says_nothing() -> None:
    (only,) = events(delta(content="x"))
    assert read(b"text/event-stream", only[:-1]).choices == {}


def test_a_streamed_response_is_read_from_its_last_event() -> None:
    output = [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm"}]},
        {"type": "message", "content": [{"type": "output_text", "text": "Hi"}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
    ]
    response = {"object": "response", "model": "m", "status": "completed", "output": output, "usage": {"a": 1}}
    found = read(
        b"text/event-stream",
        *events(
            {"type": "response.output_text.delta", "delta": "H"},
            {"type": "response.completed", "response": response},
        ),
    )
    assert found.choices == {0: Choice("Hi", "Hm", calls=[ToolCall("c", "f", "{}")], finish="completed")}


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b'{"choices": 5}', b'{"choices": [5, {"delta": 7}]}', b"\xff\x00", b"[" * 9999]
)
@pytest.mark.parametrize("kind", [b"application/json", b"text/event-stream"])
def test_what_can_not_be_read_is_left_out(kind: bytes, body: bytes) -> None:
    found = read(kind, b"data: " + body + b"\n\n" if b"event" in kind else body)
    assert all(choice == Choice() for choice in found.choices.values())
