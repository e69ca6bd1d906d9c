"""Sessions of Azure's test proxy: JSON has lost its spelling, lines are put together."""

import json
from typing import Any

import pytest

from mockprovider.cassettes.importers.azure import FORMAT
from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.errors import CassetteError
from mockprovider.tape import Exchange, Fidelity

ENTRY = {
    "RequestUri": "https://api.example.com/v1/x?api-version=1",
    "RequestMethod": "POST",
    "RequestHeaders": {"Content-Type": "application/json"},
    "RequestBody": None,
    "StatusCode": 200,
    "ResponseHeaders": {},
    "ResponseBody": None,
}


def read(*entries: Any) -> list[Found]:
    return list(FORMAT.read(Source("x", json.dumps({"Entries": entries}).encode())))


def only(**changes: Any) -> Exchange:
    (found,) = read({**ENTRY, **changes})
    assert isinstance(found, Imported), found
    return found.exchange


@pytest.mark.parametrize(
    ("body", "data", "fidelity"),
    [
        (None, b"", Fidelity.BYTES),
        ("text", b"text", Fidelity.BYTES),
        (["data: a\n", "\n"], b"data: a\n\n", Fidelity.BYTES),
        ({"a": [1, "\u00e9"]}, '{"a":[1,"é"]}'.encode(), Fidelity.FRAMES),
        ([1, 2], b"[1,2]", Fidelity.FRAMES),
        ([], b"[]", Fidelity.FRAMES),
    ],
)
def test_a_body_is_as_exact_as_the_proxy_kept_it(body: Any, data: bytes, fidelity: Fidelity) -> None:
    exchange = only(ResponseBody=body)
    assert (exchange.tape.body, exchange.fidelity) == (data, fidelity)


def test_the_request_is_whole() -> None:
    request = only(RequestBody={"model": "m"}).request
    assert (request.method, request.target, request.body) == ("POST", "/v1/x?api-version=1", b'{"model":"m"}')


def test_one_bad_entry_does_not_spoil_the_others() -> None:
    assert [type(each) for each in read(3, {**ENTRY, "RequestUri": "x"}, ENTRY)] == [Refused, Refused, Imported]


def test_a_file_without_entries_is_an_error() -> None:
    with pytest.raises(CassetteError, match="no list of Entries"):
        list(FORMAT.read(Source("x", b"[]")))
