"""`serve`, `record` and `replay`: three doors to one server."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockprovider.cli.announce import announce
from mockprovider.cli.build import Check, mock_to_serve, options_of
from mockprovider.cli.options import (
    ENVIRONMENT,
    MODES,
    Pace,
    listening,
    matching,
    recording,
    replaying,
    serving,
    verifying,
)

if TYPE_CHECKING:
    from mockprovider.serving.build import Options


@click.command(
    context_settings=ENVIRONMENT,
    epilog="""\b
Examples:
  mockprovider serve --profile deepseek-like
  mockprovider serve --profile openai --port 0 --pace profile
  mockprovider serve --profile openai --rules examples/rules.yaml
  mockprovider serve --cassette tapes/ --mode new_episodes --upstream https://api.deepseek.com
""",
)
@serving
@listening
def serve(host: str, port: int, **options: Any) -> None:
    """Behave as a provider does, or answer from recordings, or both."""
    check = Check.of(options)
    _serve(options_of(options), host, port, check)


@click.command(
    context_settings=ENVIRONMENT,
    epilog="""\b
Examples:
  mockprovider record --upstream https://api.deepseek.com --cassette tapes/
  DEEPSEEK_API_KEY=sk-... mockprovider record --upstream https://api.deepseek.com --cassette tapes/ \\
      --api-key-env DEEPSEEK_API_KEY
  mockprovider record --upstream openai=https://api.openai.com --upstream groq=https://api.groq.com/openai \\
      --cassette tapes/
""",
)
@click.option(
    "--upstream",
    required=True,
    multiple=True,
    metavar="[NAME=]URL",
    help="The provider; a path in it stands before the request's. With a NAME it stands at /NAME; several may.",
)
@click.option(
    "--cassette",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to record into; made if need be.",
)
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="all",
    show_default=True,
    help="all: everything, in place of what was recorded for the same request before. new_episodes: what is not "
    "recorded yet. once: if the cassette is empty. none: replay only.",
)
@click.option(
    "--pace", type=Pace(), default="recorded", show_default=True, help="For what is replayed in the other modes."
)
@matching
@recording
@listening
def record(cassette: Path, host: str, port: int, **options: Any) -> None:
    """Keep real exchanges: pass requests on to a provider, and what it answers to the client and to disk."""
    _serve(options_of({**options, "cassette": (cassette,)}), host, port, Check())


@click.command(
    context_settings=ENVIRONMENT,
    epilog="""\b
Examples:
  mockprovider replay tapes/
  mockprovider replay tapes/ --pace instant --port 0
""",
)
@click.argument("cassettes", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CASSETTE...")
@click.option("--pace", type=Pace(), default="recorded", show_default=True, help="When the parts of an answer leave.")
@replaying
@matching
@verifying
@listening
def replay(cassettes: tuple[Path, ...], host: str, port: int, **options: Any) -> None:
    """Give recordings back, byte by byte, chunk by chunk, moment by moment."""
    check = Check.of(options)
    _serve(options_of({**options, "cassette": cassettes, "mode": "none"}), host, port, check)


def _serve(options: "Options", host: str, port: int, check: Check) -> None:
    from mockprovider.serving.server import Server, listen, url_of

    mock = mock_to_serve(options)
    listener = listen(host, port)
    Server(mock.app(), listener, lambda: announce(mock, url_of(listener)), alone=True).serve_until_stopped()
    click.get_current_context().exit(0 if check.passed(mock) else 1)
