"""aimock's fixtures: each becomes the smallest request that it would match, and what it says in OpenAI's shape."""

import json
from typing import Any

import pytest

from mockprovider.cassettes.importers.aimock import FORMAT
from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.lens.reading import said
from mockprovider.errors import CassetteError
from mockprovider.tape import Exchange, Fidelity

HI = {"userMessage": "hi", "model": "m-1"}
TEXT = {"content": "Hello"}


def read(*fixtures: Any) -> list[Found]:
    return list(FORMAT.read(Source("x", json.dumps({"fixtures": fixtures}).encode())))


def imported(match: dict[str, Any], response: dict[str, Any], **rest: Any) -> list[Exchange]:
    found = read({"match": match, "response": response, **rest})
    assert all(isinstance(each, Imported) for each in found), found
    return [each.exchange for each in found if isinstance(each, Imported)]


def asked(match: dict[str, Any], response: dict[str, Any] = TEXT) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(imported(match, response)[0].request.body)
    return body


def test_a_text_is_answered_plain_and_streamed() -> None:
    plain, streamed = imported(HI, TEXT)
    assert [json.loads(each.request.body).get("stream") for each in (plain, streamed)] == [None, True]
    assert [said(each).choices[0].text for each in (plain, streamed)] == ["Hello", "Hello"]
    assert [said(each).streamed for each in (plain, streamed)] == [False, True]
    assert said(streamed).done


def test_what_is_imported_never_pretends_to_more_than_text() -> None:
    for exchange in imported(HI, TEXT):
        assert exchange.fidelity is Fidelity.TEXT
        assert "smallest request" in exchange.notes[0]
        assert exchange.upstream == ""


@pytest.mark.parametrize("number", [0, 1])
def test_reasoning_tool_calls_and_usage_are_kept_plain_and_streamed(number: int) -> None:
    calls = [
        {"name": "look", "arguments": {"city": "Paris, " * 9}},
        {"name": "wait", "arguments": "{}", "id": "call_9"},
    ]
    usage = {"input_tokens": 3, "output_tokens": 4}
    exchange = imported(HI, {"content": "So. ", "reasoning": "Hm", "toolCalls": calls, "usage": usage})[number]
    found = said(exchange)
    choice = found.choices[0]
    assert (choice.text, choice.reasoning, choice.finish) == ("So. ", "Hm", "tool_calls")
    assert [(call.name, json.loads(call.arguments)) for call in choice.calls] == [
        ("look", {"city": "Paris, " * 9}),
        ("wait", {}),
    ]
    assert choice.calls[1].id == "call_9"
    assert found.usage == {"prompt_tokens": 3, "completion_tokens": 4}


def test_blocks_are_streamed_in_their_order() -> None:
    blocks = [{"type": "toolCall", "name": "look", "arguments": "{}"}, {"type": "text", "text": "Done"}]
    streamed = imported(HI, {"blocks": blocks})[1].tape.body
    assert streamed.index(b'"look"') < streamed.index(b'"Done"')


def test_a_text_is_cut_as_the_fixture_says() -> None:
    body = imported(HI, {"content": "abcdef"}, chunkSize=2)[1].tape.body
    assert [piece in body for piece in (b'"ab"', b'"cd"', b'"ef"')] == [True] * 3


def test_an_object_as_content_is_the_JSON_that_is_said() -> None:  # noqa: N802
    assert json.loads(said(imported(HI, {"content": {"a": [1]}})[0]).choices[0].text) == {"a": [1]}


def test_what_the_fixture_overrides_is_answered() -> None:
    overrides = {"id": "x-1", "created": 7, "model": "m-2", "systemFingerprint": "fp", "finishReason": "length"}
    value = json.loads(imported(HI, {**TEXT, **overrides})[0].tape.body)
    assert (value["id"], value["created"], value["model"], value["system_fingerprint"]) == ("x-1", 7, "m-2", "fp")
    assert value["choices"][0]["finish_reason"] == "length"


def test_an_error_has_its_status_and_is_answered_to_a_stream_too() -> None:
    error = {"error": {"message": "Slow down", "type": "requests"}, "status": 429, "retryAfter": 3}
    for exchange in imported(HI, error):
        head = exchange.tape.head
        assert head
        assert (head.status, head.header(b"retry-after")) == (429, b"3")
        assert json.loads(exchange.tape.body)["error"] == {
            "message": "Slow down",
            "type": "requests",
            "param": None,
            "code": None,
        }


