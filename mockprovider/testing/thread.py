"""A server in a thread of its own, for as long as somebody is inside it.

Everything happens in the thread: what is served is made there, the socket is opened there, and `call` brings other work
there, between two requests. So nobody else's event loop waits, and what is served needs no locks.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.serving.server import Server

T = TypeVar("T")


class ServerThread:
    """Serves while it is entered, with `with` or `async with`; once only. Leaves neither thread nor socket.

    `make_app` is called in the thread and returns the ASGI application; port 0 takes a free one. What goes wrong at the
    start is raised by entering: InputError for a port that is in use, and for what `make_app` can't use. `alone` says
    that the process is there for this server only.
    """

    def __init__(
        self, make_app: Callable[[], Any], host: str = "127.0.0.1", port: int = 0, *, alone: bool = False
    ) -> None:
        self._make_app, self._host, self._port, self._alone = make_app, host, port, alone
        self._thread = threading.Thread(target=self._run, name="mockprovider", daemon=True)
        self._ready, self._ended = Future[str](), Future[None]()
        for future in (self._ready, self._ended):
            future.set_running_or_notify_cancel()  # whoever waits may be cancelled; the thread goes on
        self._server: Server | None = None
        self._entered = self._leaving = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting = deque[Callable[[], None]]()

    @property
    def url(self) -> str:
        """Where it answers. Raises InputError while it does not."""
        if not self._entered:
            raise InputError(
                "no server runs yet, so there is no URL: enter it first, `with MockProvider(...) as mock:`"
            )
        if self._leaving:
            raise InputError("the server has stopped, so its URL leads nowhere: ask inside of the `with` block")
        return self._ready.result()

    def __enter__(self) -> "ServerThread":
        self._start()
        try:
            self._ready.result()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        if not self._lost:
            self._ended.result()
            self._thread.join()

    async def __aenter__(self) -> "ServerThread":
        self._start()
        try:
            await asyncio.wrap_future(self._ready)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop()
        if not self._lost:
            await asyncio.wrap_future(self._ended)
            self._thread.join()  # it has nothing left to do

    def call(self, work: Callable[[], T]) -> T:
        """Do something in the thread, or here where it does not run (or this is it), and return the result."""
        loop = self._loop
        if loop is None or self._lost or threading.current_thread() is self._thread:
            return work()
        done = Future[T]()
        self._waiting.append(lambda: _settle(done, work))
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(self._work)
        if self._ended.done():  # nobody may come for it any more
            self._work()
        return done.result()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the server's loop, and return its result."""
        if self._loop is None:
            raise InputError("no server runs, so there is no loop to run anything on")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @property
    def _lost(self) -> bool:
        """Whether this is a process that was forked off the one with the thread."""
        return not self._thread.is_alive() and not self._ended.done()

    def _work(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._waiting.popleft()()

    def _start(self) -> None:
        if self._entered:
            state = "has stopped" if self._leaving else "runs already"
            raise InputError(f"this server {state}, and it is entered once only; make another one, they are cheap")
        self._entered = True
        self._thread.start()

    def _stop(self) -> None:
        self._leaving = True
        if self._server is not None:
            self._server.stop()

    def _run(self) -> None:
        problem: BaseException | None = None
        try:
            self._serve()
        except BaseException as found:  # noqa: BLE001 whatever it is, it belongs to whoever waits
            problem = found
        if problem is not None and not self._ready.done():
            if isinstance(problem, OSError | SystemExit):
                why = "its application does not, see the log" if isinstance(problem, SystemExit) else problem
                problem = InputError(f"the server can't start: {why}")
            self._ready.set_exception(problem)
            problem = None
        if problem is None:
            self._ended.set_result(None)
        else:
            self._ended.set_exception(problem)
        self._work()

    def _serve(self) -> None:
        from mockprovider.serving.server import Server, listen, url_of

        app = self._make_app()
        with contextlib.closing(listen(self._host, self._port)) as listener:

            def on_ready() -> None:
                self._loop = asyncio.get_running_loop()
                self._ready.set_result(url_of(listener))

            self._server = Server(app, listener, on_ready, alone=self._alone)
            if self._leaving:  # before there was a server to be told so
                self._server.stop()
            self._server.serve_until_stopped()


def _settle(done: "Future[T]", work: Callable[[], T]) -> None:
    try:
        done.set_result(work())
    except BaseException as problem:  # noqa: BLE001 it is raised where it was asked for
        done.set_exception(problem)
