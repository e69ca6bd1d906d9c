"""Answers in each API's true form, with invented words, and what a person should read in them."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from mockprovider.cassettes.lens.reading import Choice, ToolCall
from mockprovider.tape import Chunk, Complete, Exchange, Fidelity, Head, Headers, Request, Tape

JSON = ((b"Content-Type", b"application/json"),)
SSE = ((b"Content-Type", b"text/event-stream"),)


def events(*values: Any) -> list[bytes]:
    """Values as server-sent events; a text stands as it is."""
    return [b"data: " + (each if isinstance(each, str) else json.dumps(each)).encode() + b"\n\n" for each in values]


def exchange(
    *parts: bytes,
    asked: dict[str, Any] | None = None,
    path: str = "/v1/chat/completions",
    headers: Headers = SSE,
    status: int = 200,
    fidelity: Fidelity = Fidelity.CHUNKS,
) -> Exchange:
    """An exchange whose answer came in these parts: the head at once, a part each tenth of a second, then the end."""
    chunks = tuple(Chunk(number / 10, part) for number, part in enumerate(parts, 1))
    request = Request("POST", path, "", JSON, json.dumps(asked or {"model": "m"}).encode())
    tape = Tape(Head(0.0, status, headers, b"OK"), chunks, Complete((len(parts) + 1) / 10))
    return Exchange(request, tape, fidelity=fidelity)


def delta(index: int = 0, finish: str | None = None, **parts: Any) -> dict[str, Any]:
    """A chunk of a chat completion."""
    return {"model": "m", "choices": [{"index": index, "delta": parts, "finish_reason": finish}]}


def message(finish: str = "stop", **parts: Any) -> dict[str, Any]:
    """A chat completion."""
    return {"model": "m", "choices": [{"index": 0, "message": parts, "finish_reason": finish}]}


class Saying(NamedTuple):
    """JSON values, `streamed` as events or one as a body; the API, and the first choice that they make."""

    api: str
    streamed: bool
    values: Sequence[Any]
    choice: Choice


_CALL = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}
_MORE = {"index": 0, "function": {"arguments": '{"a":1}'}}
_WHOLE = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
_CALLED = (ToolCall("call_1", "f", '{"a":1}'),)
_OUTPUT: list[dict[str, Any]] = [
    {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm"}, {"type": "summary_text", "text": "So"}]},
    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi"}]},
    {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": '{"a":1}'},
]
_RESPONSE = {"object": "response", "model": "m", "status": "completed", "output": _OUTPUT}
_RESPONDED = Choice("Hi", "Hm\n\nSo", calls=_CALLED, finish="completed")
_RESPONSE_DELTAS = [
    {"type": "response.created", "response": {"object": "response", "model": "m", "output": []}},
    {"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning", "summary": []}},
    {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "Hm"},
    {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 1, "delta": "So"},
    {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": "H"},
    {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": "i"},
    {"type": "response.output_item.added", "output_index": 2, "item": {**_OUTPUT[2], "arguments": ""}},
    {"type": "response.function_call_arguments.delta", "output_index": 2, "delta": '{"a"'},
    {"type": "response.function_call_arguments.delta", "output_index": 2, "delta": ":1}"},
]
_CUSTOM = {"type": "custom_tool_call", "id": "ctc_1", "call_id": "call_1", "name": "f", "input": "print(1)"}
_BLOCKS: list[dict[str, Any]] = [
    {"type": "thinking", "thinking": "Hm", "signature": "c2ln"},
    {"type": "text", "text": "Hi"},
    {"type": "tool_use", "id": "call_1", "name": "f", "input": {"a": 1}},
]
_MESSAGE = {"type": "message", "role": "assistant", "model": "m", "content": _BLOCKS, "stop_reason": "tool_use"}
_USED = Choice("Hi", "Hm", calls=(ToolCall("call_1", "f", '{"a": 1}'),), finish="tool_use")
_MESSAGE_EVENTS = [
    {"type": "message_start", "message": {**_MESSAGE, "content": [], "stop_reason": None}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}},
    {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Hi"}},
    {"type": "content_block_start", "index": 2, "content_block": {**_BLOCKS[2], "input": {}}},
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '{"a": '}},
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": "1}"}},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 7}},
    {"type": "message_stop"},
]

SAYINGS: dict[str, Saying] = {
    "chat, streamed": Saying(
        "chat", True, [delta(content="Hel"), delta(content="lo", finish="stop")], Choice("Hello", finish="stop")
    ),
    "chat, a body": Saying("chat", False, [message(content="Hi", refusal="No")], Choice("Hi", "", "No", finish="stop")),
    "reasoning_content": Saying(
        "chat", True, [delta(reasoning_content="H"), delta(reasoning_content="m")], Choice("", "Hm")
    ),
    "reasoning": Saying("chat", True, [delta(reasoning="Hm"), delta(content="4")], Choice("4", "Hm")),
    "reasoning under two names at once": Saying(
        "chat", True, [delta(reasoning="Hm", reasoning_details=[{"text": "Hm"}])], Choice("", "Hm")
    ),
    "reasoning in details only": Saying(
        "chat", True, [delta(reasoning_details=[{"summary": "H"}, {"text": "m"}])], Choice("", "Hm")
    ),
    "content in parts, thinking among them": Saying(
        "chat",
        True,
        [delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}]), delta(content="4")],
        Choice("4", "Hm"),
    ),
    "content that is an object": Saying(
        "chat", False, [message(content={"a": "ä"})], Choice('{"a": "ä"}', finish="stop")
    ),
    "a tool call in deltas": Saying(
        "chat", True, [delta(tool_calls=[_CALL]), delta(tool_calls=[_MORE])], Choice(calls=_CALLED)
    ),
    "a tool call, a body": Saying(
        "chat",
        False,
        [message("tool_calls", content=None, tool_calls=[_WHOLE])],
        Choice(calls=_CALLED, finish="tool_calls"),
    ),
    "a name in every delta": Saying(
        "chat",
        True,
        [delta(tool_calls=[_CALL]), delta(tool_calls=[{**_MORE, "function": {"name": "f", "arguments": '{"a":1}'}}])],
        Choice(calls=_CALLED),
    ),
    "two tool calls that are both numbered 0": Saying(
        "chat",
        True,
        [delta(tool_calls=[{**_WHOLE, "index": 0}]), delta(tool_calls=[{**_WHOLE, "index": 0, "id": "call_2"}])],
        Choice(calls=(*_CALLED, ToolCall("call_2", "f", '{"a":1}'))),
    ),
    "deltas of tool calls without numbers": Saying(
        "chat",
        True,
        [delta(tool_calls=[{**_CALL, "index": 3}]), delta(tool_calls=[{"function": {"arguments": '{"a":1}'}}])],
        Choice(calls=_CALLED),
    ),
    "arguments that are an object": Saying(
        "chat",
        False,
        [message(tool_calls=[{"id": "call_1", "function": {"name": "f", "arguments": {"a": 1}}}])],
        Choice(calls=(ToolCall("call_1", "f", '{"a": 1}'),), finish="stop"),
    ),
    "a function call of old": Saying(
        "chat",
        True,
        [delta(function_call={"name": "f", "arguments": "{"}), delta(function_call={"arguments": "}"})],
        Choice(calls=(ToolCall("", "f", "{}"),)),
    ),
    "a custom tool's call in deltas": Saying(
        "chat",
        True,
        [
            delta(tool_calls=[{"index": 0, "id": "call_1", "type": "custom", "custom": {"name": "f", "input": ""}}]),
            *(delta(tool_calls=[{"index": 0, "custom": {"input": word}}]) for word in ("print", "(1)")),
        ],
        Choice(calls=(ToolCall("call_1", "f", "print(1)"),)),
    ),
    "a custom tool's call, a body": Saying(
        "chat",
        False,
        [message(tool_calls=[{"id": "call_1", "type": "custom", "custom": {"name": "f", "input": "print(1)"}}])],
        Choice(calls=(ToolCall("call_1", "f", "print(1)"),), finish="stop"),
    ),
    "a refusal in deltas": Saying(
        "chat", True, [delta(content=None, refusal=""), delta(refusal="N"), delta(refusal="o")], Choice(refusal="No")
    ),
    "audio": Saying(
        "chat",
        True,
        [delta(audio={"id": "a", "transcript": "Hi"}), delta(audio={"data": "AAAA"})],
        Choice("Hi", media={"audio": 4}),
    ),
    "message and delta in one body": Saying(
        "chat",
        False,
        [{"choices": [{"message": {"content": "Hi"}, "delta": {"content": ""}}]}],
        Choice("Hi"),
    ),
    "delta and text in one event": Saying(
        "chat", True, [{"choices": [{"index": 0, "text": "Hi", "delta": {"content": "Hi"}}]}], Choice("Hi")
    ),
    "a message with no choices around it": Saying(
        "chat", False, [{"message": {"content": "Hi"}, "done_reason": "stop"}], Choice("Hi", finish="stop")
    ),
    "legacy completions, streamed": Saying(
        "completions",
        True,
        [{"object": "text_completion", "choices": [{"index": 0, "text": text}]} for text in ("H", "i")],
        Choice("Hi"),
    ),
    "legacy completions, a body": Saying(
        "completions",
        False,
        [{"object": "text_completion", "choices": [{"index": 0, "text": "Hi", "finish_reason": "length"}]}],
        Choice("Hi", finish="length"),
    ),
    "a response, a body": Saying("responses", False, [_RESPONSE], _RESPONDED),
    "a response, streamed": Saying(
        "responses", True, [*_RESPONSE_DELTAS, {"type": "response.completed", "response": _RESPONSE}], _RESPONDED
    ),
    "a response whose last event repeats no output": Saying(
        "responses",
        True,
        [*_RESPONSE_DELTAS, {"type": "response.completed", "response": {**_RESPONSE, "output": []}}],
        _RESPONDED,
    ),
    "a response that was cut off": Saying(
        "responses", True, _RESPONSE_DELTAS[:-1], Choice("Hi", "Hm\n\nSo", calls=(ToolCall("call_1", "f", '{"a"'),))
    ),
    "a response with items that came whole": Saying(
        "responses",
        True,
        [{"type": "response.output_item.done", "output_index": at, "item": item} for at, item in enumerate(_OUTPUT)],
        Choice("Hi", "Hm\n\nSo", calls=_CALLED),
    ),
    "a response's refusal": Saying(
        "responses",
        True,
        [
            {"type": "response.refusal.delta", "output_index": 0, "content_index": 0, "delta": word}
            for word in ("N", "o")
        ],
        Choice(refusal="No"),
    ),
    "a response with a custom tool's call": Saying(
        "responses",
        True,
        [
            {"type": "response.output_item.added", "output_index": 0, "item": {**_CUSTOM, "input": ""}},
            {"type": "response.custom_tool_call_input.delta", "output_index": 0, "delta": "print"},
            {"type": "response.custom_tool_call_input.delta", "output_index": 0, "delta": "(1)"},
            {"type": "response.output_item.done", "output_index": 0, "item": _CUSTOM},
        ],
        Choice(calls=(ToolCall("call_1", "f", "print(1)"),)),
    ),
    "a response that is incomplete": Saying(
        "responses",
        False,
        [{**_RESPONSE, "output": [], "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}],
        Choice(finish="max_output_tokens"),
    ),
    "a response with tools of the provider": Saying(
        "responses",
        False,
        [
            {
                "object": "response",
                "output": [
                    {"type": "web_search_call", "id": "ws_1", "action": {"query": "q"}},
                    {"type": "mcp_approval_request", "id": "m_1", "name": "roll", "arguments": "{}"},
                    {"type": "image_generation_call", "id": "ig_1", "result": "AAAA"},
                ],
            }
        ],
        Choice(
            calls=(
                ToolCall("ws_1", "web_search", '{"query": "q"}'),
                ToolCall("m_1", "roll", "{}"),
                ToolCall("ig_1", "image_generation", ""),
            ),
            media={"image_generation": 6},
        ),
    ),
    "a message, a body": Saying("messages", False, [_MESSAGE], _USED),
    "a message, streamed": Saying("messages", True, _MESSAGE_EVENTS, _USED),
}
"""By what is odd about them."""
