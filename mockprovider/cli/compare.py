"""`cassette stats` and `cassette diff`: recordings in figures, and beside one another."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockprovider.cli.cassette import FOLDER, echo_table, entry_of, open_cassette
from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.cassettes.lens.stats import Figures, Summary
    from mockprovider.cassettes.store import Cassette, Entry
    from mockprovider.tape import Exchange

_LONG = 60
"""Characters up to which two values are shown in one line."""
_POINTS = 50
"""How many differences of a group are shown."""
_OFFSETS = 8
"""How many ends of chunks are named."""


@click.command(epilog="""
Tokens are those that `usage` says; "-" stands for what an answer does not say. FIRST is the time to the first token,
TOK/S the tokens a second after it (reasoning that was counted but not shown left out), GAP the longest silence after
the first chunk. Recordings imported from another tool have no times and no chunks of their own.

\b
Examples:
  mockprovider cassette stats tapes/
  mockprovider cassette stats tapes/ --json | jq '.models[] | {model, p90: .first_token.p90}'
""")  # fmt: skip
@click.argument("folder", type=FOLDER, metavar="CASSETTE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stats(folder: Path, as_json: bool) -> None:
    """Tokens, time to first token, tokens a second, and chunks: an exchange, a model, and in total."""
    from mockprovider.cassettes.lens.stats import by_model, figures, summary

    opened = open_cassette(folder)
    names = [entry.path.name for entry in opened.entries]
    found = [figures(opened.exchange(entry)) for entry in opened.entries]
    models, total = by_model(found), summary(found)
    if as_json:
        rows = [{"file": name, **asdict(each)} for name, each in zip(names, found, strict=True)]
        groups = [{"model": model or None, **asdict(each)} for model, each in models.items()]
        click.echo(json.dumps({"exchanges": rows, "models": groups, "total": asdict(total)}, indent=2))
        return
    tokens = ("PROMPT", "COMPL", "REASON", "CACHED")
    chunks = ("CHUNKS", "MEDIAN", "P99", "LARGEST")
    header: tuple[str, ...] = ("FILE", "MODEL", *tokens, "FIRST", "TOK/S", "SECONDS", *chunks, "GAP")
    echo_table([header, *(_figures_line(name, each) for name, each in zip(names, found, strict=True))])
    click.echo()
    header = ("MODEL", "COUNT", *tokens, "FIRST P50/P90/P99", "TOK/S P50/P90/P99", "SECONDS P50/P90/P99", "GAP")
    groups_ = [*((model or None, each) for model, each in models.items()), ("total", total)]
    echo_table([header, *(_summary_line(model, each) for model, each in groups_)])


def _figures_line(name: str, of: "Figures") -> tuple[object, ...]:
    tokens = of.tokens
    sizes = (of.sizes.median, of.sizes.p99, of.sizes.largest) if of.sizes else (None, None, None)
    times = (_rounded(of.first_token), _rounded(of.rate, 1), _rounded(of.duration))
    counts = (tokens.prompt, tokens.completion, tokens.reasoning, tokens.cached)
    return (name, of.model, *counts, *times, of.chunks, *sizes, _rounded(of.longest_gap))


def _summary_line(model: str | None, of: "Summary") -> tuple[object, ...]:
    tokens = of.tokens
    ranks = [_ranks(of.first_token), _ranks(of.rate, 1), _ranks(of.duration)]
    counts = (tokens.prompt, tokens.completion, tokens.reasoning, tokens.cached)
    return (model, of.count, *counts, *ranks, _rounded(of.longest_gap))


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def _ranks(of: dict[str, float] | None, digits: int = 3) -> str | None:
    return " / ".join(f"{value:.{digits}f}" for value in of.values()) if of else None


@click.command(epilog="""
Two cassettes are compared exchange by exchange, paired by match key and order. Meaning comes first: status, text,
reasoning, tool calls, finish reason, usage, error; then form: keys, headers, chunks, [DONE], ending, framing. Ids,
dates, fingerprints and the like differ each time and are passed over, unless --strict is given.

\b
Exit status: 0 equal, 1 different, 2 usage.

\b
Examples:
  mockprovider cassette diff tapes/0003-chat-completions-gpt-4o.yaml fresh/0003-chat-completions-gpt-4o.yaml
  mockprovider cassette diff tapes/ fresh/
  mockprovider cassette diff tapes/3 tapes/4 --bytes
