"""The one noun. Everything that can be answered is a tape.

    Tape  = Head? Chunk* Ending          offsets never decrease; no head, no chunk
    Event = Head | Chunk | Ending
    Exchange = Request + Tape            what a cassette keeps

`at` is always seconds since the request had arrived. A tape holds bytes only: SSE frames, deltas and usage are a
lens over them (`sse.py`), never stored beside them as truth. How an answer ended is not what it said, so the ending
is a type of its own and not a status.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Literal, NamedTuple

from mockprovider.errors import TapeError

Headers = tuple[tuple[bytes, bytes], ...]
"""Names and values as they stood on the wire: case, order and duplicates kept."""


HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
"""Fields that speak of one connection (RFC 9110, section 7.6.1): no tape keeps them, a player writes its own."""


PHRASES = {status.value: status.phrase.encode() for status in HTTPStatus}
"""The reason phrase of each status that has one (RFC 9110, section 15)."""


class Framing(StrEnum):
    """How the end of the body is marked (RFC 9112, section 6.3)."""

    CHUNKED = "chunked"
    """Transfer-Encoding: chunked; every `Chunk` of the tape is one HTTP chunk."""
    LENGTH = "length"
    """A Content-Length, true or not; a `Chunk` is one arrival."""
    CLOSE = "close"
    """The body goes on until the connection closes; a `Chunk` is one arrival."""
    NONE = "none"
    """No body can follow: the answer to HEAD, or a 1xx, 204 or 304."""


@dataclass(frozen=True, slots=True)
class Head:
    """Status line and header section. It has a time of its own: some providers send headers and then think."""

    at: float
    status: int
    headers: Headers = ()
    reason: bytes = b""
    framing: Framing = Framing.CHUNKED

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its name in any case."""
        return header(self.headers, name)


class Chunk(NamedTuple):
    """Bytes of the body that belong together: one HTTP chunk, or one arrival where the body is not chunked."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Complete:
    """The proper end of the message."""

    at: float


@dataclass(frozen=True, slots=True)
class Cut:
    """An orderly close (FIN) before the message was whole."""

    at: float


@dataclass(frozen=True, slots=True)
class Reset:
    """A TCP RST."""

    at: float


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes that break HTTP framing, then a close. Without a head these are all that the server sent."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Hang:
    """Silence on an open connection; `at` is when somebody gave up waiting."""

    at: float


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The client left, or the recorder's cap was met: what followed is unknown, so replay refuses the tape."""

    at: float
    why: str


Ending = Complete | Cut | Reset | Garbage | Hang | Abandoned
Event = Head | Chunk | Ending

ENDINGS: dict[str, type[Ending]] = {
    "complete": Complete,
    "cut": Cut,
    "reset": Reset,
    "garbage": Garbage,
    "hang": Hang,
    "abandoned": Abandoned,
}
"""The endings by the name that they have on disk and in the journal."""

_NAMES = {kind: name for name, kind in ENDINGS.items()}


def ending_name(ending: Ending) -> str:
    """What an ending is called on disk and in the journal."""
    return _NAMES[type(ending)]


