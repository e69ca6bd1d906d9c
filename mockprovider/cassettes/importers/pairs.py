"""Recorders that keep an exchange as one JSON object of a request and a response, each in its own dialect.

Datadog's test agent, req_llm, Instructor for PHP and Symfony AI differ in where a status stands, how a body is wrapped,
and whether a stream's pieces are kept beside it. Nothing else tells them apart, so a table does.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockprovider.cassettes.importers.common import Format, Found, Refused, Source
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, kept, tried, whole
from mockprovider.tape import Fidelity


@dataclass(frozen=True, slots=True)
class _Dialect:
    name: str
    title: str
    fidelity: Fidelity
    tells: Callable[[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]], bool]
    """Whether a file is of it, by the file's object, its (first) request and its (first) response."""


_DIALECTS = (
    _Dialect(
        "req-llm",
        "req_llm fixture",
        Fidelity.BYTES,
        lambda _file, request, _response: "canonical_json" in request,
    ),
    _Dialect(
        "datadog",
        "Datadog test agent's JSON",
        Fidelity.BYTES,
        lambda _file, request, response: (
            isinstance(request.get("body"), str) and isinstance(response.get("status"), dict) and "body" in response
        ),
    ),
    _Dialect(
        "instructor-php",
        "Instructor for PHP's recording",
        Fidelity.BYTES,
        lambda _file, _request, response: "statusCode" in response,
    ),
    _Dialect(
        "symfony-ai",
        "Symfony AI cassette",
        Fidelity.BYTES,
        lambda file, request, response: "interactions" in file and "signature" in request and "status" in response,
    ),
)


def _interactions(source: Source) -> list[Any]:
    """The exchanges of a file: what `interactions` lists, or the file's object itself."""
    file = source.parsed
    if not isinstance(file, dict):
        return []
    listed = file.get("interactions")
    return listed if isinstance(listed, list) else [file]


def _claims(dialect: _Dialect) -> Callable[[Source], bool]:
    def claims(source: Source) -> bool:
        match _interactions(source)[:1]:
            case [{"request": dict(request), "response": dict(response)}]:
                return "url" in request and dialect.tells(source.parsed, request, response)
        return False

    return claims


def _read(source: Source) -> Iterator[Found]:
    source.json  # noqa: B018 raises where the file is no JSON
    found = _interactions(source)
    for number, each in enumerate(found, 1):
        where = f"interaction {number}" if len(found) > 1 else ""
        yield tried(where, partial(_exchange, where, each))


def _exchange(where: str, each: Any) -> Found:
    match each:
        case {"request": dict(request), "response": dict(response)}:
            pass
        case _:
            return Refused(where, "has no request and response")
    body = _pieces(each["chunks"]) if isinstance(each.get("chunks"), list) else kept(response.get("body"))
    sent = kept(request.get("body"))
    captured = each.get("captured_at")
    return whole(
        where,
        Asked(request.get("method"), request.get("url"), request.get("headers"), sent),
        Answered(response.get("status", response.get("statusCode")), response.get("headers"), body),
        recorded=captured if isinstance(captured, str) else "",
    )


def _pieces(chunks: list[Any]) -> Kept:
    """A stream's pieces, joined: their bounds are those of a reader's buffer, and no times were kept."""
    parts = [kept(chunk) for chunk in chunks]
    return Kept(b"".join(part.data for part in parts), all(part.exact for part in parts))


FORMATS: tuple[Format, ...] = tuple(
    Format(dialect.name, dialect.title, dialect.fidelity, _claims(dialect), _read) for dialect in _DIALECTS
)
