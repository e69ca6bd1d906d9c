"""From options to what is served, and what is checked at the end."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.serving.app import Mock
    from mockprovider.serving.build import Options
    from mockprovider.sources.verify import Verdict

_CHECKED = ("verify", "max_age", "allow")
"""Options that say what is checked at the end, not what is served."""


@dataclass(frozen=True, slots=True)
class Check:
    """What is checked when the server has ended."""

    wanted: bool = False
    max_age: str | None = None
    allowed: tuple[str, ...] = ()

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Check":
        """What the options say; a bad age is refused before the server starts."""
        if not options["verify"] and (options["max_age"] is not None or options["allow"]):
            raise InputError("--max-age and --allow say what --verify checks; add --verify")
        if options["max_age"] is not None:
            from mockprovider.sources.verify import age_of

            age_of(options["max_age"])
        return cls(options["verify"], options["max_age"], tuple(options["allow"]))

    def passed(self, mock: "Mock") -> bool:
        """Whether nothing was lost and, where that is checked, nothing found that fails; what there is is told."""
        lost = mock.record.lost if mock.record is not None else 0
        if lost:
            warn(f"{lost} {'exchange' if lost == 1 else 'exchanges'} could not be written and are lost")
        if not self.wanted:
            return not lost
        verdict = mock.verdict(self.max_age, self.allowed)
        _report(verdict)
        return verdict.ok and not lost


def options_of(given: Mapping[str, Any]) -> "Options":
    """What is to be served, from the options of a command."""
    from mockprovider.serving.build import Options

    names = {
        "profile": "profiles",
        "variant": "variants",
        "set": "changes",
        "cassette": "cassettes",
        "upstream": "upstreams",
        "api_key": "api_keys",
    }
    return Options(**{names.get(name, name): value for name, value in given.items() if name not in _CHECKED})


def mock_to_serve(options: "Options") -> "Mock":
    """What is served, its warnings and what it keeps told in the terminal."""
    from mockprovider.serving.build import mock_of

    return mock_of(options, say=warn, tell=_tell)


def _report(verdict: "Verdict") -> None:
    """The verdict, a line each."""
    for kind, found in verdict.plain().items():
        if kind in ("ok", "allowed") or not found:
            continue
        colour = "yellow" if kind in verdict.allowed else "red"
        click.echo(f"{click.style(kind, fg=colour)}: {len(found)}", err=True)
        for line in found:
            click.echo(f"  {line}", err=True)
    if verdict.ok:
        click.echo("verified: nothing was found that fails", err=True)


def warn(text: str) -> None:
    """Say something on stderr that a person should know."""
    with contextlib.suppress(OSError):  # whoever read it has gone; that is no reason to stop
        click.echo(f"{click.style('warning:', fg='yellow')} {text}", err=True)


def _tell(text: str) -> None:
    with contextlib.suppress(OSError):
        click.echo(text)
