"""Chat completions in the frames of profiles that tell as OpenAI does: streamed and whole say the same, no form shows.

What every profile says, however oddly, is in tests/profiles/test_spoken.py.
"""

import base64
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from mockprovider import sse
from mockprovider.profiles.loading import load
from mockprovider.profiles.schema import Model
from mockprovider.synthesis.asked import Tool
from mockprovider.synthesis.dialects.chat_request import thinks, tier
from mockprovider.synthesis.reply import Reply
from mockprovider.synthesis.tokens import pieces
from tests.strategies import json_values, law, surrogate_texts, texts
from tests.synthesis.chatting import (
    QUIET,
    Body,
    asked_for,
    choices_of,
    deltas,
    events,
    message,
    plain,
    said_in,
    said_to,
    streamed,
)
from tests.synthesis.judging import judged, profile, unknown_to
from tests.vectors.fields import FIELDS

WEATHER: Body = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"properties": {"city": {"type": "string"}}}},
}
TIME: Body = {
    "type": "function",
    "function": {"name": "get_time", "parameters": {"properties": {"zone": {"type": "string"}}}},
}
RUN: Body = {"type": "custom", "custom": {"name": "run_code", "description": "Runs code"}}
TOOLS = [WEATHER, TIME]


def user(text: str) -> list[dict[str, Any]]:
    """Messages in which the user says one thing."""
    return [{"role": "user", "content": text}]


BODIES: dict[str, Body] = {
    "text": {},
    "a text of some length": {"messages": user('Say 60 words, naïve 你好 😀 "quoted" \\ \n')},
    "a text cut short": {"max_tokens": 3},
    "a text up to a stop": {"stop": ["said"]},
    "nothing before a stop": {"stop": "You"},
    "several choices": {"n": 3},
    "a tool call": {"tools": TOOLS, "messages": user("The weather in Paris?")},
    "two tool calls": {"tools": TOOLS, "messages": user("The weather and the time in Paris?")},
    "two calls of a tool": {"tools": TOOLS, "messages": user("The weather in Paris and London?")},
    "a tool call cut short": {"tools": TOOLS, "messages": user("The weather in Paris?"), "max_tokens": 4},
    "tool calls in several choices": {
        "n": 2,
        "tools": TOOLS,
        "messages": user("The weather and the time in Paris?"),
    },
    "a JSON object": {"response_format": {"type": "json_object"}},
    "a prediction": {"prediction": {"type": "content", "content": "You said so, and more"}},
}
BASELINE_BODIES: dict[str, Body] = {
    "a custom tool's call": {"tools": [RUN], "messages": user("Run code for me")},
    "calls of both kinds": {"tools": [RUN, WEATHER], "messages": user("Run code and tell the weather")},
    "a legacy function's call": {
        "functions": [WEATHER["function"], TIME["function"]],
        "messages": user("The weather and the time in Paris?"),
    },
    "a legacy function's call in several choices": {
        "n": 2,
        "functions": [WEATHER["function"]],
        "function_call": {"name": "get_weather"},
    },
    "probabilities": {"logprobs": True, "top_logprobs": 2, "n": 2},
    "probabilities of nothing": {"logprobs": True, "stop": "You"},
    "a tool call with probabilities": {"logprobs": True, "tools": TOOLS, "tool_choice": "required"},
}
"""What is said in frames that only the baseline has."""
THINKING = Model(owner="x", thinks="always", logprobs=False)
HIDING = Model(owner="x", thinks="hidden", logprobs=False)
SPEAKING = Model(owner="x", speaks=True, logprobs=False)
SPOKEN: Body = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}
ORDERLY = ("openai", "deepseek-like")
REFUSED = (Reply(refusal="I can’t help with that."),)


def talking(name: str) -> dict[str, Model]:
    """Models for a profile: one that does not reason, one that does in silence, one in the open if that can be said."""
    models = {"": QUIET, ", with silent reasoning": HIDING}
    return {**models, ", with reasoning": THINKING} if load(name).chat.stream.frames.thinking else models


CASES = [
    pytest.param(name, model, body, id=f"{name}, {what}{how}")
    for name in ORDERLY
    for how, model in talking(name).items()
    for what, body in (BODIES | (BASELINE_BODIES if name == "openai" and model is QUIET else {})).items()
]
every_case = pytest.mark.parametrize(("name", "model", "body"), CASES)
baseline_case = pytest.mark.parametrize("body", (BODIES | BASELINE_BODIES).values(), ids=BODIES | BASELINE_BODIES)
every_profile = pytest.mark.parametrize("name", ORDERLY)


