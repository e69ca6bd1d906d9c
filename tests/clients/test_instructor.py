"""instructor against the profiles: `apart/with_instructor.py` asks, and each test is for one of its claims."""

from pathlib import Path

import pytest

from tests.clients.programs import Told, heard_apart


@pytest.fixture(scope="module")
def told(shared: Path) -> Told:
    return heard_apart(shared, "with_instructor")


@pytest.mark.parametrize(
    "mode",
    ["tools", "tools_strict", "json_schema", "json_object", "responses_tools", "deepseek_tools", "deepseek_json"],
)
def test_each_mode_fills_the_model(mode: str, told: Told) -> None:
    assert told(mode) == ["User", 18, "France"]


def test_a_model_that_is_awaited_is_filled(told: Told) -> None:
    assert told("awaited") == "France"


@pytest.mark.parametrize("claim", ["partial", "partial_in_a_schema"])
def test_a_partial_model_is_filled_little_by_little(claim: str, told: Told) -> None:
    said = told(claim)
    assert (said["first"], said["several"], said["last"]["country"]) == (None, True, "France")


def test_models_are_read_one_by_one(told: Told) -> None:
    assert told("iterable") == ["France"]


def test_what_is_not_valid_is_asked_for_again_as_often_as_is_allowed(told: Told) -> None:
    assert told("asks_again", 3) == 3
