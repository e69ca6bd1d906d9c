"""The way to an endpoint, as profiles differ in it: base paths, keys, models in the path, limits."""

from typing import Any

import pytest

from tests.sources.asking import CHAT, answered, asked, body_of, bytes_of, events_of, status_of
from tests.sources.varying import provider

BODY: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}
OTHER: dict[str, Any] = {"status": 418, "headers": {}, "body": {"said": "$path"}}


def kind(tape: Any) -> Any:
    """What a refusal made of `OTHER` says, or the status of any other answer."""
    return body_of(tape)["said"] if status_of(tape) == 418 else status_of(tape)


@pytest.mark.parametrize(
    ("path", "model"),
    [("/deployments/gpt-4o/chat/completions", "gpt-4o"), ("/deployments/gpt-4o-mini/chat/completions", "gpt-4o-mini")],
)
def test_a_model_in_the_path_goes_before_that_in_the_body(path: str, model: str) -> None:
    source = provider({"paths.roots": ["/deployments/{model}"]})
    status, body = answered(source, asked(path, {**BODY, "model": "gpt-4.1"}))
    assert (status, body["model"].rpartition("-2024")[0]) == (200, model)


def test_any_other_name_in_braces_is_any_part_of_a_path() -> None:
    source = provider({"paths.roots": ["/accounts/{account}/ai"]})
    assert [
        answered(source, asked(path, BODY))[0] for path in ("/accounts/1/ai/chat/completions", "/accounts/ai" + CHAT)
    ] == [
        200,
        404,
    ]


def test_of_several_base_paths_the_one_counts_below_which_there_is_an_endpoint() -> None:
    source = provider({"paths.roots": ["/serving", "/serving/{model}"], "paths.aliases": {"ask": "chat/completions"}})
    paths = ("/serving/chat/completions", "/serving/gpt-4o/ask", "/serving/gpt-4o/nothing")
    assert [answered(source, asked(path, BODY))[0] for path in paths] == [200, 200, 404]


def test_an_alias_is_an_endpoint() -> None:
    source = provider({"paths.aliases": {"invocations": "chat/completions"}})
    assert answered(source, asked("/v1/invocations", BODY))[0] == 200


@pytest.mark.parametrize(
    ("query", "status"), [("?api-version=1", 200), ("?api-version=", 200), ("", 404), ("?x=1", 404)]
)
def test_below_a_root_that_needs_a_query_a_path_without_it_is_unknown(query: str, status: int) -> None:
    source = provider({"paths.needs_query": {"/v1": ["api-version"]}})
    assert answered(source, asked(CHAT + query, BODY))[0] == status


@pytest.mark.parametrize(("path", "refused"), [("/chat/completions", "/chat/completions"), ("/v1/nothing", 404)])
def test_what_is_outside_the_api_is_refused_in_another_way(path: str, refused: Any) -> None:
    source = provider({"paths.within": ["/v1"], "errors.outside": OTHER})
    assert kind(source.answer(asked(path, BODY))[0]) == refused


@pytest.mark.parametrize("path", [CHAT, "/v1/models", "/v1/embeddings"])
def test_a_wrong_method_is_refused_in_its_own_way_where_there_is_one(path: str) -> None:
    source = provider({"errors.wrong_method": OTHER, "chat.stored": False})
    assert kind(source.answer(asked(path, b"{}", method="PUT"))[0]) == path


@pytest.mark.parametrize("key", ["", "sk-whatever"])
def test_where_no_key_is_required_any_and_none_will_do(key: str) -> None:
    assert answered(provider({"auth.required": False}), asked(CHAT, BODY, key=key))[0] == 200


@pytest.mark.parametrize(("path", "status"), [("/v1/models", 200), (CHAT, 401)])
def test_an_open_endpoint_needs_no_key_and_the_others_do(path: str, status: int) -> None:
    source = provider({"auth.open": ["models"]})
    request = asked(path, None if path == "/v1/models" else BODY, "GET" if path == "/v1/models" else "POST", key="")
    assert answered(source, request)[0] == status


@pytest.mark.parametrize(("key", "refused"), [("sk-1", 200), ("pk-1", CHAT), ("sk-", CHAT)])
def test_a_key_of_another_form_is_refused_in_its_own_way(key: str, refused: Any) -> None:
    source = provider({"auth.pattern": "sk-.+", "errors.malformed_key": OTHER})
    assert kind(source.answer(asked(CHAT, BODY, key=key))[0]) == refused


@pytest.mark.parametrize("key", ["sk-mock-error-content-filtered", "sk-mock-error-content_filtered"])
def test_a_key_can_ask_for_any_error_by_its_name(key: str) -> None:
    assert kind(provider({"errors.content_filtered": OTHER}).answer(asked(CHAT, BODY, key=key))[0]) == CHAT


def test_a_key_that_names_no_error_is_a_key() -> None:
    assert answered(provider({}), asked(CHAT, BODY, key="sk-mock-error-nothing"))[0] == 200


