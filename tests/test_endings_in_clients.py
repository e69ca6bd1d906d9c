"""Each way in which an answer can end is seen as just that by httpx, aiohttp, openai-python and Node's fetch.

The table `SEEN` holds what they see. Where a client can't tell two endings apart, it has the same words for both.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import httpx
import openai
import pytest

from mockprovider.serving.app import Mock
from mockprovider.sources.replay import Found, Replay
from mockprovider.tape import Chunk, Complete, Cut, Ending, Framing, Garbage, Hang, Head, Request, Reset, Tape
from tests.fakes import serving

SCRIPT = Path(__file__).parent / "node" / "endings.mjs"


def event(word: str) -> bytes:
    """A frame that the SDK takes; to the other clients these are bytes like any."""
    return b'data: {"choices":[{"index":0,"delta":{"content":"%b"}}]}\n\n' % word.encode()


FIRST, SECOND = event("Hel"), event("lo")
BODY = FIRST + SECOND


def tape(ending: Ending, framing: Framing = Framing.CHUNKED, length: int | None = None) -> Tape:
    """Two events at once, and an ending."""
    said = () if length is None else ((b"content-length", b"%d" % length),)
    head = Head(0.0, 200, ((b"content-type", b"text/event-stream"), *said), b"OK", framing)
    return Tape(head, (Chunk(0.0, FIRST), Chunk(0.0, SECOND)), ending)


LATER = 1.0
"""When a body ends. Time stands still until the client has what came before: a client may drop it for an error."""

TAPES: dict[str, tuple[Tape, bytes]] = {
    "complete": (tape(Complete(LATER)), BODY),
    "cut": (tape(Cut(LATER)), BODY),
    "reset": (tape(Reset(LATER)), BODY),
    "garbage": (tape(Garbage(LATER, b"ZZZ\r\nnot a chunk\r\n")), BODY),
    "hang": (tape(Hang(LATER)), BODY),
    "a length that is true": (tape(Complete(LATER), Framing.LENGTH, len(BODY)), BODY),
    "a length too large, cut": (tape(Cut(LATER), Framing.LENGTH, len(BODY) + 50), BODY),
    "a length too large, reset": (tape(Reset(LATER), Framing.LENGTH, len(BODY) + 50), BODY),
    "a length too small": (tape(Complete(LATER), Framing.LENGTH, len(FIRST)), FIRST),
    "no length, closed": (tape(Complete(LATER), Framing.CLOSE), BODY),
    "no length, reset": (tape(Reset(LATER), Framing.CLOSE), BODY),
    "cut before the head": (Tape(None, (), Cut(0.0)), b""),
    "reset before the head": (Tape(None, (), Reset(0.0)), b""),
    "garbage instead of a head": (Tape(None, (), Garbage(0.0, b"SSH-2.0-OpenSSH_9.6\r\n\r\n")), b""),
    "hang before the head": (Tape(None, (), Hang(0.0)), b""),
}
"""Tapes by how they end, and what of the body a client has by then."""


@dataclass(frozen=True)
class Saw:
    """How a client says that its two requests ended, the second only asked if nothing was wrong with the first."""

    words: str
    """A regular expression."""
    patience: float = 10.0
    """Seconds of silence that the client bears."""
    body: bytes | None = None
    """What it has of the first body, where that is not all that was sent."""


def gave_up(words: str) -> Saw:
    """A client that would wait for ever."""
    return Saw(words, patience=0.5)


TWICE = Saw("complete, then complete")

SEEN: dict[str, dict[str, Saw]] = {
    "httpx": {
        "complete": TWICE,
        "cut": Saw(r"httpx\.RemoteProtocolError: peer closed connection .* \(incomplete chunked read\)"),
        "reset": Saw(r"httpx\.ReadError: .*reset by peer.*"),
        "garbage": Saw(r"httpx\.RemoteProtocolError: illegal chunk header: .*ZZZ.*"),
        "hang": gave_up(r"httpx\.ReadTimeout: timed out"),
        "a length that is true": TWICE,
        "a length too large, cut": Saw(r"httpx\.RemoteProtocolError: peer closed .* \(received \d+ .*, expected \d+\)"),
        "a length too large, reset": Saw(r"httpx\.ReadError: .*reset by peer.*"),
        "a length too small": Saw(r"complete, then httpx\.RemoteProtocolError: illegal status line: .*lo.*"),
        "no length, closed": TWICE,
        "no length, reset": Saw(r"httpx\.ReadError: .*reset by peer.*"),
        "cut before the head": Saw(r"httpx\.RemoteProtocolError: Server disconnected without sending a response\."),
        "reset before the head": Saw(r"httpx\.ReadError: .*reset by peer.*"),
        "garbage instead of a head": Saw(r"httpx\.RemoteProtocolError: illegal status line: .*SSH-2\.0.*"),
        "hang before the head": gave_up(r"httpx\.ReadTimeout: timed out"),
    },
    "aiohttp": {
        "complete": TWICE,
        "cut": Saw(r"aiohttp\.ClientPayloadError: .* <TransferEncodingError: .*>"),
        "reset": Saw(r"aiohttp\.ClientPayloadError: .* <TransferEncodingError: .*>\. ConnectionResetError\(.*\)"),
        # It closes the connection and then waits for ever, so only a timeout of the whole request ends it.
        "garbage": gave_up(r"builtins\.TimeoutError: "),
        "hang": gave_up(r"aiohttp\.SocketTimeoutError: Timeout on reading data from socket"),
        "a length that is true": TWICE,
        "a length too large, cut": Saw(r"aiohttp\.ClientPayloadError: .* <ContentLengthError: .*>"),
        "a length too large, reset": Saw(r"aiohttp\.ClientPayloadError: .* <ContentLengthError: .*>\. ConnectionRes.*"),
        "a length too small": Saw(r"aiohttp\.ClientResponseError: 400, message='Bad status line.*", body=b""),
        "no length, closed": TWICE,
        "no length, reset": TWICE,
        "cut before the head": Saw(r"aiohttp\.ServerDisconnectedError: Server disconnected"),
        "reset before the head": Saw(r"aiohttp\.ClientOSError: .*reset by peer.*"),
        "garbage instead of a head": Saw(r"aiohttp\.ClientResponseError: 400, message=.*Bad status line.*SSH-2\.0.*"),
        "hang before the head": gave_up(r"aiohttp\.SocketTimeoutError: Timeout on reading data from socket"),
    },
    "openai": {
        "complete": TWICE,
        "cut": Saw(r"openai\.APIConnectionError: .* from httpx2\.RemoteProtocolError: .* \(incomplete chunked read\)"),
        "reset": Saw(r"openai\.APIConnectionError: .* from httpx2\.ReadError: .*reset by peer.*"),
        "garbage": Saw(r"openai\.APIConnectionError: .* from httpx2\.RemoteProtocolError: illegal chunk .*ZZZ.*"),
        "hang": gave_up(r"openai\.APITimeoutError: Request timed out\. from httpx2\.ReadTimeout: timed out"),
        "a length that is true": TWICE,
        "a length too large, cut": Saw(
            r"openai\.APIConnectionError: .* from httpx2\.RemoteProtocolError: .* \(received \d+ bytes, expected \d+\)"
        ),
        "a length too large, reset": Saw(r"openai\.APIConnectionError: .* from httpx2\.ReadError: .*reset by peer.*"),
        "a length too small": Saw(
            r"complete, then openai\.APIConnectionError: .* from httpx2\.RemoteProtocolError: illegal status .*lo.*"
        ),
        "no length, closed": TWICE,
        "no length, reset": Saw(r"openai\.APIConnectionError: .* from httpx2\.ReadError: .*reset by peer.*"),
        "cut before the head": Saw(
            r"openai\.APIConnectionError: .* from httpx2\.RemoteProtocolError: Server disconnected without .*"
        ),
        "reset before the head": Saw(r"openai\.APIConnectionError: .* from httpx2\.ReadError: .*reset by peer.*"),
        "garbage instead of a head": Saw(
            r"openai\.APIConnectionError: .* from httpx2\.RemoteProtocolError: illegal status line: .*SSH-2\.0.*"
        ),
        "hang before the head": gave_up(r"openai\.APITimeoutError: Request timed out\. from httpx2\.ReadTimeout: .*"),
    },
    "node": {
        "complete": TWICE,
        "cut": Saw(r"TypeError: terminated from UND_ERR_SOCKET: other side closed"),
        "reset": Saw(r"TypeError: terminated from ECONNRESET: read ECONNRESET"),
        "garbage": Saw(r"TypeError: terminated from HPE_INVALID_CHUNK_SIZE: .*Invalid character in chunk size.*"),
        "hang": gave_up(r"AbortError: This operation was aborted"),
        "a length that is true": TWICE,
        "a length too large, cut": Saw(r"TypeError: terminated from UND_ERR_SOCKET: other side closed"),
        "a length too large, reset": Saw(r"TypeError: terminated from ECONNRESET: read ECONNRESET"),
        "a length too small": TWICE,
        "no length, closed": TWICE,
        "no length, reset": TWICE,
        "cut before the head": Saw(r"TypeError: fetch failed from UND_ERR_SOCKET: other side closed"),
        "reset before the head": Saw(r"TypeError: fetch failed from ECONNRESET: read ECONNRESET"),
        "garbage instead of a head": Saw(r"TypeError: fetch failed from HPE_INVALID_CONSTANT: .*Expected HTTP/.*"),
        "hang before the head": gave_up(r"AbortError: This operation was aborted"),
    },
}


class HeldClock:
    """Time that stands still until it is moved, from whatever thread."""

    def __init__(self) -> None:
        self._now = 0.0
        self._calls: list[HeldCall] = []
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._now

    def call_at(self, moment: float, callback: Callable[[], None]) -> "HeldCall":
        call = HeldCall(moment, callback, asyncio.get_running_loop())
        with self._lock:
            self._calls.append(call)
        self.move(0.0)
        return call

    def move(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds
            due = [call for call in self._calls if call.moment <= self._now]
            self._calls = [call for call in self._calls if call.moment > self._now]
        for call in due:
            call.loop.call_soon_threadsafe(call.run)


@dataclass
class HeldCall:
    """A call that waits for the moment, on the event loop of a server."""

    moment: float
    callback: Callable[[], None]
    loop: asyncio.AbstractEventLoop
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True

    def run(self) -> None:
        if not self.cancelled:
            self.callback()


class Shelf(Replay):
    """Plays the tape that stands under the first part of the path, `_` for a space."""

    def __init__(self) -> None:
        super().__init__([])

    def find(self, request: Request, tenant: str) -> Found:  # noqa: ARG002 as in Replay
        name = request.path.split("/")[1].replace("_", " ")
        return Found(TAPES[name][0], name)


class Account:
    """What one client saw of one tape."""

    def __init__(self, server: str, name: str, patience: float, move: Callable[[], None]) -> None:
        self.url = f"{server}/{name.replace(' ', '_')}"
        self.patience = patience
        self._before_the_ending = TAPES[name][1]
        self._move = move
        self._bodies = [b""]
        self._endings: list[str] = []

    def got(self, data: bytes) -> None:
        """Bytes have come. Once all before the ending are there, the ending comes."""
        self._bodies[-1] += data
        if self._bodies[-1] == self._before_the_ending:
            self._move()

    def ended(self, how: str) -> None:
        self._endings.append(how)
        self._bodies.append(b"")

    @property
    def goes_on(self) -> bool:
        """Whether there is a request to make: the first, or the second after a good first."""
        return self._endings in ([], ["complete"])

    @contextlib.contextmanager
    def asking(self, *errors: type[Exception]) -> Iterator[None]:
        """One request, which ends well or in one of these errors."""
        try:
            yield
        except errors as problem:
            self.ended(_described(problem))
        else:
            self.ended("complete")

    @property
    def words(self) -> str:
        return ", then ".join(self._endings)

    @property
    def body(self) -> bytes:
        return self._bodies[0]


def _described(problem: BaseException) -> str:
    """An error as a person would be told of it; the SDK's own words are always the same, so its cause is named too."""
    kind = type(problem)
    words = f"{kind.__module__.partition('.')[0]}.{kind.__name__}: {' '.join(str(problem).split())}"
    if isinstance(problem, openai.OpenAIError) and problem.__cause__:
        words += f" from {_described(problem.__cause__)}"
    return words


