"""`cassette import` and `cassette export`: other tools' recordings in, and out."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockprovider.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from mockprovider.cassettes.importers.intake import Tally

_PATH = click.Path(path_type=Path)


@click.command(name="import", epilog="""\b
Examples:
  mockprovider cassette import tests/cassettes/ --cassette tapes/
  mockprovider cassette import recording.har stream.sse --cassette tapes/ --by-host
  mockprovider cassette import old/ --cassette tapes/ --dry-run --json | jq .reasons
  curl -si https://api.deepseek.com/models > models.txt && mockprovider cassette import models.txt --cassette tapes/
""")  # fmt: skip
@click.argument("sources", type=_PATH, nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--cassette", "folder", type=_PATH, required=True, metavar="DIR", help="The cassette to add to, made if need be."
)
@click.option("--format", "name", metavar="NAME", help="Take every file for one of this format. Default: look at it.")
@click.option("--by-host", is_flag=True, help="Keep upstreams apart: put /HOST before each path.")
@click.option("--by-file", is_flag=True, help="Make a cassette of each file, in a folder of its name below DIR.")
@click.option("--dry-run", is_flag=True, help="Write nothing, only say what would be imported.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(
    sources: tuple[Path, ...],
    folder: Path,
    name: str | None,
    by_host: bool,
    by_file: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import other tools' recordings into a cassette.

    A source is a file or a folder, which is walked; what a file is, is told by what is in it. What is imported says how
    faithful it is: `bytes`, `frames` or `text`. Secrets are redacted, and what the cassette has is not added again.
    """
    from mockprovider.cassettes.importers.formats import named
    from mockprovider.cassettes.importers.intake import Tally, files_of, take
    from mockprovider.cassettes.store import Cassette

    if name is not None:
        named(name)
    files = files_of(sources, folder)
    tally, told = Tally(), _progress(len(files))
    for target, part in _shelves(files, folder) if by_file else [(folder, files)]:
        cassette = Cassette.open(target, create=not dry_run) if not dry_run or target.is_dir() else None
        take(part, cassette, name=name, by_host=by_host, dry=dry_run, tally=tally, progress=told)
        if by_file:
            with contextlib.suppress(OSError):  # it is not empty, or not there
                os.removedirs(target)
    if as_json:
        click.echo(json.dumps(_plain(tally, dry=dry_run), indent=2))
    else:
        for line in _summary(tally, dry=dry_run):
            click.echo(line)
    click.get_current_context().exit(0 if tally.imported or tally.known else 1)


def _shelves(files: list[Path], folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    """A folder for each file, named after it, and by the folders it stands in where these differ."""
    top = os.path.commonpath([file.resolve().parent for file in files]) if files else ""
    for file in files:
        yield folder / file.resolve().relative_to(top).with_suffix(""), [file]


def _progress(total: int) -> "Callable[[Tally, Path], None]":
    """A line on a terminal that says how far it is; nothing where nobody watches."""
    if not sys.stderr.isatty():
        return lambda _tally, _file: None

    def show(tally: "Tally", file: Path) -> None:
        text = f"{tally.files + 1}/{total}  {tally.imported} imported  {file.name}"[:78]
        end = "\n" if tally.files + 1 == total else ""
        click.echo(f"\r{text:<78}{end}", err=True, nl=False)

    return show


def _plain(tally: "Tally", *, dry: bool) -> dict[str, Any]:
    return {
        "dry_run": dry,
        "files": tally.files,
        "imported": tally.imported,
        "known": tally.known,
        "refused": len(tally.refusals),
        "doubles": tally.doubles,
        "formats": [line._asdict() for line in tally.lines],
        "reasons": [{"format": form, "reason": reason, "count": count} for form, reason, count in tally.reasons],
        "refusals": [asdict(refusal) for refusal in tally.refusals],
    }


def _summary(tally: "Tally", *, dry: bool) -> Iterator[str]:
    by_file: dict[str, list[str]] = {}
    for refusal in tally.refusals:
        by_file.setdefault(refusal.file, []).append(
            f"{refusal.where}: {refusal.reason}" if refusal.where else refusal.reason
        )
    for file, reasons in by_file.items():
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        yield f"{file}: {reasons[0]}{more}"
    if by_file:
        yield ""
    rows: list[tuple[str, ...]] = [("FORMAT", "FIDELITY", "IMPORTED", "KNOWN", "REFUSED")]
    rows += [(line.format or "-", line.fidelity or "-", *map(str, line[2:])) for line in tally.lines]
    yield from _table(rows)
    if tally.reasons:
        yield ""
        yield from _table(
            [("COUNT", "FORMAT", "REASON"), *((str(n), form or "-", why) for form, why, n in tally.reasons)]
        )
    would = "would be imported" if dry else "imported"
    yield ""
    yield (
        f"{tally.files} files: {tally.imported} exchanges {would}, {tally.known} known already, "
        f"{len(tally.refusals)} refused"
    )
    if tally.doubles:
        yield (
            f"{tally.doubles} requests have different answers in different files; a replay gives them in turn. "
            "--by-file makes a cassette of each file"
        )


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


@click.command(epilog="""\b
Examples:
  mockprovider cassette export tapes/ --format har --out tapes.har
  mockprovider cassette export tapes/ --format vcrpy > cassette.yaml
""")  # fmt: skip
@click.argument("folder", type=_PATH, metavar="CASSETTE")
@click.option("--format", "name", required=True, metavar="har|vcrpy", help="What to write.")
@click.option("--out", type=_PATH, metavar="FILE", help="Where to. Default: standard output.")
def export(folder: Path, name: str, out: Path | None) -> None:
    """Export a cassette to another tool's format.

    Chunks and times are lost where the format has no place for them; the notes of `cassette show` are too.
    """
    from mockprovider.cassettes.exporters.formats import EXPORTERS
    from mockprovider.cassettes.store import Cassette

    exporter = EXPORTERS.get(name)
    if exporter is None:
        raise InputError(f"--format {name}: no such format{did_you_mean(name, EXPORTERS)}")
    opened = Cassette.open(folder)
    text = exporter.dump(opened.exchange(entry) for entry in opened.entries)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise InputError(f"--out {out}: {(problem.strerror or 'not writable').lower()}") from None
    click.echo(f"{len(opened.entries)} exchanges in {out}", err=True)
