"""`cassette prune` and `cassette refresh-requests`: what keeps recordings worth having."""

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockprovider.cli.cassette import FOLDER, open_cassette
from mockprovider.errors import CassetteError, InputError

if TYPE_CHECKING:
    from mockprovider.cassettes.store import Cassette, Entry

_LEFT = re.compile(r"\d{4,}(?:\.part|(?:-.*)?\.tmp)\Z")
"""What a recorder that was killed leaves behind."""
_GRACE = timedelta(minutes=10)
"""How long a file must have lain untouched, since the recorder that it belongs to may still be at work."""


@dataclass(frozen=True, slots=True)
class Doomed:
    """A file, why it goes, and the recording in it; None where it holds none."""

    path: Path
    why: str
    entry: "Entry | None" = None


@click.command(epilog="""
A duplicate answers the same request as the recording before it, says the same, and ends alike; the first stays.
What a killed recorder left is deleted once nothing has touched it for ten minutes.

\b
Examples:
  mockprovider cassette prune tapes/ --suspects --unfinished
  mockprovider cassette prune tapes/ --older-than 30d --dry-run
  mockprovider cassette prune tapes/ --duplicates --json | jq -r '.deleted[].file'
""")  # fmt: skip
@click.argument("folder", type=FOLDER, metavar="CASSETTE")
@click.option("--older-than", metavar="AGE", help="What was recorded longer ago than this (30d, 12h, 2w).")
@click.option("--suspects", is_flag=True, help="What looks bad: 429, 5xx, cut by the client.")
@click.option("--unfinished", is_flag=True, help="What recorders that were killed left behind.")
@click.option("--duplicates", is_flag=True, help="What says the same as the recording of the same request before it.")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def prune(
    folder: Path,
    older_than: str | None,
    suspects: bool,
    unfinished: bool,
    duplicates: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Delete recordings, by reason, and say which and why."""
    from mockprovider.cassettes.store import Cassette
    from mockprovider.sources.verify import age_of

    age = age_of(older_than) if older_than else None
    opened = Cassette.open(folder)
    wanted = {"--suspects": suspects, "--unfinished": unfinished, "--duplicates": duplicates}
    if age is None and not any(wanted.values()):
        raise InputError(_choices(opened))
    found = [each for name, chosen in wanted.items() if chosen for each in _FINDERS[name](opened)]
    found += list(_older(opened, age)) if age is not None else []
    whys: dict[Path, list[str]] = {}
    for each in found:
        whys.setdefault(each.path, []).append(each.why)
    if not dry_run:
        _delete(opened, {each.path: each for each in found}.values())
    if as_json:
        rows = [{"file": path.name, "why": why} for path, why in sorted(whys.items())]
        click.echo(json.dumps({"dry_run": dry_run, "deleted": rows}, indent=2))
        return
    done = "would delete" if dry_run else "deleted"
    for path, why in sorted(whys.items()):
        click.echo(f"{done} {path.name}: {'; '.join(why)}")
    click.echo(f"{done} {len(whys)} {'file' if len(whys) == 1 else 'files'}")


def _choices(opened: "Cassette") -> str:
    """What there is to be pruned, for who has not said what."""
    counts = [f"{name} ({len(list(find(opened)))})" for name, find in _FINDERS.items()]
    ages = [age for _, age in _ages(opened)]
    oldest = f"the oldest is {max(ages).days} days old" if ages else "none says how old it is"
    return f"{opened.folder}: what shall go? {', '.join(counts)}, or --older-than AGE ({oldest})"


def _suspects(opened: "Cassette") -> Iterator[Doomed]:
    from mockprovider.sources.verify import bad

    for entry in opened.entries:
        if why := bad(opened.beginning(entry)):
            yield Doomed(entry.path, why, entry)


def _unfinished(opened: "Cassette") -> Iterator[Doomed]:
    latest = time.time() - _GRACE.total_seconds()
    for path in sorted(opened.folder.iterdir()):
        with contextlib.suppress(FileNotFoundError):  # its recorder has just finished
            if _LEFT.fullmatch(path.name) and path.stat().st_mtime < latest:
                yield Doomed(path, "its recorder never finished it")


def _duplicates(opened: "Cassette") -> Iterator[Doomed]:
    from mockprovider.cassettes.lens.comparing import meaning

    for entries in opened.by_key.values():
        kept = entries[0]
        for entry in entries[1:]:
            one, other = opened.exchange(kept), opened.exchange(entry)
            alike = (one.fidelity, type(one.tape.ending)) == (other.fidelity, type(other.tape.ending))
            if not alike or meaning(one, other):
                kept = entry
            else:
                yield Doomed(entry.path, f"says the same as {kept.path.name}", entry)


def _older(opened: "Cassette", than: timedelta) -> Iterator[Doomed]:
    for entry, age in _ages(opened):
        if age > than:
            yield Doomed(entry.path, f"recorded {age.days} days ago", entry)


def _ages(opened: "Cassette") -> Iterator[tuple["Entry", timedelta]]:
    """How long ago each exchange was recorded, where it says so."""
    from mockprovider.sources.verify import age_at

    now = datetime.now(UTC)
    for entry in opened.entries:
        if (age := age_at(now, opened.beginning(entry))) is not None:
            yield entry, age


_FINDERS: dict[str, Callable[["Cassette"], Iterator[Doomed]]] = {
    "--suspects": _suspects,
    "--unfinished": _unfinished,
    "--duplicates": _duplicates,
}
"""What finds what goes for a reason, by the option that gives it."""


def _delete(opened: "Cassette", doomed: Iterable[Doomed]) -> None:
    for each in doomed:
        try:
            if each.entry is None:
                each.path.unlink(missing_ok=True)
            else:
                opened.drop([each.entry])
        except OSError as problem:
            raise CassetteError(f"{each.path}: can't be deleted: {problem.strerror}") from None


@click.command(name="refresh-requests", epilog="""
`replay --match loose` lets the system prompt and the tool schemas drift, and notes what was really sent.

\b
Examples:
  mockprovider replay tapes/ --match loose
  mockprovider cassette refresh-requests tapes/
  mockprovider cassette refresh-requests tapes/ --json | jq -r '.[].file'
""")  # fmt: skip
@click.argument("folder", type=FOLDER, metavar="CASSETTE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def refresh_requests(folder: Path, as_json: bool) -> None:
    """Give recordings the requests that loose replays were really sent; answers stay as they are."""
    from mockprovider.cassettes.matching.difference import differences, fields
    from mockprovider.cassettes.store import drift_of

    opened = open_cassette(folder)
    drifted = [entry for entry in opened.entries if drift_of(entry).exists()]
    before = {entry.path: fields(opened.beginning(entry).request) for entry in drifted}
    rows = []
    for entry in opened.refresh_requests():
        changed = differences(before[entry.path], fields(opened.beginning(entry).request))
        rows.append({"file": entry.path.name, "fields": [each.field for each in changed]})
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['file']}: the request is now what was sent; it differed in {', '.join(row['fields'])}")
    if not rows:
        click.echo(
            f"nothing to refresh: no replay has noted any drift; `mockprovider replay {folder} --match loose` does"
        )
