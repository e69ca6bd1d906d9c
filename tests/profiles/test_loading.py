"""A profile is found by name or file, lies over what it extends, and is refused by file, line and key."""

import os
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockprovider import yamlfile
from mockprovider.errors import ProfileError
from mockprovider.profiles.laying import merged
from mockprovider.profiles.loading import Opened, document, load, opened, plain, shipped
from mockprovider.profiles.setting import Change, Without

OWN = """\
title: My own
bites: nothing
checked: 2026-11-20
extends: openai
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a profile: the usual four lines, and more; returns its file. Each is written a second after the last."""
    seconds = count(1_800_000_000)

    def put(more: str = "", name: str = "mine.yaml", start: str = OWN) -> Path:
        path = tmp_path / name
        path.write_text(start + more, encoding="utf-8")
        os.utime(path, (now := next(seconds), now))
        return path

    return put


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_profile_is_found_by_its_name(name: str) -> None:
    assert load(name).name == name


def test_a_profile_in_a_file_is_found_by_its_path_and_named_after_it(write: Write) -> None:
    profile = load(str(write("paths: {roots: [/own]}\n")))
    assert (profile.name, profile.title, profile.paths.roots) == ("mine", "My own", ["/own"])


def test_a_profile_may_give_its_name_itself(write: Write) -> None:
    assert load(str(write("name: other\n"))).name == "other"


def test_a_path_may_be_relative_to_where_one_stands(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write().parent)
    assert load("mine.yaml").title == "My own"


def test_what_a_profile_does_not_say_is_what_the_profile_that_it_extends_says(write: Write) -> None:
    mine, base = load(str(write())), load("openai")
    unrefused = msgspec.structs.replace(base.chat, parameters={}, closed=False)
    assert (mine.chat, mine.errors, mine.models) == (unrefused, base.errors, base.models)


def test_a_profile_may_extend_one_in_a_file_beside_it(write: Write) -> None:
    write("paths: {roots: [/base]}\ntiming: {first: 9.0}\n", "base.yaml")
    profile = load(str(write("timing: {piece: 8.0}\n", start=OWN.replace("openai", "base.yaml"))))
    assert (profile.paths.roots, profile.timing.first, profile.timing.piece) == (["/base"], 9.0, 8.0)


def test_a_profile_does_not_inherit_sources_and_unknowns(write: Write) -> None:
    profile = load(str(write()))
    assert (profile.sources, profile.unknown) == ({}, [])


def test_what_the_baseline_refuses_a_profile_does_not(write: Write) -> None:
    mine, base = load(str(write())), load("openai")
    assert mine.responses is not None
    assert base.responses is not None
    assert (mine.rules, mine.chat.parameters, mine.responses.parameters) == ({}, {}, {})
    assert (mine.chat.closed, mine.responses.closed) == (False, False)
    assert all((base.rules, base.chat.parameters, base.responses.parameters))
    assert (base.chat.closed, base.responses.closed) == (True, True)


REFUSING = """\
chat: {closed: true, parameters: {top_k: {types: [integer]}}}
rules: {r: {when: {a: 1}, refuse: overloaded}}
"""


def test_what_any_other_profile_refuses_one_that_extends_it_does_too(write: Write) -> None:
    base = load(str(write(REFUSING, "base.yaml")))
    mine = load(str(write(start=OWN.replace("openai", "base.yaml"))))
    assert (mine.rules, mine.chat) == (base.rules, base.chat)
    assert (list(mine.rules), list(mine.chat.parameters), mine.chat.closed) == (["r"], ["top_k"], True)


def test_rules_and_parameters_are_laid_over_those_of_another_profile_one_by_one(write: Write) -> None:
    write(REFUSING, "base.yaml")
    more = "chat: {parameters: {seed: {least: 1}}}\nrules: {s: {when: {b: 1}, refuse: overloaded}}\n"
    mine = load(str(write(more, start=OWN.replace("openai", "base.yaml"))))
    assert (list(mine.rules), list(mine.chat.parameters)) == (["r", "s"], ["top_k", "seed"])


