"""go-vcr's cassettes: what Go took off is put back, and what was not kept is not claimed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider import yamlfile
from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.go_vcr import FORMAT
from mockprovider.errors import CassetteError
from mockprovider.tape import Chunk, Complete, Exchange, Fidelity, Framing
from tests.strategies import json_values, law
from tests.vectors.recordings import SAMPLES

ANSWER = {"body": "{}", "headers": {"Content-Type": ["application/json"]}, "status": "200 OK", "code": 200}
ASKED = {"body": '{"model":"m"}', "form": {}, "headers": {}, "url": "https://api.example.com/v1/x", "method": "POST"}


def cassette(*, version: Any = 2, request: Any = (), response: Any = ()) -> dict[str, Any]:
    """A cassette of one interaction, with some things changed."""
    return {
        "version": version,
        "interactions": [{"request": ASKED | dict(request), "response": ANSWER | dict(response)}],
    }


def read(document: Any) -> list[Found]:
    return list(FORMAT.read(Source("c.yaml", b"---\n" + yamlfile.emit(document).encode())))


def only(document: Any) -> Exchange:
    (found,) = read(document)
    assert isinstance(found, Imported), found
    return found.exchange


def test_an_interaction_of_version_2_becomes_an_exchange() -> None:
    (found,) = FORMAT.read(Source("c.yaml", SAMPLES["go-vcr"]))
    assert isinstance(found, Imported)
    exchange = found.exchange
    assert found.where == "interaction 1"
    assert exchange.request.method == "POST"
    assert exchange.request.target == "/v1/chat/completions?x=1"
    assert exchange.request.headers == ((b"Content-Type", b"application/json"),)
    assert exchange.request.body == b'{"model":"m","stream":true}'
    assert exchange.upstream == "https://api.example.com"
    assert exchange.recorded == "2026-11-20T10:00:00Z"
    assert exchange.fidelity is Fidelity.BYTES
    assert [chunk.data for chunk in exchange.tape.chunks] == [
        b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n',
        b"data: [DONE]\n\n",
    ]


def test_an_interaction_of_version_1_becomes_an_exchange() -> None:
    exchange = only(cassette(version=1, response={"duration": ""}))
    assert exchange.tape.body == b"{}"
    assert exchange.tape.head is not None
    assert (exchange.tape.head.status, exchange.tape.head.reason) == (200, b"OK")
    assert exchange.tape.ending == Complete(0.0)


def test_a_cassette_in_json_is_read_with_its_own_escapes() -> None:
    text = json.dumps(cassette(response={"body": "\N{GRINNING FACE}"}))
    assert "\\ud83d" in text
    for source in (Source("c", text.encode()), Source("c", b"---\n" + text.encode())):
        assert FORMAT.claims(source)
        (found,) = FORMAT.read(source)
        assert isinstance(found, Imported)
        assert found.exchange.tape.body == "\N{GRINNING FACE}".encode()


def test_the_gzip_that_go_undid_is_the_coding_again() -> None:
    exchange = only(cassette(response={"uncompressed": True, "content_length": -1}))
    assert exchange.coding == "gzip"
    assert exchange.tape.head is not None
    assert exchange.tape.head.header(b"content-encoding") == b"gzip"


@pytest.mark.parametrize(
    ("fields", "framing"),
    [
        ({"content_length": -1}, Framing.CHUNKED),
        ({"content_length": 2, "transfer_encoding": ["chunked"]}, Framing.CHUNKED),
        ({"content_length": 2, "transfer_encoding": []}, Framing.LENGTH),
        ({}, Framing.LENGTH),
        ({"code": 204, "body": ""}, Framing.NONE),
    ],
)
def test_the_framing_is_the_one_that_go_counted(fields: dict[str, Any], framing: Framing) -> None:
    head = only(cassette(response=fields)).tape.head
    assert head is not None
    assert head.framing is framing
    assert head.header(b"transfer-encoding") is None


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("1.25s", 1.25),
        ("160.745167ms", 0.160745),
        ("1m2.5s", 62.5),
        ("1h0m0s", 3600.0),
        ("12µs", 0.000012),
        ("999ns", 0.000001),
        (1_500_000_000, 1.5),
        ("0s", 0.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-5s", 0.0),
        (-5, 0.0),
        ("9" * 39, 0.0),
        ("9" * 30 + "h", 0.0),
        (10**400, 0.0),
        (None, 0.0),
    ],
)
def test_the_duration_is_when_the_head_came_since_go_vcr_stops_its_watch_there(duration: Any, seconds: float) -> None:
    tape = only(cassette(response={"duration": duration})).tape
    assert tape.head is not None
    assert tape.head.at == seconds
    assert tape.ending == Complete(seconds)


def test_a_binary_body_is_its_bytes() -> None:
    assert only(cassette(response={"body": b"\xff\x00"})).tape.body == b"\xff\x00"


def test_a_length_that_fits_no_more_tells_that_a_hook_changed_the_body() -> None:
    assert only(cassette(request={"content_length": 13})).fidelity is Fidelity.BYTES
    assert only(cassette(request={"content_length": 14})).fidelity is Fidelity.FRAMES
    assert only(cassette(response={"content_length": 3})).fidelity is Fidelity.FRAMES


@pytest.mark.parametrize("length", [0, -1, None])
def test_a_length_that_go_did_not_know_tells_nothing(length: Any) -> None:
    assert only(cassette(request={"content_length": length})).fidelity is Fidelity.BYTES


def test_an_answer_to_head_has_a_length_and_no_body() -> None:
    exchange = only(cassette(request={"method": "HEAD"}, response={"content_length": 9, "body": ""}))
    assert exchange.fidelity is Fidelity.BYTES
    assert exchange.tape.chunks == ()


def test_what_a_server_s_middleware_recorded_is_at_the_host_beside_it() -> None:
    exchange = only(cassette(request={"url": "/v1/x?y=1", "host": "localhost:8080"}))
    assert (exchange.upstream, exchange.request.target) == ("http://localhost:8080", "/v1/x?y=1")


def test_a_request_without_a_method_is_a_get_as_for_go() -> None:
    assert only(cassette(request={"method": ""})).request.method == "GET"


@pytest.mark.parametrize(("status", "reason"), [("200 OK", b"OK"), ("200 ", b""), ("200", b"OK"), ("", b"OK")])
def test_the_reason_is_the_one_that_was_kept(status: str, reason: bytes) -> None:
    head = only(cassette(response={"status": status})).tape.head
    assert head is not None
    assert head.reason == reason


def test_an_answer_whose_headers_a_hook_dropped_has_the_content_type_that_it_looks_like() -> None:
    exchange = only(cassette(response={"headers": {}, "body": "data: {}\n\ndata: [DONE]\n\n", "content_length": -1}))
    assert exchange.tape.head is not None
    assert exchange.tape.head.headers == ((b"Content-Type", b"text/event-stream"),)
    assert exchange.tape.chunks == (Chunk(0.0, b"data: {}\n\n"), Chunk(0.0, b"data: [DONE]\n\n"))


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (cassette(response={"code": 0}), "its status is no status of HTTP"),
        (cassette(response={"code": None}), "its status is no status of HTTP"),
        (cassette(response={"body": 7}), "its body is no text"),
        (cassette(request={"body": [1]}), "its body is no text"),
        (cassette(request={"url": "nowhere"}), "its URL is no http or https URL"),
        ({"version": 2, "interactions": [{"request": ASKED}]}, "it has no request or no response"),
        ({"version": 2, "interactions": [7]}, "it has no request or no response"),
    ],
)
def test_what_can_t_be_used_is_refused_with_a_reason_that_can_be_counted(document: Any, reason: str) -> None:
    assert read(document) == [Refused("interaction 1", reason)]


def test_a_refusal_leaves_the_other_interactions() -> None:
    document = cassette()
    document["interactions"].insert(0, 7)
    assert [type(found) for found in read(document)] == [Refused, Imported]


@pytest.mark.parametrize("version", [0, 3, True, "2", None, [2]])
def test_a_version_that_is_not_known_is_an_error(version: Any) -> None:
    with pytest.raises(CassetteError, match=r"c\.yaml: of no version of go-vcr's format that is known"):
        read(cassette(version=version))


def test_a_cassette_without_interactions_is_an_error() -> None:
    with pytest.raises(CassetteError, match="no list of interactions"):
        read({"version": 2, "interactions": None})


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"\xff\xfe\x00",
        b"interactions:\n- request:\n    body: x\n    method: GET\n    uri: https://a.b/\nversion: 1\n",
        b'{"version": 1, "interactions": [{"request": {"method": "GET", "uri": "https://a.b/"}}]}',
        b"http_interactions:\n- request:\n    method: get\n    uri: https://a.b/\nrecorded_with: VCR 6.0.0\n",
        SAMPLES["har"],
    ],
)
def test_other_files_are_not_claimed(other: bytes) -> None:
    assert not FORMAT.claims(Source("x", other))


def test_a_vcrpy_cassette_whose_body_speaks_of_a_url_is_not_claimed() -> None:
    body = b'interactions:\n- request:\n    body: \'{"a":1,"url": "x"}\'\n    uri: https://a.b/\nversion: 1\n'
    assert not FORMAT.claims(Source("x", body))
    assert FORMAT.claims(Source("x", body.replace(b"    uri:", b"    url:")))


@law(60)
@given(st.data(), json_values)
def test_anything_in_place_of_anything_is_taken_or_refused(data: st.DataObject, value: Any) -> None:
    side = data.draw(st.sampled_from(["request", "response"]))
    keys = sorted({**ASKED, **ANSWER} | dict.fromkeys(["duration", "content_length", "transfer_encoding", "host"]))
    document = cassette(**{side: {data.draw(st.sampled_from(keys)): value}})
    assert len(list(FORMAT.read(Source("c", json.dumps(document).encode())))) == 1
