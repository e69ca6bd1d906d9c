"""A request held against parameters: what passes, what does not, and what an unknown name was meant for."""

from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.profiles.loading import BASELINE, load
from mockprovider.profiles.parameters import Parameter
from mockprovider.sources.checks import Refused
from mockprovider.sources.parameters import check, meant, unknown
from tests.strategies import json_values, law

OPENAI = load(BASELINE)
assert OPENAI.responses is not None
ALL = {**OPENAI.chat.parameters, **OPENAI.responses.parameters}


def parameter(**keys: Any) -> Parameter:
    return msgspec.convert(keys, Parameter)


def refusal(value: Any, wanted: Parameter) -> tuple[str, str] | None:
    """The kind of a value's refusal, and what it names; None where the value passes."""
    try:
        check({"p": value}, {"p": wanted})
    except Refused as refused:
        return refused.kind, str(refused.values["param"])
    return None


VALUES: dict[str, Any] = {
    "string": "a",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "array": [],
    "object": {},
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("other", VALUES)
def test_a_value_is_of_its_own_type_and_a_whole_number_is_a_number_too(kind: str, other: str) -> None:
    fits = kind == other or (kind, other) == ("number", "integer")
    assert (refusal(VALUES[other], parameter(types=[kind])) is None) == fits


def test_any_of_several_types_will_do() -> None:
    wanted = parameter(types=["string", "array"])
    assert [name for name, value in VALUES.items() if refusal(value, wanted) is None] == ["string", "array"]


def test_what_is_not_said_is_not_looked_at() -> None:
    assert [refusal(value, parameter()) for value in VALUES.values()] == [None] * len(VALUES)


@pytest.mark.parametrize(("nullable", "found"), [(True, None), (False, ("wrong_type", "p"))])
def test_null_passes_for_absent_unless_it_does_not(nullable: bool, found: Any) -> None:
    assert refusal(None, parameter(types=["string"], nullable=nullable)) == found


def test_what_is_not_there_is_not_looked_at() -> None:
    check({}, {"p": parameter(types=["string"], nullable=False)})


BOUNDS: list[tuple[str, Any, list[Any], list[Any], str, str]] = [
    ("integer", (1, 8), [1, 8], [0, 9], "integer_below_min_value", "integer_above_max_value"),
    ("number", (-2, 2), [-2, 2, -2.0, 0.1], [-2.1, 2.1], "decimal_below_min_value", "decimal_above_max_value"),
    ("string", (1, 3), ["a", "abc"], ["", "abcd"], "empty_string", "string_above_max_length"),
    ("array", (1, 3), [[1], [1, 2, 3]], [[], [1, 2, 3, 4]], "empty_array", "array_above_max_length"),
]


@pytest.mark.parametrize(("kind", "bounds", "good", "bad", "below", "above"), BOUNDS)
def test_what_is_within_the_bounds_passes_and_what_is_beyond_does_not(
    kind: str, bounds: tuple[int, int], good: list[Any], bad: list[Any], below: str, above: str
) -> None:
    wanted = parameter(types=[kind], least=bounds[0], most=bounds[1])
    assert [refusal(value, wanted) for value in good] == [None] * len(good)
    assert [refusal(value, wanted) for value in bad] == [(below, "p"), (above, "p")]


def test_a_length_is_counted_in_characters() -> None:
    assert refusal("😀" * 3, parameter(most=3)) is None


@pytest.mark.parametrize(("value", "got"), [(99.0, "99.0"), (-1, "-1"), (10**400, str(10**400)), (2.5e100, "2.5e+100")])
def test_a_number_is_told_as_it_was_given(value: float, got: str) -> None:
    with pytest.raises(Refused) as refused:
        check({"p": value}, {"p": parameter(types=["number"], least=0, most=2)})
    assert (refused.value.values["got"], refused.value.values["limit"]) == (got, "0" if value == -1 else "2")


def test_of_an_object_the_number_of_keys_their_length_and_their_values_are_looked_at() -> None:
    wanted = parameter(types=["object"], most=2, names=3, others={"types": ["string"], "nullable": False})
    assert refusal({"abc": "x", "d": ""}, wanted) is None
    assert refusal({"a": "", "b": "", "c": ""}, wanted) == ("object_above_max_properties", "p")
    assert refusal({"abcd": ""}, wanted) == ("name_above_max_length", "p.abcd")
    assert refusal({"a": None}, wanted) == ("wrong_type", "p.a")


def test_keys_that_an_object_must_have_are_missed_by_their_path() -> None:
    wanted = parameter(types=["array"], items={"types": ["object"], "needs": ["a", "b"]})
    assert refusal([{"a": 1, "b": 2}, {"a": 1}], wanted) == ("missing_parameter", "p[1].b")


def test_other_keys_are_refused_only_where_that_is_said() -> None:
    assert refusal({"x": 1}, parameter(keys={"a": {}})) is None
    assert refusal({"x": 1}, parameter(keys={"a": {}}, only=True)) == ("unknown_parameter", "p.x")


KINDS: dict[str, Any] = {"by": "type", "kinds": {"text": {"needs": ["text"]}, "image": {}}}


@pytest.mark.parametrize(
    ("more", "value", "found"),
    [
        ({}, {"type": "text", "text": ""}, None),
        ({}, {"type": "image"}, None),
        ({}, {"type": "text"}, ("missing_parameter", "p.text")),
        ({}, {}, ("missing_parameter", "p.type")),
        ({}, {"type": None}, ("missing_parameter", "p.type")),
        ({}, {"type": 7}, ("wrong_type", "p.type")),
        ({}, {"type": []}, ("wrong_type", "p.type")),
        ({}, {"type": "sound"}, ("invalid_value", "p.type")),
        ({"blames": "object"}, {"type": "sound"}, ("invalid_value", "p")),
        ({"blames": "object"}, {"type": {}}, ("invalid_value", "p")),
        ({"blames": "object"}, {}, ("invalid_value", "p")),
        ({"blames": "object", "otherwise": "text"}, {}, ("missing_parameter", "p.text")),
        ({"blames": "object", "otherwise": "text"}, {"type": "sound"}, ("invalid_value", "p")),
        ({"otherwise": "text"}, {}, ("missing_parameter", "p.text")),
        ({"otherwise": "text"}, {"type": "sound"}, ("missing_parameter", "p.text")),
        ({"otherwise": "text"}, {"type": []}, ("missing_parameter", "p.text")),
    ],
)
def test_an_object_is_looked_at_as_its_kind_says(more: dict[str, Any], value: Any, found: Any) -> None:
    assert refusal(value, parameter(**KINDS, **more)) == found


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"types": ["number"]}, "a decimal"),
        ({"types": ["integer"]}, "an integer"),
        ({"types": ["object"]}, "an object"),
        ({"types": ["array"]}, "an array"),
        ({"types": ["array"], "items": {"types": ["object"]}}, "an array of objects"),
        ({"types": ["array"], "items": {"types": ["string"]}}, "an array of strings"),
        ({"types": ["string", "array"], "items": {"types": ["object"]}}, "one of a string or array of objects"),
        ({"types": ["string"], "values": ["a", "b"]}, "one of 'a' or 'b'"),
        ({"types": ["string"], "values": ["a", "b", "c"]}, "one of 'a', 'b', or 'c'"),
        ({"types": ["object"], "says": "a metadata object"}, "a metadata object"),
    ],
)
def test_what_belongs_in_a_place_is_told_in_words(keys: dict[str, Any], expected: str) -> None:
    with pytest.raises(Refused) as refused:
        check({"p": True}, {"p": parameter(**keys)})
    assert refused.value.values["expected"] == expected


