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


@click.group(
    cls=Group,
    lazy=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  mockprovider serve --profile deepseek-like
  mockprovider record --upstream https://api.deepseek.com --cassette tapes/
  mockprovider replay tapes/
  mockprovider run --cassette tapes/ --verify -- pytest
""",
)
@click.version_option(__version__, prog_name="mockprovider")
def main() -> None:
    """A record-and-replay mock provider for the clients of OpenAI-compatible LLM APIs.

    Every long option can come from the environment: --port from MOCKPROVIDER_PORT, and so on.
    """


if __name__ == "__main__":
    sys.exit(main())
