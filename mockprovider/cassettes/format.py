"""One exchange as one YAML file: what was asked and how it went, then the chunks.

Two documents, so that a person meets the chunks last. Times stand as gaps of whole microseconds since the event before
them. Bytes are text where they are UTF-8, `!!binary` where not; a JSON request body is laid out as YAML, with the
`style` that gives back its bytes. Law: `load(dump(x)) == x`, to the byte and to a microsecond.

The first line is a comment that carries the match key and a checksum of all below it. Where the checksum fits, the
index need not parse the file; where somebody edited or damaged it the checksum does not fit, the file is parsed, and
what it says now counts.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

import msgspec

from mockprovider import yamlfile
from mockprovider.cassettes.coding import CODINGS
from mockprovider.errors import CassetteError
from mockprovider.tape import (
    ENDINGS,
    Abandoned,
    Chunk,
    Citation,
    Confidence,
    Ending,
    Exchange,
    Fidelity,
    Framing,
    Garbage,
    Head,
    Headers,
    Origin,
    Request,
    Tape,
    ending_name,
)

VERSION = 1

UPGRADES: dict[int, Callable[[Any], Any]] = {}
"""For each older version, the pure function that makes the next version's documents out of its own."""

_CODINGS = ("", *CODINGS)
_BODY_INDENT = 12
"""More than how deep a request's body stands in its file; what nests too deeply for that is kept as text."""
_MARK = "# mockprovider exchange; index "

STYLES: dict[str, dict[str, Any]] = {
    "compact": {"separators": (",", ":"), "ensure_ascii": False},
    "python": {"ensure_ascii": True},
    "python-utf8": {"ensure_ascii": False},
    "compact-ascii": {"separators": (",", ":"), "ensure_ascii": True},
    "indented": {"indent": 2, "ensure_ascii": False},
}
"""Ways to spell JSON, as arguments of `json.dumps`; a body in none of them is kept as text."""


_Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]


