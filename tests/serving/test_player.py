"""The player on a wire that only takes notes, in a time that only passes where somebody waits."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockprovider.clock import Handle
from mockprovider.errors import UnplayableEndingError
from mockprovider.serving.journal import Entry
from mockprovider.serving.player import AsgiStage, SocketStage, play, play_tape
from mockprovider.tape import (
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
    Headers,
    Reset,
    Tape,
    ending_name,
)
from tests.fakes import chunked
from tests.strategies import ENDINGS, law, tapes
from tests.test_clock import VirtualClock


@dataclass
class Listening:
    """A call that comes when the client leaves, unless it is cancelled before."""

    callback: Callable[[], None]
    listening: list[Callable[[], None]]

    def cancel(self) -> None:
        self.listening.remove(self.callback)


@dataclass
class NotingWire:
    """A wire on which everything is noted, with its time. A client that is `slow` takes that long for each write."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    keep_alive: bool = True
    gone: bool = False
    slow: float = 0.0
    writes: list[tuple[float, bytes]] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    """What was done, writes of nothing aside."""
    listening: list[Callable[[], None]] = field(default_factory=list)
    """Who wants to know that the client has left."""

    def write(self, data: bytes) -> None:
        if data:
            self.writes.append((self.clock.time, data))
            self.did.append("write")

    def finish(self, *, close: bool = False) -> None:
        self.did.append("finish and close" if close or not self.keep_alive else "finish")

    def close(self) -> None:
        self.did.append("close")

    def reset(self) -> None:
        self.did.append("reset")

    @property
    def full(self) -> bool:
        return self.slow > 0

    async def drained(self) -> None:
        self.clock.time += self.slow

    async def flushed(self) -> None:
        self.did.append("flushed")

    async def left(self) -> None:
        self.did.append("wait for the client to leave")

    def call_when_gone(self, callback: Callable[[], None]) -> Handle:
        self.listening.append(callback)
        return Listening(callback, self.listening)

    @property
    def sent(self) -> bytes:
        return b"".join(data for _, data in self.writes)


def noted() -> Entry:
    """An entry of the journal that says nothing yet."""
    return Entry(1, 0.0, "POST", "/", "")


def run(playing: Coroutine[Any, Any, None]) -> None:
    """Run something to its end. Nothing takes time, so what does not end hangs."""

    async def patiently() -> None:
        async with asyncio.timeout(5):
            await playing

    asyncio.run(patiently())


def shown(
    tape: Tape, factor: float = 0.0, *, epoch: float = 0.0, http10: bool = False, wire: NotingWire | None = None
) -> NotingWire:
    """The wire after a tape was played on it."""
    wire = wire or NotingWire(VirtualClock(epoch), keep_alive=not http10)
    run(play_tape(tape, wire.clock, epoch, factor, SocketStage(wire, http10=http10), noted()))
    return wire


def body_of(wire: NotingWire) -> bytes:
    return wire.sent.partition(b"\r\n\r\n")[2]


def head_lines(wire: NotingWire) -> list[bytes]:
    return wire.sent.partition(b"\r\n\r\n")[0].split(b"\r\n")


def streamed(*times: float, head: float = 0.0) -> Tape:
    """A tape with a chunk at each of these moments."""
    chunks = tuple(Chunk(at, b"%d" % number) for number, at in enumerate(times))
    return Tape(Head(head, 200), chunks, Complete(times[-1]))


EARLY = 0.001
"""Timers go by the millisecond, so nobody sees less."""

factors = st.sampled_from([1.0, 0.5, 2.0, 1 / 3, 0.001, 0.7])
epochs = st.sampled_from([0.0, 1000.1, 123456.789012, 1e6 / 3])


def test_it_waits_until_each_moment_so_that_lateness_never_adds_up() -> None:
    wire = NotingWire(VirtualClock(100.0, late=0.25))
    shown(streamed(1.0, 2.0, 3.0, 4.0), 1.0, epoch=100.0, wire=wire)
    assert sorted({at for at, _ in wire.writes}) == [100.0, 101.25, 102.25, 103.25, 104.25]


@law()
@given(tapes(), factors, epochs)
def test_it_waits_for_nothing_but_the_moments_of_events(tape: Tape, factor: float, epoch: float) -> None:
    wire = shown(tape, factor, epoch=epoch)
    assert set(wire.clock.asked) <= {epoch + event.at * factor for event in tape.events}


@law()
@given(tapes(), factors, epochs)
def test_nothing_is_sent_before_its_moment(tape: Tape, factor: float, epoch: float) -> None:
    due = [epoch + event.at * factor for event in tape.events]
    wire = shown(tape, factor, epoch=epoch)
    assert wire.clock.time >= due[-1] - EARLY
    if tape.head is not None:
        assert wire.writes[0][0] >= due[0] - EARLY


