"""Recordings of httpmock for Rust: YAML documents of a `when` and a `then`.

They hold no host: the server they were recorded from is not known. A body that stands there as text is no proof of its
bytes, since projects clean it before they keep it (rig sorts the keys); one in Base64 is.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from mockprovider.cassettes.importers.common import Format, Found, Refused, Source
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, based64, kept, tried, whole
from mockprovider.tape import Fidelity

_PATTERNS = frozenset({"method", "path", "query_param", "header", "body", "body_base64", "scheme", "host", "port"})
"""What says all of a request; anything else in a `when` is a pattern that many requests fit."""


def _claims(source: Source) -> bool:
    return source.data.lstrip(b"\xef\xbb\xbf-\r\n ").startswith(b"when:") and b"\nthen:" in source.data


def _read(source: Source) -> Iterator[Found]:
    documents = [document for document in source.yaml if document is not None]
    for number, document in enumerate(documents, 1):
        where = f"document {number}"
        match document:
            case {"when": dict(when), "then": dict(then)}:
                yield tried(where, partial(_exchange, where, when, then))
            case _:
                yield Refused(where, "has no when and then")


def _exchange(where: str, when: dict[str, Any], then: dict[str, Any]) -> Found:
    if when.keys() - _PATTERNS:
        return Refused(where, "its `when` is a pattern that many requests fit")
    asked = Asked(when.get("method"), _url(when), when.get("header"), _body(when))
    return whole(where, asked, Answered(then.get("status"), then.get("header"), _body(then)))


def _url(when: dict[str, Any]) -> str:
    query = [
        (str(pair["name"]), str(pair.get("value", "")))
        for pair in when.get("query_param") or ()
        if isinstance(pair, dict) and "name" in pair
    ]
    path = str(when.get("path", "/"))
    target = f"{path}?{urlencode(query)}" if query else path
    host = when.get("host")
    if not isinstance(host, str):
        return target
    port = f":{when['port']}" if "port" in when else ""
    return f"{str(when.get('scheme', 'https')).lower()}://{host}{port}{target}"


def _body(half: dict[str, Any]) -> Kept:
    coded = half.get("body_base64")
    return Kept(based64(coded)) if isinstance(coded, str) else kept(half.get("body"))._replace(exact=False)


FORMAT = Format("httpmock", "httpmock recording", Fidelity.BYTES, _claims, _read)
