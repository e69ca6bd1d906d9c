"""Recordings of nock: a JSON list of scopes, each with a request, a status and a response.

nock parses JSON bodies, keeps other text as text, and keeps a body that was compressed or binary as hexadecimal digits,
in one string or a list of pieces.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from mockprovider.cassettes.importers.common import Format, Found, Refused, Source
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, kept, pairs, tried, whole
from mockprovider.errors import CassetteError
from mockprovider.tape import Fidelity, header

_DEFAULT_PORT = re.compile(r"\A(https(?=.*:443\Z)|http(?=.*:80\Z))(://.*):\d+\Z")
_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z")


def _claims(source: Source) -> bool:
    match source.parsed:
        case [{"scope": str(), "method": str(), "path": str(), "status": _}, *_]:
            return True
    return False


def _read(source: Source) -> Iterator[Found]:
    scopes = source.json
    if not isinstance(scopes, list):
        raise CassetteError(f"{source.name}: no list, which a recording of nock is")
    for number, scope in enumerate(scopes, 1):
        where = f"scope {number}"
        match scope:
            case {"scope": str(base), "path": str(path)}:
                yield tried(where, partial(_exchange, where, base, path, scope))
            case _:
                yield Refused(where, "has no scope and path")


def _exchange(where: str, base: str, path: str, scope: dict[str, Any]) -> Found:
    headers = _in_pairs(scope.get("rawHeaders"))
    coded = header(pairs(headers), b"content-encoding") is not None
    return whole(
        where,
        Asked(
            scope.get("method"), _DEFAULT_PORT.sub(r"\1\2", base) + path, scope.get("reqheaders"), _body(scope, "body")
        ),
        Answered(scope.get("status"), headers, _body(scope, "response", binary=coded)),
    )


def _in_pairs(headers: Any) -> Any:
    """Headers; names and values in turn, as nock has always listed them, are put in pairs."""
    if isinstance(headers, list) and all(isinstance(item, str) for item in headers):
        return list(zip(headers[::2], headers[1::2], strict=False))
    return headers


def _body(scope: dict[str, Any], key: str, *, binary: bool = False) -> Kept:
    value = scope.get(key)
    if binary or scope.get(f"{key}IsBinary") is True:
        listed = value if isinstance(value, list) else [value]
        parts = [part for part in listed if isinstance(part, str) and _HEX.match(part)]
        if len(parts) == len(listed):
            return Kept(bytes.fromhex("".join(parts)))
    return kept(value)


FORMAT = Format("nock", "nock recording", Fidelity.BYTES, _claims, _read)
