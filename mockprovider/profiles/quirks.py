"""A quirk is a dotted key whose value differs from the baseline; each has a source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from mockprovider.profiles.forms import ATOMS, OF_ATOMS
from mockprovider.profiles.schema import Profile, Source
from mockprovider.profiles.setting import IDENTITY

_REFUSING = {"parameters": {}, "closed": False}
"""What a profile has of these where it says nothing: the baseline's are not inherited."""

ABSENT: Any = ...
"""Stands for the value of a key that is not there."""


@dataclass(frozen=True, slots=True)
class Quirk:
    """One difference from the baseline."""

    key: str
    value: Any
    baseline: Any
    source: Source | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two profiles differ; what is not there is ABSENT."""

    key: str
    one: Any
    other: Any


def quirks(profile: Profile, baseline: Profile, below: Sequence[Profile] = ()) -> list[Quirk]:
    """What differs, in the order of the profile's keys. A shape differs from the profile's own chat.

    What has no source of its own, and is the same in a profile `below`, has the source that it has there.
    """
    if profile == baseline:
        return []
    own, base = msgspec.to_builtins(profile), msgspec.to_builtins(baseline)
    plain = {name: _without_refusals(part) if isinstance(part, dict) else part for name, part in base.items()}
    plain |= {"rules": {}, "shapes": dict.fromkeys(own["shapes"], own["chat"])}
    inherited = {quirk.key: quirk for quirk in quirks(below[0], baseline, below[1:])} if below else {}
    found = []
    for key, value, other in _compared("", own, plain):
        same = inherited.get(key)
        source = same.source if same is not None and same.value == value else None
        found.append(Quirk(key, value, other, source_of(profile, key) or source))
    return found


def differences(one: Profile, other: Profile) -> list[Difference]:
    """Where two profiles differ, forms and lists looked into; in the order of the first one's keys."""
    first, second = msgspec.to_builtins(one), msgspec.to_builtins(other)
    return [each for key in first if key not in IDENTITY for each in _unlike(key, first[key], second[key])]


def source_of(profile: Profile, key: str) -> Source | None:
    """The source of a key: its own, or that of the longest beginning of it that has one."""
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        if (source := profile.sources.get(".".join(parts[:length]))) is not None:
            return source
    return None


def _without_refusals(part: dict[str, Any]) -> dict[str, Any]:
    return {key: _REFUSING.get(key, value) for key, value in part.items()}


def _compared(prefix: str, own: dict[str, Any], base: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for key, value in own.items():
        other, name = base.get(key), f"{prefix}{key}"
        if value == other or name in IDENTITY:
            continue
        atom = key in ATOMS or prefix.rstrip(".").rpartition(".")[2] in OF_ATOMS
        if isinstance(value, dict) and isinstance(other, dict) and not atom:
            yield from _compared(f"{name}.", value, other)
        else:
            yield name, value, other


def _unlike(key: str, one: Any, other: Any) -> Iterator[Difference]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in {**one, **other}:
            yield from _unlike(f"{key}.{name}", one.get(name, ABSENT), other.get(name, ABSENT))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other) and _of_objects(one, other):
        for place, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _unlike(f"{key}.{place}", first, second)
    elif one != other or type(one) is not type(other):
        yield Difference(key, one, other)


def _of_objects(*lists: list[Any]) -> bool:
    return all(isinstance(each, dict | list) for entries in lists for each in entries)
