"""Requests to a profile: which endpoint answers, for which models, and what is said of those that nobody serves."""

from typing import Any

import msgspec
import pytest

from mockprovider.errors import ProfileError
from mockprovider.profiles.loading import load
from mockprovider.sources.synthesize import Synthesize
from mockprovider.tape import Request
from tests.sources.asking import CHAT, RESPONSES, Client, answered, asked, body_of
from tests.sources.varying import varied

OPENAI = load("openai")
BODIES: dict[str, dict[str, Any]] = {
    "chat/completions": {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]},
    "completions": {"model": "gpt-3.5-turbo-instruct", "prompt": "Hello"},
    "embeddings": {"model": "text-embedding-3-small", "input": "Hello"},
    "moderations": {"model": "omni-moderation-latest", "input": "Hello"},
    "responses": {"model": "gpt-4o", "input": "Hello"},
}
every_endpoint = pytest.mark.parametrize("endpoint", BODIES)


@every_endpoint
def test_each_endpoint_answers_for_its_own_model(endpoint: str, openai: Synthesize) -> None:
    assert answered(openai, asked(f"/v1/{endpoint}", BODIES[endpoint]))[0] == 200


@every_endpoint
@pytest.mark.parametrize("other", BODIES)
def test_no_endpoint_answers_for_the_model_of_another(endpoint: str, other: str, openai: Synthesize) -> None:
    body = {**BODIES[endpoint], "model": BODIES[other]["model"]}
    status, _ = answered(openai, asked(f"/v1/{endpoint}", body))
    assert (status == 200) == (body["model"] == BODIES[endpoint]["model"])


@every_endpoint
def test_the_same_request_and_seed_give_the_same_answer_whoever_makes_it(endpoint: str) -> None:
    request = asked(f"/v1/{endpoint}", BODIES[endpoint])
    assert Synthesize(OPENAI).answer(request) == Synthesize(OPENAI).answer(request)


def test_a_text_has_the_same_vector_with_another_seed(openai: Synthesize) -> None:
    request = asked("/v1/embeddings", BODIES["embeddings"])
    assert answered(Synthesize(OPENAI, seed=7), request) == answered(openai, request)


@every_endpoint
def test_no_endpoint_answers_without_a_key(endpoint: str, openai: Synthesize) -> None:
    assert answered(openai, asked(f"/v1/{endpoint}", BODIES[endpoint], key=""))[0] == 401


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in BODIES if endpoint != "chat/completions"])
def test_no_endpoint_answers_a_get_that_keeps_nothing(endpoint: str, openai: Synthesize) -> None:
    status, body = answered(openai, asked(f"/v1/{endpoint}", method="GET"))
    assert (status, body["error"]["message"]) == (404, f"Invalid URL (GET /v1/{endpoint})")


@every_endpoint
def test_an_endpoint_takes_any_model_if_told_to(endpoint: str) -> None:
    source = Synthesize(OPENAI, any_model=True)
    status, body = answered(source, asked(f"/v1/{endpoint}", {**BODIES[endpoint], "model": "my\0own"}))
    assert (status, body["model"]) == (200, "my\0own")


def test_a_moderation_needs_no_model(openai: Synthesize) -> None:
    status, body = answered(openai, asked("/v1/moderations", {"input": "Hello"}))
    assert (status, body["model"]) == (200, "omni-moderation-latest")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/images/generations"),
        ("POST", "/v1/audio/speech"),
        ("GET", "/v1/files"),
        ("DELETE", "/v1/files/file-1"),
    ],
)
def test_what_is_not_synthesized_is_refused_in_our_own_name_with_what_would_work(
    method: str, path: str, openai: Synthesize
) -> None:
    tape, said = openai.answer(asked(path, method=method))
    assert tape.head is not None
    error = body_of(tape)["error"]
    assert (tape.head.status, error["type"], error["code"]) == (404, "mockprovider_error", "not_synthesized")
    assert (b"x-should-retry", b"false") in tape.head.headers
    assert f"{method} {path}" in error["message"]
    assert "mockprovider record" in error["message"]
    assert said == "openai not_synthesized"


