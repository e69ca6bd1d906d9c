"""Time as an argument. Whoever waits is handed a clock, and waits *until* a moment, never *for* a gap.

Sleeping gap by gap adds every wake-up's lateness to all that follows; absolute deadlines don't.
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A source of time in seconds, and of waiting."""

    def now(self) -> float:
        """Seconds on a scale that never goes back."""

    async def until(self, moment: float) -> None:
        """Return at `moment`, or at once where it has passed."""


class SystemClock:
    """The monotonic clock, waited on by the running event loop."""

    def now(self) -> float:
        """Seconds of `time.monotonic`."""
        return time.monotonic()

    async def until(self, moment: float) -> None:
        """Sleep until `moment`."""
        if (left := moment - time.monotonic()) > 0:
            await asyncio.sleep(left)


def timestamp() -> str:
    """The present in UTC as RFC 3339 with milliseconds, for people."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
