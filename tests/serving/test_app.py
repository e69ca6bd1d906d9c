"""The application: in front of a socket, and in a process without one; and rules, before all else."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockprovider.cassettes.store import Cassette
from mockprovider.errors import UnplayableEndingError
from mockprovider.profiles.loading import load
from mockprovider.serving.app import Mock, Mode
from mockprovider.sources.record import Record, Settings
from mockprovider.sources.replay import Replay
from mockprovider.sources.synthesize import Synthesize
from mockprovider.sources.upstream import upstreams
from mockprovider.tape import Chunk, Complete, Cut, Ending, Exchange, Head, Request, Reset, Tape
from tests.fakes import NO_TLS, RawUpstream, ask, chunked, get, post, serving
from tests.vectors.answers import whole
from tests.vectors.refusals import FUNCTION

_ASKED = Request("POST", "/v1/x", headers=((b"content-type", b"application/json"),), body=b"{}")
_FIRST = Chunk(0.0, b"data: 1\n\n")


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    """A replay of nothing yet."""
    return Replay([Cassette.open(tmp_path / "tapes", create=True)])


def keep(replay: Replay, *chunks: Chunk, ending: Ending) -> None:
    """Put one exchange into a replay's cassette."""
    cassette = replay.cassettes[0]
    cassette.begin(_ASKED).keep(Exchange(_ASKED, Tape(Head(0.0, 200), chunks, ending)))


def test_a_client_that_leaves_in_a_long_gap_is_noticed_at_once(replay: Replay) -> None:
    keep(replay, _FIRST, Chunk(600.0, b"data: 2\n\n"), ending=Complete(600.0))
    mock = Mock(replay=replay, speed=1.0)
    with serving(mock) as url:
        with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), 5) as client:
            client.sendall(post("/v1/x"))
            while b"data: 1" not in client.recv(4096):
                pass
        deadline = time.monotonic() + 10
        while (entry := mock.journal.select()[0])["ending"] == "" and time.monotonic() < deadline:
            ask(url, get("/-/health"))
    assert (entry["ending"], entry["chunks"]) == ("client left", 1)


def test_a_reset_keeps_its_distance_from_the_last_bytes(replay: Replay) -> None:
    keep(replay, _FIRST, ending=Reset(0.0))
    with (
        serving(Mock(replay=replay)) as url,
        socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), 5) as client,
    ):
        client.sendall(post("/v1/x"))
        while b"data: 1" not in client.recv(4096):
            pass
        came = time.monotonic()
        with pytest.raises(ConnectionResetError):
            client.recv(4096)
        assert time.monotonic() - came > 0.01


