"""One document laid over another, and what has to be said so that the one comes out of the other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from mockprovider import yamlfile
from mockprovider.errors import ProfileError, did_you_mean
from mockprovider.profiles.forms import ATOMS, OF_ATOMS

_ALIKE = {
    ("errors",): ("status", "spelling", "headers"),
    ("models", "known"): (
        "logprobs",
        "thinks",
        "context",
        "answer",
        "efforts",
        "response_efforts",
        "effort",
        "refuses",
        "refuses_while_reasoning",
        "fixed",
        "unknown",
        "unknown_as",
        "top_p",
        "cache",
        "turns",
        "phase",
        "shape",
    ),
}
"""Sections whose entries may say `like: OTHER`, and what they then take from that entry."""


def merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """`own` laid over `base`, key by key; forms are replaced whole, and so is every list."""
    result = dict(base)
    for key, value in own.items():
        old = result.get(key)
        if not isinstance(value, dict) or not isinstance(old, dict) or key in ATOMS or "like" in value:
            result[key] = value
        else:
            result[key] = {**old, **value} if key in OF_ATOMS else merged(old, value)
    return result


def differing(own: dict[str, Any], base: dict[str, Any], *, atoms: bool = False) -> dict[str, Any]:
    """What, laid over `base`, gives `own`, which has all keys of it."""
    return {
        key: value
        if atoms or key in ATOMS or not isinstance(value, dict) or not isinstance(base.get(key), dict)
        else differing(value, base[key], atoms=key in OF_ATOMS)
        for key, value in own.items()
        if value != base.get(key, ...)
    }


def said(value: Any) -> Any:
    """Plain data, without the fields of structs that say what they would say by default."""
    if isinstance(value, msgspec.Struct):
        fields = ((field, getattr(value, field.name)) for field in msgspec.structs.fields(value))
        return {field.encode_name: said(each) for field, each in fields if not _is_default(field, each)}
    if isinstance(value, dict):
        return {key: said(each) for key, each in value.items()}
    return msgspec.to_builtins(value)


def _is_default(field: msgspec.structs.FieldInfo, value: Any) -> bool:
    if field.default_factory is not msgspec.NODEFAULT:
        return bool(value == field.default_factory())
    return field.default is not msgspec.NODEFAULT and bool(value == field.default)


def liken(data: dict[str, Any], text: bytes, path: Path) -> None:
    """Give each entry that is `like` another what that one says, where it does not say it itself."""
    for section, shared in _ALIKE.items():
        _liken(data, section, shared, text, path)


def _liken(data: dict[str, Any], section: tuple[str, ...], shared: Sequence[str], text: bytes, path: Path) -> None:
    """Give each entry of a section that is `like` another what that one says, where it does not say it itself."""
    *way, last = section
    for part in way:
        inner = data.get(part)
        data = inner if isinstance(inner, dict) else {}
    entries = data.get(last)
    if not isinstance(entries, dict):
        return

    def full(name: str, above: tuple[str, ...]) -> dict[str, Any]:
        entry = entries[name]
        if not isinstance(entry, dict) or "like" not in entry:
            return entry if isinstance(entry, dict) else {}
        other = entry["like"]
        if not isinstance(other, str) or other not in entries or other in above:
            line = yamlfile.line_of(text, [*section, name, "like"])
            hint = "; it is like itself" if other in above else did_you_mean(str(other), entries)
            raise ProfileError(f"{path}:{line}: {'.'.join(section)}.{name}.like: no entry is called {other!r}{hint}")
        base = full(other, (*above, other))
        own = {key: value for key, value in entry.items() if key != "like"}
        return {**{key: base[key] for key in shared if key in base}, **own}

    data[last] = {name: full(name, (name,)) if isinstance(entry, dict) else entry for name, entry in entries.items()}