def test_a_parameter_is_said_whole(write: Write) -> None:
    write(REFUSING, "base.yaml")
    mine = load(str(write("chat: {parameters: {top_k: {least: 1}}}\n", start=OWN.replace("openai", "base.yaml"))))
    assert (mine.chat.parameters["top_k"].types, mine.chat.parameters["top_k"].least) == ([], 1)


def test_an_error_takes_its_envelope_from_the_one_that_it_is_like_and_says_its_own(write: Write) -> None:
    more = """\
errors:
  overloaded: {status: 529, spelling: {style: python}, headers: {x: y}, body: {a: 1}}
  rate_limited: {like: overloaded, body: {b: 2}}
"""
    errors = load(str(write(more))).errors
    alike, own = errors["overloaded"], errors["rate_limited"]
    assert (own.status, own.spelling, own.headers) == (alike.status, alike.spelling, alike.headers)
    assert own.body == {"b": 2}


@pytest.mark.parametrize(
    ("said", "status", "headers"),
    [("status: 503", 503, {"x": "y"}), ("headers: {z: z}", 529, {"z": "z"}), ("headers: {}", 529, {})],
)
def test_what_an_entry_says_itself_goes_before_what_it_is_like(
    said: str, status: int, headers: dict[str, str], write: Write
) -> None:
    more = f"""\
errors:
  overloaded: {{status: 529, headers: {{x: y}}, body: b}}
  rate_limited: {{like: overloaded, body: c, {said}}}
"""
    error = load(str(write(more))).errors["rate_limited"]
    assert (error.status, error.headers) == (status, headers)


def test_an_entry_may_be_like_one_that_is_extended(write: Write) -> None:
    errors = load(str(write("errors: {overloaded: {like: unknown_model, body: {a: 1}}}\n"))).errors
    assert (errors["overloaded"].status, errors["overloaded"].body) == (errors["unknown_model"].status, {"a": 1})


def test_an_entry_that_is_like_another_forgets_what_it_was_in_the_profile_that_is_extended(write: Write) -> None:
    path = write("errors:\n  overloaded: {like: unknown_model}\n")
    with pytest.raises(ProfileError, match=r":6: errors\.overloaded.*body.*required"):
        load(str(path))


MODELS = """\
models:
  patterns: {}
  known:
    c: {like: b, owner: me, effort: low}
    b: {like: a, owner: me, context: 5}
    a: {owner: you, created: 7, listed: false, answers_as: a-1, fingerprint: fp, thinks: hidden, efforts: [low, high],
        effort: high, context: 9, refuses: [stop], fixed: {top_p: 1}, unknown: [audio], phase: p, speaks: true}
"""


def test_a_model_may_be_like_one_that_is_like_another_in_any_order(write: Write) -> None:
    known = load(str(write(MODELS))).models.known
    assert list(known) == ["c", "b", "a"]
    assert [known[name].context for name in known] == [5, 5, 9]
    assert [known[name].effort for name in known] == ["low", "high", "high"]


@pytest.mark.parametrize("key", ["thinks", "efforts", "refuses", "fixed", "unknown", "phase"])
def test_a_model_takes_what_it_can_and_refuses_from_the_one_that_it_is_like(key: str, write: Write) -> None:
    known = load(str(write(MODELS))).models.known
    assert getattr(known["c"], key) == getattr(known["a"], key) != getattr(known["a"].__class__(), key)


@pytest.mark.parametrize("key", ["created", "listed", "answers_as", "fingerprint", "speaks"])
def test_a_model_does_not_take_what_it_is_from_the_one_that_it_is_like(key: str, write: Write) -> None:
    known = load(str(write(MODELS))).models.known
    assert getattr(known["c"], key) == getattr(known["a"].__class__(), key) != getattr(known["a"], key)


