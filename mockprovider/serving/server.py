"""uvicorn, the one server, with our wire protocol, and a way down that takes no longer than it has to."""

import asyncio
import contextlib
import errno
import functools
import gc
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

from mockprovider.errors import InputError
from mockprovider.serving.wire import WireProtocol

_GRACE = 0.1
"""Seconds that answers in flight have to end in once the server is to end."""


class Server(uvicorn.Server):
    """Ends when `stop` is called or, in the main thread, on SIGINT and SIGTERM. `on_ready` is called once it answers.

    `alone` says that the process is there for this server only: its garbage collector and its loggers are then tuned.
    """

    def __init__(
        self, app: Any, listener: socket.socket, on_ready: Callable[[], None] = lambda: None, *, alone: bool = False
    ) -> None:
        config = uvicorn.Config(
            app,
            http=WireProtocol,
            ws="none",
            lifespan="on",
            interface="asgi3",
            log_config=None,
            log_level="critical" if alone else None,
            access_log=not alone,  # to switch it off reaches into the logging of the whole process
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            backlog=4096,
        )
        super().__init__(config)
        self._listener = listener
        self._on_ready = on_ready
        self._alone = alone
        self._stopped: Callable[[], object] = lambda: None

    def serve_until_stopped(self) -> None:
        """Serve on the listening socket, and close it in the end."""
        self.run(sockets=[self._listener])

    def stop(self) -> None:
        """End in order, as soon as can be. May be called in any thread, before the start and after the end too."""
        self.should_exit = True
        with contextlib.suppress(RuntimeError):  # its loop is closed: it has ended
            self._stopped()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._stopped = functools.partial(loop.call_soon_threadsafe, self._end.set)
        await super().startup(sockets=sockets)
        if self._alone:
            _calm_the_collector()
        self._on_ready()

    async def main_loop(self) -> None:
        """Wait for the end. uvicorn looks for it ten times a second, so that it comes late."""
        if not self.should_exit:
            await self._end.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything, and wait for what is in flight only. uvicorn sleeps, whoever is there."""
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        state = self.server_state
        connections = [each for each in state.connections if isinstance(each, WireProtocol)]
        in_flight = {*state.tasks, *(connection.departure() for connection in connections)}
        for connection in connections:
            connection.shutdown()
        if in_flight:
            await asyncio.wait(in_flight, timeout=_GRACE)
        for connection in connections:  # one is still there where its client does not take what was sent
            connection.transport.abort()
        for task in list(state.tasks):
            task.cancel()
        await self.lifespan.shutdown()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 uvicorn's signature
        """End in order. uvicorn would raise the signal again afterwards, which is no clean exit."""
        self.stop()


def _calm_the_collector() -> None:
    """What is there at the start stays; what an answer needs is gone before a collection would pay.

    With the default thresholds the pauses of full collections are the worst lateness of paced streams.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to host and port, 0 for a free one; an error that names the cure where that can't be."""
    if not 0 <= port <= 65535:
        raise InputError(f"port {port} is none: take one from 1 to 65535, or --port 0 for a free one")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as problem:
        raise InputError(f"--host {host}: {problem.strerror or problem}; try 127.0.0.1") from None
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    with contextlib.suppress(OSError):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(4096)
    except OSError as problem:
        listener.close()
        if problem.errno == errno.EADDRINUSE:
            raise InputError(f"port {port} on {host} is in use; choose another, or --port 0 for a free one") from None
        raise InputError(f"can't listen on {host}:{port}: {problem.strerror}") from None
    return listener


def url_of(listener: socket.socket) -> str:
    """The URL that reaches a listening socket from this machine."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 a comparison, not a bind
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
