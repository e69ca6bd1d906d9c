"""`run`: a command with a mock provider beside it, for as long as it runs."""

import os
import signal
import subprocess
from types import FrameType
from typing import Any

import click

from mockprovider.cli.build import Check, mock_to_serve, options_of
from mockprovider.cli.options import ENVIRONMENT, serving
from mockprovider.errors import InputError


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
    from mockprovider.testing.provider import client_environment
    from mockprovider.testing.thread import ServerThread

    check, wanted = Check.of(options), options_of(options)
    mock = mock_to_serve(wanted)
    with ServerThread(mock.app, alone=True) as server:
        status = _ended(command, {**os.environ, **client_environment(server.url, mock, wanted)})
    passed = check.passed(mock)
    click.get_current_context().exit(status or (0 if passed else 1))


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