def test_a_document_has_no_likes_left_in_it(write: Write) -> None:
    assert not any("like" in model for model in document(write(MODELS))["models"]["known"].values())


def test_a_profile_that_was_changed_is_read_again(write: Write) -> None:
    before = load(str(write("paths: {roots: [/a]}\n")))
    after = load(str(write("paths: {roots: [/b, /c]}\n")))
    assert (before.paths.roots, after.paths.roots) == (["/a"], ["/b", "/c"])


def test_a_profile_is_read_again_after_one_that_it_extends_was_changed(write: Write) -> None:
    write("paths: {roots: [/a]}\n", "base.yaml")
    mine = write(start=OWN.replace("openai", "base.yaml"))
    before = load(str(mine))
    write("paths: {roots: [/b, /c]}\n", "base.yaml")
    assert (before.paths.roots, load(str(mine)).paths.roots) == (["/a"], ["/b", "/c"])


# Errors


def test_a_special_case_of_an_error_is_not_inherited_from_the_baseline_by_who_says_the_error(write: Write) -> None:
    kinds = set(load("openai").errors) - set(load(str(write("errors: {unknown_model: {status: 400}}\n"))).errors)
    assert kinds >= {"unknown_model_entry", "malformed_model", "malformed_model_at_responses"}
    assert all(kind.startswith(("unknown_model_", "malformed_model")) for kind in kinds)


def test_a_special_case_that_a_profile_says_too_it_has(write: Write) -> None:
    more = "errors: {unknown_model: {status: 400}, unknown_model_entry: {status: 418}}\n"
    assert load(str(write(more))).errors["unknown_model_entry"].status == 418


@pytest.mark.parametrize(
    ("base", "own", "there"),
    [
        ("", "unknown_model: {status: 400}", False),
        ("unknown_model: {status: 400}", "", False),
        ("unknown_model: {status: 400}", "unknown_model_entry: {like: unknown_model, body: x}", True),
        ("unknown_model_entry: {status: 418}", "unknown_model: {status: 400}", True),
        ("unknown_path: {status: 418}", "", True),
    ],
)
def test_a_special_case_that_another_profile_says_is_inherited(base: str, own: str, there: bool, write: Write) -> None:
    write(f"errors: {{{base}}}\n", "base.yaml")
    profile = load(str(write(f"errors: {{{own}}}\n", start=OWN.replace("openai", "base.yaml"))))
    assert ("unknown_model_entry" in profile.errors) is there


# Frames


FRAMES = "chat: {stream: {frames: {text: {a: $text}, finish: {b: 1}}}}\n"


def test_a_profile_that_has_frames_has_none_of_the_baselines(write: Write) -> None:
    frames = load(str(write(FRAMES))).chat.stream.frames
    assert {name: form for name in frames.__struct_fields__ if (form := getattr(frames, name)) is not None} == {
        "text": {"a": "$text"},
        "finish": {"b": 1},
    }


def test_a_profile_that_has_frames_has_none_of_the_baselines_that_another_below_it_inherited(write: Write) -> None:
    write(name="base.yaml")
    frames = load(str(write(FRAMES, start=OWN.replace("openai", "base.yaml")))).chat.stream.frames
    assert (frames.finish, frames.first) == ({"b": 1}, None)


def test_a_profile_that_has_no_frames_has_the_baselines(write: Write) -> None:
    stream = load(str(write("chat: {stream: {done: x}}\n"))).chat.stream
    assert (stream.done, stream.frames) == ("x", load("openai").chat.stream.frames)


def test_frames_are_laid_over_those_of_another_profile_one_by_one(write: Write) -> None:
    write(FRAMES, "base.yaml")
    more = "chat: {stream: {frames: {finish: {c: 2}}}}\n"
    frames = load(str(write(more, start=OWN.replace("openai", "base.yaml")))).chat.stream.frames
    assert (frames.text, frames.finish, frames.first) == ({"a": "$text"}, {"c": 2}, None)


# Shapes


