"""WireMock's mappings: one that names a whole request is an exchange, a pattern is refused."""

import json
from typing import Any

import pytest

from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.wiremock import FORMAT
from mockprovider.tape import Exchange, Fidelity

ASKED = {"url": "/v1/x", "method": "POST", "bodyPatterns": [{"equalToJson": '{"model": "m"}'}]}
SAID = {"status": 200, "body": "{}"}


def read(request: Any = ASKED, response: Any = SAID, **mapping: Any) -> list[Found]:
    source = Source("x", json.dumps({"request": request, "response": response, **mapping}).encode())
    return list(FORMAT.read(source))


def only(request: Any = ASKED, response: Any = SAID) -> Exchange:
    (found,) = read(request, response)
    assert isinstance(found, Imported), found
    return found.exchange


def test_a_mapping_that_names_a_request_is_an_exchange() -> None:
    exchange = only()
    assert (exchange.request.method, exchange.request.target) == ("POST", "/v1/x")
    assert json.loads(exchange.request.body) == {"model": "m"}
    assert (exchange.tape.body, exchange.fidelity, exchange.upstream) == (b"{}", Fidelity.BYTES, "")


def test_a_mapping_in_YAML_is_read() -> None:  # noqa: N802
    text = (
        "---\nid: 1\nrequest:\n  url: /a\n  method: POST\n  bodyPatterns:\n  - equalTo: x\nresponse:\n  status: 200\n"
    )
    source = Source("x", text.encode())
    assert FORMAT.claims(source)
    (found,) = FORMAT.read(source)
    assert isinstance(found, Imported)
    assert found.exchange.request.body == b"x"


def test_a_list_of_mappings_is_read() -> None:
    mapping = {"request": ASKED, "response": SAID}
    source = Source("x", json.dumps({"mappings": [mapping, 3, mapping]}).encode())
    assert FORMAT.claims(source)
    assert [type(each) for each in FORMAT.read(source)] == [Imported, Refused, Imported]


def test_query_and_headers_of_which_the_text_is_known_are_kept() -> None:
    asked = {
        **ASKED,
        "url": None,
        "urlPath": "/v1/x",
        "queryParameters": {"beta": {"hasExactly": [{"equalTo": "a b"}]}, "v": {"equalTo": "1"}},
        "headers": {"X-A": {"equalTo": "1"}, "Accept": {"matches": ".*"}},
    }
    request = only(asked).request
    assert request.target == "/v1/x?beta=a+b&v=1"
    assert request.headers == ((b"X-A", b"1"),)


@pytest.mark.parametrize(
    ("response", "body", "fidelity"),
    [
        ({"jsonBody": {"a": 1}}, b'{"a":1}', Fidelity.FRAMES),
        ({"base64Body": "AP8="}, b"\0\xff", Fidelity.BYTES),
        ({}, b"", Fidelity.BYTES),
    ],
)
def test_a_body_may_stand_in_several_ways(response: dict[str, Any], body: bytes, fidelity: Fidelity) -> None:
    exchange = only(response={"status": 200, **response})
    assert (exchange.tape.body, exchange.fidelity) == (body, fidelity)


def test_a_body_in_a_file_beside_the_mapping_is_taken_from_there() -> None:
    data = json.dumps({"request": ASKED, "response": {"status": 200, "bodyFileName": "a.json"}}).encode()
    (found,) = FORMAT.read(Source("x", data, lambda name: b"from " + name.encode()))
    assert isinstance(found, Imported)
    assert found.exchange.tape.body == b"from a.json"


@pytest.mark.parametrize(
    ("request_", "response", "reason"),
    [
        ({**ASKED, "url": None, "urlPattern": "/v1/.*"}, SAID, "a pattern"),
        ({**ASKED, "bodyPatterns": [{"matchesJsonPath": "$.a"}]}, SAID, "a pattern"),
        ({**ASKED, "bodyPatterns": [{"equalToJson": "{}", "ignoreExtraElements": True}]}, SAID, "a pattern"),
        ({**ASKED, "bodyPatterns": [{"equalToJson": '"${json-unit.any-string}"'}]}, SAID, "a pattern"),
        ({**ASKED, "bodyPatterns": [{"equalTo": "a"}, {"equalTo": "a"}]}, SAID, "a pattern"),
        ({"url": "/v1/x", "method": "POST"}, SAID, "a pattern"),
        ({**ASKED, "queryParameters": {"a": {"matches": "."}}}, SAID, "a pattern"),
        ({**ASKED, "multipartPatterns": []}, SAID, "a pattern"),
        ({**ASKED, "bodyPatterns": [{"equalToJson": "{"}]}, SAID, "no JSON"),
        (ASKED, {"status": 200, "fault": "EMPTY_RESPONSE"}, "a fault"),
        (ASKED, {"status": 200, "bodyFileName": "a.json"}, "not beside it"),
    ],
)
def test_what_many_requests_fit_or_no_answer_is_in_is_refused(request_: Any, response: Any, reason: str) -> None:
    (refused,) = read(request_, response)
    assert isinstance(refused, Refused)
    assert reason in refused.reason


@pytest.mark.parametrize(("state", "kind"), [("Started", Imported), ("second", Refused)])
def test_a_later_state_of_a_scenario_is_refused(state: str, kind: type[Found]) -> None:
    (found,) = read(requiredScenarioState=state)
    assert isinstance(found, kind)


def test_what_another_recorder_writes_alike_is_not_claimed() -> None:
    other = {"request": {"url": "/a", "method": "POST", "payload": {}}, "response": {"status": 200}}
    assert not FORMAT.claims(Source("x", json.dumps(other).encode()))
