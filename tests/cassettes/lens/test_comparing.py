"""Two answers beside one another: what they mean, how they look, and their bytes."""

import json
from dataclasses import replace
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.lens.comparing import (
    FORM,
    MEANING,
    REQUEST,
    Point,
    compare,
    compare_bytes,
    form,
    hexdump,
    keys,
    meaning,
)
from mockprovider.tape import Cut, Exchange, Fidelity, Framing, Tape
from tests.strategies import exchanges, law
from tests.vectors.said import JSON, SSE, delta, events, exchange, message


def body(value: Any, **more: Any) -> Exchange:
    return exchange(json.dumps(value).encode(), headers=JSON, **more)


def points(group: str, *triples: tuple[str, Any, Any]) -> list[Point]:
    return [Point(group, *each) for each in triples]


_CALL = {"id": "call_1", "function": {"name": "f", "arguments": '{"a":1,"b":2}'}}


def called(**changes: Any) -> dict[str, Any]:
    return message(tool_calls=[{**_CALL, **changes}])


@pytest.mark.parametrize(
    ("one", "other", "what", "values"),
    [
        (message(content="a"), message(content="b"), "text", ("a", "b")),
        (message(reasoning="a"), message(), "reasoning", ("a", None)),
        (message(), message(refusal="No"), "refusal", (None, "No")),
        (message("stop"), message("length"), "finish reason", ("stop", "length")),
        (message(), {**message(), "model": "m-2"}, "model", ("m", "m-2")),
        (message(), {**message(), "usage": {"total_tokens": 3}}, "usage.total_tokens", (None, 3)),
        (message(), {**message(), "error": {"code": 7}}, "error.code", (None, 7)),
        (
            called(),
            called(function={"name": "f", "arguments": "{}"}),
            "tool calls",
            ([{"name": "f", "arguments": {"a": 1, "b": 2}}], [{"name": "f", "arguments": {}}]),
        ),
        ({"data": [{"embedding": [0.1]}]}, {"data": [{"embedding": [0.2]}]}, "body.0.data.0.embedding.0", (0.1, 0.2)),
        (
            {"results": [{"flagged": True}]},
            {"results": [{"flagged": False}]},
            "body.0.results.0.flagged",
            (True, False),
        ),
        (
            {"object": "list", "data": [{"id": "a", "object": "model"}]},
            {"object": "list", "data": [{"id": "b", "object": "model"}]},
            "models",
            (["a"], ["b"]),
        ),
    ],
)
def test_meaning_is_compared_part_by_part(one: Any, other: Any, what: str, values: tuple[Any, Any]) -> None:
    assert meaning(body(one), body(other)) == points(MEANING, (what, *values))


def test_a_status_means_something() -> None:
    assert meaning(body({"a": 1}), body({"a": 1}, status=503))[0] == Point(MEANING, "status", 200, 503)


def test_with_several_choices_each_point_names_its_own() -> None:
    one, other = (
        {"choices": [{"index": n, "message": {"content": w}} for n, w in enumerate(words)]} for words in ("ab", "ac")
    )
    assert meaning(body(one), body(other)) == points(MEANING, ("text of choice 1", "b", "c"))


def test_a_stream_and_a_body_may_mean_the_same() -> None:
    one = exchange(*events(delta(content="Hel"), delta(content="lo", finish="stop"), "[DONE]"))
    other = body(message(content="Hello"))
    assert meaning(one, other) == []
    assert Point(FORM, "streamed", True, False) in form(one, other)


_STAMPED = {**called(id="call_2"), "id": "chatcmpl-2", "created": 2, "system_fingerprint": "fp_2"}


def test_ids_times_and_fingerprints_are_passed_over_unless_asked_for() -> None:
    one = body({**called(), "id": "chatcmpl-1", "created": 1, "system_fingerprint": "fp_1", "usage": {"total_time": 1}})
    other = body({**_STAMPED, "usage": {"total_time": 2}})
    assert compare(one, other) == []
    marks = ["answer.created", "answer.id", "answer.system_fingerprint"]
    assert [each.what for each in compare(one, other, strict=True)] == ["tool calls", "usage.total_time", *marks]


def test_arguments_are_compared_as_JSON() -> None:  # noqa: N802
    spelt = {"name": "f", "arguments": '{ "b": 2, "a": 1 }'}
    assert meaning(body(called()), body(called(function=spelt))) == []


def test_what_is_no_json_is_compared_by_its_bytes() -> None:
    one, other = exchange(b"\xff\x00", headers=()), exchange(b"\xff\x01\x02", headers=())
    assert meaning(one, other) == points(MEANING, ("body", "2 bytes, b'\\xff\\x00'", "3 bytes, b'\\xff\\x01\\x02'"))