SHAPES = """\
shapes:
  other: {id: own-$hex32, stream: {frames: {finish: {b: 2}}}}
"""


def test_a_shape_is_the_chat_with_what_it_says_laid_over_it(write: Write) -> None:
    profile = load(str(write(FRAMES + SHAPES)))
    shape, chat = profile.shapes["other"], profile.chat
    assert (shape.id, shape.stream.frames.finish) == ("own-$hex32", {"b": 2})
    assert (shape.tool_id, shape.stream.frames.text) == (chat.tool_id, chat.stream.frames.text)


def test_a_shape_of_a_profile_that_is_extended_lies_over_ones_own_chat(write: Write) -> None:
    write(SHAPES, "base.yaml")
    profile = load(str(write("chat: {tool_id: mine}\n", start=OWN.replace("openai", "base.yaml"))))
    assert (profile.shapes["other"].id, profile.shapes["other"].tool_id) == ("own-$hex32", "mine")


def test_a_document_keeps_shapes_as_they_are_said(write: Write) -> None:
    assert document(write(SHAPES))["shapes"]["other"]["id"] == "own-$hex32"
    assert "plain" not in document(write(SHAPES))["shapes"]["other"]


def test_a_model_has_the_shape_of_the_one_that_it_is_like(write: Write) -> None:
    models = "models: {patterns: {}, known: {a: {shape: other}, b: {like: a}}}\n"
    assert load(str(write(SHAPES + models))).models.known["b"].shape == "other"


# Variants and changes


VARIANTS = """\
variants:
  "2025-06":
    says: before it was otherwise
    set: {chat.id: old, "models.known.gpt-4.1.owner": me}
"""


def test_a_profile_is_loaded_as_a_variant_of_itself(write: Write) -> None:
    profile = load(str(write(VARIANTS)), "2025-06")
    assert (profile.chat.id, profile.models.known["gpt-4.1"].owner) == ("old", "me")


def test_a_profile_is_not_changed_by_a_variant_that_was_not_chosen(write: Write) -> None:
    assert load(str(write(VARIANTS))).chat.id == load("openai").chat.id


def test_a_variant_is_not_inherited(write: Write) -> None:
    write(VARIANTS, "base.yaml")
    assert load(str(write(start=OWN.replace("openai", "base.yaml")))).variants == {}


def test_a_change_goes_before_the_variant(write: Write) -> None:
    changes = [Change("chat.id", "mine", "--set chat.id=mine")]
    assert load(str(write(VARIANTS)), "2025-06", changes).chat.id == "mine"


def test_the_last_of_several_changes_of_a_key_counts(write: Write) -> None:
    changes = [Change("chat.id", value, "x") for value in ("one", "two")]
    assert load(str(write()), changes=changes).chat.id == "two"


@pytest.mark.parametrize(
    ("variant", "message"), [("2025-07", "no variant '2025-07'; did you mean '2025-06'"), ("x", "known: 2025-06")]
)
def test_a_variant_that_is_not_there_is_refused_with_those_that_are(variant: str, message: str, write: Write) -> None:
    with pytest.raises(ProfileError, match=message):
        load(str(write(VARIANTS)), variant)


MINE = """\
errors: {mine: {status: 400, headers: {}, body: x}}
rules: {r: {when: {a: 1}, refuse: mine}}
"""


def test_changes_that_do_not_go_together_are_refused_and_named(write: Write) -> None:
    with pytest.raises(ProfileError, match=r"\A--without errors: .*rules\.r\.refuse: no error is called 'mine'"):
        load(str(write(MINE)), changes=[Without("errors", "--without errors")])


def test_an_error_that_a_change_leaves_without_use_is_none(write: Write) -> None:
    assert load(str(write(MINE)), changes=[Without("rules.r", "--without rules.r")]).rules == {}


def test_an_opened_profile_knows_those_that_it_extends(write: Write) -> None:
    write(name="base.yaml")
    path = write(start=OWN.replace("openai", "base.yaml"))
    assert [each.name for each in opened(str(path)).chain()] == ["base", "openai"]