@every_case
def test_streamed_pieces_joined_are_what_is_said_at_once(name: str, model: Model, body: Body) -> None:
    at_once = {choice["index"]: said_in([choice], "message") for choice in plain(body, model, name)["choices"]}
    parts = choices_of(streamed(body, model, name))
    assert {index: said_in(each, "delta") for index, each in parts.items()} == at_once


@every_case
def test_what_is_said_is_the_replies(name: str, model: Model, body: Body) -> None:
    legacy = {"tool_calls": "function_call"} if "functions" in body else {}
    assert [said_in([choice], "message") for choice in plain(body, model, name)["choices"]] == [
        {
            "content": said.text,
            "reasoning_content": said.thinking,
            "refusal": "",
            "calls": {number: [call.name, call.arguments] for number, call in enumerate(said.calls)},
            "finish": legacy.get(said.finish, said.finish),
        }
        for said in said_to(body, model, name)
    ]


@every_case
def test_usage_is_the_same_streamed_and_at_once(name: str, model: Model, body: Body) -> None:
    counted = [frame["usage"] for frame in streamed(body, model, name) if frame.get("usage")]
    assert counted == [plain(body, model, name)["usage"]]


@every_case
def test_usage_adds_up(name: str, model: Model, body: Body) -> None:
    usage = plain(body, model, name)["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["prompt_tokens"] > 0


@every_profile
def test_a_scripted_usage_is_the_same_streamed_and_at_once(name: str) -> None:
    said = (Reply("Hello", usage={"prompt_tokens": 1000, "completion_tokens": 7}),)
    (counted,) = [frame["usage"] for frame in streamed({}, name=name, said=said) if frame.get("usage")]
    assert counted == plain({}, name=name, said=said)["usage"]
    assert (counted["prompt_tokens"], counted["completion_tokens"], counted["total_tokens"]) == (1000, 7, 1007)


def test_what_came_true_of_a_prediction_is_counted_apart() -> None:
    details = plain(BODIES["a prediction"])["usage"]["completion_tokens_details"]
    assert (details["accepted_prediction_tokens"], details["rejected_prediction_tokens"]) == (2, 4)


@every_case
def test_an_event_is_one_closed_frame(name: str, model: Model, body: Body) -> None:
    found = [list(sse.frames(event)) for event in events(body, model, name)]
    assert all(len(frames) == 1 and frames[0].closed for frames in found)


@every_case
def test_the_stream_ends_as_the_profile_says(name: str, model: Model, body: Body) -> None:
    done = profile(name).chat.stream.done.encode()
    said = events(body, model, name)
    assert Counter(said)[done] == bool(done)
    assert not done or said[-1] == done


@every_case
def test_a_choice_finishes_once_and_at_its_end(name: str, model: Model, body: Body) -> None:
    for parts in choices_of(streamed(body, model, name)).values():
        finished = [part["finish_reason"] is not None for part in parts]
        assert finished == [False] * (len(parts) - 1) + [True]


@every_case
def test_a_choice_begins_with_its_role(name: str, model: Model, body: Body) -> None:
    for parts in choices_of(streamed(body, model, name)).values():
        assert ["role" in part["delta"] for part in parts] == [True] + [False] * (len(parts) - 1)


@every_case
def test_there_are_as_many_choices_as_asked_for_numbered_from_0(name: str, model: Model, body: Body) -> None:
    numbers = list(range(body.get("n", 1)))
    assert [choice["index"] for choice in plain(body, model, name)["choices"]] == numbers
    assert sorted(choices_of(streamed(body, model, name))) == numbers


@every_profile
def test_choices_begin_one_after_another_then_take_turns_and_finish_together(name: str) -> None:
    said = (Reply("a b c d"), Reply("a b"), Reply("a b c"))
    frames = streamed({"n": 3}, name=name, said=said)
    indices = [choice["index"] for frame in frames for choice in frame["choices"]]
    assert indices == [0, 0, 1, 1, 2, 2, 0, 1, 2, 0, 2, 0, 0, 1, 2]


@every_profile
def test_several_choices_differ(name: str) -> None:
    said = [choice["message"]["content"] for choice in plain(BODIES["several choices"], name=name)["choices"]]
    assert len(set(said)) == 3


@every_case
def test_all_frames_are_of_one_answer(name: str, model: Model, body: Body) -> None:
    frames = streamed(body, model, name)
    assert {(frame["id"], frame["created"], frame["model"], frame["object"]) for frame in frames} == {
        (frames[0]["id"], frames[0]["created"], "m", "chat.completion.chunk")
    }


def ids_in(choices: Sequence[Body]) -> list[str]:
    """The ids of the tool calls in choices, or in the parts of one."""
    said = [choice.get("message") or choice["delta"] for choice in choices]
    return [call["id"] for each in said for call in each.get("tool_calls") or () if "id" in call]


@every_case
def test_a_tool_call_has_one_id_of_its_own(name: str, model: Model, body: Body) -> None:
    for choices in (plain(body, model, name)["choices"], *choices_of(streamed(body, model, name)).values()):
        ids = ids_in(choices)
        assert len(ids) == len(set(ids))
        assert all(ids)


@every_case
def test_nothing_of_a_form_is_left(name: str, model: Model, body: Body) -> None:
    for text in (b"".join(events(body, model, name)).decode(), json.dumps(plain(body, model, name))):
        assert "$" not in text
        assert "\\u0000" not in text


@every_case
def test_the_same_request_and_chance_give_the_same_bytes(name: str, model: Model, body: Body) -> None:
    assert events(body, model, name) == events(body, model, name)
    assert plain(body, model, name) == plain(body, model, name)


@every_case
def test_a_stream_and_a_body_of_the_same_chance_are_of_one_answer(name: str, model: Model, body: Body) -> None:
    whole, frames = plain(body, model, name), streamed(body, model, name)
    assert (whole["id"], whole["created"]) == (frames[0]["id"], frames[0]["created"])
    called = {index: ids_in(parts) for index, parts in choices_of(frames).items()}
    assert called == {choice["index"]: ids_in([choice]) for choice in whole["choices"]}


@every_profile
def test_another_chance_gives_another_id(name: str) -> None:
    assert len({plain({}, name=name, material=b"%d" % number)["id"] for number in range(20)}) == 20


@every_profile
def test_bytes_are_the_same_in_every_process(name: str) -> None:
    body = {"model": "m", "stream": True, "tools": TOOLS, "messages": user("weather and time")}
    code = f"""
from mockprovider.profiles.loading import load
from mockprovider.profiles.schema import Model
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.chat import ChatWriter
from mockprovider.synthesis.dialects.chat_request import read
from mockprovider.synthesis.dialects.chat_stream import ChatStreamWriter
from mockprovider.synthesis.reply import replies
import sys
profile, model = load({name!r}), Model(owner="x", fingerprint="fp_1")
request = read({body!r}, "m", model, profile.chat)
said, chance = replies(request.asked, profile.name), Chance(b"x")
saying = ChatWriter(profile, profile.chat).drawn(request, said, model, chance)
answer = ChatStreamWriter(profile.chat).events(saying, chance)
sys.stdout.buffer.write(b"".join(answer))
"""
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""


@every_profile
@law(30)
@given(texts.filter(lambda text: len(text) < 100))
def test_what_a_client_says_comes_back_as_it_was_said_whatever_it_is(name: str, text: str) -> None:
    said = f"{text} $model $hex8"
    assert f"“{' '.join(said.split())}”" in message({"messages": user(said)}, name=name)["content"]


@every_profile
@law(20)
@given(surrogate_texts)
def test_half_a_character_in_a_request_does_not_keep_the_answer_from_being_sent(name: str, text: str) -> None:
    body = {"messages": user(text), "logprobs": True}
    assert plain(body, name=name)["choices"][0]["finish_reason"] == "stop"
    assert b"".join(events(body, name=name))


@pytest.mark.parametrize("field", [field for field in FIELDS["/v1/chat/completions"] if field != "model"])
@law(20)
@given(json_values)
def test_whatever_stands_in_a_field_that_nobody_checks_there_is_an_answer(field: str, value: Any) -> None:
    body = {"tools": TOOLS, "modalities": ["audio"], "logprobs": True}
    body[field] = [value] if field == "messages" else value
    for model in (SPEAKING, QUIET):
        assert plain(body, model, "deepseek-like")["choices"]
        assert events(body, model, "deepseek-like")


@every_profile
def test_beside_tool_calls_the_content_is_what_the_profile_says(name: str) -> None:
    assert message(BODIES["a tool call"], name=name)["content"] == profile(name).chat.empty_content


@every_profile
@pytest.mark.parametrize("options", [{}, {"stream_options": None}, {"stream_options": {"include_usage": False}}])
def test_usage_that_was_not_asked_for_is_sent_only_where_the_provider_does_so(name: str, options: Any) -> None:
    stream = profile(name).chat.stream
    frames = streamed({"stream_options": {}, **options}, name=name)
    unasked = stream.usage_frame == "always" or "$usage" in json.dumps(stream.frames.finish).split('"')
    assert any(frame.get("usage") for frame in frames) == unasked


def test_usage_is_null_until_it_comes_where_it_was_asked_for_and_absent_where_not() -> None:
    asked, unasked = streamed({}), streamed({"stream_options": {}})
    assert [frame["usage"] for frame in asked[:-1]] == [None] * (len(asked) - 1)
    assert not any("usage" in frame for frame in unasked)


@every_profile
def test_obfuscation_goes_where_a_client_wants_none(name: str) -> None:
    frames = streamed({"stream_options": {"include_obfuscation": False}}, name=name)
    assert not any("obfuscation" in frame for frame in frames)


def test_obfuscation_pads_frames_of_a_provider_that_has_it() -> None:
    padded = [frame["obfuscation"] for frame in streamed(BODIES["a text of some length"])]
    assert len(set(padded)) > len(padded) / 4


@baseline_case
@pytest.mark.parametrize("model", [QUIET, HIDING], ids=["quiet", "silent"])
def test_the_sdk_knows_every_key_of_a_body(model: Model, body: Body) -> None:
    assert unknown_to(ChatCompletion, plain(body, model)) == set()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(body, id=what)
        for what, body in (BODIES | BASELINE_BODIES).items()
        if RUN not in body.get("tools", ())
    ],
)
def test_the_sdk_knows_every_key_of_a_frame(body: Body) -> None:
    assert set().union(*(unknown_to(ChatCompletionChunk, frame) for frame in streamed(body))) == set()


