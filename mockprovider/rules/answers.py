"""What a rule answers with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mockprovider.tape import Headers


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; `arguments` is the text to send: JSON, unless something else was written."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Saying:
    """What the model says, for a profile to put into frames."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[Call, ...] = ()
    refusal: str = ""
    finish_reason: str | None = None
    """None: the one that fits what is said."""
    usage: Mapping[str, int] | None = None
    """Counts by name, `prompt_tokens` and the like; None: they are worked out."""


@dataclass(frozen=True, slots=True)
class Fail:
    """An error of the profile, by its key in `errors`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Raw:
    """Status, headers and body as they are to be sent."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Recorded:
    """An exchange of a cassette, by its file."""

    path: Path


Answer = Saying | Fail | Raw | Recorded


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer, and the name of the rule that gave it."""

    rule: str
    answer: Answer
