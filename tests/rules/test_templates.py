"""Templates: they use the request's fields, and what goes wrong in one names its rule and its place."""

import json
from typing import Any

import pytest
from hypothesis import given

from mockprovider.errors import RuleError
from mockprovider.rules.answers import Saying
from tests.rules.asking import CALLED, RESULT, answer, chat, posted
from tests.strategies import law, surrogate_texts, texts


def filled(text: str, request: Any = None) -> str:
    made = answer({"then": {"text": text}}, request or chat())
    assert isinstance(made, Saying)
    return made.text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ user }} / {{ model }}", "Hi / gpt-4o"),
        ("{{ body.temperature }} {{ body.messages[0].role }}", "0.5 user"),
        ("{{ body.items }}{{ body['items'] }}", "77"),
        ("{{ headers['x-test'] }} {{ method }} {{ path }}", "abc POST /v1/chat/completions"),
        ("{{ tool_result }} {{ message.role }} {{ messages | length }}", "Sunny, 21 degrees tool 3"),
        ("{% for m in messages %}{{ m.role }},{% endfor %}", "user,assistant,tool,"),
        ("{{ nth }}", "1"),
        ("{{ body.tools | tojson }}", '[{"a":"é<b>"}]'),
        ("{{ user | upper }}\n", "HI\n"),
        ("{{ body.seed | default('none') }}{% if body.seed is defined %}!{% endif %}", "none"),
        ("{% raw %}{{ user }}{% endraw %}", "{{ user }}"),
        ("{ user } {# no template #}", "{ user } {# no template #}"),
    ],
)
def test_a_template_uses_the_fields_of_the_request(template: str, text: str) -> None:
    fields = {"temperature": 0.5, "items": 7, "tools": [{"a": "é<b>"}]}
    assert filled(template, chat("Hi", CALLED, RESULT, headers=((b"X-Test", b"abc"),), **fields)) == text


@law()
@given(texts | surrogate_texts)
def test_what_the_user_says_is_never_taken_for_a_template(text: str) -> None:
    said = "{{ nth }}" + json.loads(json.dumps(text))  # two halves of a character are one in JSON
    assert filled("{{ user }}", chat(said)) == said


def test_a_template_without_a_request_to_speak_of_has_empty_names() -> None:
    rule = {"then": {"raw": {"body": "{{ user }}{{ model }}{{ tool_result }}{{ messages }}{{ body }}"}}}
    assert getattr(answer(rule, posted(b"\xff")), "body", b"") == b"[]{}"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ body.modle }}", "no attribute 'modle'"),
        ("{{ headers['x-a'] }}", "no attribute 'x-a'"),
        ("{{ messages[9].content }}", "no element 9"),
        ("{{ body.modle | tojson }}", "no attribute 'modle'"),
        ("{{ user + 1 }}", "str"),
        ("{{ 1 / 0 }}", "zero"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{% include 'x' %}", "loader"),
    ],
)
def test_what_goes_wrong_in_a_template_names_its_rule_and_place(template: str, why: str) -> None:
    rule = {"name": "odd", "then": [{"json": {"a": ["", template]}}]}
    with pytest.raises(RuleError, match=rf"\Ascript: rule 1 \(odd\): then\.0\.json\.a\.1: .*{why}"):
        answer(rule, chat())
