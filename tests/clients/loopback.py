"""Keeps a process on its own machine: clients tell their makers things, and load lists of prices and models."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

HERE = {"127.0.0.1", "::1", "localhost"}


@contextlib.contextmanager
def on_loopback() -> Iterator[list[str]]:
    """Any other host is refused while this is entered, and is in the list, for clients that make nothing of that."""
    wanted: list[str] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def check(host: Any) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and name not in HERE:
            wanted.append(name)
            raise OSError(f"the tests may not talk to {name}")

    def looking_up(host: Any, *rest: Any, **more: Any) -> Any:
        check(host)
        return look_up(host, *rest, **more)

    def connecting(self: socket.socket, address: Any) -> None:
        check(address[0] if isinstance(address, tuple) else None)
        connect(self, address)

    with patch.object(socket, "getaddrinfo", looking_up), patch.object(socket.socket, "connect", connecting):
        yield wanted
