"""`MockProvider`, with the openai SDK as the judge."""

import json
import logging
import multiprocessing
import os
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types import CompletionUsage
from starlette.testclient import TestClient

from mockprovider import MockProvider
from mockprovider.errors import InputError, UnplayableEndingError
from mockprovider.profiles.loading import load
from tests.fakes import NO_TLS, Hold, RawUpstream, ask, get, post
from tests.testing.test_thread import entered
from tests.vectors.answers import whole

SOUND = """\
version: 1
recorded: "2020-01-01T00:00:00Z"
request: {method: POST, path: /api/v4/chat/completions, body: '{"n":1}'}
response: {after: 0.0, status: 201, framing: length}
ending: {how: complete, after: 0.0}
"""
HELLO: dict[str, Any] = {"messages": [{"role": "user", "content": "Hello"}]}
KEY = ["Authorization: Bearer x"]
ASKED = "/api/v4/chat/completions"


@pytest.fixture(scope="module")
def mock() -> Iterator[MockProvider]:
    """A provider that all tests share, each with keys of its own."""
    with MockProvider("openai") as mock:
        yield mock


@pytest.fixture
def tapes(tmp_path: Path) -> Path:
    """One recording."""
    folder = tmp_path / "tapes"
    folder.mkdir()
    (folder / "0001-x.yaml").write_text(SOUND)
    return folder


def sdk(mock: MockProvider, key: str | None = None) -> OpenAI:
    transport = openai.DefaultHttpxClient(verify=NO_TLS)
    return OpenAI(base_url=mock.base_url, api_key=key or mock.api_key, max_retries=0, http_client=transport)


def said(mock: MockProvider, key: str | None = None, model: str = "gpt-4o-mini") -> str:
    with sdk(mock, key) as client:
        return client.chat.completions.create(model=model, **HELLO).choices[0].message.content or ""


def asked(mock: MockProvider, body: bytes = b'{"n":1}', key: str = "sk-test") -> int:
    """The status of a request to the recording."""
    return ask(mock.url, post(ASKED, body, [f"Authorization: Bearer {key}"])).status


# A server


def test_it_answers_as_the_provider_does() -> None:
    with MockProvider("deepseek-like") as mock:
        assert "Hello" in said(mock, model="deepseek-chat")


async def test_it_answers_in_an_event_loop() -> None:
    transport = openai.DefaultAsyncHttpxClient(verify=NO_TLS)
    async with (
        MockProvider("openai") as mock,
        AsyncOpenAI(base_url=mock.base_url, api_key=mock.api_key, http_client=transport) as client,
    ):
        stream = await client.chat.completions.create(model="gpt-4o-mini", **HELLO, stream=True)
        text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
    assert "Hello" in text


async def test_it_may_be_entered_without_await_in_an_event_loop() -> None:
    with MockProvider("openai") as mock:
        async with httpx.AsyncClient(base_url=mock.base_url, verify=NO_TLS) as client:
            assert (await client.get("/models", headers={"Authorization": "Bearer x"})).status_code == 200


def test_two_at_once_are_two_providers() -> None:
    with MockProvider("openai") as one, MockProvider("deepseek-like") as two:
        said(one)
        assert (len(one.journal()), len(two.journal())) == (1, 0)


@pytest.mark.parametrize("name", ["openai", "deepseek-like"])
def test_a_profile_may_be_loaded_or_a_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: Mine\nbites: nothing\nchecked: 2026-11-20\nextends: {name}\n")
    for profile in (load(name), path, str(path)):
        with MockProvider(profile) as mock:
            assert ask(mock.url, get("/v1/models", ["Authorization: Bearer x"])).status == 200


def test_a_profile_may_be_changed_in_the_words_of_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    variant = "variants: {old: {says: x, set: {chat.tool_id: t, timing.first: 1.0}}}\n"
    path.write_text(f"title: Mine\nbites: nothing\nchecked: 2026-11-20\nextends: deepseek-like\n{variant}")
    changes: dict[str, Any] = {"set": {"chat.id": "mine", "chat.usage": {"a": 1}}, "without": "models"}
    with MockProvider(path, variant="old", **changes) as mock, sdk(mock) as client:
        answer = client.chat.completions.create(model="gpt-4o", **HELLO)
    assert (answer.id, answer.usage) == ("mine", CompletionUsage.model_construct(a=1))


