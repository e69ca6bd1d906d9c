"""Each program is run once for all tests that read what it said, whichever process they are in."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
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
    """The programs that have been run, live or behind a recorder, in a folder that processes share."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack

    @cache  # noqa: B019 there is one for each process
    def heard(self, how: str, program: str) -> Outcomes:
        job = (how == "live", program)
        for other in (job, *self._jobs()):
            if not self._kept(*job).exists():
                with suppress(Timeout), FileLock(self._lock(*other), timeout=0):
                    self._run(*other)
        with FileLock(self._lock(*job)):
            self._run(*job)
        told = json.loads(self._kept(*job).read_text(encoding="utf-8"))
        if "failed" in told:
            pytest.fail(told["failed"])
        return {Cell(*cell): came for *cell, came in told[how]}

    def _run(self, live: bool, program: str) -> None:
        """Run a program, if nobody has. That it failed is kept too: there are hundreds who ask."""
        if (kept := self._kept(live, program)).exists():
            return
        url, refusals = self._profiles()
        try:
            said = {"live": running.run(program, url)} if live else running.replayed(program, url)
            told: Any = {
                how: [
                    [*vars(cell).values(), outcome(cell, each, refusals.get((cell.profile, cell.task), []))]
                    for cell, each in lines.items()
                ]
                for how, lines in said.items()
            }
        except (AssertionError, OSError, ValueError, running.TooSlow) as problem:
            told = {"failed": f"{program}: {problem}"}
        kept.write_text(json.dumps(told), encoding="utf-8")

    @cache  # noqa: B019
    def _profiles(self) -> tuple[str, Any]:
        url = self._stack.enter_context(running.profiles()).url
        return url, running.refusals(url)

    def _jobs(self) -> list[tuple[bool, str]]:
        return [(live, program) for live in (True, False) for program in plan.programs()]

    def _kept(self, live: bool, program: str) -> Path:
        return self._folder / f"matrix-{'live' if live else 'replayed'}-{program}.json"

    def _lock(self, live: bool, program: str) -> Path:
        return self._kept(live, program).with_suffix(".lock")


@pytest.fixture(scope="session")
def heard(shared: Path) -> Iterator[Heard]:
    with ExitStack() as stack:
        yield Runs(shared, stack).heard
