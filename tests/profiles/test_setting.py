"""A key of a profile changed: found by its dotted name, refused with the closest where it is not there."""

from typing import Any

import pytest

from mockprovider.errors import ProfileError
from mockprovider.profiles.laying import merged
from mockprovider.profiles.loading import BASELINE, document, load, shipped
from mockprovider.profiles.setting import Change, Without, change_of, changed, settings_in, way_to

BELOW = document(shipped()[BASELINE])
OWN = {
    "paths": {"roots": ["/own"]},
    "models": {"patterns": {}, "known": {"own-1": {"owner": "me"}}},
    "chat": {
        "id": "own",
        "stream": {"done": "own", "frames": {"text": {"own": "$text"}, "finish": {"own": 1}}},
        "thinking": {"switches": {"own": {"on": [True]}}},
    },
    "errors": {"unknown_model": {"status": 400}},
    "rules": {"own": {"when": {"a": 1}, "refuse": "overloaded"}},
}
DOCUMENT = merged(BELOW, OWN)
DOTTED = {"models": {"known": {"m": {"owner": "a"}, "m.1": {"owner": "b"}, "m.1.2": {"owner": "c"}}}}


def put(text: str) -> dict[str, Any]:
    """A profile's document after `--set`."""
    return changed(DOCUMENT, change_of(text, f"--set {text}"), BELOW)


def without(key: str) -> dict[str, Any]:
    return changed(DOCUMENT, Without(key, f"--without {key}"), BELOW)


def at(data: Any, *way: Any) -> Any:
    for step in way:
        data = data[step]
    return data


@pytest.mark.parametrize(
    ("text", "way", "value"),
    [
        ("chat.id=x", ("chat", "id"), "x"),
        ("chat.closed=true", ("chat", "closed"), True),
        ("timing.first=1.5", ("timing", "first"), 1.5),
        ("timing.first=2", ("timing", "first"), 2),
        ("chat.stream.done=", ("chat", "stream", "done"), ""),
        ("chat.stream.frames.usage=null", ("chat", "stream", "frames", "usage"), None),
        ("paths.roots=[/a, /b]", ("paths", "roots"), ["/a", "/b"]),
        ("chat.usage={a: 1}", ("chat", "usage"), {"a": 1}),
        ("chat.usage.prompt_tokens=7", ("chat", "usage", "prompt_tokens"), 7),
        ("chat.plain.body.choices.0.index=7", ("chat", "plain", "body", "choices", 0, "index"), 7),
        ("limits.requests=3", ("limits", "requests"), 3),
        ("errors.rate_limited.headers.retry-after=30", ("errors", "rate_limited", "headers", "retry-after"), "30"),
        ("models.known.new-1.5={owner: me}", ("models", "known", "new-1.5"), {"owner": "me"}),
        ("models.patterns.new-*=own-1", ("models", "patterns", "new-*"), "own-1"),
        ("chat.id=a=b", ("chat", "id"), "a=b"),
        ('chat.stream.event="data:$json\\r\\n\\r\\n"', ("chat", "stream", "event"), "data:$json\r\n\r\n"),
        ("chat.stream.event=data: $json", ("chat", "stream", "event"), "data: $json"),
        ("shapes.other={id: x}", ("shapes", "other"), {"id": "x"}),
    ],
)
def test_a_key_has_the_value_that_it_is_set_to(text: str, way: tuple[Any, ...], value: Any) -> None:
    assert at(put(text), *way) == value


def test_nothing_else_changes() -> None:
    data = put("chat.stream.done=x")
    assert {key for key in data if data[key] != DOCUMENT[key]} == {"chat"}
    assert data["chat"] == {**DOCUMENT["chat"], "stream": {**DOCUMENT["chat"]["stream"], "done": "x"}}


def test_what_it_is_changed_from_stays_as_it_was() -> None:
    before = DOCUMENT["chat"]["id"]
    put("chat.id=x")
    assert DOCUMENT["chat"]["id"] == before != "x"


