"""`mockprovider run`: the command finds the mock in its environment, and its exit status is ours."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ASK = """
import json, os, sys, urllib.request
url = os.environ["OPENAI_BASE_URL"] + sys.argv[1]
headers = {"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"], "Content-Type": "application/json"}
try:
    print(urllib.request.urlopen(urllib.request.Request(url, b"{}", headers)).status)
except urllib.error.HTTPError as problem:
    print(problem.code)
"""
KEPT = """\
version: 1
request: {method: POST, path: /api/v4/chat/completions, body: "{}"}
response: {after: 0.0, status: 201, framing: length}
ending: {how: complete, after: 0.0}
"""


def run(*arguments: str | Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "mockprovider", "run", *map(str, arguments)]
    env = {**os.environ, "OPENAI_API_KEY": "sk-real", **(environment or {})}
    return subprocess.run(line, capture_output=True, text=True, timeout=60, env=env, check=False)


def python(code: str, *arguments: str) -> list[str]:
    return ["--", sys.executable, "-c", code, *arguments]


@pytest.fixture
def tapes(tmp_path: Path) -> Path:
    (tmp_path / "0001-x.yaml").write_text(KEPT)
    return tmp_path


@pytest.mark.parametrize("status", [0, 7])
def test_the_exit_status_is_that_of_the_command(status: int) -> None:
    assert run("--profile", "openai", *python(f"raise SystemExit({status})")).returncode == status


def test_a_command_that_a_signal_ended_has_the_status_that_shells_give_it() -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run("--profile", "openai", *python(code)).returncode == 128 + signal.SIGKILL


def test_the_environment_leads_to_the_mock_with_a_key_that_is_no_secret() -> None:
    code = "import os; print(os.environ['OPENAI_BASE_URL'], os.environ['OPENAI_API_KEY'])"
    url, key = run("--profile", "openai", *python(code)).stdout.split()
    assert url.startswith("http://127.0.0.1:")
    assert url.endswith("/v1")
    assert key == "sk-mock-key"


def test_the_base_url_of_a_cassette_is_the_one_that_it_was_recorded_under(tapes: Path) -> None:
    assert run("--cassette", tapes, *python(ASK, "/chat/completions")).stdout == "201\n"


def test_the_users_own_key_stays_where_the_upstream_needs_it(tmp_path: Path) -> None:
    code = "import os; print(os.environ['OPENAI_API_KEY'])"
    recording = ["--cassette", str(tmp_path / "new"), "--upstream", "http://127.0.0.1:9", "--mode", "all"]
    assert run(*recording, *python(code)).stdout == "sk-real\n"
    environment = {"OTHER": "sk-other-real"}
    assert run(*recording, "--api-key-env", "OTHER", *python(code), environment=environment).stdout == "sk-mock-key\n"


def test_the_users_own_key_is_kept_from_a_command_that_is_only_replayed_to(tapes: Path) -> None:
    code = "import os; print(os.environ['OPENAI_API_KEY'])"
    replaying = ["--cassette", str(tapes), "--upstream", "http://127.0.0.1:9", "--mode", "none"]
    assert run(*replaying, *python(code)).stdout == "sk-mock-key\n"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/chat/completions", 0, "verified"), ("/embeddings", 1, "leftovers: 1"), ("/embeddings", 1, "misses: 1")],
)
def test_with_verify_a_run_fails_that_did_not_use_its_recordings(
    path: str, status: int, words: str, tapes: Path
) -> None:
    done = run("--cassette", tapes, "--verify", *python(ASK, path))
    assert (done.returncode, words in done.stderr) == (status, True)


def test_a_command_that_failed_keeps_its_status_whatever_was_used(tapes: Path) -> None:
    assert run("--cassette", tapes, "--verify", *python("raise SystemExit(7)")).returncode == 7


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--profile", "openai", "--", "no-such-command"], "no-such-command: no such file"),
        (["--", "true"], "nothing to serve"),
        (["--profile", "openai"], "COMMAND"),
    ],
)
def test_what_cannot_be_run_is_refused(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_signal_to_end_is_passed_on_to_the_command() -> None:
    code = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
print("up", flush=True)
signal.pause()
"""
    line = [sys.executable, "-m", "mockprovider", "run", "--profile", "openai", *python(code)]
    with subprocess.Popen(line, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.terminate()
        assert process.wait(30) == 5
