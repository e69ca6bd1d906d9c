"""One JSON object of a request and a response, in each recorder's dialect."""

import json
from typing import Any

import pytest

from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.formats import read
from mockprovider.tape import Exchange, Fidelity
from tests.vectors.recordings import SAMPLES


def found(value: Any) -> list[Found]:
    return list(read(Source("x", json.dumps(value).encode()))[1])


def sample(name: str) -> Exchange:
    (one,) = read(Source("x", SAMPLES[name]))[1]
    assert isinstance(one, Imported)
    return one.exchange


@pytest.mark.parametrize(
    ("name", "body", "answer", "status"),
    [
        ("req-llm", b'{"model":"m","stream":true}', b'data: {"choices":[]}\n\ndata: [DONE]\n\n', 200),
        ("datadog", b'{\n  "model": "m"\n}', b'{"error": {"message": "Slow down"}}', 429),
        ("instructor-php", b'{"model":"m","stream":true}', b'data: {"choices":[]}\n\ndata: [DONE]\n\n', 200),
        ("symfony-ai", b'{"model":"m"}', b'{"object":"chat.completion"}', 200),
    ],
)
def test_request_and_answer_are_kept_to_the_byte(name: str, body: bytes, answer: bytes, status: int) -> None:
    exchange = sample(name)
    assert exchange.tape.head is not None
    assert (exchange.request.body, exchange.tape.body, exchange.tape.head.status) == (body, answer, status)
    assert exchange.upstream == "https://api.example.com"
    assert exchange.fidelity is Fidelity.BYTES


def test_an_answer_that_was_parsed_is_frames_at_most() -> None:
    value = json.loads(SAMPLES["req-llm"])
    del value["chunks"]
    value["response"]["body"] = {"b": 1, "a": None}
    (one,) = found(value)
    assert isinstance(one, Imported)
    assert (one.exchange.tape.body, one.exchange.fidelity) == (b'{"b":1,"a":null}', Fidelity.FRAMES)


def test_when_it_was_recorded_is_kept() -> None:
    assert sample("req-llm").recorded == "2026-11-20T10:00:00.123456Z"
    assert sample("datadog").recorded == "2026-11-20T10:00:00Z"


def test_an_answer_that_the_recorder_decoded_remembers_its_coding() -> None:
    assert sample("symfony-ai").coding == "gzip"


def test_a_body_that_is_no_Base64_is_refused_and_the_rest_read() -> None:  # noqa: N802
    value = json.loads(SAMPLES["symfony-ai"])
    good = value["interactions"][0]
    bad = {**good, "request": {**good["request"], "body": {"b64": "!"}}}
    assert [type(each) for each in found({"interactions": [good, bad, 3, good]})] == [
        Imported,
        Refused,
        Refused,
        Imported,
    ]
