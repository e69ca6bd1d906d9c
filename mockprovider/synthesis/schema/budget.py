"""How much work one schema may cost: a client's schema must not stall the server, however it branches or recurs."""

from collections.abc import Iterator
from contextlib import contextmanager


class UnfitError(Exception):
    """Nothing was found that fits."""


class Budget:
    """Steps that are left. A step is some microseconds of work."""

    __slots__ = ("_floor", "_left")

    def __init__(self, steps: int) -> None:
        self._left = steps
        self._floor = 0

    def spend(self, steps: int = 1) -> None:
        """Take steps; raises UnfitError when none are left."""
        self._left -= steps
        if self._left < self._floor:
            raise UnfitError

    @contextmanager
    def part(self) -> Iterator[None]:
        """Inside, no more than a third of what is left may be spent, so that something remains for other guesses."""
        before, self._floor = self._floor, max(self._floor, self._left - max(0, self._left) // 3)
        try:
            yield
        finally:
            self._floor = before
