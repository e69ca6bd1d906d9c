"""What clients break on: `tests/clients/findings.yaml`, each with the quirk that it is about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.clients.matrix.judging import OK
from tests.clients.matrix.plan import Cell

FILE = Path(__file__).parents[1] / "findings.yaml"


@dataclass(frozen=True)
class Finding:
    """One cause, and the cells in which it is seen."""

    quirk: str
    """The dotted key, which is a quirk of each of the profiles; none: the fault is ours."""
    says: str
    profiles: Sequence[str]
    tasks: Sequence[str]
    happens: Mapping[str, str]
    """What becomes of it, by client."""

    def cells(self) -> Iterator[tuple[Cell, str]]:
        for client, happens in self.happens.items():
            for profile in self.profiles:
                for task in self.tasks:
                    yield Cell(client, profile, task), happens


@cache
def findings() -> Sequence[Finding]:
    """In the order of the file."""
    return [_finding(**each) for each in _file()["findings"]]


@cache
def expected() -> Mapping[Cell, str]:
    """What happens in the cells that are not as they should be."""
    return {cell: happens for finding in findings() for cell, happens in finding.cells()}


def versions() -> Mapping[str, str]:
    """By client, with which version it was seen last."""
    said: Mapping[str, str] = _file()["versions"]
    return said


def outcome_of(cell: Cell) -> str:
    """What is to come of a cell."""
    return expected().get(cell, OK)


@cache
def _file() -> Mapping[str, Any]:
    said: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return said


def _finding(says: str, profiles: Any, tasks: Any, happens: Mapping[str, str], quirk: str = "") -> Finding:
    return Finding(quirk, says, _several(profiles), _several(tasks), happens)


def _several(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else list(given)