def ask_with_httpx(account: Account) -> None:
    with httpx.Client(timeout=account.patience) as client:
        while account.goes_on:
            with account.asking(httpx.HTTPError), client.stream("GET", account.url) as response:
                for part in response.iter_raw():
                    account.got(part)


def ask_with_aiohttp(account: Account) -> None:
    async def ask() -> None:
        timeout = aiohttp.ClientTimeout(total=2 * account.patience, sock_read=account.patience)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while account.goes_on:
                with account.asking(aiohttp.ClientError, TimeoutError):
                    async with session.get(account.url) as response:
                        async for part in response.content.iter_any():
                            account.got(part)

    asyncio.run(ask())


def ask_with_openai(account: Account) -> None:
    with openai.OpenAI(base_url=account.url, api_key="sk-x", max_retries=0, timeout=account.patience) as client:
        while account.goes_on:
            with (
                account.asking(openai.OpenAIError),
                client.chat.completions.create(
                    model="m", messages=[{"role": "user", "content": "Hello"}], stream=True
                ) as stream,
            ):
                for chunk in stream:
                    account.got(event(chunk.choices[0].delta.content or ""))


def ask_with_node(account: Account) -> None:
    node = shutil.which("node")
    if node is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no `node` here to see the endings with")
    line = [node, str(SCRIPT), account.url, str(account.patience * 1000)]
    with subprocess.Popen(line, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for said in map(json.loads, process.stdout):
            if "data" in said:
                account.got(said["data"].encode())
            else:
                account.ended(said["ended"])
    assert process.returncode == 0


ASK: dict[str, Callable[[Account], None]] = {
    "httpx": ask_with_httpx,
    "aiohttp": ask_with_aiohttp,
    "openai": ask_with_openai,
    "node": ask_with_node,
}


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[str, HeldClock]]:
    """The URL of a server that plays `TAPES`, and its clock."""
    clock = HeldClock()
    with serving(Mock(replay=Shelf(), speed=1.0, clock=clock)) as url:
        yield url, clock


@pytest.mark.parametrize("client", ASK)
@pytest.mark.parametrize("name", TAPES)
def test_an_ending_is_seen_as_what_it_is_and_after_all_that_came_before_it(
    name: str, client: str, stage: tuple[str, HeldClock]
) -> None:
    url, clock = stage
    saw = SEEN[client][name]
    account = Account(url, name, saw.patience, lambda: clock.move(LATER))
    ASK[client](account)
    assert re.fullmatch(saw.words, account.words)
    assert account.body == (TAPES[name][1] if saw.body is None else saw.body)
