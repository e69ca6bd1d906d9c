"""Chat completions in every shipped profile's frames: streamed and whole say the same, no form shows."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given

from mockprovider import sse
from mockprovider.profiles.loading import load, shipped
from mockprovider.profiles.schema import Model, Profile
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.chat import ChatRequest, ChatWriter, read, thinks
from mockprovider.synthesis.reply import Reply, reply
from tests.strategies import law, surrogate_texts, texts

TOOLS = [
    {
        "type": "function",
        "function": {"name": "get_weather", "parameters": {"properties": {"city": {"type": "string"}}}},
    },
    {"type": "function", "function": {"name": "get_time", "parameters": {"properties": {"zone": {"type": "string"}}}}},
]
BODIES: Mapping[str, Mapping[str, Any]] = {
    "text": {},
    "a text of some length": {"messages": [{"role": "user", "content": 'Say 60 words, naïve 你好 😀 "quoted" \\ \n'}]},
    "a text cut short": {"max_tokens": 3},
    "several choices": {"n": 3},
    "a tool call": {"tools": TOOLS, "messages": [{"role": "user", "content": "The weather in Paris?"}]},
    "two tool calls": {"tools": TOOLS, "messages": [{"role": "user", "content": "The weather and the time in Paris?"}]},
    "tool calls in several choices": {
        "n": 2,
        "tools": TOOLS,
        "messages": [{"role": "user", "content": "The weather and the time in Paris?"}],
    },
    "a JSON object": {"response_format": {"type": "json_object"}},
}
QUIET, THINKING = Model(owner="x", fingerprint="fp_1"), Model(owner="x", thinks="always", logprobs=False)


def talking(name: str) -> list[Model]:
    """Models for a profile: one that does not reason, and one that does where the profile can show it."""
    return [QUIET, THINKING] if load(name).chat.stream.frames.thinking else [QUIET]


CASES = [
    pytest.param(name, model, body, id=f"{name}, {what}{', with reasoning' if model is THINKING else ''}")
    for name in shipped()
    for model in talking(name)
    for what, body in BODIES.items()
]
every_case = pytest.mark.parametrize(("name", "model", "body"), CASES)
every_profile = pytest.mark.parametrize("name", shipped())


def asking(profile: Profile, model: Model, body: Mapping[str, Any]) -> tuple[ChatRequest, Reply]:
    """A request with its usage asked for, and what is said to it."""
    whole = {
        "model": "m",
        "messages": [{"role": "user", "content": "Hello"}],
        "stream_options": {"include_usage": True},
        **body,
    }
    request = read(whole, "m", model, profile.chat)
    return request, reply(request.asked, profile.name)


def events(name: str, model: Model, body: Mapping[str, Any], material: bytes = b"x") -> list[bytes]:
    """The events of an answer that is streamed."""
    profile = load(name)
    return ChatWriter(profile).stream(*asking(profile, model, body), model, Chance(material))


def streamed(name: str, model: Model, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The frames of an answer that is streamed."""
    found = [frame.data for event in events(name, model, body) for frame in sse.frames(event)]
    return [json.loads(data) for data in found if data not in (None, "[DONE]")]


def plain(name: str, model: Model, body: Mapping[str, Any], material: bytes = b"x") -> dict[str, Any]:
    """The body of an answer that is not streamed."""
    profile = load(name)
    text = ChatWriter(profile).plain(*asking(profile, model, body), model, Chance(material))
    value: dict[str, Any] = json.loads(text)
    return value


Said = dict[str, Any]


def said_in(choices: list[dict[str, Any]], part: str) -> Said:
    """What the messages or deltas of one choice say, put together as a client does."""
    said: Said = {"content": "", "reasoning_content": "", "calls": {}, "finish": None}
    for choice in choices:
        for key in ("content", "reasoning_content"):
            said[key] += choice[part].get(key) or ""
        for number, call in enumerate(choice[part].get("tool_calls") or ()):
            known = said["calls"].setdefault(call.get("index", number), ["", ""])
            known[0] += call["function"].get("name") or ""
            known[1] += call["function"].get("arguments") or ""
        said["finish"] = choice.get("finish_reason") or said["finish"]
    return said


