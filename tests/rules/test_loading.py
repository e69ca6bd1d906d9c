"""Rules from files, texts and data: taken as they are meant, or refused with line, key and the closest valid key."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from mockprovider.errors import RuleError
from mockprovider.rules.loading import load, parse
from mockprovider.rules.script import Script
from tests.rules.asking import chat, text_of
from tests.strategies import json_values, law

ROOT = Path(__file__).parents[2]
KINDS = ("rate_limited", "overloaded", "invalid_key")
GOOD = "- then: {text: a}\n"


def first(rules: Any) -> str | None:
    return text_of(Script(rules).answer(chat(), "key"))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "rules:\n  - then: {text: a}\n",
        "when: {user: hello}\nthen: {text: a}\n",
        '[{"then": {"text": "a"}}]',
        b'\xef\xbb\xbf{"rules": [{"then": {"text": "a"}}]}',
        '{\n\t"then": {"text": "a"}\n}',
        "- when:\n  then: {text: a}\n  times:\n",
    ],
)
def test_rules_are_a_list_or_under_a_key_or_one_alone(text: str | bytes) -> None:
    assert first(parse(text, "x")) == "a"


@pytest.mark.parametrize("nothing", ["", "[]", "rules: []", "# later", [], None])
def test_no_rules_are_none(nothing: Any) -> None:
    assert parse(nothing, "x") == ()


def test_plain_data_is_taken_and_not_kept() -> None:
    then = {"text": "a"}
    rules = parse(({"then": (then,)},), "x")
    then["text"] = "b"
    assert first(rules) == "a"
    assert rules[0].then == [{"text": "a"}]


def test_json_is_read_as_json_is() -> None:
    text = json.dumps([{"then": {"json": {"😀": ["\ud83d", "\x7f", 1e3, "yes"]}}}])
    assert first(parse(text, "x")) == '{"😀":["\ud83d","\x7f",1000.0,"yes"]}'


def test_a_rule_without_a_name_has_its_number() -> None:
    assert [rule.name for rule in parse("- {name: a, then: {text: a}}\n- then: {text: b}\n", "x")] == ["a", "rule 2"]


BAD = [
    ("- thn: {text: a}\n", "1: rule 1: thn: unknown key 'thn'; did you mean 'then'?"),
    ("- when: {}\n", "1: rule 1: the key 'then' is required"),
    ("rulez: []\n", "1: rulez: unknown key 'rulez'; did you mean 'rules'?"),
    ("rules: 1\n", "1: rules: expected `array`, got `int`"),
    ("hello\n", "1: a list of rules belongs here"),
    (GOOD + "- 7\n", "2: rule 2: a mapping with name, when, then, times belongs here"),
    (GOOD + "---\n" + GOOD, " 2 documents; one belongs here"),
    (
        GOOD + "- name: a\n  when:\n    modle: x\n  then: {text: a}\n",
        "4: rule 2 (a): when.modle: unknown key 'modle'; did you mean 'model'?",
    ),
    (
        "- when: {headers.x-test: a}\n  then: {text: a}\n",
        "1: rule 1: when.headers.x-test: .*did you mean 'header.x-test'?",
    ),
    ("- when: {header.: a}\n  then: {text: a}\n", "1: rule 1: when.header.: unknown key"),
    ("- when: {body.tools: a}\n  then: {text: a}\n", "1: rule 1: when.body.tools: .*did you mean '$.tools'?"),
    ("- when: {temperature: 1}\n  then: {text: a}\n", "1: rule 1: when.temperature: .*did you mean '$.temperature'?"),
    ("- when:\n    3: a\n  then: {text: a}\n", "1: rule 1: when: the key 3 is no text"),
    ("- when:\n    user: 7\n  then: {text: a}\n", "2: rule 1: when.user: a text belongs here; put it in quotes"),
    ("- when:\n    user: ''\n  then: {text: a}\n", "2: rule 1: when.user: an empty text says nothing"),
    (
        "- when:\n    user:\n      - a\n      - /(/\n  then: {text: a}\n",
        "4: rule 1: when.user.1: no regular expression: ",
    ),
    ("- when:\n    model: []\n  then: {text: a}\n", "2: rule 1: when.model: an empty list is never met"),
    ("- when: {stream: 1}\n  then: {text: a}\n", "1: rule 1: when.stream: true or false belongs here"),
    ("- when: {nth: 0}\n  then: {text: a}\n", "1: rule 1: when.nth: a whole number from 1 belongs here"),
    ("- when: {nth: [1, x]}\n  then: {text: a}\n", "1: rule 1: when.nth.1: a whole number from 1 belongs here"),
    ("- when:\n    $.tools[: a\n  then: {text: a}\n", "2: rule 1: when.$.tools[: no JSONPath (RFC 9535): "),
    ("- when: {$.a: {exist: true}}\n  then: {text: a}\n", "1: rule 1: when.$.a.exist: .*did you mean 'exists'?"),
    ("- when: {$.a: {exists: 1}}\n  then: {text: a}\n", "1: rule 1: when.$.a.exists: exists: true or exists: false"),
    ("- when: {$.a: [[1]]}\n  then: {text: a}\n", "1: rule 1: when.$.a.0: a text, a number"),
    ("- when: {header.a: true}\n  then: {text: a}\n", "1: rule 1: when.header.a: a text belongs here"),
    ("- then:\n    txt: a\n", "2: rule 1: then.txt: unknown key 'txt'; did you mean 'text'?"),
    ("- then:\n    - text: a\n    - txt: a\n", "3: rule 1: then.1.txt: unknown key 'txt'; did you mean 'text'?"),
    ("- then: hello\n", "1: rule 1: then: a mapping with text, "),
    ("- then: []\n", "1: rule 1: then: an empty list answers nothing"),
    ("- then: {finish_reason: stop}\n", "1: rule 1: then: nothing to answer with: one of text, "),
    ("- then:\n    text: 42\n", "2: rule 1: then.text: expected `str`, got `int`; put it in quotes"),
    ("- then:\n    text: a\n    json: 1\n", "3: rule 1: then.json: 'text' and 'json' don't go together"),
    ("- then:\n    text: a\n    error: overloaded\n", "2: rule 1: then.text: 'error' and 'text' don't go together"),
    (
        "- then: {error: rate_limit}\n",
        "1: rule 1: then.error: no error is called 'rate_limit'; did you mean 'rate_limited'?",
    ),
    (
        "- then:\n    tool_calls:\n      - {name: f, args: {}}\n",
        "3: rule 1: then.tool_calls.0.args: .*did you mean 'arguments'?",
    ),
    ("- then: {tool_calls: [{arguments: {}}]}\n", "1: rule 1: then.tool_calls.0: the key 'name' is required"),
    (
        "- then:\n    text: a\n    usage:\n      total_tokens: -1\n",
        "4: rule 1: then.usage.total_tokens: a whole number from 0",
    ),
    (
        "- then: {text: a, usage: {input_tokens: true}}\n",
        "1: rule 1: then.usage.input_tokens: a whole number from 0",
    ),
    (
        "- then:\n    text: a\n    usage:\n      prompt_token: 1\n",
        "4: rule 1: then.usage.prompt_token: no count is called 'prompt_token'; did you mean 'prompt_tokens'?",
    ),
    ("- then:\n    raw:\n      stauts: 500\n", "3: rule 1: then.raw.stauts: .*did you mean 'status'?"),
    ("- then: {raw: {status: 99}}\n", "1: rule 1: then.raw.status: expected `int` >= 200"),
    ("- then: {raw: {headers: {a b: c}}}\n", "1: rule 1: then.raw.headers.a b: 'a b' is no name of a header"),
    (
        "- then: {raw: {headers: {a: true}}}\n",
        "1: rule 1: then.raw.headers.a: a text or a number belongs here; put it in quotes",
    ),
    ('- then: {raw: {headers: {a: "b\\nc"}}}\n', "1: rule 1: then.raw.headers.a: a header's value is one line"),
    (
        "- then: {raw: {headers: {Transfer-Encoding: chunked}}}\n",
        "1: rule 1: then.raw.headers.Transfer-Encoding: .*the connection",
    ),
    ("- then: {exchange: ''}\n", "1: rule 1: then.exchange: expected `str` of length >= 1"),
    ("- then: {json: .nan}\n", "1: rule 1: then.json: nan is no number of JSON's"),
    ("- then: {json: [!!binary aGk=]}\n", "1: rule 1: then.json.0: bytes can stand as the body of a raw answer only"),
    ("- then:\n    text: '{{ usr }}'\n", "2: rule 1: then.text: a template knows no 'usr'; did you mean 'user'?"),
    ("- then:\n    text: '{{ user'\n", "2: rule 1: then.text: no template: "),
    ("- then:\n    text: |\n      a\n      {% fi %}\n", "2: rule 1: then.text: no template, line 2 of the text: "),
    ("- then: {text: '{{ user | uper }}'}\n", "1: rule 1: then.text: no template: No filter named 'uper'"),
    ("- then:\n    text: {{ user }}\n", "2:.*needs quotes"),
    ("- then: {text: a}\n  times: 0\n", "2: rule 1: times: expected `int` >= 1"),
    ("- name: 3\n  then: {text: a}\n", "1: rule 1: name: expected `str`, got `int`; put it in quotes"),
    ("- {name: a, then: {text: a}}\n- {name: a, then: {text: b}}\n", "2: rule 2: name: 'a' is taken already"),
    (
        '[\n{"then": {"text": "\\ud83d\\ude00", "txt": 1}}]',
        "2: rule 1: then.txt: unknown key 'txt'; did you mean 'text'?",
    ),
    ('[{"then": {"text": "a", "text": "b"}}]', "1:.*the key 'text' stands twice"),
    ("[" * 100_000, "1:65: .*nested more than 64 deep"),
    ("[" * 100 + "]" * 100, "1:65: .*nested more than 64 deep"),
    ("\xff", " not readable|1: a list"),
]


@pytest.mark.parametrize(("text", "message"), BAD, ids=range(len(BAD)))
def test_a_bad_rule_is_refused_with_its_line_and_the_closest_key(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    pattern = "|".join(".*".join(map(re.escape, way.split(".*"))) for way in message.split("|"))
    with pytest.raises(RuleError, match=rf"(?s)\A{re.escape(str(path))}:(?:{pattern})"):
        load(path, KINDS)


def test_plain_data_is_refused_without_a_line() -> None:
    with pytest.raises(RuleError, match=r"\APOST /-/rules: rule 2: when\.modle: .*did you mean 'model'"):
        parse([{"then": {"text": "a"}}, {"when": {"modle": "x"}, "then": {"text": "a"}}], "POST /-/rules")


class Odd:
    pass


DEEP: list[Any] = []
for _ in range(5000):
    DEEP = [DEEP]


@pytest.mark.parametrize("value", [Odd(), {1, 2}, float("inf"), DEEP, {1: 2}])
def test_plain_data_that_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(RuleError, match=r"\Ax: rule 1: then\.json"):
        parse([{"then": {"json": value}}], "x")


@law()
@given(json_values)
def test_whatever_the_data_is_it_is_taken_or_refused(value: Any) -> None:
    for data in (value, [value], {"rules": value}, [{"when": value, "then": {"text": "a"}}], [{"then": value}]):
        for given_data in (data, json.dumps(data)):
            try:
                parse(given_data, "x", KINDS)
            except RuleError as problem:
                assert str(problem).startswith("x:")  # noqa: PT017


@pytest.mark.parametrize("kinds", [None, KINDS])
def test_kinds_are_checked_where_they_are_known(kinds: Any) -> None:
    assert parse([{"then": {"error": "overloaded"}}], "x", kinds)
    assert parse([{"then": {"error": "no_such_error"}}], "x", None)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no such file"):
        load(tmp_path / "none.yaml")


def test_the_rules_in_the_documents_are_rules() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/rules.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 6
    for block in blocks:
        assert parse(block, "docs/rules.md", KINDS)


def test_the_rules_in_the_examples_are_rules() -> None:
    assert [rule.name for rule in load(ROOT / "examples/rules.yaml", KINDS)][:2] == [
        "ask the tool",
        "say what the tool said",
    ]


@pytest.mark.parametrize(
    ("rule", "loaded"),
    [
        ({"when": {"user": "a"}, "then": {"text": "a"}}, ""),
        ({"then": {"text": "{{ user }}"}}, "jinja2"),
        ({"when": {"$.a": 1}, "then": {"text": "a"}}, "jsonpath_rfc9535"),
    ],
)
def test_what_only_some_rules_need_is_loaded_for_these_only(rule: dict[str, Any], loaded: str) -> None:
    code = f"""
import sys
from mockprovider.rules.loading import parse
parse([{rule!r}], "x")
print(*({{"jinja2", "jsonpath_rfc9535"}} & set(sys.modules)))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == loaded