async def test_a_profile_answers_in_process_without_a_socket() -> None:
    transport = httpx.ASGITransport(Mock(synthesize=Synthesize(load("openai"))).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
        answer = await client.get("/v1/models", headers={"Authorization": "Bearer sk-test"})
    assert (answer.status_code, answer.json()["object"]) == (200, "list")


async def test_an_ending_that_needs_a_socket_is_an_error_that_names_the_cure_in_process(replay: Replay) -> None:
    keep(replay, _FIRST, ending=Cut(0.0))
    transport = httpx.ASGITransport(Mock(replay=replay).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
        with pytest.raises(UnplayableEndingError, match="real socket"):
            await client.post("/v1/x", content=b"{}", headers={"Content-Type": "application/json"})


def test_the_answer_to_HEAD_has_the_head_of_GET_and_no_body() -> None:  # noqa: N802
    key = ["Authorization: Bearer sk-test"]
    request = get("/v1/models", key)
    with (
        serving(Mock(synthesize=Synthesize(load("openai")))) as url,
        socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), 5) as client,
    ):
        client.sendall(request.replace(b"GET", b"HEAD", 1) + get("/v1/models", [*key, "Connection: close"]))
        received = b""
        while data := client.recv(65536):
            received += data
    first, _, second = received.partition(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 404 ")  # no endpoint of OpenAI's answers HEAD
    assert second.startswith(b"HTTP/1.1 200 ")


def test_a_bug_of_our_own_is_said_to_the_client_and_in_the_log(replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(replay, "find", lambda *_: 1 / 0)
    with serving(Mock(replay=replay, say=said.append)) as url:
        seen = ask(url, post("/v1/x"))
    assert (seen.status, seen.header("x-should-retry")) == (500, "false")
    assert "ZeroDivisionError" in seen.body.decode()
    assert "ZeroDivisionError" in said[0]


# Rules


@dataclass(frozen=True)
class User:
    """Whoever asks a running mock with one API key, and may say how it is answered."""

    http: httpx.Client
    key: str

    def rule(self, *rules: Any) -> None:
        """Rules for this key alone."""
        response = self.http.post("/-/rules", params={"key": self.key}, json=rules)
        assert (response.status_code, response.json()) == (201, {"added": len(rules)})

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(path, json=body, headers={"Authorization": f"Bearer {self.key}"})

    def chat(self, text: str = "Hello", **more: Any) -> httpx.Response:
        messages = [{"role": "user", "content": text}]
        return self.post("/v1/chat/completions", model="gpt-4o", messages=messages, **more)

    def said(self, text: str = "Hello", **more: Any) -> str:
        """What a chat completion says."""
        return str(self.chat(text, **more).json()["choices"][0]["message"]["content"])


def events(response: httpx.Response) -> list[Any]:
    """The JSON of a stream's events."""
    return [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: {")]


def client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, verify=NO_TLS)


@pytest.fixture(scope="module")
def provider_with_rules() -> Iterator[httpx.Client]:
    """A provider that all tests share, each with rules for a key of its own."""
    with serving(Mock(synthesize=Synthesize(load("openai")))) as url, client(url) as http:
        yield http


@pytest.fixture
def user(provider_with_rules: httpx.Client, request: pytest.FixtureRequest) -> User:
    return User(provider_with_rules, f"sk-mock-{request.node.name}")


def test_a_rule_says_a_text_plain_and_streamed_in_every_api_that_speaks(user: User) -> None:
    user.rule({"then": {"text": "Hi there"}})
    assert user.said() == "Hi there"
    chunks = events(user.chat(stream=True))
    assert "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks) == "Hi there"
    response = user.post("/v1/responses", model="gpt-4o", input="Hello").json()
    assert response["output"][0]["content"][0]["text"] == "Hi there"
    deltas = events(user.post("/v1/responses", model="gpt-4o", input="Hello", stream=True))
    assert "".join(event.get("delta", "") for event in deltas) == "Hi there"
    legacy = user.post("/v1/completions", model="gpt-3.5-turbo-instruct", prompt="Hello").json()
    assert legacy["choices"][0]["text"] == "Hi there"


def test_what_no_rule_fits_is_answered_as_if_there_were_none(user: User) -> None:
    user.rule({"when": {"user": "weather"}, "then": {"text": "Sunny"}})
    assert user.said("The weather?") == "Sunny"
    assert "Hello" in user.said()
    assert user.http.get("/v1/models", headers={"Authorization": f"Bearer {user.key}"}).status_code == 200


def test_answers_follow_one_another_and_the_last_is_repeated(user: User) -> None:
    user.rule({"then": [{"error": "rate_limited"}, {"text": "One"}, {"text": "Two"}]})
    assert user.chat().status_code == 429
    assert [user.said() for _ in range(3)] == ["One", "Two", "Two"]


def test_a_rule_is_spent_after_its_times(user: User) -> None:
    user.rule({"then": {"text": "One"}, "times": 2}, {"then": {"text": "Two"}})
    assert [user.said() for _ in range(3)] == ["One", "One", "Two"]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("rate_limited", 429, "rate_limit_exceeded"),
        ("overloaded_engine", 503, None),
        ("no_balance", 429, "insufficient_quota"),
        ("invalid_key", 401, "invalid_api_key"),
    ],
)
def test_a_rule_refuses_in_the_providers_words(kind: str, status: int, code: str | None, user: User) -> None:
    user.rule({"then": {"error": kind}})
    response = user.chat()
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_a_rule_sends_raw_bytes(user: User) -> None:
    raw = {"status": 502, "headers": {"content-type": "text/html", "X-Odd": "yes"}, "body": "<h1>502</h1>"}
    user.rule({"when": {"path": "*"}, "then": {"raw": raw}})
    seen = ask(str(user.http.base_url).rstrip("/"), post("/any/where", b"", [f"Authorization: Bearer {user.key}"]))
    assert (seen.status_line, seen.body) == (b"HTTP/1.1 502 Bad Gateway", b"<h1>502</h1>")
    assert (b"X-Odd", b"yes") in seen.headers


def test_a_template_is_filled_from_the_request(user: User) -> None:
    user.rule({"then": {"text": "{{ model }}: {{ user | upper }} ({{ nth }})"}})
    assert [user.said() for _ in range(2)] == ["gpt-4o: HELLO (1)", "gpt-4o: HELLO (2)"]


def test_a_template_that_a_request_can_not_fill_is_a_500_in_our_own_name(user: User) -> None:
    user.rule({"name": "odd", "then": {"text": "{{ body.a.b }}"}})
    response = user.chat()
    assert (response.status_code, response.headers["x-should-retry"]) == (500, "false")
    assert "POST /-/rules: rule 1 (odd): then.text" in response.json()["error"]["message"]
    assert user.chat().status_code == 500


def test_an_agent_loop_is_scripted(user: User) -> None:
    call = {"name": "f", "arguments": {"city": "Paris"}}
    user.rule(
        {"when": {"tool_result": False}, "then": {"tool_calls": [call]}},
        {"when": {"tool_result": "sunny"}, "then": {"text": "It says: {{ tool_result }}."}},
    )
    first = user.chat(tools=[FUNCTION]).json()["choices"][0]
    assert (first["finish_reason"], first["message"]["tool_calls"][0]["function"]["name"]) == ("tool_calls", "f")
    result = {"role": "tool", "tool_call_id": first["message"]["tool_calls"][0]["id"], "content": "Sunny"}
    messages = [{"role": "user", "content": "Weather?"}, first["message"], result]
    second = user.post("/v1/chat/completions", model="gpt-4o", messages=messages).json()
    assert second["choices"][0]["message"]["content"] == "It says: Sunny."


def test_rules_are_for_one_key_or_for_everybody() -> None:
    with serving(Mock(synthesize=Synthesize(load("openai")))) as url, client(url) as http:
        one, two = User(http, "sk-one"), User(http, "sk-two")
        assert http.post("/-/rules", content=b"- then: {text: All}\n").status_code == 201
        one.rule({"name": "mine", "then": {"text": "One"}})
        assert (one.said(), two.said()) == ("One", "All")
        told = http.get("/-/rules").json()["rules"]
        assert [(rule["name"], rule["used"]) for rule in told] == [("mine", 1), ("rule 1", 1)]
        assert http.delete("/-/rules", params={"key": "sk-one"}).status_code == 204
        assert (one.said(), two.said()) == ("All", "All")
        assert http.delete("/-/rules").status_code == 204
        assert http.get("/-/rules").json() == {"rules": []}
        assert "Hello" in one.said()


def test_each_key_counts_for_itself_and_a_reset_counts_anew() -> None:
    with serving(Mock(synthesize=Synthesize(load("openai")))) as url, client(url) as http:
        one, two = User(http, "sk-one"), User(http, "sk-two")
        http.post("/-/rules", json={"when": {}, "then": [{"text": "A"}, {"text": "B"}]})
        assert [one.said(), one.said(), two.said()] == ["A", "B", "A"]
        http.post("/-/reset", params={"key": "sk-one"})
        assert [one.said(), two.said()] == ["A", "B"]
        http.post("/-/reset")
        assert [one.said(), two.said()] == ["A", "A"]


def test_a_rule_that_can_not_be_used_is_refused_with_its_line_and_none_of_them_is_taken(user: User) -> None:
    before = user.http.get("/-/rules").json()
    text = b"- then: {text: a}\n- name: odd\n  when:\n    modle: x\n  then: {text: b}\n"
    response = user.http.post("/-/rules", params={"key": user.key}, content=text)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_rule")
    told = "POST /-/rules:4: rule 2 (odd): when.modle: unknown key 'modle'; did you mean 'model'?"
    assert response.json()["error"]["message"] == told
    assert user.http.get("/-/rules").json() == before


@pytest.mark.parametrize("text", [b"\xff", b"[" * 100_000, b"{{", b"- then: {error: rate_limit}", b"- 7", b"hello"])
def test_whatever_is_sent_as_a_rule_it_is_taken_or_refused(text: bytes, user: User) -> None:
    response = user.http.post("/-/rules", params={"key": user.key}, content=text)
    assert (response.status_code, response.json()["error"]["type"]) == (400, "mockprovider_error")


def test_verify_tells_rules_without_requests_and_requests_without_rules() -> None:
    with serving(Mock(synthesize=Synthesize(load("openai")))) as url, client(url) as http:
        user = User(http, "sk-one")
        assert http.get("/-/verify").json()["ok"]
        http.post("/-/rules", json=[{"name": "sunny", "when": {"user": "weather"}, "then": {"text": "Sunny"}}])
        verdict = http.get("/-/verify").json()
        assert (verdict["ok"], verdict["unused_rules"]) == (False, ["POST /-/rules: sunny"])
        assert http.get("/-/verify?allow=unused_rules").json()["ok"]
        user.said("weather")
        user.said("Something else")
        verdict = http.get("/-/verify").json()
        assert (verdict["unused_rules"], verdict["unscripted"]) == ([], ["POST /v1/chat/completions 'Something else'"])
        assert not verdict["ok"]
        assert http.get("/-/verify?allow=unscripted").json()["ok"]
        http.post("/-/reset")
        verdict = http.get("/-/verify").json()
        assert (verdict["unused_rules"], verdict["unscripted"]) == (["POST /-/rules: sunny"], [])


def test_without_rules_nothing_is_unscripted() -> None:
    mock = Mock(synthesize=Synthesize(load("openai")))
    with serving(mock) as url, client(url) as http:
        User(http, "sk-one").said()
        assert http.get("/-/verify").json()["unscripted"] == []


def test_the_journal_says_which_rule_answered(user: User) -> None:
    user.rule({"name": "sunny", "then": {"text": "Sunny"}})
    user.said()
    (entry,) = user.http.get("/-/journal", params={"key": user.key}).json()["entries"]
    assert (entry["source"], entry["detail"]) == ("script", "sunny")


def test_rules_come_before_recordings(replay: Replay) -> None:
    keep(replay, Chunk(0.0, b"recorded"), ending=Complete(0.0))
    mock = Mock(replay=replay)
    mock.add_rules([{"then": {"raw": {"body": "scripted"}}, "times": 1}], "test")
    with serving(mock) as url:
        assert [ask(url, post("/v1/x")).body for _ in range(2)] == [b"scripted", b"recorded"]


def test_a_recording_is_an_answer_by_its_file_with_its_ending(replay: Replay, tmp_path: Path) -> None:
    keep(replay, _FIRST, ending=Cut(0.0))
    (path,) = (tmp_path / "tapes").glob("0001*.yaml")
    rules = tmp_path / "rules.yaml"
    rules.write_text(f"- then: {{exchange: tapes/{path.name}}}\n")
    mock = Mock()
    mock.load_rules(rules)
    with serving(mock) as url:
        seen = ask(url, get("/anything"))
    assert (seen.status, seen.body, seen.ending) == (200, b"data: 1\n\n", "cut")


def test_where_nothing_but_rules_is_served_the_rest_is_refused() -> None:
    mock = Mock()
    mock.add_rules([{"when": {"path": "/a"}, "then": {"raw": {"body": "A"}}}], "test")
    with serving(mock) as url:
        assert ask(url, get("/a")).body == b"A"
        assert ask(url, get("/b")).status == 501


@pytest.mark.parametrize("mode", [Mode.ALL, Mode.NEW_EPISODES])
def test_rules_come_before_the_upstream_and_what_they_answer_is_not_recorded(mode: Mode, replay: Replay) -> None:
    cassette = replay.cassettes[0]
    with RawUpstream({"/v1/x": [whole(b"200 OK", b"text/plain", b"upstream")]}) as upstream:
        mock = Mock(replay=replay, mode=mode)
        ways = upstreams([upstream.url], [])
        mock.record = Record(cassette, ways, Settings(), mock.clock, afresh=mode is Mode.ALL, say=print)
        mock.add_rules([{"then": {"raw": {"body": "scripted"}}, "times": 1}], "test")
        with serving(mock) as url:
            assert [ask(url, post("/v1/x")).body for _ in range(2)] == [b"scripted", b"upstream"]
        assert len(upstream.received) == 1
    assert len(list(cassette.folder.glob("0*.yaml"))) == 1


def test_a_long_body_reaches_the_upstream_where_no_rule_fits_it(replay: Replay) -> None:
    with RawUpstream({"/v1/x": [whole(b"200 OK", b"text/plain", b"upstream")]}) as upstream:
        mock = Mock(replay=replay, mode=Mode.ALL)
        ways = upstreams([upstream.url], [])
        mock.record = Record(replay.cassettes[0], ways, Settings(), mock.clock, afresh=True, say=print)
        mock.add_rules([{"when": {"user": "never"}, "then": {"raw": {}}}], "test")
        body = json.dumps({"pad": "x" * 2**21}).encode()
        with serving(mock) as url:
            assert ask(url, post("/v1/x", body)).body == b"upstream"
        assert upstream.received[0].endswith(body)


# Odd requests over a socket


KEY = "Authorization: Bearer sk-test"
CHAT = "/v1/chat/completions"
HELLO = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}).encode()


