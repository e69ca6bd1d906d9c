"""What a client asks for, whatever the dialect it says it in."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that may be called; `parameters` is its JSON Schema."""

    name: str
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a reply."""

    messages: tuple[dict[str, Any], ...]
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    """`none`, `auto`, `required`, or the name of the function that must be called."""
    parallel: bool = True
    shape: str = "text"
    """`text`, `json_object` or `json_schema`."""
    schema: dict[str, Any] | None = None
    thinking: bool = False
    limit: int | None = None
    """The most tokens that the reply may have."""
    choices: int = 1
    """How many times it is said."""

    def last(self) -> dict[str, Any]:
        """The newest message."""
        return self.messages[-1]

    def last_text(self, role: str = "user") -> str:
        """The text of the newest message of a role; "" where there is none."""
        return next((text_of(m.get("content")) for m in reversed(self.messages) if m.get("role") == role), "")


def text_of(content: Any) -> str:
    """The text in a message's content: a string, or its text parts joined."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "\n".join(text for text in parts if isinstance(text, str))
    return ""
