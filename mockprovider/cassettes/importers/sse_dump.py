"""Dumps of an answer alone: a raw stream of events, a stream's JSON chunks without the lines around them, a JSON body.

They hold no request, no status and no headers. The request is the least that could have asked for the answer
(`guessed`), the status is 200 where the answer is no error, and the notes of each exchange say so.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from mockprovider.cassettes.importers.common import (
    Format,
    Found,
    Imported,
    Refused,
    Source,
    answered,
    as_json,
)
from mockprovider.cassettes.importers.guessed import (
    NO_STATUS,
    NOTE,
    error_status,
    family_of,
    is_stream,
    request_for,
    values,
)
from mockprovider.cassettes.importers.whole import tried
from mockprovider.errors import CassetteError
from mockprovider.sse import frames
from mockprovider.tape import Exchange, Fidelity, Headers

_STREAM: Headers = ((b"Content-Type", b"text/event-stream"),)
_BODY: Headers = ((b"Content-Type", b"application/json"),)
_UNTOLD = "an answer of no API whose requests are known"
_CUT = "the dump ends within an event"
_SPACED = "the dump had no blank lines between its events: they are made up"
_MADE = "the dump had no lines around its chunks: they are made up"


def exchange(where: str, body: bytes, *, fidelity: Fidelity, notes: Iterable[str] = ()) -> Found:
    """The exchange of an answer that is all that is known."""
    streamed = is_stream(body)
    said = list(values(body))
    request = request_for(said, streamed=streamed)
    if request is None:
        return Refused(where, _UNTOLD)
    status = None if streamed or not said else error_status(said[0])
    tape, _ = answered(status or 200, _STREAM if streamed else _BODY, body)
    words = (NOTE, *([NO_STATUS] if status else []), *notes)
    return Imported(where, Exchange(request, tape, notes=words, fidelity=fidelity))


def _claims_stream(source: Source) -> bool:
    if not is_stream(source.data[:4096]):
        return False
    head = source.data[:65536]
    return any(frame.data and frame.data.lstrip()[:1] in ("{", "[") for frame in frames(head))


def _read_stream(source: Source) -> Iterator[Found]:
    body, notes = source.data, list[str]()
    if not _BLANK.search(body.strip()):
        body = _DATA.sub(rb"\g<0>\n\n", body.rstrip() + b"\n")
        notes.append(_SPACED)
    *_, last = frames(body)
    if not last.closed and last.data is not None:
        if _whole(last.data):
            body = body.rstrip(b"\r\n") + b"\n\n"
        else:
            notes.append(_CUT)
    yield exchange("", body, fidelity=Fidelity.FRAMES if _SPACED in notes else Fidelity.BYTES, notes=notes)


_BLANK = re.compile(rb"\r?\n\r?\n")
_DATA = re.compile(rb"^data:[^\r\n]*(?=\r?\n)", re.MULTILINE)


def _whole(data: str) -> bool:
    """Whether an event's data came to its end, though its blank line did not: an editor takes such lines away."""
    try:
        return data.strip() == "[DONE]" or bool(json.loads(data))
    except (ValueError, RecursionError):
        return False


def _claims_chunks(source: Source) -> bool:
    first = source.data.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0].strip()
    if first.startswith(b"["):
        listed = source.parsed
        return isinstance(listed, list) and bool(listed) and family_of(listed[0]) is not None
    return first.startswith(b"{") and _is_chunk(first) and source.parsed is None


def _is_chunk(line: bytes) -> bool:
    try:
        return family_of(json.loads(line)) is not None
    except (ValueError, RecursionError):
        return False


def _read_chunks(source: Source) -> Iterator[Found]:
    """A list or lines of chunks are one stream; a list of whole answers is as many exchanges."""
    if source.parsed is not None:
        listed = source.parsed if isinstance(source.parsed, list) else [source.parsed]
        if not all(_is_event(value) for value in listed):
            for number, value in enumerate(listed, 1):
                yield tried(f"answer {number}", partial(_whole_answer, f"answer {number}", value))
            return
        try:
            lines = [as_json(value) for value in listed]
        except ValueError as problem:
            yield Refused("", str(problem))
            return
    else:
        lines = [line for line in (each.strip() for each in source.text.encode().split(b"\n")) if line]
    body = b"".join(_framed(source, number, line) for number, line in enumerate(lines, 1))
    if b'"chat.completion.chunk"' in body and not body.endswith(b"data: [DONE]\n\n"):
        body += b"data: [DONE]\n\n"
    yield exchange("", body, fidelity=Fidelity.FRAMES, notes=[_MADE])


def _whole_answer(where: str, value: Any) -> Found:
    return exchange(where, as_json(value), fidelity=Fidelity.FRAMES)


def _is_event(value: Any) -> bool:
    """Whether a JSON value is a part of a stream, and not a whole answer."""
    if not isinstance(value, dict) or value.get("type") == "message":
        return False
    return "type" in value or value.get("object") in ("chat.completion.chunk", "text_completion")


def _framed(source: Source, number: int, line: bytes) -> bytes:
    """A chunk as an event: named by its type, as Anthropic's and the Responses API's events are."""
    if line == b"[DONE]":
        return b"data: [DONE]\n\n"
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise CassetteError(f"{source.name}:{number}:1: not JSON, which each line of such a dump is") from None
    kind = value.get("type") if isinstance(value, dict) else None
    named = isinstance(kind, str) and kind and kind.isascii() and kind.isprintable()
    return (b"event: " + kind.encode() + b"\n" if named and isinstance(kind, str) else b"") + b"data: " + line + b"\n\n"


def _claims_answer(source: Source) -> bool:
    return family_of(source.parsed) is not None


def _read_answer(source: Source) -> Iterator[Found]:
    source.json  # noqa: B018 raises where the file is no JSON
    yield exchange("", source.data.removeprefix(b"\xef\xbb\xbf"), fidelity=Fidelity.FRAMES)


FORMATS: tuple[Format, ...] = (
    Format("sse", "dump of a stream of events", Fidelity.BYTES, _claims_stream, _read_stream),
    Format("chunks", "dump of a stream's JSON chunks", Fidelity.FRAMES, _claims_chunks, _read_chunks),
    Format("answer", "answer's JSON body", Fidelity.FRAMES, _claims_answer, _read_answer),
)
