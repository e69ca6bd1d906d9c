"""What vcrpy and the VCRs of Ruby and R have in common: a list of interactions, each a request and its response.

Both sides are mappings; a status is a number or a mapping, a time is in whatever form its language writes, and a
secret part of the URL may be a placeholder. What a body looks like is the business of the format's own module.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from mockprovider.cassettes.importers.common import NO_UPSTREAM, Found, Imported, Refused, Source, answered, asked
from mockprovider.cassettes.importers.whole import Kept, based64, pairs
from mockprovider.cassettes.importers.whole import status as plain_status
from mockprovider.errors import CassetteError
from mockprovider.tape import Exchange, Fidelity, Headers

_BLANK = b"\xef\xbb\xbf \t\r\n"

_PLACEHOLDER = re.compile(r"<[\w .-]+>(?=[/?]|\Z)")
"""What hides a base URL: `<OLLAMA_API_BASE>/chat/completions`."""


def is_json(source: Source) -> bool:
    """Whether a file is to be read as JSON, and not as YAML."""
    return source.data[:64].lstrip(_BLANK)[:1] == b"{"


def interactions(source: Source, key: str, exchange: Callable[[dict[str, Any]], Exchange]) -> Iterator[Found]:
    """What `exchange` makes of each mapping in the list that stands under `key`.

    It raises ValueError for one that can't be used. Raises CassetteError where the file has no such list.
    """
    top = source.json if is_json(source) else next(iter(source.yaml), None)
    listed = top.get(key) if isinstance(top, dict) else None
    if not isinstance(listed, list):
        raise CassetteError(f"{source.name}: no list of interactions stands under {key!r}")
    if not listed:
        yield Refused("", "it holds no interaction")
    for number, interaction in enumerate(listed, 1):
        where = f"interaction {number}"
        try:
            yield Imported(where, exchange(interaction if isinstance(interaction, dict) else {}))
        except ValueError as problem:
            yield Refused(where, str(problem))


def exchange_of(
    interaction: dict[str, Any],
    body: Callable[[dict[str, Any]], Kept],
    headers: Callable[[dict[str, Any]], Headers] = lambda side: pairs(side.get("headers")),
) -> Exchange:
    """The exchange of one interaction; `body` and `headers` read a side. Raises ValueError where it can't be used."""
    asked_for, response = _sides(interaction)
    method, url = _target(asked_for)
    sent, came = body(asked_for), body(response)
    request, upstream = asked(method, url, headers(asked_for), sent.data)
    code, reason = _status(response)
    tape, coding = answered(code, headers(response), came.data, reason=reason, method=method)
    return Exchange(
        request,
        tape,
        moment(interaction.get("recorded_at")),
        coding,
        fidelity=Fidelity.BYTES if sent.exact and came.exact else Fidelity.FRAMES,
        upstream="" if upstream == NO_UPSTREAM or "<" in upstream else upstream,
    )


def _sides(interaction: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    match interaction:
        case {"request": dict(request), "response": dict(response)}:
            return request, response
        case {"request": dict()}:
            raise ValueError("it has no response")
    raise ValueError("it has no request")


def _target(request: dict[str, Any]) -> tuple[str, str]:
    match request:
        case {"method": str(method), "uri": str(url)} if method.isascii() and method.isalpha():
            return method.upper(), _PLACEHOLDER.sub(NO_UPSTREAM, url) if url.startswith("<") else url
        case {"uri": str()}:
            raise ValueError("its request has no method")
    raise ValueError("its request has no URL")


def _status(response: dict[str, Any]) -> tuple[int, str | None]:
    """The status and the reason, None where it was not kept."""
    kept = response.get("status", response.get("status_code"))
    reason = kept.get("message") if isinstance(kept, dict) else None
    if isinstance(kept, dict) and "status_code" in kept:  # R's vcr before its version 2
        kept = kept["status_code"]
    if kept is None:
        raise ValueError("its response has no status")
    return plain_status(kept), reason if isinstance(reason, str) else None


def encoded(text: str, encoding: str = "utf-8") -> bytes:
    """The bytes of a text. Raises ValueError where it holds what the encoding has not."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        raise ValueError("its body is text that its encoding can't hold") from None


def unbase64(text: Any) -> bytes:
    """The bytes of a base64 text, which may have line breaks. Raises ValueError where it is none."""
    return based64("".join(text.split()) if isinstance(text, str) else "=")


def moment(text: Any) -> str:
    """A time in RFC 3339 (see `clock.timestamp`) out of an HTTP date or an ISO one, UTC where it names no zone.

    Empty for what is no time.
    """
    if not isinstance(text, str):
        return ""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with contextlib.suppress(ValueError, TypeError, OverflowError, IndexError):
            found = read(text.removesuffix("GMT").removesuffix("UTC").strip())
            aware = found if found.tzinfo else found.replace(tzinfo=UTC)
            return aware.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return ""
