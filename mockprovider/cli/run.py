"""`run`: a command with a mock provider beside it, for as long as it runs."""

import contextlib
import functools
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from mockprovider.cli.build import Check, options_of, warn
from mockprovider.cli.options import ENVIRONMENT, serving
from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.cli.summary import Summary

_PASSED_ON = [
    signal.Signals[name]
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
    if name in signal.Signals.__members__
]
_FROM_KEYS = ("SIGINT", "SIGQUIT")
"""What a terminal sends for a key, and to the command as well."""
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
"""The exit statuses that shells have for a command that can't be run."""


@click.command(
    context_settings={**ENVIRONMENT, "allow_interspersed_args": False},
    epilog="""\b
Examples:
  mockprovider run --profile deepseek-like -- pytest tests/
  mockprovider run --cassette tapes/ --verify --summary report.xml -- npm test
  mockprovider run --profile openai --env LLM_URL={base_url} --env LLM_KEY={api_key} -- ./smoke-test.sh
  mockprovider run --cassette tapes/ --upstream https://api.openai.com --mode new_episodes -- python agent.py
""",
)
@serving
@click.option(
    "--env",
    multiple=True,
    metavar="NAME=TEXT",
    help="Set another variable for the command, or one of ours to something else; {base_url}, {url} and {api_key} "
    "stand for the mock's. May be given several times.",
)
@click.option(
    "--summary",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Write what came of it: JUnit where the name ends in .xml, else JSON.",
)
@click.option("--quiet", is_flag=True, help="Say nothing of what came of it at the end.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="[--] COMMAND...")
def run(command: tuple[str, ...], env: tuple[str, ...], summary: Path | None, quiet: bool, **options: Any) -> None:
    """Run a command against a mock provider. Its exit status is ours, and its input and output stay its own.

    OPENAI_BASE_URL, OPENAI_API_KEY and what other clients read lead there (docs/run.md). Where it records without
    --api-key-env, keys stay as they are: the upstream wants a real one. With --verify the status is 1 where the command
    succeeded and the recordings were not used as they were meant.
    """
    from mockprovider.cli.summary import Ledger, Summary
    from mockprovider.serving.build import mock_of
    from mockprovider.testing.environment import filled, places
    from mockprovider.testing.provider import client_environment, client_key
    from mockprovider.testing.thread import ServerThread

    check, wanted, own = Check.of(options), options_of(options), dict(map(_variable, env))
    _keep_standard_streams_apart()
    mock = mock_of(wanted, say=warn)
    mock.journal = ledger = Ledger()
    if summary is not None:
        _emptied(summary)
    started, begun = datetime.now(UTC), time.monotonic()
    with ServerThread(mock.app, alone=True) as server:
        known = places(server.url, mock, client_key(mock, wanted))
        told = {name: filled(text, known) for name, text in own.items()}
        ended, ran = _ended(command, {**os.environ, **client_environment(server.url, mock, wanted), **told})
    seconds = time.monotonic() - begun
    mock.verdict = functools.cache(mock.verdict)  # type: ignore[method-assign]  # it reads each file; two tell of it
    passed = not ran or check.passed(mock)
    status = ended or (0 if passed else 1)
    verdict = mock.verdict(check.max_age, check.allowed) if check.wanted and ran else None
    lost = mock.record.lost if mock.record is not None else 0
    result = Summary(command[0], started, seconds, ended, status, ledger, verdict, lost)
    if summary is not None and not _written(result, summary):
        status = status or 1
    if ran and not quiet:
        _say(result.lines())
    click.get_current_context().exit(status)


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise InputError(f"--env {text}: write NAME=TEXT, as in LLM_URL={{base_url}}")
    return name, value


def _emptied(summary: Path) -> None:
    """Make room for the summary, so that none of an earlier run is taken for this one's."""
    try:
        summary.parent.mkdir(parents=True, exist_ok=True)
        summary.write_text("")
    except OSError as problem:
        raise InputError(f"--summary {summary}: {(problem.strerror or str(problem)).lower()}") from None


def _written(result: "Summary", file: Path) -> bool:
    try:
        result.write(file)
    except OSError as problem:
        warn(f"--summary {file}: {(problem.strerror or str(problem)).lower()}")
        return False
    return True


def _say(lines: Iterable[str]) -> None:
    with contextlib.suppress(OSError):  # whoever read it has gone; the status tells
        for line in lines:
            click.echo(f"{click.style('mockprovider:', bold=True)} {line}", err=True)


def _ended(command: tuple[str, ...], environment: Mapping[str, str]) -> tuple[int, bool]:
    """The exit status of the command, 128 + N if signal N ended it, and whether it could be run at all."""
    with _passing_on() as passing:
        try:
            process = subprocess.Popen(command, env=environment)  # noqa: S603 that is what the user asks for
        except OSError as problem:
            why = (problem.strerror or str(problem)).lower()
            click.echo(f"{click.style('error:', fg='red', bold=True)} {command[0]}: {why}", err=True)
            return (_NOT_FOUND if isinstance(problem, FileNotFoundError) else _NOT_EXECUTABLE), False
        passing.to(process)
        status = _waited(process)
    return (status if status >= 0 else 128 - status), True


def _waited(process: "subprocess.Popen[bytes]") -> int:
    """What `wait` returns. A signal wakes us whenever it comes; one that came just before `wait` would not."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        waiting = threading.Thread(target=lambda: (process.wait(), theirs.send(b"\0")), name="mockprovider run")
        waiting.start()
        try:
            while process.returncode is None:
                ours.recv(1)
        finally:
            waiting.join()
            signal.set_wakeup_fd(before)
    return process.returncode


class Passing:
    """Passes signals on to a command, and those that come before there is one as soon as there is."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def __call__(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 signal's signature
        if signal.Signals(number).name in _FROM_KEYS and _at_a_terminal():
            return
        if self._process is None:
            self._early.append(number)
        else:
            self._process.send_signal(number)

    def to(self, process: "subprocess.Popen[bytes]") -> None:
        """Pass them on to this one."""
        self._process = process
        for number in self._early:
            process.send_signal(number)


@contextlib.contextmanager
def _passing_on() -> Iterator[Passing]:
    """Signals are passed on in here, but for those that we were told to ignore, as `nohup` does."""
    passing = Passing()
    before = {each: signal.getsignal(each) for each in _PASSED_ON}
    heard = {each: handler for each, handler in before.items() if handler is not signal.SIG_IGN}
    for each in heard:
        signal.signal(each, passing)
    try:
        yield passing
    finally:
        for each, handler in heard.items():
            signal.signal(each, handler)


def _at_a_terminal() -> bool:
    """Whether we are what a terminal sends its keys to; the command then is, too."""
    if not hasattr(os, "tcgetpgrp"):
        return True
    try:
        terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def _keep_standard_streams_apart() -> None:
    """Where one of the three is closed, keep its number from the next file or socket. The command finds it closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
