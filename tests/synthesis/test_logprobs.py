"""Probabilities of tokens: they belong to the text, are sorted, and there are as many others as were asked for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.logprobs import legacy_logprobs, logprobs
from mockprovider.synthesis.tokens import pieces
from tests.strategies import law, surrogate_texts, texts

counts = st.integers(0, 20)


def rows(text: str, alternatives: int) -> list[dict[str, Any]]:
    """What is said of each token of a text."""
    return logprobs(text, alternatives, Chance(text.encode("utf-8", "replace")))


@law()
@given(texts, counts)
def test_tokens_joined_are_the_text_and_so_are_their_bytes(text: str, count: int) -> None:
    found = rows(text, count)
    assert "".join(row["token"] for row in found) == text
    assert bytes(byte for row in found for byte in row["bytes"]) == text.encode()


@law()
@given(texts, counts)
def test_there_is_a_row_for_each_piece_in_which_a_text_is_streamed(text: str, count: int) -> None:
    assert [row["token"] for row in rows(text, count)] == list(pieces(text))


@law()
@given(texts, counts)
def test_each_token_has_as_many_alternatives_as_asked_for(text: str, count: int) -> None:
    assert all(len(row["top_logprobs"]) == count for row in rows(text, count))


@law()
@given(texts, st.integers(1, 20))
def test_a_token_is_the_first_of_its_alternatives(text: str, count: int) -> None:
    for row in rows(text, count):
        assert row["top_logprobs"][0] == {key: row[key] for key in ("token", "logprob", "bytes")}


@law()
@given(texts | st.sampled_from([" the", " 0", ",", " as"]), counts)
def test_no_token_stands_twice_among_the_alternatives(text: str, count: int) -> None:
    for row in rows(text, count):
        assert len({each["token"] for each in row["top_logprobs"]}) == count


@law()
@given(texts, counts)
def test_probabilities_are_none_above_one_and_fall_from_each_to_the_next(text: str, count: int) -> None:
    for row in rows(text, count):
        falling = [each["logprob"] for each in row["top_logprobs"]]
        assert falling == sorted(falling, reverse=True)
        assert min([row["logprob"], *falling]) >= -9999.0
        assert max([row["logprob"], *falling]) <= 0


@law()
@given(texts, counts)
def test_the_same_chance_gives_the_same_probabilities(text: str, count: int) -> None:
    assert rows(text, count) == rows(text, count)


@law(20)
@given(surrogate_texts)
def test_half_a_character_has_bytes_that_can_be_sent(text: str) -> None:
    assert b"".join(bytes(row["bytes"]) for row in rows(text, 1)) == text.encode("utf-8", "replace")


@pytest.mark.parametrize("alternatives", [0, 1, 5])
def test_no_text_has_no_tokens(alternatives: int) -> None:
    assert rows("", alternatives) == []


def legacy(text: str, alternatives: int) -> dict[str, Any]:
    """What is said of the tokens of a legacy completion."""
    return legacy_logprobs(pieces(text), alternatives, Chance(b"x"))


@law()
@given(texts, st.integers(0, 5))
def test_legacy_lists_stand_side_by_side(text: str, count: int) -> None:
    found = legacy(text, count)
    assert list(found) == ["tokens", "token_logprobs", "top_logprobs", "text_offset"]
    assert {len(each) for each in found.values()} == {len(pieces(text))}


@law()
@given(texts, st.integers(0, 5))
def test_legacy_tokens_begin_where_their_offsets_say(text: str, count: int) -> None:
    found = legacy(text, count)
    ends = [*found["text_offset"][1:], len(text)]
    cut = [text[start:end] for start, end in zip(found["text_offset"], ends, strict=False)]
    assert cut == found["tokens"] == list(pieces(text))


@law()
@given(texts, st.integers(1, 5))
def test_a_legacy_token_is_among_its_alternatives_of_which_there_are_as_many_as_asked_for(
    text: str, count: int
) -> None:
    found = legacy(text, count)
    for token, logprob, top in zip(found["tokens"], found["token_logprobs"], found["top_logprobs"], strict=True):
        assert (len(top), top[token], max(top.values())) == (count, logprob, logprob)


def test_a_legacy_token_without_alternatives_has_its_probability_all_the_same() -> None:
    found = legacy("one two", 0)
    assert (found["top_logprobs"], [each <= 0 for each in found["token_logprobs"]]) == ([{}, {}], [True, True])


def test_probabilities_are_of_all_kinds() -> None:
    found = [row["logprob"] for row in rows("one two three four five six seven eight nine ten", 0)]
    assert len(set(found)) == len(found)