@pytest.mark.parametrize("change", [{"chat.id": "mine"}, "chat.id=mine", ["chat.tool_id=t", "chat.id=mine"]])
def test_what_is_set_may_be_data_or_as_it_is_on_the_command_line(change: Any) -> None:
    with MockProvider("openai", set=change) as mock, sdk(mock) as client:
        assert client.chat.completions.create(model="gpt-4o", **HELLO).id == "mine"


def test_several_profiles_stand_each_under_its_name() -> None:
    with MockProvider(["openai", load("deepseek-like")]) as mock:
        assert mock.base_url == f"{mock.url}/openai/v1"
        refused = [ask(mock.url, get(f"/{name}/v1/models/x", KEY)).status for name in ("openai", "deepseek-like")]
    assert refused == [404, 404]
    assert [entry["detail"].split()[0] for entry in mock.journal()] == ["openai", "deepseek-like"]


def test_a_mock_says_nothing_of_a_url_before_it_is_entered() -> None:
    mock = MockProvider("openai")
    for name in ("url", "base_url", "environment"):
        with pytest.raises(InputError, match=r"with MockProvider\(\.\.\.\) as mock"):
            getattr(mock, name)


def test_it_is_entered_once_only() -> None:
    with MockProvider("openai") as mock, pytest.raises(InputError, match="runs already"):
        mock.__enter__()


def started_in_a_child() -> str:
    with MockProvider("openai") as mock:
        return said(mock)


def test_it_runs_in_a_child_that_was_spawned() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert "Hello" in pool.submit(started_in_a_child).result(60)


def test_twenty_at_once_know_their_own_requests_only() -> None:
    together = threading.Barrier(20)

    def one(number: int) -> list[dict[str, Any]]:
        with MockProvider("openai", api_keys=f"sk-{number}") as mock:
            together.wait(60)
            ask(mock.url, get("/v1/models", [f"Authorization: Bearer {mock.api_key}"]))
            together.wait(60)
            return mock.journal()

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(one, range(20)))
    assert [(entry["tenant"], entry["status"]) for (entry,) in found] == [(f"sk-{n}", 200) for n in range(20)]


# What a client is given


def test_the_base_url_of_a_cassette_is_the_one_that_it_was_recorded_under(tapes: Path) -> None:
    with MockProvider(cassette=tapes) as mock:
        assert mock.base_url == f"{mock.url}/api/v4"


def test_the_api_key_is_the_first_of_those_that_are_taken() -> None:
    with MockProvider("openai", api_keys=["sk-one", "sk-two"]) as mock:
        assert mock.api_key == "sk-one"
        assert said(mock, "sk-one") == said(mock, "sk-two")
        with pytest.raises(openai.AuthenticationError):
            said(mock, "sk-three")


def test_one_key_may_be_given_as_it_is() -> None:
    assert MockProvider("openai", api_keys="sk-one").api_key == "sk-one"


def test_the_environment_leads_a_subprocess_to_the_mock(mock: MockProvider) -> None:
    code = "import openai; print(openai.OpenAI().models.list().data[0].object)"
    environment = {**os.environ, **mock.environment}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "model\n"


# What it knows


def test_the_journal_is_that_of_the_control_plane(mock: MockProvider) -> None:
    ask(mock.url, get("/v1/models", ["Authorization: Bearer sk-journal"]))
    with httpx.Client(base_url=mock.url, verify=NO_TLS) as client:
        entries = client.get("/-/journal?key=sk-journal").json()["entries"]
    assert json.loads(json.dumps(mock.journal(tenant="sk-journal"))) == entries != []


