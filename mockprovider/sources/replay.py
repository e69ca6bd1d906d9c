"""A tape out of a cassette: the one recorded for exactly this request, or a miss that says what came nearest.

Equal requests are answered in the order in which they were recorded, for each API key by itself. Where the rules of a
cassette are loose, a recording may answer whose system prompt or tool schemas differ, if only one does; it says so.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mockprovider.cassettes.coding import encoded
from mockprovider.cassettes.matching.difference import differences, fields
from mockprovider.cassettes.secrets.redact import as_matched, counts_for_matching
from mockprovider.cassettes.store import Cassette, Entry
from mockprovider.clock import Clock, SystemClock
from mockprovider.errors import CassetteError
from mockprovider.sources.miss import Miss, explained
from mockprovider.sources.refusal import MISS, refusal
from mockprovider.sources.verify import Evidence
from mockprovider.tape import Abandoned, Exchange, Request, Tape, as_kept

_REMEMBERED = 512
"""How many match keys are remembered: tests ask the same again and again."""
_REMEMBERED_BYTES = 2**16
"""Keys of requests with longer bodies are not."""
_MOMENT = 0.1
"""Seconds for which a file is taken to be as it was: to ask the file system costs as much as to answer."""
_READY = 1024
"""How many tapes are kept ready."""

Place = tuple[Cassette, Entry]


class Repeat(StrEnum):
    """What follows the last recording of a request."""

    LAST = "last"
    CYCLE = "cycle"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Found:
    """A tape, the file it is from (empty for a refusal), and the fields that drifted where it was found loosely."""

    tape: Tape
    file: str = ""
    drift: tuple[str, ...] = ()


class Replay:
    """Answers from cassettes; where several hold a request, those given first come first."""

    def __init__(
        self,
        cassettes: Sequence[Cassette],
        *,
        repeat: str = Repeat.LAST,
        miss_status: int = MISS,
        clock: Clock | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.cassettes = tuple(cassettes)
        self.evidence = Evidence(self.cassettes)
        self._repeat = Repeat(repeat)
        self._miss_status = miss_status
        self._say = say
        self._asked: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._drifted: dict[Entry, tuple[str, ...]] = {}
        self._clock = clock or SystemClock()
        self._tells = dict[bytes, bool]()
        self._keys: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._ready: dict[tuple[Entry, bytes | None], tuple[float, Exchange, Tape]] = {}

    def find(self, request: Request, tenant: str) -> Found | None:
        """What answers this request of this tenant; None on a miss."""
        keys = self._keys_of(request)
        places = [
            (cassette, entry)
            for cassette, key in zip(self.cassettes, keys, strict=True)
            for entry in cassette.by_key.get(key, ())
        ]
        drifted = False
        if not places:
            places, drifted = self._loosely(request), True
            if not places:
                return None
            others = {entry.key: entry.path.name for _, entry in places}
            if len(others) > 1:
                return self._refused("cassette_ambiguous", _ambiguous(list(others.values())))
            keys = tuple(others)
        turn = self._turn(tenant, keys, len(places))
        if turn is None:
            count = "the only recording" if len(places) == 1 else f"all {len(places)} recordings"
            message = f"{request.method} {request.target}: {count} of this request came already (--repeat refuse)"
            return self._refused("cassette_exhausted", message)
        cassette, entry = places[turn]
        drift = self._drift(cassette, entry, request) if drifted else ()
        self.evidence.served(entry)
        return self._found(cassette, entry, request.header(b"accept-encoding"), drift)

    def miss(self, request: Request) -> tuple[Tape, Miss]:
        """The refusal of a request that is not in the cassettes, and what it says."""
        miss = explained(self.cassettes, request)
        self.evidence.missed(f"{miss.method} {miss.target}" + (f" (nearest {miss.nearest})" if miss.nearest else ""))
        return miss.tape(self._miss_status), miss

    def restart(self, tenant: str | None = None) -> None:
        """Begin again with the first recording of each request, for one tenant or for all."""
        for position in [each for each in self._asked if tenant in (None, each[0])]:
            del self._asked[position]
        if tenant is None:
            self.evidence.clear()

    def _keys_of(self, request: Request) -> tuple[str, ...]:
        """The match key of a live request in each cassette, remembered by all that it depends on."""
        telling = [value for name, value in request.headers if self._is_telling(name)]
        asked: tuple[object, ...] = (request.method, request.path, request.query, request.body, *telling)
        if (keys := self._keys.get(asked)) is None:
            keys = tuple(cassette.key(request) for cassette in self.cassettes)
            if len(request.body) <= _REMEMBERED_BYTES:
                if len(self._keys) >= _REMEMBERED:
                    self._keys.clear()
                self._keys[asked] = keys
        return keys

    def _is_telling(self, name: bytes) -> bool:
        """Whether a match key can depend on a header."""
        if (tells := self._tells.get(name)) is None:
            small = name.lower()
            tells = any(
                counts_for_matching(small, cassette.redaction) or small in cassette.rules.headers
                for cassette in self.cassettes
            )
            if len(self._tells) < _REMEMBERED:
                self._tells[name] = tells
        return tells

    def _turn(self, tenant: str, keys: tuple[str, ...], count: int) -> int | None:
        """Which of the recordings is next; None where there is none left."""
        turn = self._asked[tenant, keys]
        if turn >= count:
            match self._repeat:
                case Repeat.REFUSE:
                    return None
                case Repeat.CYCLE:
                    turn %= count
                case Repeat.LAST:
                    turn = count - 1
        self._asked[tenant, keys] += 1
        return turn

    def _loosely(self, request: Request) -> list[Place]:
        return [
            (cassette, entry)
            for cassette in self.cassettes
            if cassette.rules.loose
            for entry in cassette.loosely(request)
        ]

    def _refused(self, code: str, message: str) -> Found:
        """A refusal in our own name, said and noted as a miss."""
        self._say(message)
        self.evidence.missed(message)
        return Found(refusal(self._miss_status, code, message))

    def _drift(self, cassette: Cassette, entry: Entry, request: Request) -> tuple[str, ...]:
        """The fields that drifted; said, and what was sent kept, once for each recording."""
        if (known := self._drifted.get(entry)) is not None:
            return known
        sent = as_matched(request, cassette.redaction)
        exchange = cassette.exchange(entry)
        recorded = fields(exchange.request, cassette.rules, exchange.cwd)
        found = differences(recorded, fields(sent, cassette.rules, cassette.cwd))
        names = self._drifted[entry] = tuple(each.field for each in found)
        lines = "".join(f"\n  {each}" for each in found[:8])
        self._say(f"{entry.path.name} answers a request that has drifted in{lines}")
        try:
            cassette.note_drift(entry, as_kept(request))
        except CassetteError as problem:
            self._say(f"`cassette refresh-requests` won't know of it: {problem}")
        return names

    def _found(self, cassette: Cassette, entry: Entry, accept: bytes | None, drift: tuple[str, ...]) -> Found:
        """The tape of an entry as this client takes it, read again if its file has changed since a moment ago."""
        now = self._clock.now()
        known = self._ready.get((entry, accept))
        if known is not None and now - known[0] < _MOMENT:
            return Found(known[2], entry.path.name, drift)
        try:
            exchange = cassette.exchange(entry)
        except CassetteError as problem:
            return Found(refusal(500, "cassette_damaged", str(problem)))
        if isinstance(exchange.tape.ending, Abandoned):
            why = exchange.tape.ending.why or "its end was not recorded"
            message = f"{entry.path.name} can't be replayed: {why}, so what followed is unknown. Record it again."
            return Found(refusal(self._miss_status, "cassette_abandoned", message))
        if known is not None and known[1] is exchange:
            tape = known[2]
        else:
            tape = encoded(exchange.tape, exchange.coding, accept)
        if len(self._ready) >= _READY:
            self._ready.clear()
        self._ready[entry, accept] = now, exchange, tape
        return Found(tape, entry.path.name, drift)


def _ambiguous(files: Sequence[str]) -> str:
    return (
        f"{len(files)} recordings differ from this request in the system prompt or the tool schemas only: "
        f"{', '.join(files[:8])}. Which one is meant can't be told (--match loose); record it again."
    )
