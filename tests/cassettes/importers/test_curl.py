"""What curl prints: the last head and the body, and with -v what was asked."""

import gzip
import json

import pytest

from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.curl import FORMAT
from mockprovider.errors import CassetteError
from mockprovider.tape import Exchange, Fidelity
from tests.fakes import chunked
from tests.vectors.recordings import SAMPLES

BODY = b'{"object":"chat.completion","model":"m","choices":[]}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
STREAM = b'data: {"model":"m","choices":[{"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n'


def read(data: bytes) -> Found:
    source = Source("x", data)
    assert FORMAT.claims(source)
    (found,) = FORMAT.read(source)
    return found


def only(data: bytes) -> Exchange:
    found = read(data)
    assert isinstance(found, Imported), found
    return found.exchange


def status(exchange: Exchange) -> int:
    assert exchange.tape.head is not None
    return exchange.tape.head.status


def test_head_and_body_are_kept_and_the_request_is_made_up() -> None:
    exchange = only(HEAD + BODY)
    assert (status(exchange), exchange.tape.body, exchange.fidelity) == (200, BODY, Fidelity.BYTES)
    assert (exchange.request.path, json.loads(exchange.request.body)) == ("/v1/chat/completions", {"model": "m"})
    assert "had no request" in exchange.notes[0]


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 Connection established\r\n\r\n",
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /v1/x\r\n\r\n",
        b"HTTP/2 103 \r\nlink: </a>\r\n\r\n",
        b"\r\n",
    ],
)
def test_of_several_heads_the_last_counts(before: bytes) -> None:
    exchange = only(before + HEAD.replace(b"200 OK", b"418 Odd") + BODY)
    assert exchange.tape.head is not None
    assert (exchange.tape.head.status, exchange.tape.head.reason) == (418, b"Odd")


@pytest.mark.parametrize("line", [b"HTTP/2 429 ", b"HTTP/2 429", b"HTTP/3 429", b"HTTP/1.0 429 Too Many Requests"])
def test_a_status_line_of_any_version_is_read(line: bytes) -> None:
    head = only(line + b"\r\ncontent-type: application/json\r\n\r\n" + BODY).tape.head
    assert head is not None
    assert (head.status, head.reason) == (429, b"Too Many Requests")


def test_lines_that_lost_their_carriage_return_are_read() -> None:
    assert only((HEAD + BODY).replace(b"\r\n", b"\n")).tape.body == BODY


def test_a_line_end_that_an_editor_added_is_no_part_of_the_body() -> None:
    assert only(HEAD + BODY + b"\n").tape.body == BODY


def test_a_body_that_is_shorter_than_said_is_kept_and_said_to_be() -> None:
    head = HEAD.replace(b"Length: %d" % len(BODY), b"Length: 999")
    assert "shorter" in only(head + BODY).notes[1]


def test_a_body_that_curl_left_compressed_is_decoded() -> None:
    squeezed = gzip.compress(BODY, mtime=0)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(squeezed)
    for body in (squeezed, BODY):  # with --compressed curl decodes it, and the head still says that it is not
        exchange = only(head + body)
        assert (exchange.tape.body, exchange.coding) == (BODY, "gzip")


@pytest.mark.parametrize("body", [STREAM, chunked(STREAM[:20], STREAM[20:])], ids=["plain", "--raw"])
def test_a_stream_is_asked_for_as_one_and_has_a_chunk_an_event(body: bytes) -> None:
    exchange = only(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
    assert exchange.tape.body == STREAM
    assert len(exchange.tape.chunks) == 2
    assert json.loads(exchange.request.body) == {"model": "m", "stream": True}


def test_with_v_the_request_line_and_headers_are_known() -> None:
    exchange = only(SAMPLES["curl"])
    assert (exchange.request.method, exchange.request.target) == ("POST", "/v1/chat/completions?x=1")
    assert exchange.upstream == "http://localhost:9911"
    assert exchange.request.header(b"authorization") == b"Bearer sk-not-a-real-key"
    assert exchange.request.header(b"content-length") is None
    assert "had no request body" in exchange.notes[0]


def test_what_v_says_of_the_connection_is_no_part_of_the_body() -> None:
    assert only(SAMPLES["curl"]).tape.body == STREAM


def test_without_i_the_head_is_the_one_that_v_printed() -> None:
    lines = (
        b"* Connected to h (1.2.3.4) port 443\n* SSL connection using TLSv1.3\n> GET /v1/models HTTP/2\r\n> Host: h\r\n"
    )
    lines += b"> \r\n< HTTP/2 200 \r\n* Added cookie\n< content-type: application/json\r\n< \r\n{ [2 bytes data]\n"
    exchange = only(lines + b'{"a": 1}* Connection #0 to host h left intact\n')
    assert (exchange.request.method, exchange.request.path, exchange.upstream) == ("GET", "/v1/models", "https://h")
    assert (exchange.tape.body, exchange.notes) == (b'{"a": 1}', ())


def test_the_progress_meter_is_no_part_of_the_answer() -> None:
    meter = b"  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    meter += b"                                 Dload  Upload   Total   Spent    Left  Speed\n"
    row = b"\r100   170  100   102  100    68  74670  49780 --:--:-- --:--:-- --:--:--  166k"
    exchange = only(meter + row + row + b"\n" + HEAD + BODY)
    assert (status(exchange), exchange.tape.body) == (200, BODY)


def test_an_answer_of_which_nothing_tells_the_request_is_refused() -> None:
    found = read(b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html>")
    assert isinstance(found, Refused)
    assert "no API" in found.reason


def test_a_head_that_never_ends_is_an_error() -> None:
    with pytest.raises(CassetteError, match="no whole head"):
        read(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")


def test_a_line_of_a_million_connections_is_read_at_once() -> None:
    noise = b"* Connection #1 to host " * 50_000
    assert only(b"* a\n< HTTP/1.1 200 OK\n< \n" + BODY + b"\n" + noise).tape.body.startswith(BODY)


def test_heads_without_end_are_read_at_once() -> None:
    found = read(b"HTTP/1.1 100 Continue\r\n\r\n" * 200_000)
    assert isinstance(found, Refused)
