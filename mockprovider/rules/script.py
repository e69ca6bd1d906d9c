"""Rules at work: the first that applies answers. What is counted is counted for each tenant by itself.

Law: what a tenant's requests are answered with depends on this tenant's requests and the rules alone.
"""

import base64
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from mockprovider.rules.answers import Hit
from mockprovider.rules.reading import Reading
from mockprovider.rules.rule import Rule
from mockprovider.tape import Request

_REMEMBERED = 100
_WORDS = 60
"""How many characters of a message tell which one it is."""


@dataclass(slots=True)
class _Count:
    """What one tenant has had of a rule."""

    fitting: int = 0
    """Requests that passed all tests but `nth`."""
    answered: int = 0


@dataclass(slots=True, eq=False)
class _Placed:
    """A rule in a script."""

    rule: Rule
    tenant: str | None = None
    """Whose requests it is for; None: everybody's."""
    added: bool = False
    """Whether it came while the script was at work."""
    counts: dict[str, _Count] = field(default_factory=dict)
    used: int = 0

    def meant(self, seen: Reading, tenant: str) -> _Count | None:
        """Count a request if it passes the tests. The count, if this is one that the rule is meant for."""
        if self.tenant not in (None, tenant) or not self.rule.fits(seen):
            return None
        if (count := self.counts.get(tenant)) is None:
            count = self.counts[tenant] = _Count()
        count.fitting += 1
        if self.rule.nth is not None and count.fitting not in self.rule.nth:
            return None
        return count if self.rule.times is None or count.answered < self.rule.times else None


class Script:
    """Rules in the order in which they are asked, and what has become of them.

    Rules may be added and removed from another thread than the one that answers.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._placed = tuple(_Placed(rule) for rule in rules)
        self._changing = Lock()
        self.unmatched: deque[str] = deque(maxlen=_REMEMBERED)
        """The last requests that matched no rule, in a line each."""

    def answer(self, request: Request, tenant: str) -> Hit | None:
        """What the first rule that applies says; None where none does.

        Raises RuleError where a template of that rule names what the request lacks.
        """
        seen, all_placed = Reading(request), self._placed
        for number, placed in enumerate(all_placed):
            if (count := placed.meant(seen, tenant)) is None:
                continue
            for later in all_placed[number + 1 :]:
                if later.rule.nth is not None:
                    later.meant(seen, tenant)
            count.answered += 1
            placed.used += 1
            return Hit(placed.rule.name, placed.rule.answer(count.answered, seen.names))
        return None

    def missed(self, request: Request) -> None:
        """Note a request that matched no rule."""
        words = " ".join(Reading(request).user.split())
        line = f"{request.method} {request.path}"
        self.unmatched.append(f"{line} {words[:_WORDS]!r}" if words else line)

    def add(self, rules: Iterable[Rule], tenant: str | None = None) -> None:
        """Put rules before those that are there, in their own order; where a tenant is given, for its requests only."""
        new = tuple(_Placed(rule, tenant, added=True) for rule in rules)
        with self._changing:
            self._placed = new + self._placed

    def remove_added(self, tenant: str | None = None) -> None:
        """Take out the rules that were added: those for one tenant, or all."""
        with self._changing:
            self._placed = tuple(
                placed for placed in self._placed if not placed.added or tenant not in (None, placed.tenant)
            )

    def restart(self, tenant: str | None = None) -> None:
        """Begin to count anew, for one tenant or for all. For all, what was used and missed is forgotten too."""
        for placed in self._placed:
            if tenant is None:
                placed.counts, placed.used = {}, 0
            else:
                placed.counts.pop(tenant, None)
        if tenant is None:
            self.unmatched.clear()

    def rules(self) -> tuple[Rule, ...]:
        """The rules in their order."""
        return tuple(placed.rule for placed in self._placed)

    def unused(self) -> tuple[str, ...]:
        """The rules that have never answered, in a line each."""
        return tuple(f"{placed.rule.source}: {placed.rule.name}" for placed in self._placed if not placed.used)

    def plain(self) -> list[dict[str, Any]]:
        """The rules in their order as plain data: as they were written, and how often each was used."""
        return [
            {
                "name": placed.rule.name,
                "when": placed.rule.when,
                "then": _told(placed.rule.then),
                "times": placed.rule.times,
                "used": placed.used,
            }
            for placed in self._placed
        ]


def _told(value: Any) -> Any:
    """A value as JSON can say it: bytes as YAML writes them."""
    match value:
        case dict():
            return {key: _told(item) for key, item in value.items()}
        case list():
            return [_told(item) for item in value]
        case bytes():
            return f"!!binary {base64.b64encode(value).decode()}"
    return value
