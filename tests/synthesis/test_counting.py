"""Tokens of a request and its replies: everything is counted once, and what a script says of them goes first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.profiles.schema import Model, Tokens
from mockprovider.synthesis.asked import Asked, Tool
from mockprovider.synthesis.calling import Call
from mockprovider.synthesis.counting import counted, hidden_thought, prompt_tokens
from mockprovider.synthesis.reply import Reply, replies
from mockprovider.synthesis.tokens import pieces
from tests.strategies import law, texts
from tests.synthesis.asking import TIME, WEATHER, asked_anything, asking

TOKENS = Tokens(characters_per_token=4.0, overhead_per_message=3)
HIDDEN = Model(thinks="hidden")


def counts(*said: Reply, asked: Asked | None = None, **others: Any) -> Mapping[str, Any]:
    """The counts of an answer to a request."""
    return counted(asked or asking(), said, TOKENS, **others)


def prompt(*messages: dict[str, Any], tools: tuple[Tool, ...] = ()) -> int:
    """How many tokens these messages have."""
    return prompt_tokens(Asked(messages, tools), TOKENS)


@law()
@given(asked_anything)
def test_the_total_is_prompt_and_completion(asked: Asked) -> None:
    found = counts(*replies(asked, "x"), asked=asked)
    assert found["total_tokens"] == found["prompt_tokens"] + found["completion_tokens"]


@law()
@given(asked_anything)
def test_no_part_of_the_completion_is_larger_than_it(asked: Asked) -> None:
    found = counts(*replies(asked, "x"), asked=asked)
    assert 0 <= found["reasoning_tokens"] <= found["completion_tokens"]
    assert found["audio_tokens"] == 0


@law()
@given(asked_anything)
def test_the_prompt_is_counted_the_same_whatever_is_said_to_it(asked: Asked) -> None:
    found = counts(*replies(asked, "x"), asked=asked)
    assert found["prompt_tokens"] == counts(Reply(), asked=asked)["prompt_tokens"] == prompt_tokens(asked, TOKENS)


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ((), 0),
        (({"role": "user"},), 3),
        (({"role": "user", "content": "12345678"},), 5),
        (({"role": "user", "content": [{"type": "text", "text": "12345678"}]},), 5),
        (({"role": "user", "content": "1234"}, {"role": "assistant", "content": "1234"}), 8),
        (({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x" * 999}}]},), 88),
        (({"role": "user", "content": [{"type": "input_image"}, {"type": "input_image"}]},), 173),
        (({"role": "user", "content": [None, 5, {"type": None}]},), 3),
        (({"role": "assistant", "content": None, "tool_calls": ["abcd"]},), 5),
    ],
)
def test_a_prompt_is_its_texts_images_and_calls_and_something_for_each_message(
    messages: tuple[dict[str, Any], ...], expected: int
) -> None:
    assert prompt(*messages) == expected


def test_each_tool_makes_a_prompt_longer() -> None:
    said = {"role": "user", "content": "Hello"}
    assert prompt(said) < prompt(said, tools=(TIME,)) < prompt(said, tools=(TIME, WEATHER))


@pytest.mark.parametrize(
    ("said", "completion"),
    [
        ((Reply(),), 0),
        ((Reply("one two"),), 2),
        ((Reply("one two"), Reply("three")), 3),
        ((Reply(refusal="No, sorry."),), 4),
        ((Reply("", calls=(Call("f", "{}"),)),), 2),
        ((Reply("one", thinking="two three"),), 3),
        ((Reply("one", hidden=64),), 65),
        ((Reply("one", hidden=64), Reply("two", hidden=64)), 130),
    ],
)
def test_the_completion_is_all_that_is_said_in_all_choices_reasoning_too(
    said: tuple[Reply, ...], completion: int
) -> None:
    assert counts(*said)["completion_tokens"] == completion


@pytest.mark.parametrize(("said", "thought"), [(Reply("x", "a b"), 2), (Reply("x", hidden=64), 64), (Reply("x"), 0)])
def test_reasoning_is_counted_shown_or_not(said: Reply, thought: int) -> None:
    assert counts(said)["reasoning_tokens"] == thought


@pytest.mark.parametrize(
    ("prediction", "accepted", "rejected"),
    [("", 0, 0), ("one two three", 3, 0), ("one two four", 2, 1), ("zero", 0, 1), ("one two three four five", 3, 2)],
)
def test_a_prediction_comes_true_as_far_as_it_agrees_with_the_text(
    prediction: str, accepted: int, rejected: int
) -> None:
    found = counts(Reply("one two three"), asked=asking(prediction=prediction))
    assert (found["accepted_tokens"], found["rejected_tokens"]) == (accepted, rejected)


@law()
@given(texts, texts)
def test_what_did_not_come_true_of_a_prediction_is_paid_for_beside_what_is_said(text: str, prediction: str) -> None:
    found = counts(Reply(text), asked=asking(prediction=prediction))
    assert found["accepted_tokens"] + found["rejected_tokens"] == len(pieces(prediction))
    assert found["completion_tokens"] == len(pieces(text)) + found["rejected_tokens"]


def test_what_is_spoken_is_counted_as_sound_but_for_the_reasoning() -> None:
    found = counts(Reply("one two", hidden=64), spoken=True)
    assert (found["completion_tokens"], found["audio_tokens"], found["text_tokens"]) == (66, 2, 0)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 1000}, (1000, 2, 1002)),
        ({"completion_tokens": 500}, (5, 500, 505)),
        ({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 7}, (1, 2, 7)),
        ({"total_tokens": 99}, (5, 2, 99)),
        ({"cached_tokens": 4}, (5, 2, 7)),
    ],
)
def test_a_scripted_usage_goes_before_what_was_counted_and_the_total_follows_it(
    usage: dict[str, int], expected: tuple[int, int, int]
) -> None:
    found = counts(Reply("one two", usage=usage))
    assert (found["prompt_tokens"], found["completion_tokens"], found["total_tokens"]) == expected
    assert {name: found[name] for name in usage} == usage


@pytest.mark.parametrize("name", ["cached_tokens", "reasoning_tokens", "audio_tokens", "accepted_tokens"])
def test_every_count_can_be_scripted(name: str) -> None:
    assert counts(Reply("one", usage={name: 7}))[name] == 7


@pytest.mark.parametrize(
    ("model", "effort", "hides"),
    [
        (HIDDEN, "high", True),
        (HIDDEN, "low", True),
        (HIDDEN, None, True),
        (HIDDEN, "minimal", False),
        (HIDDEN, "none", False),
        (Model(), "high", False),
        (Model(thinks="always"), "high", False),
    ],
)
def test_a_model_thinks_in_silence_by_its_habit_and_the_effort(model: Model, effort: Any, hides: bool) -> None:
    assert bool(hidden_thought(asking(), effort, model).hidden) == hides


@law()
@given(st.text(max_size=30))
def test_silent_thought_is_a_multiple_of_64_tokens_and_the_same_for_the_same_request(text: str) -> None:
    thought = hidden_thought(asking(text), "high", HIDDEN)
    assert (thought.hidden % 64, thought.hidden > 0) == (0, True)
    assert thought == hidden_thought(asking(text), "low", HIDDEN) == replace(asking(text), hidden=thought.hidden)
