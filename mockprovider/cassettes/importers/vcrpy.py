"""vcrpy's cassettes, version 1, as YAML and as JSON, and what is derived from them.

A body is the wire's bytes, as text where they are UTF-8; some of vcrpy's stubs decode it first and leave the header
that names its coding. pydantic-ai keeps JSON bodies parsed (`parsed_body`), so what it kept are their values. The
stub for httpx had a layout of its own for a while: `status_code`, `http_version` and `content`.

`recorded_at`, `fidelity` and `decoded` beside the request and the response are our own exporter's; vcrpy passes over
them.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mockprovider.cassettes.coding import CODINGS
from mockprovider.cassettes.importers.common import Format, Found, Source, as_json, header_pairs
from mockprovider.cassettes.importers.interactions import encoded, exchange_of, interactions, is_json, unbase64
from mockprovider.cassettes.importers.whole import Kept
from mockprovider.tape import Exchange, Fidelity, Headers, header

_INTERACTIONS = re.compile(rb"^interactions:", re.MULTILINE)
_METHOD = re.compile(rb"^( +)method: ", re.MULTILINE)
_JSON_URI = re.compile(rb'(?<!\\)"uri"\s*:')

_KEY_OBJECT = re.compile(rb"\? !!python/object/(?:apply|new):multidict\S*istr\r?\n +- (.*)\n( +: )")
"""A header's name as aiohttp's proxies have it: an object of a class of its own, built from one text."""


def _claims(source: Source) -> bool:
    if is_json(source):
        return b'"interactions"' in source.data and _JSON_URI.search(source.data) is not None
    # go-vcr has interactions too, and a `url` beside the method where vcrpy has a `uri`.
    method = _METHOD.search(source.data) if _INTERACTIONS.search(source.data) else None
    return method is not None and b"\n" + method[1] + b"uri:" in source.data


def _read(source: Source) -> Iterator[Found]:
    if b"!!python/object" in source.data:
        source = replace(source, data=_KEY_OBJECT.sub(rb"? \1\n\n\2", source.data))
    return interactions(source, "interactions", _exchange)


def _exchange(interaction: dict[str, Any]) -> Exchange:
    exchange = exchange_of(interaction, _body)
    if (head := exchange.tape.head) and isinstance(taken := interaction.get("decoded"), list):
        headers = _put_back(head.headers, taken)
        coding = (header(headers, b"content-encoding") or b"").strip().lower().decode("latin-1")
        tape = replace(exchange.tape, head=replace(head, headers=headers))
        exchange = replace(exchange, tape=tape, coding=coding if coding in CODINGS else "")
    said = interaction.get("fidelity")  # less than the format has, where what was exported had less
    return replace(exchange, fidelity=Fidelity(said)) if said in (Fidelity.FRAMES, Fidelity.TEXT) else exchange


def _put_back(headers: Headers, taken: list[Any]) -> Headers:
    """The headers with those that the exporter took out when it let a body stand decoded, each in its place."""
    found = list(headers)
    for one in taken:
        match one:
            case [int(place), str(name), str(value)]:
                found[place:place] = header_pairs([(name, value)])
    return tuple(found)


def _body(side: dict[str, Any]) -> Kept:
    if "parsed_body" in side:
        return Kept(as_json(side["parsed_body"]), exact=False)
    body: Any = side.get("body", side.get("content"))
    match body:
        case {"base64_string": text} if len(body) == 1:
            return Kept(unbase64(text))
        case {"args": [list(parts)]} if len(body) == 1:  # an iterator that was sent, as Python pickles one
            return Kept(b"".join(_bytes(part) for part in parts if isinstance(part, str | bytes)))
        case {"string": inner} | {"state": [inner, int(), _]}:  # the second is an io.BytesIO that was sent, pickled
            body = inner
    if body is None:
        return Kept(b"")
    return Kept(_bytes(body)) if isinstance(body, str | bytes) else Kept(as_json(body), exact=False)


def _bytes(text: str | bytes) -> bytes:
    return encoded(text) if isinstance(text, str) else text


FORMAT = Format("vcrpy", "vcrpy cassettes (Python), YAML and JSON", Fidelity.BYTES, _claims, _read)
