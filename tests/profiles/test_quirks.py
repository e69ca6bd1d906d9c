"""Quirks: what differs from the baseline, all of it and nothing else, each with its source."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mockprovider import yamlfile
from mockprovider.profiles.loading import BASELINE, load, shipped
from mockprovider.profiles.quirks import quirks, source_of
from mockprovider.profiles.schema import Profile, Source

OWN = "title: x\nbites: x\nchecked: 2026-11-20\nextends: openai\n"


@pytest.fixture
def mine(tmp_path: Path) -> Any:
    """A profile of a few lines over the baseline."""

    def profile(more: str) -> Profile:
        (tmp_path / "mine.yaml").write_text(OWN + more, encoding="utf-8")
        return load(str(tmp_path / "mine.yaml"))

    return profile


def test_the_baseline_has_none() -> None:
    assert quirks(load(BASELINE), load(BASELINE)) == []


def test_a_profile_that_says_nothing_of_its_own_has_none(mine: Any) -> None:
    assert quirks(mine("unknown: [x]\nname: other\n"), load(BASELINE)) == []


def test_a_profile_that_repeats_the_baseline_has_none(mine: Any) -> None:
    assert quirks(mine("paths: {roots: [/v1]}\nchat: {stream: {usage_frame: asked}}\n"), load(BASELINE)) == []


@pytest.mark.parametrize(
    ("more", "key", "value", "baseline"),
    [
        ("paths: {roots: [/v2]}\n", "paths.roots", ["/v2"], ["/v1"]),
        ('chat: {stream: {done: ""}}\n', "chat.stream.done", "", "data: [DONE]\n\n"),
        ("auth: {shown: last4}\n", "auth.shown", "last4", "ends"),
        ("errors: {overloaded: {status: 529}}\n", "errors.overloaded.status", 529, 503),
        ("timing: {first: 9.5}\n", "timing.first", 9.5, 0.4),
        ("chat: {stream: {frames: {first_tool: null}}}\n", "chat.stream.frames.first_tool", None, ...),
        ("chat: {stream: {frames: {text: {a: $text}}}}\n", "chat.stream.frames.text", {"a": "$text"}, ...),
        ("errors: {overloaded: {body: {a: 1}}}\n", "errors.overloaded.body", {"a": 1}, ...),
        ("chat: {plain: {headers: {x: y}}}\n", "chat.plain.headers", {"x": "y"}, ...),
        ("models: {known: {m: {owner: x}}, patterns: {}}\n", "models.known", ..., ...),
        (
            "rules: {r: {when: {a: 1}, refuse: overloaded}}\n",
            "rules.r",
            {"when": {"a": 1}, "refuse": "overloaded", "at": "chat"},
            None,
        ),
        ("chat: {parameters: {top_k: {least: 1}}}\n", "chat.parameters.top_k", ..., None),
        ("chat: {parameters: {seed: {types: [string]}}}\n", "chat.parameters.seed.types", ["string"], ["integer"]),
    ],
)
def test_a_key_that_differs_is_one_quirk_with_both_values(
    more: str, key: str, value: Any, baseline: Any, mine: Any
) -> None:
    found = {quirk.key: quirk for quirk in quirks(mine(more), load(BASELINE))}
    assert set(found) - {"models.patterns"} == {key}
    assert found[key].value == value or value is ...
    assert found[key].baseline == baseline or baseline is ...


@pytest.mark.parametrize("name", [name for name in shipped() if name != BASELINE])
def test_quirks_laid_over_the_baseline_are_the_profile(name: str, mine: Any) -> None:
    profile = load(name)
    data: dict[str, Any] = {"unknown": []}
    for quirk in quirks(profile, load(BASELINE)):
        *way, last = quirk.key.split(".")
        place = data
        for part in way:
            place = place.setdefault(part, {})
        place[last] = quirk.value
    again = mine(yamlfile.emit(data))
    told = {"name", "title", "bites", "checked", "extends", "sources", "unknown"}
    behaviour = [part for part in Profile.__struct_fields__ if part not in told]
    assert [getattr(again, part) for part in behaviour] == [getattr(profile, part) for part in behaviour]


@pytest.mark.parametrize("name", shipped())
def test_every_quirk_differs(name: str) -> None:
    assert all(quirk.value != quirk.baseline for quirk in quirks(load(name), load(BASELINE)))


SOURCES = """\
sources:
  chat: {at: a/chat, confidence: recorded, date: "2026"}
  chat.stream: {at: a/stream, confidence: reported, date: "2026-05"}
  chat.stream.frames.text: {at: a/text, confidence: inferred, date: "2026-05-06", says: why}
"""


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("chat", "a/chat"),
        ("chat.id", "a/chat"),
        ("chat.stream", "a/stream"),
        ("chat.stream.frames.first", "a/stream"),
        ("chat.stream.frames.text", "a/text"),
        ("chat.streaming", "a/chat"),
        ("paths.roots", None),
        ("cha", None),
    ],
)
def test_the_source_of_a_key_is_that_of_its_longest_beginning(key: str, address: str | None, mine: Any) -> None:
    source = source_of(mine(SOURCES), key)
    assert (source.at if source else None) == address


def test_a_quirk_comes_with_its_source(mine: Any) -> None:
    (quirk,) = quirks(mine("chat: {id: x}\n" + SOURCES), load(BASELINE))
    assert quirk.source == Source(at="a/chat", confidence="recorded", date="2026")


def test_a_quirk_without_a_source_says_so(mine: Any) -> None:
    (quirk,) = quirks(mine("chat: {id: x}\n"), load(BASELINE))
    assert quirk.source is None


def test_the_day_of_the_last_check_is_a_day(mine: Any) -> None:
    assert mine("").checked == date(2026, 11, 20)
