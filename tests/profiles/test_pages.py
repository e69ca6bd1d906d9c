"""A profile as a page: all that it says of itself, in Markdown that says nothing else, and as it is committed."""

from pathlib import Path

import pytest

from mockprovider.profiles.loading import BASELINE, opened, shipped
from mockprovider.profiles.pages import index, page
from mockprovider.profiles.quirks import Quirk, quirks
from tests.profiles.known import load

DOCS = Path(__file__).parents[2] / "docs"
MINE = """\
title: My *own* gateway
bites: ids of <its> own
checked: 2026-11-20
extends: openai
chat: {id: "a|b`c"}
models: {patterns: {}}
variants: {old: {says: as it was, set: {chat.id: old}}}
sources:
  chat.id: {at: o/r issue 7, confidence: reported, date: "2026-05", says: "a `|`"}
  models: {at: "https://example.com/docs/", confidence: documented, date: "2026"}
unknown: [what a 500 says]
"""


def read(name_or_file: str) -> tuple[str, list[Quirk]]:
    """The page of a profile, and its quirks."""
    given = opened(name_or_file)
    found = quirks(given.profile, load(BASELINE), given.chain())
    return page(given.profile, found), found


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """The page of a profile of one's own."""
    path = tmp_path / "mine.yaml"
    path.write_text(MINE, encoding="utf-8")
    return read(str(path))[0]


@pytest.mark.parametrize(
    "line",
    [
        "# mine",
        "My &#42;own&#42; gateway: ids of &#60;its&#62; own.",
        "Checked 2026-11-20, extends `openai`. 2 quirks from 2 sources.",
        "| `old` | as it was |",
        "## chat",
        "*reported* 2026-05, [o/r issue 7](https://github.com/o/r/issues/7): a <code>&#124;</code>",
        '| `chat.id` | <code>"a&#124;b&#96;c"</code> | `"chatcmpl-$alnum29"` |',
        "*documented* 2026, [example.com/docs](https://example.com/docs/)",
        "- what a 500 says",
    ],
)
def test_a_page_has_this_line(line: str, mine: str) -> None:
    assert line in mine.split("\n")


def test_a_page_has_a_row_for_each_quirk() -> None:
    said, found = read("deepseek-like")
    assert [quirk.key for quirk in found if f"| `{quirk.key}` | " not in said] == []


def test_the_baseline_has_no_quirks_but_sources() -> None:
    said, found = read(BASELINE)
    assert (found, "## Sources" in said) == ([], True)


@pytest.mark.parametrize("name", shipped())
def test_the_page_of_a_profile_is_current(name: str) -> None:
    assert (DOCS / "profiles" / f"{name}.md").read_text(encoding="utf-8") == read(name)[0], "make pages"


def test_the_page_of_all_profiles_is_current() -> None:
    assert (DOCS / "quirks.md").read_text(encoding="utf-8") == index(shipped()), "make pages"


def test_there_is_no_page_of_a_profile_that_there_is_not() -> None:
    assert {path.stem for path in (DOCS / "profiles").iterdir()} == set(shipped())
