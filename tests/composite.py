"""The action at the root, run as GitHub's runner runs a composite action, as far as it needs one.

Steps with `run` are run by bash, in the environment that earlier ones have left. A step with `uses` is passed over.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
ACTION: Any = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_COMMAND = re.compile(r"inputs\.command == '(\w+)'")


@dataclass(frozen=True)
class Outcome:
    """What a use of the action came to."""

    status: int
    said: str
    outputs: Mapping[str, str]


@dataclass
class Job:
    """A job's environment, which its steps change."""

    temp: Path
    environment: dict[str, str] = field(
        default_factory=lambda: {
            name: value for name, value in os.environ.items() if not name.startswith(("MOCKPROVIDER_", "OPENAI_"))
        }
    )
    path: list[str] = field(default_factory=list)
    _groups: list[int] = field(default_factory=list)

    def installed(self) -> "Job":
        """A job in which the step that installs has nothing left to do: what runs the tests stands there."""
        (self.temp / "mockprovider").mkdir()
        (self.temp / "mockprovider" / "venv").symlink_to(sys.prefix)
        self.path.append(str(Path(sys.executable).parent))
        return self

    def use(self, *, without: str = "Install", only: str | None = None, **given: str) -> Outcome:
        """Use the action with these inputs, `_` for `-`; without one of its steps, or only one."""
        inputs = {name: known["default"] for name, known in ACTION["inputs"].items()}
        inputs |= {name.replace("_", "-"): value for name, value in given.items()}
        known = {f"inputs.{name}": value for name, value in inputs.items()}
        known |= {"steps.python.outputs.python-path": sys.executable, "github.action_path": str(ROOT)}
        said = ""
        outputs: dict[str, str] = {}
        for step in ACTION["runs"]["steps"]:
            wanted = _COMMAND.fullmatch(step.get("if", f"inputs.command == '{inputs['command']}'"))
            assert wanted is not None, step["if"]
            if (
                wanted[1] != inputs["command"]
                or "uses" in step
                or step["name"] == without
                or only not in (None, step["name"])
            ):
                continue
            own = {
                name: _EXPRESSION.sub(lambda hole: known[hole[1]], text) for name, text in step.get("env", {}).items()
            }
            status, heard = self._run(step["run"], own, outputs)
            said += heard
            if status:
                return Outcome(status, said, outputs)
        return Outcome(0, said, outputs)

    def end(self) -> None:
        """End what was left running, as a runner does with a job's processes."""
        for group in self._groups:
            try:
                os.killpg(group, signal.SIGTERM)
            except ProcessLookupError:
                continue

    def _run(self, script: str, own: Mapping[str, str], outputs: dict[str, str]) -> tuple[int, str]:
        assert "${{" not in script, "what a user writes must not become a script"
        files = {name: self.temp / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH")}
        for file in files.values():
            file.write_text("")
        path = os.pathsep.join([*reversed(self.path), self.environment["PATH"]])
        told = {name: str(file) for name, file in files.items()}
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            env={**self.environment, **own, **told, "PATH": path, "RUNNER_TEMP": str(self.temp)},
            cwd=self.temp,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        self._groups.append(process.pid)
        said, _ = process.communicate(timeout=300)
        self.environment |= _pairs(files["GITHUB_ENV"])
        outputs |= _pairs(files["GITHUB_OUTPUT"])
        self.path += files["GITHUB_PATH"].read_text().splitlines()
        return process.returncode, said


def _pairs(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())
