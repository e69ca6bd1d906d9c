"""Tokens: pieces that are the text again, and counts that make sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.profiles.schema import Tokens
from mockprovider.synthesis.tokens import count, fewest, pieces
from tests.strategies import law, surrogate_texts, texts


@law(100)
@given(texts | surrogate_texts | st.text(" \n_-.a1é你😀", max_size=40))
def test_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


@law(100)
@given(texts | st.text(" \n_-.a1é你😀", max_size=40))
def test_no_piece_is_empty_and_none_is_long(text: str) -> None:
    assert all(piece and len(piece.lstrip()) <= 8 for piece in pieces(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("Hello, world!", ("Hello", ",", " world", "!")),
        ("internationally", ("internat", "ionally")),
        ("x\n\ny", ("x", "\n\ny")),
    ],
)
def test_a_text_falls_into_pieces_as_words_do(text: str, expected: tuple[str, ...]) -> None:
    assert pieces(text) == expected


def test_a_very_long_text_is_cut_without_delay() -> None:
    text = " " * 20_000 + "_" * 20_000 + "!?" * 20_000
    assert "".join(pieces(text)) == text


@law()
@given(texts, texts, st.sampled_from([0.5, 1.0, 3.7, 4.0]))
def test_more_text_never_has_fewer_tokens(text: str, more: str, per_token: float) -> None:
    tokens = Tokens(characters_per_token=per_token)
    assert count(text, tokens) <= count(text + more, tokens)


@pytest.mark.parametrize(("text", "expected"), [("", 0), ("x", 1), ("four", 1), ("fiver", 2), ("é" * 8, 2)])
def test_tokens_are_characters_by_the_number_that_the_profile_states_rounded_up(text: str, expected: int) -> None:
    assert count(text, Tokens(characters_per_token=4.0)) == expected


@pytest.mark.parametrize(("text", "expected"), [("hello world " * 40_000, 80_000), ("x" * 400, 100), ("", 0)])
def test_a_text_is_too_long_only_if_a_frugal_tokenizer_says_so(text: str, expected: int) -> None:
    assert fewest(text, Tokens()) == pytest.approx(expected, rel=0.001)