def test_a_long_request_is_refused_where_there_is_a_limit() -> None:
    source = provider({"limits.body_bytes": 100, "errors.too_large": OTHER})
    long = {**BODY, "user": "x" * 100}
    assert [kind(source.answer(asked(CHAT, body))[0]) for body in (BODY, long)] == [200, CHAT]


def test_after_so_many_requests_of_a_key_the_next_is_refused() -> None:
    source = provider({"limits.requests": 2})
    asks = [source.answer(asked(CHAT, BODY), tenant)[0] for tenant in ("a", "a", "b", "a", "b")]
    assert [status_of(tape) for tape in asks] == [200, 200, 200, 429, 200]


def test_a_loaded_model_answers_under_its_own_name_whatever_is_asked_for() -> None:
    source = provider({"models.loaded": "gpt-4o"})
    bodies = [{**BODY, "model": "another"}, {"messages": BODY["messages"]}]
    own = answered(source, asked(CHAT, BODY))[1]["model"]
    assert [answered(source, asked(CHAT, body))[1]["model"] for body in bodies] == [own, own]


@pytest.mark.parametrize(("options", "refused"), [({}, CHAT), ({"any_model": True}, 200)])
def test_a_model_that_has_gone_answers_only_where_any_model_does(options: Any, refused: Any) -> None:
    source = provider({"models.known.gpt-4o.gone": "server_error", "errors.server_error": OTHER}, **options)
    assert kind(source.answer(asked(CHAT, BODY))[0]) == refused


def test_a_model_may_be_refused_elsewhere_in_its_own_way() -> None:
    name = "text-embedding-3-small"
    source = provider({f"models.known.{name}.elsewhere": "forbidden", "errors.forbidden": OTHER})
    assert kind(source.answer(asked(CHAT, {**BODY, "model": name}))[0]) == CHAT
    assert answered(source, asked("/v1/embeddings", {"model": name, "input": "a"}))[0] == 200


SEVERAL: list[tuple[dict[str, Any], int, str]] = [
    ({"models": ["gpt-4.1", "gpt-4o"]}, 200, "gpt-4.1"),
    ({"model": "gpt-4o", "models": ["gpt-4.1"]}, 200, "gpt-4o"),
    ({"models": ["gpt-4o", "nothing"]}, 404, "nothing"),
    ({"models": []}, 400, ""),
]


@pytest.mark.parametrize(("asks", "status", "named"), SEVERAL)
def test_of_several_models_the_first_answers_if_all_are_known(asks: dict[str, Any], status: int, named: str) -> None:
    body = {"messages": BODY["messages"], **asks}
    got = answered(provider({"models.several": "models", "chat.closed": False}), asked(CHAT, body))
    assert (got[0], named in str(got[1])) == (status, True)


FAILING: dict[str, Any] = {
    "status": 500,
    "headers": {},
    "body": {"error": {"message": "oops"}},
    "event": "event: error\ndata: $json\n\n",
}


def test_an_error_may_come_on_the_way_of_a_stream() -> None:
    source = provider({"errors.fails_midway": {**FAILING, "after": 2, "done": "data: [DONE]\n\n"}})
    tape, _ = source.answer(asked(CHAT, {**BODY, "stream": True}, key="sk-mock-error-fails-midway"))
    *said, error = events_of(tape)
    assert status_of(tape) == 200
    assert [each["object"] for each in said] == ["chat.completion.chunk"] * 2
    assert error == FAILING["body"]
    assert bytes_of(tape).endswith(b'event: error\ndata: {"error":{"message":"oops"}}\n\ndata: [DONE]\n\n')


def test_the_same_error_has_its_status_where_no_stream_is_asked_for() -> None:
    source = provider({"errors.fails_midway": {**FAILING, "after": 2}})
    tape, _ = source.answer(asked(CHAT, BODY, key="sk-mock-error-fails-midway"))
    assert (status_of(tape), body_of(tape)) == (500, FAILING["body"])


def test_an_error_in_place_of_a_stream_may_be_an_event() -> None:
    source = provider({"errors.content_filtered": FAILING})
    tape, _ = source.answer(asked(CHAT, {**BODY, "stream": True}, key="sk-mock-error-content-filtered"))
    assert (status_of(tape), bytes_of(tape)) == (500, b'event: error\ndata: {"error":{"message":"oops"}}\n\n')


def test_a_refusal_by_a_rule_can_come_on_the_way_of_a_stream_too() -> None:
    rule = {"midway": {"when": {"user": "unlucky"}, "refuse": "fails_midway"}}
    source = provider({"errors.fails_midway": {**FAILING, "after": 1}, "rules": rule})
    tape, _ = source.answer(asked(CHAT, {**BODY, "user": "unlucky", "stream": True}))
    assert [("choices" in each, "error" in each) for each in events_of(tape)] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([{"error": "$path"}], b'[{"error":"' + CHAT.encode() + b'"}]'),
        ('"no $path"', b'"no ' + CHAT.encode() + b'"'),
        ("", b""),
    ],
)
def test_an_error_is_whatever_the_provider_sends(body: Any, said: bytes) -> None:
    source = provider({"errors.server_error": {**OTHER, "body": body}})
    assert bytes_of(source.answer(asked(CHAT, BODY, key="sk-mock-error-server-error"))[0]) == said


