"""Where the values at given paths stand in JSON text, so that they can be overwritten without spelling it anew.

A path is written as in the rules for matching: `body` and keys or indices after it, `body.metadata.user`, in which `*`
stands for any name, alone or in part of one, and `**` for any depth. A path that leads to an object or a list means all
values in it. Text that is not JSON, or breaks off, is read as far as it goes.
"""

import json
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from mockprovider.errors import InputError

Steps = tuple[str, ...]
"""A path without its `body`."""

_TOKEN = re.compile(rb'[{}\[\]:,]|"(?:[^"\\]|\\.)*"|[^\s{}\[\]:,"]+', re.DOTALL)
_DATA_LINE = re.compile(rb"(?m)^data:[ ]?([{\[][^\r\n]*)")
_ANYWHERE = "**"


def parsed(path: str, where: str) -> Steps:
    """The steps of a path after `body`. Raises InputError for what is no path."""
    first, *steps = path.split(".")
    if first != "body" or not steps or not all(steps):
        raise InputError(f"{where}: {path!r} is no path; one begins with `body.`, as body.user or body.metadata.*")
    return tuple(steps)


def values_at(paths: Sequence[Steps], body: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each string (without its quotes) and number at one of the paths, in order.

    The body is JSON, JSON lines, or an event stream whose events each have their JSON on one `data` line.
    """
    if body.lstrip()[:1] in (b"{", b"["):
        yield from _in_json(paths, body, 0, len(body))
    else:
        for found in _DATA_LINE.finditer(body):
            yield from _in_json(paths, body, *found.span(1))


def _in_json(paths: Sequence[Steps], text: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The same for JSON text; `open_` holds the key or index at which each open container is, outermost first."""
    open_: list[Any] = []
    name, colon = b'""', False
    for token in _TOKEN.finditer(text, start, end):
        said = token.group()
        first = said[:1]
        if first in b"{[":
            open_.append("" if first == b"{" else 0)
        elif first in b"}]":
            del open_[-1:]
        elif first == b"," and open_ and isinstance(open_[-1], int):
            open_[-1] += 1
        elif first == b":" and open_:
            open_[-1] = _said(name)
        elif first == b'"' and open_ and isinstance(open_[-1], str) and not colon:
            name = said
        elif first in b'"-0123456789' and open_ and _wanted(paths, open_):
            quote = 1 if first == b'"' else 0
            yield token.start() + quote, token.end() - quote
        colon = first == b":"


def _said(name: bytes) -> str:
    try:
        return str(json.loads(name))
    except ValueError:
        return name.decode("utf-8", "replace")


def _wanted(paths: Sequence[Steps], here: Sequence[str | int]) -> bool:
    place = [str(step) for step in here]
    return any(_leads(path, place) for path in paths)


def _leads(path: Steps, place: Sequence[str]) -> bool:
    """Whether a path leads to this place or to something around it."""
    reached = {0}
    for step in place:
        if len(path) in reached:
            return True
        ahead = set[int]()
        for at in _closure(path, reached):
            if path[at] == _ANYWHERE:
                ahead.add(at)
            elif fnmatchcase(step, path[at]):
                ahead.add(at + 1)
        reached = ahead
    return len(path) in reached or (len(path) - 1 in reached and path[-1] == _ANYWHERE)


def _closure(path: Steps, reached: set[int]) -> set[int]:
    """The places in a path from which the next step can be taken: `**` may also stand for none."""
    found = set(reached)
    for at in sorted(reached):
        while at < len(path) and path[at] == _ANYWHERE:
            at += 1
            found.add(at)
    return {at for at in found if at < len(path)}
