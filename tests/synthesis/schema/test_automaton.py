"""Patterns match as an engine that backtracks says, and what is made for them matches."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.schema.budget import Budget, UnfitError
from mockprovider.synthesis.schema.patterns import ecma
from mockprovider.synthesis.schema.patterns.automaton import Machine
from mockprovider.synthesis.schema.texts import Texts
from tests.strategies import PATTERNS, law


def matches(pattern: str, text: str) -> bool:
    tree = ecma.read(pattern)
    assert tree is not None
    machine = Machine(Budget(10**6))
    return machine.matches(machine.found(tree), text)


def made(pattern: str, **words: Any) -> str:
    return Texts(Budget(10**6), "Paris").text([{"pattern": pattern, **words}], "", {}, lambda _: True)


_ATOMS = ["a", "b", "0", ".", "[ab]", "[^a]", "[a-c0]", r"\d", r"\w", r"\s", r"\W", r"[\w-]", "^", "$", r"\b"]
_patterns = st.recursive(
    st.sampled_from(_ATOMS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.builds("({}|{})".format, inner, inner),
        st.builds("(?:{}){}".format, inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "{2,3}?"])),
        st.builds("(?{}{})".format, st.sampled_from(["=", "!"]), inner),
    ),
    max_leaves=7,
)


@law(400)
@given(_patterns, st.text("ab0- ", max_size=6))
def test_a_text_matches_where_an_engine_that_backtracks_says_so(pattern: str, text: str) -> None:
    assert matches(pattern, text) == (re.search(pattern, text, re.ASCII) is not None)


@law(200)
@given(_patterns, st.integers(0, 5), st.integers(0, 5))
def test_what_is_made_for_a_pattern_matches_it(pattern: str, least: int, more: int) -> None:
    try:
        text = made(pattern, minLength=least, maxLength=least + more)
    except UnfitError:
        return
    assert re.search(
        pattern.replace("$", r"\Z"), text, re.ASCII
    )  # Python takes `$` for a place before the last line's end
    assert least <= len(text) <= least + more


@law(100)
@given(st.data())
def test_what_somebody_else_makes_for_a_pattern_matches_it(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(sorted(PATTERNS)))
    signs = st.characters(codec="ascii", exclude_characters="\r\n")  # the others are for Python what they are not here
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII), alphabet=signs))
    assert matches(pattern, text.removesuffix("\n"))


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        ("", "", None),
        ("^$", "", "a"),
        ("a|^b|c$", "xc", "xbx"),
        (r"^\p{Lu}\p{Ll}+$", "Ária", "ária"),
        (r"^\p{Script=Greek}+$", "Ωμ", "O"),
        (r"^[\p{L}\p{N}_]+$", "Ab9_é", "a-b"),
        (r"^\P{L}$", "1", "a"),
        (r"^\p{Extended_Pictographic}$", "😀", "a"),
        (r"^(?<year>\d{4})-\k<year>$", "2026-2026", "2026-"),
        (r"^\u0041\x42\cJ\0\/\-$", "AB\n\0/-", "AB"),
        (r"^\u{1F600}$", "😀", "u"),
        (r"^\uD83D\uDE00$", "😀", "a"),
        ("^[^]$", "\n", ""),
        ("^[]|a$", "a", "b"),
        ("^[a-]+$", "a-", "b"),
        (r"^[\b\]\\]+$", "\b]\\", "b"),
        ("^a{,2}$", "a{,2}", "aa"),
        ("^{}$", "{}", ""),
        ("(?i)^abc$", "aBC", "abd"),
        (r"\A\d+\Z", "12", "1a"),
        (r"^(?:(?!ab).)*$", "aab"[:2], "xabx"),
        (r"^(?=.*\d)(?=.*[a-z]).{4}$", "ab1-", "abc-"),
        (r"^\Bx|\Bx$", "ax", "x"),
        ("^(a?){3}$", "aa", "aaaa"),
        ("^((a*)*b)*$", "aabb", "aa"),
        ("^(?:a{2}){2,3}$", "a" * 6, "a" * 5),
    ],
)
def test_the_signs_of_patterns_mean_what_they_mean(pattern: str, fitting: str, other: str | None) -> None:
    assert matches(pattern, fitting)
    assert other is None or not matches(pattern, other)
    assert matches(pattern, made(pattern))


@pytest.mark.parametrize("pattern", ["(", ")", "[", "a**", "*", "[b-a]", "(?<n", r"\k<n>", r"\1", "(?z)", "\\", r"\x1"])
def test_what_is_no_pattern_is_not_read(pattern: str) -> None:
    assert ecma.read(pattern) is None


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "^(.*)*x$", r"^(\w+\s?)*$", "(x+x+)+y"])
def test_no_text_makes_a_match_cost_more_than_its_length_tells(pattern: str) -> None:
    tree = ecma.read(pattern)
    assert tree is not None
    machine = Machine(Budget(20_000))
    assert not machine.matches(machine.found(tree), "a" * 500 + "!")


def test_what_no_text_matches_is_found_out() -> None:
    with pytest.raises(UnfitError):
        made("^a$", minLength=2)


def test_a_search_that_costs_too_much_is_given_up() -> None:
    with pytest.raises(UnfitError):
        Texts(Budget(1000), "Paris").text([{"pattern": "(?=.*a{500})(?=.*b{500})"}], "", {}, lambda _: True)
