"""A tape heard as it happens: the request goes to the upstream, the answer to the client and, redacted, to the disk.

Every event is stamped when it arrives and handed on at once through a bounded feed, so a slow client does not stretch
the recorded times. One connection serves one exchange: what is recorded is that exchange alone. An exchange is on disk
before its client has seen the end of it.
"""

import asyncio
import contextlib
import functools
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

import aiohttp

from mockprovider.cassettes.coding import decoded
from mockprovider.cassettes.matching.key import key_of
from mockprovider.cassettes.store import Cassette, Entry, Slot
from mockprovider.clock import Clock, timestamp
from mockprovider.errors import CassetteError
from mockprovider.sources.upstream import NEVER_REACHED, Tap, Upstream, head_of, nowhere, silent, taps_seen, unreachable
from mockprovider.sources.verify import bad
from mockprovider.tape import (
    Abandoned,
    Chunk,
    Complete,
    Cut,
    Ending,
    Event,
    Exchange,
    Framing,
    Garbage,
    Hang,
    Head,
    Request,
    Reset,
    Tape,
    as_kept,
    ending_name,
)

_FEED_BYTES = 8 * 2**20
"""What may wait for a slow client before the upstream has to wait as well."""
_JOIN_BYTES = 2**20
"""An HTTP chunk larger than this is handed on, and recorded, in parts."""
_SAMPLE = 2**16
"""How many bytes of a body over the cap are kept, about."""
_SILENCE = 0.25
"""Seconds without a byte after which a client that leaves is taken to have given up waiting."""
_LINGER = 2.0
"""Seconds for which the upstream is still heard after the client left: SDKs leave at `[DONE]`, before the end."""

Body = bytes | AsyncIterator[bytes]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to record. Times in seconds, sizes in bytes."""

    idle_timeout: float = 120.0
    """Silence after which the upstream is given up: 504 before the head, `Hang` after it."""
    max_body: int = 32 * 2**20
    """The cap: what is longer passes, but is recorded as `Abandoned`."""
    record_failures: bool = False
    """Record the 502 or 504 that stands for an upstream that can't be reached."""