@law()
@given(tapes(), factors, epochs)
@example(streamed(0.3, 0.3, 0.3), 0.7, 1000.1)
def test_events_of_one_moment_leave_in_one_write(tape: Tape, factor: float, epoch: float) -> None:
    wire = shown(tape, factor, epoch=epoch)
    events = {event.at for event in tape.events if isinstance(event, Head | Chunk)}
    ends = isinstance(tape.ending, Complete | Garbage)
    assert len(wire.writes) <= len(events) + ends


def test_events_that_a_slow_client_is_behind_with_leave_in_one_write() -> None:
    wire = NotingWire(slow=2.5)
    shown(streamed(1.0, 2.0, 3.0, 4.0, 9.0), 1.0, wire=wire)
    assert [(at, data) for at, data in wire.writes[1:]] == [
        (2.5, chunked(b"0", b"1", end=False)),
        (5.0, chunked(b"2", b"3", end=False)),
        (9.0, chunked(b"4", end=False)),
        (11.5, b"0\r\n\r\n"),
    ]


@law(60)
@given(tapes(), factors, st.booleans())
def test_the_pace_changes_no_byte_and_no_end(tape: Tape, factor: float, http10: bool) -> None:
    at_once, paced = shown(tape, http10=http10), shown(tape, factor, http10=http10)
    assert paced.sent == at_once.sent
    assert [done for done in paced.did if done != "write"] == [done for done in at_once.did if done != "write"]


@law()
@given(tapes(headless=False))
def test_at_no_pace_at_all_nobody_waits_and_the_answer_is_one_write(tape: Tape) -> None:
    wire = shown(tape)
    assert wire.clock.asked == []
    assert len(wire.writes) == 1 + bool(isinstance(tape.ending, Garbage) and tape.ending.data)


@law()
@given(tapes(headless=False), st.sampled_from([0.0, 1.0]))
def test_every_chunk_is_an_http_chunk_and_an_empty_one_never_ends_the_body(tape: Tape, factor: float) -> None:
    tape = Tape(replace(tape.head, framing=Framing.CHUNKED), tape.chunks, Complete(tape.ending.at))  # type: ignore[type-var]
    assert body_of(shown(tape, factor)) == chunked(*[chunk.data for chunk in tape.chunks if chunk.data])


@pytest.mark.parametrize("factor", [0.0, 1.0])
@pytest.mark.parametrize(
    ("framing", "body"),
    [(Framing.CHUNKED, chunked(b"ab", b"c")), (Framing.LENGTH, b"abc"), (Framing.CLOSE, b"abc"), (Framing.NONE, b"")],
)
def test_a_body_is_framed_as_the_head_says(framing: Framing, body: bytes, factor: float) -> None:
    tape = Tape(Head(0.0, 200, framing=framing), (Chunk(0.0, b"ab"), Chunk(0.0, b"c")), Complete(0.0))
    assert body_of(shown(tape, factor)) == body


HTTP10 = Tape(Head(0.0, 200, ((b"X-A", b"1"),)), (Chunk(0.0, b"ab"), Chunk(1.0, b"c")), Complete(1.0))


@pytest.mark.parametrize("factor", [0.0, 1.0])
def test_a_client_of_http_1_0_gets_the_body_without_chunks_and_the_close_as_its_end(factor: float) -> None:
    wire = shown(HTTP10, factor, http10=True)
    assert wire.sent == b"HTTP/1.1 200 \r\nX-A: 1\r\nConnection: close\r\n\r\nabc"
    assert wire.did[-1] == "finish and close"


@law()
@given(tapes(headless=False))
def test_a_head_keeps_its_status_its_reason_and_the_case_and_order_of_its_headers(tape: Tape) -> None:
    assert tape.head is not None
    status, *lines = head_lines(shown(tape))
    kept = [b"%b: %b" % pair for pair in tape.head.headers]
    assert status == b"HTTP/1.1 %d %b" % (tape.head.status, tape.head.reason)
    assert lines[: len(kept)] == kept


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize(
    "name",
    [b"Connection", b"keep-alive", b"Proxy-Connection", b"TE", b"Transfer-ENCODING", b"transfer-encoding", b"upgrade"],
)
def test_a_header_that_speaks_of_the_recorded_connection_is_not_sent(name: bytes, framing: Framing) -> None:
    headers: Headers = ((b"A", b"1"), (name, b"recorded"), (b"B", b"2"))
    wire = shown(Tape(Head(0.0, 200, headers, framing=framing), (), Complete(0.0)))
    assert b"recorded" not in wire.sent
    assert head_lines(wire)[1:3] == [b"A: 1", b"B: 2"]