def test_an_error_can_say_where_a_parameter_stands_and_what_was_there() -> None:
    shown = {"loc": "$loc", "input": "$value", "number": "$number"}
    source = provider({"errors.invalid_value": {**OTHER, "body": shown}})
    body = {**BODY, "messages": [BODY["messages"][0], {"role": "robot", "content": "a"}]}
    tape, _ = source.answer(asked(CHAT, body))
    assert body_of(tape) == {"loc": ["body", "messages", 1, "role"], "input": "robot", "number": 1}


def test_a_parameter_may_have_an_error_of_its_own() -> None:
    source = provider({"chat.parameters.temperature.refuses": "server_error", "errors.server_error": OTHER})
    assert kind(source.answer(asked(CHAT, {**BODY, "temperature": 3}))[0]) == CHAT


def test_a_request_has_one_id_in_its_headers_and_its_body() -> None:
    headers = {"x-id": "$request_id", "x-stamp": "$stamp"}
    source = provider(
        {"request_id": "req_$hex8", "errors.server_error": {**OTHER, "headers": headers, "body": "$request_id"}}
    )
    tape, _ = source.answer(asked(CHAT, BODY, key="sk-mock-error-server-error"))
    assert tape.head is not None
    sent = dict(tape.head.headers)
    assert sent[b"x-id"] == bytes_of(tape)
    assert len(sent[b"x-stamp"]) == 14


def test_a_model_may_serve_several_endpoints() -> None:
    source = provider({"models.known.gpt-4o.also": ["completions"]})
    asks = [asked("/v1/completions", {"model": name, "prompt": "a"}) for name in ("gpt-4o", "gpt-4.1")]
    assert [answered(source, request)[0] for request in asks] == [200, 404]


def test_a_model_may_say_something_before_it_calls_a_tool() -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    source = provider({"models.known.gpt-4o.announces": True})
    _, body = answered(source, asked(CHAT, {**BODY, "tools": [tool], "tool_choice": "required"}))
    message = body["choices"][0]["message"]
    assert (message["content"], message["tool_calls"][0]["function"]["name"]) == ("I call f.", "f")


def test_a_special_case_without_a_form_of_its_own_is_refused_as_what_it_is_one_of() -> None:
    many = {"model": "text-embedding-3-small", "input": ["a"] * 9}
    general, special = OTHER, {**OTHER, "body": {"said": "$limit"}}
    plain = provider({"embeddings.inputs": 8, "errors.invalid_input": general})
    own = provider({"embeddings.inputs": 8, "errors.invalid_input": general, "errors.invalid_input_too_many": special})
    asks = asked("/v1/embeddings", many)
    assert [kind(source.answer(asks)[0]) for source in (plain, own)] == ["/v1/embeddings", 8]


@pytest.mark.parametrize(
    ("changes", "status", "length"),
    [({}, 400, None), ({"dimensions_most": 2000}, 200, 1600), ({"shortens": "ignored"}, 200, 1536)],
)
def test_a_model_says_what_becomes_of_a_length_that_is_asked_for(changes: Any, status: int, length: int) -> None:
    name = "text-embedding-3-small"
    source = provider({f"models.known.{name}.{key}": value for key, value in changes.items()})
    got, body = answered(source, asked("/v1/embeddings", {"model": name, "input": "a", "dimensions": 1600}))
    assert got == status
    assert length is None or len(body["data"][0]["embedding"]) == length


def test_what_a_model_does_not_show_is_absent_from_its_entry() -> None:
    entry = {"id": "$model", "pricing": "$pricing"}
    source = provider({"models.known.gpt-4o.shows": {"pricing": 1}, "models.entry": entry})
    found = [answered(source, asked(f"/v1/models/{name}", method="GET"))[1] for name in ("gpt-4o", "gpt-4.1")]
    assert found == [{"id": "gpt-4o", "pricing": 1}, {"id": "gpt-4.1"}]


def test_a_hole_before_letters_is_written_in_braces() -> None:
    source = provider({"errors.server_error": {**OTHER, "body": "<${path}y>"}})
    assert bytes_of(source.answer(asked(CHAT, BODY, key="sk-mock-error-server-error"))[0]) == f"<{CHAT}y>".encode()


def test_a_model_that_reasons_in_the_open_does_so_in_a_response_too() -> None:
    source = provider({"models.known.gpt-4o.thinks": "always"})
    tape, _ = source.answer(asked("/v1/responses", {"model": "gpt-4o", "input": "Hello", "stream": True}))
    events = events_of(tape)
    reasoning, message = events[-1]["response"]["output"]
    (summary,) = reasoning["summary"]
    said = "".join(each["delta"] for each in events if each["type"] == "response.reasoning_summary_text.delta")
    assert (reasoning["type"], message["type"], said) == ("reasoning", "message", summary["text"])
