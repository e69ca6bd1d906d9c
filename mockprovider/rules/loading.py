"""From a file, a text or plain data to rules: read, checked, made ready.

    - name: sunny
      when: {user: weather, stream: true}
      then: {text: "It is sunny, {{ user }}"}
      times: 2

A list of such rules, a mapping with the list under `rules`, or one rule alone; YAML or JSON.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import msgspec

from mockprovider import yamlfile
from mockprovider.errors import RuleError
from mockprovider.rules.conditions import numbers, tests_of
from mockprovider.rules.forms import RuleForm, Step, Where, checked, plain
from mockprovider.rules.preparing import Surroundings, prepared
from mockprovider.rules.rule import Rule

_NOT_YAML = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|[\x7f-\x9f\ufffe\uffff]")
"""What JSON may hold and YAML may not: halves of characters, and what no screen shows."""


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    rules: list[Any]


def load(
    path: Path, kinds: Collection[str] | None = None, exchange: Callable[[Path], object] | None = None
) -> tuple[Rule, ...]:
    """The rules in a file. Raises RuleError with file, line, key, and the closest valid key.

    `kinds` are the errors that there are; None: they are not checked. `exchange` is called with the path of each
    exchange that a rule answers with, and refuses it by an InputError.
    """
    return parse(yamlfile.read(path, RuleError), str(path), kinds, exchange, folder=path.parent)


def parse(
    given: Any,
    name: str,
    kinds: Collection[str] | None = None,
    exchange: Callable[[Path], object] | None = None,
    *,
    folder: Path = Path(),
) -> tuple[Rule, ...]:
    """The rules in a text (YAML or JSON, or its bytes) or in plain data. `name` is what errors call it.

    The paths of exchanges are relative to `folder`; the rest is as for `load`.
    """
    data, text = _read(given, name) if isinstance(given, str | bytes) else (given, None)
    top = Where(name, text)
    around = Surroundings(kinds, folder, exchange)
    names = Counter[str]()
    rules = []
    for number, (each, root) in enumerate(_found(data, top), 1):
        rule = _rule(each, number, root, top, around)
        names[rule.name] += 1
        if names[rule.name] > 1:
            raise Where(name, text, root, f"rule {number}", ("name",)).refused(f"{rule.name!r} is taken already")
        rules.append(rule)
    return tuple(rules)


def _read(text: str | bytes, name: str) -> tuple[Any, str | bytes]:
    """What a text says, and the text in which lines are looked up."""
    value, lines = _json(text)
    try:
        documents = yamlfile.load(lines, name, RuleError)
    except RuleError as problem:
        hint = "; a text that begins with {{ needs quotes" if "a key must be a scalar" in str(problem) else ""
        raise RuleError(f"{problem}{hint}") from None
    if len(documents) > 1:
        raise RuleError(f"{name}: {len(documents)} documents; one belongs here")
    return (documents[0] if documents else []) if value is None else value, lines


def _json(text: str | bytes) -> tuple[Any, str | bytes]:
    """The value of a JSON text, and the text as YAML may read it: for the lines, and to see how deep it nests.

    None and the text itself where it is not JSON.
    """
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(decoded), _NOT_YAML.sub("?", decoded)
    except (ValueError, RecursionError):
        return None, text


def _found(data: Any, top: Where) -> list[tuple[Any, tuple[Step, ...]]]:
    """The rules in a document, not looked at yet, each with the way to it."""
    match data:
        case None:
            return []
        case list() | tuple():
            return [(each, (number,)) for number, each in enumerate(data)]
        case dict() if {"when", "then"} & set(data):
            return [(data, ())]
        case dict():
            return [(each, ("rules", number)) for number, each in enumerate(checked(_File, data, top).rules)]
    raise top.refused("a list of rules belongs here, or a mapping with the list under the key 'rules'")


def _rule(data: Any, number: int, root: tuple[Step, ...], top: Where, around: Surroundings) -> Rule:
    where = Where(top.source, top.text, root, f"rule {number}")
    data = plain(data, where)
    form = checked(RuleForm, data, where)
    name = f"rule {number}"
    if form.name is not msgspec.UNSET:
        name = form.name
        where = Where(top.source, top.text, root, f"rule {number} ({name})")
    when = form.when or {}
    if form.then == []:
        raise where.at("then").refused("an empty list answers nothing")
    answers = (
        [prepared(each, where.at("then", place), around) for place, each in enumerate(form.then)]
        if isinstance(form.then, list)
        else [prepared(form.then, where.at("then"), around)]
    )
    tests = tests_of(when, where.at("when"))
    nth = numbers(when.get("nth"), where.at("when", "nth"))
    return Rule(name, top.source, when, form.then, tuple(answers), tests, nth, form.times)
