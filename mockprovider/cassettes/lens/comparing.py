"""How two answers differ: first in what they mean, then in their form, and byte by byte where somebody asks.

What differs from one answer to the next of any provider (ids, times, fingerprints, request ids) is passed over, unless
asked for. So is what one of the two has lost (`Fidelity`): chunks that were made up are no chunks.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from mockprovider.cassettes.lens.reading import Choice, parsed, said, values
from mockprovider.cassettes.matching.difference import NOTHING, differences, fields
from mockprovider.tape import Exchange, Fidelity, Tape, ending_name

MEANING, FORM, REQUEST = "meaning", "form", "request"

_VOLATILE = re.compile(
    r"(?:.*[._])?(?:id|ids|created|created_at|completed_at|expires_at|timestamp|system_fingerprint|obfuscation|p"
    r"|signature|encrypted_content|[a-z_]*time)"
)
"""Fields of an answer whose values differ each time."""
_VOLATILE_HEADERS = re.compile(
    r"date|age|expires|last-modified|etag|content-length|set-cookie|server-timing|traceparent|tracestate|via|nel|report-to"
    r"|alt-svc|cf-.*|.*request-?id|.*trace-?id|.*correlation-id|x-amz-.*|x-served-by|x-timer|x-ratelimit-.*"
    r"|.*-ratelimit-.*|.*processing-ms|.*-time|.*-ms|x-generation-id"
)
_BODY_APIS = ("", "embeddings")
"""What is compared field by field, since a lens has no words for it."""

Pair = tuple[str, Any, Any]
"""What is compared, and what each of the two has of it."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing in which two answers differ, and what each has there; None where it has nothing."""

    group: str
    what: str
    one: Any
    other: Any


def compare(one: Exchange, other: Exchange, *, strict: bool = False) -> list[Point]:
    """All in which two exchanges differ: what was asked, what was meant, in which form."""
    found = differences(fields(one.request), fields(other.request))
    asked = [Point(REQUEST, field, _plain(a), _plain(b)) for field, a, b in found]
    return asked + meaning(one, other, strict=strict) + form(one, other, strict=strict)


def meaning(one: Exchange, other: Exchange, *, strict: bool = False) -> list[Point]:
    """In what two answers say something else: status, model, words, tool calls, finish reason, usage, error."""
    said_one, said_other = said(one), said(other)
    pairs: list[Pair] = [
        ("status", _status(one.tape), _status(other.tape)),
        ("model", said_one.model, said_other.model),
    ]
    for index in sorted(said_one.choices.keys() | said_other.choices.keys()):
        mark = f" of choice {index}" if max(len(said_one.choices), len(said_other.choices)) > 1 else ""
        both = (_meant(each.choices.get(index), strict=strict) for each in (said_one, said_other))
        pairs += [(f"{name}{mark}", a, b) for (name, a), (_, b) in zip(*both, strict=True)]
    pairs += [("models", *_apart(said_one.models, said_other.models))]
    for name in ("usage", "error"):
        pairs += _fields(name, getattr(said_one, name), getattr(said_other, name), strict=strict)
    if said_one.api in _BODY_APIS and said_other.api in _BODY_APIS and not (said_one.error or said_other.error):
        pairs += _bodies(one.tape, other.tape, strict=strict)
    if strict:
        pairs += _fields("answer", _marks(one.tape), _marks(other.tape), strict=True)
    return [Point(MEANING, *pair) for pair in pairs if pair[1] != pair[2]]


def form(one: Exchange, other: Exchange, *, strict: bool = False) -> list[Point]:
    """In what two answers look different: keys, headers, chunks, `[DONE]`, ending, framing."""
    said_one, said_other = said(one), said(other)
    pairs: list[Pair] = [("streamed", said_one.streamed, said_other.streamed)]
    if Fidelity.TEXT not in (one.fidelity, other.fidelity):
        pairs += [(f"key {path}", a, b) for path, a, b in _keys(one.tape, other.tape)]
        pairs += [("[DONE]", said_one.done, said_other.done)]
    pairs += _headers(one.tape, other.tape, strict=strict)
    if one.fidelity is other.fidelity is Fidelity.CHUNKS:
        pairs += [("chunks", len(one.tape.chunks), len(other.tape.chunks)), ("framing", _framing(one), _framing(other))]
    pairs += [("ending", ending_name(one.tape.ending), ending_name(other.tape.ending))]
    return [Point(FORM, *pair) for pair in pairs if pair[1] != pair[2]]


def _status(tape: Tape) -> int | None:
    return tape.head.status if tape.head else None


def _framing(exchange: Exchange) -> str | None:
    return str(exchange.tape.head.framing) if exchange.tape.head else None


def _meant(choice: Choice | None, *, strict: bool) -> list[tuple[str, Any]]:
    choice = choice or Choice()
    calls = [
        {**({"id": call.id} if strict else {}), "name": call.name, "arguments": _value(call.arguments)}
        for call in choice.calls
    ]
    return [
        ("text", choice.text or None),
        ("reasoning", choice.reasoning or None),
        ("refusal", choice.refusal or None),
        ("tool calls", calls or None),
        ("finish reason", choice.finish),
        ("media", sorted(choice.media) or None),
    ]


def _value(text: str) -> Any:
    return text if (value := parsed(text)) is None else value


def _apart(one: Iterable[str], other: Iterable[str]) -> tuple[list[str] | None, list[str] | None]:
    """The names that only one of two lists has."""
    first, second = set(one), set(other)
    return sorted(first - second) or None, sorted(second - first) or None


