"""What tests talk to: an upstream that writes the bytes it is told to, a client that keeps what it sees, servers.

None of it shares a line with mockprovider's own HTTP code, so that both can't be wrong in the same way.
"""

import contextlib
import os
import re
import selectors
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mockprovider.serving.app import Mock
from mockprovider.testing.thread import ServerThread

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For an HTTP client that has no need of it: its own would read the certificates of the machine, which takes longer
than most tests.
"""


@dataclass(frozen=True)
class Pause:
    """The upstream waits."""

    seconds: float


@dataclass(frozen=True)
class Rst:
    """The upstream resets the connection."""


@dataclass(frozen=True)
class Hold:
    """The upstream stays silent until the client has gone."""


Step = bytes | Pause | Rst | Hold
"""After the last step the upstream closes the connection."""


class Turns:
    """Different steps for each request of a path, in turn."""

    def __init__(self, scripts: Iterable[Sequence[Step]]) -> None:
        self._scripts = iter(scripts)

    def steps(self) -> Sequence[Step]:
        """The steps of the next request."""
        return next(self._scripts)


Script = Sequence[Step] | Turns | Callable[[bytes], Sequence[Step]]
"""Always the same steps, others each time, or such as the request asks for."""


def chunked(*parts: bytes, end: bool = True) -> bytes:
    """HTTP chunks, and the last one."""
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + (b"0\r\n\r\n" if end else b"")


class RawUpstream:
    """Answers each path with its steps. What it was sent is in `received`, whole requests as bytes.

    `connected` is set once a request begins to come in, `finished` once an answer has been written.
    """

    def __init__(
        self,
        scripts: Mapping[str, Script],
        greeting: bytes = b"",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._scripts = scripts
        self._greeting = greeting
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._port = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self.received: list[bytes] = []
        self.connected = threading.Event()
        self.finished = threading.Event()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    def __enter__(self) -> "RawUpstream":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            connection.sendall(self._greeting)
            request = _read_request(connection, self.connected)
            self.received.append(request)
            path = request.split(b" ", 2)[1].decode().partition("?")[0]
            for step in _steps(self._scripts[path], request):
                _perform(connection, step)
            self.finished.set()
        except OSError:
            pass
        finally:
            self._open.discard(connection)
            connection.close()


def _steps(script: Script, request: bytes) -> Sequence[Step]:
    if isinstance(script, Turns):
        return script.steps()
    return script(request) if callable(script) else script


def _perform(connection: socket.socket, step: Step) -> None:
    match step:
        case bytes():
            connection.sendall(step)
        case Pause(seconds):
            time.sleep(seconds)
        case Rst():
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        case Hold():
            while connection.recv(65536):
                pass


def _read_request(connection: socket.socket, connected: threading.Event) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    connected.set()
    head, _, start = data.partition(b"\r\n\r\n")
    body = bytearray(start)
    if found := re.search(rb"(?i)^content-length:\s*(\d+)", head, re.MULTILINE):
        while len(body) < int(found[1]):
            body += _more(connection)
    elif re.search(rb"(?i)^transfer-encoding:\s*chunked", head, re.MULTILINE):
        while not body.endswith(b"0\r\n\r\n"):
            body += _more(connection)
    return head + b"\r\n\r\n" + bytes(body)


def _more(connection: socket.socket) -> bytes:
    if not (data := connection.recv(65536)):
        raise ConnectionError("the client left")
    return data


@dataclass
class Seen:
    """An answer as a client saw it. `chunks` are HTTP chunks where the body is chunked, else the body in one piece."""

    status_line: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    """When each HTTP chunk was there, seconds since the request was sent."""
    ending: str = ""
    """`complete`, `cut`, `reset`, `garbage` or `silence`."""
    rest: bytes = b""
    """What came that is no part of the message."""

    @property
    def status(self) -> int:
        return int(self.status_line.split(b" ")[1])

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    def header(self, name: str) -> str | None:
        wanted = name.lower().encode()
        return next((v.decode("latin-1") for k, v in self.headers if k.lower() == wanted), None)

    @property
    def comparable(self) -> tuple[object, ...]:
        """All that must be equal between a recording and its replay."""
        hop_by_hop = (b"connection", b"transfer-encoding", b"keep-alive")
        headers = [pair for pair in self.headers if pair[0].lower() not in hop_by_hop]
        return self.status_line.partition(b" ")[2], headers, self.chunks, self.ending, self.rest


def post(target: str, body: bytes = b"{}", headers: Sequence[str] = ()) -> bytes:
    """The bytes of a JSON POST."""
    lines = [f"POST {target} HTTP/1.1", "Host: test", "Content-Type: application/json", *headers]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def get(target: str, headers: Sequence[str] = ()) -> bytes:
    """The bytes of a GET."""
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: test", *headers, "", ""]).encode()


def ask(url: str, request: bytes, patience: float = 10.0) -> Seen:
    """Send bytes, and see what comes back until the message is whole or the connection ends.

    `patience`, in seconds, is how long silence is borne.
    """
    host, port = url.removeprefix("http://").split(":")
    seen = Seen()
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.settimeout(patience)
        started = time.monotonic()
        connection.sendall(request)
        reader = _Reader(connection)
        try:
            while True:
                head, seen.headers = _head(reader)
                seen.status_line = head
                if not head.startswith(b"HTTP/1.1 1"):
                    break
            _body(reader, seen, request.startswith(b"HEAD"), started)
            seen.ending = "complete"
        except EOFError:
            seen.ending, seen.rest = "cut", bytes(reader.buffer)
        except ConnectionResetError:
            seen.ending = "reset"
        except TimeoutError:
            seen.ending, seen.rest = "silence", bytes(reader.buffer)
        except ValueError:
            seen.ending, seen.rest = "garbage", reader.all_there_is()
    return seen


class _Reader:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.buffer = bytearray()

    def more(self) -> None:
        if not (data := self._connection.recv(1 << 18)):
            raise EOFError
        self.buffer += data

    def line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            self.more()
        line, _, _ = bytes(self.buffer).partition(b"\r\n")
        return line

    def drop(self, count: int) -> bytes:
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            self.more()
        return self.drop(count)

    def all_there_is(self) -> bytes:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self.more()
        return bytes(self.buffer)


def _head(reader: _Reader) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    if not reader.line().startswith(b"HTTP/1."):
        raise ValueError("no status line")
    while b"\r\n\r\n" not in reader.buffer:
        reader.more()
    head = reader.drop(reader.buffer.index(b"\r\n\r\n") + 4)
    status_line, *lines = head[:-4].split(b"\r\n")
    pairs = [line.partition(b":") for line in lines]
    return status_line, [(name, value.strip()) for name, _, value in pairs]


def _body(reader: _Reader, seen: Seen, is_head: bool, started: float) -> None:
    names = {k.lower(): v for k, v in seen.headers}
    if is_head or seen.status in (204, 304):
        return
    if names.get(b"transfer-encoding") == b"chunked":
        while True:
            size = int(reader.line(), 16)
            framed = len(reader.line()) + 2
            reader.drop(framed)
            try:
                data = reader.exactly(size)
            except EOFError:
                seen.chunks.append(reader.drop(len(reader.buffer)))
                raise
            if reader.exactly(2) != b"\r\n":
                raise ValueError("no line end after a chunk")
            if not size:
                return
            seen.chunks.append(data)
            seen.times.append(time.monotonic() - started)
    elif b"content-length" in names:
        seen.chunks.append(reader.exactly(int(names[b"content-length"])))
    else:
        seen.chunks.append(b"")
        with contextlib.suppress(EOFError):
            while True:
                reader.more()
        seen.chunks = [reader.drop(len(reader.buffer))]


@contextlib.contextmanager
def serving(mock: Mock) -> Iterator[str]:
    """A mock on a real socket, in a thread of this process. Yields its URL."""
    with ServerThread(mock.app) as server:
        yield server.url


class Command:
    """A running `mockprovider` command, with its port chosen by the system."""

    def __init__(self, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> None:
        line = [sys.executable, "-m", "mockprovider", *map(str, arguments), "--port", "0"]
        env = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env)
        self.output = ""
        self.url = self._until(r"listening on (http://\S+)")

    def __enter__(self) -> "Command":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _until(self, pattern: str, patience: float = 20.0) -> str:
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        deadline = time.monotonic() + patience
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while time.monotonic() < deadline:
                selector.select(0.5)
                self.output += (self.process.stdout.read() or b"").decode()
                if found := re.search(pattern, self.output):
                    return found[1]
                if self.process.poll() is not None:
                    break
        self.process.kill()
        raise AssertionError(f"{pattern!r} was not said; but:\n{self.output}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """End it, and return the seconds that took. Its last words are in `output`."""
        started = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(20)
        took = time.monotonic() - started
        assert self.process.stdout is not None
        self.output += (self.process.stdout.read() or b"").decode()
        return took
