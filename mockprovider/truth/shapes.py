"""The shape of an answer: which keys with which types, in which events, and how the bytes around them are set.

A shape is a set of *marks*, each a short text that a person can read: `finish: choices[].delta.content null`. What the
texts say is not part of it, and neither is how often something comes: an answer has the mark or it has not.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Any

from mockprovider.sse import Frame, frames
from mockprovider.truth.recordings import Answer

BYTES, SPELLING, CONTENT_TYPE = "bytes", "spelling", "content-type"
"""Where marks stand that not every recording can show."""

EVERYTHING = "(whole)"
"""The path of all that there is in a place: an answer that lacks it lacks such an event."""
_FREE = re.compile(r"(?:^|\.)(?:arguments|parameters|schema|metadata)[.\[]")
"""What the request or the model decides: the arguments of a call, the schemas of tools, words of the client's own."""
_TYPES = {bool: "boolean", int: "number", float: "number", str: "string", type(None): "null"}
_SSE = re.compile(rb"\s*(?:data|event|id|retry)?:")
_FIRST_KEY = re.compile(r'\s*\{(\s*)"(?:[^"\\]|\\.)*":(\s*)')
_REASONING = ("reasoning", "reasoning_content", "reasoning_details")
_CALLS = ("tool_calls", "function_call")


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer looks like, and what the model chose to say in it."""

    streamed: bool
    marks: frozenset[str]
    said: frozenset[str]
    """`calls`, `reasoning` and `nothing` (no text, no call) for a chat; for a response the types of its output."""
    failed: bool = False
    """Whether an error came in a good answer."""


def shape_of(answer: Answer, endpoint: str) -> Shape | None:
    """The shape of a good answer; None where it holds no JSON."""
    shape = _streamed(answer, endpoint) if is_streamed(answer) else _plain(answer)
    if shape is None or not answer.content_type:
        return shape
    return Shape(
        shape.streamed, shape.marks | {f"{CONTENT_TYPE}: {answer.content_type}"}, shape.said, failed=shape.failed
    )


def is_streamed(answer: Answer) -> bool:
    """Whether the body is a stream of events, whatever the headers say."""
    return bool(_SSE.match(answer.body)) or (not answer.body and "event-stream" in answer.content_type)


def marks_of(value: Any, place: str, path: str = "") -> Iterator[str]:
    """A mark for each value in a JSON value, at any depth."""
    if _FREE.search(path):
        return
    if isinstance(value, dict):
        yield intern(f"{place}: {path or EVERYTHING} object")
        for key, inner in value.items():
            yield from marks_of(inner, place, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield intern(f"{place}: {path or EVERYTHING} array")
        known = set[type]()
        for inner in value:
            if isinstance(inner, dict | list) or type(inner) not in known:
                known.add(type(inner))
                yield from marks_of(inner, place, f"{path}[{_kind_of(inner)}]")
    else:
        yield intern(f"{place}: {path} {_TYPES[type(value)]}")


def json_of(text: str | bytes) -> Any:
    """The JSON in a text; `...` where there is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return ...


_TOLD_APART = frozenset({"message", "reasoning", "function_call", "output_text", "summary_text"})
"""Types by which the parts of a response are told apart. In a chat all parts of a list are of one type."""


def _kind_of(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) and kind in _TOLD_APART else ""


def _plain(answer: Answer) -> Shape | None:
    value = json_of(answer.body)
    if value is ...:
        return None
    marks = set(marks_of(value, "body"))
    if answer.trust.spelling and (habit := _spelling(answer.body.decode("utf-8", "replace"))):
        marks.add(f"{SPELLING}: {habit}")
    outer = value if isinstance(value, dict) else {}
    return Shape(False, frozenset(marks), _said(outer), failed=bool(outer.get("error")))


def _said(body: Mapping[str, Any]) -> frozenset[str]:
    """What the model chose to say in a body."""
    if isinstance(output := body.get("output"), list):
        return frozenset(str(item.get("type")) for item in output if isinstance(item, dict))
    choice = _choice(body)
    return _summed(set(_said_in(choice, "message"))) if choice else frozenset()


