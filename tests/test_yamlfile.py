"""YAML in and out: nothing is lost on the way, and what can't be used is refused by file, line and key."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider import yamlfile
from mockprovider.errors import CassetteError, InputError, ProfileError
from mockprovider.profiles.schema import Model, Models
from tests.strategies import NASTY, json_values, law, surrogate_texts, texts

_values = st.recursive(
    json_values | st.floats() | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)
documents = (st.lists(_values, max_size=4) | st.dictionaries(texts, _values, max_size=4)).filter(bool)


def back(value: Any) -> Any:
    """What a reader makes of `value`, written. `repr` compares them: it tells 1 from 1.0 and True, and knows NaN."""
    (loaded,) = yamlfile.load(yamlfile.emit(value), "here.yaml")
    return loaded


@law(200)
@given(documents)
def test_what_was_emitted_is_loaded_as_the_same_value_of_the_same_types(value: Any) -> None:
    assert repr(back(value)) == repr(value)


@pytest.mark.parametrize("text", NASTY)
def test_a_text_that_yaml_could_misread_comes_back_from_every_place(text: str) -> None:
    value = {"a": text, "b": [text, {"c": text, "d": [[text, 1], text]}, text], text: {text: text}, "z": text}
    assert repr(back(value)) == repr(value)


@pytest.mark.parametrize("value", [{}, []])
def test_an_empty_document_comes_back(value: Any) -> None:
    assert back(value) == value


@law()
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_a_tuple_stands_on_one_line_and_comes_back_as_a_list(pairs: list[tuple[str, str]]) -> None:
    assert back({"headers": pairs}) == {"headers": [list(pair) for pair in pairs]}
    assert len(yamlfile.emit(pairs).splitlines()) == len(pairs)


@law()
@given(surrogate_texts)
def test_a_text_that_no_file_can_hold_is_refused_by_whoever_writes(text: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        with pytest.raises(ValueError, match=r".+"):
            yamlfile.emit({"a": text})
    else:
        assert back({"a": text}) == {"a": text}


@pytest.mark.parametrize("length", [1024, 5000])
def test_a_key_too_long_for_yaml_is_refused_by_whoever_writes(length: int) -> None:
    with pytest.raises(ValueError, match="key"):
        yamlfile.emit({"k" * length: 1})


@law()
@given(st.text('k\n"é😀', min_size=900, max_size=1100))
def test_a_long_key_comes_back_or_is_refused(key: str) -> None:
    try:
        text = yamlfile.emit({key: 1})
    except ValueError:
        return
    assert yamlfile.load(text, "here.yaml") == [{key: 1}]


@pytest.mark.parametrize(
    "text", ['data: {"a": "😀"}\n\ndata: [DONE]\n\n', "naïve: 你好\n  # no comment\n- \"x\" 'y' \\z\n"]
)
def test_a_text_of_several_lines_stands_in_the_file_as_it_reads(text: str) -> None:
    lines = [line.strip() for line in yamlfile.emit({"a": text}).splitlines()]
    assert [line.strip() for line in text.splitlines()] == lines[1 : 1 + len(text.splitlines())]


def test_a_date_is_text() -> None:
    assert yamlfile.load("a: 2026-11-20\nb: 2026-11-20T10:00:00Z\n", "x") == [
        {"a": "2026-11-20", "b": "2026-11-20T10:00:00Z"}
    ]


BROKEN: dict[str, str | bytes] = {
    "a bracket that stays open": "a: 1\nb: [",
    "a mapping in a scalar": "a: b: c",
    "a tab as indentation": "a:\n\t- x",
    "a key without a colon": "a: 1\nb\nc: 2",
    "an alias of nothing": "a: *b",
    "a value in itself": "a: &a [*a]",
    "a key twice": "a: 1\na: 2",
    "a set": "a: !!set {b}",
    "a list as a key": "? [a]\n: 1",
    "an unknown tag": "a: !mine x",
    "a Python object": "a: !!python/object/apply:os.system [echo]",
    "a bad base64": "a: !!binary é",
    "a bad integer": "a: !!int x",
    "an empty integer": 'a: !!int ""',
    "an empty float": 'a: !!float ""',
    "a bad boolean": "a: !!bool maybe",
    "a bad timestamp": "a: !!timestamp never",
    "an integer of 5,000 digits": "a: " + "9" * 5000,
    "bytes that are not UTF-8": b"a: \xff\xfe",
    "a NUL": "a: \0",
    "a control character": "a: \x07",
    "brackets 20,000 deep": "[" * 20_000,
}
"""What a file may hold by mistake, or by malice."""


@pytest.mark.parametrize("why", BROKEN)
@pytest.mark.parametrize("error", [CassetteError, ProfileError])
def test_what_is_not_yaml_is_refused_under_the_name_of_the_file(why: str, error: type[InputError]) -> None:
    with pytest.raises(error, match=r"\Ahere\.yaml:.* .*"):
        yamlfile.load(BROKEN[why], "here.yaml", error)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: ]\n", "here.yaml:2:4"),
        ("a: 1\nb: c: d\n", "here.yaml:2:5"),
        ("---\na: 1\n---\nb: *c\n", "here.yaml:4:4"),
    ],
)
def test_what_is_not_yaml_is_refused_with_line_and_column(text: str, place: str) -> None:
    with pytest.raises(InputError, match=rf"\A{place}"):
        yamlfile.load(text, "here.yaml")


@law(100)
@given(st.text("ab:-[]{}!&*|>'\"%@`#?,. \n\t\0é\ufeff", max_size=20) | st.binary(max_size=20))
def test_any_text_is_loaded_or_refused(text: str | bytes) -> None:
    try:
        yamlfile.load(text, "here.yaml")
    except InputError as refusal:
        assert str(refusal).startswith("here.yaml:")  # noqa: PT017 that it is raised is not the claim


LINES = "# first\na:\n  b: 1\n  c:\n    - x\n    - d: 2\n      e: 3\nf: {g: 4,\n    h: 5}\n---\nsecond:\n  - 1\n"


@pytest.mark.parametrize(
    ("path", "document", "line"),
    [
        ([], 0, 2),
        (["a"], 0, 2),
        (["a", "b"], 0, 3),
        (["a", "c", 0], 0, 5),
        (["a", "c", 1], 0, 6),
        (["a", "c", 1, "e"], 0, 7),
        (["f", "h"], 0, 9),
        (["a", "missing", "deeper"], 0, 2),
        (["a", "c", 7], 0, 4),
        (["second", 0], 1, 12),
        (["nowhere"], 5, 1),
    ],
)
def test_a_path_has_the_line_of_its_deepest_part_that_exists(path: list[str | int], document: int, line: int) -> None:
    assert yamlfile.line_of(LINES, path, document=document) == line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("known: {m: {}}\npaterns: {}\n", ":2: .*'paterns'; did you mean 'patterns'"),
        ("known: {m: {}}\nspelling:\n  stile: x\n", ":3: spelling.*stile'; did you mean 'style'"),
        ("known:\n  a: {}\n  b.c:\n    ownr: x\n", r":4: known\.b\.c.*ownr'; did you mean 'owner'"),
        ("known: {m: {}}\nqqqq: 1\n", ":2: .*'qqqq'; known: .*entry.*known.*listing.*spelling"),
        ("known: {m: {}}\nspelling: {style: compct}\n", r":2: spelling\.style: .*'?compact'?"),
        ("known:\n  a:\n    created: soon\n", r":3: known\.a\.created: "),
        ("known:\n  a:\n    listed: 1\n", r":3: known\.a\.listed: "),
        ("# only\npatterns: {}\n", ":2: .*known.*required"),
        ("knwon: {}\n", ":1: .*'knwon'; did you mean 'known'"),
        ("known:\n- a\n", ":1: known: "),
    ],
)
def test_what_is_wrong_is_refused_with_line_key_and_the_closest_key(text: str, message: str) -> None:
    (data,) = yamlfile.load(text, "b.yaml")
    with pytest.raises(CassetteError, match=rf"\Ab\.yaml{message}"):
        yamlfile.validated(Models, data, text, "b.yaml", CassetteError)


def test_what_is_right_comes_back_as_the_model() -> None:
    found = yamlfile.validated(Models, {"known": {"a": {"owner": "x"}}}, "", "b.yaml", CassetteError)
    assert found == Models(known={"a": Model(owner="x")})


@pytest.mark.parametrize(
    ("name", "reason"), [("absent.yaml", "no such file"), ("folder", "a folder"), ("pipe", "a device or a pipe")]
)
def test_a_file_that_can_not_be_read_is_refused_with_the_reason(name: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ProfileError, match=rf"\A{tmp_path / name}: {reason}"):
        yamlfile.read(tmp_path / name, ProfileError)
