"""The server in a thread: who waits for whom, and what is left when it has ended."""

import asyncio
import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any

import pytest

from mockprovider.errors import InputError
from mockprovider.profiles.loading import load
from mockprovider.serving.app import Mock
from mockprovider.sources.synthesize import Synthesize
from mockprovider.testing.thread import ServerThread
from tests.fakes import ask, get, post

MODELS = get("/v1/models", ["Authorization: Bearer sk-test"])
Left = Callable[[], list[threading.Thread]]
MANY_VECTORS = b'{"model": "text-embedding-3-large", "input": [%b]}' % b",".join([b'"a"'] * 300)


@pytest.fixture(scope="module")
def app() -> Callable[[], Any]:
    """What makes an application: a provider's."""
    return Mock(synthesize=Synthesize(load("openai"))).app


@pytest.fixture
def left() -> Left:
    """What tells which threads there are that were not there when the test began."""
    before = threading.enumerate()
    return lambda: [thread for thread in threading.enumerate() if thread not in before]


async def entered(server: Any, *, asynchronous: bool) -> None:
    """Enter a server or a mock provider, in one way or the other."""
    if asynchronous:
        await server.__aenter__()
    else:
        server.__enter__()


def listens(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as client:
        return client.connect_ex((host, int(port))) == 0


def test_it_answers_while_it_is_entered(app: Callable[[], Any]) -> None:
    with ServerThread(app) as server:
        assert ask(server.url, MODELS).status == 200


def test_nothing_is_left_when_it_has_ended(app: Callable[[], Any], left: Left) -> None:
    with ServerThread(app) as server:
        url = server.url
        ask(url, MODELS)
    assert (left(), listens(url)) == ([], False)


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_nothing_is_left_when_the_block_raises(asynchronous: bool, app: Callable[[], Any], left: Left) -> None:
    urls: list[str] = []

    async def broken_off() -> None:
        async with AsyncExitStack() as stack:
            server = ServerThread(app)
            if asynchronous:
                await stack.enter_async_context(server)
            else:
                stack.enter_context(server)
            urls.append(server.url)
            raise KeyError

    with pytest.raises(KeyError):
        await broken_off()
    assert (left(), listens(*urls)) == ([], False)


def test_a_client_that_keeps_its_connection_does_not_hold_up_the_end(app: Callable[[], Any], left: Left) -> None:
    with ServerThread(app) as server:
        host, port = server.url.removeprefix("http://").split(":")
        client = socket.create_connection((host, int(port)), 10)
        client.sendall(MODELS)
        client.recv(16)
    with client:
        while client.recv(65536):
            pass
    assert left() == []


def test_a_client_that_takes_nothing_does_not_hold_up_the_end(app: Callable[[], Any], left: Left) -> None:
    with ServerThread(app) as server, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = server.url.removeprefix("http://").split(":")
        client.connect((host, int(port)))
        client.sendall(post("/v1/embeddings", MANY_VECTORS, ["Authorization: Bearer sk-test"]))
        client.recv(16)
        server.__exit__()
        assert left() == []


def test_two_hundred_one_after_the_other_leave_no_descriptor_open(app: Callable[[], Any]) -> None:
    def opened() -> int:
        with socket.socket() as probe:
            return probe.fileno()

    before = opened()
    for _ in range(200):
        with ServerThread(app):
            pass
    assert opened() <= before


def test_twenty_at_once_answer_each_at_its_own_url(app: Callable[[], Any]) -> None:
    together = threading.Barrier(20)

    def one(_: int) -> tuple[str, int]:
        with ServerThread(app) as server:
            together.wait(30)
            status = ask(server.url, MODELS).status
            together.wait(30)
            return server.url, status

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(one, range(20)))
    assert len({url for url, _ in found}) == 20
    assert {status for _, status in found} == {200}


@pytest.mark.parametrize("times", [1, 2])
def test_it_is_entered_once_only(times: int, app: Callable[[], Any]) -> None:
    server = ServerThread(app)
    with server:
        if times == 1:
            with pytest.raises(InputError, match=r"runs already.*make another"):
                server.__enter__()
        assert ask(server.url, MODELS).status == 200
    if times == 2:
        with pytest.raises(InputError, match=r"has stopped.*make another"):
            server.__enter__()


