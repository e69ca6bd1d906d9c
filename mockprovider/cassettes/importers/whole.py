"""An exchange whose recorder kept both halves, out of the shapes in which recorders write them down.

Law: what comes out is as exact as what went in. Text and Base64 are bytes, and a body that was kept as parsed JSON is
frames at most, and says so.
"""

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from mockprovider.cassettes.importers.common import (
    NO_UPSTREAM,
    Found,
    Imported,
    Refused,
    answered,
    as_json,
    asked,
    header_pairs,
)
from mockprovider.tape import Exchange, Fidelity, Headers, Request, header

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)\Z")


class Kept(NamedTuple):
    """A body, and whether its bytes are those that were sent."""

    data: bytes
    exact: bool = True


class Asked(NamedTuple):
    """A request as a recorder keeps it. A URL that is a path alone leaves the upstream unknown."""

    method: Any
    url: Any
    headers: Any = ()
    body: Kept = Kept(b"")


class Answered(NamedTuple):
    """An answer as a recorder keeps it. Without a reason phrase it gets the usual one."""

    status: Any
    headers: Any = ()
    body: Kept = Kept(b"")
    reason: str = ""


def whole(where: str, request: Asked, response: Answered, *, recorded: str = "", notes: tuple[str, ...] = ()) -> Found:
    """The exchange of a request and its answer, or the reason for which it is none."""
    try:
        sent, upstream = _asked(request)
        code = status(response.status)
        headers, reason = pairs(response.headers), response.reason or None
        tape, coding = answered(code, headers, response.body.data, reason=reason, method=sent.method)
    except ValueError as problem:
        return Refused(where, str(problem))
    fidelity = Fidelity.BYTES if response.body.exact else Fidelity.FRAMES
    moment = recorded if _MOMENT.match(recorded) else dated(headers)
    return Imported(where, Exchange(sent, tape, moment, coding, notes, fidelity, upstream))


def dated(headers: Headers) -> str:
    """When an answer was sent, by its Date; empty where it has none."""
    value = header(headers, b"date")
    try:
        moment = parsedate_to_datetime(value.decode("latin-1")) if value else None
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
    except (ValueError, OverflowError):
        return ""


def tried(where: str, make: Callable[[], Found]) -> Found:
    """What `make` gives, or the ValueError that it raises as a refusal."""
    try:
        return make()
    except ValueError as problem:
        return Refused(where, str(problem))


def _asked(request: Asked) -> tuple[Request, str]:
    match request:
        case (str(method), str(url), headers, body) if method.isascii() and method.isalpha():
            pass
        case _:
            raise ValueError("its method or its URL is none of HTTP")
    bare = url.startswith("/")
    sent, upstream = asked(method, NO_UPSTREAM + url if bare else url, pairs(headers), body.data)
    return sent, "" if bare else upstream


def status(value: Any) -> int:
    """A status in one of its spellings: a number, its digits, or `{code: …}`. Raises ValueError."""
    match value:
        case bool():
            pass
        case {"code": code}:
            return status(code)
        case int():
            return value
        case str() if value.isascii() and value.isdecimal() and len(value) == 3:
            return int(value)
    raise ValueError("its status is no status of HTTP")


def pairs(headers: Any) -> Headers:
    """Headers in one of their shapes: a mapping to texts or lists of texts, or a list of pairs or of name and value."""
    found = list[tuple[object, object]]()
    each: Iterable[Any] = headers.items() if isinstance(headers, Mapping) else headers or ()
    for item in each if isinstance(each, Iterable) and not isinstance(each, str) else ():
        match item:
            case {"name": name, "value": value} | [name, value] | (name, value):
                values = value if isinstance(value, list) else [value]
                found += [(name, _plain(one)) for one in values if one is not None]
    return header_pairs(found)


def _plain(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def kept(value: Any) -> Kept:
    """A body as text, as `{b64: …}` or as parsed JSON. Raises ValueError where it is no Base64."""
    match value:
        case None:
            return Kept(b"")
        case str():
            return Kept(value.encode("utf-8", "surrogatepass"))
        case {"b64": str(text)}:
            return Kept(based64(text))
        case _:
            return Kept(as_json(value), exact=False)


def based64(text: str) -> bytes:
    """Base64 decoded. Raises ValueError where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError("its body is no Base64") from None
