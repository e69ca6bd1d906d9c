"""Bodies far larger than what is kept pass through a recorder whose memory stays flat."""

import socket
import sys
from pathlib import Path

import pytest

from tests.fakes import Command, RawUpstream, post
from tests.vectors.answers import whole

_PART = b"x" * 2**20
_PARTS = 100
_ROOM = 80 * 2**10
"""KiB: the 32 MiB that are kept, what waits for the client, and what an allocator holds on to."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")


def peak(command: Command) -> int:
    """The most memory that a command has had, in KiB."""
    status = Path(f"/proc/{command.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def test_an_answer_of_100_MB_passes_with_flat_memory(tape_folder: Path) -> None:  # noqa: N802
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(_PART) * _PARTS)
    with (
        RawUpstream({"/big": [head, *([_PART] * _PARTS)]}) as upstream,
        Command("record", "--upstream", upstream.url, "--cassette", tape_folder) as command,
    ):
        before, received = peak(command), 0
        with socket.create_connection(("127.0.0.1", int(command.url.rsplit(":", 1)[1])), 10) as client:
            client.sendall(post("/big", headers=["Connection: close"]))
            while data := client.recv(2**20):
                received += len(data)
        assert received > len(_PART) * _PARTS
        assert peak(command) - before < _ROOM


def test_an_upload_of_100_MB_passes_with_flat_memory(tape_folder: Path) -> None:  # noqa: N802
    request = post("/big", b"", ["Connection: close"]).replace(b": 0\r\n", b": %d\r\n" % (len(_PART) * _PARTS))
    with (
        RawUpstream({"/big": [whole(b"200 OK", b"text/plain", b"ok")]}) as upstream,
        Command("record", "--upstream", upstream.url, "--cassette", tape_folder) as command,
    ):
        before = peak(command)
        with socket.create_connection(("127.0.0.1", int(command.url.rsplit(":", 1)[1])), 10) as client:
            client.sendall(request)
            for _ in range(_PARTS):
                client.sendall(_PART)
            assert client.recv(2**20).startswith(b"HTTP/1.1 200 OK")
        assert peak(command) - before < _ROOM
        assert len(upstream.received[0]) > len(_PART) * _PARTS
