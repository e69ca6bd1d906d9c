"""The page: a line for each profile and case, the figures with what stands behind them, and the same each time."""

from collections import Counter

from mockprovider.truth.checking import check
from mockprovider.truth.table import figure, page
from tests.truth.taking import BASELINE, chat, recorded, taken, thrice

REPORT = check(
    BASELINE,
    [
        *taken(BASELINE, [*thrice(), *thrice(stream=True)[:2]]),
        recorded(chat(), {"error": {"message": "slow down"}}, 429),
        recorded(chat(), b"<html>"),
    ],
)
EMPTY = check(BASELINE, [])


def test_the_page_begins_with_the_command_and_says_what_is_measured() -> None:
    beginning = page([REPORT], "mockprovider profiles check --all").split("## Good answers")[0]
    assert beginning.startswith("# How true the profiles are\n")
    assert "    mockprovider profiles check --all\n" in beginning
    assert "at least 80% of them" in beginning


def test_each_case_has_a_line_with_what_stands_behind_each_figure() -> None:
    said = page([REPORT], "")
    whole = "| openai | chat/completions | plain | 1.000 (3) | 1.000 (3) | 1.000 (3) | 1.000 (3) | 0 of 3 |"
    assert whole in said
    assert "| openai | chat/completions | stream | - | - | - | - | 0 of 2 |" in said


def test_each_cause_of_refusals_has_a_line() -> None:
    assert "| openai | rate (not in the request) | 1 of 1 | 0 of 1 | 0 of 1 |" in page([REPORT], "")


def test_what_was_left_out_is_said_with_the_reason() -> None:
    said = page([REPORT], "", Counter({"not complete": 4}))
    assert "- of all: 4 not complete." in said
    assert "- openai, of 7: 1 a good answer without JSON; 2 with fewer than 3 comparable ones." in said


def test_a_profile_without_recordings_is_named_and_has_no_line() -> None:
    said = page([EMPTY], "")
    assert "There is nothing to hold these against: openai." in said
    assert "| openai |" not in said


def test_a_figure_that_rests_on_nothing_is_a_dash() -> None:
    assert (figure(None, 0), figure(0.9999, 12)) == ("-", "1.000 (12)")
