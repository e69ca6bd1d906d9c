"""What importers share: the file they read, what they yield, and an exchange out of the parts that recorders keep.

An importer is tolerant of what recorders write and never pretends: what a recorder did not keep is said by the
exchange's fidelity, and what can't be used is yielded as `Refused` with the reason, beside what can.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from mockprovider import yamlfile
from mockprovider.cassettes.coding import CODINGS, decoded, measured
from mockprovider.errors import CassetteError
from mockprovider.sse import frames
from mockprovider.tape import (
    HOP_BY_HOP,
    PHRASES,
    Chunk,
    Complete,
    Exchange,
    Fidelity,
    Framing,
    Head,
    Headers,
    Request,
    Tape,
)

NO_UPSTREAM = "http://mockprovider.invalid"
"""Where a request went of which nobody knows where it went: an absolute URL must name a host."""

LARGEST = 256 * 2**20
"""Bytes that a decoded body may have."""


@dataclass(frozen=True)
class Source:
    """A file to import. `name` is what errors call it.

    `beside` gives the bytes of a file that this one names as a part of itself, None where there is none.
    """

    name: str
    data: bytes
    beside: Callable[[str], bytes | None] = lambda _name: None

    @cached_property
    def text(self) -> str:
        """The file as text. Raises CassetteError where it is none."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            raise CassetteError(f"{self.name}: not UTF-8 text: byte {problem.start} is {problem.reason}") from None

    @cached_property
    def json(self) -> Any:
        """The file as JSON. Raises CassetteError where it is none."""
        try:
            return json.loads(self.text)
        except json.JSONDecodeError as problem:
            raise CassetteError(f"{self.name}:{problem.lineno}:{problem.colno}: not JSON: {problem.msg}") from None
        except (ValueError, RecursionError) as problem:
            raise CassetteError(f"{self.name}: not usable as JSON: {problem}") from None

    @cached_property
    def parsed(self) -> Any:
        """The file as JSON, or None where it is none: for `claims`, which must not raise."""
        try:
            return self.json
        except CassetteError:
            return None

    @cached_property
    def yaml(self) -> list[Any]:
        """The documents of the file as YAML, another tool's aliases and tags allowed. Raises CassetteError."""
        return yamlfile.load(self.data, self.name, CassetteError, foreign=True)


@dataclass(frozen=True, slots=True)
class Imported:
    """An exchange, and where in the file it stood: `interaction 3`."""

    where: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that can't be used: where it stood (empty for the whole file), and why.

    A reason has no figures or names of its own, so that equal reasons can be counted.
    """

    where: str
    reason: str


Found = Imported | Refused


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be imported.

    `claims` looks whether a file is of this format, cheaply and without raising for any bytes; `read` yields what is in
    it, and may raise CassetteError where the whole file is broken.
    """

    name: str
    title: str
    fidelity: Fidelity
    """The most that a file of this format can have."""
    claims: Callable[[Source], bool]
    read: Callable[[Source], Iterator[Found]]


def mapping(value: Any) -> dict[Any, Any]:
    """A mapping of a foreign file; an empty one where something else, or nothing, stands in its place."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """A list of a foreign file; an empty one where something else, or nothing, stands in its place."""
    return value if isinstance(value, list) else []


def header_pairs(headers: Iterable[tuple[object, object]]) -> Headers:
    """Headers as bytes, in order; HTTP/2 pseudo-headers and names or values that HTTP/1.1 can't carry are left out."""
    pairs = []
    for name, value in headers:
        key, text = _wire(name), _wire(value).strip()
        if key and not key.startswith(b":") and not set(key + text) & set(b"\r\n\0") and b" " not in key:
            pairs.append((key, text))
    return tuple(pairs)


