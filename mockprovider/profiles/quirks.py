"""A quirk is a dotted key whose value differs from the baseline; each has a source."""

from dataclasses import dataclass
from typing import Any

import msgspec

from mockprovider.profiles.forms import ATOMS, OF_ATOMS
from mockprovider.profiles.schema import Profile, Source

_IDENTITY = {"name", "title", "bites", "checked", "extends", "sources", "unknown"}
_UNSAID = {("closed", False)}
"""What a profile says that says nothing: it was not found whether the provider refuses what it does not know."""


@dataclass(frozen=True, slots=True)
class Quirk:
    """One difference from the baseline."""

    key: str
    value: Any
    baseline: Any
    source: Source | None


def quirks(profile: Profile, baseline: Profile) -> list[Quirk]:
    """What differs, in the order of the profile's keys."""
    own, base = msgspec.to_builtins(profile), msgspec.to_builtins(baseline)
    found = list[Quirk]()
    _compare("", own, base, found, profile)
    return found


def source_of(profile: Profile, key: str) -> Source | None:
    """The source of a key: its own, or that of the longest beginning of it that has one."""
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        if (source := profile.sources.get(".".join(parts[:length]))) is not None:
            return source
    return None


def _compare(prefix: str, own: dict[str, Any], base: dict[str, Any], found: list[Quirk], profile: Profile) -> None:
    for key in own:
        value, other = own[key], base.get(key)
        name = f"{prefix}{key}"
        if value == other or (not prefix and key in _IDENTITY) or (isinstance(value, bool) and (key, value) in _UNSAID):
            continue
        atom = key in ATOMS or prefix.rstrip(".").rpartition(".")[2] in OF_ATOMS
        if isinstance(value, dict) and isinstance(other, dict) and not atom:
            _compare(f"{name}.", value, other, found, profile)
        else:
            found.append(Quirk(name, value, other, source_of(profile, name)))
