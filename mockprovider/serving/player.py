"""The one player. It plays tapes and live events alike, and knows no difference between an answer and an error.

It waits *until* `epoch + at`, never *for* a gap. Events that are due together leave in one write, with every HTTP
chunk boundary kept. Live events are already due when they arrive.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mockprovider.clock import Clock
from mockprovider.errors import UnplayableEndingError
from mockprovider.serving.wire import Wire
from mockprovider.tape import Abandoned, Chunk, Complete, Cut, Ending, Event, Framing, Garbage, Hang, Head, Reset, Tape

Batches = AsyncIterator[Sequence[Event]]
"""Events in groups that are due together."""

HOP_BY_HOP = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding", b"upgrade"})
"""Fields that speak of one connection (RFC 9110, section 7.6.1); the player writes those of its own connection."""


LAST_CHUNK = b"0\r\n\r\n"


@dataclass(slots=True)
class Played:
    """What the client was sent, for the journal."""

    status: int | None = None
    ending: str = "client left"
    chunks: int = 0
    bytes: int = 0


class Stage(Protocol):
    """Where events are performed: a socket's wire, or an ASGI `send`."""

    @property
    def gone(self) -> bool:
        """Whether the client has left."""

    async def perform(self, events: Sequence[Event]) -> None:
        """Send heads and chunks."""

    async def perform_all(self, tape: Tape) -> None:
        """Send a whole tape, and carry out its ending."""

    async def end(self, ending: Ending) -> None:
        """Carry out an ending."""


async def play_tape(tape: Tape, clock: Clock, epoch: float, factor: float, stage: Stage, played: Played) -> None:
    """Perform a tape, each event when `epoch + at * factor` has come. Factor 0: all at once."""
    if factor:
        await play(due(tape, clock, epoch, factor), stage, played)
    elif not stage.gone:
        played.status = tape.head.status if tape.head else None
        played.chunks, played.bytes = len(tape.chunks), sum([len(chunk.data) for chunk in tape.chunks])
        played.ending = type(tape.ending).__name__.lower()
        await stage.perform_all(tape)


async def due(tape: Tape, clock: Clock, epoch: float, factor: float) -> Batches:
    """The events of a tape in the groups in which they are due."""
    events = list(tape.events)
    start, count = 0, len(events)
    while start < count:
        await clock.until(epoch + events[start].at * factor)
        now = (clock.now() - epoch) / factor
        end = start + 1
        while end < count and events[end].at <= now:
            end += 1
        yield events[start:end]
        start = end


async def play(batches: Batches, stage: Stage, played: Played) -> None:
    """Perform batches in order until the ending, or until the client has left."""
    async for batch in batches:
        if stage.gone:
            return
        *body, last = batch
        ending: Ending | None = None
        if isinstance(last, Head | Chunk):
            body.append(last)
        else:
            ending = last
        if body:
            _count(body, played)
            await stage.perform(body)
        if ending is not None:
            played.ending = type(ending).__name__.lower()
            await stage.end(ending)


def _count(events: Iterable[Event], played: Played) -> None:
    for event in events:
        if isinstance(event, Chunk):
            played.chunks += 1
            played.bytes += len(event.data)
        elif isinstance(event, Head):
            played.status = event.status


class SocketStage:
    """Performs on a wire: writes the head with its case and order, and frames the HTTP chunks itself."""

    __slots__ = ("_close", "_framing", "_http10", "_wire")

    def __init__(self, wire: Wire, *, http10: bool) -> None:
        self._wire = wire
        self._http10 = http10
        self._framing = Framing.NONE
        self._close = False

    @property
    def gone(self) -> bool:
        return self._wire.gone

    async def perform(self, events: Sequence[Event]) -> None:
        self._wire.write(b"".join(map(self._bytes, events)))
        await self._wire.drained()

    async def perform_all(self, tape: Tape) -> None:
        whole = self._head(tape.head) if tape.head else b""
        if self._framing is Framing.CHUNKED:
            whole += tape.framed
        elif self._framing is not Framing.NONE:
            whole += tape.body
        if isinstance(tape.ending, Complete) and self._framing is Framing.CHUNKED:
            whole += LAST_CHUNK
        self._wire.write(whole)
        if isinstance(tape.ending, Complete):
            self._wire.finish(close=self._close)
        else:
            await self.end(tape.ending)

    async def end(self, ending: Ending) -> None:
        wire = self._wire
        match ending:
            case Complete():
                if self._framing is Framing.CHUNKED:
                    wire.write(LAST_CHUNK)
                wire.finish(close=self._close)
            case Hang():
                await wire.left()
            case Reset():
                await wire.flushed()
                wire.reset()
            case Garbage(data=data):
                wire.write(data)
                wire.close()
            case Cut() | Abandoned():
                wire.close()

    def _bytes(self, event: Event) -> bytes:
        if isinstance(event, Chunk):
            if self._framing is Framing.CHUNKED:
                return b"%x\r\n%b\r\n" % (len(event.data), event.data) if event.data else b""
            return event.data if self._framing is not Framing.NONE else b""
        assert isinstance(event, Head)  # noqa: S101 the grammar of a tape
        return self._head(event)

    def _head(self, head: Head) -> bytes:
        """RFC 9112, section 6: a client of HTTP/1.0 knows no chunks, so for it the close is the end."""
        self._framing = head.framing
        if head.framing is Framing.CHUNKED and self._http10:
            self._framing = Framing.CLOSE
        self._close = self._framing is Framing.CLOSE or not self._wire.keep_alive
        lines = [b"HTTP/1.1 %d %b\r\n" % (head.status, head.reason)]
        lines += [b"%b: %b\r\n" % pair for pair in head.headers if pair[0].lower() not in HOP_BY_HOP]
        if self._framing is Framing.CHUNKED:
            lines.append(b"Transfer-Encoding: chunked\r\n")
        if self._close:
            lines.append(b"Connection: close\r\n")
        lines.append(b"\r\n")
        return b"".join(lines)


class AsgiStage:
    """Performs through an ASGI `send`, for use without a socket. What ASGI can't say is an error, never a guess."""

    gone = False

    def __init__(self, send: Callable[[MutableMapping[str, Any]], Awaitable[None]]) -> None:
        self._send = send
        self._started = False

    async def perform(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Head):
                headers = [(k.lower(), v) for k, v in event.headers if k.lower() not in HOP_BY_HOP]
                await self._send({"type": "http.response.start", "status": event.status, "headers": headers})
                self._started = True
            elif isinstance(event, Chunk):
                await self._send({"type": "http.response.body", "body": event.data, "more_body": True})

    async def perform_all(self, tape: Tape) -> None:
        await self.perform([tape.head, *tape.chunks] if tape.head else [])
        await self.end(tape.ending)

    async def end(self, ending: Ending) -> None:
        if not isinstance(ending, Complete) or not self._started:
            raise UnplayableEndingError(
                f"this answer ends in {type(ending).__name__!r}, which in-process ASGI can't carry out; "
                "use a real socket: `mockprovider serve`, or MockProvider() without `app`"
            )
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})