@pytest.mark.parametrize("what", [what for what in BODIES if "cut short" not in what])  # at which the SDK raises
def test_the_sdk_puts_a_stream_together_to_what_is_said_at_once(what: str) -> None:
    state = ChatCompletionStreamState()
    for frame in streamed(BODIES[what]):
        state.handle_chunk(judged(ChatCompletionChunk, frame))
    final, whole = state.get_final_completion(), judged(ChatCompletion, plain(BODIES[what]))
    assert [each.finish_reason for each in final.choices] == [each.finish_reason for each in whole.choices]
    assert [(each.message.content or None, said_by(each.message)) for each in final.choices] == [
        (each.message.content or None, said_by(each.message)) for each in whole.choices
    ]
    assert final.usage == whole.usage


def said_by(message: Any) -> list[tuple[str, str, str]]:
    """The calls of a message of the SDK."""
    return [(call.id, call.function.name, call.function.arguments) for call in message.tool_calls or ()]


def test_a_tool_call_that_was_cut_stops_in_the_middle_of_its_arguments() -> None:
    (choice,) = plain(BODIES["a tool call cut short"])["choices"]
    assert choice["finish_reason"] == "length"
    assert choice["message"]["tool_calls"][0]["function"] == {"name": "get_weather", "arguments": '{"city'}


