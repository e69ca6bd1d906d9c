"""Tapes in a profile's forms: headers, framing, times, and refusals of an endpoint's own."""

import json
from typing import Any

import msgspec
import pytest

from mockprovider.profiles.forms import Waiting
from mockprovider.profiles.loading import BASELINE, load
from mockprovider.sources.tapes import TapeMaker
from mockprovider.synthesis.chance import Chance
from mockprovider.tape import Complete, Framing, Tape

PROFILE = load(BASELINE)
TAPES = TapeMaker(PROFILE)


def error(tape: Tape) -> Any:
    return json.loads(b"".join(chunk.data for chunk in tape.chunks))["error"]


def headers(tape: Tape) -> dict[bytes, bytes]:
    assert tape.head is not None
    return dict(tape.head.headers)


def test_an_answer_waits_for_its_first_byte_and_a_refusal_does_not() -> None:
    answer = TAPES.answered(PROFILE.chat.plain, b"{}", Chance())
    refusal = TAPES.refusal("unknown_path", {"method": "GET", "path": "/"}, Chance())
    assert answer.head is not None
    assert refusal.head is not None
    assert (answer.head.at, answer.chunks[0].at) == (PROFILE.timing.first, PROFILE.timing.first)
    assert (refusal.head.at, refusal.chunks[0].at) == (0.0, 0.0)


def test_a_stream_has_an_event_a_chunk_at_its_pace() -> None:
    tape = TAPES.streamed(PROFILE.chat.stream, [b"a", b"b", b"c"], Chance())
    assert [chunk.data for chunk in tape.chunks] == [b"a", b"b", b"c"]
    times = [chunk.at for chunk in tape.chunks]
    assert times == sorted(times)
    assert times[0] < times[-1]
    assert tape.ending == Complete(times[-1])


def test_a_stream_of_nothing_ends_at_once() -> None:
    assert TAPES.streamed(PROFILE.chat.stream, [], Chance()).ending == Complete(0.0)


@pytest.mark.parametrize(("framing", "length"), [("chunked", None), ("length", b"2")])
def test_a_body_has_a_length_unless_it_is_chunked(framing: str, length: bytes | None) -> None:
    tape = TAPES.whole(200, {"x": "y"}, b"{}", Chance(), framing)
    assert tape.head is not None
    assert headers(tape).get(b"content-length") == length
    assert tape.head.framing is (Framing.CHUNKED if length is None else Framing.LENGTH)


def test_an_empty_body_has_no_chunk() -> None:
    assert TAPES.whole(404, {}, b"", Chance()).chunks == ()


def test_what_is_drawn_in_a_header_is_drawn_for_each_answer() -> None:
    one, other = (TAPES.whole(200, {"x-request-id": "req_$hex32", "server": "x"}, b"", Chance(b)) for b in (b"1", b"2"))
    assert headers(one)[b"x-request-id"] != headers(other)[b"x-request-id"]
    assert headers(one)[b"server"] == b"x"
    assert len(headers(one)[b"x-request-id"]) == 36


def test_an_endpoint_may_have_a_refusal_of_its_own() -> None:
    usual = error(TAPES.refusal("unknown_model", {"model": "m"}, Chance(), "chat"))
    own = error(TAPES.refusal("unknown_model", {"model": "m"}, Chance(), "responses"))
    assert (usual["param"], own["param"]) == (None, "model")
    assert own["message"] == "The requested model 'm' does not exist."


def test_what_utf8_can_not_say_is_replaced_in_a_refusal() -> None:
    tape = TAPES.refusal("unknown_model", {"model": "a\ud83d"}, Chance())
    assert error(tape)["message"].startswith("The model `a?`")


def test_what_is_sent_while_the_client_waits_goes_before_the_answer_and_no_later_than_it() -> None:
    stream = msgspec.structs.replace(PROFILE.chat.stream, begin="begun", waiting=Waiting(text=": wait\n\n", times=2))
    tape = TAPES.streamed(stream, [b"a"], Chance())
    assert [chunk.data for chunk in tape.chunks] == [b"begun", b": wait\n\n", b": wait\n\n", b"a"]
    times = [chunk.at for chunk in tape.chunks]
    assert times == sorted(times)
    assert times[-1] == PROFILE.timing.first


def test_a_body_may_be_waited_for_too_and_its_length_counts_all() -> None:
    plain = msgspec.structs.replace(PROFILE.chat.plain, framing="length", waiting=Waiting(text="\n", times=3))
    tape = TAPES.answered(plain, b"{}", Chance())
    assert b"".join(chunk.data for chunk in tape.chunks) == b"\n\n\n{}"
    assert headers(tape)[b"content-length"] == b"5"


@pytest.mark.parametrize("writes", ["event", "glued", "split"])
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_however_it_is_written_a_stream_says_the_same(writes: str, count: int) -> None:
    events = [b"data: %d\n\n" % number for number in range(count)]
    stream = msgspec.structs.replace(PROFILE.chat.stream, writes=writes)
    tape = TAPES.streamed(stream, events, Chance())
    assert b"".join(chunk.data for chunk in tape.chunks) == b"".join(events)


def test_glued_events_share_a_write_and_split_ones_are_cut() -> None:
    events = [b"data: %d\n\n" % number for number in range(4)]
    glued, split = (msgspec.structs.replace(PROFILE.chat.stream, writes=writes) for writes in ("glued", "split"))
    assert [chunk.data.count(b"data") for chunk in TAPES.streamed(glued, events, Chance()).chunks] == [3, 1]
    assert not any(chunk.data in events for chunk in TAPES.streamed(split, events, Chance()).chunks)
