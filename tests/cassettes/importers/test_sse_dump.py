"""Dumps of an answer alone: what is known of it is kept, and what is not is said to be made up."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.formats import read
from mockprovider.sse import frames
from mockprovider.tape import Exchange, Fidelity
from tests.strategies import law

CHUNK = b'{"object":"chat.completion.chunk","model":"m","choices":[]}'


def found(data: bytes) -> tuple[str, list[Found]]:
    name, each = read(Source("x", data))
    return name, list(each)


def only(data: bytes, name: str) -> Exchange:
    claimed, (one,) = found(data)
    assert claimed == name
    assert isinstance(one, Imported), one
    return one.exchange


def data_of(exchange: Exchange) -> list[str | None]:
    return [frame.data for frame in frames(exchange.tape.body) if frame.data is not None and frame.closed]


def test_a_stream_is_kept_to_the_byte() -> None:
    body = b": hello\n\ndata: " + CHUNK + b"\r\n\r\nevent: x\ndata:[DONE]\n\n"
    exchange = only(body, "sse")
    assert exchange.tape.body == body
    assert exchange.fidelity is Fidelity.BYTES


def test_a_stream_has_a_chunk_an_event() -> None:
    exchange = only(b"data: " + CHUNK + b"\n\ndata: [DONE]\n\n", "sse")
    assert [chunk.data for chunk in exchange.tape.chunks] == [b"data: " + CHUNK + b"\n\n", b"data: [DONE]\n\n"]


def test_the_request_is_the_least_that_could_have_asked_and_says_so() -> None:
    exchange = only(b"data: " + CHUNK + b"\n\n", "sse")
    assert exchange.request.path == "/v1/chat/completions"
    assert json.loads(exchange.request.body) == {"model": "m", "stream": True}
    assert "had no request" in exchange.notes[0]
    assert exchange.upstream == ""


def test_a_dump_whose_last_blank_line_an_editor_took_away_is_whole() -> None:
    exchange = only(b"data: " + CHUNK + b"\n\ndata: [DONE]", "sse")
    assert data_of(exchange)[-1] == "[DONE]"
    assert len(exchange.notes) == 1


def test_a_dump_that_ends_within_an_event_says_so_and_is_not_mended() -> None:
    body = b"data: " + CHUNK + b'\n\ndata: {"object":"chat.com'
    exchange = only(body, "sse")
    assert exchange.tape.body == body
    assert "ends within an event" in exchange.notes[1]


def test_a_dump_without_blank_lines_gets_them_and_is_frames_at_most() -> None:
    exchange = only(b": PROCESSING\ndata: " + CHUNK + b"\nevent: e\ndata: " + CHUNK + b"\ndata: [DONE]\n", "sse")
    assert data_of(exchange) == [CHUNK.decode(), CHUNK.decode(), "[DONE]"]
    assert exchange.fidelity is Fidelity.FRAMES
    assert "no blank lines" in exchange.notes[1]


@pytest.mark.parametrize(
    ("lines", "path", "frame"),
    [
        ([CHUNK], "/v1/chat/completions", b"data: " + CHUNK),
        (
            [b'{"type":"response.created","response":{"model":"m"}}'],
            "/v1/responses",
            b"event: response.created\ndata: ",
        ),
        ([b'{"type":"message_start","message":{"model":"m"}}'], "/v1/messages", b"event: message_start\ndata: "),
    ],
)
def test_chunks_become_the_events_of_their_API(lines: list[bytes], path: str, frame: bytes) -> None:  # noqa: N802
    exchange = only(b"\n".join([*lines, b'{"type":"ping"}']) + b"\n", "chunks")
    assert exchange.request.path == path
    assert json.loads(exchange.request.body)["model"] == "m"
    assert exchange.tape.body.startswith(frame)
    assert exchange.fidelity is Fidelity.FRAMES


@pytest.mark.parametrize("last", [b"", b"[DONE]\n"])
def test_a_stream_of_chat_chunks_ends_in_one_DONE(last: bytes) -> None:  # noqa: N802
    exchange = only(CHUNK + b"\n" + CHUNK + b"\n" + last, "chunks")
    assert data_of(exchange) == [CHUNK.decode(), CHUNK.decode(), "[DONE]"]


def test_a_list_of_chunks_is_one_stream() -> None:
    exchange = only(b"[" + CHUNK + b",\n" + CHUNK + b"]", "chunks")
    assert len(data_of(exchange)) == 3


def test_a_list_of_answers_is_as_many_exchanges() -> None:
    whole = b'{"object":"chat.completion","choices":[]}'
    name, each = found(b"[" + whole + b"," + whole + b",{}]")
    assert name == "chunks"
    assert [type(one) for one in each] == [Imported, Imported, Refused]


def test_a_line_that_is_no_JSON_is_an_error_that_names_it() -> None:  # noqa: N802
    _, (refused,) = found(CHUNK + b"\n{oops\n")
    assert isinstance(refused, Refused)
    assert (refused.where, "not JSON" in refused.reason) == ("line 2", True)


def test_an_answer_is_kept_as_it_stands_though_nobody_knows_how_it_was_spelled() -> None:
    body = b'{\n  "object": "response",\n  "model": "m"\n}\n'
    exchange = only(body, "answer")
    assert (exchange.tape.body, exchange.request.path, exchange.fidelity) == (body, "/v1/responses", Fidelity.FRAMES)
    assert exchange.request.body == b'{"model":"m"}'


def test_an_error_gets_the_status_of_its_type_and_says_that_it_is_made_up() -> None:
    exchange = only(b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', "answer")
    assert exchange.tape.head is not None
    assert (exchange.tape.head.status, exchange.request.path) == (529, "/v1/messages")
    assert "no status" in exchange.notes[1]


@law(200)
@given(st.lists(st.dictionaries(st.text(max_size=4), st.text(max_size=8), max_size=3), max_size=5))
def test_each_chunk_is_one_event_whatever_it_holds(extra: list[dict[str, str]]) -> None:
    values = [json.loads(CHUNK), *({**each, "object": "chat.completion.chunk", "type": None} for each in extra)]
    lines = b"\n".join(json.dumps(value).encode() for value in values)
    _, (one,) = found(lines + b"\n" + CHUNK)
    assert isinstance(one, Imported)
    assert [json.loads(data or "") for data in data_of(one.exchange)[:-1]] == [*values, json.loads(CHUNK)]
