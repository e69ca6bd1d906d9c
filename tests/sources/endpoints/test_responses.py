"""Responses held against what OpenAI refuses, and what is kept of them: chains, the background, their input."""

from typing import Any

import pytest

from mockprovider.profiles.loading import load
from mockprovider.sources.synthesize import Synthesize
from tests.sources.asking import RESPONSES, Client, asked, events_of, status_of
from tests.sources.varying import provider
from tests.vectors.refusals import (
    FUNCTION,
    RESPONSE_CALL,
    RESPONSE_RESULT,
    RESPONSE_TOOL,
    RESPONSES_BASE,
    USER,
    Object,
)
from tests.vectors.refusals import RESPONSES as REFUSED

HELLO: Object = {"model": "gpt-4o", "input": "Hello"}
WEATHER: Object = {**RESPONSE_TOOL, "name": "weather"}
ASKED_FOR_WEATHER: Object = {"model": "gpt-4o", "input": "What is the weather?", "tools": [WEATHER]}
BACKGROUND: Object = {**HELLO, "background": True}
UNKNOWN = "resp_unknown"


def text_of(response: Any) -> str:
    """What a response says."""
    return "".join(part["text"] for item in response["output"] for part in item.get("content") or ())


# What is refused


@pytest.mark.parametrize("name", REFUSED)
def test_a_request_is_refused_as_openai_refuses_it(name: str, client: Client) -> None:
    case = REFUSED[name]
    status, answer = client.ask(RESPONSES, case.asked(RESPONSES_BASE))
    assert (status, list(answer["error"].items())) == (case.status, list(case.error().items()))


def test_every_rule_of_the_profile_has_its_refusal_among_these(openai: Synthesize) -> None:
    asks = [asked(RESPONSES, case.asked(RESPONSES_BASE)) for case in REFUSED.values()]
    refused = {openai.answer(request)[1].removeprefix("openai ") for request in asks}
    assert {rule.refuse for rule in openai.profile.rules.values() if rule.at == "responses"} - refused == set()


ORDER: list[tuple[Object, str]] = [
    ({"model": ..., "input": ..., "bogus": 1}, "Missing required parameter: 'model'."),
    ({"model": "", "input": 7}, "The requested model '' does not exist."),
    ({"input": ..., "bogus": 1}, "Missing required parameter: 'input'."),
    ({"input": ..., "tools": "x"}, "Missing required parameter: 'input'."),
    ({"input": 7, "bogus": 1}, "Unknown parameter: 'bogus'."),
    ({"input": [7], "include": "x"}, "Invalid type for 'input[0]'"),
    ({"include": "x", "tools": "x"}, "Invalid type for 'include'"),
    ({"tools": "x", "tool_choice": 7}, "Invalid type for 'tools'"),
    ({"metadata": "x", "text": "x"}, "Invalid type for 'metadata'"),
    ({"text": "x", "temperature": "x"}, "Invalid type for 'text'"),
    ({"stream": "x", "background": "x"}, "Invalid type for 'stream'"),
    ({"max_output_tokens": 1, "reasoning": "x"}, "Invalid 'max_output_tokens'"),
    ({"reasoning": "x", "user": 7}, "Invalid type for 'reasoning'"),
    ({"truncation": 7, "instructions": 7}, "Invalid type for 'truncation'"),
    ({"store": "x", "service_tier": 7}, "Invalid type for 'store'"),
    ({"previous_response_id": UNKNOWN, "store": "x"}, "Invalid type for 'store'"),
    ({"previous_response_id": UNKNOWN, "temperature": 0.5}, f"Previous response with id '{UNKNOWN}' not found."),
    ({"conversation": "conv_x", "temperature": 0.5}, "Conversation with id 'conv_x' not found."),
    ({"input": "", "conversation": "conv_x"}, "Conversation with id 'conv_x' not found."),
    ({"input": "", "temperature": 0.5}, 'One of "input" or "previous_response_id"'),
]
"""Requests with two faults, and which is told."""


@pytest.mark.parametrize(("request_", "told"), ORDER, ids=range(len(ORDER)))
def test_of_two_faults_the_one_is_told_that_openai_looks_at_first(request_: Object, told: str, client: Client) -> None:
    body = {key: value for key, value in {**RESPONSES_BASE, **request_}.items() if value is not ...}
    assert client.error(RESPONSES, body)[1].startswith(told)


