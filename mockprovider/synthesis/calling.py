"""Which tools are called, and with what. Law: every agent loop ends, unless the client demands a call for ever."""

import json
import re
from dataclasses import dataclass

from mockprovider.synthesis.asked import Asked, Tool, mapping
from mockprovider.synthesis.schema import example

_WORD = re.compile(r"[a-z0-9]{3,}")
_COMMON = frozenset(
    "the and for get set this that with from what are you can use tool return given call user".split()  # noqa: SIM905
)
_MOST = 8
"""How many calls an answer has at the most."""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; `arguments` is JSON text, or for a custom tool whatever text it takes."""

    name: str
    arguments: str
    custom: bool = False


def calls(asked: Asked) -> tuple[Call, ...]:
    """The calls in answer to a request; none where text is the answer."""
    return tuple(_call(tool, topic) for tool, topic in _wanted(asked))


def topics(asked: Asked) -> list[str]:
    """What the newest user message is about: its names, else its last word."""
    words = re.findall(r"\w+", asked.last_text())
    named = [word for word in words[1:] if word[:1].isupper() and word.lower() not in _COMMON]
    return list(dict.fromkeys(named)) or words[-1:] or ["text"]


def _wanted(asked: Asked) -> list[tuple[Tool, str]]:
    """The tools to call, each with what it is called about."""
    if not asked.tools or asked.tool_choice == "none":
        return []
    about = topics(asked)
    if asked.tool_choice not in ("auto", "required"):
        return [(tool, about[-1]) for tool in asked.tools if tool.name == asked.tool_choice][:1]
    fitting = _fitting(asked)
    if asked.results():
        fitting = [] if asked.tool_choice == "auto" else _not_called(asked)[:1]
    elif not fitting and asked.tool_choice == "required":
        fitting = [asked.tools[0]]
    several = asked.parallel and " and " in asked.last_text().lower()
    if several and len(fitting) == 1 and not asked.results():
        return [(fitting[0], topic) for topic in about[-_MOST:]]
    return [(tool, about[-1]) for tool in fitting[: _MOST if several else 1]]


def _fitting(asked: Asked) -> list[Tool]:
    """The tools whose name or description has words of the newest user message, those with most of them first."""
    said = _words(asked.last_text())
    found = [(2 * len(said & _words(tool.name)) + len(said & _words(tool.description)), tool) for tool in asked.tools]
    named = [each for each in found if each[0] > 1] or [each for each in found if each[0]]
    return [tool for _, tool in sorted(named, key=lambda each: -each[0])]


def _not_called(asked: Asked) -> list[Tool]:
    """The tools that the conversation has not called yet; all of them where none is left."""
    called = set[str]()
    for message in asked.messages:
        made = message.get("tool_calls")
        for call in made if isinstance(made, list) else ():
            call = mapping(call)
            called |= {str(mapping(call.get(kind)).get("name")) for kind in ("function", "custom")}
    return [tool for tool in asked.tools if tool.name not in called] or list(asked.tools)


def _words(text: str) -> set[str]:
    """The words of a text that tell what it is about, a plural as its singular."""
    split = re.sub(r"[_\-.]|(?<=[a-z])(?=[A-Z])", " ", text).lower()
    return {word.removesuffix("s") if len(word) > 4 else word for word in _WORD.findall(split)} - _COMMON


def _call(tool: Tool, topic: str) -> Call:
    if tool.custom:
        text = example({"type": "string", "pattern": f"^(?:{tool.pattern})$"}, topic) if tool.pattern else topic
        return Call(tool.name, str(text), custom=True)
    value = example(tool.parameters, topic) if tool.parameters else {}
    given = value if isinstance(value, dict) else {}
    return Call(tool.name, json.dumps(given, ensure_ascii=False, separators=(",", ":")))
