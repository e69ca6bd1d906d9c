"""What rules ask for as tapes: said in a profile's frames, refused in its words, written out, or recorded."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from mockprovider.cassettes.store import Cassette
from mockprovider.errors import InputError
from mockprovider.profiles.loading import BASELINE, load
from mockprovider.sources.scripted import Scripted
from mockprovider.sources.synthesize import Synthesize
from mockprovider.tape import Abandoned, Chunk, Complete, Cut, Exchange, Head, Request, Tape
from tests.sources.asking import CHAT, RESPONSES, asked, body_of, bytes_of, events_of, status_of
from tests.vectors.refusals import FUNCTION

HELLO = [{"role": "user", "content": "Hello"}]
Body = dict[str, Any]


def scripted(source: Synthesize | None, *rules: Any) -> Scripted:
    found = Scripted(source)
    found.add(list(rules), "rules")
    return found


def tape_of(source: Scripted, request: Request, tenant: str = "") -> Tape:
    answer = source.answer(request, tenant)
    assert answer is not None
    return answer.tape


def chat(**more: Any) -> Request:
    return asked(CHAT, {"model": "gpt-4o", "messages": HELLO, **more})


def response(**more: Any) -> Request:
    return asked(RESPONSES, {"model": "gpt-4o", "input": "Hello", **more})


def message(source: Synthesize, then: Body, **more: Any) -> Any:
    """The message of a chat completion, and how it ended."""
    (choice,) = body_of(tape_of(scripted(source, {"then": then}), chat(**more)))["choices"]
    return choice["message"], choice["finish_reason"]


# What is said


def test_a_text_is_said_in_chat_completions_responses_and_legacy_completions(openai: Synthesize) -> None:
    source = scripted(openai, {"then": {"text": "Hi there"}})
    legacy = asked("/v1/completions", {"model": "gpt-3.5-turbo-instruct", "prompt": "Hello"})
    assert body_of(tape_of(source, chat()))["choices"][0]["message"]["content"] == "Hi there"
    assert body_of(tape_of(source, response()))["output"][0]["content"][0]["text"] == "Hi there"
    assert body_of(tape_of(source, legacy))["choices"][0]["text"] == "Hi there"


def test_a_text_is_streamed_piece_by_piece(openai: Synthesize) -> None:
    source = scripted(openai, {"then": {"text": "Hi there, you"}})
    chunks = events_of(tape_of(source, chat(stream=True)))
    pieces = [chunk["choices"][0]["delta"].get("content") for chunk in chunks]
    assert len(pieces) > 3
    assert "".join(piece or "" for piece in pieces) == "Hi there, you"
    events = events_of(tape_of(source, response(stream=True)))
    assert "".join(event.get("delta", "") for event in events) == "Hi there, you"
    assert events[-1]["response"]["output"][0]["content"][0]["text"] == "Hi there, you"


def test_each_choice_says_it(openai: Synthesize) -> None:
    choices = body_of(tape_of(scripted(openai, {"then": {"text": "Hi"}}), chat(n=3)))["choices"]
    assert [choice["message"]["content"] for choice in choices] == ["Hi"] * 3


def test_json_is_said_as_text(openai: Synthesize) -> None:
    assert message(openai, {"json": {"a": [1]}})[0]["content"] == '{"a":[1]}'


def test_a_call_is_made_in_the_form_of_each_api(openai: Synthesize) -> None:
    then = {"tool_calls": [{"name": "f", "arguments": {"a": 1}}]}
    said, finish = message(openai, then, tools=[FUNCTION])
    assert (said["content"], finish) == (None, "tool_calls")
    assert said["tool_calls"][0]["function"] == {"name": "f", "arguments": '{"a":1}'}
    (item,) = body_of(tape_of(scripted(openai, {"then": then}), response()))["output"]
    assert (item["type"], item["name"], item["arguments"]) == ("function_call", "f", '{"a":1}')


def test_calls_are_streamed_piece_by_piece(openai: Synthesize) -> None:
    arguments = '{"city": "Paris", "unit": "celsius"}'
    calls = [{"name": "f", "arguments": arguments}, {"name": "g", "arguments": "{}"}]
    source = scripted(openai, {"then": {"tool_calls": calls}})
    found = dict[int, list[str]]()
    for chunk in events_of(tape_of(source, chat(stream=True))):
        for call in chunk["choices"][0]["delta"].get("tool_calls") or ():
            found.setdefault(call["index"], []).append(call["function"]["arguments"])
    assert {index: "".join(pieces) for index, pieces in found.items()} == {0: arguments, 1: "{}"}
    assert len(found[0]) > 2
    events = events_of(tape_of(source, response(stream=True)))
    done = [event for event in events if event["type"] == "response.function_call_arguments.done"]
    assert [event["arguments"] for event in done] == [arguments, "{}"]


@pytest.mark.parametrize("broken", ["", "{", '{"a": }', "not json"])
def test_arguments_that_are_a_text_are_sent_as_they_stand(broken: str, openai: Synthesize) -> None:
    said, _ = message(openai, {"tool_calls": [{"name": "f", "arguments": broken}]})
    assert said["tool_calls"][0]["function"]["arguments"] == broken


def test_a_tool_that_the_request_calls_custom_is_called_as_one(openai: Synthesize) -> None:
    then = {"tool_calls": [{"name": "c", "arguments": "free text"}]}
    said, _ = message(openai, then, tools=[{"type": "custom", "custom": {"name": "c"}}])
    assert (said["tool_calls"][0]["type"], said["tool_calls"][0]["custom"]["input"]) == ("custom", "free text")


def test_a_refusal_stands_in_place_of_the_text(openai: Synthesize) -> None:
    said, finish = message(openai, {"refusal": "I can't."})
    assert (said["content"], said["refusal"], finish) == (None, "I can't.", "stop")
    source = scripted(openai, {"then": {"refusal": "I can't."}})
    (item,) = body_of(tape_of(source, response()))["output"]
    assert item["content"] == [{"type": "refusal", "refusal": "I can't."}]
    chunks = events_of(tape_of(source, chat(stream=True)))
    assert "".join(chunk["choices"][0]["delta"].get("refusal") or "" for chunk in chunks) == "I can't."


def test_reasoning_is_shown_where_the_provider_shows_it(deepseek: Synthesize) -> None:
    source = scripted(deepseek, {"then": {"reasoning": "Hm.", "text": "Hi"}})
    body = {"model": "deepseek-reasoner", "messages": HELLO}
    said = body_of(tape_of(source, asked(CHAT, body)))["choices"][0]["message"]
    assert (said["reasoning_content"], said["content"]) == ("Hm.", "Hi")


def test_an_answer_may_end_as_a_rule_says(openai: Synthesize) -> None:
    then = {"text": "Hi", "finish_reason": "length"}
    assert message(openai, then)[1] == "length"
    whole = body_of(tape_of(scripted(openai, {"then": then}), response()))
    assert (whole["status"], whole["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})


@pytest.mark.parametrize("names", [("prompt_tokens", "completion_tokens"), ("input_tokens", "output_tokens")])
def test_usage_is_what_a_rule_says_by_either_apis_names(names: tuple[str, str], openai: Synthesize) -> None:
    source = scripted(openai, {"then": {"text": "Hi", "usage": dict(zip(names, (700, 7), strict=True))}})
    usage = body_of(tape_of(source, chat()))["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (700, 7, 707)
    usage = body_of(tape_of(source, response()))["usage"]
    assert (usage["input_tokens"], usage["output_tokens"], usage["total_tokens"]) == (700, 7, 707)
    *_, last = events_of(tape_of(source, chat(stream=True, stream_options={"include_usage": True})))
    assert last["usage"]["total_tokens"] == 707


def test_what_was_not_said_of_the_usage_is_counted(openai: Synthesize) -> None:
    usage = body_of(tape_of(scripted(openai, {"then": {"text": "Hi", "usage": {"cached_tokens": 3}}}), chat()))["usage"]
    assert usage["prompt_tokens_details"]["cached_tokens"] == 3
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0


@pytest.mark.parametrize("wrong", [{"model": "gpt-none"}, {"n": 0}, {"bogus": 1}])
def test_what_the_provider_refuses_it_refuses_whatever_a_rule_says(wrong: Body, openai: Synthesize) -> None:
    tape = tape_of(scripted(openai, {"then": {"text": "Hi"}}), chat(**wrong))
    assert tape == openai.answer(chat(**wrong))[0]


def test_an_answer_by_a_rule_is_never_remembered_for_another(openai: Synthesize) -> None:
    source = scripted(openai, {"then": [{"text": "One"}, {"text": "Two"}], "times": 2})
    said = [body_of(tape_of(source, chat()))["choices"][0]["message"]["content"] for _ in range(2)]
    assert said == ["One", "Two"]
    assert source.answer(chat(), "") is None
    assert "Hello" in body_of(openai.answer(chat())[0])["choices"][0]["message"]["content"]


def test_a_response_by_a_rule_is_kept_as_any_other(openai: Synthesize) -> None:
    made = body_of(tape_of(scripted(openai, {"then": {"text": "Hi"}}), response(), "sk-mock-scripted"))
    again = openai.answer(asked(f"{RESPONSES}/{made['id']}", method="GET"), "sk-mock-scripted")[0]
    assert body_of(again) == made


# The rest


@pytest.mark.parametrize("kind", ["rate_limited", "overloaded_engine", "no_balance", "invalid_key", "unknown_model"])
def test_an_error_is_the_providers_own(kind: str, openai: Synthesize) -> None:
    tape = tape_of(scripted(openai, {"then": {"error": kind}}), chat())
    assert status_of(tape) == load(BASELINE).errors[kind].status
    assert "$" not in body_of(tape)["error"]["message"]


def test_an_error_of_an_endpoints_own_is_told_there(openai: Synthesize) -> None:
    source = scripted(openai, {"then": {"error": "unknown_model"}})
    assert body_of(tape_of(source, response()))["error"]["message"].startswith("The requested model ")


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ("as it is", b"as it is"),
        ({"a": [1, "é"]}, '{"a":[1,"é"]}'.encode()),
        (b"\x00\xff", b"\x00\xff"),
        (None, b""),
        ("half \ud83d", b"half ?"),
    ],
)
def test_a_raw_answer_is_sent_as_it_was_written(body: Any, sent: bytes) -> None:
    then = {"raw": {"status": 502, "headers": {"X-Odd": "1", "Content-Length": "99"}, "body": body}}
    tape = tape_of(scripted(None, {"then": then}), asked("/anything", method="GET"))
    assert tape.head is not None
    assert (tape.head.status, bytes_of(tape)) == (502, sent)
    headers = dict(tape.head.headers)
    assert (headers[b"X-Odd"], headers[b"content-length"]) == (b"1", b"%d" % len(sent))
    assert b"Content-Length" not in headers


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A folder for rules, with a recording that was compressed and cut."""
    request = Request("POST", "/v1/x", body=b"{}")
    chunks = Chunk(0.5, b'{"a":'), Chunk(1.5, b"1")
    head = Head(0.5, 201, ((b"x-a", b"b"), (b"content-encoding", b"gzip")))
    Cassette.open(tmp_path / "tapes", create=True).begin(request).keep(
        Exchange(request, Tape(head, chunks, Cut(2.0)), coding="gzip")
    )
    (tmp_path / "tapes" / "0001-v1-x.yaml").rename(tmp_path / "tapes" / "one.yaml")
    return tmp_path


