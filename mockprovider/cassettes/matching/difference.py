"""How two requests differ, field by field and as a unified diff, so that a person sees the word that changed."""

import difflib
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from mockprovider.cassettes.matching.key import form_of
from mockprovider.cassettes.matching.rules import COMPLETE, Rules
from mockprovider.tape import Request

NOTHING: Final = type("Nothing", (), {"__repr__": lambda _: "nothing"})()
"""What a request has in a field that it lacks."""

_AROUND = 40
"""How many characters are shown on either side of the first one that differs."""
_WIDTH = 100
_SENTENCE = re.compile(r"(?<=[.!?] )|(?<=\\n)")
_DIFF_LINES = 80
_LONGEST = 2**18
"""Bytes of a body of which a diff is made: difflib takes a time that grows with the square."""


class Difference(NamedTuple):
    """A field, `body.messages.0.content` and the like, and what two requests have there."""

    field: str
    recorded: Any
    sent: Any

    def __str__(self) -> str:
        """One line, cut to where the two begin to differ."""
        recorded, sent = _spelled(self.recorded), _spelled(self.sent)
        start = next((n for n, (a, b) in enumerate(zip(recorded, sent, strict=False)) if a != b), 0)
        return f"{self.field}: recorded {_excerpt(recorded, start)}, sent {_excerpt(sent, start)}"


def fields(request: Request, rules: Rules = COMPLETE, cwd: str = "") -> dict[str, Any]:
    """What counts of a request, flattened to its fields."""
    return dict(_flat(form_of(request, rules, cwd)))


def differences(recorded: Mapping[str, Any], sent: Mapping[str, Any]) -> list[Difference]:
    """The fields in which two requests differ: method and path, then the query and the body by name."""
    names = sorted(recorded.keys() | sent.keys(), key=lambda name: (name not in ("method", "path"), name))
    pairs = ((name, recorded.get(name, NOTHING), sent.get(name, NOTHING)) for name in names)
    return [Difference(name, one, other) for name, one, other in pairs if one is NOTHING or one != other]


def body_diff(recorded: Request, sent: Request, name: str) -> str:
    """A unified diff of the bodies in canonical form, laid out in short lines; `name` is what the recording is called.

    Empty where a body is longer than anybody reads.
    """
    if max(len(recorded.body), len(sent.body)) > _LONGEST:
        return ""
    one, other = (list(_laid_out(form_of(request)["body"])) for request in (recorded, sent))
    lines = list(difflib.unified_diff(one, other, name, "sent", n=2, lineterm=""))
    if len(lines) > _DIFF_LINES:
        lines = [*lines[:_DIFF_LINES], f"... and {len(lines) - _DIFF_LINES} more lines"]
    return "\n".join(lines)


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _flat(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from _flat(item, f"{name}.{number}")
    elif name != "header" and (name, value) != ("body", ""):
        yield name, value


def _laid_out(value: Any) -> Iterator[str]:
    """A body as lines: a long text a sentence a line, so that what follows a changed word stays where it is."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip(" ")) + 2)
        for number, sentence in enumerate(_SENTENCE.split(line) if len(line) > _WIDTH else [line]):
            first = indent if number else ""
            yield from textwrap.wrap(
                sentence,
                _WIDTH,
                initial_indent=first,
                subsequent_indent=indent,
                drop_whitespace=False,
                break_on_hyphens=False,
                expand_tabs=False,
            ) or [sentence]


def _spelled(value: Any) -> str:
    return "nothing" if value is NOTHING else json.dumps(value, ensure_ascii=False)


def _excerpt(text: str, start: int) -> str:
    if len(text) <= 3 * _AROUND:
        return text
    first, last = max(0, start - _AROUND), start + 2 * _AROUND
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")
