"""Each program is run once for all tests that read what it said, whichever process they are in."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout

from tests.clients.matrix import plan, running
from tests.clients.matrix.judging import outcome
from tests.clients.matrix.plan import Cell

Outcomes = Mapping[Cell, str]
Heard = Callable[[str, str], Outcomes]
"""What came of a program's cells: `live`, `recorded` or `replayed`."""


class Runs:
    """The programs that have been run, in a folder that processes share."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack

    @cache  # noqa: B019 there is one for each process
    def heard(self, how: str, program: str) -> Outcomes:
        """What came of a program's cells. While another process runs it, others are run here."""
        for other in (program, *plan.programs()):
            if not self._kept(program).exists():
                with suppress(Timeout), FileLock(self._lock(other), timeout=0):
                    self._run(other)
        with FileLock(self._lock(program)):
            self._run(program)
        told = json.loads(self._kept(program).read_text(encoding="utf-8"))
        if "failed" in told:
            pytest.fail(told["failed"])
        return {Cell(*cell): came for *cell, came in told[how]}

    def _run(self, program: str) -> None:
        """Run a program, if nobody has. That it failed is kept too: there are hundreds who ask."""
        if (kept := self._kept(program)).exists():
            return
        url, refusals = self._profiles()
        try:
            told: Any = {
                how: [
                    [*astuple(cell), outcome(cell, each, refusals.get((cell.profile, cell.task), []))]
                    for cell, each in said.items()
                ]
                for how, said in running.run(program, url).items()
            }
        except (AssertionError, OSError, ValueError, running.TooSlow) as problem:
            told = {"failed": f"{program}: {problem}"}
        kept.write_text(json.dumps(told), encoding="utf-8")

    @cache  # noqa: B019 as above
    def _profiles(self) -> tuple[str, Any]:
        url = self._stack.enter_context(running.profiles()).url
        return url, running.refusals(url)

    def _kept(self, program: str) -> Path:
        return self._folder / f"matrix-{program}.json"

    def _lock(self, program: str) -> Path:
        return self._folder / f"matrix-{program}.lock"


@pytest.fixture(scope="session")
def heard(shared: Path) -> Iterator[Heard]:
    with ExitStack() as stack:
        yield Runs(shared, stack).heard