def unchunked(*parts: bytes, more: str = "") -> bytes:
    """A POST whose body comes in HTTP chunks."""
    head = f"POST {CHAT} HTTP/1.1\r\nHost: test\r\n{KEY}\r\n{more}Transfer-Encoding: chunked\r\n\r\n"
    return head.encode() + chunked(*parts)


def nested(depth: int, before: bytes, after: bytes) -> bytes:
    return before + b"[" * depth + b"]" * depth + after


SMALL = b'{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}],'
ODD: dict[str, tuple[bytes, int]] = {
    "in chunks": (unchunked(HELLO), 200),
    "a byte a chunk": (unchunked(*(bytes([byte]) for byte in HELLO)), 200),
    "in no chunks": (unchunked(), 400),
    "without a content type": (post(CHAT, HELLO, [KEY]).replace(b"Content-Type: application/json\r\n", b""), 200),
    "as a form": (post(CHAT, HELLO, [KEY]).replace(b"application/json", b"application/x-www-form-urlencoded"), 200),
    "as text": (post(CHAT, HELLO, [KEY]).replace(b"application/json", b"text/plain; charset=utf-16"), 200),
    "as multipart": (post(CHAT, HELLO, [KEY]).replace(b"application/json", b"multipart/form-data"), 200),
    "empty": (post(CHAT, b"", [KEY]), 400),
    "blank": (post(CHAT, b" \n ", [KEY]), 400),
    "no JSON": (post(CHAT, b"model=gpt-4o", [KEY]), 400),
    "no UTF-8": (post(CHAT, b"\xff\xfe", [KEY]), 400),
    "a byte order mark": (post(CHAT, b"\xef\xbb\xbf" + HELLO, [KEY]), 400),
    "NaN": (post(CHAT, SMALL + b'"temperature":NaN}', [KEY]), 400),
    "a float beyond all": (post(CHAT, SMALL + b'"temperature":1e400}', [KEY]), 400),
    "a huge number": (post(CHAT, SMALL + b'"seed":1' + b"0" * 400 + b"}", [KEY]), 200),
    "a number that nobody reads": (post(CHAT, SMALL + b'"seed":1' + b"0" * 5000 + b"}", [KEY]), 400),
    "a key twice": (post(CHAT, SMALL + b'"n":0,"n":1}', [KEY]), 200),
    "half a character": (post(CHAT, HELLO.replace(b"Hello", b"\\ud83d"), [KEY]), 200),
    "a null character": (post(CHAT, HELLO.replace(b"Hello", b"a\\u0000b"), [KEY]), 200),
    "nested 100 deep": (post(CHAT, nested(100, SMALL + b'"metadata":{"a":', b"}}"), [KEY]), 400),
    "nested 1,000 deep": (post(CHAT, nested(1000, SMALL + b'"metadata":{"a":', b"}}"), [KEY]), 400),
    "nested 100,000 deep": (post(CHAT, nested(100_000, SMALL + b'"metadata":{"a":', b"}}"), [KEY]), 400),
    "nothing but brackets": (post(CHAT, b"[" * 100_000, [KEY]), 400),
}
"""Requests, and the status that each is answered with."""


