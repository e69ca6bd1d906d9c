"""What a client asks for, whatever the dialect it says it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RESULTS = ("tool", "function")
"""Roles of messages that bring what a tool returned."""


@dataclass(frozen=True, slots=True)
class Tool:
    """What may be called: a function, whose arguments fit a JSON Schema, or a custom tool, whose input is text."""

    name: str
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    custom: bool = False
    pattern: str = ""
    """The regular expression that a custom tool's input must match, where there is one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a reply. Messages are in the form of chat completions, whatever the API."""

    messages: tuple[dict[str, Any], ...]
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    """`none`, `auto`, `required`, or the name of the tool that must be called."""
    parallel: bool = True
    shape: str = "text"
    """`text`, `json_object` or `json_schema`."""
    schema: dict[str, Any] | None = None
    thinking: bool = False
    """Whether reasoning is shown."""
    hidden: int = 0
    """How many tokens of reasoning there are that nobody is shown."""
    limit: int | None = None
    """The most tokens that the reply may have, reasoning and all."""
    stop: tuple[str, ...] = ()
    """Texts before the first of which the reply ends."""
    announces: bool = False
    """Whether something is said before a tool is called."""
    prediction: str = ""
    """What the client thinks the answer will be."""
    choices: int = 1
    """How many replies there are."""

    def last(self) -> Mapping[str, Any]:
        """The newest message."""
        return self.messages[-1] if self.messages else {}

    def last_text(self, role: str = "user") -> str:
        """The text of the newest message of a role; "" where there is none."""
        return next((text_of(m.get("content")) for m in reversed(self.messages) if m.get("role") == role), "")

    def results(self) -> list[str]:
        """What the tools have returned since the last that the model said; empty where it is not their turn."""
        found = list[str]()
        for message in reversed(self.messages):
            if message.get("role") not in RESULTS:
                break
            found.insert(0, text_of(message.get("content")))
        return found


def text_of(content: Any) -> str:
    """The text in a message's content: a string, or its text parts joined."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "\n".join(text for text in parts if isinstance(text, str))
    return ""


def mapping(value: Any) -> dict[str, Any]:
    """A JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """A list, or an empty one in place of anything else."""
    return value if isinstance(value, list) else []


def whole(value: Any, otherwise: int = 0) -> int:
    """A whole number, or another in place of anything else; `true` is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def stops(value: Any) -> tuple[str, ...]:
    """The texts of a `stop` parameter: one, a list of them, or none."""
    texts = value if isinstance(value, list) else [value]
    return tuple(text for text in texts if isinstance(text, str) and text)
