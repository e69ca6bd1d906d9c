"""Chance: drawn from the request and the seed, and from nothing else."""

import json
import string
import subprocess
import sys
import uuid
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.chance import Chance
from tests.strategies import law

FORM = "$alnum29 $hex32 $digits8 $uuid"


@law()
@given(st.lists(st.binary(max_size=10), max_size=3))
def test_the_same_material_gives_the_same_draws(material: list[bytes]) -> None:
    assert Chance(*material).fill(FORM) == Chance(*material).fill(FORM)


@law()
@given(st.binary(max_size=10), st.binary(max_size=10))
def test_other_material_gives_other_draws(one: bytes, other: bytes) -> None:
    assert (Chance(one).fill(FORM) == Chance(other).fill(FORM)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"), [((b"a", b"b"), (b"b", b"a")), ((b"ab", b"c"), (b"a", b"bc")), ((b"a",), (b"a", b""))]
)
def test_material_counts_by_its_parts(one: tuple[bytes, ...], other: tuple[bytes, ...]) -> None:
    assert Chance(*one).fill(FORM) != Chance(*other).fill(FORM)


def test_draws_are_the_same_in_every_process() -> None:
    code = f"from mockprovider.synthesis.chance import Chance; print(Chance(b'x').fill({FORM!r}), end='')"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == Chance(b"x").fill(FORM)


@pytest.mark.parametrize(
    ("draw", "alphabet"),
    [
        (Chance.alnum, string.ascii_letters + string.digits),
        (Chance.hex, "0123456789abcdef"),
        (Chance.digits, string.digits),
    ],
)
def test_a_text_has_its_length_and_all_of_its_alphabet_and_nothing_else(
    draw: Callable[[Chance, int], str], alphabet: str
) -> None:
    assert set(draw(Chance(), 5000)) == set(alphabet)
    assert [len(draw(Chance(), length)) for length in (0, 1, 32, 100)] == [0, 1, 32, 100]


@law()
@given(st.binary(max_size=10), st.integers(0, 200), st.integers(0, 200))
def test_a_twin_draws_from_here_on_what_the_other_does(material: bytes, before: int, after: int) -> None:
    chance = Chance(material)
    chance.draw(before)
    twin = chance.twin()
    assert twin.draw(after) == chance.draw(after)


def test_what_a_twin_draws_takes_nothing_from_the_other() -> None:
    chance = Chance(b"x")
    chance.twin().draw(1000)
    assert chance.draw(100) == Chance(b"x").draw(100)


def test_successive_draws_differ() -> None:
    chance = Chance()
    assert len({chance.alnum(24) for _ in range(1000)}) == 1000


@law()
@given(st.binary(max_size=10), st.integers(1, 1000))
def test_a_number_is_below_its_bound(material: bytes, below: int) -> None:
    assert 0 <= Chance(material).number(below) < below


def test_numbers_are_of_all_kinds() -> None:
    chance = Chance()
    assert {chance.number(20) for _ in range(2000)} == set(range(20))


@law()
@given(st.binary(max_size=10))
def test_a_uuid_is_of_version_4(material: bytes) -> None:
    found = uuid.UUID(Chance(material).uuid())
    assert (found.version, found.variant) == (4, uuid.RFC_4122)


@pytest.mark.parametrize("form", ["", "call_", "$unknown", "costs $5", "$", "alnum29", "$alnum"])
def test_a_form_without_a_generator_stays_as_it_is(form: str) -> None:
    assert Chance().fill(form) == form


def test_two_generators_in_a_form_draw_apart() -> None:
    one, other, third, fourth = Chance().fill("$hex16 $hex16 $uuid $uuid").split()
    assert one != other
    assert third != fourth


@law()
@given(st.integers(0, 2000), st.binary(max_size=4))
def test_there_are_as_many_paddings_as_asked_for_each_of_up_to_15_characters(count: int, material: bytes) -> None:
    paddings = [json.loads(padding) for padding in Chance(material).paddings(count)]
    assert len(paddings) == count
    assert all(len(padding) <= 15 for padding in paddings)


def test_paddings_have_lengths_of_all_kinds() -> None:
    assert {len(json.loads(padding)) for padding in Chance().paddings(200)} == set(range(16))
