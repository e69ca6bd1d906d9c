"""Rules at work: the first that applies answers, and each tenant is counted by itself."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.errors import RuleError
from mockprovider.rules.answers import Fail
from mockprovider.rules.loading import parse
from mockprovider.rules.script import Script
from mockprovider.tape import Request
from tests.rules.asking import chat, posted, script, text_of
from tests.strategies import law, requests


def told(at_work: Script, *words: str, tenant: str = "key") -> list[str | None]:
    """What is said to each of these."""
    return [text_of(at_work.answer(chat(each), tenant)) for each in words]


def says(text: str, **rule: Any) -> dict[str, Any]:
    return {"then": {"text": text}, **rule}


words = st.lists(st.sampled_from(["sun", "rain", "sun and rain", "fog"]), max_size=8)
rules = st.lists(
    st.fixed_dictionaries(
        {"then": st.just([{"text": "{{ nth }}"}, {"text": "later {{ nth }}"}])},
        optional={
            "when": st.fixed_dictionaries(
                {},
                optional={
                    "user": st.sampled_from(["sun", "rain"]),
                    "nth": st.integers(1, 4) | st.lists(st.integers(1, 4), min_size=1, max_size=2),
                },
            ),
            "times": st.integers(1, 3),
        },
    ),
    max_size=5,
)


@law(80)
@given(rules, words)
def test_the_first_rule_that_answers_alone_answers_among_others(
    given_rules: list[dict[str, Any]], asked: list[str]
) -> None:
    counted = [rule for rule in given_rules if "times" not in rule]
    together, alone = script(*counted), [script(rule) for rule in counted]
    for each in asked:
        hit = together.answer(chat(each), "key")
        first = next((n for n, one in enumerate([one.answer(chat(each), "key") for one in alone], 1) if one), None)
        assert (hit and hit.rule) == (first and f"rule {first}")


@law(80)
@given(rules, st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["sun", "rain", "fog"])), max_size=12))
def test_two_tenants_never_disturb_one_another(given_rules: list[dict[str, Any]], asked: list[tuple[str, str]]) -> None:
    together = script(*given_rules)
    heard = [(tenant, together.answer(chat(each), tenant)) for tenant, each in asked]
    for tenant in "ab":
        alone = script(*given_rules)
        own = [alone.answer(chat(each), tenant) for who, each in asked if who == tenant]
        assert [hit for who, hit in heard if who == tenant] == own


@law(80)
@given(rules, words)
def test_a_rule_is_used_as_often_as_it_answers_and_at_most_so_many_times(
    given_rules: list[dict[str, Any]], asked: list[str]
) -> None:
    at_work = script(*given_rules)
    hits = [hit.rule for each in asked if (hit := at_work.answer(chat(each), "key"))]
    for entry in at_work.plain():
        assert entry["used"] == hits.count(entry["name"]) <= (entry["times"] or len(asked))
        assert (f"script: {entry['name']}" in at_work.unused()) == (not entry["used"])


@law(60)
@given(requests)
def test_no_request_makes_a_script_raise(request: Request) -> None:
    whole = script(
        {"when": {"$..a": 1, "user": "/x/", "model": "*", "tool_result": True, "nth": 2}, **says("a")}, says("b")
    )
    whole.answer(request, "key")
    whole.missed(request)


def test_a_sequence_goes_on_with_its_last() -> None:
    at_work = script({"then": [{"text": "a"}, {"error": "overloaded"}, {"text": "c {{ nth }}"}]})
    assert told(at_work, "x") == ["a"]
    assert getattr(at_work.answer(chat(), "key"), "answer", None) == Fail("overloaded")
    assert told(at_work, "x", "x") == ["c 3", "c 4"]


def test_a_rule_that_is_spent_leaves_the_rest_to_others() -> None:
    assert told(script(says("a", times=2), says("b")), *"xxxx") == ["a", "a", "b", "b"]


def test_nth_counts_what_fits_the_rest_of_when() -> None:
    at_work = script(says("second sun", when={"user": "sun", "nth": 2}), says("else"))
    assert told(at_work, "sun", "fog", "sun", "sun") == ["else", "else", "second sun", "else"]


def test_nth_counts_what_another_rule_answers() -> None:
    at_work = script(says("first", times=1), says("second or fourth", when={"nth": [2, 4]}), says("else"))
    assert told(at_work, *"xxxx") == ["first", "second or fourth", "else", "second or fourth"]


def test_a_request_that_a_rule_can_not_answer_is_no_request_of_its() -> None:
    at_work = script(says("second", when={"nth": 2}), says("else"))
    assert at_work.answer(posted({"input": "x"}, "/v1/embeddings"), "key") is None
    assert told(at_work, "x", "x") == ["else", "second"]


def test_added_rules_come_first_the_newest_before_the_older() -> None:
    at_work = script(says("file"))
    at_work.add(parse([says("old 1", times=1), says("old 2", times=1)], "POST"))
    at_work.add(parse([says("new", times=1)], "POST"))
    assert told(at_work, *"xxxx") == ["new", "old 1", "old 2", "file"]


def test_rules_added_for_a_tenant_are_for_its_requests_only() -> None:
    at_work = script(says("file"))
    at_work.add(parse([says("mine")], "POST"), "a")
    assert told(at_work, "x", tenant="a") == ["mine"]
    assert told(at_work, "x", tenant="b") == ["file"]


@pytest.mark.parametrize(
    ("tenant", "left"), [("a", ["b's", "all", "file"]), ("c", ["b's", "a's", "all", "file"]), (None, ["file"])]
)
def test_what_was_added_goes_again_for_one_tenant_or_for_all(tenant: str | None, left: list[str]) -> None:
    at_work = script(says("", name="file"))
    for name, whose in (("all", None), ("a's", "a"), ("b's", "b")):
        at_work.add(parse([says("", name=name)], "POST"), whose)
    at_work.remove_added(tenant)
    assert [entry["name"] for entry in at_work.plain()] == left


def test_a_restart_counts_anew_for_one_tenant_or_for_all() -> None:
    at_work = script(says("once", times=1), says("else"))
    for tenant in "ab":
        told(at_work, "x", tenant=tenant)
    at_work.restart("a")
    assert (told(at_work, "x", tenant="a"), told(at_work, "x", tenant="b")) == (["once"], ["else"])
    assert at_work.unused() == ()
    at_work.missed(chat("x"))
    at_work.restart()
    assert (at_work.unused(), list(at_work.unmatched)) == (("script: rule 1", "script: rule 2"), [])
    assert told(at_work, "x", tenant="b") == ["once"]


def test_what_no_rule_fitted_is_told_in_a_line() -> None:
    at_work = script()
    at_work.missed(chat("What is\nthe weather? " + "x" * 100))
    at_work.missed(Request("GET", "/v1/models", "key=secret"))
    assert list(at_work.unmatched) == [
        f"POST /v1/chat/completions {'What is the weather? ' + 'x' * 39!r}",
        "GET /v1/models",
    ]


def test_the_unmatched_are_bounded() -> None:
    at_work = script()
    for number in range(300):
        at_work.missed(chat(str(number)))
    assert len(at_work.unmatched) == 100
    assert at_work.unmatched[-1].endswith("'299'")


def test_rules_are_told_as_they_were_written_in_json() -> None:
    rule = {"name": "a", "when": {"user": "x"}, "then": [{"text": "t"}, {"raw": {"body": b"\xff"}}], "times": 3}
    (told_rule,) = json.loads(json.dumps(script(rule).plain()))
    assert told_rule == {**rule, "then": [{"text": "t"}, {"raw": {"body": "!!binary /w=="}}], "used": 0}


def test_a_rule_whose_template_fails_was_used() -> None:
    at_work = script(says("{{ body.nothing }}", times=1), says("else"))
    with pytest.raises(RuleError):
        told(at_work, "x")
    assert told(at_work, "x") == ["else"]
