"""Waiting until a moment, and a clock for tests in which waiting takes no time."""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from mockprovider.clock import Handle, SystemClock, timestamp


class VirtualClock:
    """A clock that stands still until somebody waits. Each call comes `late` seconds late; `asked` are the moments."""

    def __init__(self, now: float = 0.0, late: float = 0.0) -> None:
        self.time = now
        self.late = late
        self.asked: list[float] = []

    def now(self) -> float:
        return self.time

    def call_at(self, moment: float, callback: Callable[[], None]) -> Handle:
        def come() -> None:
            if moment > self.time:
                self.time = moment + self.late
            callback()

        self.asked.append(moment)
        return asyncio.get_running_loop().call_soon(come)


@pytest.mark.parametrize(("moment", "when"), [(102.5, 102.5), (100.0, 100.0), (99.0, 100.0), (-1.0, 100.0)])
async def test_a_call_comes_at_its_moment_or_at_once_where_that_has_passed(
    moment: float, when: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(time, "monotonic", lambda: 100.0)
        handle = SystemClock().call_at(moment, lambda: None)
    assert isinstance(handle, asyncio.TimerHandle)
    assert handle.when() == pytest.approx(when)
    handle.cancel()


async def test_a_call_that_was_cancelled_does_not_come() -> None:
    came: list[str] = []
    clock, done = SystemClock(), asyncio.Event()
    clock.call_at(clock.now(), lambda: came.append("cancelled")).cancel()
    clock.call_at(clock.now(), done.set)
    async with asyncio.timeout(10):
        await done.wait()
    assert came == []


def test_its_scale_never_goes_back() -> None:
    clock = SystemClock()
    times = [clock.now() for _ in range(100)]
    assert times == sorted(times)


def test_a_timestamp_is_the_present_in_utc_with_milliseconds() -> None:
    before = datetime.now(UTC)
    text = timestamp()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
    assert abs((datetime.fromisoformat(text) - before).total_seconds()) < 60
