"""The command line: one module a command group, and nothing that the package could not do without it."""

import sys

import click

from mockprovider import __version__
from mockprovider.cli.group import Group

_COMMANDS = {
    "serve": "serve:serve",
    "record": "serve:record",
    "replay": "serve:replay",
    "run": "run:run",
    "cassette": "cassette:cassette",
    "profiles": "profiles:profiles",
}


@click.group(cls=Group, lazy=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mockprovider")
def main() -> None:
    """A record-and-replay mock provider for the clients of OpenAI-compatible LLM APIs.

    \b
    Behave as a provider does:   mockprovider serve --profile deepseek-like
    Keep real exchanges:         mockprovider record --upstream https://api.deepseek.com --cassette tapes/
    Give them back:              mockprovider replay tapes/
    Test against them:           mockprovider run --cassette tapes/ --verify -- pytest

    Every long option can come from the environment: --port from MOCKPROVIDER_PORT, and so on.
    """  # noqa: D301 click takes a real backspace for "as it stands"


if __name__ == "__main__":
    sys.exit(main())