@pytest.mark.parametrize(
    ("limit", "usage"), [(20, (20, 20)), (64, (64, 64)), (70, (70, 64))], ids=["all of it", "just all of it", "most"]
)
def test_silent_reasoning_uses_up_the_limit_and_is_counted(limit: int, usage: tuple[int, int]) -> None:
    answer = plain({"max_completion_tokens": limit, "messages": user("1234")}, HIDING)
    counted = answer["usage"]
    assert (counted["completion_tokens"], counted["completion_tokens_details"]["reasoning_tokens"]) == usage
    assert answer["choices"][0]["finish_reason"] == "length"


def test_a_refusal_stands_in_place_of_the_content() -> None:
    said = message({}, said=REFUSED)
    assert (said["content"], said["refusal"]) == (None, REFUSED[0].refusal)


def test_a_streamed_refusal_opens_with_an_empty_one_and_comes_in_pieces() -> None:
    opening, *rest, last = deltas(streamed({}, said=REFUSED))
    assert opening == {"role": "assistant", "content": None, "refusal": ""}
    assert rest == [{"refusal": piece} for piece in pieces(REFUSED[0].refusal)]
    assert last == {}


def test_a_refusal_is_an_end_like_any_other() -> None:
    assert plain({}, said=REFUSED)["choices"][0]["finish_reason"] == "stop"
    assert streamed({"stream_options": {}}, said=REFUSED)[-1]["choices"][0]["finish_reason"] == "stop"


