"""Recordings to hold a profile against: cassettes, single exchanges of one, and JSON lines.

A recorder keeps what it likes, so each recording says what may be compared of it (`Trust`). What was made up after the
fact (objects of an SDK written out again, say) is no evidence, and is left out with the reason.
"""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

from mockprovider.cassettes import format as form
from mockprovider.cassettes.store import Cassette
from mockprovider.errors import CassetteError, InputError, did_you_mean
from mockprovider.tape import Complete, Exchange, Fidelity, Headers, Request, Tape, header
from mockprovider.yamlfile import read

MADE_UP = frozenset({"sdk-object", "looks-synthetic", "sse-synthesised-from-sdk-objects"})
"""Notes on a row which say that no server sent this."""


class Trust(NamedTuple):
    """What of an answer is as it was on the wire, beside the values of its JSON."""

    headers: bool
    """All names are there."""
    spelling: bool
    """The spaces in its JSON."""
    stream: bool
    """The bytes around the JSON of its events."""


WHOLE = Trust(headers=True, spelling=True, stream=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    body: bytes
    trust: Trust = WHOLE

    @classmethod
    def of(cls, tape: Tape, trust: Trust = WHOLE) -> "Answer":
        """The answer on a tape; one without a head has the status 0."""
        head = tape.head
        return cls(head.status if head else 0, head.headers if head else (), tape.body, trust)

    @property
    def content_type(self) -> str:
        """In small letters and without spaces; "" where it was not kept."""
        value = header(self.headers, b"content-type") or b""
        return value.decode("latin-1").lower().replace(" ", "")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request, what a provider answered, and whose recording it is."""

    where: str
    """The file and the line, or the file of a cassette."""
    request: Request
    answer: Answer
    provider: str = ""
    """The word that the recording has for the provider; "" where it has none."""
    host: str = ""

    def is_of(self, words: Iterable[str]) -> bool:
        """Whether one of the words names its provider or host, or a label of the host where no provider is named."""
        names = {self.provider, self.host} if self.provider else {self.host, *self.host.partition(":")[0].split(".")}
        return any(word in names for word in words)


@dataclass(frozen=True, slots=True)
class Library:
    """What was read, and how many were left out for which reason."""

    recordings: list[Recorded]
    left_out: Counter[str]


def read_all(paths: Iterable[Path]) -> Library:
    """All recordings in files and folders. Raises InputError for one that can't be read."""
    found, left_out = list[Recorded](), Counter[str]()
    for path in paths:
        for each in _read(path):
            if isinstance(each, Recorded):
                found.append(each)
            else:
                left_out[each] += 1
    return Library(found, left_out)


def providers(recordings: Iterable[Recorded]) -> str:
    """The providers that recordings name (or else their hosts), in a sentence, the most frequent first."""
    counted = Counter(each.provider or each.host or "no provider named" for each in recordings)
    return ", ".join(
        f"{name} ({count:,})" for name, count in sorted(counted.items(), key=lambda item: (-item[1], item))
    )


def _read(path: Path) -> Iterator[Recorded | str]:
    if path.is_dir():
        cassette = Cassette.open(path)
        for entry in cassette.entries:
            yield _of_exchange(cassette.exchange(entry), str(entry.path))
    elif path.name.endswith((".jsonl", ".jsonl.gz")):
        yield from _of_lines(path)
    elif path.suffix in (".yaml", ".yml"):
        yield _of_exchange(form.load(read(path, CassetteError), str(path)), str(path))
    else:
        why = "not recordings; give" if path.exists() else "no such file; recordings are"
        raise InputError(f"{path}: {why} a cassette's folder, one of its .yaml files, a .jsonl or a .jsonl.gz")


def _of_exchange(exchange: Exchange, where: str) -> Recorded | str:
    """A recording out of a cassette, or why it is none."""
    if exchange.tape.head is None or not isinstance(exchange.tape.ending, Complete):
        return "not complete"
    if exchange.fidelity is Fidelity.TEXT:
        return "made up from what was said"
    as_sent = exchange.fidelity in (Fidelity.CHUNKS, Fidelity.BYTES)
    host = urlsplit(exchange.upstream.partition("=")[2] or exchange.upstream).netloc
    return Recorded(where, exchange.request, Answer.of(exchange.tape, Trust(as_sent, as_sent, as_sent)), host=host)


def _of_lines(path: Path) -> Iterator[Recorded | str]:
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _of_row(_row(line, f"{path}:{number}"), f"{path}:{number}")
    except (OSError, EOFError, zlib.error) as problem:
        raise InputError(f"{path}: can't be read: {getattr(problem, 'strerror', None) or problem}") from None


def _opened(path: Path) -> gzip.GzipFile | BinaryIO:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


_NEEDED = ("path", "status", "request_body", "response_body")
_KINDS: dict[str, tuple[type, ...]] = {
    "method": (str,),
    "path": (str,),
    "status": (int, type(None)),
    "request_body": (str, type(None)),
    "response_body": (str, type(None)),
    "request_headers": (list,),
    "response_headers": (list,),
    "encoding_notes": (list,),
    "fidelity": (dict,),
}
"""What the keys of a row hold, where it has them."""


def _row(line: bytes, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise InputError(f"{where}: not JSON: {problem}") from None
    if not isinstance(row, dict):
        raise InputError(f"{where}: not a recording: an object with {', '.join(_NEEDED)} belongs here")
    for name in _NEEDED:
        if name not in row:
            raise InputError(f"{where}: {name!r} is missing{did_you_mean(name, row)}")
    for name, kinds in _KINDS.items():
        if name in row and not isinstance(row[name], kinds):
            wanted = " or ".join("null" if kind is type(None) else kind.__name__ for kind in kinds)
            raise InputError(f"{where}: {name}: {wanted} belongs here, not {type(row[name]).__name__}")
    return row


def _of_row(row: dict[str, Any], where: str) -> Recorded | str:
    """A recording out of a line, or why it is none. What a row does not say of its fidelity is not trusted."""
    if MADE_UP & {str(note).partition(":")[0] for note in row.get("encoding_notes", ())}:
        return "made up, as a note on it says"
    method = row.get("method", "POST")
    if row["status"] is None or row["response_body"] is None or (row["request_body"] is None and method == "POST"):
        return "not complete"
    kept = row.get("fidelity", {})
    spelling = kept.get("json") == "raw"
    trust = Trust(kept.get("headers") == "full", spelling, kept.get("sse") == "raw")
    answer = Answer(row["status"], _pairs(row.get("response_headers", ()), where), _bytes(row["response_body"]), trust)
    path, _, query = row["path"].partition("?")
    asked = _pairs(row.get("request_headers", ()), where)
    request = Request(method, path, row.get("query") or query, asked, _bytes(row["request_body"] or ""))
    return Recorded(where, request, answer, row.get("provider") or "", row.get("host") or "")


def _pairs(headers: Iterable[Any], where: str) -> Headers:
    try:
        return tuple((_bytes(name), _bytes(value)) for name, value in headers)
    except (TypeError, ValueError, AttributeError):
        raise InputError(f"{where}: headers are a list of [name, value]") from None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
