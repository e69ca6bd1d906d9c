"""A tape out of a cassette: the one recorded for exactly this request, or a miss that says what came nearest.

Equal requests are answered in the order in which they were recorded, for each API key by itself.
"""

import json
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from mockprovider.cassettes.coding import encoded
from mockprovider.cassettes.match import canonical_json, key_of
from mockprovider.cassettes.redact import MATCHING_HEADERS, as_matched
from mockprovider.cassettes.store import Cassette, Entry
from mockprovider.clock import Clock, SystemClock
from mockprovider.errors import CassetteError
from mockprovider.sources.refusal import MISS, refusal
from mockprovider.tape import Abandoned, Exchange, Request, Tape

_REMEMBERED = 512
"""How many match keys are remembered: tests ask the same again and again."""
_REMEMBERED_BYTES = 2**16
"""Keys of requests with longer bodies are not."""
_MOMENT = 0.1
"""Seconds for which a file is taken to be as it was: to ask the file system costs as much as to answer."""
_READY = 1024
"""How many tapes are kept ready."""
_NEAR = 200
"""How many recordings are compared in search of the nearest."""


class Repeat(StrEnum):
    """What follows the last recording of a request."""

    LAST = "last"
    CYCLE = "cycle"
    REFUSE = "refuse"


class Replay:
    """Answers from cassettes; where several hold a request, those given first come first."""

    def __init__(
        self,
        cassettes: Sequence[Cassette],
        *,
        repeat: str = Repeat.LAST,
        miss_status: int = MISS,
        clock: Clock | None = None,
    ) -> None:
        self.cassettes = tuple(cassettes)
        self._repeat = Repeat(repeat)
        self._miss_status = miss_status
        self._asked: Counter[tuple[str, str]] = Counter()
        self._clock = clock or SystemClock()
        self._keys: dict[tuple[object, ...], str] = {}
        self._ready: dict[tuple[Entry, bytes | None], tuple[float, Exchange, Tape]] = {}

    def find(self, request: Request, tenant: str) -> tuple[Tape, str] | None:
        """The next tape for this request and tenant, and the file it comes from; None on a miss."""
        key = self._key(request)
        entries = [(cassette, entry) for cassette in self.cassettes for entry in cassette.by_key.get(key, ())]
        if not entries:
            return None
        turn = self._asked[tenant, key]
        if turn >= len(entries):
            if self._repeat is Repeat.REFUSE:
                message = f"all {len(entries)} recordings of this request have been replayed (--repeat refuse)"
                return refusal(self._miss_status, "cassette_exhausted", message), ""
            turn = turn % len(entries) if self._repeat is Repeat.CYCLE else len(entries) - 1
        self._asked[tenant, key] += 1
        cassette, entry = entries[turn]
        return self._tape(cassette, entry, request.header(b"accept-encoding")), entry.path.name

    def _key(self, request: Request) -> str:
        """The match key of a live request, remembered by all that it depends on."""
        telling = [value for name, value in request.headers if name.lower() in MATCHING_HEADERS]
        asked: tuple[object, ...] = (request.method, request.path, request.query, request.body, *telling)
        if (key := self._keys.get(asked)) is None:
            key = _live_key(request)
            if len(request.body) <= _REMEMBERED_BYTES:
                if len(self._keys) >= _REMEMBERED:
                    self._keys.clear()
                self._keys[asked] = key
        return key

    def miss(self, request: Request) -> Tape:
        """The refusal of a request that is not in the cassettes: the nearest recording, and the cure."""
        folder = self.cassettes[0].folder if self.cassettes else "DIR"
        lines = [f"No recording answers {request.method} {request.target} with this body."]
        lines += self._nearest(as_matched(request))
        lines.append(f"To record it: mockprovider record --upstream URL --cassette {folder}")
        return refusal(self._miss_status, "cassette_miss", "\n".join(lines), header="x-mockprovider-miss")

    def _tape(self, cassette: Cassette, entry: Entry, accept: bytes | None) -> Tape:
        """The tape of an entry as this client takes it, read again if its file has changed since a moment ago."""
        now = self._clock.now()
        known = self._ready.get((entry, accept))
        if known is not None and now - known[0] < _MOMENT:
            return known[2]
        try:
            exchange = cassette.exchange(entry)
        except CassetteError as problem:
            return refusal(500, "cassette_damaged", str(problem))
        if isinstance(exchange.tape.ending, Abandoned):
            why = exchange.tape.ending.why or "its end was not recorded"
            message = f"{entry.path.name} can't be replayed: {why}, so what followed is unknown. Record it again."
            return refusal(self._miss_status, "cassette_abandoned", message)
        if known is not None and known[1] is exchange:
            tape = known[2]
        else:
            tape = encoded(exchange.tape, exchange.coding, accept)
        if len(self._ready) >= _READY:
            self._ready.clear()
        self._ready[entry, accept] = now, exchange, tape
        return tape

    def _nearest(self, request: Request) -> list[str]:
        """The recording with the fewest fields that differ, and these fields."""
        asked = _fields(request)
        best: tuple[list[str], str] | None = None
        for cassette in self.cassettes:
            for entry in cassette.entries[-_NEAR:]:
                try:
                    known = _fields(cassette.exchange(entry).request)
                except CassetteError:
                    continue
                names = sorted(name for name in asked.keys() | known.keys() if asked.get(name) != known.get(name))
                if best is None or len(names) < len(best[0]):
                    lines = [f"  {name}: recorded {_short(known, name)}, sent {_short(asked, name)}" for name in names]
                    best = lines, entry.path.name
        if best is None:
            return ["The cassette is empty."]
        shown, hidden = best[0][:8], len(best[0]) - 8
        more = [f"  and {hidden} more"] if hidden > 0 else []
        return [f"Nearest is {best[1]}, which differs in:", *shown, *more]


def _live_key(request: Request) -> str:
    """The key of a request as it would have been kept."""
    return key_of(as_matched(request))


def _fields(request: Request) -> dict[str, Any]:
    """A request flattened to its fields: `body.messages.0.content` and the like."""
    fields: dict[str, Any] = {"method": request.method, "path": request.path, "query": request.query}
    try:
        _flatten("body", json.loads(canonical_json(request.body)), fields)
    except ValueError:
        fields["body"] = request.body
    return fields


def _flatten(name: str, value: Any, into: dict[str, Any]) -> None:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            _flatten(f"{name}.{key}", item, into)
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            _flatten(f"{name}.{number}", item, into)
    else:
        into[name] = value


def _short(fields: dict[str, Any], name: str) -> str:
    if name not in fields:
        return "nothing"
    text = repr(fields[name]) if isinstance(fields[name], bytes) else json.dumps(fields[name], ensure_ascii=False)
    return text if len(text) <= 120 else text[:117] + "…"
