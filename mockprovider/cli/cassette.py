"""`cassette list` and `cassette show`: what was recorded, as a person wants to see it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockprovider.cli.build import warn
from mockprovider.cli.group import Group
from mockprovider.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from mockprovider.cassettes.store import Cassette, Entry

_COMMANDS = {
    "diff": "compare:diff",
    "export": "convert:export",
    "import": "convert:import_",
    "lint": "lint:lint",
    "prune": "upkeep:prune",
    "refresh-requests": "upkeep:refresh_requests",
    "stats": "compare:stats",
}

FOLDER = click.Path(path_type=Path)
_WIDEST = 48
"""How many characters of a cell a table shows."""


@click.group(cls=Group, lazy=_COMMANDS, epilog="""\b
Examples:
  mockprovider cassette list tapes/
  mockprovider cassette show tapes/ 3
  mockprovider cassette diff tapes/ fresh/
""")  # fmt: skip
def cassette() -> None:
    """Look at recordings, and look after them."""


@cassette.command(name="list", epilog="""\b
Examples:
  mockprovider cassette list tapes/
  mockprovider cassette list tapes/ --json | jq -r '.[] | select(.status >= 400) | .file'
""")  # fmt: skip
@click.argument("folder", type=FOLDER, metavar="CASSETTE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(folder: Path, as_json: bool) -> None:
    """One line an exchange: what was asked, what came, how it ended."""
    opened = open_cassette(folder)
    rows = [_row(opened, entry) for entry in opened.entries]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    columns = ("FILE", "ASKED", "WORDS", "MODEL", "STATUS", "ENDING", "CHUNKS", "BYTES", "SECONDS", "FIDELITY")
    echo_table([columns, *(tuple(row.values()) for row in rows)])


@cassette.command(epilog="""\b
Examples:
  mockprovider cassette show tapes/ 3
  mockprovider cassette show tapes/ 3 --chunks
  mockprovider cassette show tapes/ 0003-chat-completions-gpt-4o.yaml --raw | grep -c '^data:'
  mockprovider cassette show tapes/ 3 --json | jq -r '.choices["0"].text'
""")  # fmt: skip
@click.argument("folder", type=FOLDER, metavar="CASSETTE")
@click.argument("which", metavar="NUMBER|FILE")
@click.option(
    "--chunks", is_flag=True, help="A line for each chunk: when it came, after which gap, its size and start."
)
@click.option("--raw", is_flag=True, help="Write the bytes of the body and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(folder: Path, which: str, chunks: bool, raw: bool, as_json: bool) -> None:
    """One exchange: what was asked, the text put together, reasoning, tool calls, usage, and when the chunks came."""
    from mockprovider.cassettes.lens.asking import asked
    from mockprovider.cassettes.lens.reading import said
    from mockprovider.cli import shown

    if raw and (chunks or as_json):
        raise click.UsageError("--raw writes the body and nothing else, so neither --chunks nor --json goes with it")
    opened = open_cassette(folder)
    entry = entry_of(opened, which)
    exchange = opened.exchange(entry)
    if raw:
        click.echo(exchange.tape.body, nl=False)
    elif as_json:
        plain: dict[str, Any] = {**_row(opened, entry), **asdict(said(exchange)), "notes": exchange.notes}
        plain |= {"origin": str(exchange.origin), "source": exchange.source and asdict(exchange.source)}
        plain |= {"request": asdict(asked(exchange.request))}
        plain |= {"timeline": shown.timeline(exchange.tape)} if chunks else {}
        click.echo(json.dumps(plain, indent=2))
    else:
        for line in shown.exchange_lines(entry.path.name, exchange, chunks=chunks):
            click.echo(line)


def open_cassette(folder: Path) -> "Cassette":
    """The cassette in a folder, its warnings said."""
    from mockprovider.cassettes.store import Cassette

    opened = Cassette.open(folder)
    for warning in opened.warnings:
        warn(warning)
    return opened


def entry_of(opened: "Cassette", which: str) -> "Entry":
    """The entry with this number or file name. Raises InputError with the closest name where there is none."""
    for entry in opened.entries:
        name = entry.path.name
        if which in (name, entry.path.stem) or (which.isdecimal() and int(name.partition("-")[0]) == int(which)):
            return entry
    names = [entry.path.name for entry in opened.entries]
    numbered = f"; its numbers are {names[0].partition('-')[0]} to {names[-1].partition('-')[0]}" if names else ""
    hint = numbered if which.isdecimal() else did_you_mean(which, names)
    raise InputError(f"{opened.folder}: no exchange {which!r} here{hint}")


def echo_table(lines: Sequence[Sequence[object]]) -> None:
    """Print lines in columns, figures to the right; None is a dash, and what is too long is cut."""
    if not lines:
        return
    cells = [["-" if value is None else _cell(str(value)) for value in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [all(isinstance(line[at], int | float | None) for line in lines[1:]) for at in range(len(widths))]
    for line in cells:
        padded = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, right, strict=True)
        )
        click.echo("  ".join(padded).rstrip())


def _cell(text: str) -> str:
    from mockprovider.cli.shown import clean

    text = clean(text)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _row(opened: "Cassette", entry: "Entry") -> dict[str, Any]:
    """What stands in the list for an exchange. Seconds until it had ended."""
    from mockprovider.cassettes.lens.asking import last_words
    from mockprovider.cassettes.lens.reading import said
    from mockprovider.tape import ending_name

    exchange = opened.exchange(entry)
    tape = exchange.tape
    return {
        "file": entry.path.name,
        "asked": f"{exchange.request.method} {exchange.request.target}",
        "words": last_words(exchange.request) or None,
        "model": said(exchange).model,
        "status": tape.head.status if tape.head else None,
        "ending": ending_name(tape.ending),
        "chunks": len(tape.chunks),
        "bytes": tape.size,
        "seconds": round(tape.ending.at, 3),
        "fidelity": str(exchange.fidelity),
    }
