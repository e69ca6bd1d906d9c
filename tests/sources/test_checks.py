"""What every request is held against first: that it is JSON, and what it must name."""

import json
from typing import Any

import pytest

from mockprovider.sources.checks import Refused, checked_messages, checked_model, named, parsed, typed


def kind(body: Any) -> str:
    """The kind of refusal of a body; "" where it is one."""
    try:
        parsed(body)
    except Refused as refused:
        return refused.kind
    return ""


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b' {"a": [1, 1.5, -0.0, 1e300, "\\ud83d", null, true]} ',
        b'{"a": 1, "a": 2}',
        b'{"a": %d}' % 10**400,
        '{"é": "😀"}'.encode(),
    ],
)
def test_a_json_object_is_a_body(body: bytes) -> None:
    assert parsed(body) == json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[]",
        b"null",
        b'"a"',
        b"\xff",
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e400}',
        b'{"a": -1e400}',
        b'{"a": 1' + b"0" * 5000 + b"}",
        b'{"a": "\t"}',
        b"{'a': 1}",
        b'{"a": 1,}',
        b"a=1&b=2",
    ],
    ids=range(17),
)
def test_anything_else_is_not(body: bytes) -> None:
    assert kind(body) == "invalid_json"


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("depth", [100, 400, 499])
def test_a_body_may_nest(depth: int, opening: bytes, closing: bytes) -> None:
    assert kind(b'{"a":' + opening * depth + b"1" + closing * depth + b"}") == ""


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("depth", [500, 900, 1000, 100_000])
def test_a_body_that_nests_without_end_is_not_read(depth: int, opening: bytes, closing: bytes) -> None:
    assert kind(b'{"a":' + opening * depth + b"1" + closing * depth + b"}") == "invalid_json"


def test_many_objects_side_by_side_do_not_nest() -> None:
    assert len(parsed(b'{"a": [' + b"{}," * 10_000 + b"{}]}")["a"]) == 10_001


def test_brackets_in_a_text_do_not_nest() -> None:
    assert kind(b'{"a": "' + b"[" * 10_000 + b'"}') == ""


def test_where_the_json_breaks_is_told() -> None:
    with pytest.raises(Refused) as refused:
        parsed(b'{"a":\n  nope}')
    assert refused.value.values == {"line": 2, "column": 3}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, "missing_model"),
        ({"model": None}, "missing_model"),
        ({"model": ""}, "missing_model"),
        ({"model": 7}, "wrong_type"),
        ({"model": []}, "wrong_type"),
    ],
)
def test_a_body_names_its_model(body: dict[str, Any], found: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_model(body)
    assert refused.value.kind == found
    assert checked_model({"model": "gpt-4o"}) == "gpt-4o"


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        (..., "missing_messages"),
        (None, "wrong_type"),
        ("a", "wrong_type"),
        ([], "empty_messages"),
        (["a"], "wrong_type"),
        ([{}], "missing_parameter"),
        ([{"role": 7}], "wrong_type"),
        ([{"role": "user"}, {"role": None}], "wrong_type"),
    ],
)
def test_a_chat_has_messages_each_with_a_role(messages: Any, found: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_messages({} if messages is ... else {"messages": messages})
    assert refused.value.kind == found


def test_true_is_no_number() -> None:
    with pytest.raises(Refused) as refused:
        typed({"n": True}, "n", int)
    assert refused.value.values["got"] == "a boolean"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [("a", "'a'"), ("ab", "'a' and 'b'"), ("abc", "'a', 'b', and 'c'"), ("abcd", "'a', 'b', 'c', and 'd'")],
)
def test_names_are_put_in_a_sentence(names: str, sentence: str) -> None:
    assert named(names, "and") == sentence
