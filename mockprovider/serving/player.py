"""The one player. It plays tapes and live events alike, and knows no difference between an answer and an error.

It waits *until* `epoch + at`, never *for* a gap. Events that are due together leave in one write, with every HTTP
chunk boundary kept. Live events are already due when they arrive.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping, Sequence
from typing import Any, Protocol

from mockprovider.clock import Clock, Handle
from mockprovider.errors import UnplayableEndingError
from mockprovider.serving.journal import Entry
from mockprovider.serving.wire import Wire
from mockprovider.tape import (
    HOP_BY_HOP,
    Abandoned,
    Chunk,
    Complete,
    Cut,
    Ending,
    Event,
    Framing,
    Garbage,
    Hang,
    Head,
    Reset,
    Tape,
    ending_name,
)

Batches = AsyncIterator[Sequence[Event]]
"""Events in groups that are due together."""


LAST_CHUNK = b"0\r\n\r\n"
_EARLY = 0.0005
"""Seconds by which an event may leave early: timers go by the millisecond."""


class Stage(Protocol):
    """Where events are performed: a socket's wire, or an ASGI `send`."""

    @property
    def gone(self) -> bool:
        """Whether the client has left."""

    def call_when_gone(self, callback: Callable[[], None]) -> Handle | None:
        """Call back when the client leaves, unless that is cancelled before; None where nothing would tell."""

    def perform(self, events: Sequence[Event]) -> Awaitable[None] | None:
        """Send heads and chunks; what is returned must be awaited before more is sent."""

    async def perform_all(self, tape: Tape) -> None:
        """Send a whole tape, and carry out its ending."""

    async def end(self, ending: Ending) -> None:
        """Carry out an ending."""


async def play(batches: Batches, stage: Stage, entry: Entry) -> None:
    """Perform live events as they come, until the ending, or until the client has left."""
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
            _count(body, entry)
            if (waiting := stage.perform(body)) is not None:
                await waiting
        if ending is not None:
            entry.ending = ending_name(ending)
            await stage.end(ending)


async def play_tape(tape: Tape, clock: Clock, epoch: float, factor: float, stage: Stage, entry: Entry) -> None:
    """Perform a tape, each event when `epoch + at * factor` has come. Factor 0: all at once."""
    if stage.gone:
        return
    if factor:
        if not await _Run(tape, clock, epoch, factor, stage, entry).over():
            return
        entry.ending = ending_name(tape.ending)
        await stage.end(tape.ending)
    else:
        entry.status = tape.head.status if tape.head else None
        entry.chunks, entry.bytes = len(tape.chunks), tape.size
        entry.ending = ending_name(tape.ending)
        await stage.perform_all(tape)


class _Run:
    """A tape on its way out. Timers call it: to wake a task for each chunk would cost three times as much."""

    def __init__(self, tape: Tape, clock: Clock, epoch: float, factor: float, stage: Stage, entry: Entry) -> None:
        self._events: list[Event] = list(tape.events)
        self._next = 0
        self._clock, self._epoch, self._factor, self._stage, self._entry = clock, epoch, factor, stage, entry
        self._timer: Handle | None = None
        self._over: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def over(self) -> bool:
        """Perform all but the ending, and return when that is due; False where the client has left before."""
        leaving = self._stage.call_when_gone(self._client_left)
        self._step()
        try:
            return await self._over
        finally:
            _count(self._events[: self._next], self._entry)
            for handle in (self._timer, leaving):
                if handle is not None:
                    handle.cancel()

    def _client_left(self) -> None:
        if not self._over.done():
            self._over.set_result(False)

    def _step(self) -> None:
        try:
            self._perform_what_is_due()
        except Exception as problem:  # noqa: BLE001 in a timer nobody else would hear of it
            if not self._over.done():
                self._over.set_exception(problem)

    def _perform_what_is_due(self) -> None:
        if self._over.done():
            return
        if self._stage.gone:
            self._client_left()
            return
        events, start = self._events, self._next
        now = (self._clock.now() - self._epoch + _EARLY) / self._factor
        end, last = start, len(events) - 1
        while end < last and events[end].at <= now:
            end += 1
        waiting = None
        if end > start:
            waiting = self._stage.perform(events[start:end])
            self._next = end
        if waiting is not None:
            asyncio.ensure_future(waiting).add_done_callback(self._resume)
        elif end == last and events[last].at <= now:
            self._over.set_result(True)
        else:
            self._timer = self._clock.call_at(self._epoch + events[end].at * self._factor, self._step)

    def _resume(self, waited: "asyncio.Future[None]") -> None:
        if self._over.done():
            return
        if waited.cancelled() or (problem := waited.exception()) is None:
            self._step()
        else:
            self._over.set_exception(problem)


