"""What fits here fits elsewhere, and the other way round."""

from typing import Any

import pytest
from hypothesis import given

from mockprovider.synthesis.schema.budget import Budget, UnfitError
from mockprovider.synthesis.schema.check import Checker
from mockprovider.synthesis.schema.document import Document
from mockprovider.synthesis.schema.texts import Texts
from tests.strategies import json_schemas, json_values, law, strict_schemas
from tests.synthesis.test_schema import fits as fits_elsewhere
from tests.vectors.schemas import FITTED

VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        1.0,
        2.5,
        -3,
        15,
        10**20,
        "",
        "a",
        "ab",
        "so",
        "Paris",
        "2026-01-01",
        "someone@example.com",
    ),
    *([], [1], [1, 1], [1, "a"], ["a", 1], [5, 5, 1, 1], [True, False], [[]], [{}], ["a", "b", 5]),
    *({}, {"a": 1}, {"b": 1}, {"a": 1, "b": 1}, {"a": "x"}, {"x": 1}, {"n_1": 1, "n_2": 2, "a_t": ""}, {"c": 2}),
    *({"name": "x", "next": None}, {"kids": []}, {"kids": [{"kids": [], "odd": 1}]}, {"command": "view", "path": "/"}),
)


def fits(value: Any, schema: Any) -> bool:
    budget = Budget(10**6)
    return Checker(Document(schema, budget), Texts(budget, "text"), budget).fits(value, schema)


@law(200)
@given(json_schemas | strict_schemas(), json_values)
def test_a_value_fits_where_jsonschema_says_so(schema: Any, value: Any) -> None:
    assert fits(value, schema) == fits_elsewhere(value, schema)


@pytest.mark.parametrize("what", FITTED)
def test_values_fit_a_schema_of_a_particular_kind_where_jsonschema_says_so(what: str) -> None:
    schema = FITTED[what]
    assert [fits(value, schema) for value in VALUES] == [fits_elsewhere(value, schema) for value in VALUES]


@pytest.mark.parametrize(
    "format_", ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]
)
@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-29", "2024-02-29", "2026-02-30", "24:00:00Z", "23:59:59+01:00", "12:00", "2026-01-01T12:00:00.5z"),
        *("P1W", "P", "PT", "P1Y2M3DT4H5M6S", "P1S", "a@b", "a", "-a.b", "a..b", "1.2.3.4", "1.2.3.256", "01.2.3.4"),
        *(
            "::",
            "::1",
            "1::2::3",
            "fe80::1%eth0",
            "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
            "6ba7b8109dad41d180b400c04fd430c8",
        ),
    ],
)
def test_a_text_is_of_a_format_where_jsonschema_says_so(format_: str, text: str) -> None:
    schema = {"type": "string", "format": format_}
    assert fits(text, schema) == fits_elsewhere(text, schema)


def test_a_check_that_costs_too_much_is_given_up() -> None:
    budget = Budget(100)
    schema = {"type": "array", "items": {"type": "integer"}}
    with pytest.raises(UnfitError):
        Checker(Document(schema, budget), Texts(Budget(1000), ""), budget).fits([1] * 1000, schema)