def test_beside_a_refusal_another_choice_may_say_something() -> None:
    said = (*REFUSED, Reply("Sure"))
    found = {index: said_in(parts, "delta") for index, parts in choices_of(streamed({"n": 2}, said=said)).items()}
    assert [(each["content"], each["refusal"]) for each in found.values()] == [("", REFUSED[0].refusal), ("Sure", "")]


LEGACY = BASELINE_BODIES["a legacy function's call"]


def test_a_legacy_function_is_called_the_legacy_way_and_alone() -> None:
    said = message(LEGACY)
    assert said["function_call"] == {"name": "get_weather", "arguments": '{"city":"Paris"}'}
    assert (said["content"], "tool_calls" in said) == (None, False)
    assert plain(LEGACY)["choices"][0]["finish_reason"] == "function_call"


def test_a_streamed_legacy_function_opens_with_its_name_and_goes_on_with_its_arguments() -> None:
    opening, *rest, last = deltas(streamed(LEGACY))
    named = {"name": "get_weather", "arguments": ""}
    assert opening == {"role": "assistant", "content": None, "function_call": named, "refusal": None}
    assert rest == [{"function_call": {"arguments": piece}} for piece in pieces('{"city":"Paris"}')]
    assert last == {}


def test_a_legacy_function_that_nobody_needs_leaves_no_trace() -> None:
    assert "function_call" not in message({"functions": [WEATHER["function"]]})


def test_functions_beside_tools_are_called_as_tools() -> None:
    said = message({**LEGACY, "tools": [TIME]})
    assert ("function_call" in said, len(said["tool_calls"])) == (False, 1)


def test_a_custom_tool_is_called_with_its_input() -> None:
    (call,) = message(BASELINE_BODIES["a custom tool's call"])["tool_calls"]
    assert {**call, "id": ""} == {"id": "", "type": "custom", "custom": {"name": "run_code", "input": "me"}}


def test_a_streamed_custom_tool_opens_with_its_name_and_goes_on_with_its_input() -> None:
    begin, opening, *rest, _ = deltas(streamed(BASELINE_BODIES["a custom tool's call"]))
    (call,) = opening["tool_calls"]
    assert begin["role"] == "assistant"
    assert (call["index"], call["type"], call["custom"]) == (0, "custom", {"name": "run_code", "input": ""})
    assert rest == [{"tool_calls": [{"index": 0, "custom": {"input": "me"}}]}]


def test_calls_of_functions_and_custom_tools_stand_side_by_side() -> None:
    calls = message(BASELINE_BODIES["calls of both kinds"])["tool_calls"]
    assert [call["type"] for call in calls] == ["custom", "function"]


def test_a_single_call_opens_with_its_choice_and_several_do_not() -> None:
    one, several = (deltas(streamed(BODIES[what]))[0] for what in ("a tool call", "two tool calls"))
    assert ("tool_calls" in one, "tool_calls" in several) == (True, False)


def odds(frames: list[dict[str, Any]], index: int = 0) -> list[Any]:
    """The probabilities in the frames of a choice."""
    return [choice["logprobs"] for choice in choices_of(frames)[index]]


def test_streamed_probabilities_begin_with_none_come_one_by_one_and_end_in_null() -> None:
    begin, *each, last = odds(streamed({"logprobs": True}))
    assert (begin, last) == ({"content": [], "refusal": None}, None)
    assert [len(one["content"]) for one in each] == [1] * len(pieces(said_to({})[0].text))


@pytest.mark.parametrize("index", [0, 1])
def test_probabilities_are_the_same_streamed_and_at_once(index: int) -> None:
    whole = plain(BASELINE_BODIES["probabilities"])["choices"][index]["logprobs"]
    pieced = odds(streamed(BASELINE_BODIES["probabilities"]), index)
    assert [token for one in pieced if one for token in one["content"]] == whole["content"]


def test_each_probability_is_of_the_text_in_its_frame() -> None:
    for choice in choices_of(streamed({"logprobs": True, "messages": user("naïve 你好")}))[0]:
        if text := choice["delta"].get("content"):
            assert [token["token"] for token in choice["logprobs"]["content"]] == [text]


@pytest.mark.parametrize(("asked", "shown"), [({}, 0), ({"top_logprobs": 0}, 0), ({"top_logprobs": 3}, 3)])
def test_there_are_as_many_alternatives_as_asked_for(asked: Body, shown: int) -> None:
    for token in plain({"logprobs": True, **asked})["choices"][0]["logprobs"]["content"]:
        assert len(token["top_logprobs"]) == shown


