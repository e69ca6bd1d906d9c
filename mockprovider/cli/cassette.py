"""`cassette`: what was recorded, as a person wants to see it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockprovider.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from mockprovider.cassettes.reading import Said
    from mockprovider.cassettes.store import Cassette, Entry
    from mockprovider.tape import Exchange

_FOLDER = click.Path(path_type=Path)


@click.group()
def cassette() -> None:
    """Look at recordings."""


@cassette.command(name="list", epilog="""\b
Examples:
  mockprovider cassette list tapes/
  mockprovider cassette list tapes/ --json | jq -r '.[] | select(.status >= 400) | .file'
""")  # fmt: skip
@click.argument("folder", type=_FOLDER, metavar="CASSETTE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(folder: Path, as_json: bool) -> None:
    """One line an exchange: what was asked, what came, how it ended."""
    opened = _open(folder)
    rows = [_row(opened, entry) for entry in opened.entries]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    table: list[tuple[str, ...]] = [("FILE", "ASKED", "MODEL", "STATUS", "ENDING", "CHUNKS", "BYTES", "SECONDS")]
    table += [tuple("-" if value is None else str(value) for value in row.values()) for row in rows]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


@cassette.command(epilog="""\b
Examples:
  mockprovider cassette show tapes/ 3
  mockprovider cassette show tapes/ 0003-chat-completions-gpt-4o.yaml --json
""")  # fmt: skip
@click.argument("folder", type=_FOLDER, metavar="CASSETTE")
@click.argument("which", metavar="NUMBER|FILE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(folder: Path, which: str, as_json: bool) -> None:
    """One exchange: the text put together, reasoning, tool calls, usage, and when the chunks came."""
    from mockprovider.cassettes.reading import said

    opened = _open(folder)
    entry = _entry(opened, which)
    exchange = opened.exchange(entry)
    found = said(exchange)
    if as_json:
        click.echo(json.dumps({**_row(opened, entry), **asdict(found), "notes": exchange.notes}, indent=2))
    else:
        for line in _shown(_row(opened, entry), exchange, found):
            click.echo(line)


def _open(folder: Path) -> "Cassette":
    from mockprovider.cassettes.store import Cassette

    opened = Cassette.open(folder)
    for warning in opened.warnings:
        click.echo(f"{click.style('warning:', fg='yellow')} {warning}", err=True)
    return opened


def _entry(opened: "Cassette", which: str) -> "Entry":
    """The entry with this number or file name."""
    for entry in opened.entries:
        name = entry.path.name
        if which in (name, entry.path.stem) or (which.isdecimal() and int(name.partition("-")[0]) == int(which)):
            return entry
    hint = did_you_mean(which, [entry.path.name for entry in opened.entries][:20])
    raise InputError(f"{opened.folder}: no exchange {which!r} here{hint}")


def _row(opened: "Cassette", entry: "Entry") -> dict[str, Any]:
    """What stands in the list for an exchange. Seconds until it had ended."""
    from mockprovider.cassettes.reading import said
    from mockprovider.tape import ending_name

    exchange = opened.exchange(entry)
    tape = exchange.tape
    return {
        "file": entry.path.name,
        "asked": f"{exchange.request.method} {exchange.request.target}",
        "model": said(exchange).model,
        "status": tape.head.status if tape.head else None,
        "ending": ending_name(tape.ending),
        "chunks": len(tape.chunks),
        "bytes": tape.size,
        "seconds": round(tape.ending.at, 3),
    }


def _shown(row: dict[str, Any], exchange: "Exchange", found: "Said") -> Iterator[str]:
    yield _bold(f"{row['file']}  {row['asked']}")
    yield f"status {row['status'] or 'none: no head came'}, ended {row['ending']}, model {found.model or '-'}"
    if found.streamed:
        done = "[DONE]" if found.done else "no [DONE]"
        yield f"streamed: {found.events} events in {row['chunks']} chunks, {row['bytes']:,} bytes, {done}"
    for note in exchange.notes:
        yield f"note: {note}"
    for index, choice in sorted(found.choices.items()):
        if len(found.choices) > 1:
            yield _bold(f"choice {index}")
        for name, text in (("reasoning", choice.reasoning), ("text", choice.text), ("refusal", choice.refusal)):
            if text:
                yield _bold(name)
                yield "\n".join(f"  {line}" for line in text.splitlines() or [""])
        for call in choice.calls:
            yield f"{_bold('tool call')} {call.name}({call.arguments})  {call.id}"
        yield f"{_bold('finish')} {choice.finish or 'none'}"
    if found.error is not None:
        yield f"{_bold('error')} {json.dumps(found.error, ensure_ascii=False)}"
    if found.usage is not None:
        yield f"{_bold('usage')} {json.dumps(found.usage)}"
    yield from _timeline(exchange, found)


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _timeline(exchange: "Exchange", found: "Said") -> Iterator[str]:
    """When it came: the head, the first token, and the chunks in ten equal parts of the time."""
    tape = exchange.tape
    if tape.head is None:
        return
    first = f", first token {found.first_token:.3f} s" if found.first_token is not None else ""
    yield f"{_bold('times')} head {tape.head.at:.3f} s{first}, end {tape.ending.at:.3f} s"
    if len(tape.chunks) < 3 or not tape.ending.at:
        return
    parts = [0] * 10
    for chunk in tape.chunks:
        parts[min(9, int(chunk.at / tape.ending.at * 10))] += 1
    most = max(parts)
    bars = "".join(" ▁▂▃▄▅▆▇█"[round(part / most * 8)] for part in parts)
    yield f"  chunks over time |{bars}|"
