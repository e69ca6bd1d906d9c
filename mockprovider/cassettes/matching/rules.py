"""What counts for matching, where not everything does: named field by field, by a person, never guessed.

A path into a request is written with dots: `body.messages.0.content`, `query.api-version`, `header.openai-beta`. In it
`*` stands for any name or number, alone or in part of one, and `**` for any depth.
"""

import difflib
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from mockprovider.cassettes.matching.normalize import normalizer
from mockprovider.errors import InputError

PARTS = ("method", "path", "query", "body")
"""What a key is made of, unless rules choose; a header (`header.openai-beta`) or a part of the body may be chosen."""


def remove(value: Any, path: Sequence[str]) -> None:
    """Take what a path names out of nested data. In a list the places of what remains don't change."""
    step, rest = path[0], path[1:]
    if step == "**":
        if rest:
            remove(value, rest)
        for _, child in list(_children(value)):
            remove(child, path)
        return
    for name, child in list(_children(value)):
        if fnmatchcase(str(name), step):
            if rest:
                remove(child, rest)
                if rest == ["*"] and child == {} and isinstance(value, dict):
                    del value[name]  # all in it may be there or not, so it may itself
            elif isinstance(value, dict):
                del value[name]
            else:
                value[name] = None


def _children(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def at(value: Any, path: Sequence[str]) -> Any:
    """What stands at a path, None for nothing; where it has a `*`, the list of all that do."""
    found = list(_matching(value, path))
    return found if any("*" in step for step in path) else found[0] if found else None


def _matching(value: Any, path: Sequence[str]) -> Iterator[Any]:
    if not path:
        yield value
        return
    step, rest = path[0], path[1:]
    if step == "**":
        yield from _matching(value, rest)
    for name, child in _children(value):
        if step == "**":
            yield from _matching(child, path)
        elif fnmatchcase(str(name), step):
            yield from _matching(child, rest)


def _check_path(path: str, where: str, example: str) -> None:
    first, *rest = path.split(".")
    if not all([first, *rest]):
        raise InputError(f"{where}: {path!r} has an empty step; a path looks like {example}")
    if first not in (*PARTS, "header"):
        close = difflib.get_close_matches(first, [*PARTS, "header"], 1, 0.7)
        hint = f"did you mean {close[0]!r}?" if close else f"did you mean 'body.{path}'?"
        raise InputError(f"{where}: {path!r}: no part is called {first!r} ({', '.join(PARTS)}, header); {hint}")
    if rest and first in ("method", "path"):
        raise InputError(f"{where}: {path!r}: {first} has no parts of its own")
    if first == "header" and len(rest) != 1:
        raise InputError(f"{where}: {path!r}: a header is named so: header.openai-beta")


@dataclass(frozen=True)
class Rules:
    """What counts for matching, and what may be passed over.

    on: the parts that count: `method`, `path`, `query`, `body`, `header.NAME`, `query.NAME`, `body.messages`. A part of
        the body stands for the body; method, path and query still count unless `on` names one of the four whole.
    ignore: what of them does not: `body.user`, `body.metadata.*`, `body.**.cache_control`, `query.api-version`.
    normalize: which texts count as equal, see `NORMALIZERS`; `re:PATTERN` for one's own.
    loose: whether the system prompt and the tool schemas may drift; a replay says so each time.
    """

    on: tuple[str, ...] = PARTS
    ignore: tuple[str, ...] = ()
    normalize: tuple[str, ...] = ()
    loose: bool = False

    def __post_init__(self) -> None:
        for path in self.on:
            _check_path(path, "match.on", "body")
        for path in self.ignore:
            _check_path(path, "match.ignore", "body.user")
        for name in self.normalize:
            normalizer(name)
        if not self.on:
            raise InputError(f"match.on: empty, so any request would get any answer; choose of {', '.join(PARTS)}")

    @cached_property
    def name(self) -> str:
        """Empty for the complete rules; else a few letters that change when the rules do."""
        if (self.on, self.ignore, self.normalize) == (PARTS, (), ()):
            return ""
        told = json.dumps([sorted(self.on), sorted(self.ignore), sorted(self.normalize)])
        return hashlib.blake2b(told.encode(), digest_size=4).hexdigest()

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What counts: what is chosen, and where only parts of the body, the query or the headers are, all the rest."""
        if set(self.on) & set(PARTS):
            return self.on
        refined = {part.partition(".")[0] for part in self.on}
        return (*(part for part in PARTS if part not in refined), *self.on)

    @cached_property
    def headers(self) -> frozenset[bytes]:
        """The headers that count, in lower case."""
        return frozenset(part.partition(".")[2].lower().encode() for part in self.on if part.startswith("header."))

    def and_(self, more: "Rules") -> "Rules":
        """These rules with more: parts chosen anew where `more` chooses any, the rest added."""
        return Rules(
            self.on if more.on == PARTS else more.on,
            (*self.ignore, *more.ignore),
            (*self.normalize, *more.normalize),
            self.loose or more.loose,
        )


COMPLETE = Rules()
"""Everything counts."""
