"""The pytest plugin: whether many tests side by side come out the same each time, and what it adds to a test.

A suite is written of 200 tests in ten files. Each has an API key, rules and a cassette of its own, recorded once from a
mock in this process; it asks for what is recorded and for what its rule says, and looks at its journal. Then it is run
with `-n 4` in a new random order each time, and what counts is not only which tests pass but what each was answered.

What the plugin adds is measured in one process, without workers: tests that take the fixture and do nothing, among
tests that do nothing without it, each timed from its setup to the end of its teardown, less the median of those
without. The first of each kind are not counted: they start the server, and make what tests share.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.report import BrokenRunError, Figure, SetupError, command_line, count, percentile, progress, run
from mockprovider import MockProvider

FILES, TESTS = 10, 20
WORKERS = 4
EACH = 100
"""Tests of a kind in the suite whose tests are timed."""
FIRST = 10
"""Of them, those that are not counted."""

SUITE = """
import json
import urllib.request

import pytest

def ask(mock, text):
    body = json.dumps({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": text}]}).encode()
    headers = {"authorization": f"Bearer {mock.api_key}", "content-type": "application/json"}
    request = urllib.request.Request(mock.base_url + "/chat/completions", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["choices"][0]["message"]["content"]
"""

SIDE_BY_SIDE = """
@pytest.mark.parametrize("number", range({tests}))
@pytest.mark.mockprovider(cassette=True, profile="openai")
def test_it(mockprovider, number, record_property, request):
    recording = request.config.getoption("--mockprovider-record")
    assert mockprovider.journal() == []
    mockprovider.when(user="rule").then({{"text": f"{name} {{number}}, first"}}, {{"text": f"{name} {{number}}, then"}})
    answers = [ask(mockprovider, text) for text in ("a rule", f"recorded for {name} {{number}}", "a rule")]
    record_property("answers", json.dumps(answers))
    assert answers[0] == f"{name} {{number}}, first" and answers[2] == f"{name} {{number}}, then"
    assert f"recorded for {name} {{number}}" in answers[1]
    if not recording:
        assert [entry["source"] for entry in mockprovider.journal()] == ["script", "replay", "script"]
"""

KINDS = {
    "without": "def test_without(number):\n    pass",
    "profile": '@pytest.mark.mockprovider(profile="deepseek-like")\ndef test_profile(mockprovider, number):\n    pass',
    "rules": (
        "def test_rules(mockprovider, number):\n"
        '    mockprovider.when(user="weather").then(error="rate_limited", times=1)\n'
        '    mockprovider.when(tool_result=True).then(text="{{ user }}: it is sunny.")'
    ),
    "rules in a file": (
        '@pytest.mark.mockprovider(rules="rules.yaml")\ndef test_rules_in_a_file(mockprovider, number):\n    pass'
    ),
    "cassette": "@pytest.mark.mockprovider(cassette=True)\ndef test_cassette(mockprovider, number):\n    {ask}",
}
"""Tests that are timed. That with a cassette asks only while it is recorded."""
RULES = "- when: {user: weather}\n  then: {text: It is sunny.}\n"
TIMER = """
import json, time
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    start = time.perf_counter()
    result = yield
    with open("times", "a") as file:
        json.dump([item.originalname, time.perf_counter() - start], file)
        file.write(chr(10))
    return result
"""

Results = dict[str, tuple[str, str]]
"""By test: its outcome, and what it was answered."""


def pytest_in(folder: Path, *options: str) -> bool:
    """Run the suite in a folder; whether all its tests pass."""
    quiet = ("-q", "-p", "no:langsmith_plugin", "-p", "no:cacheprovider", "-p", "no:asyncio")
    clean = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", *quiet, *options]
    done = subprocess.run(
        command, cwd=folder, env={**clean, "MOCK_KEY": "sk-mock"}, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise BrokenRunError(f"pytest gave up: {(done.stdout + done.stderr)[-800:]}")
    return done.returncode == 0


def record(folder: Path) -> None:
    """Run it once with an upstream, so that each test has a cassette of its own."""
    with MockProvider("openai") as mock:
        upstream = ("--mockprovider-record", "--mockprovider-upstream", mock.url)
        key = ("-o", "mockprovider_api_key_env=MOCK_KEY")
        if not pytest_in(folder, *upstream, *key, "-p", "no:randomly", "-n", "0"):
            raise BrokenRunError("what the tests should replay could not be recorded")


def results(report: Path) -> Results:
    """Read what pytest says of each test."""
    found: Results = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 pytest wrote it, a moment ago
        said = [entry.get("value", "") for entry in case.iter("property")]
        bad = next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")
        found[f"{case.get('classname')}.{case.get('name')}"] = (bad, "".join(said))
    return found


def side_by_side(rounds: int) -> list[Figure]:
    """Run 200 tests with four workers, in a new order each time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").touch()
        for number in range(FILES):
            text = SUITE + SIDE_BY_SIDE.format(tests=TESTS, name=f"file {number}")
            (folder / f"test_{number}.py").write_text(text)
        progress(f"recording {FILES * TESTS} cassettes")
        record(folder)
        seen: list[Results] = []
        seconds: list[float] = []
        for number in range(rounds):
            start = time.monotonic()
            pytest_in(folder, "-n", str(WORKERS), "--junitxml=report.xml")
            seconds.append(time.monotonic() - start)
            seen.append(results(folder / "report.xml"))
            progress(f"  run {number + 1}: {seconds[-1]:.1f} s")
    if any(len(each) != FILES * TESTS for each in seen):
        raise BrokenRunError(f"of {FILES * TESTS} tests some did not run: {[len(each) for each in seen]}")
    failed = sum(outcome != "passed" for each in seen for outcome, _ in each.values())
    other = sum(each != seen[0] for each in seen)
    note = f"{rounds} runs of {FILES * TESTS} tests, {WORKERS} workers, {statistics.median(seconds):.1f} s a run"
    return [
        Figure("runs that came out otherwise", other, "runs", 0, note),
        Figure("tests that did not pass", failed, "tests", 0, f"of {rounds * FILES * TESTS}"),
    ]


def added(rounds: int) -> list[Figure]:
    """Time tests with the fixture among tests without it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").touch()
        (folder / "rules.yaml").write_text(RULES)
        write = folder / "test_timed.py"
        write.write_text(timed('ask(mockprovider, f"number {number}")', ""))
        progress(f"recording {EACH} cassettes")
        record(folder)
        write.write_text(timed("pass", ', allow="leftovers"'))
        (folder / "conftest.py").write_text(TIMER)
        costs: dict[str, list[float]] = {kind: [] for kind in KINDS if kind != "without"}
        for number in range(rounds):
            (folder / "times").unlink(missing_ok=True)
            pytest_in(folder, "-p", "no:randomly", "-p", "no:xdist")
            for kind, cost in cost_of(folder / "times").items():
                costs[kind].append(cost)
            progress(f"  round {number + 1}: " + ", ".join(f"{kind} {each[-1]:.2f} ms" for kind, each in costs.items()))
    return [
        Figure(f"added to a test: {kind}", statistics.median(each), "ms", 5.0, told(each))
        for kind, each in costs.items()
    ]


def timed(asked: str, more: str) -> str:
    """The tests of all kinds, in turn."""
    kinds = (text.replace("{ask}", asked).replace("cassette=True", f"cassette=True{more}") for text in KINDS.values())
    return SUITE + "".join(f'\n@pytest.mark.parametrize("number", range({EACH}))\n{text}\n' for text in kinds)


def cost_of(times: Path) -> dict[str, float]:
    """By kind, the milliseconds that its tests take more than those without the fixture, by their medians."""
    taken: dict[str, list[float]] = {}
    for line in times.read_text().splitlines():
        kind, seconds = json.loads(line)
        taken.setdefault(kind.removeprefix("test_").replace("_", " "), []).append(seconds * 1000)
    if {kind: len(each) for kind, each in taken.items()} != dict.fromkeys(KINDS, EACH):
        raise BrokenRunError("not all tests were timed")
    usual = {kind: statistics.median(each[FIRST:]) for kind, each in taken.items()}
    return {kind: usual[kind] - usual["without"] for kind in usual if kind != "without"}


def told(values: Sequence[float]) -> str:
    """The rounds behind a median."""
    return f"rounds {percentile(values, 0):.2f} to {max(values):.2f} ms"


def measure(options: argparse.Namespace) -> list[Figure]:
    """Both halves."""
    if missing := [name for name in ("pytest", "xdist", "pytest_randomly") if find_spec(name) is None]:
        raise SetupError(f"not installed here: {', '.join(missing)}; they are in the dependency group `test`")
    return [*side_by_side(options.runs), *added(options.rounds)]


def main() -> int:
    """Read the command line; see the module's docstring for what is measured."""
    parser = command_line(__doc__, rounds=5)
    parser.add_argument("--runs", type=count(2, 200), metavar="N", default=20, help="of the suite side by side (20)")
    return run(parser, measure)


if __name__ == "__main__":
    sys.exit(main())