def _count(events: Iterable[Event], entry: Entry) -> None:
    for event in events:
        if isinstance(event, Chunk):
            entry.chunks += 1
            entry.bytes += len(event.data)
        elif isinstance(event, Head):
            entry.status = event.status


class SocketStage:
    """Performs on a wire: writes the head with its case and order, and frames the HTTP chunks itself."""

    __slots__ = ("_close", "_framing", "_http10", "_is_head", "_wire")

    def __init__(self, wire: Wire, *, http10: bool, is_head: bool = False) -> None:
        self._wire = wire
        self._is_head = is_head
        self._http10 = http10
        self._framing = Framing.NONE
        self._close = False

    @property
    def gone(self) -> bool:
        return self._wire.gone

    def call_when_gone(self, callback: Callable[[], None]) -> Handle | None:
        return self._wire.call_when_gone(callback)

    def perform(self, events: Sequence[Event]) -> Awaitable[None] | None:
        self._wire.write(self._bytes(events[0]) if len(events) == 1 else b"".join(map(self._bytes, events)))
        return self._wire.drained() if self._wire.full else None

    async def perform_all(self, tape: Tape) -> None:
        kind = (self._http10, self._wire.keep_alive, self._is_head)
        whole = tape.memo.get(kind)
        if whole is None:
            whole = tape.memo[kind] = self._whole(tape)
        self._wire.write(whole)
        if isinstance(tape.ending, Complete):
            self._wire.finish(close=tape.head is not None and tape.head.framing is Framing.CLOSE)
        else:
            await self.end(tape.ending)

    def _whole(self, tape: Tape) -> bytes:
        """All that is sent of a tape, but for its ending where that is more than bytes."""
        head = self._head(tape.head) if tape.head else b""
        if self._framing is Framing.NONE:
            return head
        if self._framing is not Framing.CHUNKED:
            return head + tape.body
        chunks = [b"%x\r\n%b\r\n" % (len(data), data) for _, data in tape.chunks if data]
        return b"".join([head, *chunks, LAST_CHUNK if isinstance(tape.ending, Complete) else b""])

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
        if type(event) is Chunk:
            data = event.data
            if self._framing is Framing.CHUNKED:
                return b"%x\r\n%b\r\n" % (len(data), data) if data else b""
            return data if self._framing is not Framing.NONE else b""
        assert isinstance(event, Head)  # noqa: S101 the grammar of a tape
        return self._head(event)

    def _head(self, head: Head) -> bytes:
        """RFC 9112, section 6: a client of HTTP/1.0 knows no chunks, so for it the close is the end."""
        self._framing = head.framing
        if head.framing is Framing.CHUNKED and self._http10:
            self._framing = Framing.CLOSE
        self._close = self._framing is Framing.CLOSE or not self._wire.keep_alive
        if self._is_head:  # RFC 9110, section 9.3.2: the head of what GET would get, and no content
            self._framing = Framing.NONE
        lines = [b"HTTP/1.1 %03d %b\r\n" % (head.status, head.reason)]
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

    def call_when_gone(self, callback: Callable[[], None]) -> None:  # noqa: ARG002 an ASGI send tells nobody
        return None

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
