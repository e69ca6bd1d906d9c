"""The command line: one module a command group, and nothing that the package could not do without it."""

import sys

import click

from mockprovider import __version__
from mockprovider.errors import InputError, did_you_mean


class _Group(click.Group):
    """Says what the user could have meant, and turns what the user gave wrong into one line and exit status 2."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(context, args)
        except click.UsageError as problem:
            hint = did_you_mean(args[0], self.list_commands(context))
            raise click.UsageError(f"no command is called {args[0]!r}{hint}", context) from problem

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except InputError as problem:
            click.echo(f"{click.style('error:', fg='red', bold=True)} {problem}", err=True)
            context.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
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


def _load() -> None:
    from mockprovider.cli.cassette import cassette
    from mockprovider.cli.compare import diff, stats
    from mockprovider.cli.convert import export, import_
    from mockprovider.cli.lint import lint
    from mockprovider.cli.run import run
    from mockprovider.cli.serve import record, replay, serve
    from mockprovider.cli.upkeep import prune, refresh_requests

    for command in (serve, record, replay, run, cassette):
        main.add_command(command)
    for command in (stats, diff, prune, refresh_requests, import_, export, lint):
        cassette.add_command(command)


_load()

if __name__ == "__main__":
    sys.exit(main())
