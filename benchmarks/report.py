"""What the benchmarks have in common when they speak: figures, verdicts, the machine, exit status.

Exit status: 0 every target is met, 1 one is not (or a server misbehaved), 2 the benchmark could not start.
"""

import argparse
import json
import math
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


class SetupError(Exception):
    """The benchmark cannot start: something is missing here, or was asked for wrongly."""


class BrokenRunError(Exception):
    """A server did not do what is being timed, so its time means nothing."""


@dataclass(frozen=True)
class Figure:
    """One number, judged if it has a target. `note` holds the raw values behind it."""

    name: str
    value: float
    unit: str
    target: float | None
    note: str
    at_least: bool = False

    @property
    def ok(self) -> bool:
        """Whether the target is met."""
        if self.target is None:
            return True
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of its line in the table."""
        sign = ">=" if self.at_least else "<="
        judged = self.target is not None
        return (
            self.name,
            f"{self.value:.2f} {self.unit}",
            f"{sign} {self.target:g} {self.unit}" if judged else "",
            ("ok" if self.ok else "short") if judged else "",
            self.note,
        )


def percentile(values: Sequence[float], percent: float) -> float:
    """Find the smallest value that at least `percent` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def machine() -> dict[str, str]:
    """Gather the facts without which a figure cannot be compared with another day's."""
    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cpu": cpu[0].partition(":")[2].strip() if cpu else platform.processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load at start": f"{os.getloadavg()[0]:.2f}",
    }


def processor_ticks() -> tuple[int, int]:
    """Tell how much time the hypervisor has kept for itself, and how much has passed, over all cores."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return ticks[7], sum(ticks[:8])


def progress(text: str) -> None:
    """Say on stderr what is being done, so that stdout stays clean for the result."""
    print(text, file=sys.stderr, flush=True)


def show(figures: Sequence[Figure], facts: dict[str, str], *, as_json: bool) -> int:
    """Print the result and return the exit status that it deserves."""
    met = all(figure.ok for figure in figures)
    if as_json:
        rows = [asdict(figure) | {"ok": figure.ok} for figure in figures]
        print(json.dumps({"machine": facts, "figures": rows, "ok": met}, indent=2))
    else:
        print("   ".join(f"{name}: {value}" for name, value in facts.items()))
        rows_shown = [("figure", "measured", "target", "", "behind it"), *(figure.row for figure in figures)]
        widths = [max(len(row[column]) for row in rows_shown) for column in range(5)]
        for row in rows_shown:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            print("  ".join(cells).rstrip())
    return 0 if met else 1


def command_line(description: str, *, rounds: int) -> argparse.ArgumentParser:
    """Give a parser with the options that every benchmark has."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=description, formatter_class=form)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--rounds", type=count(1, 50), metavar="N", default=rounds, help=f"pairs ({rounds})")
    return parser


def count(least: int, most: int) -> Callable[[str], int]:
    """Make a type for an option: a whole number within bounds, so that no run is endless."""

    def read(text: str) -> int:
        if not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return read


def run(parser: argparse.ArgumentParser, measure: Callable[[argparse.Namespace], list[Figure]]) -> int:
    """Read the options, measure, print, and turn what went wrong into an exit status."""
    options = parser.parse_args()
    facts = machine()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped then, too
    before = processor_ticks()
    try:
        figures = measure(options)
        stolen, total = (after - start for start, after in zip(before, processor_ticks(), strict=True))
        facts["stolen by other machines"] = f"{100 * stolen / max(total, 1):.1f} %"
        return show(figures, facts, as_json=options.json)
    except SetupError as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2
    except (BrokenRunError, subprocess.TimeoutExpired) as error:
        print(f"measurement void: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