def test_an_embedding_is_answered_to_its_input_and_never_streamed() -> None:
    (exchange,) = imported({"endpoint": "embedding", "inputText": "a"}, {"embedding": [0.5, 1]})
    assert exchange.request.path == "/v1/embeddings"
    assert json.loads(exchange.request.body) == {"input": "a"}
    assert json.loads(exchange.tape.body)["data"][0]["embedding"] == [0.5, 1]


@pytest.mark.parametrize(
    ("match", "roles"),
    [
        ({}, ["user"]),
        ({"systemMessage": ["Be brief", "in French"]}, ["system", "user"]),
        ({"turnIndex": 2}, ["assistant", "assistant", "user"]),
        ({"hasToolResult": False, "turnIndex": 0}, ["user"]),
        ({"hasToolResult": True, "turnIndex": 1}, ["user", "assistant", "tool"]),
        ({"hasToolResult": True, "turnIndex": 2}, ["assistant", "user", "assistant", "tool"]),
        ({"toolCallId": "call_7"}, ["user", "assistant", "tool"]),
    ],
)
def test_the_conversation_is_the_shortest_that_fits(match: dict[str, Any], roles: list[str]) -> None:
    body = asked({**HI, **match})
    assert [message["role"] for message in body["messages"]] == roles
    assert "hi" in [message["content"] for message in body["messages"]]


def test_what_a_match_names_besides_stands_in_the_request() -> None:
    body = asked(
        {**HI, "toolName": "look", "responseFormat": "json_object", "toolCallId": "c", "toolResultContains": "r"}
    )
    assert body["tools"][0]["function"]["name"] == "look"
    assert body["response_format"] == {"type": "json_object"}
    assert body["messages"][-1] == {"role": "tool", "tool_call_id": "c", "content": "r"}
    assert body["messages"][-2]["tool_calls"][0]["id"] == "c"


def test_a_match_without_a_model_asks_without_one() -> None:
    assert asked({"userMessage": "hi"}) == {"messages": [{"role": "user", "content": "hi"}]}


def test_fixtures_of_a_sequence_come_in_its_order() -> None:
    late, early = ({"match": {**HI, "sequenceIndex": n}, "response": {"content": str(n)}} for n in (1, 0))
    texts = [said(each.exchange).choices[0].text for each in read(late, early) if isinstance(each, Imported)]
    assert texts == ["0", "0", "1", "1"]


def test_the_same_file_gives_the_same_exchanges() -> None:
    assert imported(HI, {"toolCalls": [{"name": "f"}]}) == imported(HI, {"toolCalls": [{"name": "f"}]})


def test_faults_and_delays_are_left_out_and_said_to_be() -> None:
    assert any("faults and delays" in note for note in imported(HI, TEXT, latency=50)[0].notes)


@pytest.mark.parametrize(
    ("match", "response", "reason"),
    [
        ({"userMessage": {}}, TEXT, "pattern or a function"),
        ({**HI, "systemMessage": [{}]}, TEXT, "pattern or a function"),
        ({**HI, "context": "x"}, TEXT, "a header of aimock's own"),
        ({**HI, "endpoint": "image"}, TEXT, "an endpoint of sound, pictures"),
        ({}, TEXT, "every request"),
        ({"model": "m"}, TEXT, "every request"),
        ({"endpoint": "embedding"}, {"embedding": [1]}, "every request"),
        ({**HI, "turnIndex": 10**9}, TEXT, "number of turns"),
        (HI, {"image": {"url": "x"}}, "other than text"),
        (HI, {}, "nothing that is known"),
        (HI, {"toolCalls": [{"arguments": "{}"}]}, "is no text"),
        (HI, {"blocks": [{"type": "video"}]}, "neither a text nor a tool call"),
        (HI, {"error": {"message": "?", "type": "proxy_error"}, "status": 200}, "could not read the answer"),
        (HI, {"error": {"message": "?"}, "status": True}, "no status of HTTP"),
    ],
)
def test_what_can_not_be_one_request_and_a_text_is_refused_once(
    match: dict[str, Any], response: dict[str, Any], reason: str
) -> None:
    (refused,) = read({"match": match, "response": response})
    assert isinstance(refused, Refused)
    assert reason in refused.reason


def test_one_bad_fixture_does_not_spoil_the_others() -> None:
    kinds = [type(each) for each in read({"match": []}, {"match": HI, "response": TEXT})]
    assert kinds == [Refused, Imported, Imported]


def test_a_file_without_fixtures_is_an_error() -> None:
    with pytest.raises(CassetteError, match="no list of fixtures"):
        list(FORMAT.read(Source("x", b"{}")))
