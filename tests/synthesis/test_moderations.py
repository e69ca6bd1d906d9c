"""Moderations in the baseline's frame: a category is flagged by its name, and by nothing else."""

import json
from typing import Any

import pytest

from mockprovider.profiles.endpoints import Moderations
from mockprovider.profiles.loading import BASELINE, load
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.moderations import read, written


def forms() -> Moderations:
    found = load(BASELINE).moderations
    assert found is not None
    return found


CATEGORIES = list(forms().categories)
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/violence.png"}}


def judged(said: Any) -> list[dict[str, Any]]:
    """The results for an `input`."""
    results: list[dict[str, Any]] = json.loads(written(read(said), "m", forms(), Chance(b"x"), {}))["results"]
    return results


def flagged(text: str) -> set[str]:
    """The categories for which a text is flagged."""
    (result,) = judged(text)
    assert result["flagged"] == any(result["categories"].values())
    return {name for name, value in result["categories"].items() if value}


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_is_flagged_by_its_name_and_with_it_the_one_that_it_is_part_of(category: str) -> None:
    assert flagged(f"Some {category.upper()}, please.") == {category, category.partition("/")[0]}


@pytest.mark.parametrize(
    "text",
    ["", "I forgot to water my houseplants!", "nonviolence", "hateful", "self harm", "a sexuality", "x/violence"],
)
def test_nothing_else_is_flagged(text: str) -> None:
    assert flagged(text) == set()


def test_scores_are_high_where_flagged_and_low_elsewhere() -> None:
    (result,) = judged("hate and violence")
    high = {name for name, score in result["category_scores"].items() if score > 0.5}
    assert high == {"hate", "violence"}
    assert all(0 <= score <= 1 for score in result["category_scores"].values())


def test_every_part_of_a_result_has_the_profiles_categories_in_their_order() -> None:
    (result,) = judged("hello")
    parts = ("categories", "category_scores", "category_applied_input_types")
    assert [list(result[part]) for part in parts] == [CATEGORIES] * 3


def test_the_same_text_has_the_same_scores_in_whatever_request() -> None:
    one, two, three = judged(["hello", "hate", "hello"])
    assert one == three == judged("hello")[0]
    assert two != one


def test_parts_are_judged_together() -> None:
    (result,) = judged([{"type": "text", "text": "hello"}, {"type": "text", "text": "violence"}, IMAGE])
    assert result["categories"]["violence"] is True
    assert result["category_applied_input_types"]["violence"] == ["text", "image"]
    assert result["category_applied_input_types"]["hate"] == ["text"]


def test_an_image_alone_is_never_flagged_and_looked_at_for_some_categories_only() -> None:
    (result,) = judged([IMAGE])
    assert result["flagged"] is False
    assert {name for name, kinds in result["category_applied_input_types"].items() if kinds} == {
        name for name, kinds in forms().categories.items() if "image" in kinds
    }
    assert {name for name, score in result["category_scores"].items() if score == 0} == {
        name for name, kinds in forms().categories.items() if "image" not in kinds
    }
