"""Time as an argument. Whoever waits is handed a clock, and waits *until* a moment, never *for* a gap.

Sleeping gap by gap adds every wake-up's lateness to all that follows; absolute deadlines don't.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Handle(Protocol):
    """A call that is to come."""

    def cancel(self) -> object:
        """See to it that it does not."""


class Clock(Protocol):
    """A source of time in seconds, and of calls at a moment."""

    def now(self) -> float:
        """Seconds on a scale that never goes back."""

    def call_at(self, moment: float, callback: Callable[[], None]) -> Handle:
        """Call back at `moment`, or as soon as can be where it has passed."""


class SystemClock:
    """The monotonic clock, and the timers of the running event loop."""

    def now(self) -> float:
        """Seconds of `time.monotonic`."""
        return time.monotonic()

    def call_at(self, moment: float, callback: Callable[[], None]) -> Handle:
        """A timer of the event loop; uvloop's go by the millisecond."""
        return asyncio.get_running_loop().call_later(max(0.0, moment - time.monotonic()), callback)


def timestamp() -> str:
    """The present in UTC as RFC 3339 with milliseconds, for people."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