def test_there_is_a_url_only_while_it_runs(app: Callable[[], Any]) -> None:
    server = ServerThread(app)
    with pytest.raises(InputError, match="enter it first"):
        _ = server.url
    with server:
        assert server.url.startswith("http://127.0.0.1:")
    with pytest.raises(InputError, match="inside of the `with` block"):
        _ = server.url


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_port_in_use_is_refused_with_the_cure(asynchronous: bool, app: Callable[[], Any], left: Left) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = ServerThread(app, port=taken.getsockname()[1])
        with pytest.raises(InputError, match="in use; choose another"):
            await entered(server, asynchronous=asynchronous)
    assert left() == []


def test_what_the_application_cannot_use_is_raised_by_entering(left: Left) -> None:
    def no_app() -> Any:
        raise InputError("no such profile")

    with pytest.raises(InputError, match="no such profile"):
        ServerThread(no_app).__enter__()
    assert left() == []


def test_an_application_that_does_not_start_is_an_error_and_no_end_of_the_process(left: Left) -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 what ASGI asks for
        raise ValueError

    with pytest.raises(InputError, match="can't start"):
        ServerThread(lambda: broken).__enter__()
    assert left() == []


async def test_the_event_loop_goes_on_while_it_starts_and_ends(left: Left) -> None:
    started, ended = threading.Event(), threading.Event()

    async def app(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        assert scope["type"] == "lifespan"
        for waited, word in ((started, "startup"), (ended, "shutdown")):
            await receive()
            assert waited.wait(10)
            await send({"type": f"lifespan.{word}.complete"})

    loop = asyncio.get_running_loop()
    loop.call_later(0.01, started.set)
    async with ServerThread(lambda: app):
        loop.call_later(0.01, ended.set)
    assert left() == []


async def test_whoever_gives_up_waiting_for_the_start_leaves_nothing(left: Left) -> None:
    loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def app() -> Any:
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(10)
        return Mock().app()

    entering = asyncio.create_task(ServerThread(app).__aenter__())
    await begun.wait()
    entering.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await entering
    assert left() == []


def test_it_runs_beside_a_thread_that_is_not_the_main_one(app: Callable[[], Any]) -> None:
    def one() -> int:
        with ServerThread(app) as server:
            return ask(server.url, MODELS).status

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(one).result(30) == 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_that_was_forked_off_has_no_thread_to_wait_for() -> None:
    code = """
import os
from mockprovider import MockProvider
with MockProvider("openai") as mock:
    if not (child := os.fork()):
        mock.journal()
        mock.__exit__()
        os._exit(7)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), mock.journal())
"""
    line = [sys.executable, "-W", "ignore", "-c", code]
    assert subprocess.run(line, capture_output=True, text=True, timeout=60, check=True).stdout == "7 []\n"


def test_the_process_stays_as_it_is(app: Callable[[], Any]) -> None:
    def state() -> tuple[object, ...]:
        loggers = [logging.getLogger(f"uvicorn.{name}") for name in ("error", "access", "asgi")]
        levels = [(logger.level, logger.propagate) for logger in loggers]
        handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        return gc.get_threshold(), gc.get_freeze_count(), levels, handlers

    before = state()
    with ServerThread(app) as server:
        ask(server.url, MODELS)
        assert state() == before
    assert state() == before


def test_work_is_called_in_its_thread(app: Callable[[], Any]) -> None:
    with ServerThread(app) as server:
        assert server.call(threading.current_thread).name == "mockprovider"


def test_work_is_called_where_one_is_when_it_does_not_run(app: Callable[[], Any]) -> None:
    server = ServerThread(app)
    here = threading.current_thread()
    before = server.call(threading.current_thread)
    with server:
        pass
    assert (before, server.call(threading.current_thread)) == (here, here)


def test_work_may_call_work(app: Callable[[], Any]) -> None:
    with ServerThread(app) as server:
        assert server.call(lambda: server.call(threading.current_thread)).name == "mockprovider"


def test_what_work_raises_is_raised_where_it_was_asked_for(app: Callable[[], Any]) -> None:
    with ServerThread(app) as server, pytest.raises(ZeroDivisionError):
        server.call(lambda: 1 / 0)


def test_no_work_is_lost_or_done_twice_while_it_ends(app: Callable[[], Any]) -> None:
    done: list[int] = []
    with ThreadPoolExecutor(4) as pool:
        with ServerThread(app) as server:
            asked = [pool.submit(server.call, lambda number=number: done.append(number)) for number in range(2000)]
        for each in asked:
            each.result(30)
    assert sorted(done) == list(range(2000))
