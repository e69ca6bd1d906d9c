"""`run`: a command with a mock provider beside it, for as long as it runs."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from mockprovider.cli.announce import roots
from mockprovider.cli.build import Check, mock_to_serve
from mockprovider.cli.options import ENVIRONMENT, serving
from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.serving.app import Mock

DUMMY_KEY = "sk-mock-run"


@click.command(
    context_settings=ENVIRONMENT,
    epilog="""\b
Examples:
  mockprovider run --profile deepseek-like -- pytest tests/
  mockprovider run --cassette tapes/ --verify -- npm test
  mockprovider run --cassette tapes/ --upstream https://api.openai.com --mode new_episodes -- python agent.py
""",
)
@serving
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND...")
def run(command: tuple[str, ...], **options: Any) -> None:
    """Run a command against a mock provider: OPENAI_BASE_URL and OPENAI_API_KEY lead there. Its exit status is ours.

    Where it records without --api-key-env, OPENAI_API_KEY stays as it is: the upstream wants a real one. With --verify
    the status is 1 where the command succeeded and the recordings were not used as they were meant.
    """
    check, mock = Check.of(options), mock_to_serve(options)
    with _served(mock) as url:
        environment = {**os.environ, "OPENAI_BASE_URL": url + roots(mock)[0]}
        if mock.record is None or options["api_key_env"]:
            environment["OPENAI_API_KEY"] = next(iter(options["api_key"]), DUMMY_KEY)
        status = _ended(command, environment)
    passed = check.passed(mock)
    click.get_current_context().exit(status or (0 if passed else 1))


@contextmanager
def _served(mock: "Mock") -> Iterator[str]:
    """The mock on a free port, in a thread of this process. Yields its URL."""
    from mockprovider.serving.server import Server, listen, url_of

    listener, ready = listen("127.0.0.1", 0), threading.Event()
    server = Server(mock.app(), listener, ready.set)
    thread = threading.Thread(target=server.serve_until_stopped, name="mockprovider", daemon=True)
    thread.start()
    ready.wait()
    try:
        yield url_of(listener)
    finally:
        server.should_exit = True
        thread.join()


def _ended(command: tuple[str, ...], environment: dict[str, str]) -> int:
    """The exit status of the command, 128 + N if signal N ended it. A signal to end us is passed on to it."""
    try:
        process = subprocess.Popen(command, env=environment)  # noqa: S603 to run what the user says is what `run` is for
    except OSError as problem:
        raise InputError(f"{command[0]}: {(problem.strerror or str(problem)).lower()}") from None

    def pass_on(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 signal's signature
        process.send_signal(number)

    # A terminal sends its Ctrl-C to the command as well, so SIGINT is only outlived.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, pass_on)
    status = process.wait()
    return status if status >= 0 else 128 - status
