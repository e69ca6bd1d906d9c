"""Lists in pages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.sources.checks import Refused
from mockprovider.sources.endpoints.paging import page
from tests.strategies import law


def things(count: int) -> list[dict[str, Any]]:
    return [{"id": f"id-{number}"} for number in range(count)]


@law(100)
@given(st.integers(0, 130), st.integers(1, 100), st.sampled_from(["asc", "desc"]))
def test_the_pages_put_together_are_the_list(count: int, limit: int, order: str) -> None:
    seen, query = list[dict[str, Any]](), {"limit": str(limit), "order": order}
    for _ in range(count + 1):
        one = page(things(count), query, order="asc")
        seen += one["data"]
        if not one["has_more"]:
            break
        assert len(one["data"]) == limit
        query = {**query, "after": one["last_id"]}
    assert seen == (things(count) if order == "asc" else things(count)[::-1])


def test_a_page_has_twenty_unless_told_otherwise() -> None:
    assert len(page(things(30), {}, order="asc")["data"]) == 20


@pytest.mark.parametrize(("order", "first"), [("asc", "id-0"), ("desc", "id-2")])
def test_each_list_has_an_order_of_its_own(order: str, first: str) -> None:
    assert page(things(3), {}, order=order)["first_id"] == first


def test_an_empty_page_has_no_ends() -> None:
    empty: dict[str, Any] = {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}
    assert page([], {}, order="asc") == empty


def test_what_nobody_knows_comes_before_all() -> None:
    assert page(things(2), {"after": "id-9"}, order="asc")["data"] == things(2)


@pytest.mark.parametrize(
    ("query", "kind", "got"),
    [
        ({"limit": "1000"}, "integer_above_max_value", 1000),
        ({"limit": "101"}, "integer_above_max_value", 101),
        ({"limit": "0"}, "integer_below_min_value", 0),
        ({"limit": "-1"}, "integer_below_min_value", -1),
        ({"limit": "9" * 20}, "integer_above_max_value", int("9" * 20)),
        ({"limit": "x"}, "wrong_type", "a string"),
        ({"limit": ""}, "wrong_type", "a string"),
        ({"limit": "1.5"}, "wrong_type", "a string"),
        ({"limit": "²"}, "wrong_type", "a string"),
        ({"order": "up"}, "invalid_value", "up"),
        ({"order": ""}, "invalid_value", ""),
    ],
)
def test_a_page_that_there_is_not_is_refused(query: dict[str, str], kind: str, got: Any) -> None:
    with pytest.raises(Refused) as refused:
        page(things(3), query, order="asc")
    assert (refused.value.kind, refused.value.values["got"]) == (kind, got)


def test_a_limit_without_end_is_refused_all_the_same() -> None:
    with pytest.raises(Refused, match="integer_above_max_value"):
        page([], {"limit": "9" * 100_000}, order="asc")