""")  # fmt: skip
@click.argument("one", type=FOLDER, metavar="A")
@click.argument("other", type=FOLDER, metavar="B")
@click.option("--bytes", "as_bytes", is_flag=True, help="Compare the bodies byte by byte, and where chunks end.")
@click.option("--strict", is_flag=True, help="Ids, dates, fingerprints, request ids and the order of headers count.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def diff(context: click.Context, one: Path, other: Path, as_bytes: bool, strict: bool, as_json: bool) -> None:
    """How two exchanges or two cassettes differ, by meaning and by form."""
    if one.is_dir() != other.is_dir():
        raise InputError(f"{one if one.is_dir() else other} is a cassette and the other is none; give two of a kind")
    pairs, only = _cassettes(one, other) if one.is_dir() else ([_exchanges(one, other)], ([], []))
    found = [_compared(pair, as_bytes=as_bytes, strict=strict) for pair in pairs]
    equal = not any(only) and all(each["equal"] for each in found)
    if as_json:
        plain: Any = {"equal": equal, "only_in_a": only[0], "only_in_b": only[1], "pairs": found}
        click.echo(json.dumps(plain if one.is_dir() else found[0], indent=2))
    else:
        for (_, first, _, second), each in zip(pairs, found, strict=True):
            for line in _pair_lines(each, first, second, whole=one.is_dir()):
                click.echo(line)
        for mark, names in zip("AB", only, strict=True):
            for name in names:
                click.echo(f"only in {mark}: {name}")
        if one.is_dir():
            differ = sum(not each["equal"] for each in found)
            click.echo(f"{len(found)} pairs, {differ} differ; only in A: {len(only[0])}, only in B: {len(only[1])}")
    context.exit(0 if equal else 1)


_Pair = tuple[str, "Exchange", str, "Exchange"]


def _exchanges(one: Path, other: Path) -> _Pair:
    return (str(one), _exchange(one), str(other), _exchange(other))


def _exchange(path: Path) -> "Exchange":
    """The exchange in a file, or with the number that stands in its place."""
    from mockprovider.cassettes import format as form
    from mockprovider.errors import CassetteError
    from mockprovider.yamlfile import read

    if path.is_file():
        return form.load(read(path, CassetteError), str(path))
    opened = open_cassette(path.parent)
    return opened.exchange(entry_of(opened, path.name))


def _cassettes(one: Path, other: Path) -> tuple[list[_Pair], tuple[list[str], list[str]]]:
    """The pairs of two cassettes, each under the rules of both, and what has no partner."""
    from mockprovider.cassettes.store import Cassette

    first = open_cassette(one)
    second = Cassette.open(other, rules=first.rules)
    first = Cassette.open(one, rules=second.rules)
    pairs: list[_Pair] = []
    for key, entries in first.by_key.items():
        for a, b in zip(entries, second.by_key.get(key, []), strict=False):
            pairs.append((a.path.name, first.exchange(a), b.path.name, second.exchange(b)))
    return pairs, (list(_unpaired(first, second)), list(_unpaired(second, first)))


def _unpaired(these: "Cassette", those: "Cassette") -> Iterator[str]:
    for key, entries in these.by_key.items():
        for entry in entries[len(those.by_key.get(key, [])) :]:
            yield _named(these, entry)


def _named(opened: "Cassette", entry: "Entry") -> str:
    request = opened.beginning(entry).request
    return f"{entry.path.name}  {request.method} {request.target}"


def _compared(pair: _Pair, *, as_bytes: bool, strict: bool) -> dict[str, Any]:
    from mockprovider.cassettes.lens.comparing import compare, compare_bytes

    name, first, other_name, second = pair
    names = {"a": name, "b": other_name}
    if as_bytes:
        found = compare_bytes(first, second)
        return {**names, "equal": found.equal, "bytes": asdict(found)}
    points = compare(first, second, strict=strict)
    plain = [{"group": each.group, "what": each.what, "a": each.one, "b": each.other} for each in points]
    return {**names, "equal": not points, "differences": plain}


def _pair_lines(found: dict[str, Any], first: "Exchange", second: "Exchange", *, whole: bool) -> Iterator[str]:
    if found["equal"]:
        yield from () if whole else ["equal"]
        return
    yield click.style(f"A {found['a']}  B {found['b']}", bold=True)
    lines = _byte_lines(found["bytes"], first, second) if "bytes" in found else _point_lines(found["differences"])
    yield from (f"  {line}" for line in lines) if whole else lines


def _point_lines(points: Iterable[dict[str, Any]]) -> Iterator[str]:
    from mockprovider.cassettes.lens.textdiff import text_diff
    from mockprovider.cli.shown import clean

    for group, members in groupby(points, key=lambda point: str(point["group"])):
        yield click.style(group, bold=True)
        shown = list(members)
        for point in shown[:_POINTS]:
            one, other = ("nothing" if value is None else _text(value) for value in (point["a"], point["b"]))
            if max(len(one), len(other)) <= _LONG and "\n" not in one + other:
                yield clean(f"  {point['what']}: {one} → {other}")
            else:
                yield f"  {clean(point['what'])}:"
                yield from (f"    {_coloured(clean(line))}".rstrip() for line in text_diff(one, other))
        if len(shown) > _POINTS:
            yield f"  and {len(shown) - _POINTS} more (--json has all)"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _coloured(line: str) -> str:
    colour = {"-": "red", "+": "green", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=colour) if colour else line


def _byte_lines(found: dict[str, Any], first: "Exchange", second: "Exchange") -> Iterator[str]:
    from mockprovider.cassettes.lens.comparing import hexdump

    yield f"A has {found['sizes'][0]:,} bytes, B has {found['sizes'][1]:,}"
    at = found["first"]
    if at is None:
        yield "the bodies are equal byte by byte"
    else:
        yield f"they differ from byte {at} (0x{at:x}) on"
        for mark, exchange in (("A", first), ("B", second)):
            yield from (f"{mark} {row}" for row in hexdump(exchange.tape.body, at))
    for mark, name in (("A", "only_one"), ("B", "only_other")):
        ends = found[name]
        if ends:
            more = f" and {len(ends) - _OFFSETS} more" if len(ends) > _OFFSETS else ""
            yield f"chunks end only in {mark} after byte {', '.join(map(str, ends[:_OFFSETS]))}{more}"
