"""`profiles check`: how true profiles are to recordings, for a person, a table and CI."""

import json
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockprovider.cli.cassette import FOLDER, echo_table
from mockprovider.cli.options import PROFILE
from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.profiles.schema import Profile
    from mockprovider.truth.recordings import Recorded
    from mockprovider.truth.report import Report

_SUFFIX = "-like"
"""What the name of a profile has after its provider's word."""


@click.command(epilog="""
Each recorded request is sent to the profile, without a socket. PRECISION is the share of what the profile sends that
was seen in comparable recordings, RECALL the share of what 80 % of them have that is sent: keys and their types, for
streams by the kind of event, content type, and how the bytes are set. What the model chose (text, tool calls,
reasoning) is compared with recordings in which it chose the same. docs/truth.md says it at length.

Of a file of many providers those rows are taken whose provider or host is the profile's name without "-like", or the
word of --provider. A cassette, which names no provider, is taken whole where one profile is named.

\b
Exit status: 0 fine, 1 a figure with at least 3 recordings behind it is below the floor (precision, recall, the share
of answered requests that is answered, the shape of refusals), 2 usage.

\b
Examples:
  mockprovider profiles check deepseek-like --against tapes/
  mockprovider profiles check qwen-like --against recordings.jsonl.gz --provider dashscope --why 10
  mockprovider profiles check --all --against recordings.jsonl.gz --provider qwen-like=dashscope --table truth.md
""")  # fmt: skip
@click.argument("names", nargs=-1, type=PROFILE, metavar="[NAME|FILE]...")
@click.option("--all", "every", is_flag=True, help="All profiles that come with mockprovider.")
@click.option(
    "--against",
    type=FOLDER,
    multiple=True,
    required=True,
    metavar="FILE",
    help="Recordings: a cassette, one of its files, .jsonl or .jsonl.gz; may be repeated.",
)
@click.option(
    "--provider",
    "words",
    multiple=True,
    metavar="[NAME=]WORD",
    help="The provider or host of the recordings to take (for the profile NAME); may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--why", type=click.IntRange(0), default=3, show_default=True, metavar="N", help="Differences shown a case."
)
@click.option(
    "--floor", type=click.FloatRange(0, 1), default=0.95, show_default=True, help="Below this the exit status is 1."
)
@click.option(
    "--table", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a page of Markdown too."
)
@click.pass_context
def check(
    context: click.Context,
    names: tuple[str, ...],
    every: bool,
    against: tuple[Path, ...],
    words: tuple[str, ...],
    as_json: bool,
    why: int,
    floor: float,
    table: Path | None,
) -> None:
    """How true profiles are: what they answer to recorded requests, held against what was recorded."""
    from mockprovider.truth.recordings import read_all
    from mockprovider.truth.table import page

    profiles = _profiles(names, every=every)
    wanted = _words(words, [profile.name for profile in profiles])
    library = read_all(against)
    if not library.recordings:
        reasons = "; ".join(f"{count} {reason}" for reason, count in sorted(library.left_out.items()))
        raise InputError(f"{' '.join(map(str, against))}: no recordings to compare with{reasons and f': {reasons}'}")
    heaps = [_of(profile, library.recordings, wanted, alone=len(profiles) == 1) for profile in profiles]
    _check_some(profiles, heaps, wanted, library.recordings, every=every)
    reports = [_report(profile, heap) for profile, heap in zip(profiles, heaps, strict=True)]
    below = [f"{report.profile} {figure}" for report in reports for figure in report.below(floor)]
    if table is not None:
        command = _command(names, words, against, table, every=every)
        _write(table, page(reports, command, library.left_out))
    if as_json:
        click.echo(json.dumps([{**report.plain(), "below": report.below(floor)} for report in reports], indent=2))
    else:
        for report in reports:
            if report.recordings:
                _echo(report, why)
        _echo_left_out(library.left_out)
        for line in below:
            click.echo(f"{click.style('below the floor:', fg='red')} {line}")
    context.exit(1 if below else 0)


def _profiles(names: Sequence[str], *, every: bool) -> "list[Profile]":
    from mockprovider.profiles.loading import load, shipped

    if every == bool(names):
        raise InputError(f"name the profiles ({', '.join(shipped())}, or files), or give --all")
    return [load(name) for name in dict.fromkeys(shipped() if every else names)]