@pytest.mark.parametrize("path", ["/v1/image", "/v1/filesystem", "/files", "/v1"])
def test_a_path_that_nobody_serves_is_the_providers_to_refuse(path: str, openai: Synthesize) -> None:
    status, body = answered(openai, asked(path))
    assert (status, body["error"]["message"]) == (404, f"Invalid URL (POST {path})")


@pytest.mark.parametrize("endpoint", ["embeddings", "moderations", "files"])
def test_a_profile_without_an_endpoint_refuses_it_as_any_unknown_path(endpoint: str, deepseek: Synthesize) -> None:
    expected = 404, {"error_msg": "Not Found. Please check the configuration."}
    assert answered(deepseek, asked(f"/v1/{endpoint}", {})) == expected


def test_an_endpoint_that_a_profile_can_not_show_is_refused_in_our_own_name(deepseek: Synthesize) -> None:
    status, body = answered(deepseek, asked("/beta/completions", {}))
    assert (status, body["error"]["code"]) == (404, "not_synthesized")


@pytest.mark.parametrize("name", ["gpt-4o", "text-embedding-3-small", "gpt-3.5-turbo-instruct"])
def test_a_model_is_what_the_listing_says_of_it(name: str, openai: Synthesize) -> None:
    _, listing = answered(openai, asked("/v1/models", method="GET"))
    (entry,) = [entry for entry in listing["data"] if entry["id"] == name]
    assert answered(openai, asked(f"/v1/models/{name}", method="GET")) == (200, entry)


def test_a_model_is_found_by_a_name_with_escapes(openai: Synthesize) -> None:
    assert answered(openai, asked("/v1/models/gpt%2D4o", method="GET"))[1]["id"] == "gpt-4o"


def test_a_model_that_there_is_not_is_refused_by_its_name(openai: Synthesize) -> None:
    status, body = answered(openai, asked("/v1/models/no/such", method="GET"))
    assert (status, body["error"]["message"]) == (404, "The model 'no/such' does not exist")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"model": NaN}', b"[" * 100_000, b'{"a": 1, "a": 2}'])
@every_endpoint
def test_a_body_that_is_no_request_is_refused(endpoint: str, body: bytes, openai: Synthesize) -> None:
    request = Request("POST", f"/v1/{endpoint}", "", ((b"authorization", b"Bearer k"),), body)
    assert answered(openai, request)[0] == 400


def test_a_form_that_can_not_be_sent_is_found_at_the_start() -> None:
    assert OPENAI.embeddings is not None
    plain = msgspec.structs.replace(OPENAI.embeddings.plain, body={"data": [{"index": "$index"}]})
    without = msgspec.structs.replace(OPENAI, embeddings=msgspec.structs.replace(OPENAI.embeddings, plain=plain))
    with pytest.raises(ProfileError, match="embeddings: can't be sent"):
        Synthesize(without)


def test_an_answer_is_made_once() -> None:
    source, request = Synthesize(OPENAI), asked("/v1/embeddings", BODIES["embeddings"])
    assert source.answer(request)[0] is source.answer(request)[0]


def test_a_very_long_answer_is_not_kept() -> None:
    many = {"model": "text-embedding-3-large", "input": ["a"] * 100}
    source, request = Synthesize(OPENAI), asked("/v1/embeddings", many)
    assert source.answer(request)[0] is not source.answer(request)[0]


# What is kept


HELLO: dict[str, Any] = {"model": "gpt-4o", "input": "Hello"}


@pytest.mark.parametrize(("tenant", "kept"), [("one", ["two"]), (None, [])])
def test_what_is_kept_is_forgotten_for_one_key_or_for_all(tenant: str | None, kept: list[str]) -> None:
    source = Synthesize(OPENAI)
    clients = [Client(source, key) for key in ("one", "two")]
    paths = [f"{RESPONSES}/{client.made(RESPONSES, **HELLO)['id']}" for client in clients]
    source.restart(tenant)
    found = [
        client.key for client, path in zip(clients, paths, strict=True) if client.ask(path, method="GET")[0] == 200
    ]
    assert found == kept


def test_a_request_that_is_made_again_after_a_restart_is_kept_again() -> None:
    client = Client(Synthesize(OPENAI))
    ident = client.made(RESPONSES, **HELLO)["id"]
    client.source.restart()
    assert client.made(RESPONSES, **HELLO)["id"] == ident
    assert client.got(f"{RESPONSES}/{ident}")["id"] == ident


