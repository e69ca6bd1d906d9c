"""What was asked and what was answered, bounded and in memory: the newest entries stay."""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

CAPACITY = 1000


@dataclass(slots=True)
class Entry:
    """One request. Times in seconds; `started` on the wall clock, `duration` until the answer had ended."""

    id: int
    started: str
    method: str
    target: str
    tenant: str
    source: str = ""
    """Who answered: `replay`, `record`, `synthesize`, or `refusal` for mockprovider itself."""
    detail: str = ""
    """What in the source: the recording's file, the profile and case."""
    status: int | None = None
    ending: str = ""
    chunks: int = 0
    bytes: int = 0
    duration: float = 0.0


class Journal:
    """The last `capacity` requests, oldest first."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._ids = count(1)

    def open(self, started: str, method: str, target: str, tenant: str) -> Entry:
        """Note a request that has arrived."""
        entry = Entry(next(self._ids), started, method, target, tenant)
        self._entries.append(entry)
        return entry

    def select(
        self, *, tenant: str | None = None, source: str | None = None, last: int | None = None
    ) -> list[dict[str, Any]]:
        """Entries as plain data, those of one tenant or source where asked, the `last` of them where asked."""
        chosen = [asdict(entry) for entry in self._chosen(tenant, source)]
        return chosen[-last:] if last else chosen

    def clear(self) -> None:
        """Forget everything; ids go on."""
        self._entries.clear()

    def _chosen(self, tenant: str | None, source: str | None) -> Iterator[Entry]:
        for entry in self._entries:
            if (tenant is None or entry.tenant == tenant) and (source is None or entry.source == source):
                yield entry
