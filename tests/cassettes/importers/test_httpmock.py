"""httpmock's recordings: what says all of a request names it, what is a pattern is refused."""

import pytest

from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.httpmock import FORMAT
from mockprovider.tape import Fidelity
from tests.vectors.recordings import SAMPLES


def read(data: str) -> list[Found]:
    return list(FORMAT.read(Source("x", data.encode())))


def test_request_and_answer_are_read() -> None:
    found = next(iter(FORMAT.read(Source("x", SAMPLES["httpmock"]))))
    assert isinstance(found, Imported)
    exchange = found.exchange
    assert (exchange.request.method, exchange.request.target) == ("POST", "/v1/chat/completions?x=1")
    assert exchange.request.body == b'{"model":"m","stream":true}'
    assert exchange.tape.body == b'data: {"choices":[]}\n\ndata: [DONE]\n\n'
    assert (exchange.upstream, exchange.fidelity) == ("", Fidelity.FRAMES)


def test_a_body_in_base64_is_kept_to_the_byte() -> None:
    (found,) = read("when: {method: GET, path: /a}\nthen: {status: 200, body_base64: AP8=}\n")
    assert isinstance(found, Imported)
    assert (found.exchange.tape.body, found.exchange.fidelity) == (b"\x00\xff", Fidelity.BYTES)


def test_a_host_is_kept_where_there_is_one() -> None:
    text = "when: {method: GET, path: /a, scheme: HTTP, host: localhost, port: 8080}\nthen: {status: 204}\n"
    (found,) = read(text)
    assert isinstance(found, Imported)
    assert found.exchange.upstream == "http://localhost:8080"


@pytest.mark.parametrize("pattern", ["path_matches", "body_contains", "json_body_partial", "header_exists"])
def test_a_pattern_that_many_requests_fit_is_refused(pattern: str) -> None:
    (refused,) = read(f"when: {{method: GET, path: /a, {pattern}: x}}\nthen: {{status: 200}}\n")
    assert isinstance(refused, Refused)
    assert "many requests fit" in refused.reason


def test_one_bad_document_does_not_spoil_the_others() -> None:
    good = "when: {method: GET, path: /a}\nthen: {status: 200, body_base64: AP8=}\n"
    kinds = [type(each) for each in read(f"when: {{}}\nthen: {{}}\n---\n[]\n---\n{good}---\n")]
    assert kinds == [Refused, Refused, Imported]
