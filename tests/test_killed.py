"""Recorders that are killed, or two, or told to stop: what was finished is there, what was not has a name."""

import signal
import socket
import threading
from pathlib import Path

import pytest

from mockprovider.cassettes.store import Cassette
from tests.fakes import Command, Hold, RawUpstream, Seen, ask, chunked, post
from tests.vectors.answers import SSE, whole

_OK = whole(b"200 OK", b"application/json", b'{"ok":true}')
_STREAM = SSE + chunked(b"data: 1\n\n", b"data: [DONE]\n\n")

_SOON = 5.0
"""Seconds: one is what it takes, the rest what a busy machine adds. The streams in flight would last for ever."""


def _ask_until_it_fails(url: str, path: str, finished: list[bytes], enough: threading.Event) -> None:
    for number in range(10_000):
        body = b'{"client":"%s","n":%d}' % (path.encode(), number)
        try:
            seen: Seen = ask(url, post(path, body))
        except OSError:
            return
        if seen.ending != "complete":
            return
        finished.append(body)
        if len(finished) > 40:
            enough.set()


def test_every_finished_exchange_survives_kill_9_and_unfinished_ones_are_named(tape_folder: Path) -> None:
    finished: list[bytes] = []
    enough = threading.Event()
    with RawUpstream({"/a": [_OK], "/b": [_STREAM], "/slow": [SSE, Hold()]}) as upstream:
        with Command("record", "--upstream", upstream.url, "--cassette", tape_folder) as command:
            clients = [
                threading.Thread(target=_ask_until_it_fails, args=(command.url, path, finished, enough))
                for path in ("/a", "/b", "/a", "/b", "/slow")
            ]
            for client in clients:
                client.start()
            assert enough.wait(30)
            command.stop(signal.SIGKILL)
        for client in clients:
            client.join(20)
    cassette = Cassette.open(tape_folder)
    kept = {cassette.exchange(entry).request.body for entry in cassette.entries}
    assert set(finished) <= kept
    assert any("POST /slow was never finished" in warning for warning in cassette.warnings)


def test_two_recorders_in_one_folder_lose_nothing(tape_folder: Path) -> None:
    with (
        RawUpstream({"/a": [_OK]}) as upstream,
        Command("record", "--upstream", upstream.url, "--cassette", tape_folder) as one,
        Command("record", "--upstream", upstream.url, "--cassette", tape_folder) as two,
    ):
        threads = [
            threading.Thread(target=ask, args=(command.url, post("/a", b'{"n":%d}' % number)))
            for number in range(40)
            for command in (one, two)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    cassette = Cassette.open(tape_folder)
    bodies = sorted(cassette.exchange(entry).request.body for entry in cassette.entries)
    assert bodies == sorted([b'{"n":%d}' % number for number in range(40)] * 2)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_recorder_within_a_second_with_a_stream_in_flight_on_disk(
    how: signal.Signals, tape_folder: Path
) -> None:
    seen: list[Seen] = []
    with RawUpstream({"/a": [SSE + chunked(b"data: 1\n\n", end=False), Hold()]}) as upstream:
        with Command("record", "--upstream", upstream.url, "--cassette", tape_folder) as command:
            client = threading.Thread(target=lambda: seen.append(ask(command.url, post("/a"))))
            client.start()
            assert upstream.finished.wait(0.5) is False
            took = command.stop(how)
        client.join(10)
    assert command.process.returncode == 0
    assert took < _SOON
    assert (seen[0].body, seen[0].ending) == (b"data: 1\n\n", "cut")
    cassette = Cassette.open(tape_folder)
    assert [cassette.exchange(entry).tape.body for entry in cassette.entries] == [b"data: 1\n\n"]


def test_a_signal_ends_a_replay_within_a_second_with_a_slow_stream_in_flight(tape_folder: Path) -> None:
    with (
        RawUpstream({"/a": [SSE + chunked(b"data: 1\n\n", end=False), Hold()]}) as upstream,
        Command("record", "--upstream", upstream.url, "--cassette", tape_folder) as command,
    ):
        ask(command.url, post("/a"), patience=0.5)
    with (
        Command("replay", tape_folder) as command,
        socket.create_connection(("127.0.0.1", int(command.url.rpartition(":")[2])), 10) as client,
    ):
        client.sendall(post("/a"))
        while b"data: 1" not in client.recv(4096):
            pass
        took = command.stop()
    assert (command.process.returncode, took < _SOON) == (0, True)