def asked(method: str, url: str, headers: Headers, body: bytes) -> tuple[Request, str]:
    """The request for an absolute URL, and the upstream (`https://host`) that it went to.

    Raises ValueError where the URL is none.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("its URL is no http or https URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not parts.netloc.isprintable():
        raise ValueError("its URL is no http or https URL")
    upstream = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    path = parts.path or "/"
    try:
        return Request(method.upper(), target_in_ascii(path), target_in_ascii(parts.query), headers, body), upstream
    except UnicodeEncodeError:
        raise ValueError("its URL holds half a character") from None


def answered(
    status: int,
    headers: Headers,
    body: bytes,
    *,
    reason: str | None = None,
    times: tuple[float, float] = (0.0, 0.0),
    method: str = "POST",
) -> tuple[Tape, str]:
    """The tape of an answer of which head and body are known, and the content coding it had on the wire.

    A body that the recorder left coded is decoded, one that it decoded is taken as it is, and a Content-Length is that
    of the body as it now is. An event stream gets a chunk an event, since nobody knows its own. `times` are those of
    the head and of the end. Where the recorder dropped every header, the body's own look gives the content type,
    without which no SDK reads it. Raises ValueError where the status is none.
    """
    if not 100 <= status <= 999:
        raise ValueError("its status is no status of HTTP")
    if not headers:
        headers = guessed_headers(body)
    kind, chunked = b"", False
    coding = ""
    for name, value in headers:
        match name.lower():
            case b"content-type":
                kind = value.lower()
            case b"transfer-encoding":
                chunked = b"chunked" in value.lower()
            case b"content-encoding":
                coding = value.strip().lower().decode("latin-1")
    counted = any(name.lower() == b"content-length" for name, _ in headers)
    if method == "HEAD" or status < 200 or status in (204, 304):
        framing = Framing.NONE
    else:
        framing = Framing.CHUNKED if chunked or (b"event-stream" in kind and not counted) else Framing.LENGTH
    kept = tuple(
        pair
        for pair in headers
        if pair[0].lower() not in HOP_BY_HOP
        and not (framing is Framing.CHUNKED and pair[0].lower() == b"content-length")
    )
    phrase = PHRASES.get(status, b"") if reason is None or set(reason) & set("\r\n\0") else _wire(reason)
    head = Head(times[0], status, kept, phrase, framing)
    ending = Complete(max(times))
    if framing is Framing.NONE:
        return Tape(head, (), ending), ""
    whole = Tape(head, (Chunk(max(times), body),) if body else (), ending)
    plain, unfolded = decoded(whole, LARGEST)
    plain = measured(plain) if counted else plain  # what was counted is the body as it was before the recorder's hands
    if not unfolded:
        unfolded = coding if coding in CODINGS else ""
    return _in_events(plain) if b"event-stream" in kind else plain, unfolded


def guessed_headers(body: bytes) -> Headers:
    """The content type that a body looks like, for an answer of which the recorder kept no header."""
    start = body.lstrip()[:6]
    if start[:1] in (b"{", b"["):
        return ((b"Content-Type", b"application/json"),)
    if start.startswith((b"data:", b"event:", b"id:", b":")):
        return ((b"Content-Type", b"text/event-stream"),)
    return ()


def _in_events(tape: Tape) -> Tape:
    """The tape with its body cut into a chunk an event."""
    return Tape(tape.head, tuple(Chunk(tape.ending.at, frame.raw) for frame in frames(tape.body)), tape.ending)


def as_json(value: Any) -> bytes:
    """JSON for a value of which the recorder kept no spelling, as OpenAI's SDK spells requests.

    Raises ValueError for what is no JSON, as YAML has it: bytes, infinity, an endless number.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        raise ValueError("its body holds what JSON can't say") from None
    return text.encode("utf-8", "surrogatepass")


def _wire(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    text = str(value)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def target_in_ascii(text: str) -> str:
    """A path or query as a request line can carry it."""
    return quote(text, safe="/%:@!$&'()*+,;=~-._?[]|{}\"^`<>\\")
