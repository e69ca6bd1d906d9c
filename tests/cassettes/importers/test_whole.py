"""An exchange out of the shapes in which recorders write its halves down."""

from typing import Any

import pytest

from mockprovider.cassettes.importers.common import Imported, Refused
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, dated, kept, pairs, status, tried, whole
from mockprovider.tape import Fidelity

URL = "https://api.example.com/v1/x?a=1"


@pytest.mark.parametrize(
    "headers",
    [
        {"A": "1", "B": ["2", "3"]},
        [["A", "1"], ["B", "2"], ["B", "3"]],
        [{"name": "A", "value": "1"}, {"name": "B", "value": ["2", "3"]}],
        (("A", 1), ("B", [2, 3, None])),
    ],
)
def test_headers_come_in_several_shapes(headers: Any) -> None:
    assert pairs(headers) == ((b"A", b"1"), (b"B", b"2"), (b"B", b"3"))


@pytest.mark.parametrize("headers", [None, 3, "A: 1", [], {}, [3, "x", {"name": "A"}, ["A", "1", "2"]]])
def test_what_are_no_headers_is_left_out(headers: Any) -> None:
    assert pairs(headers) == ()


@pytest.mark.parametrize("value", [200, "200", {"code": 200}, {"code": "200", "message": "OK"}])
def test_a_status_comes_in_several_spellings(value: Any) -> None:
    assert status(value) == 200


@pytest.mark.parametrize("value", [None, True, "OK", "20", "2000", "２００", {}, 2.0, [200]])
def test_what_is_no_status_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="no status of HTTP"):
        status(value)


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (None, Kept(b"")),
        ("é", Kept("é".encode())),
        ({"b64": "AP8="}, Kept(b"\0\xff")),
        ({"b": [1]}, Kept(b'{"b":[1]}', exact=False)),
        (0, Kept(b"0", exact=False)),
    ],
)
def test_a_body_is_exact_where_it_was_no_parsed_JSON(value: Any, body: Kept) -> None:  # noqa: N802
    assert kept(value) == body


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        (b"Fri, 20 Nov 2026 10:00:00 GMT", "2026-11-20T10:00:00Z"),
        (b"Fri, 20 Nov 2026 11:00:00 +0100", "2026-11-20T10:00:00Z"),
        (b"Sanitized", ""),
        (b"Fri, 20 Nov 99999 10:00:00 GMT", ""),
    ],
)
def test_the_answers_date_tells_when_it_was_recorded(date: bytes, moment: str) -> None:
    assert dated(((b"date", date),)) == moment


def test_what_the_recorder_says_of_the_time_goes_before_the_answers_date() -> None:
    answer = Answered(200, {"Date": "Fri, 20 Nov 2026 10:00:00 GMT"})
    for said, moment in (("2026-11-19T00:00:00Z", "2026-11-19T00:00:00Z"), ("yesterday\ud800", "2026-11-20T10:00:00Z")):
        found = whole("", Asked("GET", URL), answer, recorded=said)
        assert isinstance(found, Imported)
        assert found.exchange.recorded == moment


def test_fidelity_is_that_of_the_answers_body() -> None:
    for exact, fidelity in ((True, Fidelity.BYTES), (False, Fidelity.FRAMES)):
        found = whole("", Asked("POST", URL, (), Kept(b"{}", exact=False)), Answered(200, (), Kept(b"{}", exact)))
        assert isinstance(found, Imported)
        assert found.exchange.fidelity is fidelity


def test_a_URL_that_is_a_path_leaves_the_upstream_unknown() -> None:  # noqa: N802
    found = whole("", Asked("GET", "/v1/x?a=1"), Answered(200))
    assert isinstance(found, Imported)
    assert (found.exchange.request.target, found.exchange.upstream) == ("/v1/x?a=1", "")


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (Asked(None, URL), Answered(200)),
        (Asked("G T", URL), Answered(200)),
        (Asked("", URL), Answered(200)),
        (Asked("GET", None), Answered(200)),
        (Asked("GET", "v1/x"), Answered(200)),
        (Asked("GET", "ftp://x/"), Answered(200)),
        (Asked("GET", "https://[/"), Answered(200)),
        (Asked("GET", "https://\ud800/"), Answered(200)),
        (Asked("GET", URL), Answered(99)),
    ],
)
def test_what_is_no_exchange_is_refused_where_it_stands(asked: Asked, answered: Answered) -> None:
    found = whole("here", asked, answered)
    assert isinstance(found, Refused)
    assert found.where == "here"


def test_what_is_tried_and_fails_is_a_refusal_that_says_why() -> None:
    def fails() -> Refused:
        raise ValueError("its body is no Base64")

    assert tried("here", fails) == Refused("here", "its body is no Base64")
