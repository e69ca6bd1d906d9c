"""The cassettes of Ruby's VCR and of R's vcr."""

import base64
import gzip
import json
import zlib
from typing import Any

import pytest

from mockprovider import yamlfile
from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.ruby_vcr import FORMAT
from mockprovider.tape import Exchange, Fidelity, header
from tests.vectors.recordings import SAMPLES

SAID = b'{"id":"1"}'


def interaction(*, request: Any = None, **response: Any) -> dict[str, Any]:
    url = "https://api.example.com/v1/chat/completions"
    asked = {"method": "post", "uri": url, "body": {"encoding": "UTF-8", "string": "{}"}, "headers": {}}
    kind = {"Content-Type": ["application/json"]}
    answered = {"status": {"code": 200, "message": "OK"}, "headers": kind, "body": {"string": "{}"}}
    return {
        "request": asked | (request or {}),
        "response": answered | response,
        "recorded_at": "Fri, 20 Nov 2026 10:00:00 GMT",
    }


def found(text: str | bytes) -> list[Found]:
    source = Source("cassette.yml", text.encode() if isinstance(text, str) else text)
    assert FORMAT.claims(source)
    return list(FORMAT.read(source))


def file(*interactions: dict[str, Any]) -> dict[str, Any]:
    return {"http_interactions": list(interactions), "recorded_with": "VCR 6.4.0"}


def exchange(one: dict[str, Any]) -> Exchange:
    (only,) = found(yamlfile.emit(file(one)))
    assert isinstance(only, Imported), only
    return only.exchange


def test_an_interaction_is_what_stood_on_the_wire() -> None:
    (only,) = found(SAMPLES["ruby-vcr"])
    assert isinstance(only, Imported)
    one = only.exchange
    assert (one.request.method, one.request.target) == ("POST", "/v1/chat/completions")
    assert (one.request.body, one.tape.body) == (b'{"model":"m"}', b'{"id":"chatcmpl-1"}')
    assert (one.recorded, one.upstream) == ("2026-11-20T10:00:00.000Z", "https://api.example.com")
    assert one.fidelity is Fidelity.BYTES


def test_json_serialisation_says_the_same_as_yaml() -> None:
    whole = file(interaction())
    assert found(json.dumps(whole)) == found(yamlfile.emit(whole))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"encoding": "UTF-8", "string": "ü"}, b"\xc3\xbc"),
        ({"encoding": "ASCII-8BIT", "string": "ü"}, b"\xc3\xbc"),
        ({"encoding": "ISO-8859-1", "string": "ü"}, b"\xfc"),
        ({"encoding": "of the moon", "string": "ü"}, b"\xc3\xbc"),
        ({"encoding": "ASCII-8BIT", "string": b"\xff"}, b"\xff"),
        ({"encoding": "UTF-8", "base64_string": "eyJp\nZCI6\nIjEifQ==\n"}, SAID),
        ({"encoding": "", "file": False, "string": "x"}, b"x"),
        ({"raw_gzip": base64.b64encode(zlib.compress(SAID)).decode()}, SAID),
        ({"raw_gzip": base64.b64encode(gzip.compress(SAID, mtime=0)).decode()}, SAID),
        ({"encoding": "UTF-8", "string": ""}, b""),
        ({}, b""),
        (None, b""),
        ("x", b"x"),
    ],
    ids=repr,
)
def test_a_body_has_the_bytes_that_it_had_in_its_encoding(body: Any, expected: bytes) -> None:
    one = exchange(interaction(request={"body": body}, body=body))
    assert (one.request.body, one.tape.body, one.fidelity) == (expected, expected, Fidelity.BYTES)


def test_a_coding_that_vcr_undid_is_named_again() -> None:
    one = exchange(interaction(body={"string": SAID.decode()}, adapter_metadata={"vcr_decompressed": "gzip"}))
    assert (one.tape.body, one.coding) == (SAID, "gzip")
    assert one.tape.head is not None
    assert header(one.tape.head.headers, b"content-encoding") == b"gzip"


def test_the_status_line_that_r_keeps_among_the_headers_is_no_header() -> None:
    one = exchange(interaction(headers={"status": "HTTP/2 200", "date": "now"}, status={"status_code": "200"}))
    assert one.tape.head is not None
    assert one.tape.head.headers == ((b"date", b"now"),)


def test_the_layout_of_r_is_read() -> None:
    one = exchange(interaction(status=429, headers={"retry-after": "1"}) | {"recorded_at": "2026-11-20 10:00:00"})
    assert one.tape.head is not None
    assert (one.tape.head.status, one.tape.head.reason) == (429, b"Too Many Requests")
    assert one.recorded == "2026-11-20T10:00:00.000Z"


@pytest.mark.parametrize(
    ("uri", "target", "upstream"),
    [
        ("<BASE_URL>/chat/completions?a=1", "/chat/completions?a=1", ""),
        ("<BASE_URL>", "/", ""),
        ("https://<HOST>/v1/models", "/v1/models", ""),
        ("https://h:8443/v1/a%20b", "/v1/a%20b", "https://h:8443"),
        ("https://user:secret@h/v1", "/v1", "https://h"),
    ],
)
def test_a_placeholder_hides_the_upstream_and_not_the_path(uri: str, target: str, upstream: str) -> None:
    one = exchange(interaction(request={"uri": uri}))
    assert (one.request.target, one.upstream) == (target, upstream)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"file": True, "string": "body.png"}, "its body stands in another file"),
        ({"on_disk": "files/body.png"}, "its body stands in another file"),
        ({"base64_string": "=?="}, "its body is no Base64"),
        ({"base64_string": 5}, "its body is no Base64"),
        ({"raw_gzip": "AAAA"}, "its squeezed body is damaged"),
        ({"raw_gzip": base64.b64encode(zlib.compress(SAID)[:-6]).decode()}, "its squeezed body is damaged"),
        ({"encoding": "ISO-8859-1", "string": "你"}, "its body is text that its encoding can't hold"),
    ],
    ids=repr,
)
def test_a_body_that_cannot_be_had_is_refused(body: Any, reason: str) -> None:
    (refused,) = found(yamlfile.emit(file(interaction(body=body))))
    assert refused == Refused("interaction 1", reason)


def test_a_body_that_is_an_object_is_frames() -> None:
    one = exchange(interaction(body={"string": {"id": "1"}}))
    assert (one.tape.body, one.fidelity) == (SAID, Fidelity.FRAMES)


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"ruby-vcr"}))
def test_what_other_tools_write_is_not_claimed(name: str) -> None:
    assert not FORMAT.claims(Source(name, SAMPLES[name]))
