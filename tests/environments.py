"""Python environments apart from this one, for what must not live beside the tests' own packages."""

import os
import sys
from pathlib import Path

from tests.clients.programs import ROOT, install


def python_of(home: Path) -> str:
    """The interpreter of an environment."""
    return str(home / ("Scripts" if os.name == "nt" else "bin") / "python")


def make(home: Path) -> None:
    """An environment with nothing in it, not even pip; what was there before is gone."""
    install([sys.executable, "-m", "venv", "--clear", "--without-pip", str(home)], ROOT)


def pip(*words: str | Path, home: Path | None = None) -> None:
    """Run this environment's pip, for another one if that is given.

    Where it fails, the test is skipped, and fails in CI.
    """
    other = () if home is None else ("--python", python_of(home))
    quiet = ("--quiet", "--disable-pip-version-check")
    install([sys.executable, "-m", "pip", *other, *quiet, *map(str, words)], ROOT)


def clean() -> dict[str, str]:
    """The process's variables without those that pytest has for itself, or that lead to this environment."""
    own = ("PYTEST_", "COV_", "PYTHON", "VIRTUAL_ENV")
    return {name: text for name, text in os.environ.items() if not name.startswith(own)}