def test_a_recording_is_replayed_with_its_times_and_its_ending(recorded: Path) -> None:
    source = Scripted()
    (recorded / "rules.yaml").write_text("- then: {exchange: tapes/one.yaml}\n")
    source.load(recorded / "rules.yaml")
    tape = tape_of(source, chat())
    assert tape.head is not None
    assert (tape.head.status, bytes_of(tape)) == (201, b'{"a":1')
    assert [chunk.at for chunk in tape.chunks] == [0.5, 1.5]
    assert tape.ending == Cut(2.0)


def test_a_recording_is_compressed_for_a_client_that_takes_it(recorded: Path) -> None:
    source = Scripted()
    (recorded / "rules.yaml").write_text("- then: {exchange: tapes/one.yaml}\n")
    source.load(recorded / "rules.yaml")
    request = Request("POST", CHAT, "", ((b"accept-encoding", b"gzip"),), b"{}")
    data = bytes_of(tape_of(source, request))
    assert data.startswith(gzip.compress(b"")[:3])


def test_a_recording_without_its_end_can_not_be_an_answer(recorded: Path) -> None:
    cassette = Cassette.open(recorded / "tapes")
    request = Request("POST", "/v1/y", body=b"{}")
    cassette.begin(request).keep(Exchange(request, Tape(Head(0.0, 200), (), Abandoned(1.0, "left"))))
    (path,) = [path.name for path in (recorded / "tapes").glob("*v1-y.yaml")]
    rules = recorded / "rules.yaml"
    rules.write_text(f"- then: {{exchange: tapes/{path}}}\n")
    with pytest.raises(InputError, match=r"rules\.yaml:1: rule 1: then\.exchange: .*its end was not recorded"):
        Scripted().load(rules)