TAKEN: dict[str, Object] = {
    "an item as it was given out": {
        "input": [{**USER, "id": "msg_1", "type": "message", "status": "completed"}, {"role": "user", "content": "a"}]
    },
    "the assistant's own words": {
        "input": [
            {"role": "assistant", "phase": "final_answer", "content": [{"type": "output_text", "text": "a"}]},
            USER,
        ]
    },
    "a call and its result": {"input": [USER, RESPONSE_CALL, RESPONSE_RESULT]},
    "null everywhere": dict.fromkeys(
        ("tools", "tool_choice", "text", "temperature", "top_p", "metadata", "reasoning", "instructions", "store")
    ),
    "temperature 1 while it reasons": {"temperature": 1},
    "sampling without reasoning": {"reasoning": {"effort": "none"}, "temperature": 0.5, "top_p": 0.5},
    "sampling where no effort is usual": {"model": "gpt-5.4", "temperature": 0},
    "logprobs where nothing reasons": {
        "model": "gpt-4o",
        "include": ["message.output_text.logprobs"],
        "top_logprobs": 2,
    },
    "a tool of the provider's": {"tools": [{"type": "web_search"}]},
    "few tokens": {"max_output_tokens": 16},
}
"""By what might be wrong with them, and is not."""


@pytest.mark.parametrize("name", TAKEN)
def test_a_request_is_answered_that_openai_answers(name: str, client: Client) -> None:
    status, answer = client.ask(RESPONSES, {**RESPONSES_BASE, **TAKEN[name]})
    assert (status, answer["error"]) == (200, None)


# Chains


def test_a_response_is_read_again_as_it_was_made(client: Client) -> None:
    made = client.made(RESPONSES, **HELLO)
    assert client.got(f"{RESPONSES}/{made['id']}") == made


def test_a_response_that_was_streamed_is_read_again_as_it_ended(client: Client) -> None:
    *_, last = events_of(client.tape(RESPONSES, {**HELLO, "stream": True}))
    kept = client.got(f"{RESPONSES}/{last['response']['id']}")
    assert {key: value for key, value in kept.items() if key != "billing"} == last["response"]


def test_a_response_knows_all_that_was_said_before_it(client: Client) -> None:
    first = client.made(RESPONSES, **ASKED_FOR_WEATHER)
    (call,) = first["output"]
    assert call["type"] == "function_call"
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "Sunny"}
    second = client.made(RESPONSES, model="gpt-4o", tools=[WEATHER], previous_response_id=first["id"], input=[output])
    assert "What is the weather?" in text_of(second)
    assert "Sunny" in text_of(second)
    third = client.made(RESPONSES, model="gpt-4o", previous_response_id=second["id"], input="And now?")
    assert third["usage"]["input_tokens"] > second["usage"]["input_tokens"] > first["usage"]["input_tokens"]
    assert third["previous_response_id"] == second["id"]


def test_two_responses_may_be_built_on_one(client: Client) -> None:
    first = client.made(RESPONSES, **HELLO)
    one, two = (
        client.made(RESPONSES, model="gpt-4o", previous_response_id=first["id"], input=text) for text in ("A", "Bb")
    )
    assert one["id"] != two["id"]
    assert "“A”" in text_of(one)
    assert "“Bb”" in text_of(two)


def test_instructions_are_not_handed_on(client: Client) -> None:
    first = client.made(RESPONSES, **HELLO, instructions="Be brief. " * 100)
    second = client.made(RESPONSES, model="gpt-4o", previous_response_id=first["id"], input="And now?")
    assert second["usage"]["input_tokens"] < first["usage"]["input_tokens"]
    assert second["instructions"] is None


def test_a_call_of_an_earlier_response_wants_its_output(client: Client) -> None:
    first = client.made(RESPONSES, **ASKED_FOR_WEATHER)
    ident = first["output"][0]["call_id"]
    body = {"model": "gpt-4o", "previous_response_id": first["id"], "input": "Well?"}
    assert client.error(RESPONSES, body) == (400, f"No tool output found for function call {ident}.")


def test_an_earlier_response_can_be_continued_without_input(client: Client) -> None:
    first = client.made(RESPONSES, **HELLO)
    assert "Hello" in text_of(client.made(RESPONSES, model="gpt-4o", previous_response_id=first["id"]))


def test_an_item_may_be_referred_to_by_its_id(client: Client) -> None:
    first = client.made(RESPONSES, **ASKED_FOR_WEATHER)
    (call,) = first["output"]
    items = [
        USER,
        {"type": "item_reference", "id": call["id"]},
        {"type": "function_call_output", "call_id": call["call_id"], "output": "Sunny"},
    ]
    assert "Sunny" in text_of(client.made(RESPONSES, model="gpt-4o", input=items))


# What is kept, and for whom


