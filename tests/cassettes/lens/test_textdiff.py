"""Two texts beside one another: words where words changed, lines where lines did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.lens.textdiff import text_diff
from tests.strategies import law, texts


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("The capital is Paris.", "The capital is Lyon.", ["The capital is [-Paris-]{+Lyon+}."]),
        ("one two three", "one three", ["one [-two -]three"]),
        ("one three", "one two three", ["one {+two +}three"]),
        ("a\nb", "a\nb\n", ["a", "b{+", "+}"]),
        ("one", "two", ["@@ -1 +1 @@", "-one", "+two"]),
        ("a b\nc d e\nf", "k l\nc d e\nm n", ["@@ -1,3 +1,3 @@", "-a b", "+k l", " c d e", "-f", "+m n"]),
        ("", "new", ["@@ -0,0 +1 @@", "+new"]),
    ],
)
def test_what_reads_better_is_shown(one: str, other: str, shown: list[str]) -> None:
    assert text_diff(one, other) == shown


def test_what_stayed_is_left_out_but_for_what_is_near() -> None:
    words = " ".join(f"word{number}" for number in range(500))
    (line,) = text_diff(f"{words} old {words}", f"{words} new {words}")
    assert "word499 [-old-]{+new+} word0" in line
    assert len(line) < 200


@pytest.mark.parametrize(("one", "other"), [("x" * 2**21, "y" * 2**21), ("a b " * 10**5, "b a " * 10**5)])
def test_texts_too_long_for_a_diff_are_shown_from_where_they_differ(one: str, other: str) -> None:
    where, *lines = text_diff(f"same {one}", f"same {other}")
    assert where == "from character 5 on:"
    assert [(line[0], line[1:50]) for line in lines] == [("-", one[:49]), ("+", other[:49])]


@law(200)
@given(texts, texts)
def test_equal_texts_and_no_others_have_no_diff(one: str, other: str) -> None:
    assert text_diff(one, one) == []
    assert bool(text_diff(one, other)) == (one != other)


@law(60)
@given(st.lists(st.sampled_from(["a", "b", " ", "\n"]), max_size=40).map("".join), st.integers(0, 40))
def test_a_word_that_came_in_is_shown_as_such(text: str, at: int) -> None:
    shown = "\n".join(text_diff(text, f"{text[:at]} NEW {text[at:]}"))
    assert "NEW" in shown
    assert "[-NEW" not in shown
