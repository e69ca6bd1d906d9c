"""vcrpy's cassettes: every layout that its stubs and those who derive from it have written."""

import gzip
import json
from typing import Any

import pytest

from mockprovider import yamlfile
from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.vcrpy import FORMAT
from mockprovider.tape import Exchange, Fidelity, Framing, header
from tests.vectors.recordings import SAMPLES

URL = "https://api.example.com/v1/chat/completions"
SAID = b'{"id":"1"}'


def request(**parts: Any) -> dict[str, Any]:
    return {"body": "{}", "headers": {}, "method": "POST", "uri": URL, **parts}


def response(**parts: Any) -> dict[str, Any]:
    kind = {"Content-Type": ["application/json"]}
    return {"body": {"string": "{}"}, "headers": kind, "status": {"code": 200, "message": "OK"}, **parts}


def found(text: str | bytes) -> list[Found]:
    source = Source("cassette.yaml", text.encode() if isinstance(text, str) else text)
    assert FORMAT.claims(source)
    return list(FORMAT.read(source))


def file(*interactions: dict[str, Any]) -> str:
    return yamlfile.emit({"interactions": list(interactions), "version": 1})


def exchange(asked: dict[str, Any], answered: dict[str, Any], **more: Any) -> Exchange:
    (one,) = found(file({"request": asked, "response": answered, **more}))
    assert isinstance(one, Imported), one
    return one.exchange


def refusal(interaction: dict[str, Any]) -> str:
    good = {"request": request(), "response": response()}
    first, second = found(file(good, interaction))
    assert isinstance(first, Imported)
    assert isinstance(second, Refused)
    assert second.where == "interaction 2"
    return second.reason


def test_a_request_is_what_stood_on_the_wire() -> None:
    first = found(SAMPLES["vcrpy"])[0]
    assert isinstance(first, Imported)
    asked = first.exchange.request
    assert (asked.method, asked.path, asked.query) == ("POST", "/v1/chat/completions", "x=1")
    assert asked.headers == ((b"accept-encoding", b"gzip, deflate"), (b"content-type", b"application/json"))
    assert asked.body == b'{"model":"m","stream":true}'
    assert first.exchange.upstream == "https://api.example.com"


def test_a_stream_comes_in_chunks_of_an_event_under_its_own_headers() -> None:
    first = found(SAMPLES["vcrpy"])[0]
    assert isinstance(first, Imported)
    tape = first.exchange.tape
    assert tape.head is not None
    assert tape.head.framing is Framing.CHUNKED
    assert [pair for pair in tape.head.headers if pair[0] == b"Set-Cookie"] == [
        (b"Set-Cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
    ]
    assert header(tape.head.headers, b"transfer-encoding") is None
    assert [chunk.data for chunk in tape.chunks] == [
        b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n',
        b"data: [DONE]\n\n",
    ]


def test_json_serialisation_says_the_same_as_yaml() -> None:
    (asked,) = [found(file({"request": request(), "response": response()}))]
    data = json.dumps({"version": 1, "interactions": [{"request": request(), "response": response()}]}, indent=4)
    assert found("\ufeff" + data) == asked


@pytest.mark.parametrize(
    "body",
    [
        SAID,
        SAID.decode(),
        {"string": SAID.decode()},
        {"string": SAID},
        {"base64_string": "eyJpZCI6\nIjEifQ=="},
    ],
    ids=repr,
)
def test_a_body_is_its_bytes_however_it_is_wrapped(body: Any) -> None:
    one = exchange(request(body=body), response(body=body))
    assert (one.request.body, one.tape.body, one.fidelity) == (SAID, SAID, Fidelity.BYTES)


@pytest.mark.parametrize("body", [None, "", {"string": None}], ids=repr)
def test_no_body_is_an_empty_one(body: Any) -> None:
    one = exchange(request(body=body), response(body=body))
    assert (one.request.body, one.tape.body, one.tape.chunks) == (b"", b"", ())


@pytest.mark.parametrize(
    "pickled",
    [
        '!!python/unicode \'{"id":"1"}\'',
        "!!python/object/new:_io.BytesIO {state: !!python/tuple [!!binary eyJpZCI6IjEifQ==, 0, null]}",
        "!!python/object/apply:builtins.iter {args: [[!!binary eyJpZCI6, '\"1\"}']]}",
    ],
)
def test_what_python_pickled_into_a_request_is_its_bytes(pickled: str) -> None:
    text = file({"request": request(body="HERE"), "response": response()}).replace("HERE", pickled)
    (one,) = found(text)
    assert isinstance(one, Imported)
    assert one.exchange.request.body == SAID


def test_names_of_headers_that_are_objects_of_multidict_are_names() -> None:
    names = """\
        ? !!python/object/apply:multidict._multidict.istr
        - Content-Type
        : - a/b
        X-Id:
        - '7'
        ? !!python/object/new:multidict._multidict.istr
        - Accept
        : - '*/*'
"""
    text = file({"request": request(headers={"HERE": 1}), "response": response()})
    (one,) = found(text.replace("        HERE: 1\n", names))
    assert isinstance(one, Imported)
    assert one.exchange.request.headers == ((b"Content-Type", b"a/b"), (b"X-Id", b"7"), (b"Accept", b"*/*"))


@pytest.mark.parametrize("stored", [gzip.compress(SAID, mtime=0), SAID.decode()], ids=["coded", "decoded"])
def test_a_coding_is_named_whether_the_recorder_undid_it_or_not(stored: bytes | str) -> None:
    headers = {"Content-Type": ["application/json"], "content-encoding": ["gzip"], "Content-Length": ["30"]}
    one = exchange(request(), response(body={"string": stored}, headers=headers))
    assert (one.tape.body, one.coding, one.fidelity) == (SAID, "gzip", Fidelity.BYTES)
    assert one.tape.head is not None
    assert one.tape.head.headers == (
        (b"Content-Type", b"application/json"),
        (b"content-encoding", b"gzip"),
        (b"Content-Length", b"10"),
    )


@pytest.mark.parametrize("side", ["request", "response"])
def test_a_parsed_body_has_its_values_and_says_that_their_spelling_is_lost(side: str) -> None:
    parsed = {"parsed_body": {"id": "ü", "n": [1, 2.5, None]}}
    plain = {key: value for key, value in (request() if side == "request" else response()).items() if key != "body"}
    sides: dict[str, Any] = {"request": request(), "response": response(), side: plain | parsed}
    one = exchange(sides["request"], sides["response"])
    body = one.request.body if side == "request" else one.tape.body
    assert json.loads(body) == parsed["parsed_body"]
    assert one.fidelity is Fidelity.FRAMES


def test_a_body_that_aiohttp_was_handed_as_an_object_is_frames() -> None:
    one = exchange(request(body={"model": "m", "stream": False}), response())
    assert (one.request.body, one.fidelity) == (b'{"model":"m","stream":false}', Fidelity.FRAMES)


def test_the_layout_that_httpx_once_had_is_read() -> None:
    old = {"status_code": 429, "http_version": "HTTP/1.1", "headers": {"X-Id": "7"}, "content": SAID.decode()}
    one = exchange(request(), old)
    assert one.tape.head is not None
    assert (one.tape.head.status, one.tape.head.reason) == (429, b"Too Many Requests")
    assert (one.tape.head.headers, one.tape.body) == (((b"X-Id", b"7"),), SAID)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"code": 200, "message": "Fine"}, (200, b"Fine")),
        ({"code": 200, "message": ""}, (200, b"")),
        ({"code": 404, "message": None}, (404, b"Not Found")),
        ({"code": "503"}, (503, b"Service Unavailable")),
        (201, (201, b"Created")),
    ],
)
def test_a_status_stands_in_many_ways(status: Any, expected: tuple[int, bytes]) -> None:
    head = exchange(request(), response(status=status)).tape.head
    assert head is not None
    assert (head.status, head.reason) == expected


