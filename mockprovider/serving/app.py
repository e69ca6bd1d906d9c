"""The ASGI application, where sources and the player meet: a request goes to a source, its tape to the player."""

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from mockprovider.clock import Clock, SystemClock
from mockprovider.errors import InputError, RuleError, UnplayableEndingError
from mockprovider.serving.choosing import Profiles
from mockprovider.serving.control import ROOT, control_plane
from mockprovider.serving.journal import Journal
from mockprovider.serving.player import AsgiStage, SocketStage, Stage, play, play_tape
from mockprovider.serving.tenants import api_key, shown
from mockprovider.serving.wire import EXTENSION, Wire
from mockprovider.sources.refusal import refusal
from mockprovider.tape import Request

if TYPE_CHECKING:  # each source brings what only it needs, and a server that starts has one of them
    from mockprovider.cassettes.store import Entry as Recorded
    from mockprovider.profiles.schema import Profile
    from mockprovider.sources.record import Body, Record
    from mockprovider.sources.replay import Replay
    from mockprovider.sources.scripted import Scripted
    from mockprovider.sources.synthesize import Provider
    from mockprovider.sources.verify import Verdict

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


_FAILURES = {RuleError: "rule_failed", InputError: "cannot_record"}
"""What we failed to do, by the error."""


@dataclass
class Mock:
    """What is served, and the ASGI application that serves it. Times in seconds."""

    replay: "Replay | None" = None
    record: "Record | None" = None
    synthesize: "Provider | None" = None
    scripted: "Scripted | None" = None
    """Rules, which answer before anything else does."""
    mode: Mode = Mode.NONE
    speed: float = 0.0
    """What times are multiplied with: 1 as they are, 0 no waiting at all."""
    clock: Clock = field(default_factory=SystemClock)
    journal: Journal = field(default_factory=Journal)
    say: Callable[[str], None] = lambda _: None
    """Where a line for a person goes."""

    def __post_init__(self) -> None:
        if self.mode is Mode.ONCE:
            empty = self.replay is None or not any(cassette.entries for cassette in self.replay.cassettes)
            self.mode = Mode.ALL if empty else Mode.NONE

    def app(self) -> ASGIApp:
        """Everything in one application: the control plane under `/-/`, the mock everywhere else."""

        @contextlib.asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            yield
            if self.record is not None:
                await self.record.stop()

        house = Starlette(routes=[control_plane(self.journal, self)], lifespan=lifespan)

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and not scope["path"].startswith(ROOT + "/"):
                await self(scope, receive, send)
            else:
                await house(scope, receive, send)

        return front

    def describe(self) -> dict[str, Any]:
        """What is being served, for `/-/health`."""
        return {
            "mode": str(self.mode),
            "profiles": [profile.name for profile in self.profiles()],
            "cassettes": [str(cassette.folder) for cassette in self.replay.cassettes] if self.replay else [],
            "upstreams": [upstream.spec for upstream in self.record.upstreams] if self.record else [],
            "lost": self.record.lost if self.record else 0,
        }

    def profiles(self) -> "list[Profile]":
        """The profiles that are served."""
        if self.synthesize is None:
            return []
        return self.synthesize.all if isinstance(self.synthesize, Profiles) else [self.synthesize.profile]

    def verdict(self, max_age: str | None = None, allowed: Sequence[str] = ()) -> "Verdict":
        """Whether the recordings were used as they were meant. `max_age` as in `30d`; `allowed` kinds don't fail."""
        from mockprovider.sources.verify import Evidence, age_of, kinds

        evidence = self.replay.evidence if self.replay else Evidence(())
        verdict = evidence.verdict(datetime.now(UTC), age_of(max_age) if max_age else None, kinds(allowed))
        if self.scripted is None:
            return verdict
        script = self.scripted.script
        return replace(verdict, unused_rules=script.unused(), unscripted=tuple(script.unmatched))

    def verify(self, max_age: str | None = None, allowed: Sequence[str] = ()) -> dict[str, Any]:
        """The verdict as plain data."""
        return self.verdict(max_age, allowed).plain()

    def rules(self) -> list[dict[str, Any]]:
        """The rules in their order, and how often each was used."""
        return self.scripted.script.plain() if self.scripted else []

    def load_rules(self, file: Path) -> None:
        """Put the rules of a file before those that are there. Raises InputError."""
        self._rules().load(file)

    def add_rules(self, given: Any, name: str, tenant: str | None = None) -> int:
        """Put rules, as text or plain data, before those that are there; how many. Raises InputError."""
        return self._rules().add(given, name, tenant)

    def remove_rules(self, tenant: str | None = None) -> None:
        """Take out the rules that were added while serving: those for one tenant, or all."""
        if self.scripted is not None:
            self.scripted.script.remove_added(tenant)

    def _rules(self) -> "Scripted":
        if self.scripted is None:
            from mockprovider.sources.scripted import Scripted

            self.scripted = Scripted(self.synthesize)
        return self.scripted

    def reset(self, tenant: str | None = None) -> None:
        """Begin anew: replays with their first recording, rules with their first answer, nothing kept, no journal.

        For one tenant all that but the journal. Rules that were added stay.
        """
        for source in (self.replay, self.synthesize, self.scripted.script if self.scripted else None):
            if source is not None:
                source.restart(tenant)
        if tenant is None:
            self.journal.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        turn = _Turn(scope, send, self)
        try:
            if self.mode is Mode.ALL and self.record is not None and self.scripted is None:
                body = await _body_or_stream(receive)
                if isinstance(body, bytes):
                    self.journal.keep(turn.entry, body)
                await turn.record(self.record, body)
            else:
                await self._answer(turn, await _whole(receive))
        except _ClientLeftError:
            pass
        except UnplayableEndingError:
            raise
        except Exception as problem:  # noqa: BLE001 whatever it is, the client and the person hear of it
            await self._failed(turn, problem)
        finally:
            turn.close()
            if "extensions" in scope:  # wire and scope hold each other: without this each request is garbage to collect
                scope["extensions"].pop(EXTENSION, None)

    async def _failed(self, turn: "_Turn", problem: Exception) -> None:
        """Say that we could not do it: in the log, and to the client where nothing has been sent yet."""
        what = str(problem) if isinstance(problem, InputError) else f"a bug in mockprovider: {problem!r}"
        self.say(f"{turn.entry.method} {turn.entry.target}: {what}")
        if turn.entry.status is None and not turn.stage.gone:
            turn.entry.source = "refusal"
            code = next((code for kind, code in _FAILURES.items() if isinstance(problem, kind)), "mockprovider_bug")
            await play_tape(refusal(500, code, what), self.clock, 0.0, 0.0, turn.stage, turn.entry)

    async def _answer(self, turn: "_Turn", body: bytes) -> None:
        request, entry = turn.request(body), turn.entry
        self.journal.keep(entry, body)
        tenant = turn.key or ""
        scripted = self.scripted.answer(request, tenant) if self.scripted else None
        if scripted is not None:
            tape, entry.source, entry.detail = scripted.tape, "script", scripted.rule
        elif self.mode is Mode.ALL and self.record is not None:
            await turn.record(self.record, _in_parts(body))
            return
        elif self.replay is not None and (found := self.replay.find(request, tenant)):
            tape, entry.detail, entry.drift = found.tape, found.file, found.drift
            entry.source = "replay" if found.file else "refusal"
        elif self.mode is Mode.NEW_EPISODES and self.record is not None:
            await turn.record(self.record, _in_parts(body))
            return
        elif self.synthesize is not None:
            tape, entry.detail = self.synthesize.answer(request, tenant)
            entry.source = "synthesize"
            if self.scripted is not None and request.method == "POST":
                self.scripted.script.missed(request)
        elif self.replay is not None:
            tape, miss = self.replay.miss(request)
            entry.source, entry.detail = "refusal", "miss"
            self.say(f"miss: {miss.message}")
        else:
            tape, entry.source = refusal(501, "nothing_served", "no profile, cassette or upstream is served"), "refusal"
        await play_tape(tape, self.clock, self.clock.now(), self.speed, turn.stage, turn.entry)


