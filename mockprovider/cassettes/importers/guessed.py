"""The request that an answer can have answered, for recordings that kept the answer alone.

Law: no more is made up than must be. The path is told by the shape of the answer, the model is the one that it names,
and the rest of the body is left out; so a guessed request is no request that a client sends, and replay gives the
answer only to who asks for it in these words.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockprovider.cassettes.importers.common import as_json
from mockprovider.sse import frames
from mockprovider.tape import Headers, Request

NOTE = "the recording had no request: this is the least that could have asked for the answer"
NO_STATUS = "the recording had no status: it is made up from the error's type"

_JSON: Headers = ((b"Content-Type", b"application/json"),)

_STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "requests": 429,
    "tokens": 429,
    "insufficient_quota": 429,
    "api_error": 500,
    "server_error": 500,
    "overloaded_error": 529,
}
"""The status that OpenAI's and Anthropic's documents give for each type of error."""


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of answer: the path that gives it, and what tells it."""

    path: str
    tells: Callable[[Mapping[str, Any]], bool]
    method: str = "POST"


def _first(value: Any) -> Mapping[str, Any]:
    """The first object of a list, empty where there is none."""
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}


def _kind(value: Mapping[str, Any]) -> str:
    kind = value.get("type")
    return kind if isinstance(kind, str) else ""


_ANTHROPIC = frozenset(
    {"message_start", "message_delta", "message_stop", "content_block_start", "content_block_delta", "ping"}
)

FAMILIES: tuple[Family, ...] = (
    Family("/v1/responses", lambda it: it.get("object") == "response" or _kind(it).startswith("response.")),
    Family("/v1/messages", lambda it: _kind(it) in _ANTHROPIC or (_kind(it) == "message" and "model" in it)),
    Family("/v1/messages", lambda it: _kind(it) == "error" and isinstance(it.get("error"), dict)),
    Family("/v1/completions", lambda it: it.get("object") == "text_completion" or "text" in _first(it.get("choices"))),
    Family("/v1/chat/completions", lambda it: str(it.get("object")).startswith("chat.completion")),
    Family("/v1/chat/completions", lambda it: bool({"delta", "message"} & _first(it.get("choices")).keys())),
    Family("/v1/embeddings", lambda it: _first(it.get("data")).get("object") == "embedding"),
    Family("/v1/models", lambda it: _first(it.get("data")).get("object") == "model", "GET"),
    Family("/v1/chat/completions", lambda it: isinstance(it.get("error"), dict) and "message" in it["error"]),
)


def family_of(value: Any) -> Family | None:
    """The kind of answer, or of event of one, that a JSON value is; None where it is none that is known."""
    return next((family for family in FAMILIES if family.tells(value)), None) if isinstance(value, dict) else None


def request_for(values: Iterable[Any], *, streamed: bool, method: str = "", path: str = "") -> Request | None:
    """The least that could have asked for an answer, whose body or events these are; None where nothing tells.

    `method` and `path` are what is known of the request.
    """
    family, model = None, ""
    for value in values:
        family = family or family_of(value)
        model = model or _model(value)
        if family and model:
            break
    if family is None and not path:
        return None
    method = method or (family.method if family else "POST")
    body: dict[str, Any] = {**({"model": model} if model else {}), **({"stream": True} if streamed else {})}
    sends = method != "GET"
    path = path or (family.path if family else "/")
    return Request(method, path, "", _JSON if sends else (), as_json(body) if sends else b"")


def values(body: bytes) -> Iterator[Any]:
    """The JSON values of a body, or of the events of one; what is no JSON is left out."""
    texts = (frame.data for frame in frames(body)) if is_stream(body) else (body.decode("utf-8", "replace"),)
    for text in texts:
        if text is not None:
            try:
                yield json.loads(text)
            except (ValueError, RecursionError):
                continue


def is_stream(body: bytes) -> bool:
    """Whether a body looks like a stream of events."""
    return _FIELD.match(body) is not None


_FIELD = re.compile(rb"\s*(?:\xef\xbb\xbf)?(?:(?:data|event|id|retry):|:[^\r\n]*[\r\n])")


def error_status(value: Any) -> int | None:
    """The status that an error's type stands for, 400 for a type that is not known; None for what is no error."""
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict):
        return None
    kinds = [kind for kind in (error.get("type"), error.get("code")) if isinstance(kind, str)]
    return next((_STATUSES[kind] for kind in kinds if kind in _STATUSES), 400)


def _model(value: Any) -> str:
    """The model that a body or an event names."""
    if not isinstance(value, dict):
        return ""
    for place in (value, value.get("response"), value.get("message")):
        if isinstance(place, dict) and isinstance(model := place.get("model"), str) and model:
            return model
    return ""
