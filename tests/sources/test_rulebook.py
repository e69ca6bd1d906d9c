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
        RuleBook(profile, at).refuse(Given({"model": "m", **body}, PROFILE.models.known["gpt-4o"], profile))
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
