"""`mockprovider run`: the command finds the mock in its environment, and its exit status is ours."""

import contextlib
import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from mockprovider.cli.run import Passing
from tests.fakes import RawUpstream
from tests.vectors.answers import whole

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


RUN = [sys.executable, "-m", "mockprovider", "run"]
OPENAI = ["--profile", "openai"]


def run(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    line = [*RUN, *map(str, arguments)]
    env = {**os.environ, "OPENAI_API_KEY": "sk-real", **(environment or {})}
    return subprocess.run(line, capture_output=True, text=True, timeout=60, env=env, check=False, input=stdin)


def python(code: str, *arguments: str) -> list[str]:
    return ["--", sys.executable, "-c", code, *arguments]


@pytest.fixture
def tapes(tmp_path: Path) -> Path:
    (tmp_path / "0001-x.yaml").write_text(KEPT)
    return tmp_path


# The exit status


@pytest.mark.parametrize("status", [0, 7])
def test_the_exit_status_is_that_of_the_command(status: int) -> None:
    assert run(*OPENAI, *python(f"raise SystemExit({status})")).returncode == status


def test_a_command_that_a_signal_ended_has_the_status_that_shells_give_it() -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run(*OPENAI, *python(code)).returncode == 128 + signal.SIGKILL


def test_a_command_that_is_not_there_has_the_status_that_shells_give_it() -> None:
    done = run(*OPENAI, "--", "no-such-command")
    assert (done.returncode, done.stderr) == (127, "error: no-such-command: no such file or directory\n")


def test_a_command_that_cannot_be_executed_has_the_status_that_shells_give_it(tmp_path: Path) -> None:
    (tmp_path / "plain").touch(0o644)
    done = run(*OPENAI, "--", tmp_path / "plain")
    assert (done.returncode, "permission denied" in done.stderr) == (126, True)


@pytest.mark.parametrize("line", [["echo"], ["--", "echo"]])
def test_options_after_the_command_are_the_commands(line: list[str]) -> None:
    assert run(*OPENAI, *line, "--quiet", "--seed").stdout == "--quiet --seed\n"


# The environment


def test_the_environment_leads_to_the_mock_with_a_key_that_is_no_secret() -> None:
    code = "import os; print(os.environ['OPENAI_BASE_URL'], os.environ['OPENAI_API_KEY'])"
    url, key = run(*OPENAI, *python(code)).stdout.split()
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


def test_other_variables_may_hold_what_braces_stand_for() -> None:
    code = "import os; print(os.environ['WHERE'].replace(os.environ['OPENAI_BASE_URL'], 'BASE'), os.environ['WHO'])"
    done = run(*OPENAI, "--env", "WHERE={base_url}/chat", "--env", "WHO=me={api_key}", *python(code))
    assert done.stdout == "BASE/chat me=sk-mock-key\n"


def test_what_the_user_says_of_a_variable_counts() -> None:
    code = "import os; print(os.environ['OPENAI_BASE_URL'])"
    assert run(*OPENAI, "--env", "OPENAI_BASE_URL=http://mine", *python(code)).stdout == "http://mine\n"


# What --verify says


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
        (["--", "true"], "nothing to serve"),
        (OPENAI, "COMMAND"),
        ([*OPENAI, "--env", "NAME", "--", "true"], "NAME=TEXT"),
        ([*OPENAI, "--env", "=x", "--", "true"], "NAME=TEXT"),
        ([*OPENAI, "--env", "X={base}", "--", "true"], "{base_url}, {url}, {api_key}"),
        ([*OPENAI, "--summary", "/dev/null/x.json", "--", "true"], "--summary"),
    ],
)
def test_what_cannot_be_run_is_refused(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


# Signals

COUNTING = """
import signal, sys
signal.alarm(60)
counted, signals = 0, [signal.SIGTERM, *(signal.Signals[name] for name in sys.argv[1:])]
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
print("up", flush=True)
while signal.sigwait(signals) != signal.SIGTERM:
    counted += 1
    print("counted", flush=True)
sys.exit(counted)
"""
"""Says when a signal comes, and at the end how many came."""
AWAY = """
import os, signal, sys
signal.alarm(60)
counted, signals = 0, [signal.SIGINT, signal.SIGTERM]
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
told, tell = os.pipe()
if not os.fork():
    os.read(told, 1)
    print("up", flush=True)
    signal.sigwait([signal.SIGINT])
    print("counted", flush=True)
    os._exit(0)
os.setpgid(0, 0)
os.write(tell, b"x")
while signal.sigwait(signals) != signal.SIGTERM:
    counted += 1
sys.exit(counted)
"""
"""Goes where the terminal's keys do not reach it, and leaves somebody behind who says when they come."""
AT_A_TERMINAL = """
import os, sys
os.close(os.open(os.ttyname(0), os.O_RDWR))  # the first terminal that the leader of a session opens is the session's
os.execv(sys.argv[1], sys.argv[1:])
"""


@contextlib.contextmanager
def running(line: Sequence[str], stdin: int = subprocess.DEVNULL) -> "Iterator[subprocess.Popen[bytes]]":
    """A run in a session of its own, where no terminal is, once its command is up."""
    with subprocess.Popen(
        line, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            assert said(process) == b"up\n"
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):  # it has ended, and its command
                os.killpg(process.pid, signal.SIGKILL)


def said(process: "subprocess.Popen[bytes]") -> bytes:
    """The next line that the command says."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_a_signal_to_end_is_passed_on_to_the_command() -> None:
    with running([*RUN, *OPENAI, *python(COUNTING)]) as process:
        process.terminate()
        assert process.wait(30) == 0


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"])
def test_other_signals_are_passed_on_too(name: str) -> None:
    with running([*RUN, *OPENAI, *python(COUNTING, name)]) as process:
        process.send_signal(signal.Signals[name])
        assert said(process) == b"counted\n"


def test_a_key_at_a_terminal_is_left_to_the_terminal() -> None:
    ours, theirs = pty.openpty()
    try:
        with running([sys.executable, "-c", AT_A_TERMINAL, *RUN, *OPENAI, *python(AWAY)], theirs) as process:
            os.write(ours, b"\x03")
            assert said(process) == b"counted\n"
            process.terminate()
            assert process.wait(30) == 0
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_signal_that_comes_before_the_command_is_there_waits_for_it() -> None:
    passing = Passing()
    passing(signal.SIGTERM, None)
    with subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"]) as process:
        passing.to(process)
        assert process.wait(30) == -signal.SIGTERM


def test_a_signal_that_we_were_told_to_ignore_is_ignored() -> None:
    ignoring = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    )
    line = [sys.executable, "-c", ignoring, *RUN, *OPENAI, *python(COUNTING, "SIGHUP", "SIGUSR1")]
    with running(line) as process:
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGUSR1)
        assert said(process) == b"counted\n"
        process.terminate()
        assert process.wait(30) == 1


# What it leaves alone, and what it leaves


def test_input_and_output_are_the_commands_own() -> None:
    done = run(*OPENAI, "--quiet", "--", "cat", stdin="as it is\n")
    assert (done.stdout, done.stderr) == ("as it is\n", "")


def test_a_run_that_records_says_nothing_on_stdout(tmp_path: Path) -> None:
    with RawUpstream({"/v1/models": [whole(b"200 OK", b"application/json", b"{}")]}) as upstream:
        done = run("--cassette", tmp_path / "new", "--upstream", upstream.url, "--mode", "all", *python(ASK, "/models"))
    assert (done.stdout, "1 request: 1 record" in done.stderr) == ("200\n", True)


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_it_works_where_standard_streams_are_closed(closed: str, tapes: Path) -> None:
    line = [*RUN, "--cassette", str(tapes), "--verify", *python(ASK.replace("print(", "str("), "/chat/completions")]
    assert subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", *line], timeout=60, check=False).returncode == 0


def test_the_command_finds_closed_what_was_closed() -> None:
    code = "import os, sys\ntry: os.fstat(1)\nexcept OSError: sys.exit(9)"
    line = [*RUN, *OPENAI, *python(code)]
    assert subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *line], timeout=60, check=False).returncode == 9


def test_nobody_listens_when_it_has_ended() -> None:
    url = run(*OPENAI, *python("import os; print(os.environ['OPENAI_BASE_URL'])")).stdout
    parts = urlsplit(url.strip())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname or "", parts.port or 0), 10)


# What it says


def test_a_few_lines_say_what_came_of_it(tapes: Path) -> None:
    done = run("--cassette", tapes, *python(ASK, "/chat/completions"))
    assert done.stderr == "mockprovider: 1 request: 1 replay\nmockprovider: exit status 0\n"


def test_nothing_is_said_where_the_user_wants_quiet(tapes: Path) -> None:
    assert run("--cassette", tapes, "--quiet", *python(ASK, "/chat/completions")).stderr == ""


def test_the_summary_counts_what_a_test_has_cleared(tmp_path: Path) -> None:
    clear = "import urllib.request as r; r.urlopen(r.Request(url.rpartition('/v1')[0] + '/-/reset', method='POST'))"
    file = tmp_path / "summary.json"
    run(*OPENAI, "--summary", file, *python(ASK + clear, "/models"))
    assert summarised(file)["requests"] == 1


def summarised(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(("name", "start"), [("out/x.xml", "<?xml"), ("out/x.json", "{"), ("x", "{")])
def test_the_summary_is_junit_or_json_as_its_name_says(name: str, start: str, tmp_path: Path) -> None:
    run(*OPENAI, "--summary", tmp_path / name, "--", "true")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def test_the_summary_has_both_exit_statuses(tapes: Path, tmp_path: Path) -> None:
    file = tmp_path / "summary.json"
    done = run("--cassette", tapes, "--verify", "--summary", file, "--", "true")
    found = summarised(file)
    assert (done.returncode, found["exit_status"], found["command_exit_status"]) == (1, 1, 0)


def test_a_summary_is_there_for_a_command_that_is_not(tmp_path: Path) -> None:
    file = tmp_path / "summary.json"
    run(*OPENAI, "--summary", file, "--", "no-such-command")
    assert summarised(file)["exit_status"] == 127


def test_nothing_of_an_earlier_run_is_left_in_the_summary_while_the_command_runs(tmp_path: Path) -> None:
    file = tmp_path / "summary.json"
    file.write_text("old")
    assert run(*OPENAI, "--summary", file, "--", "cat", file).stdout == ""


def test_a_summary_that_cannot_be_written_fails_the_run(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = run(*OPENAI, "--summary", folder / "x.json", "--", "sh", "-c", f"rm -r {folder}")
    assert (done.returncode, "no such file" in done.stderr) == (1, True)
