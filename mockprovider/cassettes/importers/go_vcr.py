"""Cassettes of dnaeon/go-vcr: format version 1 (its releases v1 and v2) and 2 (v3 and v4), as YAML or JSON.

Law: what Go's HTTP client took off an answer and says so is put back: the gzip that it undid and the chunks that it
counted. Bodies are the wire's, unless a hook has visibly changed them: then a length that was recorded fits no more.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mockprovider.cassettes.importers.common import (
    Format,
    Found,
    Source,
    answered,
    asked,
    guessed_headers,
    mapping,
    sequence,
)
from mockprovider.cassettes.importers.interactions import encoded, interactions, is_json
from mockprovider.cassettes.importers.whole import dated, pairs, status
from mockprovider.errors import CassetteError
from mockprovider.tape import Exchange, Fidelity, Headers

_VERSION = re.compile(rb'(?:^|[\s{,])"?version"?:\s*[0-9]')
_URL_IN_YAML = re.compile(rb"^[ \t]+(url|uri):", re.MULTILINE)
_URL_IN_JSON = re.compile(rb'[{,]\s*"(url|uri)"\s*:')
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_STEP = re.compile(rf"(\d+(?:\.\d*)?|\.\d+)({'|'.join(_UNITS)})")
_LONGEST = 10**9
"""Seconds that an answer may take; more is no measurement."""


def _claims(source: Source) -> bool:
    """Whether it looks like one. vcrpy's and Ruby's cassettes say `uri` where go-vcr says `url`."""
    source = _bare(source)
    head = source.data[:4096]
    if not _VERSION.search(head) or b"interactions" not in head:
        return False
    found = (_URL_IN_JSON if is_json(source) else _URL_IN_YAML).search(source.data)
    return found is not None and found[1] == b"url"


def _read(source: Source) -> Iterator[Found]:
    source = _bare(source)
    top = mapping(source.json if is_json(source) else next(iter(source.yaml), None))
    if (version := top.get("version")) not in (1, 2) or version is True:
        raise CassetteError(f"{source.name}: of no version of go-vcr's format that is known (1 and 2 are)")
    return interactions(source, "interactions", _exchange)


def _bare(source: Source) -> Source:
    """The file without the line of `---` that go-vcr writes before JSON too."""
    return replace(source, data=source.data.removeprefix(b"---\n")) if source.data[4:5] == b"{" else source


def _exchange(interaction: dict[str, Any]) -> Exchange:
    said, gave = mapping(interaction.get("request")), mapping(interaction.get("response"))
    if not said or not gave:
        raise ValueError("it has no request or no response")
    method = str(said.get("method") or "GET")  # as Go's client takes it
    asking, body = _body(said), _body(gave)
    request, upstream = asked(method, _url(said), pairs(said.get("headers")), asking)
    code, headers = status(gave.get("code")), pairs(gave.get("headers"))
    # What go-vcr calls the duration is over when the head has come: it stops the watch, and then reads the body.
    at = _seconds(gave.get("duration"))
    tape, coding = answered(
        code,
        (headers or guessed_headers(body)) + _taken_off(gave),
        body,
        reason=_reason(gave.get("status"), code),
        times=(at, at),
        method=request.method,
    )
    changed = _misfits(said, asking) or (_misfits(gave, body) and request.method != "HEAD")
    return Exchange(
        request,
        tape,
        dated(headers),
        coding,
        fidelity=Fidelity.FRAMES if changed else Fidelity.BYTES,
        upstream=upstream,
    )


def _url(said: dict[Any, Any]) -> str:
    """The URL of a request; as a server's middleware it records the target alone, and the host beside it."""
    url, host = str(said.get("url") or ""), said.get("host")
    return f"http://{host}{url}" if host and url.startswith("/") else url


def _body(side: dict[Any, Any]) -> bytes:
    match side.get("body"):
        case None:
            return b""
        case bytes(body):
            return body
        case str(text):
            return encoded(text)
    raise ValueError("its body is no text")


def _taken_off(gave: dict[Any, Any]) -> Headers:
    """The headers that Go's client removes from an answer once it has acted on them."""
    found: Headers = ()
    if gave.get("uncompressed") is True:
        found += ((b"Content-Encoding", b"gzip"),)  # the one coding that it asks for by itself
    if "chunked" in sequence(gave.get("transfer_encoding")) or gave.get("content_length") == -1:
        found += ((b"Transfer-Encoding", b"chunked"),)
    return found


def _reason(status: Any, code: int) -> str | None:
    """The reason phrase of `200 OK`; None where the status line was not kept."""
    text = str(status or "")
    return text.removeprefix(str(code)).strip() if text.startswith(f"{code} ") else None


def _seconds(duration: Any) -> float:
    """A Go duration (`1m2.5s`, or a number of nanoseconds) in seconds, to a microsecond; 0 where it is none."""
    seconds = 0.0
    if isinstance(duration, int) and 0 <= duration <= _LONGEST * 10**9:
        seconds = duration / 1e9
    elif isinstance(duration, str) and len(duration) < 40 and not _STEP.sub("", duration):
        seconds = sum(float(figure) * _UNITS[unit] for figure, unit in _STEP.findall(duration))
    return round(seconds, 6) if 0 <= seconds <= _LONGEST else 0.0


def _misfits(side: dict[Any, Any], body: bytes) -> bool:
    """Whether a length was recorded that the body does not have; 0 and below mean that it was not known."""
    length = side.get("content_length")
    return isinstance(length, int) and length > 0 and length != len(body)


FORMAT = Format("go-vcr", "go-vcr cassette (v1 to v4)", Fidelity.BYTES, _claims, _read)
