"""A group of commands that loads only the one that is asked for: each start of a server would wait for the rest."""

import importlib
from collections.abc import Mapping
from typing import Any

import click

from mockprovider.errors import InputError, did_you_mean


class Group(click.Group):
    """Says what the user could have meant, and turns what the user gave wrong into one line and exit status 2.

    `lazy` has the commands that live in other modules: by name, `module:command` within this package.
    """

    def __init__(self, *arguments: Any, lazy: Mapping[str, str] | None = None, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._lazy[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"mockprovider.cli.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as problem:
            hint = did_you_mean(args[0], self.list_commands(ctx))
            raise click.UsageError(f"no command is called {args[0]!r}{hint}", ctx) from problem

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InputError as problem:
            click.echo(f"{click.style('error:', fg='red', bold=True)} {problem}", err=True)
            ctx.exit(2)
