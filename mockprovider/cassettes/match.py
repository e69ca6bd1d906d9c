"""The match key: two requests share one only if nothing differs that could change the answer.

The key holds the method, the path, the query, and the whole body: JSON in a canonical form (key order, white space,
escapes and the spelling of numbers don't count; `stream` does), multipart without its random boundary, anything else
by its bytes. Headers are no part of it: they carry credentials and the client's own chatter.
"""

import hashlib
import json
import re
from typing import Any

from mockprovider.tape import Request

_BOUNDARY = re.compile(rb"""boundary=(?:"([^"]+)"|([^\s";,]+))""", re.IGNORECASE)


def key_of(request: Request) -> str:
    """The match key of a request, as 32 hexadecimal digits."""
    digest = hashlib.blake2b("\0".join((request.method, request.path, request.query, "")).encode(), digest_size=16)
    digest.update(body_form(request.header(b"content-type") or b"", request.body))
    return digest.hexdigest()


def body_form(kind: bytes, body: bytes) -> bytes:
    """A body of this content type as it counts for matching."""
    if b"multipart/" in kind.lower() and (found := _BOUNDARY.search(kind)):
        return body.replace(b"--" + (found[1] or found[2]), b"--boundary")
    if body[:1] in b"{[ \t\r\n" or b"json" in kind.lower():
        return canonical_json(body)
    return body


def canonical_json(body: bytes) -> bytes:
    """JSON text in one spelling: sorted keys, no white space, ASCII, whole floats as integers. Other bytes unchanged.

    A text that names a key twice has no canonical form (readers differ on which counts), so it stays as it is.
    """
    try:
        value = json.loads(body, parse_float=_number, object_pairs_hook=_unique)
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return body


def _number(text: str) -> float | int:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("no float holds it, so its spelling counts")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value