def test_so_many_responses_are_kept_as_the_profile_says_and_then_the_oldest_goes() -> None:
    assert OPENAI.responses is not None
    few = msgspec.structs.replace(OPENAI, responses=msgspec.structs.replace(OPENAI.responses, kept=2))
    client = Client(Synthesize(few))
    idents = [client.made(RESPONSES, model="gpt-4o", input=text)["id"] for text in ("a", "b", "c")]
    assert [client.ask(f"{RESPONSES}/{ident}", method="GET")[0] for ident in idents] == [404, 200, 200]


def test_something_is_kept_for_a_thousand_keys_and_then_the_oldest_goes() -> None:
    source = Synthesize(OPENAI)
    clients = [Client(source, f"key {number}") for number in range(1001)]
    ident = ""
    for client in clients:
        ident = client.made(RESPONSES, **HELLO)["id"]
    assert clients[1].ask(f"{RESPONSES}/{ident}", method="GET")[0] == 200
    assert clients[0].ask(f"{RESPONSES}/{ident}", method="GET")[0] == 404


@pytest.mark.parametrize("path", [CHAT, RESPONSES])
def test_what_depends_on_earlier_requests_is_never_remembered(path: str) -> None:
    client = Client(Synthesize(OPENAI))
    body: dict[str, Any] = {**HELLO, "previous_response_id": client.made(RESPONSES, **HELLO)["id"]}
    if path == RESPONSES:
        assert client.ask(path, body)[0] == 200
        client.ask(f"{RESPONSES}/{body['previous_response_id']}", method="DELETE")
        assert client.ask(path, body)[0] == 400
    else:
        ident = client.made(CHAT, **BODIES["chat/completions"], store=True)["id"]
        assert client.ask(f"{CHAT}/{ident}", method="GET")[0] == 200
        client.ask(f"{CHAT}/{ident}", method="DELETE")
        assert client.ask(f"{CHAT}/{ident}", method="GET")[0] == 404


# Whose key it is


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("sk-mock-invalid", 401, "invalid_api_key"),
        ("sk-mock-no-balance", 429, "insufficient_quota"),
        ("sk-mock-rate-limited", 429, "rate_limit_exceeded"),
        ("sk-mock-error-overloaded-engine", 503, None),
    ],
)
@every_endpoint
def test_a_special_key_asks_for_its_refusal(
    endpoint: str, key: str, status: int, code: str | None, openai: Synthesize
) -> None:
    found, body = answered(openai, asked(f"/v1/{endpoint}", BODIES[endpoint], key=key))
    assert (found, body["error"]["code"]) == (status, code)


@every_endpoint
def test_only_the_keys_that_are_named_are_taken_where_some_are(endpoint: str) -> None:
    source = Synthesize(OPENAI, api_keys=frozenset({"sk-good"}))
    asks = [asked(f"/v1/{endpoint}", BODIES[endpoint], key=key) for key in ("sk-good", "sk-bad")]
    assert [answered(source, request)[0] for request in asks] == [200, 401]


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("chat.id", "x-$alnumm29", "chat.plain: can't be sent: .*no hole is called .alnumm29"),
        ("errors.rate_limited.body", {"error": "$mesage"}, "errors.rate_limited: .*no hole is called .mesage"),
        ("chat.stream.done", "data: $foo\n\n", "chat.stream: .*no hole is called .foo"),
        ("chat.stream.frames.text", {"t": "$txet"}, r"chat.stream: no hole is called \$txet; did you mean 'text'"),
        ("chat.plain.headers.x-y", "a\r\nset-cookie: b", "chat.plain: .*RFC 9110"),
        ("chat.plain.headers", {"x y": "a"}, "chat.plain: .*RFC 9110"),
    ],
)
def test_what_nobody_can_mean_is_found_at_the_start(key: str, value: Any, says: str) -> None:
    with pytest.raises(ProfileError, match=says):
        Synthesize(varied({key: value}))


def test_a_schemas_own_dollars_are_no_holes() -> None:
    assert Synthesize(varied({"errors.rate_limited.body": "$schema, $ref and $5"}))