def _bodies(one: Tape, other: Tape, *, strict: bool) -> list[Pair]:
    """The fields of two bodies that differ, or how they begin where they are no JSON."""
    first, second = ([value for _, value in values(tape)] for tape in (one, other))
    if not first or not second:
        return [("body", _start(one), _start(other))] if one.body != other.body else []
    return _fields("body", first, second, strict=strict)


def _marks(tape: Tape) -> dict[str, Any]:
    """What names one answer and no other: ids and times, as its first JSON value has them."""
    first = next((value for _, value in values(tape)), None)
    return {key: value for key, value in first.items() if _VOLATILE.fullmatch(key)} if isinstance(first, dict) else {}


def _start(tape: Tape) -> str:
    return f"{tape.size} bytes, {tape.body[:40]!r}"


def _fields(name: str, one: Any, other: Any, *, strict: bool) -> list[Pair]:
    """The fields at which two values may differ, with what each has there."""
    found = differences(dict(_leaves(one, name)), dict(_leaves(other, name)))
    return [(field, _plain(a), _plain(b)) for field, a, b in found if strict or not _VOLATILE.fullmatch(field.lower())]


def _plain(value: Any) -> Any:
    return None if value is NOTHING else value


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The path and value of everything in plain data that holds nothing more; nothing for None."""
    waiting = [(name, value)] if value is not None else []
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict) and value:
            waiting += [(f"{path}.{key}", item) for key, item in value.items()]
        elif isinstance(value, list) and value:
            waiting += [(f"{path}.{number}", item) for number, item in enumerate(value)]
        else:
            yield path, value


_KINDS = {type(None): "null", bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list"}


def keys(tape: Tape) -> dict[str, str]:
    """What stands at each key of the JSON of a body, in words: `a text`, `null or a text, sometimes`.

    Events are told apart by their `type`; the items of a list are not. `sometimes`: not in every object that could
    have it.
    """
    objects, present = defaultdict[str, int](int), defaultdict[str, int](int)
    kinds = defaultdict[str, set[str]](set)
    parents = dict[str, str]()
    waiting = [(_root(value), value) for _, value in values(tape)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            objects[path] += 1
            for key, item in value.items():
                name = f"{path}{key}" if path.endswith(" ") or not path else f"{path}.{key}"
                parents[name] = path
                present[name] += 1
                kinds[name].add(_KINDS.get(type(item), "an object"))
                waiting.append((name, item))
        elif isinstance(value, list):
            waiting += [(f"{path}.*", item) for item in value]
    return {
        name: " or ".join(sorted(found)) + (", sometimes" if present[name] < objects[parents[name]] else "")
        for name, found in kinds.items()
    }


def _root(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else None
    return f"({kind}) " if isinstance(kind, str) else ""


def _keys(one: Tape, other: Tape) -> Iterator[tuple[str, str, str]]:
    """Keys at which two bodies have other things; those below a key that one lacks are passed over."""
    first, second = keys(one), keys(other)
    lacking = "\0"
    for name in sorted(first.keys() | second.keys()):
        if name.startswith(lacking):
            continue
        if name not in first or name not in second:
            lacking = f"{name}."
        if first.get(name) != second.get(name):
            yield name, first.get(name, "absent"), second.get(name, "absent")


def _headers(one: Tape, other: Tape, *, strict: bool) -> Iterator[Pair]:
    """Headers by name. Strictly, the case of names, and the order of all, counts too."""
    first, second = (_by_name(tape) for tape in (one, other))
    for name in sorted(first.keys() | second.keys()):
        if strict or not _VOLATILE_HEADERS.fullmatch(name):
            yield f"header {name}", first.get(name), second.get(name)
    if strict:
        yield "header names", _names(one), _names(other)


def _names(tape: Tape) -> list[str]:
    return [name.decode("latin-1") for name, _ in tape.head.headers] if tape.head else []


def _by_name(tape: Tape) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in tape.head.headers if tape.head else ():
        key, text = name.decode("latin-1").lower(), value.decode("utf-8", "replace")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


@dataclass(frozen=True, slots=True)
class Bytes:
    """How two bodies differ in their bytes: where first (None: not at all), and which ends of chunks only one has."""

    sizes: tuple[int, int]
    first: int | None
    only_one: tuple[int, ...]
    only_other: tuple[int, ...]

    @property
    def equal(self) -> bool:
        """Whether bodies and chunks are equal."""
        return self.first is None and not self.only_one and not self.only_other


def compare_bytes(one: Exchange, other: Exchange) -> Bytes:
    """How two bodies differ byte by byte. Ends of chunks are offsets; made-up ones are left out."""
    bodies = one.tape.body, other.tape.body
    ends = [
        set(accumulate(len(chunk.data) for chunk in each.tape.chunks))
        if one.fidelity is other.fidelity is Fidelity.CHUNKS
        else set()
        for each in (one, other)
    ]
    sizes = len(bodies[0]), len(bodies[1])
    return Bytes(sizes, _first(*bodies), tuple(sorted(ends[0] - ends[1])), tuple(sorted(ends[1] - ends[0])))


def _first(one: bytes, other: bytes) -> int | None:
    """The first byte at which two differ, found by halves, so that a comparison is never byte by byte in Python."""
    if one == other:
        return None
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def hexdump(data: bytes, around: int, rows: int = 4) -> list[str]:
    """Rows of sixteen bytes around an offset, with the text they may be."""
    start = max(0, around // 16 - 1) * 16
    lines = []
    for at in range(start, min(len(data), start + 16 * rows), 16):
        row = data[at : at + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}  {row.hex(' '):<47}  |{text}|")
    return lines
