"""An HTTP archive, HAR 1.2, of exchanges: for browsers' developer tools, Playwright, mitmproxy.

An entry says all that HAR can say, in HAR's own fields; `_mockprovider` beside it has what HAR has no place for:
chunks and their times, framing, ending, fidelity. Law: importing what was exported gives the same exchanges, to the
byte and to a microsecond.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from mockprovider import __version__
from mockprovider.cassettes.importers.common import target_in_ascii
from mockprovider.cassettes.importers.har import NEVER, OWN, behind, located, recorded_at
from mockprovider.tape import Abandoned, Exchange, Garbage, Headers, Origin, Tape, ending_name, header


def dump(exchanges: Iterable[Exchange]) -> str:
    """The archive, with one entry a line, so that a diff shows which exchanges changed."""
    entries = ",\n".join(json.dumps(_entry(exchange), ensure_ascii=False) for exchange in exchanges)
    creator = json.dumps({"name": "mockprovider", "version": __version__})
    return f'{{"log": {{"version": "1.2", "creator": {creator}, "entries": [\n{entries}\n]}}}}\n'


def _entry(exchange: Exchange) -> dict[str, Any]:
    tape = exchange.tape
    begun = tape.head.at if tape.head else tape.ending.at
    wait, end = _milliseconds(begun), _milliseconds(tape.ending.at)
    known = recorded_at(exchange.recorded) == exchange.recorded
    return {
        "startedDateTime": exchange.recorded if known and exchange.recorded else NEVER,
        "time": end,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": wait, "receive": round(end - wait, 3)},
        OWN: _own(exchange) | ({} if known else {"recorded": exchange.recorded}),
    }


def _request(exchange: Exchange) -> dict[str, Any]:
    request = exchange.request
    form: dict[str, Any] = {
        "method": request.method,
        "url": url_of(exchange),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request.headers),
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(request.query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        form["postData"] = {"mimeType": _kind(request.headers), "params": [], **_content(request.body)}
    return form


def _response(exchange: Exchange) -> dict[str, Any]:
    head, body = exchange.tape.head, exchange.tape.body
    headers = head.headers if head else ()
    return {
        "status": head.status if head else 0,
        "statusText": head.reason.decode("latin-1") if head else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers),
        "content": {"size": len(body), "mimeType": _kind(headers), **_content(body)},
        "redirectURL": (header(headers, b"location") or b"").decode("latin-1"),
        "headersSize": -1,
        "bodySize": -1 if exchange.coding else len(body),
    }


def _own(exchange: Exchange) -> dict[str, Any]:
    """What HAR has no place for; what is as usual is left out."""
    request, tape = exchange.request, exchange.tape
    target = (request.path, request.query)
    return {
        "fidelity": str(exchange.fidelity),
        **({"upstream": exchange.upstream} if exchange.upstream else {}),
        **({"target": target} if located(url_of(exchange), exchange.upstream) != target else {}),
        **({"coding": exchange.coding} if exchange.coding else {}),
        **({"notes": exchange.notes} if exchange.notes else {}),
        **({"cwd": exchange.cwd} if exchange.cwd else {}),
        **({"origin": str(exchange.origin)} if exchange.origin is not Origin.RECORDED else {}),
        **({"source": asdict(exchange.source)} if exchange.source else {}),
        **({"framing": str(tape.head.framing)} if tape.head else {}),
        "chunks": [(_milliseconds(chunk.at), len(chunk.data)) for chunk in tape.chunks],
        "ending": _ending(tape),
    }


def _ending(tape: Tape) -> dict[str, str]:
    form = {"how": ending_name(tape.ending)}
    if isinstance(tape.ending, Garbage):
        form["data"] = base64.b64encode(tape.ending.data).decode()
    if isinstance(tape.ending, Abandoned):
        form["why"] = tape.ending.why
    return form


def url_of(exchange: Exchange) -> str:
    """The absolute URL that an exchange went to, in ASCII; it is made up where no upstream is known."""
    prefix, base = behind(exchange.upstream)
    path, query = exchange.request.path, exchange.request.query
    if prefix and (path + "/").startswith(prefix + "/"):
        path = path.removeprefix(prefix)
    elif not path.startswith("/"):
        path = f"/{path}"
    target = f"{path}?{query}" if query else path
    return base + target_in_ascii(target)


def _headers(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name.decode("latin-1"), "value": value.decode("latin-1")} for name, value in headers]


def _kind(headers: Headers) -> str:
    return (header(headers, b"content-type") or b"application/octet-stream").decode("latin-1")


def _content(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1_000_000) / 1000