def test_the_journal_of_a_long_key_is_found_by_the_key(mock: MockProvider) -> None:
    key = "sk-proj-0123456789abcdefghijklmnop"
    ask(mock.url, get("/v1/models", [f"Authorization: Bearer {key}"]))
    (entry,) = mock.journal(tenant=key)
    assert entry["tenant"] == "sk-pr…mnop"
    assert mock.journal(tenant=entry["tenant"]) == [entry]


def test_the_journal_is_narrowed_by_source_and_number(tapes: Path) -> None:
    with MockProvider(cassette=tapes) as mock:
        for body in (b'{"n":1}', b'{"n":2}', b'{"n":1}'):
            asked(mock, body)
    assert [entry["id"] for entry in mock.journal(source="replay")] == [1, 3]
    assert [entry["id"] for entry in mock.journal(last=2)] == [2, 3]


def test_the_journal_can_be_read_while_requests_come(mock: MockProvider) -> None:
    def ask_often(_: int) -> None:
        for _ in range(20):
            ask(mock.url, get("/v1/models", ["Authorization: Bearer sk-often"]))

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask_often, number) for number in range(4)]
        while not all(each.done() for each in asking):
            mock.journal()
    assert len(mock.journal(tenant="sk-often")) == 80


@pytest.mark.parametrize(
    ("bodies", "settings", "found"),
    [
        ([b'{"n":1}'], {}, (True, 0, 0, 0)),
        ([], {}, (False, 1, 0, 0)),
        ([], {"allow": "leftovers"}, (True, 1, 0, 0)),
        ([b'{"n":1}', b'{"n":2}'], {}, (False, 0, 1, 0)),
        ([b'{"n":1}'], {"max_age": "30d"}, (False, 0, 0, 1)),
        ([b'{"n":2}'], {"max_age": "30d", "allow": ["leftovers", "misses", "stale"]}, (True, 1, 1, 1)),
    ],
)
def test_verify_says_whether_the_recordings_were_used_as_they_were_meant(
    bodies: list[bytes], settings: dict[str, Any], found: tuple[bool, int, int, int], tapes: Path
) -> None:
    with MockProvider(cassette=tapes) as mock:
        for body in bodies:
            asked(mock, body)
        verdict = mock.verify(**settings)
    assert (verdict.ok, len(verdict.leftovers), len(verdict.misses), len(verdict.stale)) == found
    assert mock.verify(**settings) == verdict


@pytest.mark.parametrize(("settings", "words"), [({"max_age": "soon"}, "30d"), ({"allow": "left"}, "'leftovers'")])
def test_verify_refuses_what_it_cannot_use(settings: dict[str, Any], words: str, tapes: Path) -> None:
    with pytest.raises(InputError, match=words):
        MockProvider(cassette=tapes).verify(**settings)


def test_reset_is_for_one_key_or_for_all(tapes: Path) -> None:
    with MockProvider(cassette=tapes, repeat="refuse") as mock:
        first = [asked(mock, key=key) for key in ("sk-a", "sk-b")]
        mock.reset("sk-a")
        second = [asked(mock, key=key) for key in ("sk-a", "sk-b")]
        mock.reset()
        assert mock.journal() == []
        third = [asked(mock, key=key) for key in ("sk-a", "sk-b")]
    assert (first, second, third) == ([201, 201], [201, 418], [201, 201])


def test_a_miss_is_logged_with_what_came_nearest(tapes: Path, caplog: pytest.LogCaptureFixture) -> None:
    with MockProvider(cassette=tapes, miss_status=499) as mock:
        assert asked(mock, b'{"n":2}') == 499
    (record,) = [record for record in caplog.records if record.name == "mockprovider"]
    assert record.levelno == logging.WARNING
    assert "Nearest is 0001-x.yaml" in record.getMessage()


# Recording


def test_what_was_recorded_is_replayed_when_it_is_recorded_no_more(tmp_path: Path) -> None:
    tapes = tmp_path / "tapes"
    with (
        RawUpstream({"/v1/x": [whole(b"200 OK", b"text/plain", b"new")]}) as upstream,
        MockProvider(cassette=tapes, upstream=upstream.url, mode="all") as mock,
    ):
        recorded = ask(mock.url, post("/v1/x")).body
    with MockProvider(cassette=[tapes]) as mock:
        assert ask(mock.url, post("/v1/x")).body == recorded == b"new"