@pytest.mark.parametrize("name", ["openai", "deepseek-like", "groq-like"])
def test_a_profile_that_was_loaded_changes_as_its_file_does(name: str) -> None:
    changes: list[Change | Without] = [Change("chat.tool_id", "t", "x"), Without("timing", "x")]
    again = Opened.of(load(name)).changed(changes=changes)
    assert again == load(name, changes=changes) != load(name)


@pytest.mark.parametrize("name", shipped())
def test_a_profile_written_out_is_the_same_profile(name: str, tmp_path: Path) -> None:
    profile = load(name)
    (tmp_path / f"{name}.yaml").write_text(yamlfile.emit(plain(profile)), encoding="utf-8")
    again = load(str(tmp_path / f"{name}.yaml"))
    assert again == msgspec.structs.replace(profile, extends=None, name=name)


# Laying over


@pytest.mark.parametrize(
    ("base", "own", "result"),
    [
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 3, "d": 4}}, {"a": {"b": 1, "c": 3, "d": 4}}),
        ({"a": {"b": 1}}, {"a": None}, {"a": None}),
        ({"a": None}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"body": {"x": 1, "y": 2}}, {"body": {"x": 3}}, {"body": {"x": 3}}),
        ({"headers": {"x": "1"}}, {"headers": {"y": "2"}}, {"headers": {"y": "2"}}),
        ({"known": {"m": {}}}, {"known": {"n": {}}}, {"known": {"n": {}}}),
        (
            {"frames": {"first": {"x": 1}, "text": {"y": 1}}},
            {"frames": {"first": {"z": 1}, "usage": None}},
            {"frames": {"first": {"z": 1}, "text": {"y": 1}, "usage": None}},
        ),
        (
            {"errors": {"e": {"status": 1, "body": {"x": 1}}}},
            {"errors": {"e": {"status": 2}}},
            {"errors": {"e": {"status": 2, "body": {"x": 1}}}},
        ),
    ],
)
def test_keys_are_laid_over_keys_but_a_form_and_a_list_are_replaced_whole(
    base: dict[str, Any], own: dict[str, Any], result: dict[str, Any]
) -> None:
    assert merged(base, own) == result


def test_laying_one_over_the_other_changes_neither() -> None:
    base, own = {"a": {"b": 1}}, {"a": {"c": 2}}
    merged(base, own)
    assert (base, own) == ({"a": {"b": 1}}, {"a": {"c": 2}})