class _Form(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A mapping in a file. Where it says Any, text or bytes belong there."""


class _Request(_Form, frozen=True):
    method: str
    path: str
    query: str = ""
    headers: list[tuple[str, str]] = []
    body: Any = b""


class _Response(_Form, frozen=True):
    after: _Seconds
    status: Annotated[int, msgspec.Meta(ge=100, le=999)]
    framing: Framing
    reason: str = ""
    coding: str = ""
    headers: list[tuple[str, str]] = []


class _End(_Form, frozen=True):
    how: Literal["complete", "cut", "reset", "garbage", "hang", "abandoned"]
    after: _Seconds
    data: Any = b""
    why: str = ""


class _Source(_Form, frozen=True):
    at: str
    confidence: Confidence
    date: str
    says: str = ""


class _Exchange(_Form, frozen=True):
    version: int
    request: _Request
    ending: _End
    recorded: str = ""
    upstream: str = ""
    cwd: str = ""
    fidelity: Fidelity = Fidelity.CHUNKS
    origin: Origin = Origin.RECORDED
    source: _Source | None = None
    response: _Response | None = None
    notes: list[str] = []


class _Chunk(_Form, frozen=True):
    after: _Seconds
    data: Any


def dump(exchange: Exchange, key: str, rules: str = "") -> bytes:
    """The file that keeps this exchange; `key` is the match key of its request by the rules of this name."""
    tape, gaps = exchange.tape, _gaps(exchange.tape)
    document: dict[str, Any] = {
        "version": VERSION,
        "recorded": exchange.recorded,
        **({"upstream": exchange.upstream} if exchange.upstream else {}),
        **({"cwd": exchange.cwd} if exchange.cwd else {}),
        **({"fidelity": str(exchange.fidelity)} if exchange.fidelity is not Fidelity.CHUNKS else {}),
        **({"origin": str(exchange.origin)} if exchange.origin is not Origin.RECORDED else {}),
        **({"source": asdict(exchange.source)} if exchange.source else {}),
        "request": _request_form(exchange.request),
    }
    if (head := tape.head) is not None:
        document["response"] = {
            "after": next(gaps),
            "status": head.status,
            "reason": head.reason.decode("latin-1"),
            "framing": str(head.framing),
            **({"coding": exchange.coding} if exchange.coding else {}),
            "headers": _headers_form(head.headers),
        }
    chunks = [{"after": next(gaps), "data": _text_or_bytes(chunk.data)} for chunk in tape.chunks]
    document["ending"] = {"how": ending_name(tape.ending), "after": next(gaps)}
    if isinstance(tape.ending, Garbage):
        document["ending"]["data"] = _text_or_bytes(tape.ending.data)
    if isinstance(tape.ending, Abandoned):
        document["ending"]["why"] = tape.ending.why
    if exchange.notes:
        document["notes"] = list(exchange.notes)
    first = yamlfile.emit(document)
    second = "---\n" + yamlfile.emit(chunks) if chunks else ""
    text = (first + second).encode()
    return f"{_MARK}{key} {_checksum(text)} {rules}".rstrip().encode() + b"\n" + text


def dump_request(request: Request) -> bytes:
    """A file that keeps a request alone."""
    return yamlfile.emit({"version": VERSION, "request": _request_form(request)}).encode()


def load_request(data: bytes, name: str) -> Request:
    """The request in the bytes of such a file."""
    documents = yamlfile.load(data, name, CassetteError)
    try:
        return _request(msgspec.convert(documents[0]["request"], _Request, builtin_types=(bytes,)))
    except (ValueError, KeyError, IndexError, TypeError) as problem:
        raise CassetteError(f"{name}: not a request: {problem}") from None


def load_first(data: bytes, name: str) -> Exchange:
    """The exchange in a file's bytes, its chunks left out: what was asked, the head, and how it ended."""
    first, mark, _ = data.partition(b"\n---\n")
    return load(first + b"\n" if mark else data, name)


def load(data: bytes, name: str) -> Exchange:
    """The exchange in a file's bytes. `name` is what an error calls the file."""
    documents = yamlfile.load(data, name, CassetteError)
    if not documents or not isinstance(documents[0], dict):
        raise CassetteError(
            f"{name}:1: not an exchange: a mapping with version, request, response and ending belongs here"
        )
    document = documents[0]
    form = _checked(documents, data, name)
    if len(documents) > 2:
        third = yamlfile.line_of(data, [], document=2) - 1
        raise CassetteError(f"{name}:{third}: a third document; an exchange has two, and the second has the chunks")
    chunks = documents[1] if len(documents) > 1 and documents[1] is not None else []
    response = form.response
    head, at = None, 0
    try:
        if response is not None:
            at = _micros(response.after)
            reason = _latin(response.reason, "response.reason")
            head = Head(at / 1e6, response.status, _headers(response.headers, "response"), reason, response.framing)
            _check_head(head, response.coding)
        played = list[Chunk]()
        for moment, chunk in _chunks(chunks, at, data, name):
            played.append(Chunk(moment / 1e6, chunk))
            at = moment
        tape = Tape(head, tuple(played), _ending(form.ending, at))
        request = _request(form.request)
    except ValueError as problem:
        where, _, _ = str(problem).partition(":")
        place = f":{yamlfile.line_of(data, where.split('.'))}" if where.partition(".")[0] in document else ""
        raise CassetteError(f"{name}{place}: {problem}") from None
    coding = response.coding if response else ""
    return Exchange(
        request,
        tape,
        form.recorded,
        coding,
        tuple(form.notes),
        form.fidelity,
        form.upstream,
        form.cwd,
        form.origin,
        Citation(**msgspec.structs.asdict(form.source)) if form.source else None,
    )


def index_of(data: bytes) -> tuple[str, str] | None:
    """The match key in the first line of a file and the name of its rules; None if the rest has changed since."""
    line, _, rest = data.partition(b"\n")
    key, checksum, rules, *_ = [*line.decode("ascii", "replace").removeprefix(_MARK).split(), "", "", ""]
    return (key, rules) if checksum == _checksum(rest) else None


def _checked(documents: list[Any], data: bytes, name: str) -> _Exchange:
    version = documents[0].get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise CassetteError(f"{name}:1: no version; the first key of an exchange is `version: {VERSION}`")
    if version > VERSION:
        raise CassetteError(
            f"{name}:{yamlfile.line_of(data, ['version'])}: version {version} is newer than this mockprovider reads "
            f"({VERSION}); upgrade mockprovider"
        )
    for old in range(version, VERSION):
        if old not in UPGRADES:
            raise CassetteError(f"{name}:{yamlfile.line_of(data, ['version'])}: no exchange has version {version}")
        documents[:] = UPGRADES[old](documents)
    return yamlfile.validated(_Exchange, documents[0], data, name, CassetteError)


def _chunks(items: Any, at: int, data: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    """The chunks of the second document with their moments, in microseconds."""
    number = 0
    try:
        for number, item in enumerate(items if isinstance(items, list) else [items]):  # noqa: B007 the error says where
            chunk = msgspec.convert(item, _Chunk, builtin_types=(bytes,))
            at += _micros(chunk.after)
            yield at, _raw(chunk.data, "data")
    except ValueError as problem:
        line = yamlfile.line_of(data, [number], document=1)
        message = f"{name}:{line}: chunk {number + 1}: {problem}"
        raise CassetteError(f"{message}; a chunk is `after:`, in seconds, and `data:`") from None


def _ending(form: _End, at: int) -> Ending:
    moment = (at + _micros(form.after)) / 1e6
    match form.how:
        case "garbage":
            return Garbage(moment, _raw(form.data, "ending.data"))
        case "abandoned":
            return Abandoned(moment, form.why)
        case how:
            return ENDINGS[how](moment)  # type: ignore[call-arg]


def _raw(value: Any, what: str) -> bytes:
    """Bytes, from text or from `!!binary`."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return value
    raise ValueError(f"{what}: text or !!binary belongs here, not {type(value).__name__}")


def _check_head(head: Head, coding: str) -> None:
    bodiless = 100 <= head.status < 200 or head.status in (204, 304)
    if bodiless and head.framing is not Framing.NONE:
        raise ValueError(f"response.framing: no body can follow a status of {head.status}, so it must be `none`")
    if coding not in _CODINGS:
        raise ValueError(f"response.coding: {coding!r} is none of {', '.join(CODINGS)}")


def _latin(text: str, what: str) -> bytes:
    if any(character in text for character in "\r\n\0"):
        raise ValueError(f"{what}: a line end can't stand in an HTTP header")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as problem:
        character = text[problem.start]
        raise ValueError(f"{what}: {character!r} can't stand in an HTTP header, which is Latin-1") from None


def _headers(pairs: list[tuple[str, str]], where: str) -> Headers:
    return tuple((_latin(name, f"{where}.headers"), _latin(value, f"{where}.headers")) for name, value in pairs)


def _request_form(request: Request) -> dict[str, Any]:
    form: dict[str, Any] = {"method": request.method, "path": request.path}
    if request.query:
        form["query"] = request.query
    form["headers"] = _headers_form(request.headers)
    if request.body:
        form["body"] = _body_form(request.body)
    return form


def _body_form(body: bytes) -> Any:
    if body[:1] in b"{[":
        try:
            value = json.loads(body)
            text = body.decode()
            for style, arguments in STYLES.items():
                if json.dumps(value, **arguments) == text:
                    yamlfile.emit(value, _BODY_INDENT)
                    return {"style": style, "json": value}
        except (ValueError, RecursionError):
            pass
    return _text_or_bytes(body)


def _request(form: _Request) -> Request:
    return Request(form.method, form.path, form.query, _headers(form.headers, "request"), _body(form.body))


def _body(form: Any) -> bytes:
    if not isinstance(form, dict):
        return _raw(form, "request.body")
    if form.keys() != {"style", "json"} or form["style"] not in STYLES:
        raise ValueError(f"request.body: a mapping here has `json:` and `style:`, one of {', '.join(STYLES)}")
    try:
        return json.dumps(form["json"], **STYLES[form["style"]]).encode()
    except TypeError as problem:
        raise ValueError(f"request.body.json: {problem}") from None


def _headers_form(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _text_or_bytes(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)


def _gaps(tape: Tape) -> Iterator[float]:
    """Seconds between the events, from rounded moments, so that no rounding adds up."""
    before = 0
    for event in tape.events:
        now = _micros(event.at)
        yield (now - before) / 1e6
        before = now


def _checksum(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