def test_what_is_in_flight_at_the_end_is_on_disk_after_it(tmp_path: Path) -> None:
    with RawUpstream({"/v1/x": [b"HTTP/1.1 200 OK\r\n\r\nso far", Hold()]}) as upstream:
        mock = MockProvider(cassette=tmp_path / "tapes", upstream=upstream.url, mode="all")
        with mock, socket.create_connection(("127.0.0.1", int(mock.url.rpartition(":")[2])), 10) as client:
            client.sendall(post("/v1/x"))
            while b"so far" not in client.recv(4096):
                pass
            mock.__exit__()
        (kept,) = (tmp_path / "tapes").glob("0*.yaml")
    assert "so far" in kept.read_text()


def test_the_clients_own_key_is_asked_for_where_the_upstream_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording: dict[str, Any] = {"cassette": tmp_path / "tapes", "upstream": "http://127.0.0.1:9", "mode": "all"}
    with MockProvider(**recording) as mock:
        assert "OPENAI_API_KEY" not in mock.environment
        with pytest.raises(InputError, match="--api-key-env OPENAI_API_KEY"):
            _ = mock.api_key
    monkeypatch.setenv("REAL_KEY", "sk-real")
    assert MockProvider(**recording, api_key_env="REAL_KEY").api_key == "sk-mock-key"


# In process


async def test_it_answers_in_process_without_a_socket() -> None:
    mock = MockProvider("openai")
    transport = httpx.ASGITransport(app=mock.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://mockprovider/v1") as client:
        answer = await client.get("/models", headers={"Authorization": f"Bearer {mock.api_key}"})
    assert answer.status_code == 200
    assert [entry["status"] for entry in mock.journal()] == [200]


def test_what_is_recorded_in_process_is_on_disk_when_the_lifespan_has_ended(tmp_path: Path) -> None:
    tapes = tmp_path / "tapes"
    with (
        RawUpstream({"/v1/x": [whole(b"200 OK", b"text/plain", b"new")]}) as upstream,
        TestClient(MockProvider(cassette=tapes, upstream=upstream.url, mode="all").app) as client,
    ):
        client.post("/v1/x", content=b"{}")
    assert len(list(tapes.glob("0*.yaml"))) == 1


async def test_an_ending_that_needs_a_socket_is_an_error_in_process(tapes: Path) -> None:
    (tapes / "0001-x.yaml").write_text(SOUND.replace("how: complete", "how: cut"))
    transport = httpx.ASGITransport(app=MockProvider(cassette=tapes).app)
    async with httpx.AsyncClient(transport=transport, base_url="http://mockprovider") as client:
        with pytest.raises(UnplayableEndingError, match="real socket"):
            await client.post(ASKED, content=b'{"n":1}')


# Rules


def test_what_is_asked_is_answered_as_the_test_says() -> None:
    with MockProvider("openai") as mock:
        mock.when(user="hello", model="gpt-4o*").then(text="Hi there")
        mock.when({"$.n": 2}).then(error="rate_limited")
        assert said(mock) == "Hi there"
        with sdk(mock) as client, pytest.raises(openai.RateLimitError):
            client.chat.completions.create(model="gpt-4o", n=2, **HELLO)


def test_answers_may_follow_one_another_and_come_so_many_times() -> None:
    with MockProvider("openai") as mock:
        mock.when().then(text="Always")
        mock.when(user="hello").then({"text": "One"}, {"text": "Two"}, times=2, name="counted")
        assert [said(mock) for _ in range(3)] == ["One", "Two", "Always"]
        assert [entry["detail"] for entry in mock.journal()] == ["counted", "counted", "rule 1"]


def test_the_newest_rule_comes_first_and_goes_when_it_is_removed() -> None:
    with MockProvider("openai") as mock:
        for text in ("Old", "New"):
            mock.when().then(text=text)
        assert said(mock) == "New"
        mock.remove_rules()
        assert "Hello" in said(mock)


def test_a_rule_may_be_for_one_key(mock: MockProvider) -> None:
    mock.when().then(text="Mine", tenant="sk-mine")
    assert mock.add_rules("- {when: {user: never}, then: {text: x}}\n", tenant="sk-mine") == 1
    assert said(mock, "sk-mine") == "Mine"
    assert "Hello" in said(mock, "sk-other")
    mock.remove_rules("sk-mine")
    assert "Hello" in said(mock, "sk-mine")


def test_rules_of_a_file_stay_when_those_that_were_added_go(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("- then: {text: File}\n")
    with MockProvider("openai", rules=tmp_path / "rules.yaml") as mock:
        assert said(mock) == "File"
        mock.add_rules([{"then": {"text": "Added"}}])
        assert said(mock) == "Added"
        mock.remove_rules()
        assert said(mock) == "File"


def test_rules_may_be_given_before_the_mock_is_entered_and_while_requests_come() -> None:
    mock = MockProvider("openai")
    mock.when(user="before").then(text="Before")
    with mock, sdk(mock) as client, ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda _: client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "before"}]),
            range(20),
        )
        for number in range(20):
            mock.when(user=f"while {number}").then(text="While")
        assert {answer.choices[0].message.content for answer in answers} == {"Before"}