@pytest.mark.parametrize("body", [{}, {"logprobs": False}, BASELINE_BODIES["a tool call with probabilities"]], ids=str)
def test_probabilities_that_there_are_none_of_are_null(body: Body) -> None:
    assert plain(body)["choices"][0]["logprobs"] is None
    assert set(odds(streamed({**body, "logprobs": False}))) == {None}


@pytest.mark.parametrize("body", [{}, {"logprobs": True, "top_logprobs": 2}])
def test_a_model_without_probabilities_does_not_mention_them(body: Body) -> None:
    assert "logprobs" not in plain(body, HIDING)["choices"][0]
    assert not any("logprobs" in choice for choice in choices_of(streamed(body, HIDING))[0])


def test_probabilities_are_spelled_as_the_profile_spells() -> None:
    said = b"".join(events({"logprobs": True, "messages": user("你好")}))
    assert ("你好".encode() in said, b"\\u" in said) == (True, False)


@pytest.mark.parametrize("form", ["wav", "mp3", "pcm16"])
def test_what_is_spoken_stands_beside_its_transcript_and_in_place_of_the_content(form: str) -> None:
    body = {**SPOKEN, "audio": {"voice": "alloy", "format": form}}
    answer, (said,) = plain(body, SPEAKING), said_to(body, SPEAKING)
    spoken = answer["choices"][0]["message"]
    assert (spoken["content"], spoken["audio"]["transcript"]) == (None, said.text)
    assert base64.b64decode(spoken["audio"]["data"])
    assert spoken["audio"]["expires_at"] == answer["created"] + 3600


@pytest.mark.parametrize("model", [SPEAKING, QUIET])
@pytest.mark.parametrize("asked", [{}, {"modalities": ["text"]}, {"modalities": None}])
def test_nothing_is_spoken_unless_asked_for(asked: Body, model: Model) -> None:
    assert "audio" not in message(asked, model)


def test_a_model_that_cannot_speak_writes() -> None:
    assert "audio" not in message(SPOKEN, QUIET)


def sounding(delta: Any) -> str:
    """Which part of an answer in sound a delta is."""
    return "+".join(delta.get("audio") or [key for key in delta if key != "refusal"])


def test_a_streamed_sound_is_said_then_heard_and_ends_after_the_usage() -> None:
    frames = streamed(SPOKEN, SPEAKING)
    order = [sounding(frame["choices"][0]["delta"]) if frame["choices"] else "usage" for frame in frames]
    said = len(pieces(said_to(SPOKEN, SPEAKING)[0].text))
    assert order == ["role", "id+transcript", *["transcript"] * (said - 1), "data", "usage", "expires_at"]


def test_a_sound_has_the_same_id_and_end_streamed_and_at_once() -> None:
    whole = message(SPOKEN, SPEAKING)["audio"]
    spoken = [delta["audio"] for delta in deltas(streamed(SPOKEN, SPEAKING)) if "audio" in delta]
    found = {key: part[key] for part in spoken for key in ("id", "expires_at") if key in part}
    assert found == {"id": whole["id"], "expires_at": whole["expires_at"]}


def test_a_streamed_sound_has_no_usage_that_was_not_asked_for() -> None:
    frames = streamed({**SPOKEN, "stream_options": {}}, SPEAKING)
    assert [len(frame["choices"]) for frame in frames] == [1] * len(frames)
    assert not any("usage" in frame for frame in frames)


def test_the_transcript_of_a_streamed_sound_is_what_is_said() -> None:
    spoken = [delta["audio"] for delta in deltas(streamed(SPOKEN, SPEAKING)) if "audio" in delta]
    assert "".join(part.get("transcript", "") for part in spoken) == said_to(SPOKEN, SPEAKING)[0].text


def test_the_sdk_knows_every_key_of_a_sound() -> None:
    assert unknown_to(ChatCompletion, plain(SPOKEN, SPEAKING)) == set()
    assert set().union(*(unknown_to(ChatCompletionChunk, each) for each in streamed(SPOKEN, SPEAKING))) == set()


def test_what_is_spoken_is_counted_as_sound() -> None:
    usage = plain(SPOKEN, SPEAKING)["usage"]
    assert usage["completion_tokens_details"]["audio_tokens"] == usage["completion_tokens"] > 0


def test_a_model_that_speaks_calls_tools_in_writing() -> None:
    body = {**SPOKEN, **BODIES["a tool call"]}
    said = message(body, SPEAKING)
    assert ("audio" in said, len(said["tool_calls"])) == (False, 1)
    assert streamed({**body, "stream_options": {}}, SPEAKING)[-1]["choices"][0]["finish_reason"] == "tool_calls"


