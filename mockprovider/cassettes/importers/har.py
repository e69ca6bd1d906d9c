"""HTTP archives, HAR 1.2, as browsers, proxies, Playwright, Polly.js and mockprovider itself write them.

A HAR keeps bodies as text, after content codings were undone, and two times of an answer: when its head came and when
it ended. What else our own export knows stands in `_mockprovider` beside them. Law: that counts as long as it fits the
rest of its entry; where somebody changed a body, the entry is read as anybody's.
"""

import binascii
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, get_args
from urllib.parse import urlencode

from mockprovider.cassettes.coding import CODINGS
from mockprovider.cassettes.importers.common import (
    NO_UPSTREAM,
    Format,
    Found,
    Imported,
    Refused,
    Source,
    answered,
    asked,
    mapping,
    sequence,
)
from mockprovider.cassettes.importers.interactions import encoded, unbase64
from mockprovider.cassettes.importers.whole import pairs
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
    header,
)

NEVER = "1970-01-01T00:00:00.000Z"
"""Stands for the time of recording where none is known."""

OWN = "_mockprovider"
"""The field with what a HAR has no place for."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_BOUNDARY = re.compile(rb"""boundary=(?:"([^"]+)"|([^\s";,]+))""", re.IGNORECASE)
_LONGEST = 1e12
"""Milliseconds that anything may take; more is no measurement."""


def located(url: str, upstream: str) -> tuple[str, str] | None:
    """Path and query that a URL has behind an upstream as an exchange names it; None where it is not behind it."""
    prefix, base = behind(upstream)
    if not url.startswith(base):
        return None
    path, _, query = url.removeprefix(base).partition("?")
    return prefix + path, query


def behind(upstream: str) -> tuple[str, str]:
    """What begins the path of a request for this upstream, and what its URL has in place of that."""
    name, named, url = upstream.partition("=")
    if named and "/" not in name:
        return f"/{name}", url.rstrip("/")
    return "", (upstream or NO_UPSTREAM).rstrip("/")


def recorded_at(moment: Any) -> str:
    """A time of RFC 3339 as it stands; empty for anything else, and for what stands in where none is known."""
    if not isinstance(moment, str) or moment == NEVER or not _MOMENT.fullmatch(moment):
        return ""
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return ""
    return moment


def _claims(source: Source) -> bool:
    head = source.data[:4096]
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and b'"log"' in head and b'"entries"' in source.data


def _read(source: Source) -> Iterator[Found]:
    entries = mapping(mapping(source.json).get("log")).get("entries")
    if not isinstance(entries, list):
        raise CassetteError(f"{source.name}: not a HAR file: it has no list `log.entries`")
    for number, entry in enumerate(entries, 1):
        where = f"entry {number}"
        try:
            yield Imported(where, _own(mapping(entry)) or _foreign(mapping(entry)))
        except ValueError as problem:
            yield Refused(where, str(problem))


# --- anybody's entry


def _is_websocket(entry: dict[Any, Any]) -> bool:
    url = _text(mapping(entry.get("request")).get("url"))
    return bool(entry.get("_webSocketMessages")) or url.startswith(("ws:", "wss:")) or _status(entry) == 101


def _status(entry: dict[Any, Any]) -> int:
    status = mapping(entry.get("response")).get("status")
    return status if isinstance(status, int) else 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_NO_EXCHANGE: tuple[tuple[Callable[[dict[Any, Any]], bool], str], ...] = (
    (lambda entry: not mapping(entry.get("request")), "it has no request"),
    (_is_websocket, "a WebSocket, which is no exchange"),
    (lambda entry: mapping(entry["request"]).get("method") == "CONNECT", "a proxy's tunnel, which is no exchange"),
    (lambda entry: _status(entry) <= 0, "the request failed, or its answer was not recorded"),
)


def _foreign(entry: dict[Any, Any]) -> Exchange:
    for applies, reason in _NO_EXCHANGE:
        if applies(entry):
            raise ValueError(reason)
    said, gave = mapping(entry["request"]), mapping(entry["response"])
    said_headers, gave_headers = _headers(said), _headers(gave)
    asking, asked_for = _request_body(said, said_headers)
    request, upstream = asked(_text(said.get("method")) or "GET", _text(said.get("url")), said_headers, asking)
    bodiless = request.method == "HEAD" or _status(entry) in (204, 304)
    body, told = (b"", Fidelity.BYTES) if bodiless else _response_body(entry, gave_headers)
    tape, coding = answered(
        _status(entry),
        gave_headers,
        body,
        reason=gave["statusText"] if isinstance(gave.get("statusText"), str) else None,
        times=_times(entry),
        method=request.method,
    )
    fidelity = Fidelity.FRAMES if Fidelity.FRAMES in (asked_for, told) else Fidelity.BYTES
    return Exchange(
        request,
        tape,
        recorded_at(entry.get("startedDateTime")),
        coding,
        (),
        fidelity,
        "" if upstream == NO_UPSTREAM else upstream,
    )


def _headers(message: dict[Any, Any]) -> Headers:
    """The headers of a request or an answer. Browsers join the lines of several cookies by a newline."""
    listed = map(mapping, sequence(message.get("headers")))
    return pairs([(_text(pair.get("name")), _text(pair.get("value")).split("\n")) for pair in listed])


def _times(entry: dict[Any, Any]) -> tuple[float, float]:
    """When the head came and when the answer ended, in seconds since the request had been sent."""
    timings = mapping(entry.get("timings"))
    wait = _milliseconds(timings.get("wait"))
    if wait is None:
        wait = _milliseconds(entry.get("time")) or 0.0
        return _seconds(wait), _seconds(wait)
    return _seconds(wait), _seconds(wait + (_milliseconds(timings.get("receive")) or 0.0))


def _milliseconds(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST
    return float(value) if known else None


def _seconds(milliseconds: float) -> float:
    return round(milliseconds * 1000) / 1e6


# --- bodies


def _request_body(said: dict[Any, Any], headers: Headers) -> tuple[bytes, Fidelity]:
    post = mapping(said.get("postData"))
    _refuse_attached(post)
    kind = header(headers, b"content-type") or _text(post.get("mimeType")).encode("latin-1", "replace")
    length = header(headers, b"content-length") or b""
    body = _decoded(post)
    if body:
        if b"multipart/" in kind and length.isdigit() and length != b"%d" % len(body):
            raise ValueError("its multipart body is not whole")
        return body, Fidelity.BYTES
    if params := [mapping(param) for param in sequence(post.get("params"))]:
        return _form(kind, params), Fidelity.FRAMES
    size = said.get("bodySize")
    if (isinstance(size, int) and size > 0) or length.strip(b"0").isdigit():
        raise ValueError("its request's body was not saved")
    return b"", Fidelity.BYTES


def _form(kind: bytes, params: list[dict[Any, Any]]) -> bytes:
    """A form of which only the fields were kept, spelled anew."""
    if not all(isinstance(param.get("value"), str) for param in params):
        raise ValueError("what its form uploads was not saved")
    if b"multipart/" not in kind:
        return encoded(urlencode([(_text(param.get("name")), param["value"]) for param in params]))
    found = _BOUNDARY.search(kind)
    if found is None:
        raise ValueError("its form names no boundary")
    line = b"--" + (found[1] or found[2])
    return b"".join(line + b"\r\n" + encoded(_part(param)) + b"\r\n" for param in params) + line + b"--\r\n"


def _part(param: dict[Any, Any]) -> str:
    name, file, kind = (_text(param.get(key)) for key in ("name", "fileName", "contentType"))
    about = f'Content-Disposition: form-data; name="{name}"'
    about += f'; filename="{file}"' if file else ""
    about += f"\r\nContent-Type: {kind}" if kind else ""
    return f"{about}\r\n\r\n{param['value']}"


def _response_body(entry: dict[Any, Any], headers: Headers) -> tuple[bytes, Fidelity]:
    gave = mapping(entry["response"])
    content = mapping(gave.get("content"))
    _refuse_attached(content)
    body = _decoded(content)
    if not body and (messages := sequence(entry.get("_eventSourceMessages"))):
        return b"".join(map(_event, map(mapping, messages))), Fidelity.FRAMES
    size = content.get("size")
    if not body and (size != 0 if content.get("text") is None else isinstance(size, int) and size > 0):
        raise ValueError("the answer's body was not saved")
    kind = (header(headers, b"content-type") or b"").lower()
    _, named, charset = kind.partition(b"charset=")
    # Text was made of the bytes by this charset, and the bytes of the text would not be those again.
    spelled = bool(named) and not charset.strip(b' "').startswith((b"utf-8", b"utf8", b"us-ascii"))
    changed = spelled and not body.isascii() and content.get("encoding") != "base64"
    return body, Fidelity.FRAMES if changed else Fidelity.BYTES


def _event(message: dict[Any, Any]) -> bytes:
    """An event as the browser took it from the stream."""
    name, ident, data = (_text(message.get(key)) for key in ("eventName", "eventId", "data"))
    lines = [f"event: {name}"] if name not in ("", "message") else []
    lines += [f"id: {ident}"] if ident else []
    lines += [f"data: {line}" for line in data.split("\n")]
    return encoded("\n".join(lines) + "\n\n")


def _refuse_attached(content: dict[Any, Any]) -> None:
    if content.get("text") is None and ("_file" in content or "_sha1" in content):
        raise ValueError("a body of it is in a file of its own; save the archive with its content embedded")


def _decoded(content: dict[Any, Any]) -> bytes:
    """The bytes of a `content` or `postData`; empty where it has no text. Raises ValueError."""
    match content.get("text"), _text(content.get("encoding")).lower():
        case None, _:
            return b""
        case str(text), _ if content.get("_isBinary") is True:  # Polly.js before its version 5
            return _pieces(text, binascii.unhexlify)
        case str(text), "base64":
            return _pieces(text, unbase64)
        case str(text), "" | "utf-8" | "utf8":
            return encoded(text)
        case str(), _:
            raise ValueError("its body is in an encoding that is not known")
    raise ValueError("its body is no text")


def _pieces(text: str, decode: Callable[[str], bytes]) -> bytes:
    """Bytes that were spelled in ASCII. Polly.js spells each arrival for itself and makes a JSON array of them."""
    try:
        pieces = json.loads(text) if text.startswith("[") else [text]
        return b"".join(map(decode, pieces))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ValueError("its body is said to be binary and can't be decoded") from None


# --- mockprovider's own entry


def _own(entry: dict[Any, Any]) -> Exchange | None:
    """The exchange of an entry that mockprovider exported; None where it is none, or does not fit together."""
    kept = entry.get(OWN)
    if not isinstance(kept, dict):
        return None
    try:
        return _restored(entry, kept)
    except (ValueError, TypeError, KeyError, AttributeError):  # whatever somebody has put in place of anything
        return None


def _restored(entry: dict[Any, Any], kept: dict[Any, Any]) -> Exchange | None:
    said, upstream, coding = entry["request"], kept.get("upstream", ""), kept.get("coding", "")
    target = kept["target"] if "target" in kept else located(said["url"], upstream)
    if target is None or not all(isinstance(text, str) for text in (*target, upstream, coding)):
        return None
    path, query = target
    tape = _tape(entry, kept)
    if coding not in ("", *CODINGS):
        return None
    return Exchange(
        Request(_text(said["method"]), path, query, _headers(said), _decoded(mapping(said.get("postData")))),
        tape,
        kept["recorded"] if isinstance(kept.get("recorded"), str) else recorded_at(entry.get("startedDateTime")),
        coding,
        tuple(map(_text, sequence(kept.get("notes")))),
        Fidelity(kept["fidelity"]),
        upstream,
        _text(kept.get("cwd")),
        Origin(kept.get("origin", Origin.RECORDED)),
        _source(kept["source"]) if "source" in kept else None,
    )


def _source(form: dict[Any, Any]) -> Citation:
    if form["confidence"] not in get_args(Confidence):
        raise ValueError("no source")
    return Citation(_text(form["at"]), form["confidence"], _text(form["date"]), _text(form["says"]))


def _tape(entry: dict[Any, Any], kept: dict[Any, Any]) -> Tape:
    gave, (begun, ended) = entry["response"], _times(entry)
    ending = _ending(kept["ending"], ended)
    if gave["status"] == 0:
        return Tape(None, (), ending)
    framing, body = Framing(kept["framing"]), _decoded(gave["content"])
    if not 100 <= gave["status"] <= 999 or set(gave["statusText"]) & set("\r\n\0"):
        raise ValueError("no head")
    head = Head(begun, gave["status"], _headers(gave), gave["statusText"].encode("latin-1"), framing)
    chunks, start = [], 0
    for at, size in kept["chunks"]:
        moment = _milliseconds(at)
        if moment is None or type(size) is not int or size < 0:
            raise ValueError("no chunk")
        chunks.append(Chunk(_seconds(moment), body[start : start + size]))
        start += size
    if start != len(body):
        raise ValueError("the body was changed")
    return Tape(head, tuple(chunks), ending)


def _ending(form: dict[Any, Any], at: float) -> Ending:
    match ENDINGS[form["how"]]:
        case kind if kind is Garbage:
            return Garbage(at, unbase64(form["data"]))
        case kind if kind is Abandoned:
            return Abandoned(at, _text(form["why"]))
        case kind:
            return kind(at)  # type: ignore[call-arg]  # all the others have their moment alone


FORMAT = Format(
    "har", "HTTP archive (HAR 1.2): browsers, proxies, Playwright, Polly.js", Fidelity.CHUNKS, _claims, _read
)
