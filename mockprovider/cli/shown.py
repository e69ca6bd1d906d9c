"""An exchange in lines for a person: what was asked, what was said, and when it came."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import click

from mockprovider.cassettes.lens.asking import Asked, Turn, asked
from mockprovider.cassettes.lens.reading import Choice, Said, parsed, said
from mockprovider.tape import Exchange, Fidelity, Origin, Tape, ending_name

_WIDTH = 100
_TURN_LINES = 3
_TURNS = (2, 8)
"""How many of the first and of the last messages are shown of a long conversation."""
_BODY_LINES = 40
_CHUNK_START = 64


def clean(text: str) -> str:
    """Text that does nothing to a terminal: control characters and half characters are spelt out."""
    if text.isprintable():
        return text
    return "".join(
        each if each in "\n\t" or each.isprintable() or each.isspace() else each.encode("unicode_escape").decode()
        for each in text.replace("\r\n", "\n").replace("\r", "\\r")
    )


def bold(text: str) -> str:
    """Text that stands out."""
    return click.style(text, bold=True)


def exchange_lines(name: str, exchange: Exchange, *, chunks: bool = False) -> Iterator[str]:
    """An exchange as `show` prints it; with `chunks`, a line for each of them at the end."""
    found, tape = said(exchange), exchange.tape
    yield bold(clean(f"{name}  {exchange.request.method} {exchange.request.target}"))
    yield from _asked(asked(exchange.request))
    yield _answered(exchange, found)
    if exchange.origin is not Origin.RECORDED:
        yield f"{bold('origin')} {exchange.origin}"
    if (source := exchange.source) is not None:
        yield f"{bold('source')} {clean(f'{source.at} ({source.confidence}, {source.date})')}"
        yield from [f"  {clean(source.says)}"] if source.says else []
    for note in exchange.notes:
        yield f"note: {clean(note)}"
    for index, choice in found.choices.items():
        yield from [bold(f"choice {index}")] if len(found.choices) > 1 else []
        yield from _choice(choice)
    yield from _others(found)
    if not found.anything and tape.size:
        yield from _body(tape)
    if found.error is not None:
        yield f"{bold('error')} {_spelled(found.error)}"
    if found.usage is not None:
        yield f"{bold('usage')} {_spelled(found.usage)}"
    if exchange.fidelity is not Fidelity.CHUNKS:
        how = "imported" if exchange.origin is Origin.RECORDED else str(exchange.origin)
        yield f"{bold('times')} none: {how} with fidelity {exchange.fidelity}, so chunks and times are made up"
    else:
        yield from _times(tape, found)
    if chunks:
        yield from _chunks(tape)


def timeline(tape: Tape) -> list[dict[str, Any]]:
    """Each chunk: seconds since the request, since the event before, and bytes."""
    before, found = tape.head.at if tape.head else 0.0, []
    for at, data in tape.chunks:
        found.append({"at": round(at, 6), "gap": round(at - before, 6), "size": len(data)})
        before = at
    return found


def _asked(request: Asked) -> Iterator[str]:
    settings = [f"{name}={_short(_spelled(value))}" for name, value in request.settings.items()]
    words = [f"model {request.model}"] if request.model else []
    words += (["streamed"] if request.streamed else []) + settings
    if words:
        yield f"{bold('asked')} {clean(', '.join(words))}"
    if request.tools:
        yield f"  tools: {clean(', '.join(request.tools))}"
    first, last = _TURNS
    hidden = max(0, len(request.turns) - first - last)
    for turn in request.turns[:first]:
        yield from _turn(turn)
    if hidden:
        yield f"  … {hidden} more messages …"
    for turn in request.turns[first:][hidden:]:
        yield from _turn(turn)


def _turn(turn: Turn) -> Iterator[str]:
    lines = turn.text.splitlines()
    shown = [_short(line) for line in lines[:_TURN_LINES]]
    if len(lines) > _TURN_LINES:
        shown[-1] += f" … and {len(lines) - _TURN_LINES} more lines"
    shown += [_short(f"{call.name}({call.arguments})") for call in turn.calls]
    for number, line in enumerate(shown or [""]):
        yield f"  {turn.role if not number else '':<10} {clean(line)}".rstrip()


def _answered(exchange: Exchange, found: Said) -> str:
    tape = exchange.tape
    if tape.head is None:
        return f"{bold('answered')} status none: no head came, ended {ending_name(tape.ending)}"
    reason = tape.head.reason.decode("latin-1")
    words = [f"status {tape.head.status} {reason}".rstrip(), f"ended {ending_name(tape.ending)}"]
    words.append(f"model {found.model or '-'}")
    size = f"{len(tape.chunks)} chunks, {tape.size:,} bytes"
    if found.streamed:
        size = f"streamed: {found.events} events in {size}, {'[DONE]' if found.done else 'no [DONE]'}"
    return f"{bold('answered')} {clean(', '.join(words))}; {size}"


def _choice(choice: Choice) -> Iterator[str]:
    for name, text in (("reasoning", choice.reasoning), ("text", choice.text), ("refusal", choice.refusal)):
        if text:
            yield bold(name)
            yield from (f"  {line}".rstrip() for line in clean(text).split("\n"))
    for call in choice.calls:
        yield f"{bold('tool call')} {clean(f'{call.name}({call.arguments})  {call.id}')}".rstrip()
    for kind, size in choice.media.items():
        yield f"{bold(kind)} {size:,} characters"
    yield f"{bold('finish')} {clean(choice.finish or 'none')}"


def _others(found: Said) -> Iterator[str]:
    if found.embeddings:
        sizes = sorted({"?" if each is None else str(each) for each in found.embeddings})
        yield f"{bold('embeddings')} {len(found.embeddings)}, of {' and '.join(sizes)} dimensions"
    if found.models:
        yield f"{bold('models')} {len(found.models)}"
        yield from (f"  {clean(model)}" for model in found.models)


def _body(tape: Tape) -> Iterator[str]:
    """The beginning of a body for which the lens has no words."""
    value = parsed(tape.body)
    text = tape.body[: _BODY_LINES * _WIDTH].decode("utf-8", "replace") if value is None else _spelled(value, indent=2)
    lines = text.split("\n")
    yield bold("body")
    yield from (f"  {clean(_short(line))}" for line in lines[:_BODY_LINES])
    if len(lines) > _BODY_LINES:
        yield "  … (--raw writes all of it)"


def _times(tape: Tape, found: Said) -> Iterator[str]:
    """When it came: the head, the first token, and the chunks in ten equal parts of the time."""
    if tape.head is None:
        return
    first = f", first token {found.first_token:.3f} s" if found.first_token is not None else ""
    yield f"{bold('times')} head {tape.head.at:.3f} s{first}, end {tape.ending.at:.3f} s"
    if len(tape.chunks) >= 3 and tape.ending.at:
        yield f"  chunks over time |{_bars([chunk.at / tape.ending.at for chunk in tape.chunks])}|"


def _bars(shares: Sequence[float]) -> str:
    parts = [0] * 10
    for share in shares:
        parts[min(9, int(share * 10))] += 1
    return "".join(" ▁▂▃▄▅▆▇█"[round(part / max(parts) * 8)] for part in parts)


def _chunks(tape: Tape) -> Iterator[str]:
    yield bold(f"{'chunk':>7} {'time':>11} {'gap':>11} {'bytes':>8}  begins")
    for number, (chunk, each) in enumerate(zip(tape.chunks, timeline(tape), strict=True), 1):
        start = chunk.data[:_CHUNK_START].decode("utf-8", "replace").replace("\n", "\\n").replace("\t", "\\t")
        more = "…" if len(chunk.data) > _CHUNK_START else ""
        yield f"{number:>7} {each['at']:>9.3f} s {each['gap']:>+9.3f} s {each['size']:>8,}  {clean(start)}{more}"
    last = tape.chunks[-1].at if tape.chunks else tape.head.at if tape.head else 0.0
    yield f"{'end':>7} {tape.ending.at:>9.3f} s {tape.ending.at - last:>+9.3f} s {'':>8}  {ending_name(tape.ending)}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _spelled(value: Any, indent: int | None = None) -> str:
    return clean(json.dumps(value, ensure_ascii=False, indent=indent))
