"""Chat completions held against what OpenAI refuses, in which order, and what it keeps of them."""

import json
from typing import Any

import pytest

from mockprovider.sources.synthesize import Synthesize
from tests.sources.asking import CHAT, Client, asked, body_of, bytes_of, events_of, status_of
from tests.vectors.refusals import CALL, CALLING, CHAT_BASE, FUNCTION, RESULT, USER, Object
from tests.vectors.refusals import CHAT as REFUSED

GPT_4O: Object = {"model": "gpt-4o", "messages": [USER]}
GPT_5: Object = {"model": "gpt-5", "messages": [USER]}


# What is refused


@pytest.mark.parametrize("name", REFUSED)
def test_a_request_is_refused_as_openai_refuses_it(name: str, client: Client) -> None:
    case = REFUSED[name]
    status, answer = client.ask(CHAT, case.asked(CHAT_BASE))
    assert (status, list(answer["error"].items())) == (case.status, list(case.error().items()))


def test_every_rule_of_the_profile_has_its_refusal_among_these(openai: Synthesize) -> None:
    asks = [asked(CHAT, case.asked(CHAT_BASE)) for case in REFUSED.values()]
    refused = {openai.answer(request)[1].removeprefix("openai ") for request in asks}
    assert {rule.refuse for rule in openai.profile.rules.values() if rule.at == "chat"} - refused == set()


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_of_a_stream_is_the_same(name: str, client: Client) -> None:
    body = REFUSED[name].asked(CHAT_BASE)
    if "stream" not in body and "stream_options" not in body:
        assert client.ask(CHAT, {**body, "stream": True}) == client.ask(CHAT, body)


def test_a_refusal_is_pretty_without_a_line_end(client: Client) -> None:
    tape = client.tape(CHAT, {**GPT_4O, "n": 0})
    assert tape.head is not None
    assert bytes_of(tape) == json.dumps(body_of(tape), indent=2).encode()
    assert (b"content-type", b"application/json") in tape.head.headers


def test_an_unknown_model_is_refused_by_another_service_which_indents_by_four_and_ends_the_line(client: Client) -> None:
    tape = client.tape(CHAT, {**GPT_4O, "model": "gpt-none"})
    assert tape.head is not None
    assert bytes_of(tape) == json.dumps(body_of(tape), indent=4).encode() + b"\n"
    assert (b"content-type", b"application/json; charset=utf-8") in tape.head.headers


ORDER: list[tuple[Object, str]] = [
    ({"model": ..., "messages": ...}, "you must provide a model parameter"),
    ({"model": ..., "bogus": 1}, "you must provide a model parameter"),
    ({"messages": ..., "bogus": 1}, "Missing required parameter: 'messages'."),
    ({"messages": ["ping"], "temperature": "x"}, "Invalid type for 'messages[0]'"),
    ({"bogus": 1, "n": "2"}, "Unknown parameter: 'bogus'."),
    ({"bogus": 1, "temperature": 0.5}, "Unknown parameter: 'bogus'."),
    ({"tools": "x", "messages": [{"role": "user", "content": 7}]}, "Invalid type for 'messages[0].content'"),
    ({"n": "2", "tools": "x"}, "Invalid type for 'tools'"),
    ({"tool_choice": 7, "tools": [{}]}, "Missing required parameter: 'tools[0].type'."),
    ({"n": "2", "max_completion_tokens": "x"}, "Invalid type for 'max_completion_tokens'"),
    ({"temperature": "x", "n": 0}, "Invalid 'n'"),
    ({"user": 7, "top_p": "x"}, "Invalid type for 'top_p'"),
    ({"service_tier": "bogus", "user": 7}, "Invalid type for 'user'"),
    ({"service_tier": "bogus", "response_format": {}}, "Missing required parameter: 'response_format.type'."),
    ({"stream": "x", "service_tier": "bogus"}, "Invalid value: 'bogus'."),
    ({"metadata": "x", "store": "x"}, "Invalid type for 'store'"),
    ({"verbosity": "bogus", "metadata": {"k": 7}}, "Invalid type for 'metadata.k'"),
    ({"temperature": 0.5, "verbosity": "bogus"}, "Invalid value: 'bogus'."),
    ({"logprobs": True, "metadata": {"k": 7}}, "Invalid type for 'metadata.k'"),
    ({"messages": [{"role": "user"}], "bogus": 1}, "Unknown parameter: 'bogus'."),
    ({"messages": [{"role": "user"}, {"role": "bogus"}]}, "Invalid value: 'bogus'."),
    ({"messages": [{"role": "user"}], "temperature": 0.5}, "Unsupported value: 'temperature'"),
    ({"messages": [{"role": "user"}], "temperature": -0.5, "max_tokens": 0}, "Unsupported parameter: 'max_tokens'"),
]
"""Requests with two faults, and which is told."""


@pytest.mark.parametrize(("request_", "told"), ORDER, ids=[told for _, told in ORDER])
def test_of_two_faults_the_one_is_told_that_openai_looks_at_first(request_: Object, told: str, client: Client) -> None:
    body = {key: value for key, value in {**CHAT_BASE, **request_}.items() if value is not ...}
    assert client.error(CHAT, body)[1].startswith(told)