class _Turn:
    """One request on its way through: where it is answered, and what is noted of it."""

    __slots__ = (
        "_clock",
        "_evidence",
        "_headers",
        "_method",
        "_path",
        "_query",
        "_wire",
        "arrived",
        "entry",
        "key",
        "stage",
    )

    def __init__(self, scope: Scope, send: Send, mock: Mock) -> None:
        self._clock = mock.clock
        self._evidence = mock.replay.evidence if mock.replay else None
        self.arrived = mock.clock.now()
        self._method: str = scope["method"]
        self._path, self._query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        self._headers = tuple(scope["headers"])
        self.key = api_key(self._headers)
        target = f"{self._path}?{self._query}" if self._query else self._path
        self.entry = mock.journal.open(self._method, target, shown(self.key))
        self._wire: Wire | None = scope["extensions"].get(EXTENSION) if "extensions" in scope else None
        self.stage: Stage = (
            SocketStage(self._wire, http10=scope["http_version"] == "1.0", is_head=scope["method"] == "HEAD")
            if self._wire
            else AsgiStage(send)
        )

    def request(self, body: bytes = b"") -> Request:
        """The request with its body."""
        return Request(self._method, self._path, self._query, self._headers, body)

    async def record(self, record: "Record", body: "Body") -> None:
        """Play what the upstream says while it is being recorded."""
        self.entry.source = "record"
        live = await record.answer(self.request(), body, self.arrived)
        live.on_kept = self._kept
        leaving = self._wire.call_when_gone(live.client_left) if self._wire else None
        try:
            await play(live.batches(), self.stage, self.entry)
        finally:
            if leaving is not None:
                leaving.cancel()

    def _kept(self, recorded: "Recorded") -> None:
        self.entry.detail = recorded.path.name
        if self._evidence is not None:
            self._evidence.served(recorded)

    def close(self) -> None:
        """Note that it is over."""
        self.entry.duration = self._clock.now() - self.arrived
        self.entry.ending = self.entry.ending or "client left"


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


async def _body_or_stream(receive: Receive) -> "Body":
    """A body that has come in, or, where it is long, one that goes on coming in."""
    message = await receive()
    parts = _parts(message, receive)
    start = bytearray()
    async for part in parts:
        start += part
        if len(start) > _STREAM_ABOVE:
            return _joined(bytes(start), parts)
    return bytes(start)


def _in_parts(body: bytes) -> "Body":
    """A body that has come in; where it is long, as if it still came in, which is how aiohttp wants it."""
    return _whole_part(body) if len(body) > _STREAM_ABOVE else body


async def _whole_part(body: bytes) -> AsyncIterator[bytes]:
    yield body


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
