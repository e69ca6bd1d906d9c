"""Texts that differ from run to run and change no answer: ids, dates, temporary paths.

A normaliser rewrites each such text to its name and the number of its first appearance: `<uuid-1>`, `<uuid-2>`. So two
requests stay apart that use their ids differently, as where a tool's result answers another call.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mockprovider.errors import InputError, did_you_mean

_OWN = "re:"
CWD = "cwd"


@dataclass(frozen=True, slots=True)
class Normalizer:
    """A name, and the pattern of the texts that it stands for; `numbers` where it is tried on JSON numbers as well."""

    name: str
    pattern: re.Pattern[str] | None
    numbers: bool = False


def _table(**patterns: str) -> dict[str, Normalizer]:
    return {name: Normalizer(name, re.compile(pattern)) for name, pattern in patterns.items()}


NORMALIZERS: dict[str, Normalizer] = {
    **_table(
        uuid=r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b",
        date=r"\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
        r"(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)",
        tool_call_id=r"\b(?:call|fc|toolu|tooluse|chatcmpl-tool|function-call)[_-][A-Za-z0-9_-]{6,}",
        temp=r"(?:/private)?(?:/tmp|/var/tmp|/var/folders/[^/\s\"']+/[^/\s\"']+/[A-Z])/[^/\s\"'`)\]}>,;:]+"
        r"|[A-Za-z]:\\(?:[^\\\s\"']+\\)*(?:Temp|tmp)\\[^\\\s\"'`)\]}>,;:]+",
    ),
    "epoch": Normalizer("epoch", re.compile(r"(?<![\d.])1[0-9]{9}(?:[0-9]{3}|\.[0-9]{1,9})?(?![\d.])"), numbers=True),
    CWD: Normalizer(CWD, None),
}
"""The known kinds: UUIDs; ISO 8601 dates and times; ids of tool calls; directories for temporary files; seconds or
milliseconds since 1970, from 2001 on; the directory that mockprovider runs in, then and now."""


def normalizer(name: str) -> Normalizer:
    """The normaliser of this name, or of `re:PATTERN`."""
    if name.startswith(_OWN):
        try:
            return Normalizer("re", re.compile(name.removeprefix(_OWN)))
        except re.error as problem:
            raise InputError(f"match.normalize: {name}: {problem}; a pattern is one of Python's re module") from None
    if name not in NORMALIZERS:
        hint = did_you_mean(name, NORMALIZERS)
        raise InputError(f"match.normalize: {name!r} is none{hint}; one's own pattern is written re:PATTERN")
    return NORMALIZERS[name]


@dataclass
class Scribe:
    """Rewrites the texts of one request."""

    normalizers: Sequence[Normalizer]
    cwd: str
    _seen: dict[tuple[str, str], str] = field(default_factory=dict)

    def rewritten(self, value: Any) -> Any:
        """Plain data with all texts in it rewritten, in their order; the keys of mappings stay."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {key: self.rewritten(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            return [self.rewritten(item) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value)
        return value

    def _text(self, text: str) -> str:
        for kind in self.normalizers:
            if kind.pattern is not None:
                text = kind.pattern.sub(partial(self._matched, kind.name), text)
            elif len(self.cwd) > 1:
                text = re.sub(re.escape(self.cwd) + r"(?![\w.-])", "<cwd>", text)
        return text

    def _number(self, value: float) -> Any:
        for kind in self.normalizers:
            if kind.numbers and kind.pattern is not None and kind.pattern.fullmatch(str(value)):
                return self._mark(kind.name, str(value))
        return value

    def _matched(self, name: str, found: re.Match[str]) -> str:
        return self._mark(name, found[0])

    def _mark(self, name: str, text: str) -> str:
        numbers = sum(1 for kind, _ in self._seen if kind == name)
        return self._seen.setdefault((name, text), f"<{name}-{numbers + 1}>")
