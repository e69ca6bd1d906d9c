"""A request as rules see it. Nothing is looked at before a rule asks, and nothing twice; no body makes it raise.

Chat completions have `messages`, responses `input`, legacy completions and embeddings a text, or several.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from typing import Any

from mockprovider.synthesis.asked import text_of
from mockprovider.tape import Request

NAMES = (
    *("user", "model", "body", "headers", "path", "method"),
    *("nth", "tool_result", "message", "messages"),
)
"""What a template may name."""

_SPEAKS = re.compile(r"(?:\A|/)(?:completions|responses)/?\Z")
_NO_JSON = object()


class Reading:
    """One request, read as far as somebody asked."""

    def __init__(self, request: Request) -> None:
        self.method = request.method
        self.path = request.path
        self._request = request
        self._found: dict[str, Sequence[Any]] = {}

    @cached_property
    def speaks(self) -> bool:
        """Whether the answer is something said: chat completions, legacy completions, responses."""
        return self.method == "POST" and _SPEAKS.search(self.path) is not None

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object in the body; empty where there is none."""
        return self._json if isinstance(self._json, dict) else {}

    @cached_property
    def model(self) -> str | None:
        """The model asked for."""
        model = self.body.get("model")
        return model if isinstance(model, str) else None

    @cached_property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation, oldest first; a text alone is a message of the user's."""
        for name in ("messages", "input", "prompt"):
            said = self.body.get(name)
            if isinstance(said, str):
                return [{"role": "user", "content": said}]
            if isinstance(said, list) and said:
                texts = [each for each in said if isinstance(each, str)]
                if len(texts) == len(said):
                    return [{"role": "user", "content": "\n".join(texts)}]
                return [each for each in said if isinstance(each, dict)]
        return []

    @cached_property
    def user(self) -> str:
        """The text of the user's newest message; "" where there is none."""
        return next((text_of(m.get("content")) for m in reversed(self.messages) if m.get("role") == "user"), "")

    @cached_property
    def user_folded(self) -> str:
        """The same without case."""
        return self.user.casefold()

    @cached_property
    def tool_result(self) -> str | None:
        """The text of the tool results that the conversation ends in, a line each; None where it ends otherwise."""
        results = [*takewhile(_is_result, reversed(self.messages))]
        return "\n".join(map(_result_text, reversed(results))) if results else None

    @cached_property
    def tool_result_folded(self) -> str:
        """The same without case; "" where there is none."""
        return (self.tool_result or "").casefold()

    @cached_property
    def headers(self) -> dict[str, list[str]]:
        """The values of each header, by its name in lower case."""
        found: dict[str, list[str]] = {}
        for name, value in self._request.headers:
            found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())
        return found

    def nodes(self, path: str, query: Callable[[Any], Iterable[Any]]) -> Sequence[Any]:
        """What the JSONPath `path`, of which `query` finds the values, names in the body."""
        if (found := self._found.get(path)) is None:
            found = self._found[path] = () if self._json is _NO_JSON else tuple(query(self._json))
        return found

    def names(self, nth: int) -> Mapping[str, Any]:
        """What a template may name, for a rule's `nth` answer."""
        return {
            "user": self.user,
            "model": self.model or "",
            "body": {} if self._json is _NO_JSON else self._json,
            "headers": {name: values[0] for name, values in self.headers.items()},
            "path": self.path,
            "method": self.method,
            "nth": nth,
            "tool_result": self.tool_result or "",
            "message": self.messages[-1] if self.messages else {},
            "messages": self.messages,
        }

    @cached_property
    def _json(self) -> Any:
        try:
            return json.loads(self._request.body.decode("utf-8"))
        except (ValueError, RecursionError):
            return _NO_JSON


def _is_result(message: Mapping[str, Any]) -> bool:
    kind = message.get("type")
    return message.get("role") in ("tool", "function") or (isinstance(kind, str) and kind.endswith("_call_output"))


def _result_text(message: Mapping[str, Any]) -> str:
    return text_of(message.get("output") if message.get("output") is not None else message.get("content"))
