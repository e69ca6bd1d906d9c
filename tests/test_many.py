"""Fifty clients at once: nothing is lost, nothing is mixed, neither while recording nor in a replay."""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

import pytest

from mockprovider.cassettes.store import Cassette
from tests.conftest import Recorder
from tests.fakes import Pause, RawUpstream, Step, ask, chunked, post
from tests.vectors.answers import SSE, whole

CHAT = "/v1/chat/completions"
Bodies = list[bytes]


def question(client: int, turn: int) -> bytes:
    """A request for a stream in every other turn, for a plain answer in the rest."""
    return json.dumps({"client": client, "turn": turn, "stream": turn % 2 == 0}).encode()


QUESTIONS = [[question(client, turn) for turn in range(4)] for client in range(50)]
"""What each client asks, one after the other."""


def parts(asked: bytes) -> list[bytes]:
    """The answer to a question, each part of which names it."""
    return [b"data: %d of %b\n\n" % (number, asked) for number in range(5)]


def answer(request: bytes) -> Sequence[Step]:
    """An answer in its steps; a stream takes its time, so that the streams of all clients are under way together."""
    asked = request.partition(b"\r\n\r\n")[2]
    if not json.loads(asked)["stream"]:
        return [whole(b"200 OK", b"application/json", b"".join(parts(asked)))]
    return [SSE, *(step for part in parts(asked) for step in (chunked(part, end=False), Pause(0.01))), chunked()]


ANSWERS = [[b"".join(parts(asked)) for asked in asked_by_one] for asked_by_one in QUESTIONS]


def heard(url: str) -> list[Bodies]:
    """What each client hears, all of them starting together, each with a key of its own."""
    start = threading.Barrier(len(QUESTIONS))

    def client(number: int) -> Bodies:
        start.wait(30)
        key = [f"Authorization: Bearer sk-mock-{number:08}"]
        return [ask(url, post(CHAT, asked, key)).body for asked in QUESTIONS[number]]

    with ThreadPoolExecutor(len(QUESTIONS)) as pool:
        return list(pool.map(client, range(len(QUESTIONS))))


@pytest.fixture
def recorded(recorder: tuple[Recorder, ExitStack]) -> list[Bodies]:
    """What each client heard through the recorder, which has stopped since."""
    start, running = recorder
    with RawUpstream({CHAT: answer}) as upstream:
        bodies = heard(start(upstream.url))
        running.close()
    return bodies


def test_each_of_fifty_clients_hears_its_own_answers_while_all_are_recorded(recorded: list[Bodies]) -> None:
    assert recorded == ANSWERS


@pytest.mark.usefixtures("recorded")
def test_each_request_of_fifty_clients_is_kept_once_with_its_own_answer(tape_folder: Path) -> None:
    cassette = Cassette.open(tape_folder)
    kept = [(each.request.body, each.tape.body) for each in map(cassette.exchange, cassette.entries)]
    pairs = zip(chain(*QUESTIONS), chain(*ANSWERS), strict=True)
    assert (sorted(kept), cassette.warnings) == (sorted(pairs), [])


@pytest.mark.usefixtures("recorded")
def test_each_of_fifty_clients_hears_its_own_answers_in_a_replay(replayer: Callable[..., str]) -> None:
    assert heard(replayer()) == ANSWERS
