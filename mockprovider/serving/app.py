"""The ASGI application, where sources and the player meet: a request goes to a source, its tape to the player."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from mockprovider.clock import Clock, SystemClock, timestamp
from mockprovider.serving.control import control_plane
from mockprovider.serving.journal import Entry, Journal
from mockprovider.serving.player import AsgiStage, Played, SocketStage, Stage, due, play
from mockprovider.serving.tenants import api_key, shown
from mockprovider.serving.wire import EXTENSION, Wire
from mockprovider.sources.record import Body, Record
from mockprovider.sources.refusal import refusal
from mockprovider.sources.replay import Replay
from mockprovider.sources.synthesize import Synthesize
from mockprovider.tape import Request, Tape

_STREAM_ABOVE = 2**20
"""A request body longer than this goes to the upstream while it is still coming in."""


class Mode(StrEnum):
    """When to record, in VCR's words."""

    NONE = "none"
    """Replay only; a miss is refused."""
    ONCE = "once"
    """Record if the cassette is empty, else replay."""
    NEW_EPISODES = "new_episodes"
    """Replay what is known, record the rest."""
    ALL = "all"
    """Record everything afresh."""


@dataclass
class Mock:
    """What is served, and the ASGI application that serves it. Times in seconds."""

    replay: Replay | None = None
    record: Record | None = None
    synthesize: Synthesize | None = None
    mode: Mode = Mode.NONE
    speed: float = 0.0
    """What times are multiplied with: 1 as they are, 0 no waiting at all."""
    clock: Clock = field(default_factory=SystemClock)
    journal: Journal = field(default_factory=Journal)

    def __post_init__(self) -> None:
        if self.mode is Mode.ONCE:
            empty = self.replay is None or not any(cassette.entries for cassette in self.replay.cassettes)
            self.mode = Mode.ALL if empty else Mode.NONE

    def app(self) -> Starlette:
        """Everything in one application: the control plane under `/-/`, the mock everywhere else."""

        @contextlib.asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            yield
            if self.record is not None:
                await self.record.stop()

        app = Starlette(routes=[control_plane(self.journal, self.describe)], lifespan=lifespan)
        app.router.redirect_slashes = False
        app.router.default = self
        return app

    def describe(self) -> dict[str, Any]:
        """What is being served, for `/-/health`."""
        return {
            "mode": str(self.mode),
            "profiles": [self.synthesize.profile.name] if self.synthesize else [],
            "cassettes": [str(cassette.folder) for cassette in self.replay.cassettes] if self.replay else [],
            "upstream": self.record.upstream.url if self.record else None,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(
            scope["method"],
            scope.get("raw_path", scope["path"].encode()).decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            tuple(scope["headers"]),
        )
        key = api_key(request)
        entry = self.journal.open(timestamp(), request.method, request.target, shown(key))
        wire: Wire | None = scope.get("extensions", {}).get(EXTENSION)
        stage: Stage = SocketStage(wire, http10=scope["http_version"] == "1.0") if wire else AsgiStage(send)
        arrived = self.clock.now()
        played = Played()
        try:
            if self.mode is Mode.ALL and self.record is not None:
                body = await _body_or_stream(receive)
                await self._record(self.record, request, body, arrived, wire, stage, entry, played)
            else:
                await self._answer(request, await _whole(receive), key or "", wire, stage, entry, played)
        except _ClientLeftError:
            entry.ending = "client left"
        else:
            entry.ending = played.ending
        finally:
            entry.status, entry.chunks, entry.bytes = played.status, played.chunks, played.bytes
            entry.duration = round(self.clock.now() - arrived, 6)

    async def _answer(
        self, head: Request, body: bytes, tenant: str, wire: Wire | None, stage: Stage, entry: Entry, played: Played
    ) -> None:
        request = Request(head.method, head.path, head.query, head.headers, body)
        epoch = self.clock.now()
        if self.replay is not None and (found := self.replay.find(request, tenant)):
            tape, entry.detail = found
            entry.source = "replay" if entry.detail else "refusal"
        elif self.mode is Mode.NEW_EPISODES and self.record is not None:
            await self._record(self.record, request, body, epoch, wire, stage, entry, played)
            return
        elif self.synthesize is not None:
            tape, entry.detail = self.synthesize.answer(request, tenant)
            entry.source = "synthesize"
        elif self.replay is not None:
            tape, entry.source, entry.detail = self.replay.miss(request), "refusal", "miss"
        else:
            tape, entry.source = refusal(501, "nothing_served", "no profile, cassette or upstream is served"), "refusal"
        await self._play(tape, epoch, stage, played)

    async def _record(
        self,
        record: Record,
        request: Request,
        body: Body,
        epoch: float,
        wire: Wire | None,
        stage: Stage,
        entry: Entry,
        played: Played,
    ) -> None:
        entry.source = "record"
        live = await record.answer(request, body, epoch)
        leaving = asyncio.ensure_future(wire.left()) if wire else None
        if leaving is not None:
            leaving.add_done_callback(lambda _: live.client_left())
        try:
            await play(live.batches(), stage, played)
        finally:
            if leaving is not None:
                leaving.cancel()

    async def _play(self, tape: Tape, epoch: float, stage: Stage, played: Played) -> None:
        await play(due(tape, self.clock, epoch, self.speed), stage, played)


class _ClientLeftError(ConnectionAbortedError):
    """The client left before its request was whole."""


async def _whole(receive: Receive) -> bytes:
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return bytes(message.get("body", b""))
    parts = bytearray()
    async for part in _parts(message, receive):
        parts += part
    return bytes(parts)


async def _body_or_stream(receive: Receive) -> Body:
    """A body that has come in, or, where it is long, one that goes on coming in."""
    message = await receive()
    parts = _parts(message, receive)
    start = bytearray()
    async for part in parts:
        start += part
        if len(start) > _STREAM_ABOVE:
            return _joined(bytes(start), parts)
    return bytes(start)


async def _joined(start: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield start
    async for part in rest:
        yield part


async def _parts(message: Any, receive: Receive) -> AsyncIterator[bytes]:
    while message["type"] == "http.request":
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return
        message = await receive()
    raise _ClientLeftError("the client left before its request was whole")