@pytest.mark.parametrize(
    ("one", "other", "point"),
    [
        ({"a": None}, {}, ("key a", "null", "absent")),
        ({"a": 1}, {"a": "1"}, ("key a", "a number", "a text")),
        ({"a": [{"b": 1}, {"b": 1}]}, {"a": [{"b": 1}, {}]}, ("key a.*.b", "a number", "a number, sometimes")),
        ({"a": [1]}, {"a": [None, 1]}, None),
        ({"a": {"b": {"c": 1}}}, {}, ("key a", "an object", "absent")),
        ({"type": "x", "a": 1}, {"type": "x"}, ("key (x) a", "a number", "absent")),
    ],
)
def test_keys_that_one_has_and_the_other_lacks_are_form(
    one: Any, other: Any, point: tuple[str, str, str] | None
) -> None:
    assert form(body(one), body(other)) == ([Point(FORM, *point)] if point else [])


def test_the_keys_of_a_stream_are_those_of_all_its_events() -> None:
    tape = exchange(*events({"a": None}, {"a": 1}, {"b": 1}, "[DONE]")).tape
    assert keys(tape) == {"a": "a number or null, sometimes", "b": "a number, sometimes"}


def test_headers_are_compared_by_name_in_any_case_and_what_always_differs_is_not() -> None:
    one = exchange(b"{}", headers=((b"Server", b"a"), (b"X-Request-Id", b"1"), (b"Date", b"now"), (b"x-a", b"1")))
    other = exchange(b"{}", headers=((b"server", b"b"), (b"x-request-id", b"2"), (b"X-A", b"1")))
    assert form(one, other) == points(FORM, ("header server", "a", "b"))
    strict = [each.what for each in form(one, other, strict=True)]
    assert strict == ["header date", "header server", "header x-request-id", "header names"]


def test_done_chunks_framing_and_ending_are_form() -> None:
    one = exchange(*events(delta(content="a"), "[DONE]"))
    assert one.tape.head is not None
    cut = Tape(replace(one.tape.head, framing=Framing.CLOSE), one.tape.chunks[:1], Cut(1.0))
    assert form(one, replace(one, tape=cut)) == points(
        FORM, ("[DONE]", True, False), ("chunks", 2, 1), ("framing", "chunked", "close"), ("ending", "complete", "cut")
    )


def test_what_was_lost_by_an_import_is_no_difference() -> None:
    one = exchange(*events(delta(content="a"), "[DONE]"))
    joined = exchange(one.tape.body)
    assert form(one, replace(joined, fidelity=Fidelity.BYTES)) == []
    assert form(replace(exchange(*events(delta(content="a"))), fidelity=Fidelity.TEXT), one) == []
    assert [each.what for each in form(one, joined)] == ["chunks"]


def test_what_was_asked_is_compared_first() -> None:
    one, other = (exchange(b"{}", asked={"model": "m", "n": n}) for n in (1, 2))
    assert compare(one, other) == points(REQUEST, ("body.n", 1, 2))


@law(60)
@given(exchanges(), st.booleans())
def test_every_exchange_equals_itself(any_: Exchange, strict: bool) -> None:
    assert compare(any_, any_, strict=strict) == []
    assert compare_bytes(any_, any_).equal


@law(60)
@given(exchanges(), exchanges())
def test_a_difference_is_one_from_either_side(one: Exchange, other: Exchange) -> None:
    there = {(each.group, each.what) for each in compare(one, other)}
    back = {(each.group, each.what) for each in compare(other, one)}
    assert there == back


_pieces = st.lists(st.binary(max_size=3), max_size=5)


@law(100)
@given(_pieces, _pieces)
def test_bytes_differ_first_where_they_begin_to_and_chunks_where_they_end(one: list[bytes], other: list[bytes]) -> None:
    found = compare_bytes(exchange(*one), exchange(*other))
    first, second = b"".join(one), b"".join(other)
    assert found.sizes == (len(first), len(second))
    if found.first is None:
        assert first == second
    else:
        assert first[: found.first] == second[: found.first]
        assert first[found.first : found.first + 1] != second[found.first : found.first + 1]
    ends, other_ends = ({*accumulate(map(len, each))} for each in (one, other))
    assert (set(found.only_one), set(found.only_other)) == (ends - other_ends, other_ends - ends)


def test_chunks_that_were_made_up_are_not_compared() -> None:
    one, other = exchange(b"ab", b"c", headers=SSE), exchange(b"abc", fidelity=Fidelity.BYTES)
    assert compare_bytes(one, other).equal


def test_a_hexdump_has_a_row_before_and_some_after() -> None:
    data = bytes(range(32, 132))
    assert hexdump(data, 40, rows=2) == [
        "00000010  30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f  |0123456789:;<=>?|",
        "00000020  40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f  |@ABCDEFGHIJKLMNO|",
    ]
    assert hexdump(data, 99)[-1] == "00000060  80 81 82 83" + " " * 38 + "|....|"
