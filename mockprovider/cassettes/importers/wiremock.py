"""WireMock mappings, in JSON or YAML: a request pattern and the response to it.

A mapping that WireMock recorded compares the whole body (`equalToJson`, `equalTo`), so it names one request; a pattern
that many requests fit is refused. A mapping holds no host; a body may stand in a file of its own, under `__files`.
"""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from mockprovider.cassettes.importers.common import Format, Found, Refused, Source
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, based64, kept, tried, whole
from mockprovider.errors import CassetteError
from mockprovider.tape import Fidelity

_HALVES = (b"\nrequest:", b"\nresponse:")


def _mappings(value: Any) -> list[Any]:
    """The mappings of a file: one, or a list of them."""
    listed = value.get("mappings") if isinstance(value, dict) else None
    return listed if isinstance(listed, list) else [value]


def _is_mapping(value: Any) -> bool:
    match value:
        case {"request": {"method": str(), **pattern}, "response": {"status": int()}}:
            return pattern.keys() <= _URLS | _PATTERNS and bool(pattern.keys() & _URLS)
    return False


_URLS = {"url", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate"}
_PATTERNS = {
    "headers", "queryParameters", "cookies", "bodyPatterns", "basicAuthCredentials", "multipartPatterns",
    "formParameters", "pathParameters", "host", "port", "scheme", "clientIp", "customMatcher",
}  # fmt: skip
_LOOSE = ("formParameters", "multipartPatterns", "pathParameters", "customMatcher")


def _claims(source: Source) -> bool:
    if source.data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        return _is_mapping(_mappings(source.parsed)[:1][0]) if _mappings(source.parsed) else False
    head = b"\n" + source.data
    return all(half in head for half in _HALVES) and b"bodyPatterns:" in head and b"http_interactions:" not in head


def _read(source: Source) -> Iterator[Found]:
    value = source.parsed
    if value is None:
        documents = source.yaml
        value = documents[0] if documents else None
    found = _mappings(value)
    if not any(isinstance(each, dict) for each in found):
        raise CassetteError(f"{source.name}: no request and response, which a mapping has")
    for number, mapping in enumerate(found, 1):
        where = f"mapping {number}" if len(found) > 1 else ""
        match mapping:
            case {"request": dict(request), "response": dict(response)}:
                yield tried(where, partial(_exchange, source, where, request, response, mapping))
            case _:
                yield Refused(where, "has no request and response")


def _exchange(
    source: Source, where: str, request: dict[str, Any], response: dict[str, Any], mapping: dict[str, Any]
) -> Found:
    if any(name in response for name in ("fault", "proxyBaseUrl", "transformers")):
        return Refused(where, "its response is a fault, a proxy or a template")
    if mapping.get("requiredScenarioState") not in (None, "Started"):
        return Refused(where, "it is a later state of a scenario, whose order its file does not tell")
    asked = Asked(request.get("method"), _url(request), _headers(request), _sent(request))
    return whole(where, asked, Answered(response.get("status"), response.get("headers"), _said(source, response)))


def _url(request: dict[str, Any]) -> str:
    match request:
        case {"url": str(exact)} | {"urlPath": str(exact)}:
            pass
        case _:
            raise ValueError(_PATTERN)
    wanted = request.get("queryParameters")
    query = [(name, _equal(value)) for name, value in wanted.items()] if isinstance(wanted, dict) else []
    return f"{exact}?{urlencode(query)}" if query else exact


_PATTERN = "its request is a pattern that many requests fit"


def _equal(matcher: Any) -> str:
    """The one text that a matcher takes. Raises ValueError where it takes several."""
    match matcher:
        case {"equalTo": str(text)}:
            return text
        case {"hasExactly": [only]}:
            return _equal(only)
    raise ValueError(_PATTERN)


def _headers(request: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers of which the text is known; a pattern for one says nothing that counts."""
    wanted = request.get("headers")
    known = wanted.items() if isinstance(wanted, dict) else ()
    return [(str(name), value["equalTo"]) for name, value in known if isinstance(value, dict) and "equalTo" in value]


def _sent(request: dict[str, Any]) -> Kept:
    if any(name in request for name in _LOOSE):
        raise ValueError(_PATTERN)
    match request.get("bodyPatterns"):
        case None | [] if request.get("method") in ("GET", "HEAD", "DELETE"):
            return kept(None)
        case [{"equalToJson": wanted, **more}] if not more.get("ignoreExtraElements"):
            return kept(_as_value(wanted))
        case [{"equalTo": str(text)}]:
            return kept(text)
        case [{"binaryEqualTo": str(text)}]:
            return Kept(based64(text))
    raise ValueError(_PATTERN)


def _as_value(wanted: Any) -> Any:
    """The JSON that a body must equal. A placeholder in it stands for any value."""
    if isinstance(wanted, str):
        if "${json-unit." in wanted:
            raise ValueError(_PATTERN)
        try:
            return json.loads(wanted)
        except (ValueError, RecursionError):
            raise ValueError("the body of its request is no JSON") from None
    return wanted


def _said(source: Source, response: dict[str, Any]) -> Kept:
    if isinstance(name := response.get("bodyFileName"), str):
        data = source.beside(name)
        if data is None:
            raise ValueError("the file with the body of its response is not beside it")
        return Kept(data)
    if "jsonBody" in response:
        return kept(response["jsonBody"])
    coded = response.get("base64Body")
    return Kept(based64(coded)) if isinstance(coded, str) else kept(response.get("body"))


FORMAT = Format("wiremock", "WireMock mapping", Fidelity.BYTES, _claims, _read)