# What is not


TAKEN: dict[str, Object] = {
    "empty content": {"messages": [{"role": "user", "content": ""}]},
    "content without parts": {"messages": [{"role": "user", "content": []}]},
    "calls without content": {"model": "gpt-4o", "messages": [USER, CALLING, RESULT]},
    "a refusal without content": {"messages": [USER, {"role": "assistant", "refusal": "No."}, USER]},
    "sound without content": {"messages": [USER, {"role": "assistant", "audio": {"id": "audio_1"}}, USER]},
    "no calls of the user's": {"messages": [{**USER, "tool_calls": []}]},
    "one choice": {"n": 1},
    "8 choices": {"n": 8},
    "temperature 1 while it reasons": {"temperature": 1, "top_p": 1},
    "full metadata": {"metadata": {f"{number:064}": "v" * 512 for number in range(16)}, "store": True},
    "the largest penalties": {"reasoning_effort": "none", "frequency_penalty": 2, "presence_penalty": -2},
    "logprobs without reasoning": {"reasoning_effort": "none", "logprobs": True, "top_logprobs": 5},
    "functions without reasoning": {"reasoning_effort": "none", "tools": [FUNCTION]},
    "null everywhere": {
        **dict.fromkeys(("tools", "tool_choice", "n", "temperature", "top_p", "stop", "max_tokens", "user", "seed")),
        **dict.fromkeys(("response_format", "stream", "stream_options", "store", "metadata", "reasoning_effort")),
    },
    "no effort at 4o": {"model": "gpt-4o", "reasoning_effort": None},
    "a custom tool": {"model": "gpt-4o", "tools": [{"type": "custom", "custom": {"name": "c"}}]},
    "a moderation": {"moderation": {"model": "omni-moderation-latest"}},
    "the word json in the system's message": {
        "model": "gpt-4o",
        "messages": [{"role": "system", "content": "Answer in JSON."}, USER],
        "response_format": {"type": "json_object"},
    },
    "several calls, each with its result": {
        "model": "gpt-4o",
        "messages": [
            USER,
            {"role": "assistant", "tool_calls": [CALL, {**CALL, "id": "call_2"}]},
            {**RESULT, "tool_call_id": "call_2"},
            RESULT,
        ],
    },
}
"""By what might be wrong with them, and is not."""


@pytest.mark.parametrize("name", TAKEN)
def test_a_request_is_answered_that_openai_answers(name: str, client: Client) -> None:
    status, answer = client.ask(CHAT, {**CHAT_BASE, **TAKEN[name]})
    assert (status, answer.get("error")) == (200, None)


# What is kept


def test_a_completion_is_kept_where_that_is_asked_for(client: Client) -> None:
    made = client.made(CHAT, **GPT_4O, store=True, metadata={"a": "b"})
    assert client.got(f"{CHAT}/{made['id']}") == {**made, "metadata": {"a": "b"}}


def test_a_completion_that_is_streamed_is_kept_as_it_was_said(client: Client) -> None:
    events = events_of(client.tape(CHAT, {**GPT_4O, "store": True, "stream": True}))
    kept = client.got(f"{CHAT}/{events[0]['id']}")
    said = "".join(event["choices"][0]["delta"].get("content") or "" for event in events)
    assert (kept["created"], kept["choices"][0]["message"]["content"]) == (events[0]["created"], said)


@pytest.mark.parametrize("store", [{}, {"store": False}, {"store": None}])
def test_nothing_is_kept_where_nobody_asks_for_it(store: Object, client: Client) -> None:
    made = client.made(CHAT, **GPT_4O, **store)
    assert client.error(f"{CHAT}/{made['id']}", method="GET") == (404, f"Completion {made['id']} not found")
    assert client.got(CHAT)["data"] == []


def test_a_kept_completion_is_spelled_as_it_was_made(client: Client) -> None:
    made = client.tape(CHAT, {**GPT_4O, "store": True})
    kept = client.tape(f"{CHAT}/{body_of(made)['id']}", method="GET")
    assert bytes_of(kept).startswith(b'{\n  "id": "chatcmpl-')
    assert status_of(kept) == 200


def stored(client: Client, count: int) -> list[str]:
    """The ids of so many kept completions, the oldest first."""
    return [
        client.made(CHAT, model="gpt-4o", messages=[{"role": "user", "content": f"{number}"}], store=True)["id"]
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("query", "numbers", "more"),
    [
        ("", [0, 1, 2, 3, 4], False),
        ("?limit=2", [0, 1], True),
        ("?limit=2&order=desc", [4, 3], True),
        ("?order=desc", [4, 3, 2, 1, 0], False),
        ("?after={2}", [3, 4], False),
        ("?after={2}&order=desc", [1, 0], False),
        ("?after={0}&limit=2", [1, 2], True),
        ("?after={4}", [], False),
    ],
)
def test_kept_completions_are_listed_in_pages_the_oldest_first(
    query: str, numbers: list[int], more: bool, client: Client
) -> None:
    ids = stored(client, 5)
    page = client.got(CHAT + query.format(*ids))
    assert [each["id"] for each in page["data"]] == [ids[number] for number in numbers]
    assert (page["object"], page["has_more"]) == ("list", more)
    ends = [ids[numbers[0]], ids[numbers[-1]]] if numbers else [None, None]
    assert [page["first_id"], page["last_id"]] == ends