def test_a_recording_that_is_not_there_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("- then:\n    exchange: nope.yaml\n")
    with pytest.raises(InputError, match=r"rules\.yaml:2: rule 1: then\.exchange: .*nope\.yaml"):
        Scripted().load(tmp_path / "rules.yaml")


@pytest.mark.parametrize("then", [{"text": "a"}, {"error": "rate_limited"}, [{"raw": {}}, {"tool_calls": []}]])
def test_what_needs_a_profile_is_refused_where_there_is_none_with_the_cure(then: Any) -> None:
    with pytest.raises(InputError, match=r"rules: rule 1: .*--profile NAME"):
        scripted(None, {"then": then})


def test_an_error_that_the_profile_does_not_have_is_refused_with_the_closest(openai: Synthesize) -> None:
    with pytest.raises(InputError, match="did you mean 'rate_limited'"):
        scripted(openai, {"then": {"error": "rate_limit"}})


def test_a_request_that_no_rule_fits_is_for_others_to_answer(openai: Synthesize) -> None:
    source = scripted(openai, {"when": {"user": "weather"}, "then": {"text": "Sunny"}})
    assert source.answer(chat(), "") is None
    assert source.answer(asked("/v1/models", method="GET"), "") is None


def test_rules_of_a_file_stand_before_those_that_were_there(tmp_path: Path, openai: Synthesize) -> None:
    source = Scripted(openai)
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(f"- then: {{text: {name}}}\n")
        source.load(tmp_path / f"{name}.yaml")
    assert [rule["then"]["text"] for rule in source.script.plain()] == ["a", "b"]


