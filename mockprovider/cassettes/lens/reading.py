"""A lens over an exchange: what was said in it, put together from the bytes, for people and for comparison.

It reads chat completions, legacy completions, responses, Anthropic's messages, embeddings, model lists, and errors of
any form, plain or streamed (`readers.py`). What it can't read it leaves out; the bytes are there all the same.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mockprovider.cassettes.lens.readers import Block, ChoiceDraft, Draft, take
from mockprovider.sse import frames
from mockprovider.tape import Exchange, Tape

_DEEPEST = 100
"""Levels of nesting that are read. No provider comes near, and what is deeper breaks whoever walks it."""
_LONGEST_ERROR = 4000


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call as far as it came; the arguments as they stood, JSON or not."""

    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice put together. `media` is what is no text, by its kind, in characters of the JSON."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    calls: tuple[ToolCall, ...] = ()
    finish: str | None = None
    media: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says. Times in seconds since the request had arrived, None where the answer is not streamed."""

    api: str = ""
    """`chat`, `completions`, `responses`, `messages`, `embeddings` or `models`; empty for anything else."""
    model: str | None = None
    choices: dict[int, Choice] = field(default_factory=dict)
    usage: dict[str, Any] | None = None
    error: Any = None
    embeddings: tuple[int | None, ...] = ()
    """The dimensions of each; None where they can't be told."""
    models: tuple[str, ...] = ()
    streamed: bool = False
    done: bool = False
    """Whether `[DONE]` came."""
    events: int = 0
    first_token: float | None = None
    last_token: float | None = None
    summarized: bool = False
    """Whether of the reasoning there is only a summary."""

    @property
    def anything(self) -> bool:
        """Whether the lens has found anything that was said."""
        spoken = any(
            each.text or each.reasoning or each.refusal or each.calls or each.media for each in self.choices.values()
        )
        return bool(spoken or self.embeddings or self.models or self.error)


def said(exchange: Exchange) -> Said:
    """What the answer of an exchange says."""
    tape, draft = exchange.tape, Draft(exchange.request.path.rstrip("/"))
    streamed, done, events = is_stream(tape), False, 0
    for at, value in values(tape):
        events += 1
        done = done or value == "[DONE]"
        draft.at = at
        take(draft, value)
    if tape.head is not None and tape.head.status >= 400 and draft.error is None:
        draft.error = _whole_error(tape)
    return Said(
        draft.api,
        draft.model,
        {index: _choice(each) for index, each in sorted(draft.choices.items())},
        draft.usage,
        draft.error,
        tuple(draft.embeddings),
        tuple(draft.models),
        streamed,
        done,
        events if streamed else 0,
        draft.first_token,
        draft.last_token,
        draft.summarized,
    )


def is_stream(tape: Tape) -> bool:
    """Whether a body is a stream of events, by its content type or its looks."""
    kind = (tape.head.header(b"content-type") or b"") if tape.head else b""
    return b"event-stream" in kind.lower() or tape.body.lstrip().startswith((b"data:", b"event:", b"id:", b":"))


def values(tape: Tape) -> Iterator[tuple[float | None, Any]]:
    """The JSON of each event that was dispatched and when it was there, or that of the body.

    What is no JSON is its text in a stream, and nothing otherwise.
    """
    if not is_stream(tape):
        if (value := parsed(tape.body)) is not None:
            yield None, value
        return
    for at, data in _events(tape):
        value = parsed(data)
        lines = data.split("\n") if value is None and "\n" in data else []
        for each in filter(None, lines):  # a recorder that keeps no blank lines makes one event of all
            yield at, each.strip() if (inner := parsed(each)) is None else inner
        if not lines:
            yield at, data.strip() if value is None else value


def parsed(text: bytes | str) -> Any:
    """The value of JSON; None where the text is none, or is nested past all reason."""
    try:
        value = json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return value if _is_shallow(value) else None


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        children = (
            each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)
        )
        level = [child for each in children for child in each if isinstance(child, dict | list)]
        if not level:
            return True
    return False


def _events(tape: Tape) -> Iterator[tuple[float, str]]:
    """The data of each event that was dispatched, and when its last byte came.

    Also of one that was not, if it has several lines: then a recorder left out the blank lines that dispatch.
    """
    ends, total = list[tuple[int, float]](), 0
    for at, data in tape.chunks:
        total += len(data)
        ends.append((total, at))
    position, chunk = 0, 0
    for frame in frames(tape.body):
        position += len(frame.raw)
        while chunk < len(ends) - 1 and ends[chunk][0] < position:
            chunk += 1
        if frame.data is not None and (frame.closed or "\n" in frame.data):
            yield ends[chunk][1], frame.data


def _choice(draft: ChoiceDraft) -> Choice:
    blocks = [block for _, block in sorted(draft.blocks.items())]
    calls = tuple(ToolCall(each.id, each.name, "".join(each.pieces)) for each in blocks if each.kind == "call")
    text, reasoning, refusal = (_joined(blocks, kind) for kind in ("text", "reasoning", "refusal"))
    return Choice(text, reasoning, refusal, calls, draft.finish, draft.media)


def _joined(blocks: list[Block], kind: str) -> str:
    words = ""
    for block in blocks:
        if block.kind == kind:
            words += ("\n\n" if block.apart and words else "") + "".join(block.pieces)
    return words


def _whole_error(tape: Tape) -> Any:
    """The body of a refusal that has no error anywhere one is known to stand."""
    value = parsed(tape.body)
    return tape.body[:_LONGEST_ERROR].decode("utf-8", "replace").strip() or None if value is None else value
