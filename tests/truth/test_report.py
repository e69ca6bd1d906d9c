"""Reports: figures over classes, what is below a floor, and the form for programs."""

import json
from collections import Counter

import pytest

from mockprovider.truth.report import Case, Refusals, Report, first
from mockprovider.truth.scoring import Score


def scored(precision: float, recall: float, compared: int) -> Score:
    return Score(precision, recall, compared, 9, Counter(), Counter({"body: a null": compared}))


def case(*scores: Score, refused: int = 0, other_form: int = 0, headers: Score | None = None) -> Case:
    by_title = {str(number): score for number, score in enumerate(scores)}
    count = sum(score.compared for score in scores) + refused + other_form
    return Case("models", "plain", count, +Counter({"404 no": refused}), Counter(), other_form, by_title, headers)


def report(*cases: Case, refusals: tuple[Refusals, ...] = ()) -> Report:
    return Report("acme-like", 99, list(cases), list(refusals), Counter())


def test_each_class_weighs_as_many_answers_as_it_has() -> None:
    found = case(scored(1.0, 0.5, 3), scored(0.5, 1.0, 1))
    assert (found.precision, found.recall, found.compared) == (0.875, 0.625, 4)


def test_an_answer_in_another_form_weighs_too() -> None:
    assert case(scored(1.0, 1.0, 3), other_form=1).precision == 0.75


def test_where_nothing_was_compared_there_is_no_figure() -> None:
    assert (case().precision, case().recall) == (None, None)


@pytest.mark.parametrize(
    ("found", "below"),
    [
        (report(case(scored(0.949, 0.951, 3))), ["models plain: precision 0.949"]),
        (report(case(scored(0.1, 0.1, 2))), []),
        (report(case(scored(1.0, 1.0, 3), refused=1)), ["models plain: accepted 0.750"]),
        (report(refusals=(Refusals("key", False, 5, 4, 3, 0),)), ["refused for the key: shape 0.750"]),
        (report(refusals=(Refusals("key", False, 9, 2, 0, 0),)), []),
        (report(case(scored(1.0, 1.0, 3), headers=scored(0.1, 0.1, 9))), []),
    ],
    ids=["precision", "too few", "accepted", "refusals", "too few refusals", "headers"],
)
def test_what_is_below_the_floor_is_named_where_enough_stands_behind_it(found: Report, below: list[str]) -> None:
    assert found.below(0.95) == below


def test_differences_are_added_up_over_the_classes() -> None:
    assert case(scored(1.0, 0.5, 3), scored(1.0, 0.5, 2), refused=1, other_form=1).differences == {
        "lacks: body: a null": 5,
        "refuses what was answered: 404 no": 1,
        "does not answer with a plain body": 1,
    }


def test_an_answer_that_is_compared_with_nothing_is_a_difference() -> None:
    lonely = Case("models", "plain", 2, Counter(), Counter({"models plain, calls": 2}), 0, {}, None)
    assert lonely.differences == {"is compared with nothing, so few recordings are of: models plain, calls": 2}


def test_the_most_frequent_come_first_and_equals_by_the_alphabet() -> None:
    assert first(Counter(b=1, a=1, c=2), 2) == [("c", 2), ("a", 1)]


def test_a_report_is_json() -> None:
    found = report(case(scored(1.0, 0.5, 3), headers=scored(1.0, 1.0, 3)), refusals=(Refusals("key", False, 1, 1),))
    plain = json.loads(json.dumps(found.plain()))
    assert plain["cases"][0]["recall"] == 0.5
    assert plain["cases"][0]["headers"] == {"precision": 1.0, "recall": 1.0, "compared": 3, "peers": 9}
    assert plain["refusals"][0]["cause"] == "key"