@pytest.mark.parametrize(
    ("value", "got"),
    [
        ("a", "a string"),
        (1, "an integer"),
        (1.5, "a decimal number"),
        (True, "a boolean"),
        ({}, "an object"),
        ([], "an array"),
        (None, "null"),
    ],
)
def test_what_stands_there_is_told_in_words(value: Any, got: str) -> None:
    wanted = parameter(types=["boolean" if value == "a" else "string"], nullable=False)
    if isinstance(value, bool):
        wanted = parameter(types=["integer"])
    with pytest.raises(Refused) as refused:
        check({"p": value}, {"p": wanted})
    assert refused.value.values["got"] == got


@law(200)
@given(st.dictionaries(st.sampled_from(sorted(ALL)), json_values, max_size=4))
def test_whatever_a_request_holds_it_passes_or_is_refused(body: dict[str, Any]) -> None:
    assert all(found is None or found[0] in OPENAI.errors for found in (refusal(body[key], ALL[key]) for key in body))


# Names that nobody knows


names = st.text("abc", max_size=5)


@cache
def distance(one: str, other: str) -> int:
    """The Levenshtein distance, as it is defined."""
    if not one or not other:
        return len(one) + len(other)
    if one[0] == other[0]:
        return distance(one[1:], other[1:])
    return 1 + min(distance(one[1:], other), distance(one, other[1:]), distance(one[1:], other[1:]))


@law(200)
@given(names, st.sets(names, max_size=4), st.sets(names, max_size=2))
def test_names_at_most_two_edits_away_are_meant_the_nearest_first(wrong: str, known: set[str], given: set[str]) -> None:
    near = [name for name in known - given if distance(wrong, name) <= 2]
    near.sort(key=lambda name: (distance(wrong, name), name))
    listed = " or ".join(f"'{name}'" for name in near)
    assert meant(wrong, known, given) == (f" Did you mean {listed}?" if near else "")


def test_the_keys_that_are_not_known_are_told_in_their_order() -> None:
    assert unknown({"c": 1, "a": 2, "b": 3}, ["a"]) == ["c", "b"]