@pytest.mark.parametrize("keep_alive", [True, False])
@pytest.mark.parametrize("framing", Framing)
def test_the_client_is_told_if_the_connection_closes_after_this(framing: Framing, keep_alive: bool) -> None:
    wire = shown(Tape(Head(0.0, 200, framing=framing), (), Complete(0.0)), wire=NotingWire(keep_alive=keep_alive))
    closes = not keep_alive or framing is Framing.CLOSE
    assert (b"Connection: close" in head_lines(wire), wire.did[-1]) == (
        closes,
        "finish and close" if closes else "finish",
    )


def test_exactly_a_chunked_body_is_said_to_be_chunked() -> None:
    said = [
        framing
        for framing in Framing
        if b"Transfer-Encoding: chunked" in head_lines(shown(Tape(Head(0.0, 200, framing=framing), (), Complete(0.0))))
    ]
    assert said == [Framing.CHUNKED]


@pytest.mark.parametrize("factor", [0.0, 1.0])
@pytest.mark.parametrize(
    ("ending", "did"),
    [
        (Complete(1.0), ["finish"]),
        (Cut(1.0), ["close"]),
        (Reset(1.0), ["flushed", "reset"]),
        (Garbage(1.0, b"ZZ"), ["close"]),
        (Hang(1.0), ["wait for the client to leave"]),
        (Abandoned(1.0, "x"), ["close"]),
    ],
)
def test_an_ending_is_carried_out(ending: Ending, did: list[str], factor: float) -> None:
    wire = shown(Tape(Head(0.0, 200), (Chunk(0.5, b"a"),), ending), factor)
    assert [done for done in wire.did if done != "write"] == did


@pytest.mark.parametrize("factor", [0.0, 1.0])
@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: type(ending).__name__)
def test_only_a_complete_body_gets_its_last_chunk(ending: Ending, factor: float) -> None:
    wire = shown(Tape(Head(0.0, 200), (Chunk(0.0, b"a"),), ending), factor)
    assert wire.sent.endswith(b"0\r\n\r\n") == isinstance(ending, Complete)


@pytest.mark.parametrize("factor", [0.0, 1.0])
@pytest.mark.parametrize("head", [Head(0.0, 200), None])
def test_garbage_is_the_last_that_is_sent(head: Head | None, factor: float) -> None:
    wire = shown(Tape(head, (), Garbage(0.0, b"ZZ\r\n")), factor)
    assert wire.sent.endswith(b"ZZ\r\n")
    assert wire.did[-1] == "close"


@pytest.mark.parametrize("factor", [0.0, 1.0])
@pytest.mark.parametrize(
    "ending", [Cut(1.0), Reset(1.0), Hang(1.0), Abandoned(1.0, "")], ids=lambda e: type(e).__name__
)
def test_without_a_head_nothing_is_sent_but_the_ending(ending: Ending, factor: float) -> None:
    assert shown(Tape(None, (), ending), factor).sent == b""


@pytest.mark.parametrize("factor", [0.0, 1.0])
def test_a_client_that_has_left_is_sent_nothing(factor: float) -> None:
    assert shown(streamed(1.0, 2.0), factor, wire=NotingWire(gone=True)).did == []


def test_playing_stops_when_the_client_leaves_in_the_middle() -> None:
    wire = NotingWire(slow=1e-9)

    async def leave() -> None:
        wire.gone = wire.clock.time >= 2.0

    wire.drained = leave  # type: ignore[method-assign]
    shown(streamed(1.0, 2.0, 3.0, 4.0), 1.0, wire=wire)
    assert wire.writes[-1] == (2.0, chunked(b"1", end=False))
    assert wire.clock.time <= 3.0


def test_playing_ends_at_once_when_the_client_leaves_in_a_pause() -> None:
    class Leaving(VirtualClock):
        def call_at(self, moment: float, callback: Callable[[], None]) -> Handle:
            if moment < 100.0:
                return super().call_at(moment, callback)
            return asyncio.get_running_loop().call_soon(wire.listening[0])

    wire = NotingWire(Leaving())
    shown(streamed(1.0, 100.0, 200.0), 1.0, wire=wire)
    assert (wire.clock.time, wire.did) == (1.0, ["write", "write"])


@pytest.mark.parametrize("factor", [0.0, 1.0])
def test_nobody_listens_for_the_client_after_a_tape_is_over(factor: float) -> None:
    assert shown(streamed(1.0, 2.0), factor).listening == []


@pytest.mark.parametrize("broken", [0, 1], ids=["at once", "in the middle"])
def test_a_wire_that_breaks_is_an_error_and_no_hang(broken: int) -> None:
    class Breaking(NotingWire):
        def write(self, data: bytes) -> None:
            if len(self.writes) >= broken:
                raise BrokenPipeError
            super().write(data)

    with pytest.raises(BrokenPipeError):
        shown(streamed(1.0, 2.0), 1.0, wire=Breaking())