@pytest.mark.parametrize("stream", [False, True])
def test_a_response_is_not_kept_where_store_is_false(stream: bool, client: Client) -> None:
    body = {**HELLO, "store": False, "stream": stream}
    made = events_of(client.tape(RESPONSES, body))[-1]["response"] if stream else client.made(RESPONSES, **body)
    assert made["store"] is False
    assert client.error(f"{RESPONSES}/{made['id']}", method="GET")[0] == 404
    following = {"model": "gpt-4o", "previous_response_id": made["id"], "input": "And now?"}
    assert client.error(RESPONSES, following) == (400, f"Previous response with id '{made['id']}' not found.")


def test_a_deleted_response_is_gone_and_what_was_built_on_it_is_not(client: Client) -> None:
    first = client.made(RESPONSES, **HELLO)
    second = client.made(RESPONSES, model="gpt-4o", previous_response_id=first["id"], input="And now?")
    gone = {"id": first["id"], "object": "response.deleted", "deleted": True}
    assert client.ask(f"{RESPONSES}/{first['id']}", method="DELETE") == (200, gone)
    assert client.error(f"{RESPONSES}/{first['id']}", method="GET")[0] == 404
    assert client.error(f"{RESPONSES}/{first['id']}", method="DELETE")[0] == 404
    assert client.got(f"{RESPONSES}/{second['id']}") == second