async def test_rules_answer_in_process_too() -> None:
    mock = MockProvider("openai")
    mock.when().then(raw={"status": 202, "body": {"a": 1}})
    transport = httpx.ASGITransport(app=mock.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://mockprovider") as client:
        answer = await client.post("/anything", json={})
    assert (answer.status_code, answer.json()) == (202, {"a": 1})


def test_verify_tells_rules_that_were_not_used_and_requests_without_one() -> None:
    with MockProvider("openai") as mock:
        mock.when(user="never").then(text="x", name="never asked")
        said(mock)
        verdict = mock.verify()
        assert (verdict.unused_rules, verdict.unscripted) == (
            ("add_rules: never asked",),
            ("POST /v1/chat/completions 'Hello'",),
        )
        assert not verdict.ok
        assert mock.verify(allow=["unused_rules", "unscripted"]).ok
        mock.reset()
        assert mock.verify(allow="unused_rules").ok


@pytest.mark.parametrize(
    ("when", "then", "words"),
    [
        ({"modle": "x"}, {"text": "a"}, ["when.modle", "did you mean 'model'"]),
        ({}, {}, ["nothing to answer with"]),
        ({}, {"txt": "a"}, ["then.txt", "did you mean 'text'"]),
        ({}, {"error": "rate_limit"}, ["did you mean 'rate_limited'"]),
        ({}, {"text": "a", "times": 0}, ["times"]),
        ({"nth": 0}, {"text": "a"}, ["when.nth"]),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_once(
    when: dict[str, Any], then: dict[str, Any], words: list[str], mock: MockProvider
) -> None:
    with pytest.raises(InputError) as refused:
        mock.when(when).then(**then)
    assert [word for word in ["add_rules: rule 1", *words] if word not in str(refused.value)] == []


def test_rules_that_say_something_need_a_profile(tapes: Path) -> None:
    with pytest.raises(InputError, match="--profile NAME"):
        MockProvider(cassette=tapes).when().then(text="a")


# What can't be used


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, ["nothing to serve", "--profile NAME", "--cassette DIR"]),
        ({"cassette": "tapes", "mode": "onec"}, ["--mode", "did you mean 'once'"]),
        ({"cassette": "tapes", "mode": "all"}, ["--mode all records", "--upstream URL"]),
        ({"profile": "openai", "upstream": "http://x"}, ["--upstream records", "--cassette DIR"]),
        ({"cassette": "tapes", "set": {"chat.id": "x"}}, ["--set", "they need --profile"]),
        ({"profile": "openai", "pace": "fast"}, ["'fast' is no pace", "instant", "0.001x"]),
        ({"profile": "openai", "pace": "0x"}, ["0.001x"]),
        ({"profile": "openai", "pace": 2}, ["2 is no pace"]),
        ({"cassette": "tapes", "repeat": "cicle"}, ["--repeat", "did you mean 'cycle'"]),
        ({"cassette": "tapes", "match": "lose"}, ["--match", "did you mean 'loose'"]),
        ({"cassette": "tapes", "miss_status": 200}, ["--miss-status: 200", "400 to 599"]),
        ({"cassette": "tapes", "miss_status": "418"}, ["--miss-status: '418'", "400 to 599"]),
        ({"cassette": "tapes", "upstream": "http://x", "idle_timeout": 0}, ["--idle-timeout: 0", "0.1"]),
        ({"cassette": "tapes", "upstream": "http://x", "max_body": 0}, ["--max-body: 0", "1 to 4096"]),
    ],
)
def test_a_word_that_makes_no_sense_is_refused_at_once_with_what_would(wrong: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        MockProvider(**wrong)
    assert [word for word in words if word not in str(refused.value)] == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"profile": "deepsek-like"}, ["'deepsek-like'", "did you mean 'deepseek-like'"]),
        ({"cassette": "tape"}, ["no such cassette", "did you mean 'tapes'"]),
        ({"cassette": ["tapes", "./tapes"]}, ["given twice"]),
        ({"cassette": "tapes", "ignore": "user"}, ["did you mean 'body.user'"]),
        ({"cassette": "tapes", "normalize": "uid"}, ["did you mean 'uuid'"]),
        ({"cassette": "tapes", "upstream": "x.com"}, ["x.com", "https://"]),
        ({"profile": "openai", "set": {"chat.idd": 1}}, ["--set chat.idd", "did you mean 'id'"]),
        ({"profile": "openai", "without": "chat.idd"}, ["--without chat.idd", "did you mean 'id'"]),
        ({"profile": "openai", "variant": "x"}, ["no variant 'x'"]),
        ({"profile": "openai", "host": "nowhere.invalid"}, ["--host nowhere.invalid"]),
        ({"profile": "openai", "port": 70000}, ["port 70000", "65535"]),
        ({"profile": "openai", "rules": "nope.yaml"}, ["nope.yaml"]),
        ({"rules": "tapes/0001-x.yaml"}, ["0001-x.yaml:"]),
    ],
)
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_what_cannot_be_opened_is_refused_by_entering(
    wrong: dict[str, Any], words: list[str], asynchronous: bool, tapes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tapes.parent)
    mock = MockProvider(**wrong)
    with pytest.raises(InputError) as refused:
        await entered(mock, asynchronous=asynchronous)
    assert [word for word in words if word not in str(refused.value)] == []


