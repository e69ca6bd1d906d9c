"""uvicorn, the one server, with our wire protocol, and a way down that takes less than a second."""

import contextlib
import errno
import gc
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

from mockprovider.errors import InputError
from mockprovider.serving.wire import WireProtocol


class Server(uvicorn.Server):
    """Ends on SIGINT and SIGTERM with exit status 0. `on_ready` is called once it answers."""

    def __init__(self, app: Any, listener: socket.socket, on_ready: Callable[[], None] = lambda: None) -> None:
        config = uvicorn.Config(
            app,
            http=WireProtocol,
            ws="none",
            lifespan="on",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=0,
            backlog=4096,
        )
        super().__init__(config)
        self._listener = listener
        self._on_ready = on_ready

    def serve_until_stopped(self) -> None:
        """Serve on the listening socket until a signal comes, or `should_exit` is set."""
        self.run(sockets=[self._listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        _calm_the_collector()
        self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 uvicorn's signature
        """End in order. uvicorn would raise the signal again afterwards, which is no clean exit."""
        self.should_exit = True


def _calm_the_collector() -> None:
    """What is there at the start stays; what an answer needs is gone before a collection would pay.

    With the default thresholds the pauses of full collections are the worst lateness of paced streams.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to host and port, 0 for a free one; an error that names the cure where that can't be."""
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
