"""Cassettes of reel-vcr: JSON Lines, an exchange a line, a stream as its events with the milliseconds of each.

reel keeps neither the request's headers nor its query nor the host it went to, and of an event neither its spelling nor
comments; its times are those of the events, counted from the answer's first byte.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from mockprovider.cassettes.importers.common import Format, Found, Imported, Refused, Source, as_json
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, based64, tried, whole
from mockprovider.tape import Chunk, Complete, Fidelity, Framing

_NOTE = "reel keeps neither the query nor the headers of a request"
_LONGEST = 86_400_000
"""Milliseconds that a stream may take: a day."""


def _claims(source: Source) -> bool:
    line = next((line for line in source.data[: 2**20].splitlines() if line.strip()), b"")
    if b'"_meta"' in line and b'"schema_version"' not in line:
        return b'"schema_version"' in source.data and b'"fingerprint"' in source.data
    return line.startswith(b"{") and all(
        word in line for word in (b'"schema_version"', b'"fingerprint"', b'"provider"')
    )


def _read(source: Source) -> Iterator[Found]:
    for number, line in enumerate(source.text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            yield Refused(where, "the line is no JSON")
            continue
        match entry:
            case {"_meta": _}:
                continue
            case {"request": dict(request), "response": dict(response)}:
                yield tried(where, partial(_exchange, where, entry, request, response))
            case _:
                yield Refused(where, "has no request and response")


def _exchange(where: str, entry: dict[str, Any], request: dict[str, Any], response: dict[str, Any]) -> Found:
    if entry.get("schema_version") != 1:
        return Refused(where, "of a version of reel's format that is not known")
    stream = response.get("stream_chunks")
    body = Kept(b"", exact=False) if stream is not None else _body(response.get("body"))
    events = [_event(each) for each in stream] if isinstance(stream, list) else []
    sent = _body(request.get("body"))
    path, recorded = request.get("path"), entry.get("ts")
    json_sent = (("Content-Type", "application/json"),) if not sent.exact else ()
    found = whole(
        where,
        Asked(request.get("method"), path if isinstance(path, str) and path[:1] == "/" else None, json_sent, sent),
        Answered(response.get("status"), response.get("headers"), body),
        recorded=recorded if isinstance(recorded, str) else "",
        notes=(_NOTE,),
    )
    return _streamed(found, events) if events and isinstance(found, Imported) else found


def _streamed(found: Imported, events: list[Chunk]) -> Imported:
    """The exchange with its events and their times in place of a body."""
    tape = found.exchange.tape
    head = replace(tape.head, framing=Framing.CHUNKED) if tape.head else None
    latest, chunks = 0.0, list[Chunk]()
    for at, data in events:
        latest = max(latest, at)
        chunks.append(Chunk(latest, data))
    tape = replace(tape, head=head, chunks=tuple(chunks), ending=Complete(latest))
    return replace(found, exchange=replace(found.exchange, tape=tape, fidelity=Fidelity.FRAMES))


def _event(each: Any) -> Chunk:
    match each:
        case {"t_offset_ms": int(at), "data": data, **rest} if 0 <= at <= _LONGEST:
            name = rest.get("event")
            said = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else as_json(data)
            first = f"event: {name}\n".encode("utf-8", "surrogatepass") if isinstance(name, str) else b""
            return Chunk(at / 1000, first + b"".join(b"data: " + line + b"\n" for line in said.split(b"\n")) + b"\n")
    raise ValueError("an event of its stream has no data, or no time of a day at most")


def _body(value: Any) -> Kept:
    match value:
        case {"__reel_raw_base64__": str(text), **others} if not others:
            return Kept(based64(text))
        case None:
            return Kept(b"")
        case _:  # text too: it was parsed as JSON
            return Kept(as_json(value), exact=False)


FORMAT = Format("reel", "reel cassette", Fidelity.FRAMES, _claims, _read)
