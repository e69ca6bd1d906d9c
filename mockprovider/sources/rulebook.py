"""A profile's rules at work: what is well formed, and refused all the same, or taken as something else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from mockprovider.errors import ProfileError, did_you_mean
from mockprovider.profiles.schema import Profile, Rule
from mockprovider.sources.checks import Refused
from mockprovider.sources.facts import FACTS, Given, Values

_SIGNS = ("?", "!", ">", "<")


@dataclass(frozen=True, slots=True)
class Taken:
    """A request as the provider takes it."""

    body: dict[str, Any]
    shape: str
    """The shape that answers."""


class RuleBook:
    """The rules of a profile for one endpoint, made ready."""

    def __init__(self, profile: Profile, at: str) -> None:
        self._rules = [_Ready.of(name, rule) for name, rule in profile.rules.items() if rule.at == at]

    def taken(self, given: Given) -> Taken:
        """The request as the provider takes it. Raises what the first rule that applies and refuses says."""
        shape = given.model.shape
        for ready in self._rules:
            if (values := ready.applies(given)) is None:
                continue
            if ready.rule.refuse:
                raise Refused(ready.rule.refuse, **{"model": given.body["model"], **values})
            given = replace(given, body=_changed(given.body, ready.rule))
            shape = ready.rule.shape or shape
        return Taken(dict(given.body), shape)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a rule wants to stand in a place of the request."""

    parts: tuple[str, ...]
    sign: str
    """`?`, `!`, `>`, `<`, or nothing."""
    value: Any

    def found(self, body: Mapping[str, Any]) -> Values | None:
        """The values that the error shows, if it stands there; None if not."""
        for value, number in _at(body, self.parts, None):
            if self._is(value):
                return {"value": value} if number is None else {"number": number, "value": value}
        return None

    def _is(self, value: Any) -> bool:
        match self.sign:
            case "?":
                return (value is not None) is bool(self.value)
            case ">" | "<":
                if not isinstance(value, int | float) or isinstance(value, bool):
                    return False
                return bool(value > self.value if self.sign == ">" else value < self.value)
        fits = any(_fits(value, each) for each in (self.value if isinstance(self.value, list) else [self.value]))
        return value is not None and not fits if self.sign == "!" else fits


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule: what stands in the request is looked at first, for that is cheap."""

    rule: Rule
    wanted: tuple[_Wanted, ...]
    facts: tuple[tuple[str, bool], ...]

    @classmethod
    def of(cls, key: str, rule: Rule) -> "_Ready":
        wanted = tuple(
            _Wanted(tuple(path.rstrip("?!<>").split(".")), path[-1] if path.endswith(_SIGNS) else "", value)
            for path, value in rule.when.items()
            if not path.startswith("(")
        )
        facts = tuple((name, want) for name, want in rule.when.items() if name.startswith("("))
        for name, _ in facts:
            if name not in FACTS:
                raise ProfileError(f"rules.{key}.when: no fact is called {name!r}{did_you_mean(name, FACTS)}")
        return cls(rule, wanted, facts)

    def applies(self, given: Given) -> Values | None:
        """The values that the error shows; None where the rule does not apply."""
        shown: Values = {}
        for wanted in self.wanted:
            if (found := wanted.found(given.body)) is None:
                return None
            shown |= found
        for name, want in self.facts:
            known = FACTS[name](given)
            if (known is not None) != want:
                return None
            shown |= known or {}
        return shown


def _at(value: Any, parts: tuple[str, ...], number: int | None) -> Iterator[tuple[Any, int | None]]:
    """What stands at a path, and its place in the list that a `*` stands for; None where nothing stands there."""
    if not parts:
        yield value, number
        return
    part, *rest = parts
    if isinstance(value, dict):
        yield from _at(value.get(part), tuple(rest), number)
    elif part == "*":
        for place, each in enumerate(value if isinstance(value, list) else ()):
            yield from _at(each, tuple(rest), place if number is None else number)
    elif isinstance(value, list) and part.removeprefix("-").isdecimal() and -len(value) <= int(part) < len(value):
        yield from _at(value[int(part)], tuple(rest), number)
    else:
        yield None, number


def _fits(value: Any, wanted: Any) -> bool:
    """Whether a value is what a rule wants; `*` in a text is anything, `?` any character, and `true` is not 1."""
    if isinstance(wanted, str) and ("*" in wanted or "?" in wanted):
        return isinstance(value, str) and fnmatchcase(value, wanted)
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _changed(body: Mapping[str, Any], rule: Rule) -> Mapping[str, Any]:
    """The body as a rule has it taken."""
    kept = {rule.rename.get(name, name): value for name, value in body.items() if name not in rule.ignore}
    return {**kept, **rule.set}
