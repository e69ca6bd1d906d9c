"""Texts as unit vectors: equal for equal texts, near for similar ones, and the same numbers in either encoding."""

import base64
import json
import math
import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.vectors import vector
from tests.strategies import law, surrogate_texts, texts

said = st.one_of(texts, surrogate_texts, st.lists(st.integers(0, 100257), min_size=1, max_size=20))
lengths = st.sampled_from([1, 2, 3, 512, 1536, 3072, 8192])


def near(one: str | Sequence[int], other: str | Sequence[int], model: str = "m") -> float:
    """The cosine of two texts' vectors."""
    pairs = zip(vector(one, 1536, model).numbers(), vector(other, 1536, model).numbers(), strict=True)
    return sum(a * b for a, b in pairs)


@law()
@given(said, lengths)
def test_a_vector_is_as_long_as_asked_for_and_of_length_one(text: str | list[int], dimensions: int) -> None:
    numbers = vector(text, dimensions, "m").numbers()
    assert len(numbers) == dimensions
    assert math.sqrt(sum(number * number for number in numbers)) == pytest.approx(1, abs=1e-6)


@law()
@given(said, lengths)
def test_json_and_base64_say_the_same_numbers(text: str | list[int], dimensions: int) -> None:
    found = vector(text, dimensions, "m")
    numbers = json.loads(f"[{found.json()}]")
    packed = base64.b64decode(found.base64())
    assert numbers == found.numbers()
    assert packed == struct.pack(f"<{dimensions}f", *numbers)


@law()
@given(said)
def test_a_shorter_vector_is_the_beginning_of_a_longer_one(text: str | list[int]) -> None:
    short, long = vector(text, 64, "m").numbers(), vector(text, 1536, "m").numbers()[:64]
    scale = math.sqrt(sum(number * number for number in long))
    assert [number / scale for number in long] == pytest.approx(short, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "similar", "other"),
    [
        ("The cat sat on the mat", "A cat is sitting on the mat", "Machine learning is a subset of AI"),
        ("What is the weather in Paris?", "Paris weather today", "Stock prices fell sharply"),
        ("refund policy", "How do I get a refund?", "shipping times"),
        ("今天的天气怎么样", "今天天气怎么样", "股票价格大幅下跌"),
        ("naïve Café", "NAÏVE CAFÉ", "something else"),
    ],
)
def test_similar_texts_are_nearer_than_others(text: str, similar: str, other: str) -> None:
    assert near(text, similar) > near(text, other) + 0.2


def test_texts_without_a_word_in_common_are_about_at_right_angles() -> None:
    assert abs(near("zebra crossing", "quantum physics")) < 0.1


def test_token_lists_that_share_tokens_are_near() -> None:
    assert near([1, 2, 3, 4, 5], [1, 2, 3, 4, 6]) > near([1, 2, 3, 4, 5], [10, 20, 30, 40, 50]) + 0.2


@pytest.mark.parametrize(
    ("one", "other"),
    [("dog bites man", "man bites dog"), ("dog", "dog dog"), ("Dog", "dog"), ("!", "?"), ("1 2", [1, 2])],
)
def test_different_texts_have_different_vectors(one: str, other: str | list[int]) -> None:
    assert vector(one, 1536, "m").numbers() != vector(other, 1536, "m").numbers()


def test_another_model_sees_another_vector() -> None:
    pairs = zip(vector("a text", 1536, "m").numbers(), vector("a text", 1536, "n").numbers(), strict=True)
    assert abs(sum(a * b for a, b in pairs)) < 0.2


def test_a_long_text_is_near_the_same_text_with_a_word_changed() -> None:
    long = " ".join(f"word{number}" for number in range(2000))
    assert near(long, long.replace("word77 ", "other ")) > 0.9


def test_a_vector_is_the_same_everywhere_and_always() -> None:
    assert vector("Hello, world!", 5, "text-embedding-3-small").json() == (
        "-0.447213595,0.447213595,0.149071198,-0.149071198,0.745355992"
    )
