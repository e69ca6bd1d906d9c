"""The grammar of a tape, and what can be read off one."""

import dataclasses
import math
import typing
from collections.abc import Sequence

import pytest
from hypothesis import given

from mockprovider.errors import TapeError
from mockprovider.tape import (
    ENDINGS,
    Abandoned,
    Chunk,
    Complete,
    Cut,
    Ending,
    Event,
    Exchange,
    Framing,
    Garbage,
    Hang,
    Head,
    Request,
    Reset,
    Tape,
    ending_name,
    header,
)
from tests import strategies
from tests.strategies import law, tapes

HEAD = Head(1.0, 200)


@law()
@given(tapes())
def test_the_events_of_a_tape_make_the_same_tape(tape: Tape) -> None:
    assert Tape.of(tape.events) == tape


@law()
@given(tapes())
def test_events_come_in_the_order_of_time(tape: Tape) -> None:
    times = [event.at for event in tape.events]
    assert times == sorted(times)


@law()
@given(tapes())
def test_the_body_is_its_chunks_joined(tape: Tape) -> None:
    assert tape.body == b"".join([chunk.data for chunk in tape.chunks])


@law()
@given(tapes())
def test_the_size_is_the_length_of_the_body(tape: Tape) -> None:
    assert tape.size == len(tape.body)


@pytest.mark.parametrize(
    ("events", "complaint"),
    [
        ([Chunk(1.0, b"x"), Complete(1.0)], "without a head"),
        ([HEAD, HEAD, Complete(1.0)], "a head must come first, and once"),
        ([Chunk(1.0, b"x"), HEAD, Complete(1.0)], "a head must come first, and once"),
        ([HEAD, Complete(1.0), Chunk(1.0, b"x")], "follows the ending"),
        ([HEAD, Complete(1.0), Cut(1.0)], "follows the ending"),
        ([HEAD, Chunk(1.0, b"x")], "needs an ending"),
        ([], "needs an ending"),
        ([HEAD, Chunk(0.5, b"x"), Complete(1.0)], "offsets never decrease"),
        ([HEAD, Chunk(2.0, b"x"), Chunk(1.5, b"x"), Complete(2.0)], "offsets never decrease"),
        ([HEAD, Chunk(2.0, b"x"), Complete(1.5)], "offsets never decrease"),
        ([Head(-0.1, 200), Complete(1.0)], "-0.1"),
        ([Complete(-0.1)], "-0.1"),
        ([HEAD, Chunk(math.nan, b"x"), Complete(1.0)], "nan|number|finite"),
        ([Head(math.nan, 200), Complete(1.0)], "nan|number|finite"),
        ([HEAD, Complete(math.nan)], "nan|number|finite"),
    ],
)
def test_events_outside_the_grammar_are_refused(events: Sequence[Event], complaint: str) -> None:
    with pytest.raises(TapeError, match=complaint):
        Tape.of(events)


def test_a_head_may_have_no_chunks_and_a_tape_no_head() -> None:
    assert [Tape.of([HEAD, Cut(1.0)]).chunks, Tape.of([Cut(1.0)]).head] == [(), None]


def test_events_may_come_at_the_same_moment() -> None:
    assert Tape.of([HEAD, Chunk(1.0, b"a"), Chunk(1.0, b"b"), Complete(1.0)]).body == b"ab"


@pytest.mark.parametrize("name", [b"X-One", b"x-one", b"X-ONE"])
def test_a_header_is_found_by_its_name_in_any_case(name: bytes) -> None:
    headers = ((b"a", b"0"), (b"x-One", b"1"), (b"X-one", b"2"))
    assert [
        header(headers, name),
        Head(0.0, 200, headers).header(name),
        Request("GET", "/", "", headers).header(name),
    ] == [b"1"] * 3


def test_a_header_that_is_not_there_is_none() -> None:
    assert header(((b"x-one", b""),), b"x") is None


def test_an_empty_header_is_there() -> None:
    assert header(((b"x-one", b""),), b"X-One") == b""


@pytest.mark.parametrize(("query", "target"), [("", "/a%20b"), ("x=%31&y", "/a%20b?x=%31&y")])
def test_a_target_is_path_and_query_as_they_were_written(query: str, target: str) -> None:
    assert Request("GET", "/a%20b", query).target == target


def test_every_ending_has_its_name() -> None:
    assert {kind: ending_name(kind.__new__(kind)) for kind in typing.get_args(Ending)} == {
        Complete: "complete",
        Cut: "cut",
        Reset: "reset",
        Garbage: "garbage",
        Hang: "hang",
        Abandoned: "abandoned",
    }


def test_an_ending_is_found_by_its_name() -> None:
    assert all(ending_name(kind.__new__(kind)) == name for name, kind in ENDINGS.items())
    assert len(ENDINGS) == len(typing.get_args(Ending))


def test_framings_have_their_names() -> None:
    assert [str(framing) for framing in Framing] == ["chunked", "length", "close", "none"]


@pytest.mark.parametrize(
    "value",
    [
        HEAD,
        *strategies.ENDINGS,
        Tape(None, (), Cut(0.0)),
        Request("GET", "/"),
        Exchange(Request("GET", "/"), Tape(None, (), Cut(0.0))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_never_changes(value: object) -> None:
    name = dataclasses.fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, name, None)


def test_tapes_are_equal_by_what_they_say_whatever_a_player_noted_on_one() -> None:
    one, other = (Tape(Head(0.0, 200), (Chunk(0.0, b"x"),), Complete(0.0)) for _ in range(2))
    one.memo["1.1"] = b"HTTP/1.1 200"
    assert (one, hash(one)) == (other, hash(other))
