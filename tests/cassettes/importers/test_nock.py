"""nock's recordings: parsed JSON, text, or hexadecimal digits of what was compressed or binary."""

import gzip
import json
from typing import Any

import pytest

from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.nock import FORMAT
from mockprovider.errors import CassetteError
from mockprovider.tape import Exchange, Fidelity

SCOPE = {
    "scope": "https://api.example.com:443",
    "method": "POST",
    "path": "/v1/x",
    "body": "",
    "status": 200,
    "response": "",
    "rawHeaders": [],
}


def read(*scopes: Any) -> list[Found]:
    return list(FORMAT.read(Source("x", json.dumps(scopes).encode())))


def only(**changes: Any) -> Exchange:
    (found,) = read({**SCOPE, **changes})
    assert isinstance(found, Imported), found
    return found.exchange


@pytest.mark.parametrize(
    ("scope", "upstream"),
    [
        ("https://api.example.com:443", "https://api.example.com"),
        ("http://api.example.com:80", "http://api.example.com"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://localhost:80", "https://localhost:80"),
        ("https://api.example.com", "https://api.example.com"),
    ],
)
def test_a_port_that_goes_without_saying_is_left_out(scope: str, upstream: str) -> None:
    assert only(scope=scope).upstream == upstream


def test_a_compressed_body_in_pieces_is_put_together_and_decoded() -> None:
    digits = gzip.compress(b'{"a": 1}', mtime=0).hex()
    for headers in (["Content-Encoding", "gzip"], {"content-encoding": "gzip"}):
        exchange = only(response=[digits[:10], digits[10:]], rawHeaders=headers)
        assert (exchange.tape.body, exchange.coding, exchange.fidelity) == (b'{"a": 1}', "gzip", Fidelity.BYTES)


def test_a_binary_body_is_read_from_its_digits() -> None:
    assert only(response="00ff", responseIsBinary=True).tape.body == b"\0\xff"


def test_text_that_looks_like_digits_is_text() -> None:
    assert only(response="00ff").tape.body == b"00ff"


def test_parsed_JSON_has_lost_its_spelling_and_says_so() -> None:  # noqa: N802
    exchange = only(response={"a": 1}, body={"model": "m"})
    assert (exchange.tape.body, exchange.request.body) == (b'{"a":1}', b'{"model":"m"}')
    assert exchange.fidelity is Fidelity.FRAMES


def test_headers_that_stand_twice_are_kept_twice() -> None:
    head = only(rawHeaders=["Set-Cookie", "a=1", "Set-Cookie", "b=2"]).tape.head
    assert head is not None
    assert [value for name, value in head.headers if name == b"Set-Cookie"] == [b"a=1", b"b=2"]


def test_one_bad_scope_does_not_spoil_the_others() -> None:
    assert [type(each) for each in read(3, {**SCOPE, "status": "ok"}, SCOPE)] == [Refused, Refused, Imported]


def test_a_file_that_is_no_list_is_an_error() -> None:
    with pytest.raises(CassetteError, match="no list"):
        list(FORMAT.read(Source("x", b"{}")))
