"""What was asked and what was answered, bounded and in memory: the newest entries stay."""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

CAPACITY = 1000


@dataclass(slots=True)
class Entry:
    """One request, and how it was answered. Times in seconds."""

    id: int
    started: float
    """On the wall clock, since 1970."""
    method: str
    target: str
    tenant: str
    source: str = ""
    """Who answered: `replay`, `record`, `synthesize`, or `refusal` for mockprovider itself."""
    detail: str = ""
    """What in the source: the recording's file, the profile and case."""
    drift: tuple[str, ...] = ()
    """The fields in which the request differs from the recording that answered it, where that may be."""
    status: int | None = None
    ending: str = ""
    """How it ended for the client, in the words of the cassette format, or `client left`; empty while it runs."""
    chunks: int = 0
    bytes: int = 0
    duration: float = 0.0
    """Until the answer had ended."""

    def plain(self) -> dict[str, Any]:
        """As plain data, the start as RFC 3339."""
        started = datetime.fromtimestamp(self.started, UTC).isoformat(timespec="milliseconds")
        return {**asdict(self), "started": started, "duration": round(self.duration, 6)}


class Journal:
    """The last `capacity` requests, oldest first."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._ids = count(1)

    def open(self, method: str, target: str, tenant: str) -> Entry:
        """Note a request that has arrived."""
        entry = Entry(next(self._ids), time.time(), method, target, tenant)
        self._entries.append(entry)
        return entry

    def select(
        self, *, tenant: str | None = None, source: str | None = None, last: int | None = None
    ) -> list[dict[str, Any]]:
        """Entries as plain data, those of one tenant or source where asked, the `last` of them where asked."""
        chosen = list(self._chosen(tenant, source))
        return [entry.plain() for entry in (chosen if last is None else chosen[len(chosen) - min(last, len(chosen)) :])]

    def clear(self) -> None:
        """Forget everything; ids go on."""
        self._entries.clear()

    def _chosen(self, tenant: str | None, source: str | None) -> Iterator[Entry]:
        for entry in self._entries:
            if (tenant is None or entry.tenant == tenant) and (source is None or entry.source == source):
                yield entry
