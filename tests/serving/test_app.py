"""The application: in front of a socket, and in a process without one."""

import socket
import time
from pathlib import Path

import httpx
import pytest

from mockprovider.cassettes.store import Cassette
from mockprovider.errors import UnplayableEndingError
from mockprovider.profiles.loading import load
from mockprovider.serving.app import Mock
from mockprovider.sources.replay import Replay
from mockprovider.sources.synthesize import Synthesize
from mockprovider.tape import Chunk, Complete, Cut, Ending, Exchange, Head, Request, Reset, Tape
from tests.fakes import ask, get, post, serving

_ASKED = Request("POST", "/v1/x", headers=((b"content-type", b"application/json"),), body=b"{}")
_FIRST = Chunk(0.0, b"data: 1\n\n")


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    """A replay of nothing yet."""
    return Replay([Cassette.open(tmp_path / "tapes", create=True)])


def keep(replay: Replay, *chunks: Chunk, ending: Ending) -> None:
    """Put one exchange into a replay's cassette."""
    cassette = replay.cassettes[0]
    cassette.begin(_ASKED).keep(Exchange(_ASKED, Tape(Head(0.0, 200), chunks, ending)))


def test_a_client_that_leaves_in_a_long_gap_is_noticed_at_once(replay: Replay) -> None:
    keep(replay, _FIRST, Chunk(600.0, b"data: 2\n\n"), ending=Complete(600.0))
    mock = Mock(replay=replay, speed=1.0)
    with serving(mock) as url:
        with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), 5) as client:
            client.sendall(post("/v1/x"))
            while b"data: 1" not in client.recv(4096):
                pass
        deadline = time.monotonic() + 10
        while (entry := mock.journal.select()[0])["ending"] == "" and time.monotonic() < deadline:
            ask(url, get("/-/health"))
    assert (entry["ending"], entry["chunks"]) == ("client left", 1)


def test_a_reset_keeps_its_distance_from_the_last_bytes(replay: Replay) -> None:
    keep(replay, _FIRST, ending=Reset(0.0))
    with (
        serving(Mock(replay=replay)) as url,
        socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), 5) as client,
    ):
        client.sendall(post("/v1/x"))
        while b"data: 1" not in client.recv(4096):
            pass
        came = time.monotonic()
        with pytest.raises(ConnectionResetError):
            client.recv(4096)
        assert time.monotonic() - came > 0.01


async def test_a_profile_answers_in_process_without_a_socket() -> None:
    transport = httpx.ASGITransport(Mock(synthesize=Synthesize(load("openai"))).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
        answer = await client.get("/v1/models", headers={"Authorization": "Bearer sk-test"})
    assert (answer.status_code, answer.json()["object"]) == (200, "list")


async def test_an_ending_that_needs_a_socket_is_an_error_that_names_the_cure_in_process(replay: Replay) -> None:
    keep(replay, _FIRST, ending=Cut(0.0))
    transport = httpx.ASGITransport(Mock(replay=replay).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
        with pytest.raises(UnplayableEndingError, match="real socket"):
            await client.post("/v1/x", content=b"{}", headers={"Content-Type": "application/json"})


def test_the_answer_to_HEAD_has_the_head_of_GET_and_no_body() -> None:  # noqa: N802
    key = ["Authorization: Bearer sk-test"]
    request = get("/v1/models", key)
    with (
        serving(Mock(synthesize=Synthesize(load("openai")))) as url,
        socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), 5) as client,
    ):
        client.sendall(request.replace(b"GET", b"HEAD", 1) + get("/v1/models", [*key, "Connection: close"]))
        received = b""
        while data := client.recv(65536):
            received += data
    first, _, second = received.partition(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 404 ")  # no endpoint of OpenAI's answers HEAD
    assert second.startswith(b"HTTP/1.1 200 ")


def test_a_bug_of_our_own_is_said_to_the_client_and_in_the_log(replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(replay, "find", lambda *_: 1 / 0)
    with serving(Mock(replay=replay, say=said.append)) as url:
        seen = ask(url, post("/v1/x"))
    assert (seen.status, seen.header("x-should-retry")) == (500, "false")
    assert "ZeroDivisionError" in seen.body.decode()
    assert "ZeroDivisionError" in said[0]
