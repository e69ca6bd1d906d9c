"""Refusals: why they came, and when two of them say the same."""

from typing import Any

import pytest

from mockprovider.truth.recordings import Answer
from mockprovider.truth.refusals import READABLE, agreement, blank, cause_of, may_answer
from tests.truth.taking import JSON, chat, recorded


@pytest.mark.parametrize(
    ("status", "message", "cause"),
    [
        (401, "Incorrect API key provided: sk-1", "key"),
        (400, "API key not valid. Please pass a valid API key.", "key"),
        (403, "You are not allowed to sample from this model", "key"),
        (402, "Insufficient Balance", "balance"),
        (429, "You exceeded your current quota, please check your plan and billing details.", "balance"),
        (429, "Rate limit exceeded", "rate"),
        (500, "The server had an error", "server"),
        (503, "Overloaded", "server"),
        (404, "The model `x` does not exist or you do not have access to it.", "model"),
        (400, "Invalid model: x", "model"),
        (404, "No endpoints found that support tool use", "request"),
        (404, "Resource not found", "path"),
        (405, "Method Not Allowed", "path"),
        (400, "Unsupported parameter: 'stop' is not supported with this model.", "request"),
        (422, "Input should be 'function'", "request"),
    ],
)
def test_the_cause_is_read_from_status_and_text(status: int, message: str, cause: str) -> None:
    assert cause_of(recorded(chat(), {"detail": message}, status)) == cause


@pytest.mark.parametrize(
    ("kind", "cause", "may"),
    [
        ("rate_limited", "rate", True),
        ("rate_limited_tokens", "rate", True),
        ("invalid_key", "key", True),
        ("invalid_key", "rate", False),
        ("unsupported_parameter", "server", False),
    ],
)
def test_only_a_refusal_of_its_kind_may_answer(kind: str, cause: str, *, may: bool) -> None:
    assert may_answer(kind, cause) == may
    assert cause not in READABLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The model `a` does not exist", "The model `b-2` does not exist"),
        ("at most 12 tokens, not 1,300", "at most 4096 tokens, not 5000"),
        ("Your api key: ****iKey is invalid", "Your api key: ****abcd is invalid"),
        ("Incorrect API key provided: test. Look here", "Incorrect API key provided: sk-mock-1. Look here"),
        ("request req_011CX failed", "request req_98ZZa failed"),
        ("'n' must be below 3", "'seed' must be below 9"),
        ("otter-large is gone", "otter-small is gone"),
    ],
)
def test_texts_are_alike_that_differ_in_what_was_asked(one: str, other: str) -> None:
    assert blank(one, "otter-large") == blank(other, "otter-small")


@pytest.mark.parametrize(
    ("one", "other"),
    [("no such model", "no such route"), ("it doesn't fit, it can't", "it won't fit, it can't"), ("a.b", "a.c")],
)
def test_texts_are_not_alike_that_say_something_else(one: str, other: str) -> None:
    assert blank(one) != blank(other)


SAID = {"error": {"message": "Wrong `x`", "type": "bad", "code": "1211", "param": None}}


@pytest.mark.parametrize(
    ("body", "shape", "text"),
    [
        (SAID, True, True),
        ({"error": {**SAID["error"], "message": "Wrong `y`"}}, True, True),
        ({"error": {**SAID["error"], "message": "Bad `x`"}}, True, False),
        ({"error": {**SAID["error"], "code": "1212"}}, True, False),
        ({"error": {**SAID["error"], "param": "x"}}, False, False),
        ({"error": {key: value for key, value in SAID["error"].items() if key != "param"}}, False, False),
        (b"Wrong", False, False),
    ],
)
def test_refusals_agree_in_shape_and_text(body: Any, *, shape: bool, text: bool) -> None:
    found = agreement(recorded(chat(), SAID, 400), recorded(chat(), body, 400).answer)
    assert (found.shape, found.text, bool(found.why)) == (shape, text, not text)


def test_ids_need_not_be_alike_though_they_have_no_digit() -> None:
    one = recorded(chat(), {**SAID, "user_id": "user_XXXXXXXX"}, 400)
    assert agreement(one, recorded(chat(), {**SAID, "user_id": "user_abc"}).answer).text


def test_another_content_type_is_another_shape() -> None:
    answer = Answer(400, ((b"content-type", b"text/plain"),), recorded(chat(), SAID).answer.body)
    found = agreement(recorded(chat(), SAID, 400), answer)
    assert (found.shape, found.why) == (False, "content-type text/plain, recorded application/json")


def test_a_content_type_that_was_not_kept_is_not_compared() -> None:
    assert agreement(recorded(chat(), SAID, 400, headers=()), recorded(chat(), SAID).answer).text


def test_pages_agree_that_say_the_same() -> None:
    one = recorded(chat(), b"<h1>401</h1> ray 8f00ba12", 401, headers=())
    assert agreement(one, Answer(401, (), b"<h1>401</h1> ray 17bc9f00")).text
    assert not agreement(one, Answer(401, (), b"<h1>Gone</h1>")).text


def test_a_body_that_was_not_kept_is_not_compared() -> None:
    assert agreement(recorded(chat(), b"", 400), Answer(400, JSON, b"{}")).text


def test_a_body_that_was_empty_is_compared() -> None:
    empty = recorded(chat(), b"", 400, headers=(*JSON, (b"content-length", b"0")))
    assert not agreement(empty, Answer(400, JSON, b"{}")).shape
