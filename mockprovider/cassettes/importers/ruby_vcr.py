"""Ruby VCR's cassettes since 2.0, as YAML and as JSON, and those of the R package vcr, which have the same layout.

A body names the encoding that its string had in Ruby, and its text is transcoded to UTF-8 for the file; what is binary
stands as `!binary`, or as base64 in both. R's vcr 2 squeezes such bodies first (`raw_gzip`), and it may leave one in
another file, which is not here to be read.
"""

import contextlib
import re
import zlib
from collections.abc import Iterator
from typing import Any

from mockprovider.cassettes.importers.common import LARGEST, Format, Found, Source, as_json
from mockprovider.cassettes.importers.interactions import encoded, exchange_of, interactions, is_json, unbase64
from mockprovider.cassettes.importers.whole import Kept, pairs
from mockprovider.tape import Exchange, Fidelity, Headers

_TRANSCODED = {
    "ISO-8859-1": "latin-1",
    "ISO-8859-15": "iso8859-15",
    "Windows-1252": "cp1252",
    "Shift_JIS": "shift_jis",
    "EUC-JP": "euc_jp",
    "GBK": "gbk",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
}
"""Ruby's names of encodings other than UTF-8 and what is a part of it, and Python's."""

_YAML = re.compile(rb"^http_interactions:", re.MULTILINE)
_JSON = re.compile(rb'(?<!\\)"http_interactions"\s*:')


def _claims(source: Source) -> bool:
    return (_JSON if is_json(source) else _YAML).search(source.data) is not None


def _read(source: Source) -> Iterator[Found]:
    return interactions(source, "http_interactions", _exchange)


def _exchange(interaction: dict[str, Any]) -> Exchange:
    return exchange_of(interaction, _body, _headers)


def _headers(side: dict[str, Any]) -> Headers:
    """The headers of the wire: with the coding that VCR undid, without the status line that R's curl keeps there."""
    kept = tuple(
        pair
        for pair in pairs(side.get("headers"))
        if not (pair[0].lower() == b"status" and pair[1].startswith(b"HTTP/"))
    )
    match side.get("adapter_metadata"):
        case {"vcr_decompressed": "gzip" | "deflate" as undone}:
            return (*kept, (b"Content-Encoding", undone.encode()))
    return kept


def _body(side: dict[str, Any]) -> Kept:
    body = side.get("body")
    body = body if isinstance(body, dict) else {"string": body}
    if body.get("file") or body.get("on_disk"):
        raise ValueError("its body stands in another file")
    if "base64_string" in body:
        return Kept(unbase64(body["base64_string"]))
    if "raw_gzip" in body:
        return Kept(_unsqueezed(unbase64(body["raw_gzip"])))
    match body.get("string"):
        case None:
            return Kept(b"")
        case bytes(data):
            return Kept(data)
        case str(text):
            return Kept(encoded(text, _TRANSCODED.get(str(body.get("encoding")), "utf-8")))
        case value:
            return Kept(as_json(value), exact=False)


def _unsqueezed(data: bytes) -> bytes:
    inner = zlib.decompressobj(wbits=47)  # zlib or gzip: R's memCompress writes the first and calls it the second
    with contextlib.suppress(zlib.error):
        plain = inner.decompress(data, LARGEST)
        if inner.eof:
            return plain
    raise ValueError("its squeezed body is damaged")


FORMAT = Format("ruby-vcr", "VCR cassettes (Ruby) and vcr cassettes (R), YAML and JSON", Fidelity.BYTES, _claims, _read)
