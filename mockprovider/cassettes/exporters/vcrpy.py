"""vcrpy's cassettes, version 1, as YAML: what vcrpy loads and replays.

A body stands decoded, without the header that names its coding: of what vcrpy replays, httpx undoes a coding, while
requests and aiohttp do not. That header, the time and the fidelity stand beside the request and the response, where
vcrpy looks past them. What has no place is lost: chunks and their times, notes, the name of an upstream.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from mockprovider import yamlfile
from mockprovider.cassettes.coding import measured
from mockprovider.cassettes.exporters.har import url_of
from mockprovider.errors import CassetteError
from mockprovider.tape import Complete, Exchange, Fidelity, Framing, Head, Headers, Tape, ending_name


def dump(exchanges: Iterable[Exchange]) -> str:
    """The cassette of these exchanges. Raises CassetteError for one that vcrpy can't hold (see `misfit`)."""
    interactions = []
    for number, exchange in enumerate(exchanges, 1):
        if why := misfit(exchange):
            asked = f"{exchange.request.method} {exchange.request.target}"
            raise CassetteError(f"exchange {number}, {asked}: {why}; vcrpy holds whole answers only")
        interactions.append(_interaction(exchange))
    try:
        return yamlfile.emit({"interactions": interactions, "version": 1})
    except ValueError as problem:
        raise CassetteError(f"no vcrpy cassette can hold this: {problem}") from None


def misfit(exchange: Exchange) -> str:
    """Why vcrpy can't hold an exchange; empty where it can."""
    if exchange.tape.head is None:
        return "its answer has no head"
    if not isinstance(exchange.tape.ending, Complete):
        return f"its answer is not whole, it ended in {ending_name(exchange.tape.ending)!r}"
    return ""


def _interaction(exchange: Exchange) -> dict[str, Any]:
    request, head = exchange.request, _measured(exchange.tape)
    headers = _flat(_listed(_on_the_wire(head))) if head else ()
    named = [place for place, (name, _) in enumerate(headers) if exchange.coding and name.lower() == "content-encoding"]
    return {
        "request": {
            "body": _text_or_bytes(request.body),
            "headers": _listed(_as_text(request.headers)),
            "method": request.method,
            "uri": url_of(exchange),
        },
        "response": {
            "body": {"string": _text_or_bytes(exchange.tape.body)},
            "headers": _listed(pair for place, pair in enumerate(headers) if place not in named),
            "status": {"code": head.status, "message": head.reason.decode("latin-1")} if head else {},
        },
        **({"decoded": [(place, *headers[place]) for place in named]} if named else {}),
        **({"recorded_at": exchange.recorded} if exchange.recorded else {}),
        **({"fidelity": str(exchange.fidelity)} if exchange.fidelity in (Fidelity.FRAMES, Fidelity.TEXT) else {}),
    }


def _measured(tape: Tape) -> Head | None:
    """The head, with the length of the decoded body where it names a length: urllib3 insists on it."""
    named = tape.head is not None and tape.head.header(b"content-length") is not None
    return measured(tape).head if named else tape.head


def _on_the_wire(head: Head) -> Iterator[tuple[str, str]]:
    """The headers, with the one that a tape keeps as its framing."""
    yield from _as_text(head.headers)
    if head.framing is Framing.CHUNKED:
        yield "Transfer-Encoding", "chunked"


def _as_text(headers: Headers) -> Iterator[tuple[str, str]]:
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _listed(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each name, in the order in which the names first came."""
    listed = dict[str, list[str]]()
    for name, value in headers:
        listed.setdefault(name, []).append(value)
    return listed


def _flat(listed: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in listed.items() for value in values]


def _text_or_bytes(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
