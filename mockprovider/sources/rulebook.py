"""A profile's rules at work: what is well formed, and refused all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockprovider.errors import ProfileError, did_you_mean
from mockprovider.profiles.schema import Profile, Rule
from mockprovider.sources.checks import Refused
from mockprovider.sources.facts import FACTS, Given, Values


class RuleBook:
    """The rules of a profile for one endpoint, made ready."""

    def __init__(self, profile: Profile, at: str) -> None:
        self._rules = [_Ready.of(rule) for rule in profile.rules.values() if rule.at == at]

    def refuse(self, given: Given) -> None:
        """Raise what the first rule that applies says."""
        for rule in self._rules:
            if (values := rule.applies(given)) is not None:
                raise Refused(rule.refuse, **{"model": given.body["model"], **values})


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule: what stands in the request is looked at first, for that is cheap."""

    refuse: str
    paths: tuple[tuple[tuple[str, ...], bool, Any], ...]
    """Where, whether it is asked only if there is something, and what is wanted."""
    facts: tuple[tuple[str, bool], ...]

    @classmethod
    def of(cls, rule: Rule) -> "_Ready":
        paths = tuple(
            (tuple(path.removesuffix("?").split(".")), path.endswith("?"), wanted)
            for path, wanted in rule.when.items()
            if not path.startswith("(")
        )
        facts = tuple((name, want) for name, want in rule.when.items() if name.startswith("("))
        for name, _ in facts:
            if name not in FACTS:
                raise ProfileError(f"rules: no fact is called {name!r}{did_you_mean(name, FACTS)}")
        return cls(rule.refuse, paths, facts)

    def applies(self, given: Given) -> Values | None:
        """The values that the error shows; None where the rule does not apply."""
        for parts, present, wanted in self.paths:
            value = _at(given.body, parts)
            stands = (value is not None) == wanted if present else _is(value, wanted)
            if not stands:
                return None
        shown: Values = {}
        for name, wanted in self.facts:
            found = FACTS[name](given)
            if (found is not None) != wanted:
                return None
            shown |= found or {}
        return shown


def _at(body: Mapping[str, Any], parts: tuple[str, ...]) -> Any:
    value: Any = body
    for part in parts:
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def _is(value: Any, wanted: Any) -> bool:
    """Whether a value is what a rule wants, or one of what it wants."""
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)
