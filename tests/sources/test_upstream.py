"""The way out: several upstreams, each at its name, through the proxy and with the CA of the environment."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

from mockprovider.cassettes.store import Cassette
from mockprovider.errors import InputError
from mockprovider.sources.upstream import Upstream, upstreams
from mockprovider.tape import Request
from tests.conftest import Recorder
from tests.fakes import Command, RawUpstream, ask, get, post
from tests.vectors.answers import whole

OK = whole(b"200 OK", b"application/json", b'{"ok":true}')
CHAT = "/v1/chat/completions"

Started = tuple[Recorder, ExitStack]


@pytest.fixture
def two() -> Iterator[tuple[RawUpstream, RawUpstream]]:
    """Two upstreams that give the same request different answers."""
    with (
        RawUpstream({CHAT: [whole(b"200 OK", b"text/plain", b"one")]}) as one,
        RawUpstream({"/openai/v1/chat/completions": [whole(b"200 OK", b"text/plain", b"two")]}) as other,
    ):
        yield one, other


def test_each_upstream_stands_at_its_name(recorder: Started, two: tuple[RawUpstream, RawUpstream]) -> None:
    start, _ = recorder
    url = start(f"one={two[0].url}", f"two={two[1].url}/openai")
    assert [ask(url, post(f"/{name}{CHAT}")).body for name in ("one", "two")] == [b"one", b"two"]


def test_one_cassette_keeps_them_apart(
    recorder: Started, replayer: Callable[..., str], two: tuple[RawUpstream, RawUpstream]
) -> None:
    start, stack = recorder
    url = start(f"one={two[0].url}", f"two={two[1].url}/openai")
    for name in ("two", "one"):
        ask(url, post(f"/{name}{CHAT}"))
    stack.close()
    again = replayer()
    assert [ask(again, post(f"/{name}{CHAT}")).body for name in ("one", "two")] == [b"one", b"two"]


def test_an_exchange_says_where_it_came_from(
    recorder: Started, tape_folder: Path, two: tuple[RawUpstream, RawUpstream]
) -> None:
    start, stack = recorder
    url = start(f"one={two[0].url}", f"{two[1].url}/openai")
    ask(url, post(f"/one{CHAT}"))
    ask(url, post(CHAT))
    stack.close()
    cassette = Cassette.open(tape_folder)
    specs = [cassette.exchange(entry).upstream for entry in cassette.entries]
    assert specs == [f"one={two[0].url}", f"{two[1].url}/openai"]


def test_a_path_that_leads_nowhere_is_refused_with_those_that_lead_somewhere_and_not_recorded(
    recorder: Started, tape_folder: Path
) -> None:
    start, stack = recorder
    seen = ask(start("one=http://127.0.0.1:9", "two=http://127.0.0.1:9"), post(CHAT))
    stack.close()
    error = json.loads(seen.body)["error"]
    assert (seen.status, error["code"]) == (404, "unknown_upstream")
    assert "/one, /two" in error["message"]
    assert Cassette.open(tape_folder).entries == []


def test_each_upstream_gets_its_own_key(
    recorder: Started, monkeypatch: pytest.MonkeyPatch, two: tuple[RawUpstream, RawUpstream]
) -> None:
    monkeypatch.setenv("KEY_ONE", "sk-one-0123456789")
    monkeypatch.setenv("KEY_REST", "sk-rest-0123456789")
    start, _ = recorder
    url = start(f"one={two[0].url}", f"two={two[1].url}/openai", api_key_env=["one=KEY_ONE", "KEY_REST"])
    for name in ("one", "two"):
        ask(url, post(f"/{name}{CHAT}", headers=["Authorization: Bearer dummy"]))
    assert b"Bearer sk-one-" in two[0].received[0]
    assert b"Bearer sk-rest-" in two[1].received[0]


@pytest.mark.parametrize(
    ("path", "taken"), [("/one", True), ("/one/v1/x", True), ("/oneself", False), ("/v1/one", False), ("/", False)]
)
def test_a_name_takes_the_paths_below_it_and_no_other(path: str, taken: bool) -> None:
    assert Upstream("one=http://x").takes(Request("GET", path)) is taken


@pytest.mark.parametrize(
    ("specs", "keys", "words"),
    [
        (["a=http://x", "a=http://y"], [], ["two upstreams are called 'a'"]),
        (["http://x", "http://y"], [], ["two upstreams stand at the root", "NAME=URL"]),
        (["openai=http://x"], ["opnai=KEY"], ["did you mean 'openai'"]),
        (["a=ftp://x"], [], ["http or https"]),
    ],
)
def test_upstreams_that_cannot_be_meant_are_refused(specs: list[str], keys: list[str], words: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        upstreams(specs, keys)
    assert all(word in str(refused.value) for word in words)


def test_the_proxy_of_the_environment_is_used(tape_folder: Path) -> None:
    script = {"http://upstream.invalid/v1/models": [OK]}
    with RawUpstream(script) as proxy:
        environment = {"HTTP_PROXY": proxy.url, "http_proxy": proxy.url, "NO_PROXY": "", "no_proxy": ""}
        with Command(
            "record", "--upstream", "http://upstream.invalid", "--cassette", tape_folder, environment=environment
        ) as command:
            assert ask(command.url, get("/v1/models")).body == b'{"ok":true}'


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "proxy_refused"),
        (b"HTTP/1.1 200 OK\r\n\r\nthis is no TLS", "upstream_unreachable"),
    ],
)
def test_what_a_proxy_says_is_not_taken_for_the_answer_of_the_upstream(
    answer: bytes, code: str, tape_folder: Path
) -> None:
    with RawUpstream({"upstream.invalid:443": [answer]}) as proxy:
        environment = {"HTTPS_PROXY": proxy.url, "https_proxy": proxy.url, "NO_PROXY": "", "no_proxy": ""}
        with Command(
            "record", "--upstream", "https://upstream.invalid", "--cassette", tape_folder, environment=environment
        ) as command:
            seen = ask(command.url, get("/v1/models"))
    assert (seen.status, json.loads(seen.body)["error"]["code"]) == (502, code)
    assert Cassette.open(tape_folder).entries == []


def test_certificates_that_are_not_there_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file.pem")
    with pytest.raises(InputError, match=r"SSL_CERT_FILE=/no/such/file\.pem"):
        Upstream("https://api.example.com")


def test_the_certificate_authority_of_the_environment_is_trusted(tape_folder: Path, tmp_path: Path) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with RawUpstream({"/v1/models": [OK]}, tls=tls) as upstream:
        for certificates, status in ((str(tmp_path / "ca.pem"), 200), ("/dev/null", 502)):
            environment = {"SSL_CERT_FILE": certificates}
            with Command(
                "record", "--upstream", upstream.url, "--cassette", tape_folder, environment=environment
            ) as command:
                assert ask(command.url, get("/v1/models")).status == status
