"""The commands as a person meets them: what they say at the start, and how they refuse what they can't use."""

import json
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockprovider.cli import main
from tests.fakes import Command, RawUpstream, ask, get, post
from tests.vectors.answers import whole

CHAT = b'{"model":"deepseek-chat","messages":[{"role":"user","content":"Hi"}]}'
KEY = ["Authorization: Bearer sk-test"]
SOUND = """version: 1
request:
  method: POST
  path: /v1/x
response:
  after: 0.1
  status: 200
  framing: length
  headers: []
ending:
  how: complete
  after: 0.0
---
- after: 0.0
  data: hello
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command that ends by itself."""
    monkeypatch.delenv("CI", raising=False)
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


def refused(result: Result, *words: str) -> None:
    """One line on stderr with these words in it, status 2, no traceback."""
    assert result.exit_code == 2
    assert not isinstance(result.exception, Exception), result.exception
    last = result.output.strip().splitlines()[-1]
    assert last.lower().startswith("error:")
    for word in words:
        assert word in last


def a_cassette(folder: Path, text: str | bytes) -> Path:
    folder.mkdir()
    (folder / "0001-x.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


# What they say at the start


def test_serve_says_where_it_listens_which_base_urls_answer_and_what_to_try() -> None:
    with Command("serve", "--profile", "deepseek-like") as command:
        command.stop()
    assert f"listening on {command.url}" in command.output
    assert f"{command.url}/v1  or  {command.url}  or  {command.url}/beta" in command.output
    assert f"curl {command.url}/v1/chat/completions" in command.output


def test_serve_says_under_which_name_each_of_several_profiles_stands_and_which_key_chooses_it() -> None:
    with Command("serve", "--profile", "deepseek-like", "--profile", "openai") as command:
        answer = ask(command.url, post("/v1/chat/completions", CHAT, ["Authorization: Bearer sk-mock-deepseek-like"]))
        command.stop()
    assert answer.status == 200
    for line in (
        f"base URL     {command.url}/deepseek-like/v1\n             {command.url}/openai/v1\n",
        f"or at {command.url} with the API key sk-mock-deepseek-like",
        f"curl {command.url}/deepseek-like/v1/chat/completions",
    ):
        assert line in command.output


def test_record_and_replay_say_where_they_listen_and_what_to_try(tape_folder: Path) -> None:
    with (
        Command("record", "--upstream", "http://127.0.0.1:9", "--cassette", tape_folder) as one,
        Command("replay", tape_folder) as two,
    ):
        one.stop()
        two.stop()
    for command in (one, two):
        assert f"base URL     {command.url}" in command.output
        assert "try          curl" in command.output


def test_the_request_to_try_is_one_that_works() -> None:
    with Command("serve", "--profile", "deepseek-like") as command:
        command.stop()
    body = command.output.split("-d '")[1].split("'")[0]
    with Command("serve", "--profile", "deepseek-like") as command:
        assert ask(command.url, post("/v1/chat/completions", body.encode(), KEY)).status == 200


def test_the_request_to_try_on_recordings_is_one_of_them(tmp_path: Path) -> None:
    body = '  path: /groq/v1/chat/completions\n  body: \'{"model":"m"}\'\n'
    tapes = a_cassette(tmp_path / "tapes", SOUND.replace("  path: /v1/x\n", body))
    with Command("replay", tapes) as command:
        command.stop()
    assert f"base URL     {command.url}/groq/v1\n" in command.output
    assert f"curl -iN {command.url}/groq/v1/chat/completions" in command.output
    assert """-d '{"model":"m"}'""" in command.output


def test_the_request_to_try_on_named_upstreams_goes_to_one_of_them(tape_folder: Path) -> None:
    upstreams = ["--upstream", "a=http://127.0.0.1:9", "--upstream", "b=http://127.0.0.1:9/x"]
    with Command("record", *upstreams, "--cassette", tape_folder) as command:
        command.stop()
    assert f"base URL     {command.url}/a/v1  or  {command.url}/b/v1" in command.output
    assert f"curl {command.url}/a/v1/chat/completions" in command.output


def test_record_says_what_it_has_kept_and_what_it_could_not_reach(tape_folder: Path) -> None:
    with (
        RawUpstream({"/v1/x": [whole(b"200 OK", b"text/plain", b"new")]}) as upstream,
        Command(
            "record", "--upstream", upstream.url, "--upstream", "off=http://127.0.0.1:9", "--cassette", tape_folder
        ) as command,
    ):
        ask(command.url, post("/v1/x"))
        ask(command.url, post("/off/v1/x"))
        command.stop()
    assert "kept 0001-v1-x.yaml: 200, 1 chunk, 3 bytes, complete after 0." in command.output
    assert "POST /off/v1/x: 502: the upstream http://127.0.0.1:9 can't be reached" in command.output


@pytest.mark.parametrize("command", ["serve", "record", "replay", "run"])
def test_help_has_two_examples(command: str, run: Callable[..., Result]) -> None:
    examples = run(command, "--help").output.split("Examples:")[1]
    assert examples.count(f"mockprovider {command}") >= 2


# What is served


def test_health_tells_what_is_served() -> None:
    with Command("serve", "--profile", "openai") as command:
        health = json.loads(ask(command.url, get("/-/health").replace(b"Host: test", b"Host: localhost")).body)
    assert (health["status"], health["profiles"]) == ("ok", ["openai"])


def test_every_option_has_an_environment_variable() -> None:
    with Command("serve", environment={"MOCKPROVIDER_PROFILE": "openai", "MOCKPROVIDER_API_KEY": "sk-only"}) as command:
        assert ask(command.url, post("/v1/chat/completions", CHAT, KEY)).status == 401


def test_options_and_headers_change_the_profile() -> None:
    changes = ["--set", "chat.id=mine", "--without", "chat.plain.spelling"]
    with Command("serve", "--profile", "deepseek-like", *changes) as command:
        plain = ask(command.url, post("/v1/chat/completions", CHAT, KEY))
        more = [*KEY, "X-Mockprovider-Set: chat.id=yours; chat.plain.spelling.style=compact"]
        changed = ask(command.url, post("/v1/chat/completions", CHAT, more))
    assert plain.body.startswith(b'{\n  "id": "mine"')
    assert changed.body.startswith(b'{"id":"yours"')


def test_settings_in_the_environment_are_separated_by_semicolons() -> None:
    environment = {"MOCKPROVIDER_PROFILE": "openai deepseek-like", "MOCKPROVIDER_SET": "chat.id=a b; chat.tool_id=c"}
    with Command("serve", environment=environment) as command:
        answer = ask(command.url, post("/deepseek-like/v1/chat/completions", CHAT, KEY))
    assert json.loads(answer.body)["id"] == "a b"


def test_a_cassette_and_a_profile_together_replay_what_is_known_and_synthesize_the_rest(tmp_path: Path) -> None:
    tapes = a_cassette(tmp_path / "tapes", SOUND)
    with Command("serve", "--cassette", tapes, "--profile", "deepseek-like") as command:
        assert ask(command.url, post("/v1/x", b"")).body == b"hello"
        assert ask(command.url, post("/v1/chat/completions", CHAT, KEY)).status == 200


def test_rules_of_several_files_answer_first_those_of_the_first_file_before_the_others(tmp_path: Path) -> None:
    for name, rules in (("a", "- {when: {user: Hi}, then: {text: A}, times: 1}\n"), ("b", "- then: {text: B}\n")):
        (tmp_path / f"{name}.yaml").write_text(rules)
    files: list[str | Path] = ["--rules", tmp_path / "a.yaml", "--rules", tmp_path / "b.yaml"]
    with Command("serve", "--profile", "deepseek-like", *files) as command:
        said = [json.loads(ask(command.url, post("/v1/chat/completions", CHAT, KEY)).body) for _ in range(2)]
        command.stop()
    assert [each["choices"][0]["message"]["content"] for each in said] == ["A", "B"]
    assert [f"{tmp_path / name}: 1 rule" in command.output for name in ("a.yaml", "b.yaml")] == [True, True]


def test_rules_alone_can_be_served_where_they_need_no_profile(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("- {when: {path: /x}, then: {raw: {status: 202, body: Accepted}}}\n")
    with Command("serve", "--rules", tmp_path / "rules.yaml") as command:
        seen = ask(command.url, get("/x"))
    assert (seen.status, seen.body) == (202, b"Accepted")


@pytest.mark.parametrize(("ci", "status"), [("", 200), ("false", 200), ("0", 200), ("true", 418), ("1", 418)])
def test_serve_records_once_by_default_but_nothing_where_CI_is_set(ci: str, status: int, tape_folder: Path) -> None:  # noqa: N802
    with (
        RawUpstream({"/v1/x": [whole(b"200 OK", b"text/plain", b"new")]}) as upstream,
        Command("serve", "--cassette", tape_folder, "--upstream", upstream.url, environment={"CI": ci}) as command,
    ):
        assert ask(command.url, post("/v1/x")).status == status


# How a replay matches, and what it says at the end


@pytest.mark.parametrize(
    "options", [("--ignore", "body.user"), ("--match-on", "path"), ("--normalize", "re:ann|bob"), ("--match", "loose")]
)
def test_replay_passes_over_what_it_is_told_to(options: Sequence[str], tmp_path: Path) -> None:
    body = '  body: \'{"user":"ann","messages":[{"role":"system","content":"ann"}]}\'\n'
    tapes = a_cassette(tmp_path / "tapes", SOUND.replace("  path: /v1/x\n", "  path: /v1/x\n" + body))
    user = b"ann" if "loose" in options else b"bob"
    system = b"bob" if options[0] in ("--match", "--normalize", "--match-on") else b"ann"
    sent = b'{"messages":[{"role":"system","content":"%b"}],"user":"%b"}' % (system, user)
    with Command("replay", tapes, *options) as command:
        assert ask(command.url, post("/v1/x", sent)).body == b"hello"


def test_a_cassette_says_itself_what_may_be_passed_over(tmp_path: Path) -> None:
    tapes = a_cassette(tmp_path / "tapes", SOUND)
    (tapes / "cassette.yaml").write_text("match: {ignore: [body]}\n")
    with Command("replay", tapes) as command:
        assert ask(command.url, post("/v1/x", b"anything")).body == b"hello"


def test_a_miss_is_said_in_the_log_with_the_nearest_recording(tmp_path: Path) -> None:
    with Command("replay", a_cassette(tmp_path / "tapes", SOUND)) as command:
        assert ask(command.url, post("/v1/x", b"{}")).status == 418
        command.stop()
    assert "Nearest is 0001-x.yaml" in command.output


@pytest.mark.parametrize(
    ("asked", "options", "status", "words"),
    [
        (["/v1/x"], [], 0, ["verified"]),
        ([], [], 1, ["leftovers: 1", "0001-x.yaml"]),
        (["/v1/x", "/v1/y"], [], 1, ["misses: 1", "POST /v1/y (nearest 0001-x.yaml)"]),
        ([], ["--allow", "leftovers"], 0, ["leftovers: 1", "verified"]),
        (["/v1/x"], ["--max-age", "30d"], 1, ["stale: 1"]),
    ],
)
def test_replay_with_verify_ends_with_a_status_that_says_whether_all_was_used(
    asked: Sequence[str], options: Sequence[str], status: int, words: Sequence[str], tmp_path: Path
) -> None:
    old = SOUND.replace("version: 1\n", 'version: 1\nrecorded: "2020-01-01T00:00:00Z"\n')
    with Command("replay", a_cassette(tmp_path / "tapes", old), "--verify", *options) as command:
        for path in asked:
            ask(command.url, post(path, b""))
        command.stop()
    assert command.process.returncode == status
    assert all(word in command.output for word in words)


def test_a_running_replay_can_be_verified_and_reset(tmp_path: Path) -> None:
    def control(request: bytes) -> bytes:
        return ask(command.url, request.replace(b"Host: test", b"Host: localhost")).body

    with Command("replay", a_cassette(tmp_path / "tapes", SOUND)) as command:
        ask(command.url, post("/v1/x", b""))
        before = json.loads(control(get("/-/verify")))
        control(post("/-/reset", b""))
        after = json.loads(control(get("/-/verify")))
    assert (before["ok"], after["ok"], len(after["leftovers"])) == (True, False, 1)


# What they can't use


def test_an_unknown_profile_is_refused_with_the_closest_name(run: Callable[..., Result]) -> None:
    refused(run("serve", "--profile", "deepsek-like"), "'deepsek-like'", "did you mean 'deepseek-like'?")


def test_an_unknown_command_is_refused_with_the_closest_name(run: Callable[..., Result]) -> None:
    refused(run("serv"), "'serv'", "did you mean 'serve'?")


def test_a_port_in_use_is_refused_with_the_cure(run: Callable[..., Result]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused(run("serve", "--profile", "openai", "--port", port), f"port {port}", "in use", "--port 0")


def test_an_absent_cassette_is_refused_with_the_command_that_makes_one(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    refused(run("replay", tmp_path / "nope"), "nope", "no such cassette", "mockprovider record --upstream")


def test_an_absent_cassette_is_refused_with_the_closest_name(tmp_path: Path, run: Callable[..., Result]) -> None:
    (tmp_path / "tapes").mkdir()
    refused(run("replay", tmp_path / "tape"), "did you mean 'tapes'?")


def test_a_file_is_no_cassette(tmp_path: Path, run: Callable[..., Result]) -> None:
    (tmp_path / "tape.yaml").touch()
    refused(run("replay", tmp_path / "tape.yaml"), "tape.yaml", "a cassette is a folder")


DAMAGES: dict[str, tuple[str | bytes, Sequence[str]]] = {
    "broken YAML": (SOUND.replace("headers: []", "headers: ["), ["0001-x.yaml:11:6", "not valid YAML"]),
    "cut in the chunks": (SOUND + '- after: 0.1\n  data: "x', ["0001-x.yaml:17:", "not valid YAML"]),
    "a newer version": (SOUND.replace("version: 1", "version: 9"), ["0001-x.yaml:1:", "version 9", "upgrade"]),
    "no version": (SOUND.replace("version: 1\n", ""), ["0001-x.yaml:1:", "version: 1"]),
    "a missing field": (SOUND.replace("  method: POST\n", ""), ["0001-x.yaml:2:", "request", "'method' is required"]),
    "a misspelt key": (
        SOUND.replace("framing:", "framin:"),
        ["0001-x.yaml:8:", "response.framin", "did you mean 'framing'?"],
    ),
    "a wrong type": (SOUND.replace("status: 200", "status: ok"), ["0001-x.yaml:7:", "response.status"]),
    "a wrong ending": (SOUND.replace("complete", "completed"), ["0001-x.yaml:11:", "ending.how", "'complete'"]),
    "a wrong chunk": (SOUND.replace("data: hello", "date: hello"), ["0001-x.yaml:", "chunk 1", "data"]),
    "no mapping": ("- 1\n", ["0001-x.yaml:1:", "not an exchange"]),
    "nothing": ("", ["0001-x.yaml:1:", "not an exchange"]),
    "not UTF-8": (b"\xff\xfe\x00", ["0001-x.yaml"]),
    "a tag": ("!!python/object/apply:os.system [ls]\n", ["0001-x.yaml:1:"]),
    "nested without end": ("[" * 100_000, ["0001-x.yaml"]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cassette_is_refused_with_file_and_place(
    damage: str, tmp_path: Path, run: Callable[..., Result]
) -> None:
    text, words = DAMAGES[damage]
    refused(run("replay", a_cassette(tmp_path / "tapes", text)), *words)


BAD_RULES: dict[str, tuple[str | bytes, Sequence[str]]] = {
    "a misspelt condition": (
        "- then: {text: a}\n- name: b\n  when:\n    modle: x\n  then: {text: b}\n",
        ["rules.yaml:4: rule 2 (b): when.modle", "did you mean 'model'?"],
    ),
    "an unknown error": ("- then: {error: rate_limit}\n", ["rules.yaml:1:", "did you mean 'rate_limited'?"]),
    "nothing to answer with": ("- when: {user: x}\n  then: {}\n", ["rules.yaml:2:", "text", "raw"]),
    "broken YAML": ("- then: {text: a\n", ["rules.yaml:2:", "not valid YAML"]),
    "a template without quotes": ("- then:\n    text: {{ user }}\n", ["rules.yaml:2:", "quotes"]),
    "no list": ("hello\n", ["rules.yaml:1:", "a list of rules"]),
    "not UTF-8": (b"\xff\xfe\x00", ["rules.yaml"]),
    "nested without end": ("[" * 100_000, ["rules.yaml:1:", "nested"]),
    "a recording that is not there": ("- then: {exchange: no.yaml}\n", ["rules.yaml:1:", "no.yaml"]),
}


@pytest.mark.parametrize("fault", BAD_RULES)
def test_a_file_of_rules_that_can_not_be_used_is_refused_with_its_line(
    fault: str, tmp_path: Path, run: Callable[..., Result]
) -> None:
    text, words = BAD_RULES[fault]
    path = tmp_path / "rules.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    refused(run("serve", "--profile", "openai", "--rules", path), *words)


def test_rules_that_say_something_need_a_profile(tmp_path: Path, run: Callable[..., Result]) -> None:
    (tmp_path / "rules.yaml").write_text("- then: {text: a}\n")
    refused(run("serve", "--rules", tmp_path / "rules.yaml"), "rules.yaml", "rule 1", "--profile NAME")


def test_a_file_of_rules_that_is_not_there_is_named(tmp_path: Path, run: Callable[..., Result]) -> None:
    refused(run("serve", "--profile", "openai", "--rules", tmp_path / "nope.yaml"), "nope.yaml")


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, run: Callable[..., Result]) -> None:
    folder = a_cassette(tmp_path / "tapes", SOUND)
    (folder / "0002-x.yaml").symlink_to(tmp_path / "nowhere")
    refused(run("replay", folder), "0002-x.yaml", "no such file")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["serve"], ["--profile NAME", "--cassette DIR"]),
        (["serve", "--profile", "openai", "--upstream", "http://x"], ["--cassette DIR"]),
        (["serve", "--cassette", "tapes", "--mode", "all"], ["--upstream URL"]),
        (["record", "--upstream", "api.deepseek.com", "--cassette", "tapes"], ["api.deepseek.com", "https://"]),
        (["record", "--upstream", "https://x?a=1", "--cassette", "tapes"], ["query"]),
        (["record", "--upstream", "http://x", "--cassette", "tapes", "--api-key-env", "NOPE"], ["NOPE", "not set"]),
        (["replay", "tapes", "--ignore", "boddy.user"], ["did you mean 'body'"]),
        (["replay", "tapes", "--ignore", "user"], ["did you mean 'body.user'"]),
        (["replay", "tapes", "--allow", "stale"], ["add --verify"]),
        (["replay", "tapes", "./tapes"], ["given twice"]),
        (["replay", "tapes", "--normalize", "uid"], ["did you mean 'uuid'"]),
        (["replay", "tapes", "--verify", "--max-age", "soon"], ["30d"]),
        (["replay", "tapes", "--pace", "fast"], ["'fast'", "instant", "0.001x"]),
        (["replay", "tapes", "--pace", "0x"], ["0.001x"]),
        (["serve", "--profile", "openai", "--set", "chat.idd=x"], ["--set chat.idd=x", "did you mean 'id'"]),
        (["serve", "--profile", "openai", "--without", "chat.idd"], ["--without chat.idd", "did you mean 'id'"]),
        (["serve", "--profile", "openai", "--variant", "x"], ["no variant 'x'"]),
        (["serve", "--profile", "openai", "--profile", "openai"], ["two profiles", "name: another"]),
        (["serve", "--cassette", "tapes", "--set", "chat.id=x"], ["--profile NAME"]),
        (["serve", "--profile", "openai", "--host", "nowhere.invalid"], ["--host nowhere.invalid"]),
    ],
)
def test_options_that_make_no_sense_are_refused_with_what_would(
    arguments: list[str], words: list[str], tmp_path: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tapes").mkdir()
    refused(run(*arguments), *words)


@pytest.mark.parametrize("key", ["sk-abc\n", " sk-abc", "sk-äbc", "sk\x00abc"])
def test_a_key_that_no_header_can_carry_is_refused_at_the_start(
    key: str, tmp_path: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.environ", {**os.environ, "REAL_KEY": key})
    arguments = ["record", "--upstream", "http://x", "--cassette", tmp_path / "t", "--api-key-env", "REAL_KEY"]
    refused(run(*arguments), "REAL_KEY", "newline")


@pytest.mark.parametrize("header", ["Authorization: Bearer ", "Authorization: Basic c2s6", "X-Api-Key: sk-test"])
def test_a_key_that_is_empty_or_stands_elsewhere_is_a_missing_key(header: str) -> None:
    with Command("serve", "--profile", "deepseek-like") as command:
        assert ask(command.url, post("/v1/chat/completions", CHAT, [header])).status == 401


def test_help_shows_what_each_command_is_for(run: Callable[..., Result]) -> None:
    shown = run("--help").output
    assert "\\b" not in shown
    assert "mockprovider serve --profile deepseek-like\n" in shown
