"""The lens over a stream of events: it loses no byte, and reads as WHATWG HTML, section 9.2.6, has it read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.sse import Frame, frames
from tests.strategies import law, sse_bodies

Dispatched = tuple[str, str, str | None]
"""What a client gets of a frame: type, data, id."""


def dispatched(body: bytes) -> list[Dispatched]:
    return [(frame.event, frame.data, frame.id) for frame in frames(body) if frame.closed and frame.data is not None]


@law(120)
@given(sse_bodies)
def test_the_raw_of_all_frames_joined_is_the_body_at_every_split(body: bytes) -> None:
    for cut in range(len(body) + 1):
        assert b"".join([frame.raw for frame in frames(body[:cut])]) == body[:cut]


@law(120)
@given(sse_bodies)
def test_a_closed_frame_stays_as_it_is_whatever_follows(body: bytes) -> None:
    whole = list(frames(body))
    for cut in range(len(body) + 1):
        if not body[:cut].endswith(b"\r"):  # half a line end, perhaps
            closed = [frame for frame in frames(body[:cut]) if frame.closed]
            assert closed == whole[: len(closed)]


@law()
@given(sse_bodies)
def test_only_the_last_frame_may_lack_its_blank_line(body: bytes) -> None:
    assert all(frame.closed for frame in list(frames(body))[:-1])


@law()
@given(
    st.lists(st.sampled_from(["data: a", "data:b", "event: e", ": c", "id: 1", ""])), st.sampled_from(["\r", "\r\n"])
)
def test_every_line_end_means_the_same(lines: list[str], end: str) -> None:
    def read(with_end: str) -> list[Frame]:
        return [frame._replace(raw=b"") for frame in frames("".join(line + with_end for line in lines).encode())]

    assert read(end) == read("\n")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [("message", "YHOO\n+2\n10", None)]),
        (
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event",
            [("message", "first event", "1"), ("message", "second event", "")],
        ),
        (b"data\n\ndata\ndata\n\ndata:", [("message", "", None), ("message", "\n", None)]),
        (b"data:test\n\ndata: test\n\n", [("message", "test", None)] * 2),
        (b"data:  two spaces\n\n", [("message", " two spaces", None)]),
        (b"data: a: b\n\n", [("message", "a: b", None)]),
        (b"event: delta\ndata: x\n\ndata: y\n\n", [("delta", "x", None), ("message", "y", None)]),
        (b"event:\ndata: x\n\n", [("message", "x", None)]),
        (b"event: only\n\n", []),
        (b"id: a\0b\ndata: x\n\n", [("message", "x", None)]),
        (b"retry: 10\nfoo: bar\nDATA: no\n data: no\ndata: x\n\n", [("message", "x", None)]),
        (b"\xef\xbb\xbfdata: x\n\n", [("message", "x", None)]),
        (b"data: x\n\n\xef\xbb\xbfdata: y\n\n", [("message", "x", None)]),
        (b"data: \xef\xbb\xbf\n\n", [("message", "\ufeff", None)]),
        (b"data: \xff\n\n", [("message", "\ufffd", None)]),
        (b"data: [DONE]\n\n", [("message", "[DONE]", None)]),
        ("data: \u2028\x85\x0b\n\n".encode(), [("message", "\u2028\x85\x0b", None)]),
        (b"", []),
    ],
)
def test_a_stream_is_dispatched_as_the_standard_says(body: bytes, expected: list[Dispatched]) -> None:
    assert dispatched(body) == expected


def test_comments_are_kept_beside_the_data() -> None:
    (frame,) = frames(b": keep-alive\n:\n:x\ndata: y\n\n")
    assert (frame.comments, frame.data) == (("keep-alive", "", "x"), "y")


def test_a_blank_line_too_many_is_a_frame_of_its_own() -> None:
    assert [frame.raw for frame in frames(b"\ndata: x\n\n\n")] == [b"\n", b"data: x\n\n", b"\n"]


def test_a_frame_without_its_blank_line_is_not_closed() -> None:
    assert [frame.closed for frame in frames(b"data: x\n\ndata: y\n")] == [True, False]
