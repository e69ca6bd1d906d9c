"""Says in a few words what a client made of an answer; "ok" where it is what was asked for."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.clients.matrix.plan import Cell

OK = "ok"

_CALLED = [["get_weather", {"city": "Paris"}]]
_BEGINNING = 20
"""How much of a provider's words a client has to repeat: the ids that some end in differ from request to request."""


@dataclass(frozen=True)
class Refusal:
    """How a provider refuses."""

    status: int
    words: Sequence[str]
    """Its sentences, of which an error should have one."""


def outcome(cell: Cell, said: Mapping[str, Any], refusals: Sequence[Refusal]) -> str:
    """What came of a cell; where the provider was to refuse, it does so in one of these ways."""
    if "body" in said:
        said = read(cell.task, said)
    raised = said.get("raised")
    if refusals:
        return min((_refused(raised, refusal) for refusal in refusals), key=lambda found: found != OK)
    if raised is not None:
        return _raises(raised)
    return _JUDGES[cell.task](cell, said["value"])


def strings(body: str) -> list[str]:
    """The sentences of an error's body; where there is none, all its words."""
    try:
        found = list(_strings(json.loads(body)))
    except ValueError:
        return [_spaced(body)]
    return [each for each in found if " " in each] or found


def read(task: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a shell got, read as plainly as can be."""
    status, body = int(said["status"]), base64.b64decode(said["body"]).decode()
    if status != 200:
        return {"raised": {"type": "HTTP", "status": status, "message": " ".join(strings(body))}}
    try:
        return {"value": _READERS.get(task, _message)(body)}
    except (AttributeError, LookupError, TypeError, ValueError) as problem:
        return {"raised": {"type": type(problem).__name__, "status": None, "message": str(problem)}}


def _message(body: str) -> dict[str, Any]:
    message = json.loads(body)["choices"][0]["message"]
    thought = message.get("reasoning_content") or message.get("reasoning")
    return {"text": message["content"], "reasoning": thought}


def _streamed(body: str) -> dict[str, Any]:
    """The lines that begin with `data: `, up to `[DONE]`."""
    texts, thoughts = list[str](), list[str]()
    for line in body.splitlines():
        data = line.removeprefix("data: ")
        if line.startswith("data: ") and data != "[DONE]":
            for choice in json.loads(data)["choices"]:
                texts.append(choice["delta"].get("content") or "")
                thoughts.append(choice["delta"].get("reasoning_content") or choice["delta"].get("reasoning") or "")
    return {"text": "".join(texts), "reasoning": "".join(thoughts)}


def _called(body: str) -> dict[str, Any]:
    """The shell sends the result of a call as soon as it sees one."""
    return {"called": _CALLED, **_message(body)}


def _object(body: str) -> dict[str, Any]:
    return {"object": json.loads(_message(body)["text"])}


_READERS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "stream": _streamed,
    "reasoning_streamed": _streamed,
    "tools": _called,
    "structured": _object,
}


def _text(cell: Cell, value: Mapping[str, Any]) -> str:
    wanted = f"You said: “Say hello”. This is mockprovider speaking as {cell.profile}; no model was asked."
    if not value["text"]:
        return "gives no text"
    if "<think>" in value["text"]:
        return "gives the reasoning within the text"
    return OK if value["text"].strip() == wanted else "gives another text"


def _loop(_: Cell, value: Mapping[str, Any]) -> str:
    if "object" in value:
        return _structured(_, value)
    if _plain(value["called"]) != _CALLED:
        return "calls something else" if value["called"] else "calls nothing"
    if not value["text"]:
        return "gives no text at the end"
    return OK if "17 degrees in Paris" in value["text"] else "gives a text without the result"


def _structured(_: Cell, value: Mapping[str, Any]) -> str:
    match value["object"]:
        case {"city": str(), "sky": "clear" | "cloudy", "degrees": list(degrees), **more} if not more:
            return OK if all(isinstance(each, int) for each in degrees) else "gives another object"
        case None:
            return "gives no object"
    return "gives another object"


def _reasoned(cell: Cell, value: Mapping[str, Any]) -> str:
    if not isinstance(value["text"], str):
        return "gives a list in place of the text"
    text = _text(cell, value)
    return text if value["reasoning"] or text != OK else "gives no reasoning"


_JUDGES: Mapping[str, Callable[[Cell, Mapping[str, Any]], str]] = {
    "chat": _text,
    "stream": _text,
    "tools": _loop,
    "tools_streamed": _loop,
    "structured": _structured,
    "reasoning": _reasoned,
    "reasoning_streamed": _reasoned,
}


def _refused(raised: Mapping[str, Any] | None, refusal: Refusal) -> str:
    if raised is None:
        return "raises nothing"
    if raised["status"] not in (None, refusal.status):
        return f"{_raises(raised)} in place of {refusal.status}"
    said = _spaced(raised["message"])
    return OK if any(words[:_BEGINNING] in said for words in refusal.words) else f"{_raises(raised)}, without the words"


def _raises(raised: Mapping[str, Any]) -> str:
    status = raised["status"]
    return f"raises {raised['type']}" + (f", {status}" if status else "")


def _plain(called: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Calls with their arguments as data, which some clients have as text."""
    return [[name, json.loads(given) if isinstance(given, str) else given] for name, given in called]


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [_spaced(value)] if value else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _strings(each)]


def _spaced(text: str) -> str:
    return " ".join(text.split())
