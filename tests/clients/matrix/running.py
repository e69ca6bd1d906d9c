"""Runs the clients' programs: against the profiles, through a recorder before them, and against what it recorded."""

import atexit
import http.client
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import trustme

from mockprovider import MockProvider
from mockprovider.profiles.loading import shipped
from tests.clients.matrix import plan
from tests.clients.matrix.judging import Refusal, strings
from tests.clients.matrix.plan import Cell
from tests.clients.programs import NODE, ROOT, _node, _python

APART = {"with_instructor", "with_litellm"}
"""The programs that live in the Python of `tests/clients/apart`."""

_QUIET = {
    "LANGSMITH_TRACING": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "PYTHONDONTWRITEBYTECODE": "",
}
"""What keeps clients on this machine, and has what they need compiled once: pip compiled nothing."""

_HELLO = [{"role": "user", "content": "Say hello"}]

TooSlow = subprocess.TimeoutExpired

Said = Mapping[str, Any]
"""What a program said of one cell: a `value`, or what was `raised`."""


def profiles() -> MockProvider:
    """All profiles on one server, each at its name, and one key that they take."""
    return MockProvider(list(shipped()), api_keys=[plan.KEY])


@cache
def _certificate() -> str:
    """A file with one certificate: clients read all that a machine has for each connection, and need none."""
    with tempfile.NamedTemporaryFile(suffix=".pem", delete=False) as file:
        file.write(trustme.CA().cert_pem.bytes())
    atexit.register(Path(file.name).unlink)
    return file.name


def run(program: str, url: str) -> dict[str, dict[Cell, Said]]:
    """What a program says of all profiles on a server, and of the odd ones behind a recorder: once, and once again.

    It is one process for all three: to start takes most clients longer than to ask.
    """
    with tempfile.TemporaryDirectory() as folder:
        upstreams = [f"{profile}={url}/{profile}" for profile in plan.ODD]
        with MockProvider(upstream=upstreams, mode="new_episodes", cassette=folder) as recorder:
            ways = [
                *plan.told(program, plan.LIVE, url, plan.KEY),
                *plan.told(program, plan.RECORDED, recorder.url, plan.KEY, plan.ODD),
                *plan.told(program, plan.REPLAYED, recorder.url, plan.ANOTHER_KEY, plan.ODD),
            ]
            return heard(program, ways)


def heard(program: str, ways: Sequence[Mapping[str, Any]]) -> dict[str, dict[Cell, Said]]:
    """What a program says of some ways."""
    clean = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_BASE_URL"))}
    done = subprocess.run(
        _command(program),
        input=_lines(ways) if program.endswith(".sh") else json.dumps(ways),
        cwd=ROOT,
        env={**clean, **_QUIET, "SSL_CERT_FILE": _certificate()},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    *lines, last = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert last["elsewhere"] == [], last
    found = dict[str, dict[Cell, Said]]()
    for line in lines:
        cell = Cell(line.pop("client"), line.pop("profile"), line.pop("task"))
        found.setdefault(line.pop("how"), {})[cell] = line
    return found


def refusals(url: str) -> dict[tuple[str, str], list[Refusal]]:
    """How each profile refuses, by profile and task, as it is on the wire: at chat, and at responses if it has them."""
    found = {}
    for profile, way in plan.ways().items():
        base = f"{url}/{profile}{way.root}"
        asking = {"bad_key": (plan.WRONG_KEY, way.model), "unknown_model": (plan.KEY, plan.UNKNOWN_MODEL)}
        for task in asking.keys() & way.tasks:
            found[profile, task] = [_refusal(f"{base}/{each}", *asking[task]) for each in way.endpoints]
    return found


def _refusal(url: str, key: str, model: str) -> Refusal:
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc)
    asked = {"model": model, "messages" if address.path.endswith("/chat/completions") else "input": _HELLO}
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    connection.request("POST", address.path, json.dumps(asked), headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return Refusal(answer.status, strings(body))


def _command(program: str) -> list[str]:
    if program.endswith(".mjs"):
        return [_node(), str(NODE / "matrix" / program)]
    if program.endswith(".sh"):
        return ["bash", str(plan.HERE / "programs" / program)]
    return [_python() if program in APART else sys.executable, "-m", "tests.clients.matrix.programs", program]


def _lines(ways: Sequence[Mapping[str, Any]]) -> str:
    """What a shell reads: a line for each task, parted by tabs."""
    found = []
    for way in ways:
        for task in way["tasks"]:
            key = way["wrong_key"] if task == "bad_key" else way["key"]
            other = {"unknown_model": "unknown_model", "reasoning": "thinking", "reasoning_streamed": "thinking"}
            fields = (
                way["how"],
                way["client"],
                way["profile"],
                task,
                way["base_url"],
                key,
                way[other.get(task, "model")],
            )
            found.append("\t".join(fields) + "\n")
    return "".join(found)