Client = tuple[bool, bool]
"""Whether it speaks HTTP/1.0, and whether its connection stays open."""

clients = st.sampled_from([(True, False), (False, True), (False, False)])


@law()
@given(tapes(), st.lists(clients, min_size=2, max_size=4))
def test_a_client_is_sent_the_same_whoever_was_sent_the_tape_before(tape: Tape, before: list[Client]) -> None:
    def sent(tape: Tape, client: Client) -> tuple[bytes, list[str]]:
        http10, keep_alive = client
        wire = shown(tape, http10=http10, wire=NotingWire(keep_alive=keep_alive))
        return wire.sent, wire.did

    for client in before:
        assert sent(tape, client) == sent(replace(tape), client)


@law()
@given(tapes(), factors | st.just(0.0))
def test_what_was_played_is_counted(tape: Tape, factor: float) -> None:
    entry = noted()
    run(play_tape(tape, VirtualClock(), 0.0, factor, SocketStage(NotingWire(), http10=False), entry))
    status = tape.head.status if tape.head else None
    counted = (entry.status, entry.ending, entry.chunks, entry.bytes)
    assert counted == (status, ending_name(tape.ending), len(tape.chunks), len(tape.body))


@pytest.mark.parametrize("factor", [0.0, 1.0])
def test_what_a_client_that_had_left_was_not_sent_is_not_counted(factor: float) -> None:
    entry = noted()
    stage = SocketStage(NotingWire(gone=True), http10=False)
    run(play_tape(streamed(1.0), VirtualClock(), 0.0, factor, stage, entry))
    assert (entry.status, entry.chunks, entry.bytes) == (None, 0, 0)


def test_live_events_leave_as_they_come_without_waiting() -> None:
    async def heard() -> AsyncIterator[Sequence[Event]]:
        yield [Head(5.0, 200), Chunk(6.0, b"a")]
        yield [Chunk(7.0, b"b")]
        yield [Complete(9.0)]

    wire = NotingWire()
    run(play(heard(), SocketStage(wire, http10=False), noted()))
    assert [data for _, data in wire.writes[1:]] == [chunked(b"b", end=False), b"0\r\n\r\n"]
    assert wire.clock.asked == []


Messages = list[MutableMapping[str, Any]]


def through_asgi(tape: Tape, factor: float = 0.0) -> Messages:
    """What an ASGI server is sent."""
    messages: Messages = []

    async def send(message: MutableMapping[str, Any]) -> None:
        messages.append(message)

    asyncio.run(play_tape(tape, VirtualClock(), 0.0, factor, AsgiStage(send), noted()))
    return messages


@pytest.mark.parametrize("factor", [0.0, 1.0])
def test_a_complete_answer_is_played_in_process_chunk_by_chunk(factor: float) -> None:
    head = Head(0.0, 299, ((b"X-A", b"1"), (b"Transfer-Encoding", b"chunked"), (b"x-A", b"2")), b"Odd")
    assert through_asgi(Tape(head, (Chunk(0.0, b"a"), Chunk(1.0, b"b")), Complete(1.0)), factor) == [
        {"type": "http.response.start", "status": 299, "headers": [(b"x-a", b"1"), (b"x-a", b"2")]},
        {"type": "http.response.body", "body": b"a", "more_body": True},
        {"type": "http.response.body", "body": b"b", "more_body": True},
        {"type": "http.response.body", "body": b"", "more_body": False},
    ]


@pytest.mark.parametrize("factor", [0.0, 1.0])
@pytest.mark.parametrize("head", [Head(0.0, 200), None], ids=["after a head", "without a head"])
@pytest.mark.parametrize("ending", ENDINGS[1:], ids=lambda ending: type(ending).__name__)
def test_an_ending_that_needs_a_socket_is_an_error_in_process_that_names_it_and_the_cure(
    ending: Ending, head: Head | None, factor: float
) -> None:
    message = f"{type(ending).__name__}.*ASGI.*use a real socket: `mockprovider serve`"
    with pytest.raises(UnplayableEndingError, match=message):
        through_asgi(Tape(head, (), ending), factor)


def test_an_error_in_process_never_leaves_an_answer_that_looks_whole() -> None:
    messages: Messages = []

    async def send(message: MutableMapping[str, Any]) -> None:
        messages.append(message)

    tape = Tape(Head(0.0, 200), (Chunk(0.0, b"a"),), Cut(0.0))
    with pytest.raises(UnplayableEndingError):
        asyncio.run(play_tape(tape, VirtualClock(), 0.0, 0.0, AsgiStage(send), noted()))
    assert all(message.get("more_body", True) for message in messages)


def test_a_status_line_has_its_space_though_there_is_no_reason() -> None:
    assert re.match(rb"HTTP/1\.1 200 \r\n", shown(streamed(0.0)).sent)
