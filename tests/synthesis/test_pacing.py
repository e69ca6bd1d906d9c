"""When frames leave: the first after a while, the others one after another, each with its own bytes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.profiles.schema import Timing
from mockprovider.synthesis.pacing import paced
from tests.strategies import law

frames = st.lists(st.binary(max_size=5), max_size=10)
seconds = st.floats(0, 10)


@law()
@given(frames, seconds, seconds)
def test_frames_keep_their_bytes_and_their_order(said: list[bytes], first: float, piece: float) -> None:
    assert [chunk.data for chunk in paced(said, Timing(first=first, piece=piece))] == said


@law()
@given(frames, seconds, seconds)
def test_no_frame_leaves_before_the_one_before_it(said: list[bytes], first: float, piece: float) -> None:
    times = [chunk.at for chunk in paced(said, Timing(first=first, piece=piece))]
    assert all(one <= other for one, other in itertools.pairwise(times))


def test_the_first_frame_leaves_after_a_while_and_each_other_a_piece_later() -> None:
    times = [chunk.at for chunk in paced([b"a", b"b", b"c"], Timing(first=0.5, piece=0.25))]
    assert times == [0.5, 0.75, pytest.approx(1.0)]
