"""Legacy completions in the baseline's frames: streamed and whole say the same."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from openai.types import Completion

from mockprovider import sse
from mockprovider.profiles.loading import BASELINE, load
from mockprovider.profiles.schema import Model
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.completions import CompletionRequest, CompletionWriter, read
from mockprovider.synthesis.reply import Reply
from mockprovider.synthesis.tokens import pieces
from tests.synthesis.judging import unknown_to

PROFILE = load(BASELINE)
MODEL = Model(serves="completions", answers_as="m:1")
BODIES: Mapping[str, Mapping[str, Any]] = {
    "a text": {},
    "a text cut at the default": {"max_tokens": None},
    "a text cut short": {"max_tokens": 3},
    "nothing at all": {"max_tokens": 0},
    "what stands before a suffix": {"suffix": "return a"},
    "several choices": {"n": 3},
    "several prompts": {"prompt": ["one", "two"], "n": 2},
    "tokens": {"prompt": [[1, 2], [3]]},
    "an echo": {"echo": True},
    "an echo and nothing more": {"echo": True, "max_tokens": 0},
    "a text up to a stop": {"stop": "said"},
    "a text up to the first of several stops": {"stop": ["mockprovider", "said"]},
    "probabilities": {"logprobs": 2},
    "probabilities of the most likely alone": {"logprobs": 0},
    "probabilities with an echo": {"logprobs": 1, "echo": True},
    "probabilities of nothing": {"logprobs": 1, "max_tokens": 0},
    "an odd text": {"prompt": 'naïve 你好 😀 "quoted" \\ \n \ud800'},
}
every_body = pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)


def asking(body: Mapping[str, Any]) -> CompletionRequest:
    whole = {"prompt": "Say hello", "max_tokens": 100, **body}
    prompts = [whole["prompt"]] if isinstance(whole["prompt"], str) else whole["prompt"]
    assert PROFILE.completions is not None
    return read(whole, prompts, "m", MODEL, PROFILE.completions)


def writer() -> CompletionWriter:
    assert PROFILE.completions is not None
    return CompletionWriter(PROFILE.completions, PROFILE.tokens, "openai")


def plain(body: Mapping[str, Any], scripted: Reply | None = None) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(writer().plain(asking(body), Chance(b"x"), scripted))
    return value


def choice(body: Mapping[str, Any]) -> tuple[str, str]:
    """The text and the finish reason of the first choice."""
    first = plain(body)["choices"][0]
    return first["text"], first["finish_reason"]


def streamed(body: Mapping[str, Any], scripted: Reply | None = None) -> list[dict[str, Any]]:
    """The frames of an answer that is streamed."""
    events = writer().stream(asking(body), Chance(b"x"), scripted)
    found = [frame.data for event in events for frame in sse.frames(event)]
    assert found[-1] == "[DONE]"
    return [json.loads(data) for data in found[:-1] if data is not None]


@every_body
def test_streamed_pieces_joined_are_what_is_said_at_once(body: Mapping[str, Any]) -> None:
    said: dict[int, list[Any]] = {}
    for frame in streamed(body):
        for part in frame["choices"]:
            known = said.setdefault(part["index"], ["", []])
            known[0] += part["text"]
            known[1].append(part["finish_reason"])
    at_once = {part["index"]: (part["text"], part["finish_reason"]) for part in plain(body)["choices"]}
    assert {index: (text, reasons[-1]) for index, (text, reasons) in said.items()} == at_once
    assert all(not any(reasons[:-1]) for _, reasons in said.values())


@every_body
def test_usage_is_the_same_streamed_and_at_once_and_adds_up(body: Mapping[str, Any]) -> None:
    usage = plain(body)["usage"]
    asked = streamed({**body, "stream_options": {"include_usage": True}})
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert (asked[-1]["usage"], asked[-1]["choices"]) == (usage, [])


def test_usage_is_null_in_every_other_frame_if_asked_for_and_absent_if_not() -> None:
    asked = streamed({"stream_options": {"include_usage": True}})
    assert {frame["usage"] for frame in asked[:-1]} == {None}
    assert not any("usage" in frame for frame in streamed({}))


@every_body
def test_all_frames_are_of_one_answer(body: Mapping[str, Any]) -> None:
    ids = {(frame["id"], frame["created"], frame["model"], frame["object"]) for frame in streamed(body)}
    ((ident, _, model, kind),) = ids
    assert (ident[:5], len(ident), model, kind) == ("cmpl-", 34, "m:1", "text_completion")


@every_body
def test_nothing_of_a_form_is_left(body: Mapping[str, Any]) -> None:
    assert "$" not in json.dumps([plain(body), streamed(body)])


def test_each_prompt_has_its_choices_in_order() -> None:
    choices = plain({"prompt": ["first", "second"], "n": 2})["choices"]
    assert [part["index"] for part in choices] == [0, 1, 2, 3]
    assert ["first" in part["text"] for part in choices] == [True, True, False, False]


def test_a_text_mentions_the_prompt_and_ends_of_itself() -> None:
    text, finish = choice({"prompt": "Say zebra"})
    assert ("zebra" in text, finish) == (True, "stop")


def test_a_text_is_cut_at_the_profiles_limit_unless_told_otherwise() -> None:
    assert PROFILE.completions is not None
    assert (plain({"max_tokens": None})["usage"]["completion_tokens"], choice({"max_tokens": None})[1]) == (
        PROFILE.completions.max_tokens,
        "length",
    )


def test_what_is_filled_in_mentions_both_sides_of_the_gap() -> None:
    text, _ = choice({"prompt": "def fib(a):", "suffix": "    return b"})
    assert "def fib(a):" in text
    assert "return b" in text


def test_a_text_ends_before_the_first_stop() -> None:
    whole, _ = choice({})
    assert choice({"stop": ["hello", "said"]}) == (whole[: whole.index("said")], "stop")


def test_a_stop_beyond_the_limit_makes_no_difference() -> None:
    assert choice({"stop": "mockprovider", "max_tokens": 3}) == (choice({"max_tokens": 3})[0], "length")


def test_an_empty_stop_makes_no_difference() -> None:
    assert choice({"stop": ["", "no such text"]}) == choice({})


def test_an_echo_comes_before_the_text_and_is_not_counted() -> None:
    text, _ = choice({})
    echoed = plain({"echo": True})
    assert echoed["choices"][0]["text"] == f"Say hello{text}"
    assert echoed["usage"] == plain({})["usage"]


def test_an_echo_alone_is_the_prompt() -> None:
    assert choice({"echo": True, "max_tokens": 0}) == ("Say hello", "length")


def test_the_same_request_and_chance_give_the_same_bytes() -> None:
    assert writer().stream(asking({}), Chance(b"1")) == writer().stream(asking({}), Chance(b"1"))
    assert writer().plain(asking({}), Chance(b"1")) != writer().plain(asking({}), Chance(b"2"))


@every_body
def test_the_sdk_knows_every_key_of_a_body(body: Mapping[str, Any]) -> None:
    assert unknown_to(Completion, plain(body)) == set()


ODDS = {what: body for what, body in BODIES.items() if what.startswith("probabilities")}
every_odds = pytest.mark.parametrize("body", ODDS.values(), ids=ODDS)


@every_odds
def test_probabilities_are_of_each_token_of_the_text_that_is_sent(body: Mapping[str, Any]) -> None:
    (part,) = plain(body)["choices"]
    odds = part["logprobs"]
    assert "".join(odds["tokens"]) == part["text"]
    assert {len(row) for row in odds["top_logprobs"]} <= {body["logprobs"]}


@every_odds
def test_probabilities_are_the_same_streamed_piece_by_piece(body: Mapping[str, Any]) -> None:
    (part,) = plain(body)["choices"]
    pieced = [frame["choices"][0]["logprobs"] for frame in streamed(body)]
    assert pieced.pop() is None
    assert {name: [value for each in pieced for value in each[name]] for name in part["logprobs"]} == part["logprobs"]
    assert all(len(each["tokens"]) == 1 for each in pieced)


def test_probabilities_that_nobody_asked_for_are_null() -> None:
    assert plain({})["choices"][0]["logprobs"] is None
    assert {frame["choices"][0]["logprobs"] for frame in streamed({})} == {None}


def test_probabilities_are_spelled_as_the_profile_spells() -> None:
    said = b"".join(writer().stream(asking({"prompt": "你好", "logprobs": 1}), Chance(b"x")))
    assert ("你好".encode() in said, b"\\u4f60" in said) == (True, False)


SCRIPTED = Reply("It is said.", finish="length")


def test_what_a_script_says_is_said_in_every_choice() -> None:
    choices = plain({"prompt": ["a", "b"], "n": 2, "max_tokens": 2}, SCRIPTED)["choices"]
    assert [(part["text"], part["finish_reason"]) for part in choices] == [("It is said.", "length")] * 4


def test_what_a_script_says_is_streamed_and_counted() -> None:
    frames = streamed({"stream_options": {"include_usage": True}}, SCRIPTED)
    assert "".join(part["text"] for frame in frames for part in frame["choices"]) == "It is said."
    assert frames[-1]["usage"]["completion_tokens"] == len(pieces("It is said."))
