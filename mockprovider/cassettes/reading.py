"""A lens over an exchange: what was said in it, put together from the bytes, for people and for comparison.

It reads chat completions, legacy completions and responses, plain or streamed, tolerantly: recordings hold what
providers send, not what they should send. What it can't read it leaves out; the bytes are there all the same.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockprovider.sse import frames
from mockprovider.tape import Exchange, Tape

_THOUGHTS = ("reasoning_content", "reasoning")


@dataclass
class ToolCall:
    """A tool call as far as it came."""

    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass
class Choice:
    """One choice put together."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    finish: str | None = None


@dataclass
class Said:
    """What an answer says. Times in seconds since the request had arrived."""

    model: str | None = None
    choices: dict[int, Choice] = field(default_factory=dict)
    usage: dict[str, Any] | None = None
    error: Any = None
    streamed: bool = False
    done: bool = False
    """Whether `[DONE]` came."""
    first_token: float | None = None
    events: int = 0


def said(exchange: Exchange) -> Said:
    """What the answer of an exchange says."""
    tape = exchange.tape
    kind = (tape.head.header(b"content-type") or b"") if tape.head else b""
    body = tape.body
    found = Said(streamed=b"event-stream" in kind or body.lstrip()[:5] in (b"data:", b"event"))
    if found.streamed:
        for at, data in _events(tape):
            _take_event(found, at, data)
    else:
        _take(found, _object(body), None)
    return found


def _events(tape: Tape) -> Iterator[tuple[float, str]]:
    """The data of each event that was dispatched, and when its last byte came."""
    ends, total = list[tuple[int, float]](), 0
    for at, data in tape.chunks:
        total += len(data)
        ends.append((total, at))
    position, chunk = 0, 0
    for frame in frames(tape.body):
        position += len(frame.raw)
        while chunk < len(ends) - 1 and ends[chunk][0] < position:
            chunk += 1
        if frame.data is not None and frame.closed:
            yield ends[chunk][1], frame.data


def _take_event(into: Said, at: float, data: str) -> None:
    into.events += 1
    if data.strip() == "[DONE]":
        into.done = True
        return
    _take(into, _object(data), at)


def _take(into: Said, value: dict[str, Any], at: float | None) -> None:
    """Add what one JSON object says: a whole body, a chunk of a stream, or an event of a response."""
    kind = value.get("type")
    if isinstance(kind, str) and kind.startswith("response."):
        _take_response_event(into, kind, value, at)
        return
    if value.get("object") == "response":
        _take_response(into, value)
    model = value.get("model")
    into.model = model if isinstance(model, str) and model else into.model
    into.usage = value["usage"] if isinstance(value.get("usage"), dict) else into.usage
    into.error = value.get("error") or (value.get("detail") if "choices" not in value else None) or into.error
    for each in _list(value.get("choices")):
        index = each.get("index")
        choice = into.choices.setdefault(index if isinstance(index, int) else 0, Choice())
        part = each.get("delta") or each.get("message") or {}
        if _add(choice, _mapping(part)) | _add(choice, {"content": each.get("text")}) and into.first_token is None:
            into.first_token = at
        choice.finish = each.get("finish_reason") or choice.finish


def _add(choice: Choice, part: Mapping[str, Any]) -> bool:
    """Add a delta or a message; whether it says anything."""
    before = len(choice.text) + len(choice.reasoning) + len(choice.refusal)
    choice.text += _text(part.get("content"))
    choice.refusal += _text(part.get("refusal"))
    choice.reasoning += next((text for name in _THOUGHTS if (text := _text(part.get(name)))), "")
    spoke = len(choice.text) + len(choice.reasoning) + len(choice.refusal) > before
    for number, call in enumerate(_list(part.get("tool_calls"))):
        index = call.get("index")
        place = index if isinstance(index, int) and 0 <= index < 1000 else number
        while len(choice.calls) <= place:
            choice.calls.append(ToolCall())
        function = _mapping(call.get("function"))
        known = choice.calls[place]
        known.id = known.id or _text(call.get("id"))
        known.name += _text(function.get("name"))
        known.arguments += _text(function.get("arguments"))
        spoke = True
    return spoke


def _take_response(into: Said, value: Mapping[str, Any]) -> None:
    """A whole response of the Responses API."""
    choice = into.choices.setdefault(0, Choice())
    choice.finish = _text(value.get("status")) or None
    for item in _list(value.get("output")):
        parts = _list(item.get("content")) + _list(item.get("summary"))
        text = "".join(_text(part.get("text")) for part in parts)
        if item.get("type") == "reasoning":
            choice.reasoning += text
        elif item.get("type") == "function_call":
            called = (_text(item.get(name)) for name in ("call_id", "name", "arguments"))
            choice.calls.append(ToolCall(*called))
        else:
            choice.text += text


def _take_response_event(into: Said, kind: str, value: Mapping[str, Any], at: float | None) -> None:
    """One event of a streamed response; the last holds all of it again."""
    response = _mapping(value.get("response"))
    if kind in ("response.completed", "response.incomplete", "response.failed"):
        into.choices.clear()
        _take(into, {**response, "object": "response"}, at)
    elif kind.endswith(".delta") and into.first_token is None:
        into.first_token = at
    if kind == "response.output_text.delta":
        into.choices.setdefault(0, Choice()).text += _text(value.get("delta"))


def _object(text: bytes | str) -> dict[str, Any]:
    try:
        return _mapping(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(_text(_mapping(part).get("text")) for part in value)
    return value if isinstance(value, str) else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
