"""Formats that are known by sight and not imported: each is named, so that a refusal says what a file is.

They hold no exchange of HTTP (an SDK's objects, code, a pattern, a trace), or are no recording at all.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockprovider.cassettes.importers.common import Source


@dataclass(frozen=True, slots=True)
class Foreign:
    """A format by its name, with its article, and what tells it."""

    name: str
    tells: Callable[[Source], bool]


def _begins(*starts: bytes) -> Callable[[Source], bool]:
    return lambda source: source.data.startswith(starts)


def _says(pattern: bytes) -> Callable[[Source], bool]:
    """Whether a pattern stands in the first 64 KiB."""
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda source: compiled.search(source.data, 0, 65536) is not None


def _has(*path: str | int) -> Callable[[Source], bool]:
    """Whether a file is JSON with these keys and places, one in the other."""

    def tells(source: Source) -> bool:
        value: Any = source.parsed
        for step in path:
            known: Any = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
            if step not in known:
                return False
            value = value[step]
        return True

    return tells


def _every(*tells: Callable[[Source], bool]) -> Callable[[Source], bool]:
    return lambda source: all(tell(source) for tell in tells)


def _is_json(source: Source) -> bool:
    return source.parsed is not None


FOREIGN: tuple[Foreign, ...] = (
    Foreign("an exchange of a mockprovider cassette", _begins(b"# mockprovider exchange;")),
    Foreign("a SQLite database", _begins(b"SQLite format 3\0")),
    Foreign("a packet capture", _begins(b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x0a\x0d\x0d\x0a")),
    Foreign("a compressed file", _begins(b"\x1f\x8b", b"PK\x03\x04", b"\xfd7zXZ", b"(\xb5/\xfd")),
    Foreign("a flow dump of mitmproxy", _says(rb"\A\d{1,9}:\d{1,5}:(?:request|version|websocket|response|type);")),
    Foreign(
        "a llama-stack recording",
        _every(_has("request"), _says(rb'"__type__"|"is_streaming"|"id_normalization_mapping"')),
    ),
    Foreign("a WireMock mapping without its request", _every(_has("response", "bodyFileName"))),
    Foreign("a Hoverfly simulation", _has("data", "pairs")),
    Foreign("a list of MockServer expectations", _has(0, "httpRequest")),
    Foreign("a MockServer expectation", _has("httpRequest")),
    Foreign("a file of Mountebank's imposters", _has("imposters")),
    Foreign("a Postman collection", _has("info", "_postman_id")),
    Foreign(
        "an OpenAPI document", _every(_says(rb'^[ \t]{0,8}"?(?:openapi|swagger)"?:'), _says(rb'\bpaths"?\s{0,8}:'))
    ),
    Foreign("output of OpenAI's batch API", _says(rb'\A\{"id": ?"batch_req_|\A\{"custom_id":')),
    Foreign("an answer of Gemini's own API", _has("candidates", 0, "content")),
    Foreign("an answer of Ollama's own API", _every(_has("done"), _has("model"))),
    Foreign("an item of a conversation", _every(_has("id"), _has("role"), _has("content"))),
    Foreign("code with MSW handlers", _says(rb"\bHttpResponse\b|from ['\"]msw['\"]|require\(['\"]msw['\"]\)")),
    Foreign("code with nock's interceptors", _says(rb"\bnock\(\s*['\"`]https?://")),
    Foreign("a YAML file of php-vcr", _says(rb"\A(?:---\s*)?-\n {4}request:")),
    Foreign("a file of an HTTP client's requests", _says(rb"\A(?:###|@\w+ ?=|(?:GET|POST|PUT|DELETE) https?://)")),
    Foreign("a curl command", _says(rb"\A\s{0,64}(?:\$ )?curl\s")),
    Foreign("source code", _says(rb"\A(?:#!|//|/\*|import |from \w+ import|package |use strict|const |<\?php)")),
    Foreign("the text of a licence", _says(rb"(?i)\A[^{]{0,200}(?:licen[sc]e|copyright)")),
    Foreign("an HTML page", _says(rb"(?i)\A\s*<(?:!doctype html|html)")),
    Foreign("JSON of no recorder that is known", _is_json),
    Foreign("JSON Lines of no recorder that is known", _says(rb'\A\s*\{".*\}[ \t\r]*\n\s*\{"')),
    Foreign("JSON that ends too early or is broken", _says(rb'\A\s*[\[{]\s*["{\[]')),
    Foreign("a cassette in YAML of no recorder that is known", _says(rb"^(?:http_)?interactions:")),
    Foreign("an empty file", lambda source: not source.data.strip()),
    Foreign("a binary file", lambda source: b"\0" in source.data[:65536]),
)
"""In the order in which a file is tried."""


def named(source: Source) -> str:
    """Why a file of no format that is imported is refused: what it is, where that is known."""
    known = next((each.name for each in FOREIGN if each.tells(source)), "text of no recorder that is known")
    return f"{known}, which is not imported"
