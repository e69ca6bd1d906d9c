"""Quirks: what differs from the baseline, all of it and nothing else, each with its source."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockprovider import yamlfile
from mockprovider.profiles import loading
from mockprovider.profiles.laying import merged
from mockprovider.profiles.loading import BASELINE, shipped
from mockprovider.profiles.quirks import ABSENT, differences, quirks, source_of
from mockprovider.profiles.schema import Profile, Source
from mockprovider.profiles.setting import IDENTITY
from tests.profiles.known import load

OWN = "title: x\nbites: x\nchecked: 2026-11-20\nextends: openai\n"


@pytest.fixture
def mine(tmp_path: Path) -> Any:
    """A profile of a few lines over the baseline."""

    def profile(more: str) -> Profile:
        (tmp_path / "mine.yaml").write_text(OWN + more, encoding="utf-8")
        return loading.load(str(tmp_path / "mine.yaml"))

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
        ("errors: {overloaded: {body: {a: 1}}}\n", "errors.overloaded.body", {"a": 1}, ...),
        ("chat: {plain: {headers: {x: y}}}\n", "chat.plain.headers", {"x": "y"}, ...),
        ("models: {known: {m: {owner: x}}, patterns: {}}\n", "models.known", ..., ...),
        (
            "rules: {r: {when: {a: 1}, refuse: overloaded}}\n",
            "rules.r",
            ...,
            None,
        ),
        ("chat: {parameters: {top_k: {least: 1}}}\n", "chat.parameters.top_k", ..., None),
        ("chat: {parameters: {seed: {types: [string]}}}\n", "chat.parameters.seed", ..., None),
        ("chat: {closed: true}\n", "chat.closed", True, False),
    ],
)
def test_a_key_that_differs_is_one_quirk_with_both_values(
    more: str, key: str, value: Any, baseline: Any, mine: Any
) -> None:
    found = {quirk.key: quirk for quirk in quirks(mine(more), load(BASELINE))}
    assert set(found) - {"models.patterns"} == {key}
    assert found[key].value == value or value is ...
    assert found[key].baseline == baseline or baseline is ...


def test_each_frame_that_differs_is_a_quirk_and_so_is_one_that_is_not_there(mine: Any) -> None:
    base = load(BASELINE).chat.stream.frames
    profile = mine(yamlfile.emit({"chat": {"stream": {"frames": {"text": {"a": "$text"}, "finish": base.finish}}}}))
    found = {quirk.key.removeprefix("chat.stream.frames."): quirk for quirk in quirks(profile, load(BASELINE))}
    assert (found["text"].value, found["text"].baseline) == ({"a": "$text"}, base.text)
    assert (found["usage"].value, found["usage"].baseline) == (None, base.usage)
    assert "finish" not in found


def test_a_shape_has_the_quirks_that_it_adds_to_the_chat(mine: Any) -> None:
    profile = mine("chat: {tool_id: t}\nshapes: {other: {id: x, tool_id: t, stream: {done: y}}}\n")
    found = {quirk.key: (quirk.value, quirk.baseline) for quirk in quirks(profile, load(BASELINE))}
    chat = load(BASELINE).chat
    assert found == {
        "chat.tool_id": ("t", chat.tool_id),
        "shapes.other.id": ("x", chat.id),
        "shapes.other.stream.done": ("y", chat.stream.done),
    }


def test_variants_are_no_quirks(mine: Any) -> None:
    assert quirks(mine("variants: {v: {says: x, set: {chat.id: y}}}\n"), load(BASELINE)) == []


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
    whole = msgspec.to_builtins(profile)
    if "frames" in data.get("chat", {}).get("stream", {}):  # whoever has one frame of its own has them all
        data["chat"]["stream"]["frames"] = whole["chat"]["stream"]["frames"]
    said = merged(msgspec.to_builtins(load(BASELINE).errors), data.get("errors", {}))
    assert {kind: said[kind] for kind in whole["errors"]} == whole["errors"]
    data["errors"] = whole["errors"]  # of errors some are inherited only where others are not said
    again = mine(yamlfile.emit(data))
    behaviour = [part for part in Profile.__struct_fields__ if part not in IDENTITY]
    assert {part for part in behaviour if getattr(again, part) != getattr(profile, part)} == set()


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


def test_a_quirk_that_is_inherited_has_the_source_that_it_has_there(mine: Any) -> None:
    below = mine("chat: {id: x, tool_id: y}\n" + SOURCES)
    profile = mine("chat: {id: x, tool_id: z}\n")
    found = {quirk.key: quirk.source for quirk in quirks(profile, load(BASELINE), [below])}
    assert found == {"chat.id": Source(at="a/chat", confidence="recorded", date="2026"), "chat.tool_id": None}


def both(mine: Any, one: str, other: str) -> list[tuple[str, Any, Any]]:
    return [(each.key, each.one, each.other) for each in differences(mine(one), mine(other))]


def test_a_profile_differs_from_itself_in_nothing(mine: Any) -> None:
    assert both(mine, "", "name: other\nunknown: [y]\n") == []


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("chat: {id: x}", "chat: {id: y}", [("chat.id", "x", "y")]),
        ("chat: {usage: {a: 1, b: 2}}", "chat: {usage: {b: 3, a: 1}}", [("chat.usage.b", 2, 3)]),
        ("chat: {usage: {a: 1}}", "chat: {usage: {}}", [("chat.usage.a", 1, ABSENT)]),
        ("chat: {usage: {}}", "chat: {usage: {a: null}}", [("chat.usage.a", ABSENT, None)]),
        ("chat: {usage: {a: 1}}", "chat: {usage: {a: true}}", [("chat.usage.a", 1, True)]),
        ("chat: {usage: {a: [{b: 1}]}}", "chat: {usage: {a: [{b: 2}]}}", [("chat.usage.a.0.b", 1, 2)]),
        ("paths: {roots: [/a]}", "paths: {roots: [/b]}", [("paths.roots", ["/a"], ["/b"])]),
    ],
)
def test_profiles_differ_where_their_values_do_forms_looked_into(one: str, other: str, found: Any, mine: Any) -> None:
    assert both(mine, one, other) == found


def test_the_day_of_the_last_check_is_a_day(mine: Any) -> None:
    assert mine("").checked == date(2026, 11, 20)