WRONG: dict[str, tuple[str, str]] = {
    "an unknown key": ("pahts: {}\n", ":5: .*'pahts'; did you mean 'paths'"),
    "an unknown key inside": ("chat:\n  stream:\n    don: x\n", ":7: chat.stream.*don'; did you mean 'done'"),
    "an unknown frame": (
        "chat: {stream: {frames: {frist: {}}}}\n",
        ":5: chat.stream.frames.*frist'; did you mean 'first",
    ),
    "an unknown key of a model": (
        "models:\n  known:\n    m-1.0: {onwer: x}\n",
        r":7: .*m-1\.0.*onwer'; did you mean 'owner'",
    ),
    "an unknown key of an error": (
        "errors:\n  overloaded: {statsu: 5}\n",
        ":6: errors.overloaded.*statsu'; did you mean 'status'",
    ),
    "an unknown value": ("chat:\n  plain:\n    framing: chonked\n", r":7: chat\.plain\.framing: .*chunked"),
    "a value of a wrong type": ("timing:\n  first: soon\n", r":6: timing\.first: .*(number|float)"),
    "a list for a mapping": ("paths: [/v1]\n", ":5: paths: "),
    "an error without a status": ("errors:\n  mine: {headers: {}, body: x}\n", r":6: errors\.mine.*status.*required"),
    "an error that nothing refuses with": (
        "errors:\n  unknwon_model: {status: 400, headers: {}, body: x}\n",
        r":6: errors\.unknwon_model: .*did you mean 'unknown_model'",
    ),
    "a rule that refuses with an unknown error": (
        "rules:\n  r:\n    when: {a: 1}\n    refuse: overlaoded\n",
        r":8: rules\.r\.refuse: .*'overlaoded'; did you mean 'overloaded'",
    ),
    "a pattern like an unknown model": (
        'models:\n  patterns:\n    "x-*": gtp-4o\n',
        r":7: models\.patterns\.x-\*: .*'gtp-4o'; did you mean 'gpt-4o'",
    ),
    "an error like an unknown one": (
        "errors:\n  overloaded:\n    like: unknwon_model\n",
        r":7: errors\.overloaded\.like: no entry is called 'unknwon_model'; did you mean 'unknown_model'",
    ),
    "an error like itself": (
        "errors:\n  overloaded:\n    like: overloaded\n",
        r":7: errors\.overloaded\.like: .*'overloaded'; it is like itself",
    ),
    "an error like one that is like it": (
        "errors:\n  overloaded: {like: rate_limited, body: x}\n  rate_limited: {body: x, like: overloaded}\n",
        r":(6|7): errors\.(overloaded|rate_limited)\.like: .*; it is like itself",
    ),
    "an error like a number": ("errors:\n  overloaded: {like: 7}\n", r":6: errors\.overloaded\.like: .* 7"),
    "a model like an unknown one": (
        "models:\n  known:\n    mine: {owner: x}\n    other: {like: main}\n",
        r":8: models\.known\.other\.like: .*'main'; did you mean 'mine'",
    ),
    "an unknown key of a parameter": (
        "chat:\n  parameters:\n    top_k: {tpyes: [integer]}\n",
        r":7: chat\.parameters.*tpyes'; did you mean 'types'",
    ),
    "an unknown type of a parameter": (
        "chat:\n  parameters:\n    top_k:\n      types: [int]\n",
        r":8: chat\.parameters.*types.*'int'",
    ),
    "an unknown key of a parameter inside another": (
        "chat:\n  parameters:\n    a:\n      items:\n        keys:\n          b: {lest: 1}\n",
        r":10: chat\.parameters.*lest'; did you mean 'least'",
    ),
    "an unknown endpoint of a rule": (
        "rules:\n  r: {when: {a: 1}, refuse: overloaded, at: chats}\n",
        r":6: rules\.r\.at: .*'chats'",
    ),
    "a source without an address": (
        'sources:\n  chat: {confidence: recorded, date: "2026"}\n',
        r":6: sources\.chat.*at.*required",
    ),
    "a confidence that is none": (
        'sources:\n  chat: {at: a/b, confidence: sure, date: "2026"}\n',
        r":6: sources\.chat\.confidence: ",
    ),
    "a variant that changes a key that is not there": (
        "variants:\n  v:\n    says: x\n    set:\n      chat.id: x\n      chat.streem.done: x\n",
        r":10: variants\.v\.set\.chat\.streem\.done: there is no key 'streem' in chat; did you mean 'stream'",
    ),
    "a variant with a value of a wrong type": (
        "variants:\n  v:\n    says: x\n    set: {timing.first: soon}\n",
        r":8: variants\.v\.set\.timing\.first: expected `float`, got `str`",
    ),
    "a variant that is no profile": (
        "variants:\n  v:\n    says: x\n    set: {models.patterns: {a: gtp-4o}}\n",
        r":8: variants\.v\.set\.models\.patterns: .*'gtp-4o'; did you mean 'gpt-4o'",
    ),
    "an unknown key of a shape": (
        "shapes:\n  other:\n    stream: {don: x}\n",
        r":7: shapes\.other\.stream.*'don'; did you mean 'done'",
    ),
    "no YAML": ("a: [\n", r":\d+:\d+: not valid YAML"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_a_profile_is_refused_with_file_line_key_and_the_closest(what: str, write: Write) -> None:
    more, message = WRONG[what]
    path = write(more)
    with pytest.raises(ProfileError, match=rf"\A{re.escape(str(path))}{message}"):
        load(str(path))


@pytest.mark.parametrize("key", ["title", "bites", "checked"])
def test_a_profile_must_say_what_it_is(key: str, write: Write) -> None:
    path = write(start=re.sub(rf"(?m)^{key}: .*\n", "", OWN))
    with pytest.raises(ProfileError, match=rf"\A{re.escape(str(path))}:1: .*{key}.*required"):
        load(str(path))


def test_a_day_that_is_none_is_refused(write: Write) -> None:
    path = write(start=OWN.replace("2026-11-20", "yesterday"))
    with pytest.raises(ProfileError, match=rf"\A{re.escape(str(path))}:3: checked: "):
        load(str(path))


def test_a_profile_that_extends_nothing_must_say_everything(write: Write) -> None:
    path = write(start=OWN.replace("extends: openai\n", ""))
    with pytest.raises(ProfileError, match=rf"\A{re.escape(str(path))}:1: .*(paths|models|chat|errors).*required"):
        load(str(path))


def test_a_profile_that_extends_nothing_must_have_every_error_that_the_baseline_has(tmp_path: Path) -> None:
    text = shipped()["openai"].read_text(encoding="utf-8")
    path = tmp_path / "alone.yaml"
    path.write_text(text.replace("  unknown_path:\n", "  other_path:\n"), encoding="utf-8")
    with pytest.raises(ProfileError, match=rf"\A{re.escape(str(path))}.*errors.*unknown_path"):
        load(str(path))


@pytest.mark.parametrize("text", ["", "- 1\n", "just text\n", "# nothing\n"])
def test_a_file_that_is_no_mapping_is_no_profile(text: str, write: Write) -> None:
    path = write(start=text)
    with pytest.raises(ProfileError, match=rf"\A{re.escape(str(path))}:1: not a profile"):
        load(str(path))


def test_an_unknown_name_is_refused_with_the_closest() -> None:
    with pytest.raises(ProfileError, match="no profile is called 'opnai'; did you mean 'openai'"):
        load("opnai")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=rf"\A{re.escape(str(tmp_path / 'x.yaml'))}: no such profile file"):
        load(str(tmp_path / "x.yaml"))


@pytest.mark.parametrize(
    ("base", "message"), [("opnai", "'opnai'; did you mean 'openai'"), ("gone.yaml", "gone.yaml.*no such")]
)
def test_a_profile_that_extends_what_is_not_there_is_refused_with_its_own_place(
    base: str, message: str, write: Write
) -> None:
    path = write(start=OWN.replace("extends: openai", f"extends: {base}"))
    with pytest.raises(ProfileError, match=rf"\A{re.escape(str(path))}:4: extends: .*{message}"):
        load(str(path))


def test_what_is_wrong_in_a_profile_that_is_extended_is_refused_with_the_place_there(write: Write) -> None:
    base = write("timing: {frist: 1.0}\n", "base.yaml")
    mine = write(start="# mine\n\n" + OWN.replace("openai", "base.yaml"))
    with pytest.raises(ProfileError, match=rf"\A{re.escape(str(base))}:5: timing.*frist'"):
        load(str(mine))


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_profile_that_extends_itself_is_refused_however_long_the_way(length: int, write: Write) -> None:
    for number in range(length):
        write(name=f"p{number}.yaml", start=OWN.replace("openai", f"p{(number + 1) % length}.yaml"))
    with pytest.raises(ProfileError, match="extends itself"):
        load(str(write(name="start.yaml", start=OWN.replace("openai", "p0.yaml"))))


def test_a_document_is_plain_data_with_everything_in_it(write: Write) -> None:
    data = document(write("paths: {roots: [/own]}\n"))
    assert (data["paths"]["roots"], data["title"], "chat" in data) == (["/own"], "My own", True)