def _words(given: Sequence[str], names: Sequence[str]) -> dict[str, list[str]]:
    """By profile the words that its recordings go by; the profile's own name where none is given for it."""
    found: dict[str, list[str]] = {}
    for each in given:
        name, equals, word = each.rpartition("=")
        if equals and name not in names:
            raise InputError(f"--provider {each}: {name!r} is not checked; checked: {', '.join(names)}")
        for profile in [name] if equals else names:
            found.setdefault(profile, []).append(word)
    return found


def _of(
    profile: "Profile", recordings: "Sequence[Recorded]", wanted: dict[str, list[str]], *, alone: bool
) -> "list[Recorded]":
    """The recordings that belong to a profile."""
    words = wanted.get(profile.name) or [profile.name.removesuffix(_SUFFIX)]
    nobody = alone and profile.name not in wanted
    return [each for each in recordings if each.is_of(words) or (nobody and not each.provider)]


def _check_some(
    profiles: "Sequence[Profile]",
    heaps: "Sequence[Sequence[Recorded]]",
    wanted: dict[str, list[str]],
    recordings: "Sequence[Recorded]",
    *,
    every: bool,
) -> None:
    """Raise InputError for a profile without recordings, unless all were asked for and others have some."""
    from mockprovider.truth.recordings import providers

    for profile, heap in zip(profiles, heaps, strict=True):
        if heap or (every and profile.name not in wanted and any(heaps)):
            continue
        words = wanted.get(profile.name) or [profile.name.removesuffix(_SUFFIX)]
        looked = " or ".join(repr(word) for word in words)
        raise InputError(
            f"no recording belongs to {profile.name} (looked for {looked}); there are: {providers(recordings)}."
            f" --provider {profile.name}=WORD says which to take"
        )


def _report(profile: "Profile", recordings: "Sequence[Recorded]") -> "Report":
    from mockprovider.truth.checking import check as checked

    return checked(profile, recordings, _teller(profile.name))


def _teller(name: str) -> Callable[[int, int], None]:
    """What shows progress where a person looks on."""
    if not sys.stderr.isatty():
        return lambda _done, _of: None

    def tell(done: int, of: int) -> None:
        if done % 20 == 0 or done == of:
            click.echo(f"\r{name}: {done} of {of}" + ("\r\x1b[K" if done == of else ""), err=True, nl=False)

    return tell


def _echo(report: "Report", why: int) -> None:
    from mockprovider.truth.report import first
    from mockprovider.truth.table import figure

    click.echo(click.style(f"{report.profile}: {report.recordings:,} recordings", bold=True))
    rows: list[Sequence[object]] = [("CASE", "RECORDED", "REFUSED", "PRECISION", "RECALL", "HEADERS", "")]
    for case in report.cases:
        headers = case.headers
        counts = (case.name, case.recordings, case.refused.total())
        both = (figure(headers.precision, headers.peers), figure(headers.recall, headers.peers)) if headers else "--"
        rows.append((*counts, figure(case.precision, case.compared), figure(case.recall, case.compared), *both))
    echo_table(rows if report.cases else [])
    rows = [("REFUSED FOR THE", "RECORDED", "STATUS", "SHAPE", "TEXT")]
    for each in report.refusals:
        rows.append((each.cause, each.recordings, each.status, each.shape, each.text))
    echo_table(rows if report.refusals else [])
    for case in report.cases:
        _echo_some(case.name, first(case.differences, why))
    for each in report.refusals:
        _echo_some(f"refused for the {each.cause}", first(each.differences, why))
    _echo_left_out(report.left_out)
    click.echo()


def _echo_some(title: str, differences: Sequence[tuple[str, int]]) -> None:
    from mockprovider.cli.shown import clean

    for what, count in differences:
        click.echo(clean(f"  {title}: {count} x {' '.join(what.split())}"))


def _echo_left_out(left_out: Counter[str]) -> None:
    if left_out:
        click.echo("left out: " + "; ".join(f"{count} {why}" for why, count in sorted(left_out.items())))


def _write(table: Path, page: str) -> None:
    try:
        table.write_text(page, encoding="utf-8")
    except OSError as problem:
        raise InputError(f"{table}: can't be written: {problem.strerror}") from None


def _command(names: Sequence[str], words: Sequence[str], against: Sequence[Path], table: Path, *, every: bool) -> str:
    """The command as somebody else would give it: without the folders of this machine."""

    def parts() -> Iterator[str]:
        yield from ("mockprovider", "profiles", "check", *(["--all"] if every else names))
        for path in against:
            yield from ("--against", path.name)
        for word in words:
            yield from ("--provider", word)
        yield from ("--table", table.name if table.is_absolute() else str(table))

    return shlex.join(parts())