def test_the_messages_of_a_kept_completion_are_those_that_were_asked(client: Client) -> None:
    asked = [{"role": "system", "content": "S"}, {"role": "user", "content": [{"type": "text", "text": "A"}]}]
    made = client.made(CHAT, model="gpt-4o", messages=asked, store=True)
    page = client.got(f"{CHAT}/{made['id']}/messages")
    assert [(each["role"], each["content"]) for each in page["data"]] == [("system", "S"), ("user", "A")]
    assert len({each["id"] for each in page["data"]}) == 2
    assert client.got(f"{CHAT}/{made['id']}/messages?limit=1&order=desc")["data"] == page["data"][1:]


def test_the_metadata_of_a_kept_completion_may_be_changed(client: Client) -> None:
    made = client.made(CHAT, **GPT_4O, store=True, metadata={"a": "b"})
    changed = client.made(f"{CHAT}/{made['id']}", metadata={"c": "d"})
    assert changed["metadata"] == {"c": "d"}
    assert client.got(f"{CHAT}/{made['id']}") == changed


@pytest.mark.parametrize("metadata", ["x", 7, {"k": 7}, {"k": "v" * 513}, {str(number): "" for number in range(17)}])
def test_metadata_is_changed_only_to_what_a_completion_may_be_made_with(metadata: Any, client: Client) -> None:
    made = client.made(CHAT, **GPT_4O, store=True, metadata={"a": "b"})
    refused = client.ask(f"{CHAT}/{made['id']}", {"metadata": metadata})
    assert refused == client.ask(CHAT, {**GPT_4O, "metadata": metadata})
    assert client.got(f"{CHAT}/{made['id']}")["metadata"] == {"a": "b"}


def test_a_kept_completion_is_forgotten_when_it_is_deleted(client: Client) -> None:
    ident = stored(client, 1)[0]
    gone = {"object": "chat.completion.deleted", "id": ident, "deleted": True}
    assert client.ask(f"{CHAT}/{ident}", method="DELETE") == (200, gone)
    assert client.error(f"{CHAT}/{ident}", method="GET")[0] == 404
    assert client.error(f"{CHAT}/{ident}", method="DELETE")[0] == 404


@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("GET", "/messages"), ("DELETE", ""), ("POST", "")])
def test_a_completion_that_is_not_kept_is_not_found(method: str, rest: str, client: Client) -> None:
    error = {
        "message": "Completion chatcmpl-x not found",
        "type": "invalid_request_error",
        "param": "completion_id",
        "code": "not_found",
    }
    assert client.ask(f"{CHAT}/chatcmpl-x{rest}", {}, method) == (404, {"error": error})


@pytest.mark.parametrize(("method", "rest"), [("PUT", ""), ("GET", "/nothing"), ("POST", "/messages")])
def test_what_a_kept_completion_does_not_do_is_an_unknown_path(method: str, rest: str, client: Client) -> None:
    path = f"{CHAT}/{stored(client, 1)[0]}{rest}"
    assert client.error(path, {}, method) == (404, f"Invalid URL ({method} {path})")


def test_one_key_never_sees_what_another_has_kept(client: Client) -> None:
    other = Client(client.source, f"{client.key}-other")
    ident = stored(client, 1)[0]
    assert other.got(CHAT)["data"] == []
    assert other.error(f"{CHAT}/{ident}", method="DELETE")[0] == 404
    assert client.got(f"{CHAT}/{ident}")["id"] == ident


def test_a_provider_that_keeps_nothing_knows_no_kept_completions(client: Client, deepseek: Any) -> None:
    other = Client(deepseek, client.key)
    made = other.made(CHAT, model="deepseek-chat", messages=[USER], store=True)
    assert other.ask(CHAT, method="GET")[0] == 404
    assert other.ask(f"{CHAT}/{made['id']}", method="GET")[0] == 404


def test_equal_completions_are_kept_side_by_side(client: Client) -> None:
    made = {client.made(CHAT, **GPT_4O, store=True)["id"] for _ in range(2)}
    assert {each["id"] for each in client.got(CHAT)["data"]} == made


@pytest.mark.parametrize(("query", "found"), [("metadata[k]=v", 1), ("metadata[k]=w", 0), ("model=gpt-5.5", 0)])
def test_kept_completions_are_listed_by_model_and_metadata(query: str, found: int, client: Client) -> None:
    client.made(CHAT, **GPT_4O, store=True, metadata={"k": "v"})
    assert len(client.got(f"{CHAT}?{query}")["data"]) == found