def test_the_rule_that_answers_is_named(openai: Synthesize) -> None:
    answer = scripted(openai, {"name": "sunny", "then": {"text": "Sunny"}}).answer(chat(), "")
    assert answer is not None
    assert answer.rule == "sunny"


def test_a_template_is_filled_from_the_request(openai: Synthesize) -> None:
    then = {"text": "{{ model }} {{ user }} {{ nth }} {{ body.n | tojson }}"}
    assert message(openai, then, n=1)[0]["content"] == "gpt-4o Hello 1 1"


def test_a_template_that_a_request_can_not_fill_names_its_rule(openai: Synthesize) -> None:
    source = scripted(openai, {"name": "sunny", "then": {"text": "{{ body.nothing.more }}"}})
    with pytest.raises(InputError, match="sunny"):
        source.answer(chat(), "")


def test_a_raw_answer_ends_properly() -> None:
    assert tape_of(scripted(None, {"then": {"raw": {"body": "x"}}}), chat()).ending == Complete(0.0)
    assert json.loads(bytes_of(tape_of(scripted(None, {"then": {"raw": {"body": {}}}}), chat()))) == {}


@pytest.mark.parametrize("kind", load(BASELINE).errors)
def test_no_hole_is_left_in_an_error_that_a_rule_asks_for(kind: str, openai: Synthesize) -> None:
    tape = tape_of(scripted(openai, {"then": {"error": kind}}), asked(CHAT, {"model": "gpt-4o", "messages": HELLO}))
    assert status_of(tape) >= 400
    assert "$" not in bytes_of(tape).decode().replace("'$.", "")