class Record:
    """The recording proxy: upstreams, one cassette. With `afresh`, a new recording replaces the old ones."""

    def __init__(
        self,
        cassette: Cassette,
        upstreams: Sequence[Upstream],
        settings: Settings,
        clock: Clock,
        *,
        afresh: bool,
        say: Callable[[str], None],
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`say` is for warnings, `tell` for a line about each exchange that was kept."""
        self.cassette = cassette
        self.upstreams = tuple(upstreams)
        self.settings = settings
        self.clock = clock
        self.say, self._tell = say, tell
        self._stale = {key: list(entries) for key, entries in cassette.by_key.items()} if afresh else {}
        self.lost = 0
        """How many exchanges could not be written."""
        self._whole = dict[str, tuple[str, str]]()
        self._writer = ThreadPoolExecutor(1, "mockprovider-writer")
        self._live = set[Live]()

    async def answer(self, request: Request, body: Body, epoch: float) -> "Live":
        """Send the request on. The events of the answer are in the `Live` returned, `at` counted from `epoch`.

        `request.body` is not looked at: `body` may be a stream, and what passes of it is what is recorded.
        """
        upstream = next((each for each in self.upstreams if each.takes(request)), None)
        slot = await self._on_disk(self.cassette.begin, request)
        live = Live(self, upstream, request, body, slot, epoch)
        self._live.add(live)
        return live

    async def stop(self) -> None:
        """End what is in flight as abandoned, and return when everything is on disk."""
        for live in self._live:
            live.give_up("the recorder was stopped")
        await asyncio.gather(*(live.done() for live in self._live), return_exceptions=True)
        for upstream in self.upstreams:
            await upstream.close()
        self._writer.shutdown(wait=True)

    async def keep(self, slot: Slot, exchange: Exchange, secrets: Sequence[bytes]) -> Entry | None:
        """Write an exchange, its body decoded, `secrets` that its request does not carry hidden; None if that fails."""

        def write() -> Entry:
            tape, coding = decoded(exchange.tape, self.settings.max_body)
            entry = slot.keep(replace(exchange, tape=tape, coding=coding), secrets)
            self._warn_of_a_double(entry, exchange.request)
            return entry

        try:
            entry = await self._on_disk(write)
            replaced = await self._replaced(entry, exchange)
        except (CassetteError, OSError) as problem:
            self.lost += 1
            self.say(f"not recorded: {problem}")
            await self._on_disk(slot.discard)
            return None
        self._tell(f"kept {entry.path.name}: {_summary(exchange.tape)}{replaced}")
        return entry

    async def _replaced(self, entry: Entry, exchange: Exchange) -> str:
        """Delete what this exchange replaces, and say so; what went wrong replaces nothing."""
        if not (old := self._stale.get(entry.key)):
            return ""
        names = ", ".join(each.path.name for each in old)
        if why := bad(exchange):
            self.say(f"{entry.path.name} looks bad ({why}), so {names} stays, and comes first in a replay")
            return ""
        del self._stale[entry.key]
        await self._on_disk(self.cassette.drop, old)
        return f"; replaces {names}"

    def _warn_of_a_double(self, entry: Entry, request: Request) -> None:
        """Say it when two requests differ only in what is hidden: a replay can't tell them apart."""
        whole = key_of(request, self.cassette.rules, self.cassette.cwd)
        first, name = self._whole.setdefault(entry.key, (whole, entry.path.name))
        if first != whole:
            self.say(
                f"{name} and {entry.path.name} were asked differently only in what is hidden: a replay gives "
                "them in this order, whichever is asked for"
            )

    async def discard(self, slot: Slot) -> None:
        """Record nothing under a claimed number."""
        await self._on_disk(slot.discard)

    def over(self, live: "Live") -> None:
        """Forget an exchange that is over."""
        self._live.discard(live)

    async def _on_disk(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, functools.partial(work, *arguments))


class Live:
    """One exchange while it happens. `batches` is for the player; hearing and recording go on without it."""

    def __init__(
        self, record: Record, upstream: Upstream | None, request: Request, body: Body, slot: Slot, epoch: float
    ) -> None:
        self._record, self._upstream, self._request, self._slot, self._epoch = record, upstream, request, slot, epoch
        self._body = body
        self._sent = bytearray()
        self._head: Head | None = None
        self._chunks: list[Chunk] = []
        self._heard_bytes = 0
        self._over_cap = False
        self._notes: list[str] = []
        self._unrecorded = False

        self._feed: deque[Event] = deque()
        self._feed_bytes = 0
        self._held: Chunk | None = None
        self._more, self._room = asyncio.Event(), asyncio.Event()

        self.on_kept: Callable[[Entry], None] = lambda _: None
        """Called once the exchange is on disk."""
        self._client_left: float | None = None
        self._quit = ""
        self._deadline = asyncio.timeout(None)
        self._task = asyncio.create_task(self._run())

    async def batches(self) -> AsyncIterator[Sequence[Event]]:
        """Events as they arrive, those that wait together; the last is the ending."""
        over = False
        while not over:
            if not self._feed:
                self._more.clear()
                await self._more.wait()
            batch = list(self._feed)
            self._feed.clear()
            self._feed_bytes = 0
            self._room.set()
            over = not isinstance(batch[-1], Head | Chunk)
            yield batch

    def client_left(self) -> None:
        """The client is gone: hear the upstream out for a moment."""
        if self._client_left is None and not self._task.done():
            self._client_left = self._now()
            self._room.set()
            self._extend()

    def give_up(self, why: str) -> None:
        """Stop now, and record what there is as abandoned."""
        self._quit = why
        self._room.set()
        self._extend()

    async def done(self) -> None:
        """Return when the exchange is over and on disk."""
        await asyncio.shield(self._task)

    def _now(self) -> float:
        return self._record.clock.now() - self._epoch

    @property
    def _url(self) -> str:
        return self._upstream.url if self._upstream else ""

    def _extend(self) -> None:
        """Something happened, so the deadline moves."""
        if self._quit:
            self._reschedule(0.0)
        else:
            self._reschedule(self._record.settings.idle_timeout if self._client_left is None else _LINGER)

    def _reschedule(self, seconds: float) -> None:
        with contextlib.suppress(RuntimeError):  # not entered yet, or over already
            self._deadline.reschedule(asyncio.get_running_loop().time() + seconds)

    async def _run(self) -> None:
        taps: list[Tap] = []
        taps_seen.set(taps)
        try:
            async with self._deadline:
                self._extend()
                ending = await self._heard_whole(taps)
        except TimeoutError:
            ending = self._given_up(taps)
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            ending = self._broken(problem, taps)
        try:
            for tap in taps:
                tap.close()
            await self._finish(ending)
        finally:
            self._record.over(self)

    async def _heard_whole(self, taps: list[Tap]) -> Ending:
        if self._upstream is None:
            return self._stand_in(nowhere(self._request, self._record.upstreams))
        await self._hear(self._upstream, taps)
        return self._sound_end(taps)

    async def _hear(self, upstream: Upstream, taps: list[Tap]) -> None:
        body = self._body if isinstance(self._body, bytes) else self._upload(self._body)
        async with upstream.send(self._request, body) as response:
            if response.status < 100:
                raise ValueError("that is no status of HTTP")
            head = self._head = head_of(response, self._request.method, self._now())
            taps[-1].head_was_seen(self._garbled)
            self._extend()
            self._put(head)
            if head.framing is Framing.NONE:  # nothing follows, and aiohttp's empty payload never says so twice
                return
            left = _content_length(head)
            pending = bytearray()
            try:
                async for part, whole in response.content.iter_chunks():
                    self._extend()
                    pending += part
                    if head.framing is Framing.CHUNKED and not whole and len(pending) < _JOIN_BYTES:
                        continue
                    if pending:
                        data = bytes(pending)
                        pending.clear()
                        left -= len(data)
                        await self._heard(data, last=left == 0)
            finally:
                if pending:  # an HTTP chunk that was never whole: its bytes came all the same
                    await self._heard(bytes(pending), last=False)

    async def _upload(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for part in body:
            self._extend()
            if len(self._sent) + len(part) > self._record.settings.max_body:
                self._pass_over()
            if not self._over_cap:
                self._sent += part
            yield part

    def _pass_over(self) -> None:
        """A body is longer than what is kept: of what was kept, a beginning stays for a person to look at."""
        if not self._over_cap:
            self._over_cap = True
            del self._sent[_SAMPLE:]
            size = 0
            for number, chunk in enumerate(self._chunks):
                size += len(chunk.data)
                if size > _SAMPLE:
                    del self._chunks[number:]
                    break

    async def _heard(self, data: bytes, *, last: bool) -> None:
        chunk = Chunk(self._now(), data)
        self._heard_bytes += len(data)
        if self._heard_bytes > self._record.settings.max_body:
            self._pass_over()
        if not self._over_cap:
            self._chunks.append(chunk)
        if last:  # the last bytes of a counted body are its end: they leave with the ending, after the disk
            self._held = chunk
            return
        self._put(chunk)
        while self._feed_bytes > _FEED_BYTES and self._client_left is None and not self._quit:
            if not self._notes:
                self._notes.append(
                    f"the client was slower than the upstream: times after {chunk.at:.3f} s may be its own"
                )
            self._room.clear()
            await self._room.wait()
            self._extend()

    def _put(self, event: Event) -> None:
        if self._client_left is None:
            self._feed.append(event)
            self._feed_bytes += len(event.data) if isinstance(event, Chunk) else 0
            self._more.set()

    def _garbled(self) -> None:
        """The upstream broke HTTP framing; a moment is left for what came before it to be heard."""
        self._reschedule(0.05)

    def _sound_end(self, taps: list[Tap]) -> Ending:
        """A body that goes on until the close may also have ended in a reset; only the connection knows."""
        reset = isinstance(taps[-1].lost, ConnectionResetError)
        if reset and self._head is not None and self._head.framing is Framing.CLOSE:
            return Reset(self._now())
        return Complete(self._now())

    def _given_up(self, taps: list[Tap]) -> Ending:
        at = self._now()
        if taps and taps[-1].rejected is not None:
            return self._garbage(taps[-1])
        last = self._chunks[-1].at if self._chunks else self._head.at if self._head else 0.0
        if self._client_left is not None and self._client_left - last >= _SILENCE:
            self._notes.append(
                f"the upstream had been silent for {self._client_left - last:.1f} s when the client left"
            )
            return Hang(at)
        if self._quit:
            return Abandoned(at, self._quit)
        if self._client_left is not None:
            return Abandoned(at, f"the client left after {self._client_left:.3f} s, while the answer was coming")
        if self._head is None:
            return self._stand_in(silent(self._record.settings.idle_timeout, self._url))
        return Hang(at)

    def _broken(self, problem: Exception, taps: list[Tap]) -> Ending:
        at = self._now()
        if self._client_left is not None:
            return Abandoned(at, f"the client left after {self._client_left:.3f} s")
        never_reached = not taps or isinstance(problem, NEVER_REACHED)
        if never_reached or (self._head is None and isinstance(problem, ValueError) and not taps[-1].raw):
            return self._stand_in(unreachable(problem, self._url))
        if taps[-1].raw or taps[-1].rejected is not None:
            return self._garbage(taps[-1])
        return Reset(at) if isinstance(taps[-1].lost, ConnectionResetError) else Cut(at)

    def _garbage(self, tap: Tap) -> Ending:
        """What broke the framing: all bytes where not even a head was understood, else those after the last chunk."""
        segment = bytes(tap.raw or tap.rejected or b"")
        if self._chunks and (found := segment.rfind(self._chunks[-1].data)) >= 0:
            segment = segment[found + len(self._chunks[-1].data) :].removeprefix(b"\r\n")
        return Garbage(self._now(), segment)

    def _stand_in(self, tape: Tape) -> Ending:
        """Answer in our own name, and record that only if asked."""
        at = self._now()
        assert tape.head is not None  # noqa: S101 a refusal has one
        message = json.loads(tape.body)["error"]["message"]
        self._record.say(f"{self._request.method} {self._request.target}: {tape.head.status}: {message}")
        self._head = replace(tape.head, at=at)
        self._chunks = [Chunk(at, tape.body)]
        self._put(self._head)
        self._put(self._chunks[0])
        self._unrecorded = not self._record.settings.record_failures
        return Complete(at)

    async def _finish(self, ending: Ending) -> None:
        """To disk first, then to the client."""
        if self._unrecorded:
            await self._record.discard(self._slot)
        else:
            secrets = self._upstream.secrets if self._upstream else ()
            if (entry := await self._record.keep(self._slot, self._exchange(ending), secrets)) is not None:
                self.on_kept(entry)
        if self._held is not None:
            self._feed.append(self._held)
        self._feed.append(Cut(ending.at) if isinstance(ending, Hang) else ending)
        self._more.set()

    def _exchange(self, ending: Ending) -> Exchange:
        if self._over_cap:
            cap = self._record.settings.max_body
            ending = Abandoned(ending.at, f"a body is longer than the recorder's cap of {cap:,} bytes (--max-body)")
        body = self._body if isinstance(self._body, bytes) else bytes(self._sent)
        request = as_kept(replace(self._request, body=body))
        tape = Tape(self._head, tuple(self._chunks), ending)
        came_from = self._upstream.spec if self._upstream else ""
        return Exchange(request, tape, timestamp(), notes=tuple(self._notes), upstream=came_from)


def _summary(tape: Tape) -> str:
    """What came, in a few words."""
    status = tape.head.status if tape.head else "no head"
    size = f"{len(tape.chunks)} {'chunk' if len(tape.chunks) == 1 else 'chunks'}, {tape.size:,} bytes"
    return f"{status}, {size}, {ending_name(tape.ending)} after {tape.ending.at:.1f} s"


def _content_length(head: Head) -> int:
    """Bytes to come; -1, which never counts down to 0, where no length says so."""
    value = head.header(b"content-length") or b""
    return int(value) if head.framing is Framing.LENGTH and value.isdigit() else -1
