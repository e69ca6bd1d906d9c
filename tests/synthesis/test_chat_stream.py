"""Which frames a stream has, where profiles differ: what opens and closes a choice, how calls come, what adds up."""

import json
from typing import Any

import pytest

from mockprovider.profiles.schema import Model, Profile
from mockprovider.synthesis.calling import Call
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.chat import ChatWriter
from mockprovider.synthesis.dialects.chat_request import read
from mockprovider.synthesis.dialects.chat_stream import ChatStreamWriter
from mockprovider.synthesis.reply import Reply
from tests.sources.varying import varied
from tests.synthesis.chatting import QUIET

TEXT = {"text": {"t": "$text"}, "finish": {"finish": "$finish_reason"}}
CALLS = (Call("f", '{"a":1}'), Call("g", "{}"))
CALLED = Reply(calls=CALLS, finish="tool_calls")
LIST = [{"i": "$tool_index", "n": "$tool_name", "a": "$tool_arguments"}]
WHOLE = [{"i": 0, "n": "f", "a": '{"a":1}'}, {"i": 1, "n": "g", "a": "{}"}]


def profiled(frames: dict[str, Any], more: dict[str, Any] | None = None) -> Profile:
    """A profile with these frames and no other."""
    return varied({"chat.stream.frames": frames, "chat.stream.done": "", **(more or {})})


def told(profile: Profile, reply: Reply, **body: Any) -> list[Any]:
    """The JSON of the events of a reply."""
    request = read({"model": "m", "messages": [], "stream": True, **body}, "m", QUIET, profile.chat)
    saying = ChatWriter(profile, profile.chat).drawn(request, [reply], QUIET, Chance())
    events = ChatStreamWriter(profile.chat).events(saying, Chance())
    return [json.loads(event.removeprefix(b"data: ")) for event in events]


def test_nothing_opens_a_choice_where_there_is_no_such_frame() -> None:
    assert told(profiled(TEXT), Reply("a b")) == [{"t": "a"}, {"t": " b"}, {"finish": "stop"}]


def test_an_opening_with_text_takes_the_first_piece() -> None:
    frames = {**TEXT, "first": {"role": "assistant", "t": "$text"}}
    assert told(profiled(frames), Reply("a b"))[:2] == [{"role": "assistant", "t": "a"}, {"t": " b"}]


@pytest.mark.parametrize(("reply", "opening"), [(Reply(""), [{"r": 1, "t": ""}]), (CALLED, [])])
def test_an_opening_with_text_is_empty_where_there_is_none_and_left_out_before_calls(
    reply: Reply, opening: Any
) -> None:
    frames = {**TEXT, "first": {"r": 1, "t": "$text"}}
    assert told(profiled(frames), reply)[:-1] == opening


def test_an_opening_with_reasoning_takes_its_first_piece() -> None:
    frames = {**TEXT, "first_thinking": {"first": "$text"}, "thinking": {"think": "$text"}, "thinking_end": {"end": 1}}
    said = told(profiled(frames), Reply("x", thinking="a b"))
    assert said == [{"first": "a"}, {"think": " b"}, {"end": 1}, {"t": "x"}, {"finish": "stop"}]


@pytest.mark.parametrize(
    ("text", "events"),
    [("a b", [{"t": "a"}, {"t": " b", "finish": "stop"}]), ("a", [{"t": "a", "finish": "stop"}])],
)
def test_a_closing_with_text_takes_the_last_piece(text: str, events: list[Any]) -> None:
    frames = {"text": {"t": "$text"}, "finish": {"t": "$text", "finish": "$finish_reason"}}
    assert told(profiled(frames), Reply(text)) == events


def test_where_opening_and_closing_take_text_the_only_piece_goes_with_the_opening() -> None:
    frames = {"first": {"f": "$text"}, "text": {"t": "$text"}, "finish": {"l": "$text"}}
    assert told(profiled(frames), Reply("a")) == [{"f": "a"}, {"l": ""}]
    assert told(profiled(frames), Reply("a b")) == [{"f": "a"}, {"l": " b"}]


