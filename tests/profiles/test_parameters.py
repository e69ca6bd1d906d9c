"""What a request may hold, place by place: parameters in parameters, and nothing that is not said is looked at."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockprovider.profiles.loading import BASELINE, load, shipped
from mockprovider.profiles.parameters import Parameter, Parameters
from tests.vectors.fields import FIELDS

OWN = "title: x\nbites: x\nchecked: 2026-11-20\nextends: openai\n"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """One parameter of chat, as a profile of a few lines says it."""

    def parameter(said: str) -> Parameter:
        path = tmp_path / "mine.yaml"
        path.write_text(f"{OWN}chat:\n  parameters:\n    it: {said}\n", encoding="utf-8")
        return load(str(path)).chat.parameters["it"]

    return parameter


def test_a_parameter_of_which_nothing_is_said_is_anything(read: Any) -> None:
    assert read("{}") == Parameter()
    assert (Parameter().types, Parameter().values, Parameter().nullable, Parameter().only) == ([], [], True, False)


@pytest.mark.parametrize(
    ("said", "parameter"),
    [
        ("{types: [string, array]}", Parameter(types=["string", "array"])),
        ("{types: [number], least: -2, most: 0.5}", Parameter(types=["number"], least=-2, most=0.5)),
        ("{types: [string], values: [low, high]}", Parameter(types=["string"], values=["low", "high"])),
        ("{nullable: false, says: an array of tools}", Parameter(nullable=False, says="an array of tools")),
        ("{pattern: '^[a-z]+$'}", Parameter(pattern="^[a-z]+$")),
        ("{items: {types: [string]}}", Parameter(items=Parameter(types=["string"]))),
        ("{items: {items: {most: 3}}}", Parameter(items=Parameter(items=Parameter(most=3)))),
        (
            "{keys: {a: {types: [integer]}, b: {}}}",
            Parameter(keys={"a": Parameter(types=["integer"]), "b": Parameter()}),
        ),
        ("{only: true, needs: [a]}", Parameter(only=True, needs=["a"])),
        ("{others: {types: [string]}, names: 64}", Parameter(others=Parameter(types=["string"]), names=64)),
        (
            "{by: type, kinds: {text: {needs: [text]}, file: {}}, otherwise: text, blames: object}",
            Parameter(
                by="type",
                kinds={"text": Parameter(needs=["text"]), "file": Parameter()},
                otherwise="text",
                blames="object",
            ),
        ),
    ],
)
def test_a_parameter_is_what_is_said_of_it(said: str, parameter: Parameter, read: Any) -> None:
    assert read(said) == parameter


def test_parameters_keep_the_order_in_which_they_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"{OWN}chat: {{parameters: {{z: {{}}, a: {{}}, m: {{}}}}}}\n", encoding="utf-8")
    assert list(load(str(path)).chat.parameters) == ["z", "a", "m"]


def test_a_parameter_never_changes() -> None:
    with pytest.raises(AttributeError):
        Parameter().most = 1  # type: ignore[misc]


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="mots"):
        msgspec.convert({"mots": 1}, Parameter)


def within(parameters: Mapping[str, Parameter], way: str = "") -> Iterator[tuple[str, Parameter]]:
    """All parameters in these, with their dotted ways."""
    for name, parameter in parameters.items():
        here = f"{way}{name}"
        yield here, parameter
        inner = {"[]": parameter.items, "*": parameter.others, **parameter.keys, **parameter.kinds}
        yield from within({key: each for key, each in inner.items() if each is not None}, f"{here}.")


def _parameters() -> Iterator[tuple[str, Parameters]]:
    for name in shipped():
        profile = load(name)
        yield f"{name}, chat", profile.chat.parameters
        if profile.responses is not None:
            yield f"{name}, responses", profile.responses.parameters


SHIPPED = dict(_parameters())
every_shipped = pytest.mark.parametrize("parameters", SHIPPED.values(), ids=SHIPPED)


@every_shipped
def test_what_must_be_there_may_be_there(parameters: Parameters) -> None:
    odd = [way for way, each in within(parameters) if each.only and not set(each.needs) <= set(each.keys)]
    assert odd == []


@every_shipped
def test_kinds_are_told_by_a_key_and_the_one_for_others_is_among_them(parameters: Parameters) -> None:
    odd = [
        way
        for way, each in within(parameters)
        if bool(each.kinds) != bool(each.by) or (each.otherwise and each.otherwise not in each.kinds)
    ]
    assert odd == []


@every_shipped
def test_no_bound_is_above_the_other(parameters: Parameters) -> None:
    bounded = {way: each for way, each in within(parameters) if each.least is not None and each.most is not None}
    assert [way for way, each in bounded.items() if each.least > each.most] == []  # type: ignore[operator]


@every_shipped
def test_known_values_are_strings_where_strings_are_taken(parameters: Parameters) -> None:
    assert [way for way, each in within(parameters) if each.values and "string" not in each.types] == []


@every_shipped
def test_patterns_are_regular_expressions(parameters: Parameters) -> None:
    assert all(re.compile(each.pattern) for _, each in within(parameters))


@pytest.mark.parametrize(
    ("path", "name"), [("/v1/chat/completions", f"{BASELINE}, chat"), ("/v1/responses", f"{BASELINE}, responses")]
)
def test_the_baseline_takes_every_field_of_the_api(path: str, name: str) -> None:
    assert set(FIELDS[path]) - {"model"} <= set(SHIPPED[name])
