"""A profile's rules: which of them apply."""

from typing import Any

import msgspec
import pytest

from mockprovider.errors import ProfileError
from mockprovider.profiles.loading import BASELINE, load
from mockprovider.profiles.schema import Rule
from mockprovider.sources.checks import Refused
from mockprovider.sources.facts import Given
from mockprovider.sources.rulebook import RuleBook

PROFILE = load(BASELINE)


def refusal(body: dict[str, Any], *rules: Rule, at: str = "chat") -> Refused | None:
    """What the rules say of a request."""
    profile = msgspec.structs.replace(PROFILE, rules={str(number): rule for number, rule in enumerate(rules)})
    try:
        RuleBook(profile, at).taken(Given({"model": "m", **body}, PROFILE.models.known["gpt-4o"], profile))
    except Refused as refused:
        return refused
    return None


def applies(when: dict[str, Any], **body: Any) -> bool:
    return refusal(body, Rule(when=when, refuse="x")) is not None


@pytest.mark.parametrize(
    ("when", "met", "unmet"),
    [
        ({"a": 1}, [{"a": 1}], [{}, {"a": 2}, {"a": None}, {"a": [1]}]),
        ({"a.b": "x"}, [{"a": {"b": "x"}}], [{"a": {"b": "y"}}, {"a": "x"}, {"a": {}}, {"a": [{"b": "x"}]}]),
        ({"a": [1, 2]}, [{"a": 1}, {"a": 2}], [{"a": 3}, {"a": [1, 2]}, {}]),
        ({"a": [None, False]}, [{}, {"a": None}, {"a": False}], [{"a": True}, {"a": {}}]),
        ({"a?": True}, [{"a": 0}, {"a": False}, {"a": []}], [{}, {"a": None}]),
        ({"a?": False}, [{}, {"a": None}], [{"a": 0}, {"a": {}}]),
        ({"a.b?": True}, [{"a": {"b": 1}}], [{"a": 1}, {}, {"a": {"b": None}}]),
        ({"a?": True, "b?": False}, [{"a": 1}], [{"a": 1, "b": 1}, {"b": 1}]),
        ({"(tool_forced)": True}, [{"tool_choice": "required"}, {"tool_choice": {}}], [{"tool_choice": "auto"}, {}]),
        ({"(tool_forced)": False}, [{"tool_choice": "auto"}, {}], [{"tool_choice": "required"}]),
        ({"a": "glm-5*"}, [{"a": "glm-5"}, {"a": "glm-5.3"}], [{"a": "glm-4"}, {"a": 5}, {}]),
        ({"a": "x??"}, [{"a": "xyz"}], [{"a": "xy"}]),
        ({"a>": 1}, [{"a": 2}, {"a": 1.5}], [{"a": 1}, {"a": True}, {"a": "2"}, {}]),
        ({"a<": 0}, [{"a": -1}], [{"a": 0}, {"a": False}, {}]),
        ({"a!": ["x", "y*"]}, [{"a": "z"}, {"a": 1}], [{"a": "x"}, {"a": "yes"}, {"a": None}, {}]),
        ({"a.-1.b": 1}, [{"a": [{}, {"b": 1}]}], [{"a": [{"b": 1}, {}]}, {"a": []}, {"a": 1}, {}]),
        ({"a.0": 1}, [{"a": [1]}], [{"a": [2, 1]}, {"a": []}]),
        ({"a.*.b": 1}, [{"a": [{}, {"b": 1}]}], [{"a": [{"b": 2}]}, {"a": []}, {"a": {"b": 1}}, {}]),
        ({"a.*.b?": True}, [{"a": [{}, {"b": 1}]}], [{"a": [{}]}, {"a": []}]),
    ],
)
def test_a_rule_applies_where_all_that_it_asks_for_stands(
    when: dict[str, Any], met: list[dict[str, Any]], unmet: list[dict[str, Any]]
) -> None:
    assert [applies(when, **body) for body in met] == [True] * len(met)
    assert [applies(when, **body) for body in unmet] == [False] * len(unmet)


def test_the_first_rule_that_applies_says_what_is_wrong() -> None:
    rules = Rule(when={"a?": True}, refuse="a"), Rule(when={"b?": True}, refuse="b"), Rule(when={}, refuse="c")
    kinds = [(found := refusal(body, *rules)) and found.kind for body in ({"a": 1, "b": 1}, {"b": 1}, {})]
    assert kinds == ["a", "b", "c"]


def test_the_error_can_show_what_was_found_and_where() -> None:
    body = {"messages": [{"role": "user"}, {"role": "developer"}]}
    found = refusal(body, Rule(when={"messages.*.role": "dev*"}, refuse="x"))
    assert found is not None
    assert found.values == {"model": "m", "number": 1, "value": "developer"}


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        (Rule(when={"n>": 1}, set={"n": 1}), {"model": "m", "n": 1, "top_k": 3}),
        (Rule(when={}, ignore=["n", "x"]), {"model": "m", "top_k": 3}),
        (Rule(when={}, rename={"top_k": "k"}), {"model": "m", "n": 2, "k": 3}),
        (Rule(when={"n": 5}, ignore=["n"]), {"model": "m", "n": 2, "top_k": 3}),
    ],
)
def test_a_rule_that_does_not_refuse_says_what_the_request_is_taken_for(rule: Rule, taken: dict[str, Any]) -> None:
    profile = msgspec.structs.replace(PROFILE, rules={"one": rule})
    given = Given({"model": "m", "n": 2, "top_k": 3}, PROFILE.models.known["gpt-4o"], profile)
    assert RuleBook(profile, "chat").taken(given).body == taken


def test_a_rule_sees_the_request_as_the_rules_before_it_have_it_taken() -> None:
    rules = Rule(when={}, rename={"max_completion_tokens": "max_tokens"}), Rule(when={"max_tokens?": True}, refuse="x")
    assert refusal({"max_completion_tokens": 5}, *rules) is not None


def test_a_rule_is_for_its_own_endpoint() -> None:
    rule = Rule(when={}, refuse="x", at="responses")
    assert refusal({}, rule) is None
    assert refusal({}, rule, at="responses") is not None


def test_what_a_fact_finds_is_for_the_error_to_show_with_the_model() -> None:
    body = {"messages": [{"role": "user", "content": "a"}, {"role": "user"}]}
    found = refusal(body, Rule(when={"(content_missing)": True}, refuse="x"))
    assert found is not None
    assert found.values == {"model": "m", "number": 1}


def test_a_fact_that_nobody_knows_is_refused_with_the_closest() -> None:
    with pytest.raises(ProfileError, match=r"'\(searchs\)'.*did you mean '\(searches\)'"):
        refusal({}, Rule(when={"(searchs)": True}, refuse="x"))