@pytest.mark.parametrize(
    ("method", "rest"),
    [("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("GET", "/input_items"), ("GET", "?stream=true")],
)
def test_a_response_that_is_not_kept_is_not_found(method: str, rest: str, client: Client) -> None:
    error = {
        "message": f"Response with id '{UNKNOWN}' not found.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
    assert client.ask(f"{RESPONSES}/{UNKNOWN}{rest}", {}, method) == (404, {"error": error})


@pytest.mark.parametrize(
    ("method", "rest"),
    [("GET", ""), ("DELETE", ""), ("PUT", "/x"), ("POST", "/x"), ("GET", "/x/y"), ("GET", "/x/cancel")],
)
def test_what_responses_do_not_do_is_an_unknown_path(method: str, rest: str, client: Client) -> None:
    assert client.error(f"{RESPONSES}{rest}", {}, method) == (404, f"Invalid URL ({method} {RESPONSES}{rest})")


def test_one_key_never_sees_what_another_has_kept(client: Client) -> None:
    other = Client(client.source, f"{client.key}-other")
    made = client.made(RESPONSES, **HELLO)
    ident = f"{RESPONSES}/{made['id']}"
    assert other.error(ident, method="GET")[0] == 404
    assert other.error(ident, method="DELETE")[0] == 404
    assert other.error(RESPONSES, {**HELLO, "previous_response_id": made["id"]})[0] == 400
    reference = {"type": "item_reference", "id": made["output"][0]["id"]}
    assert other.error(RESPONSES, {**HELLO, "input": [reference]})[0] == 404
    assert client.got(ident) == made


def test_the_same_request_is_kept_for_each_key_that_makes_it(client: Client) -> None:
    other = Client(client.source, f"{client.key}-other")
    made = client.made(RESPONSES, **HELLO)
    assert other.made(RESPONSES, **HELLO) == made
    client.ask(f"{RESPONSES}/{made['id']}", method="DELETE")
    assert other.got(f"{RESPONSES}/{made['id']}") == made


# What it was made of


def many(client: Client, count: int) -> tuple[str, list[str]]:
    """The path to the input of a response that was made of so many items, and their texts."""
    texts = [f"{number}" for number in range(count)]
    made = client.made(RESPONSES, model="gpt-4o", input=[{"role": "user", "content": text} for text in texts])
    return f"{RESPONSES}/{made['id']}/input_items", texts


def texts_of(page: Any) -> list[str]:
    return [item["content"][0]["text"] for item in page["data"]]


def test_the_input_of_a_response_is_listed_the_newest_first(client: Client) -> None:
    path, texts = many(client, 3)
    page = client.got(path)
    assert list(page) == ["object", "data", "first_id", "has_more", "last_id"]
    assert texts_of(page) == texts[::-1]
    assert (page["object"], page["has_more"]) == ("list", False)
    assert (page["first_id"], page["last_id"]) == (page["data"][0]["id"], page["data"][2]["id"])


def test_a_text_is_listed_as_a_message_of_the_users(client: Client) -> None:
    made = client.made(RESPONSES, **HELLO)
    (item,) = client.got(f"{RESPONSES}/{made['id']}/input_items")["data"]
    assert item.pop("id").startswith("msg_")
    content = [{"type": "input_text", "text": "Hello"}]
    assert item == {"type": "message", "status": "completed", "content": content, "role": "user"}


@pytest.mark.parametrize(
    ("query", "texts", "more"),
    [
        ("?limit=2", ["4", "3"], True),
        ("?order=asc", ["0", "1", "2", "3", "4"], False),
        ("?order=asc&limit=3", ["0", "1", "2"], True),
        ("?after={2}", ["1", "0"], False),
        ("?after={2}&order=asc", ["3", "4"], False),
        ("?after={4}&limit=1", ["3"], True),
        ("?after={0}", [], False),
    ],
)
def test_the_input_is_listed_in_pages(query: str, texts: list[str], more: bool, client: Client) -> None:
    path, _ = many(client, 5)
    ids = [item["id"] for item in client.got(f"{path}?order=asc")["data"]]
    page = client.got(path + query.format(*ids))
    assert (texts_of(page), page["has_more"]) == (texts, more)


def test_the_pages_of_an_input_put_together_are_all_of_it(client: Client) -> None:
    path, texts = many(client, 45)
    seen, after = list[str](), ""
    while True:
        page = client.got(f"{path}?order=asc{after}")
        seen += texts_of(page)
        if not page["has_more"]:
            break
        assert len(page["data"]) == 20
        after = f"&after={page['last_id']}"
    assert seen == texts


def test_the_input_of_a_response_does_not_hold_what_was_said_before_it(client: Client) -> None:
    first = client.made(RESPONSES, **HELLO)
    second = client.made(RESPONSES, model="gpt-4o", previous_response_id=first["id"], input="And now?")
    assert texts_of(client.got(f"{RESPONSES}/{second['id']}/input_items")) == ["And now?"]


# In the background


def test_in_the_background_a_response_is_queued_then_in_progress_then_done_by_reads(client: Client) -> None:
    made = client.made(RESPONSES, **BACKGROUND)
    path = f"{RESPONSES}/{made['id']}"
    seen = [made, *(client.got(path) for _ in range(4))]
    assert [each["status"] for each in seen] == ["queued", "in_progress", "completed", "completed", "completed"]
    for early in seen[:2]:
        assert (early["output"], early["usage"], early["completed_at"]) == ([], None, None)
    assert "Hello" in text_of(seen[2])
    assert seen[2] == seen[4]
    assert seen[2]["usage"]["output_tokens"] > 0


def test_a_response_in_the_background_can_be_built_upon_at_once(client: Client) -> None:
    made = client.made(RESPONSES, **BACKGROUND)
    following = client.made(RESPONSES, model="gpt-4o", previous_response_id=made["id"], input="And now?")
    assert following["status"] == "completed"


@pytest.mark.parametrize("reads", [0, 1])
def test_a_response_in_the_background_can_be_cancelled_before_it_is_done_and_again(reads: int, client: Client) -> None:
    path = f"{RESPONSES}/{client.made(RESPONSES, **BACKGROUND)['id']}"
    for _ in range(reads):
        client.got(path)
    cancelled = client.made(f"{path}/cancel")
    assert (cancelled["status"], cancelled["output"]) == ("cancelled", [])
    assert client.made(f"{path}/cancel") == cancelled
    assert [client.got(path)["status"] for _ in range(3)] == ["cancelled"] * 3


def test_a_response_that_is_done_can_not_be_cancelled(client: Client) -> None:
    path = f"{RESPONSES}/{client.made(RESPONSES, **BACKGROUND)['id']}"
    for _ in range(2):
        client.got(path)
    assert client.error(f"{path}/cancel") == (400, "Cannot cancel a completed response.")


@pytest.mark.parametrize("background", [{}, {"background": False}, {"background": None}])
def test_a_response_that_is_not_in_the_background_can_not_be_cancelled(background: Object, client: Client) -> None:
    made = client.made(RESPONSES, **HELLO, **background)
    assert client.error(f"{RESPONSES}/{made['id']}/cancel") == (400, "Cannot cancel a synchronous response.")


def test_a_stream_in_the_background_says_that_it_was_queued(client: Client) -> None:
    events = events_of(client.tape(RESPONSES, {**BACKGROUND, "stream": True}))
    types = [event["type"].removeprefix("response.") for event in events]
    assert types[:4] == ["created", "queued", "in_progress", "output_item.added"]
    assert types[-1] == "completed"
    assert [event["sequence_number"] for event in events] == [*range(len(events))]


@pytest.mark.parametrize(
    ("query", "start"), [("", 0), ("&starting_after=0", 1), ("&starting_after=3", 4), ("&starting_after=9999", None)]
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_response_in_the_background_is_streamed_again_from_where_a_client_left(
    query: str, start: int | None, stream: bool, client: Client
) -> None:
    tape = client.tape(RESPONSES, {**BACKGROUND, "stream": True})
    events = events_of(tape)
    if not stream:
        client.made(RESPONSES, **BACKGROUND)
    again = events_of(client.tape(f"{RESPONSES}/{events[0]['response']['id']}?stream=true{query}", method="GET"))
    assert again == ([] if start is None else events[start:])


@pytest.mark.parametrize("after", ["x", "-1", "-", "", "1.5"])
def test_where_a_client_left_that_is_no_number_is_the_beginning(after: str, client: Client) -> None:
    made = client.made(RESPONSES, **BACKGROUND)
    tape = client.tape(f"{RESPONSES}/{made['id']}?stream=true&starting_after={after}", method="GET")
    assert (status_of(tape), events_of(tape)[0]["type"]) == (200, "response.created")


@pytest.mark.parametrize("stream", [False, True])
def test_a_response_that_is_not_in_the_background_can_not_be_streamed_again(stream: bool, client: Client) -> None:
    body = {**HELLO, "stream": stream}
    made = events_of(client.tape(RESPONSES, body))[-1]["response"] if stream else client.made(RESPONSES, **body)
    assert client.error(f"{RESPONSES}/{made['id']}?stream=true", method="GET") == (
        400,
        "This response cannot be streamed because it was not created with background=true.",
    )


# How many tokens an input has


@pytest.mark.parametrize("more", [{}, {"instructions": "Be brief."}, {"tools": [WEATHER]}])
def test_the_tokens_of_an_input_are_those_that_its_response_counts(more: Object, client: Client) -> None:
    counted = client.made(f"{RESPONSES}/input_tokens", **HELLO, **more)
    usage = client.made(RESPONSES, **HELLO, **more)["usage"]
    assert counted == {"object": "response.input_tokens", "input_tokens": usage["input_tokens"]}


def test_the_tokens_of_a_continued_response_are_all_that_was_said(client: Client) -> None:
    first = client.made(RESPONSES, **HELLO)
    following = {"model": "gpt-4o", "previous_response_id": first["id"], "input": "And now?"}
    counted = client.made(f"{RESPONSES}/input_tokens", **following)
    assert counted["input_tokens"] == client.made(RESPONSES, **following)["usage"]["input_tokens"]


def test_tokens_are_counted_without_a_model(client: Client) -> None:
    assert client.made(f"{RESPONSES}/input_tokens", input="Hello")["input_tokens"] > 0


@pytest.mark.parametrize(
    "odd",
    [
        {"previous_response_id": []},
        {"include": 7},
        {"top_logprobs": "x", "include": ["message.output_text.logprobs"]},
        {"max_output_tokens": "x"},
        {"tools": [FUNCTION]},
        {"model": []},
    ],
)
def test_tokens_are_counted_only_of_what_a_response_could_be_made_of(odd: Object, client: Client) -> None:
    assert client.ask(f"{RESPONSES}/input_tokens", {**HELLO, **odd}) == client.ask(RESPONSES, {**HELLO, **odd})


def test_what_is_asked_again_is_kept_under_another_id(client: Client) -> None:
    made = [client.made(RESPONSES, **HELLO)["id"] for _ in range(3)]
    assert len(set(made)) == 3
    assert all(client.ask(f"{RESPONSES}/{ident}", method="GET")[0] == 200 for ident in made)


def test_what_is_not_kept_is_the_same_each_time(client: Client) -> None:
    assert client.made(RESPONSES, **HELLO, store=False) == client.made(RESPONSES, **HELLO, store=False)


def test_the_ids_of_a_conversation_are_the_same_in_another_server() -> None:
    def ids() -> list[str]:
        client = Client(Synthesize(load("openai")))
        return [client.made(RESPONSES, **HELLO)["id"] for _ in range(3)]

    assert ids() == ids()


def test_a_model_may_take_more_efforts_here_than_in_chat(client: Client) -> None:
    body = {"model": "gpt-5.6-sol", "input": "Hello", "reasoning": {"effort": "max"}}
    assert client.ask(RESPONSES, body)[0] == 200


def test_a_provider_that_keeps_nothing_keeps_no_response() -> None:
    client = Client(provider({"responses.stored": False}))
    _, made = client.ask(RESPONSES, {"model": "gpt-4o", "input": "Hello"})
    assert client.ask(f"{RESPONSES}/{made['id']}", method="GET")[0] == 404