# The pages in the documents


def test_the_examples_in_the_documents_are_tests_that_pass(tmp_path: Path) -> None:
    docs = Path(__file__).parents[2] / "docs"
    for page in (docs / "python.md", docs / "profiles.md"):
        for number, block in enumerate(page.read_text(encoding="utf-8").split("```python\n")[1:]):
            (tmp_path / f"test_{page.stem}_{number}.py").write_text(block.partition("```")[0], encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    )
    with (
        MockProvider("openai") as upstream,
        MockProvider(cassette=tmp_path / "tapes", upstream=upstream.url, mode="all") as mock,
    ):
        said(mock, "sk-test")
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:langsmith_plugin", "-W", "error"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert "6 passed" in done.stdout, textwrap.indent(done.stdout, "  ")


def test_a_rule_is_called_by_what_it_is_for(mock: MockProvider) -> None:
    mock.when(user="weather", stream=True).then(text="Sunny.")
    assert mock.verify().unused_rules == ("add_rules: user: weather, stream: True",)


@pytest.mark.parametrize("answer", ["sunny", [{"text": "One"}]])
def test_an_answer_that_is_no_mapping_is_refused_with_what_would_work(answer: Any, mock: MockProvider) -> None:
    with pytest.raises(InputError, match="then: answers are mappings"):
        mock.when().then(answer)