@pytest.mark.parametrize(
    ("wanted", "served"),
    [
        (None, "default"),
        ("auto", "default"),
        ("default", "default"),
        ("flex", "flex"),
        ("priority", "priority"),
        ("fast", "priority"),
        ("scale", "scale"),
        ([], "default"),
    ],
)
def test_a_request_is_served_in_the_tier_that_it_wants(wanted: Any, served: str) -> None:
    body = {"service_tier": wanted}
    assert tier(wanted) == plain(body)["service_tier"] == served
    assert {frame["service_tier"] for frame in streamed(body)} == {served}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"stream": False, "usage_asked": False, "obfuscated": True, "alternatives": None, "legacy": False}),
        ({"stream": True}, {"stream": True}),
        ({"stream": 1}, {"stream": False}),
        ({"stream": None}, {"stream": False}),
        ({"stream_options": {"include_usage": True}}, {"usage_asked": True}),
        ({"stream_options": {"include_usage": 1}}, {"usage_asked": False}),
        ({"stream_options": []}, {"usage_asked": False}),
        ({"stream_options": {"include_obfuscation": False}}, {"obfuscated": False}),
        ({"logprobs": True}, {"alternatives": 0}),
        ({"logprobs": True, "top_logprobs": 5}, {"alternatives": 5}),
        ({"logprobs": True, "top_logprobs": 99}, {"alternatives": 20}),
        ({"top_logprobs": 5}, {"alternatives": None}),
        ({"functions": [{"name": "f"}]}, {"legacy": True}),
        ({"functions": [{"name": "f"}], "tools": []}, {"legacy": False}),
        (SPOKEN, {"sound": ""}),
    ],
)
def test_a_request_is_read(body: Body, expected: dict[str, Any]) -> None:
    found = asked_for({"stream_options": None, **body})
    assert {key: getattr(found, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (SPOKEN, "wav"),
        ({"modalities": ["audio"], "audio": {"format": "mp3"}}, "mp3"),
        ({"modalities": ["audio"]}, "wav"),
        ({"modalities": ["text"], "audio": {"format": "mp3"}}, ""),
        ({}, ""),
    ],
)
def test_the_form_of_a_sound_is_read(body: Body, form: str) -> None:
    assert asked_for(body, SPEAKING).sound == form


def function(name: str, **more: Any) -> dict[str, Any]:
    """A function tool."""
    return {"type": "function", "function": {"name": name, **more}}


def custom(name: str, **more: Any) -> dict[str, Any]:
    """A custom tool."""
    return {"type": "custom", "custom": {"name": name, **more}}