def _said_in(choice: Mapping[str, Any], where: str) -> Iterator[str]:
    """What is said in a choice, or in a piece of it."""
    message = _inner(choice, where)
    if any(message.get(name) for name in _CALLS):
        yield "calls"
    if any(message.get(name) for name in _REASONING):
        yield "reasoning"
    if message.get("content") or message.get("refusal") or choice.get("text"):
        yield "text"


def _summed(said: set[str]) -> frozenset[str]:
    """Text is the rule, and goes without saying; that there is none, and no call, does not."""
    return frozenset(said - {"text"} if said & {"text", "calls"} else said | {"nothing"})


def _choice(body: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else {}


def _inner(outer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = outer.get(name)
    return inner if isinstance(inner, dict) else {}


def _streamed(answer: Answer, endpoint: str) -> Shape | None:
    marks, said, failed = set[str](), set[str](), False
    read = list(frames(answer.body))
    events = [frame.data for frame in read if frame.data is not None]
    finished = False
    for number, data in enumerate(events):
        value = json_of(data)
        if not isinstance(value, dict):
            continue
        if endpoint == "responses":
            place = _response_event(value)
            said |= _said(_inner(value, "response"))
            failed |= place in ("error", "response.failed")
        else:
            place = _chat_event(value, finished=finished)
            said |= set(_said_in(_choice(value), "delta"))
            failed |= place == "error"
            finished |= place == "finish"
            place = place if number else "first"
        marks.update(marks_of(value, place))
    if not marks:
        return None
    if answer.trust.stream:
        marks.update(f"{BYTES}: {habit}" for habit in _habits(answer.body, read, events))
        if answer.trust.spelling and (style := _spelling(events[0])):
            marks.add(f"{SPELLING}: {style}")
    chose = frozenset(said) if endpoint == "responses" else _summed(said)
    return Shape(True, frozenset(marks), chose, failed=failed)


def _chat_event(chunk: Mapping[str, Any], *, finished: bool) -> str:
    """Which kind of chunk it is: the first ones of a call, text, the finish and usage differ in their keys."""
    if chunk.get("error"):
        return "error"
    choice = _choice(chunk)
    delta = _inner(choice, "delta")
    if choice.get("finish_reason"):
        return "finish"
    calls = delta.get("tool_calls")
    if isinstance(calls, list) and calls:
        begins = isinstance(calls[0], dict) and _inner(calls[0], "function").get("name")
        return "tool" if begins else "tool_arguments"
    if any(delta.get(name) for name in _REASONING):
        return "reasoning"
    if delta.get("content") or choice.get("text"):
        return "text"
    return "usage" if not choice or (finished and chunk.get("usage")) else "other"


def _response_event(event: Mapping[str, Any]) -> str:
    """The type of an event of the Responses API, and of the item or the part that it speaks of."""
    inner = _inner(event, "item") or _inner(event, "part")
    return " ".join(str(kind) for kind in (event.get("type", "event"), inner.get("type")) if kind)


def _habits(body: bytes, read: list[Frame], events: list[str]) -> Iterator[str]:
    """How a stream is set: what no parser shows and every hand-made parser trips over."""
    yield "lines end in CRLF" if b"\r\n" in body else "lines end in LF" if b"\n" in body else "lines end in CR"
    yield "a space after data:" if b"data: " in body else "no space after data:"
    yield "[DONE] at the end" if events[-1].strip() == "[DONE]" else "no [DONE] at the end"
    if any(frame.event != "message" for frame in read):
        yield "event names"
    for comment in {comment for frame in read for comment in frame.comments}:
        yield f"a comment {re.sub(r'[0-9]+', '#', comment)[:60]!r}"


def _spelling(text: str) -> str:
    """How JSON is spaced, by its first key; "" where it has none."""
    if not (found := _FIRST_KEY.match(text)):
        return ""
    before, after = found[1], found[2]
    if "\n" in before:
        indent = before.rpartition("\n")[2]
        return "JSON indented by a tab" if "\t" in indent else f"JSON indented by {len(indent)}"
    return "JSON with spaces" if after else "JSON without spaces"
