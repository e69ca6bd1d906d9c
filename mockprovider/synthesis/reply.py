"""What is said: text that mentions the request, reasoning, tool calls, JSON that fits the schema asked for."""

import json
import re
from dataclasses import dataclass

from mockprovider.synthesis.asked import Asked, Tool, text_of
from mockprovider.synthesis.schema import example
from mockprovider.synthesis.tokens import pieces

_LONGEST = 8192
"""Pieces that all choices of an answer may have together: a request of a hundred bytes must not stall the server."""
_LONG = re.compile(r"\b(\d{1,4})\s*(?:-\s*)?(?:words?|tokens?|chunks?)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]{3,}")
_COMMON = {
    "the",
    "and",
    "for",
    "get",
    "set",
    "this",
    "that",
    "with",
    "from",
    "what",
    "are",
    "you",
    "can",
    "use",
    "tool",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; `arguments` is JSON text."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, before any provider's way of saying it."""

    text: str = ""
    thinking: str = ""
    calls: tuple[Call, ...] = ()
    finish: str = "stop"


def reply(asked: Asked, speaker: str) -> Reply:
    """The reply to a request, in the name of `speaker`."""
    calls = tuple(_call(tool, asked) for tool in _called(asked))
    if calls:
        names = " and ".join(call.name for call in calls)
        thinking = f"The user wants something that {names} can do, so I call it." if asked.thinking else ""
        return Reply("", thinking, calls, "tool_calls")
    thinking = f"The user says: {_quoted(asked.last_text())} I answer in short." if asked.thinking else ""
    return _limited(Reply(_text(asked, speaker), thinking), asked.limit)


def _called(asked: Asked) -> list[Tool]:
    """The tools to call. Each loop ends: after a tool's result there is text."""
    if not asked.tools or asked.tool_choice == "none" or asked.last().get("role") in ("tool", "function"):
        return []
    if asked.tool_choice not in ("auto", "required"):
        return [tool for tool in asked.tools if tool.name == asked.tool_choice][:1]
    said = set(_WORD.findall(asked.last_text().lower())) - _COMMON
    wanted = [tool for tool in asked.tools if said & _words(tool)]
    if not wanted and asked.tool_choice == "required":
        wanted = [asked.tools[0]]
    return wanted if asked.parallel and _asks_for_several(asked) else wanted[:1]


def _asks_for_several(asked: Asked) -> bool:
    return " and " in asked.last_text().lower()


def _words(tool: Tool) -> set[str]:
    text = re.sub(r"[_\-.]|(?<=[a-z])(?=[A-Z])", " ", f"{tool.name} {tool.description}")
    return set(_WORD.findall(text.lower())) - _COMMON


def _call(tool: Tool, asked: Asked) -> Call:
    words = re.findall(r"\w+", asked.last_text())
    named = [word for word in words[1:] if word[:1].isupper()]
    value = example(tool.parameters, (named or words or ["text"])[-1])
    return Call(
        tool.name, json.dumps(value if isinstance(value, dict) else {}, ensure_ascii=False, separators=(",", ":"))
    )


def _text(asked: Asked, speaker: str) -> str:
    if asked.shape == "json_schema":
        return json.dumps(example(asked.schema or {}), ensure_ascii=False)
    said = _quoted(asked.last_text())
    if asked.shape == "json_object":
        answer = {"answer": f"This is mockprovider as {speaker}.", "you_said": asked.last_text()[:200]}
        return json.dumps(answer, ensure_ascii=False)
    if asked.messages and asked.last().get("role") in ("tool", "function"):
        return f"The tool returned {_quoted(text_of(asked.last().get('content')))} That answers {said}"
    text = f"You said: {said} This is mockprovider speaking as {speaker}; no model was asked."
    if wanted := _LONG.search(asked.last_text()):
        text += _padding(min(int(wanted[1]), _LONGEST // asked.choices) - len(pieces(text)))
    return text


_WORDS = tuple("and so it goes on word after word until the length that was asked for is reached".split())  # noqa: SIM905


def _padding(count: int) -> str:
    """About `count` more pieces of text, for requests that ask for a length."""
    return " " + " ".join((_WORDS * (count // len(_WORDS) + 1))[:count]) if count > 0 else ""


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat[:159]}…”." if len(flat) > 160 else f"“{flat}”."


def _limited(full: Reply, limit: int | None) -> Reply:
    """Cut to a number of tokens, reasoning first, as providers count."""
    if limit is None:
        return full
    thought, said = pieces(full.thinking), pieces(full.text)
    if len(thought) + len(said) <= limit:
        return full
    return Reply("".join(said[: max(0, limit - len(thought))]), "".join(thought[:limit]), (), "length")
