"""reel's cassettes: an exchange a line, and a stream's events with their times."""

import json
from typing import Any

import pytest

from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.reel import FORMAT
from mockprovider.tape import Chunk, Exchange, Fidelity, Framing
from tests.vectors.recordings import SAMPLES

DONE = {"data": "[DONE]", "t_offset_ms": 300, "event": None}


def line(response: dict[str, Any], *, version: int = 1, **request: Any) -> dict[str, Any]:
    asked = {"method": "POST", "path": "/v1/x", "fingerprint": "f", "body": {"model": "m"}, **request}
    answer = {"status": 200, "headers": {}, "body": None, "stream_chunks": None, **response}
    return {"schema_version": version, "provider": "openai", "ts": "", "request": asked, "response": answer}


def read(*lines: dict[str, Any]) -> list[Found]:
    return list(FORMAT.read(Source("x", b"\n".join(json.dumps(each).encode() for each in lines))))


def only(response: dict[str, Any], **request: Any) -> Exchange:
    (found,) = read(line(response, **request))
    assert isinstance(found, Imported), found
    return found.exchange


def test_a_streams_events_keep_their_times() -> None:
    found = next(iter(FORMAT.read(Source("x", SAMPLES["reel"]))))
    assert isinstance(found, Imported)
    assert found.exchange.tape.chunks == (
        Chunk(0.25, b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'),
        Chunk(0.3, b"data: [DONE]\n\n"),
    )
    assert found.exchange.tape.ending.at == 0.3
    assert found.exchange.fidelity is Fidelity.FRAMES
    assert found.exchange.recorded == "2026-11-20T10:00:00+00:00"


def test_a_stream_is_sent_in_chunks_even_where_nothing_says_so() -> None:
    head = only({"stream_chunks": [DONE]}).tape.head
    assert head is not None
    assert head.framing is Framing.CHUNKED


def test_times_that_run_backwards_stand_still() -> None:
    events = [{**DONE, "t_offset_ms": at} for at in (200, 100)]
    assert [chunk.at for chunk in only({"stream_chunks": events}).tape.chunks] == [0.2, 0.2]


def test_an_event_keeps_its_name_and_each_line_of_its_data() -> None:
    event = {"data": "a\nb", "t_offset_ms": 0, "event": "ping"}
    assert only({"stream_chunks": [event]}).tape.body == b"event: ping\ndata: a\ndata: b\n\n"


def test_a_body_that_is_no_JSON_comes_back_to_the_byte() -> None:  # noqa: N802
    exchange = only({"body": {"__reel_raw_base64__": "AP8="}}, body={"__reel_raw_base64__": "/w=="})
    assert (exchange.request.body, exchange.tape.body, exchange.fidelity) == (b"\xff", b"\0\xff", Fidelity.BYTES)


def test_what_reel_does_not_keep_is_said() -> None:
    exchange = only({"body": {}})
    assert exchange.upstream == ""
    assert exchange.fidelity is Fidelity.FRAMES
    assert "query" in exchange.notes[0]


@pytest.mark.parametrize(
    ("response", "request_", "reason"),
    [
        ({"stream_chunks": [{"data": "x"}]}, {}, "no data, or no time"),
        ({"stream_chunks": [{**DONE, "t_offset_ms": 10**15}]}, {}, "no time of a day"),
        ({"stream_chunks": [{**DONE, "t_offset_ms": -1}]}, {}, "no time"),
        ({"body": {"__reel_raw_base64__": "?"}}, {}, "no Base64"),
        ({"status": 0}, {}, "no status"),
        ({}, {"path": "https://elsewhere/"}, "method or its URL"),
        ({}, {"path": None}, "method or its URL"),
    ],
)
def test_what_no_exchange_can_be_is_refused(response: dict[str, Any], request_: dict[str, Any], reason: str) -> None:
    (refused,) = read(line(response, **request_))
    assert isinstance(refused, Refused)
    assert reason in refused.reason


def test_a_line_of_another_version_or_none_is_refused_and_the_rest_read() -> None:
    data = b"\n".join([json.dumps(line({}, version=2)).encode(), b"{", b"", json.dumps(line({})).encode(), b"[1]"])
    found = list(FORMAT.read(Source("x", data)))
    assert [each.where for each in found] == ["line 1", "line 2", "line 4", "line 5"]
    assert [isinstance(each, Imported) for each in found] == [False, False, True, False]
