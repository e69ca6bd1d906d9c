"""From options to what is served, and what is checked at the end."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.cassettes.matching.rules import Rules
    from mockprovider.serving.app import Mock
    from mockprovider.sources.replay import Replay
    from mockprovider.sources.verify import Verdict


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
        """Whether there is nothing to fail for, or nothing was to be checked; what was found is told."""
        if not self.wanted:
            return True
        verdict = mock.verdict(self.max_age, self.allowed)
        _report(verdict)
        return verdict.ok


def mock_to_serve(options: Mapping[str, Any]) -> "Mock":
    """What the options of `serve` ask for."""
    profile, cassettes, upstreams, mode = (options[name] for name in ("profile", "cassette", "upstream", "mode"))
    if profile is None and not cassettes:
        raise InputError("nothing to serve: give --profile NAME (openai, deepseek-like) or --cassette DIR")
    if not upstreams and mode in ("once", "new_episodes", "all"):
        raise InputError(f"--mode {mode} records, so it needs --upstream URL")
    if upstreams and not cassettes:
        raise InputError("--upstream records, so it needs --cassette DIR to keep it in")
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false", "no")
    chosen = mode or ("once" if upstreams and not in_ci else "none")
    mock = mock_of(cassettes, chosen, options["pace"], upstreams, options)
    if profile is not None:
        from mockprovider.profiles.loading import load
        from mockprovider.sources.synthesize import Synthesize

        keys = frozenset(options["api_key"])
        mock.synthesize = Synthesize(load(profile), any_model=options["any_model"], seed=options["seed"], api_keys=keys)
    return mock


def mock_of(
    folders: Sequence[Path], mode: str, pace: float, upstreams: Sequence[str], options: Mapping[str, Any]
) -> "Mock":
    """What is to be served: recordings to replay, and where there is an upstream a recorder into the first of them."""
    from mockprovider.serving.app import Mock, Mode

    replay = _replay_of(folders, options, create=bool(upstreams)) if folders else None
    mock = Mock(replay, mode=Mode(mode), speed=pace, say=warn)
    if upstreams and replay is not None:
        from mockprovider.sources import upstream
        from mockprovider.sources.record import Record, Settings

        ways = upstream.upstreams(upstreams, options["api_key_env"])
        settings = Settings(options["idle_timeout"], options["max_body"] * 2**20, options["record_failures"])
        afresh = mock.mode is Mode.ALL
        mock.record = Record(replay.cassettes[0], ways, settings, mock.clock, afresh=afresh, say=warn, tell=_tell)
    return mock


def _replay_of(folders: Sequence[Path], options: Mapping[str, Any], *, create: bool) -> "Replay":
    """The recordings in these folders; the first is made if need be where there is something to record."""
    from mockprovider.cassettes.store import Cassette
    from mockprovider.sources.replay import Replay

    for folder in folders:
        if [each.resolve() for each in folders].count(folder.resolve()) > 1:
            raise InputError(f"{folder}: given twice; its recordings would be counted twice")
    rules = _rules(options)
    cassettes = [Cassette.open(folder, create=create and folder == folders[0], rules=rules) for folder in folders]
    for warning in (warning for cassette in cassettes for warning in cassette.warnings):
        warn(warning)
    replaying = {name: options[name] for name in ("repeat", "miss_status") if name in options}
    return Replay(cassettes, say=warn, **replaying)


def _rules(options: Mapping[str, Any]) -> "Rules":
    from mockprovider.cassettes.matching.rules import PARTS, Rules

    loose = options["match"] == "loose"
    return Rules(tuple(options["match_on"]) or PARTS, options["ignore"], options["normalize"], loose)


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