@pytest.mark.parametrize("name", ODD)
def test_an_odd_request_is_answered_and_so_is_the_next(name: str, provider_with_rules: httpx.Client) -> None:
    request, status = ODD[name]
    url = str(provider_with_rules.base_url).rstrip("/")
    seen = ask(url, request)
    assert (seen.status, seen.ending) == (status, "complete")
    answer = json.loads(seen.body)
    assert ("error" in answer) == (status != 200)
    assert ask(url, post(CHAT, HELLO, [KEY])).status == 200


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([{"role": "user", "content": "a" * 10_000_000}], 400),
        ([{"role": "user", "content": "a"}] * 10_000, 200),
        ([{"role": "user", "content": [{"type": "text", "text": "a"}] * 10_000}], 200),
    ],
    ids=["10 MB", "10,000 messages", "10,000 parts"],
)
def test_a_long_request_is_answered_and_so_is_the_next(
    messages: list[Any], status: int, provider_with_rules: httpx.Client
) -> None:
    url = str(provider_with_rules.base_url).rstrip("/")
    body = json.dumps({"model": "gpt-4o", "messages": messages}).encode()
    seen = ask(url, post(CHAT, body, [KEY]), patience=60.0)
    assert seen.status == status, seen.body[:300]
    assert ask(url, post(CHAT, HELLO, [KEY])).status == 200


@pytest.mark.parametrize("endpoint", ["chat/completions", "responses"])
@pytest.mark.parametrize("depth", [100, 240, 300, 460, 480, 500])
def test_a_schema_that_nests_is_repeated_or_refused(
    endpoint: str, depth: int, provider_with_rules: httpx.Client
) -> None:
    before, after = b'{"type":"object","properties":{"a":' * depth, b"}}" * depth
    schema = before + b'{"type":"string"}' + after
    function = b'{"name":"f","parameters":' + schema + b"}"
    body = {
        "chat/completions": SMALL + b'"tools":[{"type":"function","function":' + function + b"}]}",
        "responses": b'{"model":"gpt-4o","input":"f","tools":[{"type":"function",' + function[1:] + b"]}",
    }[endpoint]
    seen = ask(str(provider_with_rules.base_url).rstrip("/"), post(f"/v1/{endpoint}", body, [KEY]), patience=30.0)
    assert seen.status == (200 if depth < 250 else 400)
    assert ("error" in json.loads(seen.body)) == (endpoint == "responses" or depth >= 250)