@pytest.mark.parametrize(
    ("key", "way"),
    [
        ("models.known.m.owner", ["models", "known", "m", "owner"]),
        ("models.known.m.1.owner", ["models", "known", "m.1", "owner"]),
        ("models.known.m.1.2.owner", ["models", "known", "m.1.2", "owner"]),
        ("models.known.m.1", ["models", "known", "m.1"]),
        ("models.known.m.3", ["models", "known", "m.3"]),
    ],
)
def test_of_keys_with_dots_the_longest_that_fits_is_meant(key: str, way: list[str]) -> None:
    assert way_to(DOTTED, key, "x")[0] == way


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chta.id=x", "there is no key 'chta'; did you mean 'chat'"),
        ("chat.stream.don=x", r"there is no key 'don' in chat\.stream; did you mean 'done'"),
        ("chat.stream.frames.frist={}", r"there is no key 'frist' in chat\.stream\.frames; did you mean 'first'"),
        ("chat.id.x=1", r"there is no key 'x' in chat\.id; nothing is inside"),
        ("errors.rate_limitd.status=1", "there is no key 'rate_limitd' in errors; did you mean 'rate_limited'"),
        ("models.known.on-1.owner=x", "'on-1' in models.known; did you mean 'own-1'"),
        ("chat.plain.body.choices.7.index=1", "there is no key '7' in chat.plain.body.choices; known: 0"),
        ("chat.plain.body.choice.index=1", "there is no key 'choice' in chat.plain.body; did you mean 'choices'"),
        ("chat.stream.usage_frame=nevr", "there is no 'nevr'; did you mean 'never'"),
        ("timing.first=soon", "expected `float`, got `str`"),
        ("timing.first=-1", "expected `float` >= 0"),
        ("chat.closed=1", "expected `bool`, got `int`"),
        ("chat.id=null", "expected `str`, got `null`"),
        ("errors.rate_limited={status: 1}", "expected `int` >= 200"),
        ("title=x", "title says what the profile is"),
        ("variants.x=y", "variants says what the profile is"),
        ("chat.id", "KEY=VALUE belongs here"),
        ("=x", "KEY=VALUE belongs here"),
        ("chat..id=x", "'chat..id' is no key"),
        ("chat.id.=x", "'chat.id.' is no key"),
        ("paths.roots=[", "the value.*not valid YAML"),
        ("chat.id=a\n--- b", "one value belongs here"),
    ],
)
def test_what_can_not_be_set_is_refused_with_what_was_said_and_the_closest(text: str, message: str) -> None:
    with pytest.raises(ProfileError, match=rf"(?s)\A--set .*{message}"):
        put(text)


@pytest.mark.parametrize(
    ("key", "way"),
    [
        ("chat.id", ("chat", "id")),
        ("chat.stream", ("chat", "stream")),
        ("chat.stream.frames.finish", ("chat", "stream", "frames", "finish")),
        ("errors.unknown_model", ("errors", "unknown_model")),
        ("models.known", ("models", "known")),
        ("models.known.gpt-4.1", ("models", "known", "gpt-4.1")),
    ],
)
def test_a_key_that_a_profile_is_without_has_the_baselines_value(key: str, way: tuple[str, ...]) -> None:
    assert at(without(key), *way) == at(BELOW, *way)


@pytest.mark.parametrize("key", ["rules.own", "chat.thinking.switches"])
def test_a_key_that_the_baseline_does_not_have_goes(key: str) -> None:
    *way, last = key.split(".")
    assert last in at(DOCUMENT, *way)
    assert last not in at(without(key), *way)


def test_a_key_that_neither_says_may_go_where_it_has_a_default() -> None:
    assert without("limits.requests") == DOCUMENT


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("chat.idd", "there is no key 'idd' in chat; did you mean 'id'"),
        ("errors.nothing", "neither the profile nor the baseline says errors.nothing"),
        ("chat.plain.body.choices.0", "a place in a list has no value"),
        ("sources", "sources says what the profile is"),
    ],
)
def test_what_a_profile_can_not_be_without_is_refused(key: str, message: str) -> None:
    with pytest.raises(ProfileError, match=rf"\A--without {key}: {message}"):
        without(key)


@pytest.mark.parametrize("key", ["chat.parameters", "chat.closed", "rules"])
def test_what_is_not_inherited_from_the_baseline_is_not_taken_from_it_either(key: str) -> None:
    profile = load("deepseek-like", changes=[change_of("chat.closed=true", "x"), Without(key, "x")])
    *way, last = key.split(".")
    assert not getattr(profile.chat if way else profile, last)


def test_a_value_that_is_data_is_taken_as_it_is() -> None:
    assert load("openai", changes=[Change("chat.id", "1", "set")]).chat.id == "1"
    with pytest.raises(ProfileError, match="expected `str`, got `int`"):
        load("openai", changes=[Change("chat.id", 1, "set")])


@pytest.mark.parametrize(
    ("line", "settings"),
    [
        ("", []),
        (" ; ", []),
        ("a=1", ["a=1"]),
        ("a=1;b=2", ["a=1", "b=2"]),
        (" a=1 ; b = 2 ;", ["a=1", "b = 2"]),
        ('a="x;y";b=2', ['a="x;y"', "b=2"]),
        ("a='x;y';b=2", ["a='x;y'", "b=2"]),
        (r'a="x\";y";b=2', [r'a="x\";y"', "b=2"]),
        ("a={x: [1;2]};b=2", ["a={x: [1;2]}", "b=2"]),
        ("a=don't;b=2", ["a=don't", "b=2"]),
        ("a=x];b=2", ["a=x]", "b=2"]),
        ('a=[";",1];b', ['a=[";",1]', "b"]),
    ],
)
def test_semicolons_separate_settings_unless_they_are_part_of_a_value(line: str, settings: list[str]) -> None:
    assert settings_in(line) == settings
