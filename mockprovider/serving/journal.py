"""What was asked and what was answered, bounded and in memory: the newest entries stay."""

import json
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

CAPACITY = 1000
ROOM = 16 * 2**20
"""Bytes of request bodies that are kept; after that the oldest go."""


Body = bytes
"""A request's body; an entry has `bytes` of its own, which is a number."""


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
    body: "Body | None" = None
    """What was asked; None where it is not kept (any more)."""

    def plain(self, *, bodies: bool = False) -> dict[str, Any]:
        """As plain data, the start as RFC 3339; with `bodies` the request's body, as JSON if it is, else as text."""
        started = datetime.fromtimestamp(self.started, UTC).isoformat(timespec="milliseconds")
        said = {**asdict(self), "started": started, "duration": round(self.duration, 6)}
        del said["body"]
        return {**said, "body": _read(self.body)} if bodies else said


class Journal:
    """The last `capacity` requests, oldest first, and of the last of them the bodies, as far as there is `room`."""

    def __init__(self, capacity: int = CAPACITY, room: int = ROOM) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._ids = count(1)
        self._with_body = deque[Entry]()
        self._room = self._left = room

    def open(self, method: str, target: str, tenant: str) -> Entry:
        """Note a request that has arrived."""
        entry = Entry(next(self._ids), time.time(), method, target, tenant)
        self._entries.append(entry)
        return entry

    def keep(self, entry: Entry, body: bytes) -> None:
        """Keep the body of a request; for that the oldest go."""
        entry.body = body
        self._with_body.append(entry)
        self._left -= len(body)
        while self._left < 0:
            oldest = self._with_body.popleft()
            self._left += len(oldest.body or b"")
            oldest.body = None

    def select(
        self,
        *,
        tenant: str | None = None,
        source: str | None = None,
        last: int | None = None,
        bodies: bool = False,
    ) -> list[dict[str, Any]]:
        """Entries as plain data, those of one tenant or source where asked, the `last` of them where asked."""
        chosen = list(self._chosen(tenant, source))
        wanted = chosen if last is None else chosen[len(chosen) - min(last, len(chosen)) :]
        return [entry.plain(bodies=bodies) for entry in wanted]

    def clear(self) -> None:
        """Forget everything; ids go on."""
        self._entries.clear()
        self._with_body.clear()
        self._left = self._room

    def _chosen(self, tenant: str | None, source: str | None) -> Iterator[Entry]:
        for entry in self._entries:
            if (tenant is None or entry.tenant == tenant) and (source is None or entry.source == source):
                yield entry


def _read(body: bytes | None) -> Any:
    """A body as JSON if it is JSON, else as text; null where there is none."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
