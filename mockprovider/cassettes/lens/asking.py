"""A lens over a request: the model, the settings, and the conversation, for people.

It reads chat completions, legacy completions, responses, Anthropic's messages, embeddings, and forms with files. What
it can't read it leaves out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mockprovider.cassettes.lens.readers import words_of
from mockprovider.cassettes.lens.reading import ToolCall, parsed
from mockprovider.cassettes.matching.key import form_of
from mockprovider.tape import Request

_SAID = ("messages", "input", "prompt", "system", "instructions", "tools", "functions", "model", "stream")
"""What of a body is not a setting."""
_ROLES = {
    "function_call_output": "tool",
    "custom_tool_call_output": "tool",
    "reasoning": "assistant",
}
"""Whose turn an item of the Responses API is that names no role."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message: who says it, the words with `[image]` and the like for what is none, and the calls it makes."""

    role: str
    text: str = ""
    calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks. `tools` are names; `settings` all that has no place of its own."""

    model: str | None = None
    streamed: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    tools: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()


def asked(request: Request) -> Asked:
    """What a request asks; nothing where its body is neither a JSON object nor a form."""
    body = parsed(request.body) if request.body[:1] in (b"{", b" ", b"\n") else _form(request)
    if not isinstance(body, dict):
        return Asked()
    model = body.get("model")
    return Asked(
        model if isinstance(model, str) else None,
        body.get("stream") is True,
        {name: value for name, value in body.items() if name not in _SAID},
        tuple(_tools(body)),
        tuple(_turns(body)),
    )


def last_words(request: Request) -> str:
    """The last thing that was said in a request, on one line; what tells one request from another."""
    return next((" ".join(turn.text.split()) for turn in reversed(asked(request).turns) if turn.text), "")


def _form(request: Request) -> dict[str, Any]:
    """The fields of a form by name; of a file its name and size."""
    if b"multipart/" not in (request.header(b"content-type") or b"").lower():
        return {}
    form = form_of(request)["body"]
    if not isinstance(form, dict):
        return {}
    return {name: part for name, parts in form.items() for part in [_part(parts[0])]}


def _part(part: dict[str, str]) -> str:
    _, is_file, name = part.get("content-disposition", "").partition('filename="')
    return "file {!r}, {} bytes".format(name.partition('"')[0], len(part["content"])) if is_file else part["content"]


def _tools(body: dict[str, Any]) -> Iterator[str]:
    for name in ("tools", "functions"):
        for tool in body[name] if isinstance(body.get(name), list) else []:
            if isinstance(tool, dict):
                function = tool.get("function")
                named = (function if isinstance(function, dict) else tool).get("name") or tool.get("type")
                yield named if isinstance(named, str) else "?"


def _turns(body: dict[str, Any]) -> Iterator[Turn]:
    for name in ("system", "instructions"):
        if body.get(name):
            yield Turn("system", _text(body[name]))
    for name in ("messages", "input", "prompt"):
        said = body.get(name)
        if isinstance(said, str):
            yield Turn("user" if name == "input" else name, said)
        for each in said if isinstance(said, list) else []:
            yield _turn(each) if isinstance(each, dict) else Turn(name, _text(each))


def _turn(message: dict[str, Any]) -> Turn:
    """A message, or an item of the Responses API."""
    kind, role = message.get("type"), message.get("role")
    content = message.get("content")
    calls = [
        *_listed(message.get("tool_calls")),
        *(part for part in _listed(content) if part.get("type") == "tool_use"),
    ]
    if isinstance(message.get("function_call"), dict):
        calls.append(message["function_call"])
    if isinstance(kind, str) and kind.endswith("_call"):
        calls.append(message)
    said = next((message[name] for name in ("content", "output", "summary") if message.get(name)), "")
    if isinstance(role, str):
        answers = role == "user" and any(part.get("type") == "tool_result" for part in _listed(content))
        return Turn("tool" if answers else role, _text(said), tuple(map(_call, calls)))
    if kind in _ROLES or calls:
        return Turn(_ROLES.get(str(kind), "assistant"), _text(said), tuple(map(_call, calls)))
    return Turn("input", _text(message))


def _call(call: dict[str, Any]) -> ToolCall:
    inner = call["function"] if isinstance(call.get("function"), dict) else call
    arguments = inner.get("arguments", inner.get("input", ""))
    spelled = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    ident = call.get("call_id") or call.get("id") or ""
    return ToolCall(str(ident), str(inner.get("name") or call.get("type") or "?"), spelled)


def _text(content: Any) -> str:
    """Content as words, with a mark for each part that has none."""
    if isinstance(content, list):
        return "\n".join(filter(None, map(_text, content)))
    if not isinstance(content, dict):
        return content if isinstance(content, str) else json.dumps(content)
    kind = content.get("type")
    if words := words_of(content):
        return words
    if kind == "tool_result":
        return _text(content.get("content", ""))
    return "" if kind == "tool_use" else f"[{kind}]"


def _listed(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
