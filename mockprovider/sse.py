r"""A lens over the bytes of a `text/event-stream` (WHATWG HTML, section 9.2.6), which never changes them.

Law: the `raw` of all frames, joined, is the body again, whatever the body is.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|$)")


class Frame(NamedTuple):
    """A run of lines up to and with the blank line that dispatches them; the last may lack it."""

    raw: bytes
    data: str | None
    """The `data` lines joined by newlines; None where there was none, so nothing is dispatched."""
    event: str
    id: str | None
    comments: tuple[str, ...]
    closed: bool
    """Whether the blank line came. A client never sees a frame that is not closed."""


def frames(body: bytes) -> Iterator[Frame]:
    """The frames of a body, in order, blank ones and comments included."""
    start, end = 0, 0
    data, comments = list[str](), list[str]()
    event, ident = "message", None
    for match in _LINE.finditer(body):
        line = match.group()
        if not line:
            continue
        end = match.end()
        text = line.rstrip(b"\r\n").decode("utf-8", "replace")
        if match.start() == 0:
            text = text.removeprefix("\ufeff")
        if not text and line[-1:] in (b"\n", b"\r"):
            yield Frame(body[start:end], "\n".join(data) if data else None, event, ident, tuple(comments), True)
            start, data, comments, event, ident = end, [], [], "message", None
            continue
        field, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if not field:
            comments.append(value)
        elif field == "data":
            data.append(value)
        elif field == "event":
            event = value or "message"
        elif field == "id" and "\0" not in value:
            ident = value
    if end > start:
        yield Frame(body[start:end], "\n".join(data) if data else None, event, ident, tuple(comments), False)
