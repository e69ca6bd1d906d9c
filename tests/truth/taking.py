"""Recordings to hold profiles against: taken from a profile itself, or written down by hand."""

import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from mockprovider.profiles.loading import load
from mockprovider.profiles.schema import Profile
from mockprovider.sources.synthesize import Synthesize
from mockprovider.tape import Request
from mockprovider.truth.recordings import WHOLE, Answer, Recorded, Trust
from tests.sources.asking import CHAT, asked

BASELINE = load("openai")
JSON = ((b"content-type", b"application/json"),)
EVENTS = ((b"content-type", b"text/event-stream"),)

TOOLS = [{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}]


def chat(words: str = "Hello", **more: Any) -> Request:
    """A chat request."""
    return asked(CHAT, {"model": "gpt-4o", "messages": [{"role": "user", "content": words}], **more})


def thrice(**more: Any) -> list[Request]:
    """The same in three ways: as few as are compared."""
    return [chat(words, **more) for words in ("Hello", "What is an otter?", "Say nothing.")]


def taken(profile: Profile, requests: Iterable[Request]) -> list[Recorded]:
    """What a profile answers to requests, as if a provider had been recorded."""
    source = Synthesize(profile, any_model=True)
    return [
        Recorded(f"taken:{number}", request, Answer.of(source.answer(request)[0]), provider=profile.name)
        for number, request in enumerate(requests)
    ]


def recorded(
    request: Request, body: Any, status: int = 200, headers: Sequence[tuple[bytes, bytes]] = JSON, trust: Trust = WHOLE
) -> Recorded:
    """A recording written down by hand."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Recorded("by hand", request, Answer(status, tuple(headers), data, trust))


def plain_changed(profile: Profile, body: dict[str, Any]) -> Profile:
    """A profile with another plain body."""
    return replace(profile, chat=replace(profile.chat, plain=replace(profile.chat.plain, body=body)))


def text_changed(profile: Profile, frame: dict[str, Any]) -> Profile:
    """A profile with another frame for a piece of text."""
    stream = profile.chat.stream
    return replace(
        profile, chat=replace(profile.chat, stream=replace(stream, frames=replace(stream.frames, text=frame)))
    )


def row(**more: Any) -> dict[str, Any]:
    """A line of a file of recordings: an answered chat request that was kept whole."""
    return {
        "provider": "acme",
        "host": "api.acme.example",
        "method": "POST",
        "path": CHAT,
        "status": 200,
        "request_headers": [],
        "request_body": '{"model": "m", "messages": []}',
        "response_headers": [["Content-Type", "application/json"]],
        "response_body": "{}",
        "encoding_notes": [],
        "fidelity": {"headers": "full", "json": "raw", "sse": "raw"},
        **more,
    }


def row_of(one: Recorded, **more: Any) -> dict[str, Any]:
    """The line for a recording."""
    texts = {"request_body": one.request.body.decode(), "response_body": one.answer.body.decode()}
    headers = [[name.decode(), value.decode()] for name, value in one.answer.headers]
    status, provider = one.answer.status, one.provider
    return row(path=one.request.path, status=status, provider=provider, response_headers=headers, **texts, **more)


def written(path: Path, rows: Iterable[Any]) -> Path:
    """A file of lines, compressed if its name says so."""
    data = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in rows).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
