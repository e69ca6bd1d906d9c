"""What `then` can say: each answer is what was written, spelled as it is sent."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from mockprovider.errors import CassetteError, RuleError
from mockprovider.rules.answers import Answer, Call, Fail, Raw, Recorded, Saying
from mockprovider.rules.loading import parse
from tests.rules.asking import answer, chat, posted
from tests.strategies import json_values, law

JSON = (b"content-type", b"application/json")


@pytest.mark.parametrize(
    ("then", "made"),
    [
        ({"text": "Hi {{ user }}"}, Saying("Hi Hello")),
        ({"text": ""}, Saying()),
        ({"reasoning": "{{ user }}?", "text": "b"}, Saying("b", "Hello?")),
        ({"json": {"a": [1, "{{ user }}", "é"]}}, Saying('{"a":[1,"Hello","é"]}')),
        ({"json": None}, Saying("null")),
        (
            {"tool_calls": [{"name": "f", "arguments": {"a": "{{ user }}"}}]},
            Saying(calls=(Call("f", '{"a":"Hello"}'),)),
        ),
        (
            {"tool_calls": [{"name": "f", "arguments": '{"a'}, {"name": "g"}]},
            Saying(calls=(Call("f", '{"a'), Call("g", "{}"))),
        ),
        ({"refusal": "No, {{ user }}"}, Saying(refusal="No, Hello")),
        (
            {"text": "a", "finish_reason": "length", "usage": {"prompt_tokens": 3, "reasoning_tokens": 0}},
            Saying("a", finish_reason="length", usage={"prompt_tokens": 3, "reasoning_tokens": 0}),
        ),
        ({"error": "rate_limited"}, Fail("rate_limited")),
        ({"raw": {}}, Raw(200, (), b"")),
        ({"raw": {"status": 502, "body": "<b>é"}}, Raw(502, (), "<b>é".encode())),
        ({"raw": {"body": {"a": ["{{ user }}"]}}}, Raw(200, (JSON,), b'{"a":["Hello"]}')),
        ({"raw": {"body": [], "headers": {"Content-Type": "x"}}}, Raw(200, ((b"Content-Type", b"x"),), b"[]")),
        ({"raw": {"body": b"\xff\x00"}}, Raw(200, (), b"\xff\x00")),
        (
            {"raw": {"headers": {"Retry-After": 1, "x-a": "{{ user }}"}}},
            Raw(200, ((b"Retry-After", b"1"), (b"x-a", b"Hello")), b""),
        ),
        ({"exchange": "a/b.yaml"}, Recorded(Path("a/b.yaml"))),
    ],
)
def test_an_answer_is_what_was_written(then: dict[str, Any], made: Answer) -> None:
    assert answer({"then": then}, chat()) == made


@law()
@given(json_values)
def test_json_is_said_as_it_was_written(value: Any) -> None:
    made = answer({"then": {"json": {"x": "", "value": _no_templates(value)}}}, chat())
    assert isinstance(made, Saying)
    assert json.loads(made.text)["value"] == _no_templates(value)


def _no_templates(value: Any) -> Any:
    return json.loads(json.dumps(value).replace("{{", "((").replace("{%", "(("))


def test_an_answer_without_templates_is_made_once() -> None:
    (rule,) = parse([{"then": {"text": "a"}}], "script")
    assert rule.answer(1, lambda _: {}) is rule.answer(2, lambda _: {})


@pytest.mark.parametrize(
    "then", [{"text": "a"}, {"refusal": "a"}, {"tool_calls": [{"name": "f"}]}, [{"error": "x"}, {"json": 1}]]
)
@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/models"])
def test_what_is_said_answers_only_what_asks_for_something_said(then: Any, path: str) -> None:
    assert answer({"then": then}, posted({"input": "a"}, path)) is None


@pytest.mark.parametrize("then", [{"error": "rate_limited"}, {"raw": {}}, {"exchange": "x.yaml"}])
def test_the_rest_answers_anything(then: dict[str, Any]) -> None:
    assert answer({"then": then}, posted({"input": "a"}, "/v1/embeddings")) is not None


def test_a_line_break_that_a_request_brings_into_a_header_is_an_error() -> None:
    rule = {"then": {"raw": {"headers": {"x-a": "{{ user }}"}}}}
    with pytest.raises(RuleError, match=r"\Ascript: rule 1: then\.raw\.headers\.x-a: .*one line"):
        answer(rule, chat("a\r\nset-cookie: b"))


def test_an_exchange_is_looked_for_beside_the_rules_and_may_be_refused() -> None:
    asked = list[Path]()
    parse([{"then": {"exchange": "tapes/1.yaml"}}], "script", exchange=asked.append, folder=Path("here"))
    assert asked == [Path("here/tapes/1.yaml")]

    def refuse(path: Path) -> None:
        raise CassetteError(f"{path.as_posix()}: no such file")

    with pytest.raises(RuleError, match=r"\Ascript: rule 1: then\.exchange: tapes/1\.yaml: no such file"):
        parse([{"then": {"exchange": "tapes/1.yaml"}}], "script", exchange=refuse)