def test_all_calls_may_come_at_once() -> None:
    frames = {**TEXT, "tools": {"choices": [{"calls": LIST}]}}
    assert told(profiled(frames), CALLED) == [{"choices": [{"calls": WHOLE}]}, {"finish": "tool_calls"}]


def test_all_calls_may_come_with_the_end() -> None:
    frames = {**TEXT, "first": {"r": 1}, "finish_tools": {"choices": [{"calls": LIST, "finish": "$finish_reason"}]}}
    assert told(profiled(frames), CALLED) == [{"r": 1}, {"choices": [{"calls": WHOLE, "finish": "tool_calls"}]}]


def test_all_calls_may_come_with_the_opening() -> None:
    frames = {**TEXT, "first_tools": {"calls": LIST}, "tool": {"calls": LIST}}
    assert told(profiled(frames), CALLED) == [{"calls": WHOLE}, {"finish": "tool_calls"}]


def test_a_call_may_come_whole() -> None:
    frames = {**TEXT, "tool": {"calls": LIST}}
    assert told(profiled(frames), CALLED)[:2] == [{"calls": [WHOLE[0]]}, {"calls": [WHOLE[1]]}]


def test_the_first_piece_of_arguments_and_the_end_of_a_call_may_have_frames_of_their_own() -> None:
    frames = {
        **TEXT,
        "tool": {"n": "$tool_name"},
        "tool_arguments_first": {"first": "$text"},
        "tool_arguments": {"next": "$text"},
        "tool_end": {"end": "$tool_index"},
    }
    said = told(profiled(frames), Reply(calls=(Call("f", '{"a": 1}'),), finish="tool_calls"))
    assert [next(iter(each)) for each in said[:2]] == ["n", "first"]
    assert said[-2] == {"end": 0}
    assert "".join(each.get("first", "") + each.get("next", "") for each in said) == '{"a": 1}'


def test_the_frame_that_opens_a_call_may_bring_the_first_piece_of_its_arguments() -> None:
    frames = {**TEXT, "tool": {"n": "$tool_name", "a": "$text"}, "tool_arguments": {"a": "$text"}}
    said = told(profiled(frames), Reply(calls=(Call("f", '{"a": 1}'),), finish="tool_calls"))
    assert said[0]["a"] != ""
    assert "".join(each.get("a", "") for each in said) == '{"a": 1}'


@pytest.mark.parametrize(("text", "indices"), [("", [0, 1]), ("x", [1, 2])])
def test_calls_may_be_counted_as_blocks_after_the_text(text: str, indices: list[int]) -> None:
    frames = {**TEXT, "tool": {"i": "$block_index"}}
    said = told(profiled(frames), Reply(text, calls=CALLS, finish="tool_calls"))
    assert [each["i"] for each in said if "i" in each] == indices


def test_arguments_may_be_an_object() -> None:
    frames = {**TEXT, "tool": {"a": "$tool_arguments_object"}}
    assert told(profiled(frames), CALLED)[:2] == [{"a": {"a": 1}}, {"a": {}}]


def test_each_chunk_may_say_all_that_was_said_and_counted_so_far() -> None:
    usage = {"chat.running_usage": {"c": "$completion_tokens_so_far", "t": "$total_tokens_so_far"}}
    frames = {"text": {"d": "$text", "all": "$said", "u": "$running_usage"}, "finish": {"u": "$running_usage"}}
    said = told(profiled(frames, usage), Reply("a b c", usage={"prompt_tokens": 10}))
    assert [each["all"] for each in said[:-1]] == ["a", "a b", "a b c"]
    assert [each["u"] for each in said] == [{"c": count, "t": 10 + count} for count in (1, 2, 3, 3)]


def test_what_comes_first_and_last_comes_once() -> None:
    frames = {**TEXT, "prelude": {"p": 1}, "closing": {"c": "$said"}}
    assert told(profiled(frames), Reply("a b")) == [{"p": 1}, {"t": "a"}, {"t": " b"}, {"finish": "stop"}, {"c": "a b"}]


