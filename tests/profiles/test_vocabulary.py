"""The vocabulary for people and for editors: all of it, and as it is committed."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from mockprovider import yamlfile
from mockprovider.profiles.loading import shipped
from mockprovider.profiles.schema import Profile
from mockprovider.profiles.vocabulary import Part, json_schema, markdown, parts

ROOT = Path(__file__).parents[2]
PARTS = {part.name: part for part in parts()}
every_part = pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.name)


def field(part: str, name: str) -> Any:
    return next(each for each in PARTS[part].fields if each.name == name)


def valid(document: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(json_schema()).is_valid(document))


def mine(**more: Any) -> dict[str, Any]:
    return {"title": "x", "bites": "x", "checked": "2026-11-20", "extends": "openai", **more}


# For people


@every_part
def test_every_section_has_a_sentence(part: Part) -> None:
    assert part.says.endswith(".")


def test_the_profile_comes_first_and_has_all_its_keys() -> None:
    first = parts()[0]
    assert first.name == "Profile"
    assert [each.name for each in first.fields] == [each.name for each in msgspec.structs.fields(Profile)]


@every_part
def test_every_section_that_a_key_leads_to_is_there(part: Part) -> None:
    named = {name for each in part.fields for name in re.findall(r"\[(\w+)\]\(#", each.type)}
    assert named <= PARTS.keys()


@pytest.mark.parametrize(
    ("part", "name", "type_", "default", "says"),
    [
        ("Profile", "bites", "text", "", "In one line, what a client stumbles over."),
        ("Profile", "errors", "mapping to [Refusal](#refusal)", "", "By what went wrong"),
        ("Profile", "completions", "[Completions](#completions) or null", "null", "null where the provider has no"),
        ("Model", "context", "whole number, from 1 or null", "null", "The most tokens"),
        ("Stream", "usage_frame", '"asked" or "always" or "never"', '"asked"', "When `frames.usage` is sent"),
        ("Stream", "frames", "[Frames](#frames)", "", ""),
        ("Auth", "headers", "list of", '["authorization"]', "The headers that may carry it"),
        ("Refusal", "like", "text", "null", "status, spelling and headers"),
        ("Source", "at", "text", "", "A public address"),
        ("Parameter", "items", "[Parameter](#parameter) or null", "null", "What an array holds."),
    ],
)
def test_a_key_has_its_type_its_default_and_what_stands_beside_it_in_the_code(
    part: str, name: str, type_: str, default: str, says: str
) -> None:
    found = field(part, name)
    assert (found.type.startswith(type_), found.default, says in found.says) == (True, default, True)


def test_a_table_has_four_cells_in_each_line() -> None:
    rows = [line for line in markdown().splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


def test_the_committed_page_is_current() -> None:
    page = (ROOT / "docs/vocabulary.md").read_text(encoding="utf-8")
    assert page == markdown(), "mockprovider profiles schema --markdown > docs/vocabulary.md"


# For editors


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_the_committed_schema_is_current() -> None:
    schema = json.loads((ROOT / "profiles/schema.json").read_text(encoding="utf-8"))
    assert schema == json_schema(), "mockprovider profiles schema > profiles/schema.json"


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_file_fits_the_schema(name: str) -> None:
    path = shipped()[name]
    (document,) = yamlfile.load(path.read_bytes(), str(path))
    problems = jsonschema.Draft202012Validator(json_schema()).iter_errors(document)
    assert [f"{problem.json_path}: {problem.message[:200]}" for problem in problems] == []


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"chat": {"stream": {"done": ""}}},
        {"errors": {"rate_limited": {"like": "overloaded", "body": "x"}}},
        {"models": {"known": {"m": {"like": "n"}, "n": {}}}},
        {"shapes": {"other": {"id": "x"}}},
        {"completions": None},
        {"sources": {"chat": {"at": "a/b", "confidence": "recorded", "date": "2026"}}},
    ],
)
def test_what_says_only_what_differs_fits(more: dict[str, Any]) -> None:
    assert valid(mine(**more))


@pytest.mark.parametrize(
    "more",
    [
        {"pahts": {}},
        {"chat": {"stream": {"don": ""}}},
        {"chat": {"stream": {"usage_frame": "sometimes"}}},
        {"timing": {"first": "soon"}},
        {"timing": {"first": -1}},
        {"sources": {"chat": {"at": "a/b", "date": "2026"}}},
        {"rules": {"r": {"refuse": "overloaded"}}},
        {"checked": 2026},
    ],
)
def test_what_no_profile_can_say_does_not_fit(more: dict[str, Any]) -> None:
    assert not valid(mine(**more))


@pytest.mark.parametrize("key", ["title", "bites", "checked"])
def test_what_every_file_must_say_is_required(key: str) -> None:
    document = mine()
    del document[key]
    assert not valid(document)


def test_an_editor_shows_what_a_key_means() -> None:
    stream = json_schema()["$defs"]["Stream"]["properties"]
    assert stream["done"]["description"].startswith("The bytes that close the stream")


def modeline(path: Path) -> str:
    """The schema that a file names for an editor, as a path from where it is."""
    found = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
    return found[1] if found else ""


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_file_names_the_schema_beside_it(name: str) -> None:
    path = shipped()[name]
    assert (modeline(path), (path.parent / "schema.json").is_file()) == ("schema.json", True)
