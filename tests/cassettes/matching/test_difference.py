"""What a person is told of two requests that differ: the field, and in it the very place."""

import json
from typing import Any

import pytest

from mockprovider.cassettes.matching.difference import body_diff, differences, fields
from mockprovider.tape import Request

PROMPT = "You are a patient assistant who answers every question in full sentences. " * 20


def asked(content: Any, **body: Any) -> Request:
    return Request("POST", "/v1/x", body=json.dumps({"messages": [{"content": content}], **body}).encode())


def told(one: Request, other: Request) -> list[str]:
    return [str(each) for each in differences(fields(one), fields(other))]


def test_equal_requests_differ_in_nothing() -> None:
    assert told(asked("a", n=1), asked("a", n=1.0)) == []


@pytest.mark.parametrize(
    ("one", "other", "line"),
    [
        (asked("a"), asked("b"), 'body.messages.0.content: recorded "a", sent "b"'),
        (asked("a"), asked("a", n=1), "body.n: recorded nothing, sent 1"),
        (asked("a", n=None), asked("a"), "body.n: recorded null, sent nothing"),
        (asked("a"), asked(["a"]), 'body.messages.0.content: recorded "a", sent nothing'),
        (Request("GET", "/a"), Request("GET", "/b"), 'path: recorded "/a", sent "/b"'),
        (Request("GET", "/", "a=1"), Request("GET", "/", "a=2"), 'query: recorded "a=1", sent "a=2"'),
        (Request("PUT", "/", body=b"\xff"), Request("PUT", "/", body=b"x"), 'body: recorded "ÿ", sent "x"'),
    ],
)
def test_a_field_is_named_with_what_both_have_in_it(one: Request, other: Request, line: str) -> None:
    assert told(one, other)[0] == line


def test_of_a_long_text_the_part_is_shown_in_which_a_word_has_changed() -> None:
    (line,) = told(asked(PROMPT + "Is it raining in Paris today?"), asked(PROMPT + "Is it raining in Rome today?"))
    assert "Paris" in line
    assert "Rome" in line
    assert len(line) < 400


def test_the_diff_of_two_bodies_shows_the_changed_word_in_two_short_lines() -> None:
    one, other = asked(PROMPT + "In Paris?" + PROMPT), asked(PROMPT + "In Rome?" + PROMPT)
    changed = [line for line in body_diff(one, other, "0001-x.yaml").splitlines()[2:] if line[0] in "+-"]
    assert [("Paris" in line, "Rome" in line) for line in changed] == [(True, False), (False, True)]
    assert max(map(len, changed)) < 130


def test_an_added_message_does_not_make_all_that_follow_differ() -> None:
    one = Request("POST", "/", body=json.dumps({"messages": ["a", "b", "c"]}).encode())
    other = Request("POST", "/", body=json.dumps({"messages": ["new", "a", "b", "c"]}).encode())
    assert [line for line in body_diff(one, other, "x").splitlines()[2:] if line[0] in "+-"] == ['+    "new",']


def test_a_long_diff_ends_with_how_much_there_is_more() -> None:
    one, other = asked(list(range(500))), asked(list(range(1000, 1500)))
    lines = body_diff(one, other, "x").splitlines()
    assert len(lines) == 81
    assert lines[-1].startswith("... and ")


def test_of_bodies_longer_than_anybody_reads_no_diff_is_made() -> None:
    assert body_diff(asked("a" * 2**19), asked("b"), "x") == ""