def grammar(syntax: str) -> dict[str, Any]:
    """The format of a custom tool."""
    return {"type": "grammar", "grammar": {"syntax": syntax, "definition": "[a-z]+"}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"tools": (), "tool_choice": "auto", "parallel": True, "shape": "text", "schema": None, "limit": None}),
        ({"tool_choice": "required"}, {"tool_choice": "required"}),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, {"tool_choice": "f"}),
        ({"tool_choice": custom("f")}, {"tool_choice": "f"}),
        ({"tool_choice": {"type": "auto"}}, {"tool_choice": "auto"}),
        ({"tool_choice": 5}, {"tool_choice": "auto"}),
        ({"tool_choice": None}, {"tool_choice": "auto"}),
        ({"function_call": "none"}, {"tool_choice": "none"}),
        ({"function_call": {"name": "f"}}, {"tool_choice": "f"}),
        ({"tools": "none"}, {"tools": ()}),
        ({"tools": [None, {"type": "function"}, {"function": {"name": 5}}]}, {"tools": ()}),
        (
            {"tools": [function("f", description="d", parameters={"type": "object"})]},
            {"tools": (Tool("f", "d", {"type": "object"}),)},
        ),
        ({"tools": [custom("c", description="d")]}, {"tools": (Tool("c", "d", custom=True),)}),
        (
            {"tools": [custom("c", format=grammar("regex"))]},
            {"tools": (Tool("c", custom=True, pattern="[a-z]+"),)},
        ),
        ({"tools": [custom("c", format=grammar("lark"))]}, {"tools": (Tool("c", custom=True),)}),
        ({"tools": [custom("c", format={"type": "text"})]}, {"tools": (Tool("c", custom=True),)}),
        ({"functions": [{"name": "f"}, None, {}]}, {"tools": (Tool("f"),), "parallel": False}),
        ({"parallel_tool_calls": False}, {"parallel": False}),
        ({"parallel_tool_calls": None}, {"parallel": True}),
        ({"max_tokens": 5}, {"limit": 5}),
        ({"max_completion_tokens": 7, "max_tokens": 5}, {"limit": 7}),
        ({"max_tokens": 0}, {"limit": None}),
        ({"max_tokens": "5"}, {"limit": None}),
        ({"max_tokens": True}, {"limit": None}),
        ({"n": 3}, {"choices": 3}),
        ({"n": 0}, {"choices": 1}),
        ({"n": 1000}, {"choices": 128}),
        ({"n": True}, {"choices": 1}),
        ({"stop": "x"}, {"stop": ("x",)}),
        ({"stop": ["x", "", None, "y"]}, {"stop": ("x", "y")}),
        ({"stop": None}, {"stop": ()}),
        ({"prediction": {"type": "content", "content": "abc"}}, {"prediction": "abc"}),
        ({"prediction": {"content": [{"type": "text", "text": "abc"}]}}, {"prediction": "abc"}),
        ({"prediction": None}, {"prediction": ""}),
        ({"response_format": {"type": "json_object"}}, {"shape": "json_object"}),
        ({"response_format": "json"}, {"shape": "text"}),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}},
            {"shape": "json_schema", "schema": {"type": "object"}},
        ),
    ],
)
def test_what_is_asked_for_is_read(body: Body, expected: dict[str, Any]) -> None:
    asked = asked_for(body).asked
    assert {key: getattr(asked, key) for key in expected} == expected


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize(("mode", "choice"), [("auto", "auto"), ("required", "required"), (None, "auto")])
def test_only_tools_that_are_allowed_may_be_called(mode: str | None, choice: str, nested: bool) -> None:
    allowed = {"mode": mode, "tools": [function("b"), custom("c")]}
    told: Body = {"type": "allowed_tools", "allowed_tools": allowed} if nested else {"allowed_tools": allowed}
    asked = asked_for({"tools": [function("a"), function("b"), custom("c")], "tool_choice": told}).asked
    assert ([tool.name for tool in asked.tools], asked.tool_choice) == (["b", "c"], choice)


@pytest.mark.parametrize(
    "allowed",
    [
        None,
        [],
        {},
        {"tools": None},
        {"tools": [None]},
        {"tools": [{"function": 5}]},
        {"tools": 5},
        {"tools": [{"function": {"name": []}}]},
    ],
)
def test_where_no_tool_is_allowed_none_is_called(allowed: Any) -> None:
    asked = asked_for({"tools": TOOLS, "tool_choice": {"type": "allowed_tools", "allowed_tools": allowed}}).asked
    assert asked.tools == ()


@pytest.mark.parametrize(
    ("effort", "default", "hides"),
    [("high", None, True), (None, "none", False), ("none", "high", False), (None, "medium", True)],
)
def test_the_effort_of_the_request_goes_before_that_of_the_model(effort: Any, default: str, hides: bool) -> None:
    model = Model(thinks="hidden", effort=default)
    assert bool(asked_for({"reasoning_effort": effort}, model).asked.hidden) == hides


def test_a_model_may_answer_under_another_name() -> None:
    model = Model(owner="x", answers_as="m-2026")
    assert asked_for({}, model).model == "m-2026"


@pytest.mark.parametrize(
    ("habit", "told", "expected"),
    [
        ("never", "enabled", False),
        ("hidden", "enabled", False),
        ("always", "disabled", True),
        ("unless_told", None, True),
        ("unless_told", "disabled", False),
        ("unless_told", "enabled", True),
        ("unless_told", "odd", True),
        ("if_told", None, False),
        ("if_told", "enabled", True),
        ("if_told", "disabled", False),
        ("if_told", ["enabled"], False),
    ],
)
def test_a_model_reasons_by_its_habit_and_as_it_is_told(habit: Any, told: Any, expected: bool) -> None:
    chat = profile("deepseek-like").chat
    body = {} if told is None else {"thinking": {"type": told}}
    assert thinks(body, Model(owner="x", thinks=habit), chat) is expected


@pytest.mark.parametrize("body", [{"thinking": None}, {"thinking": "enabled"}, {"thinking": []}, {"thinking": {}}])
def test_a_switch_that_is_not_where_it_belongs_tells_nothing(body: Body) -> None:
    assert thinks(body, Model(owner="x", thinks="if_told"), profile("deepseek-like").chat) is False
