"""Why a request is in no cassette: the nearest recording, what differs, and the command that would record it."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mockprovider.cassettes.matching.difference import Difference, body_diff, differences, fields
from mockprovider.cassettes.matching.key import loose_key
from mockprovider.cassettes.secrets.redact import as_matched
from mockprovider.cassettes.store import Cassette, Entry
from mockprovider.errors import CassetteError
from mockprovider.sources.refusal import refusal
from mockprovider.tape import Request, Tape

_NEAR = 200
"""How many recordings of each cassette are compared in search of the nearest."""
_SHOWN = 8
"""How many fields the message names."""


_LOOSE = "The conversation is the same: --match loose would let it answer, and `cassette refresh-requests` repair it."


@dataclass(frozen=True, slots=True)
class Miss:
    """A request that nothing answers."""

    method: str
    target: str
    nearest: str
    """The file of the nearest recording; empty where there is none."""
    differences: tuple[Difference, ...]
    diff: str
    """The two bodies as a unified diff."""
    has_body: bool
    only_drift: bool
    """Whether the nearest recording differs in the system prompt or the tool schemas alone."""
    cure: str
    """The command that would record it."""

    @property
    def message(self) -> str:
        """For people, in lines."""
        lines = [f"No recording answers {self.method} {self.target}{' with this body' if self.has_body else ''}."]
        if self.nearest:
            lines += [f"Nearest is {self.nearest}, which differs in:"]
            lines += [f"  {each}" for each in self.differences[:_SHOWN]]
            hidden = len(self.differences) - _SHOWN
            lines += [f"  and {hidden} more"] if hidden > 0 else []
            lines += [_LOOSE] if self.only_drift else []
        else:
            lines += ["The cassette is empty."]
        return "\n".join([*lines, f"To record it: {self.cure}"])

    def tape(self, status: int) -> Tape:
        """The refusal."""
        names = [each.field for each in self.differences]
        more: dict[str, Any] = {"nearest": self.nearest or None, "differs_in": names, "diff": self.diff}
        header = ("x-mockprovider-miss", self.nearest or "nothing recorded")
        return refusal(status, "cassette_miss", self.message, header=header, more={**more, "record": self.cure})


def explained(cassettes: Sequence[Cassette], request: Request) -> Miss:
    """The miss of a request that is in none of these cassettes."""
    best: tuple[list[Difference], Cassette, Entry] | None = None
    for cassette in cassettes:
        asked = fields(as_matched(request, cassette.redaction), cassette.rules, cassette.cwd)
        for entry in cassette.entries[-_NEAR:]:
            try:
                exchange = cassette.exchange(entry)
            except CassetteError:
                continue
            found = differences(fields(exchange.request, cassette.rules, exchange.cwd), asked)
            if best is None or len(found) < len(best[0]):
                best = found, cassette, entry
    upstream, folder = "URL", cassettes[0].folder if cassettes else "DIR"
    if best is None:
        return Miss(request.method, request.target, "", (), "", bool(request.body), False, _cure(upstream, str(folder)))
    found, cassette, entry = best
    nearest = cassette.exchange(entry)
    sent = as_matched(request, cassette.redaction)
    diff = body_diff(nearest.request, sent, entry.path.name)
    drift = loose_key(nearest.request, cassette.rules) == loose_key(sent, cassette.rules)
    cure = _cure(nearest.upstream or upstream, str(cassette.folder))
    return Miss(request.method, sent.target, entry.path.name, tuple(found), diff, bool(request.body), drift, cure)


def _cure(upstream: str, folder: str) -> str:
    where = f"--upstream {shlex.quote(upstream)} --cassette {shlex.quote(folder)}"
    return f"mockprovider record --mode new_episodes {where}"
