"""Clients that don't live in this Python: npm's, in tests/node, and those in tests/clients/apart.

Both are installed when they are first used, where git does not look. Where that can't be done, their tests are skipped;
with `CI` in the environment they fail. Locks let only one worker, or one pytest, do so at a time.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest
from filelock import FileLock

from mockprovider import MockProvider

ROOT = Path(__file__).parents[2]
NODE = ROOT / "tests" / "node"
CACHE = ROOT / ".cache"
PROFILES = ("openai", "deepseek-like")
"""Whose base URLs a program is given, in this order, if it does not say."""


@dataclass(frozen=True)
class Told:
    """What a client says, claim by claim."""

    claims: dict[str, dict[str, Any]]
    requests: dict[str, int]
    """How many requests the providers had for each claim, by its key."""

    def __call__(self, claim: str, requests: int = 1) -> Any:
        """What it says, where it needed so many requests for that, no more and no fewer."""
        answer = self.claims[claim]
        assert "error" not in answer, answer["error"]
        assert self.requests[claim] == requests
        return answer["value"]


def heard_in_node(shared: Path, script: str, profiles: Sequence[str] = PROFILES) -> Told:
    """What a script of tests/node says, which is run once for all workers that share a folder."""
    return _once(shared, script, lambda: _hear([_node(), str(NODE / script)], profiles))


def heard_apart(shared: Path, module: str, profiles: Sequence[str] = PROFILES, **environment: str) -> Told:
    """What a module of tests/clients/apart says, which is run once for all workers that share a folder."""
    environment["PYTHONDONTWRITEBYTECODE"] = ""  # pip compiles nothing, so what is needed is compiled once
    command = ("-m", "tests.clients.apart", module)
    return _once(shared, module, lambda: _hear([_python(), *command], profiles, **environment))


def _once(shared: Path, name: str, run: Callable[[], Told]) -> Told:
    kept = shared / f"{name}.json"
    with FileLock(shared / f"{name}.lock"):
        if not kept.exists():
            kept.write_text(json.dumps(asdict(run())))
        return Told(**json.loads(kept.read_text()))


def _hear(command: Sequence[str], profiles: Sequence[str], **environment: str) -> Told:
    """Run a client that takes the base URLs of profiles, and prints its claims as JSON in the last line."""
    clean = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_BASE_URL"))}
    with ExitStack() as running:
        mocks = [running.enter_context(MockProvider(profile)) for profile in profiles]
        done = run([*command, *(mock.base_url for mock in mocks)], ROOT, {**clean, **environment})
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout.splitlines()[-1])
        assert said["elsewhere"] == []
        asked = {claim: sum(len(mock.journal(tenant=f"sk-mock-{claim}")) for mock in mocks) for claim in said["told"]}
    return Told(said["told"], asked)


def _node() -> str:
    """Node, with what tests/node needs beside its scripts."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        absent("there is no `node` with its `npm` here")
    stamp, lock = NODE / "node_modules" / ".stamp", (NODE / "package-lock.json").read_text()
    with FileLock(CACHE / "node.lock"):
        if not stamp.is_file() or stamp.read_text() != lock:
            install([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"], NODE)
            stamp.write_text(lock)
    return node


def _python() -> str:
    """Python, in an environment with the dependency group `apart`."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    wanted = json.dumps([groups["apart"], sys.version])
    home = CACHE / "apart"
    stamp, python = home / ".stamp", str(home / ("Scripts" if os.name == "nt" else "bin") / "python")
    with FileLock(CACHE / "apart.lock"):
        if not stamp.is_file() or stamp.read_text() != wanted:
            install([sys.executable, "-m", "venv", "--clear", "--without-pip", str(home)], ROOT)
            pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
            install([*pip, "install", "--quiet", "--no-compile", "--group", "pyproject.toml:apart"], ROOT)
            stamp.write_text(wanted)
    return python


def install(command: Sequence[str], folder: Path) -> None:
    done = run(command, folder, dict(os.environ))
    if done.returncode:
        absent(f"`{' '.join(command)}` failed: {done.stderr.strip()[-500:]}")


def run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=600
    )


def absent(why: str) -> NoReturn:
    (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
