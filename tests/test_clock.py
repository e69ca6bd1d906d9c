"""Waiting until a moment, and a clock for tests in which waiting takes no time."""

import asyncio
import re
import time
from datetime import UTC, datetime

import pytest

from mockprovider.clock import Clock, SystemClock, timestamp


class VirtualClock:
    """A clock that stands still until somebody waits. Each wait ends `late` seconds late; `asked` are the moments."""

    def __init__(self, now: float = 0.0, late: float = 0.0) -> None:
        self.time = now
        self.late = late
        self.asked: list[float] = []

    def now(self) -> float:
        return self.time

    async def until(self, moment: float) -> None:
        self.asked.append(moment)
        if moment > self.time:
            self.time = moment + self.late


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the event loop was asked to sleep, at 100 s on the monotonic clock."""
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    return naps


def waited(clock: Clock, moment: float) -> None:
    """Run the wait to its end; nothing but `asyncio.sleep` may give way."""
    with pytest.raises(StopIteration):
        clock.until(moment).__await__().__next__()


def test_it_sleeps_for_what_is_left_until_the_moment(slept: list[float]) -> None:
    waited(SystemClock(), 102.5)
    assert slept == [2.5]


@pytest.mark.parametrize("moment", [100.0, 99.0, 0.0, -1.0])
def test_it_does_not_sleep_for_a_moment_that_has_passed(moment: float, slept: list[float]) -> None:
    waited(SystemClock(), moment)
    assert slept == []


def test_its_scale_never_goes_back() -> None:
    clock = SystemClock()
    times = [clock.now() for _ in range(100)]
    assert times == sorted(times)


def test_a_timestamp_is_the_present_in_utc_with_milliseconds() -> None:
    before = datetime.now(UTC)
    text = timestamp()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
    assert abs((datetime.fromisoformat(text) - before).total_seconds()) < 60
