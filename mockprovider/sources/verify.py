"""Whether a test run used its recordings as they were meant: all of them asked for, nothing else asked, none gone bad.

Six kinds of things are found: `leftovers` were recorded but never asked for, `misses` asked for but not recorded,
`stale` ones recorded too long ago, and `suspects` look bad: 429, 5xx, cut by the client. `unused_rules` never answered,
and no rule answered what is `unscripted`, though there are rules.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from mockprovider.cassettes.store import Cassette, Entry
from mockprovider.errors import InputError, did_you_mean
from mockprovider.tape import Abandoned, Exchange, Request

KINDS = ("leftovers", "misses", "stale", "suspects", "unused_rules", "unscripted")
_REMEMBERED = 100
_WORDS = 60
"""How many characters of a message tell which one it is."""
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, in a line each; `allowed` names the kinds that are listed but don't fail."""

    leftovers: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    unused_rules: tuple[str, ...] = ()
    unscripted: tuple[str, ...] = ()
    allowed: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        """Whether nothing was found that fails."""
        return not any(getattr(self, kind) for kind in KINDS if kind not in self.allowed)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {"ok": self.ok, **{kind: list(getattr(self, kind)) for kind in KINDS}, "allowed": sorted(self.allowed)}


class Evidence:
    """What a replay has seen so far."""

    def __init__(self, cassettes: Sequence[Cassette]) -> None:
        self._cassettes = cassettes
        self._served = set[Entry]()
        self._misses: deque[str] = deque(maxlen=_REMEMBERED)

    def served(self, entry: Entry) -> None:
        """Note that a recording was asked for."""
        self._served.add(entry)

    def missed(self, what: str) -> None:
        """Note something that was asked for and that nothing answers."""
        self._misses.append(what)

    def clear(self) -> None:
        """Forget what was asked."""
        self._served.clear()
        self._misses.clear()

    def verdict(self, now: datetime, max_age: timedelta | None, allowed: frozenset[str] = frozenset()) -> Verdict:
        """What this amounts to. Reads the beginning of each file, so it takes its time with thousands."""
        leftovers, stale, suspects = list[str](), list[str](), list[str]()
        for cassette in self._cassettes:
            for entry in cassette.entries:
                exchange = cassette.beginning(entry)
                name = str(entry.path) if len(self._cassettes) > 1 else entry.path.name
                if entry not in self._served:
                    leftovers.append(f"{name}: {_told(exchange.request)}")
                if max_age is not None and (age := age_at(now, exchange)) is not None and age > max_age:
                    stale.append(f"{name}: recorded {_ago(age)} ago")
                if why := bad(exchange):
                    suspects.append(f"{name}: {why}")
        return Verdict(tuple(leftovers), tuple(self._misses), tuple(stale), tuple(suspects), allowed=allowed)


def bad(exchange: Exchange) -> str:
    """Why a recording looks as if it had gone wrong; empty where it does not."""
    tape = exchange.tape
    if tape.head is None:
        return "no head came"
    if isinstance(tape.ending, Abandoned):
        return tape.ending.why or "its end was not recorded"
    if tape.head.status == 429 or tape.head.status >= 500:
        return f"status {tape.head.status}"
    return ""


def age_of(text: str) -> timedelta:
    """An age such as `30d`, `12h` or `2w`."""
    found = re.fullmatch(r"(\d{1,6})([smhdw])", text.strip())
    if found is None:
        raise InputError(f"{text!r} is no age; write a number and s, m, h, d or w, as in 30d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _ago(age: timedelta) -> str:
    return f"{age.days} days" if age.days > 1 else f"{age.total_seconds() / 3600:.1f} hours"


def kinds(names: Iterable[str]) -> frozenset[str]:
    """Names of kinds of findings, checked."""
    for name in names:
        if name not in KINDS:
            raise InputError(f"{name!r} is no kind of finding{did_you_mean(name, KINDS)}")
    return frozenset(names)


def _told(request: Request) -> str:
    """A request in a line: what was asked, and the last words of the conversation."""
    from mockprovider.cassettes.lens.asking import last_words  # a replay that starts does not need it

    words = last_words(request)
    line = f"{request.method} {request.target}"
    return f"{line} {words[:_WORDS]!r}" if words else line


def age_at(now: datetime, exchange: Exchange) -> timedelta | None:
    """How long ago an exchange was recorded; None where it does not say."""
    try:
        recorded = datetime.fromisoformat(exchange.recorded)
    except ValueError:
        return None
    return now - (recorded if recorded.tzinfo else recorded.replace(tzinfo=UTC))
