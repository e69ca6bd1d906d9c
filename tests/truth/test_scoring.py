"""Precision and recall of sets of marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.truth.scoring import score, topmost
from tests.strategies import law

heaps = st.lists(st.frozensets(st.sampled_from("abcdefg"), min_size=1), min_size=3, max_size=12)


def marks(*texts: str) -> list[frozenset[str]]:
    return [frozenset(text.split()) for text in texts]


@given(heaps)
@law()
def test_what_is_held_against_itself_scores_1(heap: list[frozenset[str]]) -> None:
    found = score(heap, heap)
    assert (found.precision, found.recall) == (1.0, 1.0)
    assert (found.sends, found.lacks) == ({}, {})


@given(heaps, heaps)
@law()
def test_figures_are_shares(one: list[frozenset[str]], other: list[frozenset[str]]) -> None:
    found = score(one, other)
    assert 0 <= found.precision <= 1
    assert 0 <= found.recall <= 1


@given(heaps, heaps)
@law()
def test_the_order_of_neither_heap_matters(one: list[frozenset[str]], other: list[frozenset[str]]) -> None:
    assert score(one[::-1], other[::-1]) == score(one, other)


def test_precision_is_the_share_that_was_seen() -> None:
    found = score(marks("a b", "a x"), marks("a b", "a b", "a b"))
    assert (found.precision, found.sends) == (0.75, {"x": 1})


def test_recall_is_the_share_of_the_common_that_is_sent() -> None:
    found = score(marks("a", "a"), marks("a b", "a b", "a b"))
    assert (found.recall, found.lacks) == (0.5, {"b": 2})


def test_what_fewer_than_four_in_five_have_need_not_be_sent() -> None:
    assert score(marks("a"), marks("a b", "a b", "a b", "a")).recall == 1.0


def test_what_four_in_five_have_need_not_be_in_more_than_four_answers_in_five() -> None:
    seen = marks("a b", "a b", "a b", "a b", "a")
    assert score(seen, seen).recall == 1.0
    assert score(marks("a b", "a"), seen).recall == pytest.approx((1 + 0.5 / 0.8) / 2)


def test_bytes_count_only_among_the_recordings_that_show_them() -> None:
    shown = frozenset({"a", "bytes: LF"})
    found = score([frozenset({"a", "bytes: CRLF"})], [shown, shown, shown, *marks("a", "a", "a", "a")])
    assert (found.precision, found.recall, found.lacks) == (0.5, 0.5, {"bytes: LF": 1})


def test_bytes_that_no_recording_shows_do_not_count() -> None:
    found = score([frozenset({"a", "bytes: CRLF"})], marks("a", "a", "a"))
    assert (found.precision, found.recall) == (1.0, 1.0)


def test_of_an_object_that_is_lacking_its_keys_are_not_named() -> None:
    lacking = score(
        [frozenset({"x"})],
        [frozenset({"x", "body: a[] object", "body: a[].b number", "body: c null", "text: a[].b null"})] * 3,
    ).lacks
    assert topmost(lacking) == {"body: a[] object": 1, "body: c null": 1, "text: a[].b null": 1}


def test_of_an_event_that_is_lacking_nothing_else_is_named() -> None:
    lacking = score([frozenset({"x"})], [frozenset({"x", "finish: (whole) object", "finish: id string"})] * 3).lacks
    assert topmost(lacking) == {"finish: (whole) object": 1}
