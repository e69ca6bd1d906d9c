"""Traces of httprr: lengths tell where an exchange begins and ends."""

import pytest

from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.httprr import FORMAT
from mockprovider.errors import CassetteError
from mockprovider.tape import Fidelity
from tests.fakes import chunked
from tests.vectors.recordings import SAMPLES

ASKED = b"POST https://api.example.com/v1/x?a=1 HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: httprr\n\r\n{}"
SAID = b"HTTP/2.0 200 OK\r\nContent-Type: application/json\r\nDate: Fri, 20 Nov 2026 10:00:00 GMT\r\n\r\n\xff\n\n"


def trace(*halves: tuple[bytes, bytes]) -> bytes:
    return b"httprr trace v1\n" + b"".join(b"%d %d\n%b%b" % (len(a), len(b), a, b) for a, b in halves)


def read(data: bytes) -> list[Found]:
    return list(FORMAT.read(Source("x", data)))


def test_both_halves_are_kept_to_the_byte() -> None:
    (found,) = read(trace((ASKED, SAID)))
    assert isinstance(found, Imported)
    exchange = found.exchange
    assert (exchange.request.method, exchange.request.target, exchange.request.body) == ("POST", "/v1/x?a=1", b"{}")
    assert (exchange.upstream, exchange.recorded) == ("https://api.example.com", "2026-11-20T10:00:00Z")
    assert (exchange.tape.body, exchange.fidelity) == (b"\xff\n\n", Fidelity.BYTES)


def test_a_body_in_HTTP_chunks_is_put_together() -> None:  # noqa: N802
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(b"ab", b"c")
    (found,) = read(trace((ASKED, said)))
    assert isinstance(found, Imported)
    assert found.exchange.tape.body == b"abc"


def test_each_exchange_of_a_trace_is_read() -> None:
    assert [type(each) for each in read(trace((ASKED, SAID), (ASKED, b"oops"), (ASKED, SAID)))] == [
        Imported,
        Refused,
        Imported,
    ]


@pytest.mark.parametrize("kept", range(len(b"httprr trace v1\n") + 1, len(SAMPLES["httprr"]), 7))
def test_a_trace_that_ends_early_is_refused_where_it_does(kept: int) -> None:
    (found,) = read(SAMPLES["httprr"][:kept])
    assert isinstance(found, Refused)
    assert found.where == "exchange 1"


def test_a_file_that_begins_otherwise_is_an_error() -> None:
    with pytest.raises(CassetteError, match="first line"):
        read(b"httprr trace v9\n")
