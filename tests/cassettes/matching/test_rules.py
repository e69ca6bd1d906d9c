"""Rules: what they let pass differs in nothing else, and a rule that can't be meant is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mockprovider.cassettes.matching.key import key_of
from mockprovider.cassettes.matching.rules import COMPLETE, Rules
from mockprovider.errors import InputError
from mockprovider.tape import Request

BODY: dict[str, Any] = {
    "model": "m",
    "user": "ann",
    "metadata": {"run": 1, "test": "a"},
    "messages": [{"role": "user", "content": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}]}],
}


def asked(query: str = "api-version=1", beta: str = "v2", **body: Any) -> Request:
    return Request("POST", "/v1/x", query, ((b"OpenAI-Beta", beta.encode()),), json.dumps({**BODY, **body}).encode())


def without(name: str) -> Request:
    return replace(asked(), body=json.dumps({key: value for key, value in BODY.items() if key != name}).encode())


UNCACHED = [{"role": "user", "content": [{"type": "text", "text": "x"}]}]
OTHER_TEXT = [{"role": "user", "content": [{"type": "text", "text": "y", "cache_control": {"type": "ephemeral"}}]}]

EQUAL: list[tuple[Rules, Request]] = [
    (Rules(ignore=("body.user",)), asked(user="bob")),
    (Rules(ignore=("body.metadata.*",)), asked(metadata={"run": 2})),
    (Rules(ignore=("body.metadata.r*",)), asked(metadata={"run": 7, "test": "a"})),
    (Rules(ignore=("body.metadata.*",)), without("metadata")),
    (Rules(ignore=("body.**.cache_control",)), asked(messages=UNCACHED)),
    (Rules(ignore=("body.messages.*.content.*.cache_control",)), asked(messages=UNCACHED)),
    (Rules(ignore=("query.api-version",)), asked(query="api-version=2")),
    (Rules(ignore=("query",)), asked(query="b=2")),
    (Rules(ignore=("body",)), asked(model="n")),
    (Rules(on=("path", "body.model")), asked(user="bob", messages=[])),
    (Rules(on=("method", "body.messages.*.role")), asked(messages=OTHER_TEXT)),
    (Rules(on=("body.messages",)), asked(model="n")),
    (Rules(on=("query.api-version", "path")), asked(query="x=1&api-version=1", model="n")),
    (Rules(on=("body.**.text", "path")), asked(messages=UNCACHED, model="n")),
]

DIFFERENT: list[tuple[Rules, Request]] = [
    (COMPLETE, asked(user="bob")),
    (Rules(ignore=("body.user",)), asked(user="bob", model="n")),
    (Rules(ignore=("body.metadata.*",)), asked(metadata=None)),
    (Rules(ignore=("body.metadata.*",)), without("user")),
    (Rules(ignore=("body.metadata.r*",)), asked(metadata={"run": 1, "test": "b"})),
    (Rules(ignore=("body.**.cache_control",)), asked(messages=OTHER_TEXT)),
    (Rules(ignore=("query.api-version",)), asked(query="api-version=2&b=1")),
    (Rules(on=("path", "body.model")), asked(model="n")),
    (Rules(on=("path", "body.model")), asked(stream=True)),
    (Rules(on=("path", "body.modle")), asked(user="bob")),
    (Rules(on=("body.messages",)), replace(asked(), path="/v1/y")),
    (Rules(on=("body.messages",)), asked(query="b=2")),
    (Rules(on=("body.input",)), asked(model="n")),
    (Rules(on=("path", "body.**.text")), asked(messages=OTHER_TEXT)),
    (Rules(on=("path", "body", "header.openai-beta")), asked(beta="v3")),
    (Rules(on=("path", "query.api-version")), asked(query="api-version=2")),
]


@pytest.mark.parametrize(("rules", "other"), EQUAL)
def test_what_a_rule_passes_over_does_not_count(rules: Rules, other: Request) -> None:
    assert key_of(other, rules) == key_of(asked(), rules)


@pytest.mark.parametrize(("rules", "other"), DIFFERENT)
def test_what_no_rule_passes_over_counts(rules: Rules, other: Request) -> None:
    assert key_of(other, rules) != key_of(asked(), rules)


def test_headers_do_not_count_unless_they_are_chosen() -> None:
    assert key_of(asked(beta="v3")) == key_of(asked(beta="v2"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ignore": ("boddy.user",)}, ("boddy", "did you mean 'body'")),
        ({"ignore": ("body..user",)}, ("empty step", "body.user")),
        ({"ignore": ("",)}, ("empty step",)),
        ({"ignore": ("method.x",)}, ("method", "no parts")),
        ({"on": ("header",)}, ("header.openai-beta",)),
        ({"on": ("status",)}, ("status", "method")),
        ({"on": ()}, ("any request would get any answer",)),
        ({"normalize": ("uid",)}, ("did you mean 'uuid'", "re:PATTERN")),
        ({"normalize": ("re:(",)}, ("re:(", "pattern")),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_with_what_would_work(wrong: Any, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as refused:
        Rules(**wrong)
    assert all(word in str(refused.value) for word in words)


def test_the_complete_rules_have_no_name() -> None:
    assert COMPLETE.name == ""


def test_rules_have_the_same_name_in_any_order_and_another_when_they_say_something_else() -> None:
    one, same = Rules(ignore=("body.a", "body.b")), Rules(ignore=("body.b", "body.a"))
    others = [Rules(ignore=("body.a",)), Rules(normalize=("uuid",)), Rules(on=("path",))]
    assert one.name == same.name
    assert len({rules.name for rules in [one, *others]}) == 4


def test_rules_laid_on_rules_add_what_may_be_passed_over_and_choose_the_parts_anew() -> None:
    below, above = Rules(("path", "body"), ("body.a",), ("uuid",)), Rules(("path",), ("body.b",), ("date",), loose=True)
    assert below.and_(above) == Rules(("path",), ("body.a", "body.b"), ("uuid", "date"), loose=True)
    assert below.and_(COMPLETE) == below
