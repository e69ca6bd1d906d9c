"""Two clients on raw sockets: one shows how an answer lay on the wire, the other costs almost nothing.

`post` is blocking and exact: it returns the answer's HTTP chunks one by one. `stream_all` opens many streams
at once and does no more per read than note the time; the events are found afterwards.
"""

import asyncio
import gc
import json
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from benchmarks.report import BrokenRunError

PATH = "/v1/chat/completions"
KEY = "sk-benchmark"
LAST_CHUNK = b"\r\n0\r\n\r\n"
EVENT_END = b"\n\n"


def chat(prompt: str, *, stream: bool = False, **more: object) -> str:
    """Make the body of a chat completion request."""
    body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": prompt}]}
    return json.dumps(body | ({"stream": True} if stream else {}) | more)


def request_bytes(body: str) -> bytes:
    """Make the whole request, as `wrk` and the clients here send it."""
    data = body.encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


@dataclass(frozen=True)
class Answer:
    """A status and the body's HTTP chunks; a body that was not chunked is one chunk."""

    status: int
    chunks: tuple[bytes, ...]

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)


def post(port: int, body: str, *, timeout: float = 30.0) -> Answer:
    """Send one chat request on a new connection and read the answer chunk by chunk."""
    address = ("127.0.0.1", port)
    with socket.create_connection(address, timeout) as connection, connection.makefile("rb") as reader:
        connection.sendall(request_bytes(body))
        status_line = reader.readline()
        if not status_line.startswith(b"HTTP/1.1 "):
            raise ConnectionError(f"no HTTP answer: {status_line!r}")
        headers: dict[str, str] = {}
        while line := reader.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip().lower()
        chunks: list[bytes] = []
        if headers.get("transfer-encoding") == "chunked":
            while size := int(reader.readline().split(b";")[0], 16):
                chunks.append(reader.read(size))
                reader.readline()
        else:
            chunks.append(reader.read(int(headers["content-length"])))
    return Answer(int(status_line.split()[1]), tuple(chunks))


def expect(port: int, body: str) -> Answer:
    """`post`, when anything but a 200 would make the measurement void."""
    try:
        answer = post(port, body)
    except (OSError, ValueError, KeyError) as error:
        raise BrokenRunError(f"no proper answer from port {port}: {error!r}") from error
    if answer.status != 200:
        raise BrokenRunError(f"status {answer.status}: {answer.body[:600].decode(errors='replace')}")
    return answer


@dataclass(eq=False)
class Stream(asyncio.Protocol):
    """One streamed answer as it arrived: when the request left, and each read with its time."""

    request: bytes
    sent: float = 0.0
    reads: list[tuple[float, bytes]] = field(default_factory=list)
    complete: bool = False
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    _end: bytes = b""
    _transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self.sent = time.monotonic()
        self._transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.reads.append((time.monotonic(), data))
        self._end = (self._end + data[-len(LAST_CHUNK) :])[-len(LAST_CHUNK) :]
        if self._end == LAST_CHUNK:
            self.complete = True
            self.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        self.closed.set()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def events(self) -> list[tuple[float, bytes]]:
        """Each SSE event with the time at which its last byte had arrived; the head rides with the first."""
        found: list[tuple[float, bytes]] = []
        rest = b""
        for at, data in self.reads:
            *whole, rest = (rest + data).split(EVENT_END)
            found.extend((at, event) for event in whole)
        return found


async def stream_all(port: int, bodies: Sequence[str], *, over: float, within: float) -> list[Stream]:
    """Start one stream a body, evenly over `over` seconds, and give all of them `within` seconds to end."""
    loop = asyncio.get_running_loop()
    streams = [Stream(request_bytes(body)) for body in bodies]
    start = loop.time()

    async def run(number: int, stream: Stream) -> None:
        await asyncio.sleep(start + over * number / len(streams) - loop.time())
        try:
            await loop.create_connection(lambda: stream, "127.0.0.1", port)
            await stream.closed.wait()
        except OSError:
            return  # stays incomplete, which is what counts

    tasks = [asyncio.create_task(run(number, stream)) for number, stream in enumerate(streams)]
    gc.collect()
    gc.disable()  # a collection among thousands of objects would be counted as the server's lateness
    try:
        _, pending = await asyncio.wait(tasks, timeout=within)
    finally:
        gc.enable()
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for stream in streams:
        stream.abort()
    return streams
