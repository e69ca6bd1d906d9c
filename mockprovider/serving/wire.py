"""The wire port: the bytes of an answer, and the ends that ASGI can't say.

A small subclass of uvicorn's HTTP protocol offers a `SocketWire` at `scope["extensions"]["mockprovider.wire"]`.
Everything is written as given: no header is added, changed or reordered behind the player's back.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from mockprovider.clock import Handle

EXTENSION = "mockprovider.wire"

_SETTLE = 0.02
"""Seconds between the last bytes and an RST. Node's libuv, told of both at once, takes the reset for a plain close."""
_LINGER_ZERO = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds: closing sends RST (POSIX, `setsockopt`)."""


class Wire(Protocol):
    """What the player needs of a connection."""

    @property
    def keep_alive(self) -> bool:
        """Whether another request may follow on this connection."""

    @property
    def gone(self) -> bool:
        """Whether the client has left."""

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""

    def finish(self, *, close: bool = False) -> None:
        """The message is whole: give the connection back, or close it if asked to or if the client wants that."""

    def close(self) -> None:
        """Close in an orderly way (FIN), after what was written has left."""

    def reset(self) -> None:
        """Close with a TCP RST."""

    @property
    def full(self) -> bool:
        """Whether so much waits for the client that more should not be written."""

    async def drained(self) -> None:
        """Return when the client has taken enough for more to be written, or has left."""

    async def flushed(self) -> None:
        """Return when all that was written is with the client, as far as this side can tell, or the client has left."""

    async def left(self) -> None:
        """Return when the client has left."""

    def call_when_gone(self, callback: Callable[[], None]) -> Handle:
        """Call back when the client leaves, unless that is cancelled before."""


class SocketWire:
    """The wire of one request on a uvicorn connection."""

    __slots__ = ("_cycle", "_protocol")

    def __init__(self, protocol: "WireProtocol", cycle: RequestResponseCycle) -> None:
        self._protocol = protocol
        self._cycle = cycle

    @property
    def keep_alive(self) -> bool:
        return self._cycle.keep_alive

    @property
    def gone(self) -> bool:
        return self._cycle.disconnected or self._cycle.transport.is_closing()

    def write(self, data: bytes) -> None:
        cycle = self._cycle
        cycle.response_started = True
        cycle.waiting_for_100_continue = False
        if not cycle.disconnected:
            cycle.transport.write(data)

    def finish(self, *, close: bool = False) -> None:
        cycle = self._cycle
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if close or not cycle.keep_alive or cycle.more_body:
            cycle.transport.close()
        cycle.on_response()

    def close(self) -> None:
        self.finish(close=True)

    def reset(self) -> None:
        cycle = self._cycle
        cycle.response_started = cycle.response_complete = True
        raw = cycle.transport.get_extra_info("socket")
        with contextlib.suppress(OSError, AttributeError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        cycle.transport.abort()

    @property
    def full(self) -> bool:
        return self._cycle.flow.write_paused

    async def drained(self) -> None:
        await self._cycle.flow.drain()

    async def flushed(self) -> None:
        self._cycle.transport.set_write_buffer_limits(0)
        await asyncio.sleep(_SETTLE)
        await self.drained()

    async def left(self) -> None:
        if not self.gone:
            await self._protocol.departure()

    def call_when_gone(self, callback: Callable[[], None]) -> Handle:
        departure = self._protocol.departure()
        departure.add_done_callback(lambda known: None if known.cancelled() else callback())
        return departure


class WireProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a wire in the scope of each request."""

    _departures: tuple[asyncio.Future[None], ...] = ()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        extensions: dict[str, Any] = {EXTENSION: SocketWire(self, self.cycle)}
        self.scope["extensions"] = extensions

    def departure(self) -> "asyncio.Future[None]":
        """A future that is done when the connection is lost."""
        future: asyncio.Future[None] = self.loop.create_future()
        self._departures = (*(known for known in self._departures if not known.done()), future)
        return future

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for future in self._departures:
            if not future.done():
                future.set_result(None)

    def shutdown(self) -> None:
        """The server is ending: whoever is being served sees the connection close now."""
        super().shutdown()
        if not self.transport.is_closing():
            self.transport.close()
