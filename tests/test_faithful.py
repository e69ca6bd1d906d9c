"""The main promise, end to end: record, shut the upstream down, replay; what the client sees is the same."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.conftest import Recorder
from tests.fakes import RawUpstream, ask, post
from tests.vectors.answers import ANSWERS, HANGS

REQUEST = post("/v1/chat/completions", b'{"model":"m","stream":true}', ["Authorization: Bearer sk-secret-1234"])


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_replayed_as_it_was_seen_upstream(
    name: str, recorder: tuple[Recorder, ExitStack], replayer: Callable[..., str]
) -> None:
    start, running = recorder
    with RawUpstream({"/v1/chat/completions": ANSWERS[name]}) as upstream:
        direct = ask(upstream.url, REQUEST)
        recorded = ask(start(upstream.url), REQUEST)
    running.close()
    replayed = ask(replayer(), REQUEST)
    assert recorded.comparable == direct.comparable
    assert replayed.comparable == direct.comparable


@pytest.mark.parametrize("name", HANGS)
def test_an_upstream_that_stops_dead_is_replayed_as_silence(
    name: str, recorder: tuple[Recorder, ExitStack], replayer: Callable[..., str]
) -> None:
    start, running = recorder
    with RawUpstream({"/v1/chat/completions": HANGS[name]}) as upstream:
        recorded = ask(start(upstream.url), REQUEST, patience=0.6)
        running.close()
    replayed = ask(replayer(), REQUEST, patience=0.6)
    assert recorded.ending == "silence"
    assert replayed.comparable == recorded.comparable
