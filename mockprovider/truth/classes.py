"""Which recordings an answer is held against: of the same endpoint, asked alike, and the model chose alike."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from mockprovider.tape import Request
from mockprovider.truth.shapes import Shape, json_of

_ROUTES = re.compile(r"/(chat/completions|completions|embeddings|moderations|responses|models)/?\Z")
_ONE_MODEL = re.compile(r"/models/[^/].*\Z")


class Class(NamedTuple):
    """What makes answers comparable."""

    endpoint: str
    streamed: bool
    said: frozenset[str]
    """What the model chose: `Shape.said`."""
    asked: frozenset[str]
    """What of the request changes the shape of its answer."""

    @property
    def title(self) -> str:
        """For a person: `chat/completions stream, calls, usage asked for`."""
        words = [f"{self.endpoint} {form(streamed=self.streamed)}", *sorted(self.said), *sorted(self.asked)]
        return ", ".join(words)


def form(*, streamed: bool) -> str:
    """What the two forms of an answer are called."""
    return "stream" if streamed else "plain"


def endpoint_of(request: Request) -> str | None:
    """The endpoint that a request goes to, under whatever root; None where no profile has such a one."""
    if found := _ROUTES.search(request.path):
        return found[1] if request.method == ("GET" if found[1] == "models" else "POST") else None
    return "models/ID" if request.method == "GET" and _ONE_MODEL.search(request.path) else None


def class_of(shape: Shape, endpoint: str, request: Request) -> Class:
    """The class of an answer to a request."""
    return Class(endpoint, shape.streamed, shape.said, _asked(body_of(request)))


def body_of(request: Request) -> Mapping[str, Any]:
    """The JSON object that was sent; empty where there is none."""
    body = json_of(request.body)
    return body if isinstance(body, dict) else {}


def _asked(body: Mapping[str, Any]) -> frozenset[str]:
    options = body.get("stream_options")
    asked = {
        "usage asked for": isinstance(options, dict) and options.get("include_usage"),
        "logprobs asked for": body.get("logprobs") not in (None, False),
        "base64 asked for": body.get("encoding_format") == "base64",
        "sound asked for": "audio" in (body.get("modalities") or ()),
    }
    return frozenset(name for name, value in asked.items() if value)