def choices_of(frames: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """The choices of the frames of a stream, by their index."""
    found: dict[int, list[dict[str, Any]]] = {}
    for frame in frames:
        for choice in frame["choices"]:
            found.setdefault(choice["index"], []).append(choice)
    return found


@every_case
def test_streamed_pieces_joined_are_what_is_said_at_once(name: str, model: Model, body: Mapping[str, Any]) -> None:
    at_once = {choice["index"]: said_in([choice], "message") for choice in plain(name, model, body)["choices"]}
    assert {
        index: said_in(parts, "delta") for index, parts in choices_of(streamed(name, model, body)).items()
    } == at_once


@every_case
def test_what_is_said_is_the_reply(name: str, model: Model, body: Mapping[str, Any]) -> None:
    _, said = asking(load(name), model, body)
    assert said_in(plain(name, model, body)["choices"][:1], "message") == {
        "content": said.text,
        "reasoning_content": said.thinking,
        "calls": {number: [call.name, call.arguments] for number, call in enumerate(said.calls)},
        "finish": said.finish,
    }


@every_case
def test_usage_is_the_same_streamed_and_at_once(name: str, model: Model, body: Mapping[str, Any]) -> None:
    counted = [frame["usage"] for frame in streamed(name, model, body) if frame.get("usage")]
    assert counted == [plain(name, model, body)["usage"]]


@every_case
def test_usage_adds_up(name: str, model: Model, body: Mapping[str, Any]) -> None:
    usage = plain(name, model, body)["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert min(usage["prompt_tokens"], usage["completion_tokens"]) > 0


@every_case
def test_an_event_is_one_closed_frame(name: str, model: Model, body: Mapping[str, Any]) -> None:
    found = [list(sse.frames(event)) for event in events(name, model, body)]
    assert all(len(frames) == 1 and frames[0].closed for frames in found)


@every_case
def test_the_stream_ends_as_the_profile_says(name: str, model: Model, body: Mapping[str, Any]) -> None:
    done = load(name).chat.stream.done.encode()
    said = events(name, model, body)
    assert Counter(said)[done] == bool(done)
    assert not done or said[-1] == done


@every_case
def test_a_choice_finishes_once_and_at_its_end(name: str, model: Model, body: Mapping[str, Any]) -> None:
    for parts in choices_of(streamed(name, model, body)).values():
        finished = [part["finish_reason"] is not None for part in parts]
        assert finished == [False] * (len(parts) - 1) + [True]


@every_case
def test_a_choice_begins_with_its_role(name: str, model: Model, body: Mapping[str, Any]) -> None:
    for parts in choices_of(streamed(name, model, body)).values():
        assert ["role" in part["delta"] for part in parts] == [True] + [False] * (len(parts) - 1)


@every_case
def test_there_are_as_many_choices_as_asked_for_numbered_from_0(
    name: str, model: Model, body: Mapping[str, Any]
) -> None:
    numbers = list(range(body.get("n", 1)))
    assert [choice["index"] for choice in plain(name, model, body)["choices"]] == numbers
    assert sorted(choices_of(streamed(name, model, body))) == numbers


@every_case
def test_all_frames_are_of_one_answer(name: str, model: Model, body: Mapping[str, Any]) -> None:
    frames = streamed(name, model, body)
    assert {(frame["id"], frame["created"], frame["model"], frame["object"]) for frame in frames} == {
        (frames[0]["id"], frames[0]["created"], "m", "chat.completion.chunk")
    }


@every_case
def test_a_tool_call_has_one_id_of_its_own(name: str, model: Model, body: Mapping[str, Any]) -> None:
    for choices in (plain(name, model, body)["choices"], *choices_of(streamed(name, model, body)).values()):
        ids = [
            call["id"]
            for choice in choices
            for call in choice.get("message", choice.get("delta")).get("tool_calls") or ()
            if "id" in call
        ]
        assert len(ids) == len(set(ids))
        assert all(ids)


@every_case
def test_nothing_of_a_form_is_left(name: str, model: Model, body: Mapping[str, Any]) -> None:
    for text in (b"".join(events(name, model, body)).decode(), json.dumps(plain(name, model, body))):
        assert "$" not in text
        assert "\\u0000" not in text


@every_case
def test_the_same_request_and_chance_give_the_same_bytes(name: str, model: Model, body: Mapping[str, Any]) -> None:
    assert events(name, model, body) == events(name, model, body)
    assert plain(name, model, body) == plain(name, model, body)


@every_profile
def test_another_chance_gives_another_id(name: str) -> None:
    assert len({plain(name, QUIET, {}, b"%d" % number)["id"] for number in range(20)}) == 20


@every_profile
def test_bytes_are_the_same_in_every_process(name: str) -> None:
    body = {"model": "m", "stream": True, "tools": TOOLS, "messages": [{"role": "user", "content": "weather and time"}]}
    code = f"""
from mockprovider.profiles.loading import load
from mockprovider.profiles.schema import Model
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.chat import ChatWriter, read
from mockprovider.synthesis.reply import reply
import sys
profile, model = load({name!r}), Model(owner="x", fingerprint="fp_1")
request = read({body!r}, "m", model, profile.chat)
answer = ChatWriter(profile).stream(request, reply(request.asked, profile.name), model, Chance(b"x"))
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
    answer = plain(name, QUIET, {"messages": [{"role": "user", "content": said}]})
    assert f"“{' '.join(said.split())}”" in answer["choices"][0]["message"]["content"]


@every_profile
@law(20)
@given(surrogate_texts)
def test_half_a_character_in_a_request_does_not_keep_the_answer_from_being_sent(name: str, text: str) -> None:
    body = {"messages": [{"role": "user", "content": text}]}
    assert plain(name, QUIET, body)["choices"][0]["finish_reason"] == "stop"
    assert b"".join(events(name, QUIET, body))


@every_profile
def test_beside_tool_calls_the_content_is_what_the_profile_says(name: str) -> None:
    message = plain(name, QUIET, BODIES["a tool call"])["choices"][0]["message"]
    assert message["content"] == load(name).chat.empty_content


@every_profile
@pytest.mark.parametrize("options", [{}, {"stream_options": None}, {"stream_options": {"include_usage": False}}])
def test_usage_that_was_not_asked_for_is_sent_only_where_the_provider_does_so(name: str, options: Any) -> None:
    stream = load(name).chat.stream
    frames = streamed(name, QUIET, {"stream_options": {}, **options})
    unasked = stream.usage_frame == "always" or "$usage" in json.dumps(stream.frames.finish).split('"')
    assert any(frame.get("usage") for frame in frames) == unasked


@every_profile
def test_obfuscation_goes_where_a_client_wants_none(name: str) -> None:
    frames = streamed(name, QUIET, {"stream_options": {"include_obfuscation": False}})
    assert not any("obfuscation" in frame for frame in frames)


def test_obfuscation_pads_frames_of_a_provider_that_has_it() -> None:
    padded = [frame["obfuscation"] for frame in streamed("openai", QUIET, BODIES["a text of some length"])]
    assert len(set(padded)) > len(padded) / 4


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"stream": False, "choices": 1, "usage_asked": False, "obfuscated": True}),
        ({"stream": True}, {"stream": True}),
        ({"stream": 1}, {"stream": False}),
        ({"stream": None}, {"stream": False}),
        ({"n": 3}, {"choices": 3}),
        ({"n": 0}, {"choices": 1}),
        ({"n": -1}, {"choices": 1}),
        ({"n": 1000}, {"choices": 128}),
        ({"n": True}, {"choices": 1}),
        ({"n": "3"}, {"choices": 1}),
        ({"stream_options": {"include_usage": True}}, {"usage_asked": True}),
        ({"stream_options": {"include_usage": 1}}, {"usage_asked": False}),
        ({"stream_options": []}, {"usage_asked": False}),
        ({"stream_options": {"include_obfuscation": False}}, {"obfuscated": False}),
    ],
)
def test_a_request_is_read(body: dict[str, Any], expected: dict[str, Any]) -> None:
    found = read({"messages": [{"role": "user"}], **body}, "m", QUIET, load("openai").chat)
    assert {key: getattr(found, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"tools": (), "tool_choice": "auto", "parallel": True, "shape": "text", "schema": None, "limit": None}),
        ({"tool_choice": "required"}, {"tool_choice": "required"}),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, {"tool_choice": "f"}),
        ({"tool_choice": {"type": "auto"}}, {"tool_choice": "auto"}),
        ({"tool_choice": 5}, {"tool_choice": "auto"}),
        ({"tools": "none"}, {"tools": ()}),
        ({"tools": [None, {"type": "function"}, {"function": {"name": 5}}]}, {"tools": ()}),
        ({"parallel_tool_calls": False}, {"parallel": False}),
        ({"max_tokens": 5}, {"limit": 5}),
        ({"max_completion_tokens": 7, "max_tokens": 5}, {"limit": 7}),
        ({"max_tokens": 0}, {"limit": None}),
        ({"max_tokens": "5"}, {"limit": None}),
        ({"max_tokens": True}, {"limit": None}),
        ({"response_format": {"type": "json_object"}}, {"shape": "json_object"}),
        ({"response_format": "json"}, {"shape": "text"}),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}},
            {"shape": "json_schema", "schema": {"type": "object"}},
        ),
    ],
)
def test_what_is_asked_for_is_read(body: dict[str, Any], expected: dict[str, Any]) -> None:
    asked = read({"messages": [{"role": "user"}], **body}, "m", QUIET, load("openai").chat).asked
    assert {key: getattr(asked, key) for key in expected} == expected


def test_a_model_may_answer_under_another_name() -> None:
    model = Model(owner="x", answers_as="m-2026")
    assert read({"messages": [{"role": "user"}]}, "m", model, load("openai").chat).model == "m-2026"


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
    chat = load("deepseek-like").chat
    body = {} if told is None else {"thinking": {"type": told}}
    assert thinks(body, Model(owner="x", thinks=habit), chat) is expected


@pytest.mark.parametrize("body", [{"thinking": None}, {"thinking": "enabled"}, {"thinking": []}, {"thinking": {}}])
def test_a_switch_that_is_not_where_it_belongs_tells_nothing(body: dict[str, Any]) -> None:
    assert thinks(body, Model(owner="x", thinks="if_told"), load("deepseek-like").chat) is False