def test_headers_are_lists_or_scalars_and_values_may_be_bytes_or_numbers() -> None:
    headers = {"A": ["1", "2"], "B": "3", "C": [b"\xff"], "D": 4, "E": None, "F": []}
    one = exchange(request(headers=headers), response(url=URL))
    assert one.request.headers == ((b"A", b"1"), (b"A", b"2"), (b"B", b"3"), (b"C", b"\xff"), (b"D", b"4"))


def test_a_multipart_body_keeps_its_bytes() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\xff\xfe\r\n--x--\r\n'
    assert exchange(request(body=body), response()).request.body == body


def test_an_answer_to_head_has_no_body() -> None:
    head = exchange(request(method="HEAD"), response(headers={"Content-Length": ["99"]})).tape.head
    assert head is not None
    assert (head.framing, head.headers) == (Framing.NONE, ((b"Content-Length", b"99"),))


@pytest.mark.parametrize(
    ("interaction", "reason"),
    [
        ({"request": request()}, "it has no response"),
        ({"request": request(), "response": None}, "it has no response"),
        ({"response": response()}, "it has no request"),
        ({"request": request(uri=None), "response": response()}, "its request has no URL"),
        ({"request": request(method=3), "response": response()}, "its request has no method"),
        ({"request": request(uri="file:///x"), "response": response()}, "its URL is no http or https URL"),
        ({"request": request(uri="http://[::1"), "response": response()}, "its URL is no http or https URL"),
        ({"request": request(), "response": response(status=None)}, "its response has no status"),
        ({"request": request(), "response": response(status=9)}, "its status is no status of HTTP"),
        ({"request": request(), "response": response(body={"base64_string": "?"})}, "its body is no Base64"),
        ({"request": request(body={"n": float("inf")}), "response": response()}, "its body holds what JSON can't say"),
        ({"request": request(body=[b"x"]), "response": response()}, "its body holds what JSON can't say"),
    ],
)
def test_an_interaction_that_cannot_be_used_is_refused_beside_those_that_can(
    interaction: dict[str, Any], reason: str
) -> None:
    assert refusal(interaction) == reason


def test_half_a_character_is_refused() -> None:
    data = json.dumps({"interactions": [{"request": request(body="\ud800"), "response": response()}], "version": 1})
    assert found(data) == [Refused("interaction 1", "its body is text that its encoding can't hold")]


def test_an_empty_cassette_is_refused() -> None:
    assert list(FORMAT.read(Source("empty.yaml", b"interactions: []\nversion: 1\n"))) == [
        Refused("", "it holds no interaction")
    ]


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"vcrpy"}))
def test_what_other_tools_write_is_not_claimed(name: str) -> None:
    assert not FORMAT.claims(Source(name, SAMPLES[name]))
