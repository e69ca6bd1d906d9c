"""What one part of a profile names in another: it is there, or the profile is refused where it names it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mockprovider.errors import ProfileError
from mockprovider.profiles.loading import load
from mockprovider.profiles.naming import KINDS, general_cases

OWN = "title: x\nbites: x\nchecked: 2026-11-20\nextends: openai\n"
ERROR = "{status: 400, headers: {}, body: x}"
Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a profile of a few lines over the baseline; returns its file."""

    def put(more: str) -> str:
        (tmp_path / "mine.yaml").write_text(OWN + more, encoding="utf-8")
        return str(tmp_path / "mine.yaml")

    return put


@pytest.mark.parametrize("kind", [*sorted(KINDS), "rate_limited_tokens", "invalid_key_at_models"])
def test_an_error_that_providers_have_beside_the_baselines_is_taken(kind: str, write: Write) -> None:
    assert load(write(f"errors: {{{kind}: {ERROR}}}\n")).errors[kind].status == 400


@pytest.mark.parametrize(
    "more",
    [
        "rules: {r: {when: {a: 1}, refuse: mine}}\n",
        "chat: {parameters: {top_k: {refuses: mine}}}\n",
        "chat: {parameters: {a: {items: {keys: {b: {others: {kinds: {c: {refuses: mine}}}}}}}}}\n",
        "responses: {parameters: {a: {refuses: mine}}}\n",
        "shapes: {other: {parameters: {a: {refuses: mine}}}}\n",
        "models: {patterns: {}, known: {m: {unknown: [seed], unknown_as: mine}}}\n",
        "models: {patterns: {}, known: {m: {gone: mine}}}\n",
        "models: {patterns: {}, known: {m: {elsewhere: mine}}}\n",
    ],
)
def test_an_error_that_something_refuses_with_is_taken_and_must_be_there(more: str, write: Write) -> None:
    assert "mine" in load(write(f"{more}errors: {{mine: {ERROR}}}\n")).errors
    with pytest.raises(ProfileError, match="no error is called 'mine'"):
        load(write(more))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (f"errors:\n  rate_limitedtokens: {ERROR}\n", r":6: errors\.rate_limitedtokens: .*did you mean 'rate_limited'"),
        ("rules:\n  r: {when: {a: 1}}\n", r":6: rules\.r: it does nothing; one of refuse, ignore, rename, set, shape"),
        (
            "chat:\n  parameters:\n    a:\n      items: {refuses: overlaoded}\n",
            r":8: chat\.parameters\.a\.items\.refuses: .*'overlaoded'; did you mean 'overloaded'",
        ),
        (
            "shapes: {other: {}}\nrules:\n  r:\n    when: {a: 1}\n    shape: othr\n",
            r":9: rules\.r\.shape: no shape is called 'othr'; did you mean 'other'",
        ),
        (
            "paths:\n  roots: [/v1]\n  needs_query:\n    /v2: [api-version]\n",
            r":8: paths\.needs_query\./v2: no root is called '/v2'; did you mean '/v1'",
        ),
        (
            "models:\n  loaded: gtp-4o\n",
            r":6: models\.loaded: no model is called 'gtp-4o'; did you mean 'gpt-4o'",
        ),
        (
            "shapes: {other: {}}\nmodels:\n  patterns: {}\n  known:\n    m: {shape: othr}\n",
            r":9: models\.known\.m\.shape: no shape is called 'othr'; did you mean 'other'",
        ),
        (
            "models:\n  patterns: {}\n  known:\n    m-1.0: {shape: othr}\n",
            r":8: models\.known\.m-1\.0\.shape: no shape is called 'othr'; there are no `shapes`",
        ),
    ],
)
def test_a_name_of_nothing_is_refused_with_its_place_and_the_closest(more: str, message: str, write: Write) -> None:
    path = write(more)
    with pytest.raises(ProfileError, match=rf"\A{re.escape(path)}{message}"):
        load(path)


@pytest.mark.parametrize(
    ("kind", "general"),
    [
        ("unknown_model", []),
        ("unknown_model_entry", ["unknown_model"]),
        ("unknown_model_entry_again", ["unknown_model_entry", "unknown_model"]),
        ("malformed_model_at_responses", ["malformed_model", "unknown_model"]),
        ("unknown_modelling", []),
    ],
)
def test_an_error_may_be_a_special_case_of_others(kind: str, general: list[str]) -> None:
    kinds = ["unknown_model", "malformed_model", "unknown_model_entry"]
    assert list(general_cases(kind, kinds)) == general


@pytest.mark.parametrize(
    ("more", "place", "says"),
    [
        ('auth: {pattern: "["}\n', "auth.pattern", "no regular expression"),
        ('chat: {parameters: {user: {pattern: "("}}}\n', "chat.parameters.user.pattern", "no regular expression"),
        ("rules: {r: {when: {'seed>': abc}, ignore: [n]}}\n", "rules.r.when.seed>", "a number belongs here"),
        ("rules: {r: {when: {'seed>=': 4}, ignore: [n]}}\n", "rules.r.when.seed>=", "a path into the request"),
        ("rules: {r: {when: {'seed?': abc}, ignore: [n]}}\n", "rules.r.when.seed?", "true or false belongs here"),
        ("rules: {r: {when: {'a..b': 4}, ignore: [n]}}\n", "rules.r.when.a..b", "a path into the request"),
        (
            "chat: {stream: {frames: {text: {'a?thnking': 1}, finish: {}}}}\n",
            "chat.stream.frames.text",
            "no condition is called 'thnking'; did you mean 'thinking'",
        ),
        (
            "chat: {plain: {body: {choices: [{'a?calls&!txt': 1}]}}}\n",
            "chat.plain.body",
            "no condition is called 'txt'; did you mean 'text'",
        ),
    ],
)
def test_what_can_never_hold_is_refused_where_it_stands(more: str, place: str, says: str, write: Write) -> None:
    with pytest.raises(ProfileError, match=rf"mine.yaml:5: {re.escape(place)}: {says}"):
        load(write(more))
