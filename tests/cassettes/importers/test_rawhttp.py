"""HTTP messages as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.importers.rawhttp import message, request_line, status_line, unchunked
from tests.fakes import chunked
from tests.strategies import law


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_message_is_its_first_line_its_headers_and_the_rest(end: bytes) -> None:
    found = message(end.join([b"HTTP/1.1 200 OK", b"A: 1", b"broken", b"b:2", b"", b"", b"x"]))
    assert found is not None
    assert (found.first, found.headers, found.rest) == (b"HTTP/1.1 200 OK", (("A", "1"), ("b", "2")), end + b"x")
    assert (found.header("a"), found.header("c")) == ("1", "")


def test_a_head_that_never_ends_is_no_message() -> None:
    assert message(b"HTTP/1.1 200 OK\r\nA: 1\r\n") is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"HTTP/1.1 404 Not Found\r", (404, "Not Found")),
        (b"HTTP/2 200 ", (200, "")),
        (b"HTTP/3 200", (200, "")),
        (b"HTTP/1.1 20 OK", None),
        (b"HTTP/1.1 2000 OK", None),
        (b"POST / HTTP/1.1", None),
    ],
)
def test_a_status_line_tells_status_and_reason(line: bytes, told: tuple[int, str] | None) -> None:
    assert status_line(line) == told


@pytest.mark.parametrize(
    ("line", "told"),
    [(b"GET /a?b HTTP/2\r", ("GET", "/a?b")), (b"GET /a", None), (b"get / HTTP/1.1", None), (b"", None)],
)
def test_a_request_line_tells_method_and_target(line: bytes, told: tuple[str, str] | None) -> None:
    assert request_line(line) == told


@law(200)
@given(st.lists(st.binary(min_size=1, max_size=9), max_size=4))
def test_chunks_are_put_together(parts: list[bytes]) -> None:
    assert unchunked(chunked(*parts)) == b"".join(parts)


@pytest.mark.parametrize("body", [b"", b"data: x", b"3\r\nabcX\r\n0\r\n\r\n", b"3\r\nabc\r\n", b"ffffffff\r\nabc\r\n"])
def test_what_is_not_whole_in_chunks_is_not_taken_for_it(body: bytes) -> None:
    assert unchunked(body) is None