@pytest.mark.parametrize(("finish", "said"), [("tool_calls", "stop"), ("stop", "stop"), ("length", "length")])
def test_a_finish_reason_may_have_another_name(finish: str, said: str) -> None:
    profile = profiled(TEXT, {"chat.finish_reasons": {"tool_calls": "stop"}})
    assert told(profile, Reply("x", finish=finish))[-1] == {"finish": said}


def test_the_finish_reason_of_whoever_is_behind_may_stand_beside_it() -> None:
    frames = {"text": {"t": "$text"}, "finish": {"finish": "$finish_reason", "native": "$native_finish_reason"}}
    profile = profiled(frames, {"chat.native_finish_reasons": {"stop": "end_turn"}})
    assert told(profile, Reply("x"))[-1] == {"finish": "stop", "native": "end_turn"}


def test_reasoning_may_be_said_within_the_text() -> None:
    profile = profiled(TEXT, {"chat.thinking.tags": ["<think>", "</think>"]})
    said = "".join(each.get("t", "") for each in told(profile, Reply("answer", thinking="a thought")))
    assert said == "<think>a thought</think>answer"


@pytest.mark.parametrize(
    ("asked", "condition"),
    [({"stream_options": {"include_usage": True}}, "usage_asked"), ({"logprobs": True}, "logprobs")],
)
def test_a_key_of_a_frame_may_depend_on_what_was_asked_for(asked: dict[str, Any], condition: str) -> None:
    profile = profiled({"text": {"t": "$text", f"k?{condition}": 1}, "finish": {"f": 1}})
    assert [told(profile, Reply("x"), **body)[0].get("k") for body in ({}, asked)] == [None, 1]


@pytest.mark.parametrize(
    ("reply", "shown"),
    [(Reply("x"), ["text"]), (Reply("x", thinking="y"), ["text", "thinking"]), (CALLED, ["calls"])],
)
def test_a_key_of_a_body_may_depend_on_what_is_said(reply: Reply, shown: list[str]) -> None:
    body = {"choices": [{"id": "$index", "text?text": 1, "thinking?thinking": 1, "calls?calls": 1}]}
    profile = varied({"chat.plain.body": body})
    request = read({"model": "m", "messages": []}, "m", QUIET, profile.chat)
    writer = ChatWriter(profile, profile.chat)
    said = json.loads(writer.plain(writer.drawn(request, [reply], QUIET, Chance()), Chance()))
    assert [key for key in said["choices"][0] if key != "id"] == shown


def test_a_hole_within_a_longer_string_of_a_body_is_the_choices_own() -> None:
    profile = varied({"chat.plain.body": {"choices": [{"c": "<$content>"}]}})
    request = read({"model": "m", "messages": [], "n": 2}, "m", QUIET, profile.chat)
    writer = ChatWriter(profile, profile.chat)
    said = json.loads(writer.plain(writer.drawn(request, [Reply("a"), Reply("b")], QUIET, Chance()), Chance()))
    assert said == {"choices": [{"c": "<a>"}, {"c": "<b>"}]}


SWITCHES = {"a.b": {"on": [True], "off": [False]}, "effort": {"on": ["*"], "off": ["none"]}}


@pytest.mark.parametrize(
    ("body", "thinks"),
    [
        ({}, False),
        ({"a": {"b": True}}, True),
        ({"effort": "low"}, True),
        ({"effort": "none"}, False),
        ({"effort": None}, False),
    ],
)
def test_each_switch_can_turn_reasoning_on(body: dict[str, Any], thinks: bool) -> None:
    profile = profiled({**TEXT, "thinking": {"think": "$text"}}, {"chat.thinking.switches": SWITCHES})

    model = Model(thinks="if_told")
    assert read({"model": "m", "messages": [], **body}, "m", model, profile.chat).asked.thinking is thinks


def test_the_first_switch_that_says_anything_counts() -> None:

    profile = profiled(TEXT, {"chat.thinking.switches": SWITCHES})
    body = {"model": "m", "messages": [], "a": {"b": False}, "effort": "low"}
    assert not read(body, "m", Model(thinks="unless_told"), profile.chat).asked.thinking