@dataclass(frozen=True, slots=True)
class Tape:
    """An answer: what was sent, when, and how it ended."""

    head: Head | None
    chunks: tuple[Chunk, ...]
    ending: Ending
    size: int = field(init=False, repr=False, compare=False)
    """Bytes of body."""
    memo: dict[object, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What a player made of this tape and may use again."""

    def __post_init__(self) -> None:
        if self.head is None and self.chunks:
            raise TapeError("a tape without a head can't have chunks")
        before, size = self.head.at if self.head else 0.0, 0
        if not before >= 0:  # so that NaN is refused too
            raise TapeError(f"the head is at {before} s; a time is a number of seconds since the request arrived")
        for at, data in self.chunks:
            if not at >= before:
                raise TapeError(f"a chunk at {at} s follows an event at {before} s; offsets never decrease")
            before = at
            size += len(data)
        if not self.ending.at >= before:
            raise TapeError(f"the ending at {self.ending.at} s follows an event at {before} s; offsets never decrease")
        object.__setattr__(self, "size", size)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Tape":
        """The tape of a sequence of events, which must obey the grammar."""
        head: Head | None = None
        chunks: list[Chunk] = []
        ending: Ending | None = None
        for event in events:
            if ending is not None:
                raise TapeError("an event follows the ending")
            if isinstance(event, Chunk):
                chunks.append(event)
            elif isinstance(event, Head):
                if head is not None or chunks:
                    raise TapeError("a head must come first, and once")
                head = event
            else:
                ending = event
        if ending is None:
            raise TapeError("a tape needs an ending")
        return cls(head, tuple(chunks), ending)

    @property
    def events(self) -> Iterator[Event]:
        """Head, chunks and ending, in the order of time."""
        if self.head is not None:
            yield self.head
        yield from self.chunks
        yield self.ending

    @property
    def body(self) -> bytes:
        """The bytes of the body, as far as it came."""
        return b"".join(chunk.data for chunk in self.chunks)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. `path` and `query` are as they stood in the request line, percent-encoding included."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its name in any case."""
        return header(self.headers, name)

    @property
    def target(self) -> str:
        """Path and query, as in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Fidelity(StrEnum):
    """How much of what was on the wire an exchange still has."""

    CHUNKS = "chunks"
    """Every byte, every HTTP chunk boundary, every time: what mockprovider records."""
    BYTES = "bytes"
    """The bytes of the body; its chunks and times are made up."""
    FRAMES = "frames"
    """The values of the JSON bodies and events, not how they were spelled or what stood between them."""
    TEXT = "text"
    """What was said; the frames around it are made up."""


class Origin(StrEnum):
    """Whether an exchange took place."""

    RECORDED = "recorded"
    """It did: it was recorded, or imported from whoever recorded it."""
    RECONSTRUCTED = "reconstructed"
    """It was written anew from what is known of a provider, and says from where."""


Confidence = Literal["recorded", "documented", "reported", "inferred"]
"""How a fact is known: from a recording, from the provider itself, from somebody who saw it, or by a conclusion."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where what an exchange shows is known from; the words are those of a profile's sources."""

    at: str
    """A public address."""
    confidence: Confidence
    date: str
    """When the source saw it: a year, month or day."""
    says: str = ""
    """What it means for a client."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the tape that answered it.

    `coding` names the content coding that the answer had on the wire; the tape holds it decoded.
    `notes` are the recorder's own words about the recording, for people. `upstream` is the base URL that the request's
    path stood behind, or `NAME=URL` where the path begins with `/NAME` for it. `cwd` is the directory that the recorder
    ran in, where a rule for matching asks for it.
    """

    request: Request
    tape: Tape
    recorded: str = ""
    coding: str = ""
    notes: tuple[str, ...] = ()
    fidelity: Fidelity = Fidelity.CHUNKS
    upstream: str = ""
    cwd: str = ""
    origin: Origin = Origin.RECORDED
    source: Citation | None = None


def header(headers: Headers, name: bytes) -> bytes | None:
    """The first value of the header with this name, in any case; None where there is none."""
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return None


def end_to_end(headers: Headers) -> Headers:
    """A header section without the fields that speak of one connection (RFC 9110, section 7.6.1)."""
    named = b",".join(value for name, value in headers if name.lower() == b"connection").lower()
    dropped = HOP_BY_HOP | {name.strip() for name in named.split(b",")}
    return tuple(pair for pair in headers if pair[0].lower() not in dropped)


def as_kept(request: Request) -> Request:
    """A request without the fields that speak of the connection it came on."""
    headers = tuple(pair for pair in end_to_end(request.headers) if pair[0].lower() != b"host")
    return Request(request.method, request.path, request.query, headers, request.body)
