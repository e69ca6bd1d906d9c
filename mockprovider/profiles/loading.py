"""From a name or a file to a profile: found, its baseline laid under it, checked."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from mockprovider import yamlfile
from mockprovider.errors import ProfileError, did_you_mean
from mockprovider.profiles.forms import ATOMS, OF_ATOMS
from mockprovider.profiles.schema import Profile

BASELINE = "openai"

_OWN = {"title", "bites", "checked", "extends", "sources", "unknown"}
"""Keys that a profile says for itself: they are not inherited."""
_REFUSING = {"rules", "parameters", "closed"}
"""Keys, also in the sections of endpoints, that are not inherited from the baseline: what one provider refuses says
nothing of another.
"""
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
    ),
}
"""Sections whose entries may say `like: OTHER`, and what they then take from that entry."""


def shipped() -> dict[str, Path]:
    """The profiles that come with mockprovider: their files by name."""
    beside = Path(__file__).parent
    folder = next(f for f in (beside / "data", beside.parents[1] / "profiles") if f.is_dir())
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load(name_or_file: str) -> Profile:
    """The profile with this name, or in this file."""
    return _loaded(_find(name_or_file))[0]


def document(path: Path) -> dict[str, Any]:
    """A profile's keys, with those of the profiles that it extends under them."""
    return _loaded(path)[1]


def _loaded(path: Path, above: tuple[Path, ...] = ()) -> tuple[Profile, dict[str, Any]]:
    """A profile and its document. What it extends is checked first, so that each error names the file it is in."""
    text = yamlfile.read(path, ProfileError)
    documents = yamlfile.load(text, str(path), ProfileError)
    own = documents[0] if documents else None
    if not isinstance(own, dict):
        raise ProfileError(f"{path}:1: not a profile: a mapping with title, bites, checked and extends belongs here")
    data = own
    if (base := own.get("extends")) is not None:
        if path in above:
            raise ProfileError(f"{path}: extends itself, by way of {', '.join(p.stem for p in above[1:]) or 'nobody'}")
        try:
            below = _find(str(base), beside=path)
        except ProfileError as problem:
            raise ProfileError(f"{path}:{yamlfile.line_of(text, ['extends'])}: extends: {problem}") from None
        under = _loaded(below, (*above, path))[1]
        data = merged(_inherited(under, _OWN | _REFUSING if below.stem == BASELINE else _OWN), own)
    for section, shared in _ALIKE.items():
        _liken(data, section, shared, text, path)
    profile = yamlfile.validated(Profile, {"name": path.stem, **data}, text, str(path), ProfileError)
    _check_names(profile, text, path)
    return profile, data


def _inherited(under: dict[str, Any], without: Collection[str]) -> dict[str, Any]:
    """What a profile takes from the one that it extends."""
    return {
        name: {key: value for key, value in part.items() if key not in without} if isinstance(part, dict) else part
        for name, part in under.items()
        if name not in without
    }


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


def _check_names(profile: Profile, text: bytes, path: Path) -> None:
    """What one part of a profile names in another is there, and so is every error that the baseline has."""
    for key, rule in profile.rules.items():
        if rule.refuse not in profile.errors:
            line = yamlfile.line_of(text, ["rules", key, "refuse"])
            hint = did_you_mean(rule.refuse, profile.errors)
            raise ProfileError(f"{path}:{line}: rules.{key}.refuse: no error is called {rule.refuse!r}{hint}")
    for pattern, like in profile.models.patterns.items():
        if like not in profile.models.known:
            line = yamlfile.line_of(text, ["models", "patterns", pattern])
            hint = did_you_mean(like, profile.models.known)
            raise ProfileError(f"{path}:{line}: models.patterns.{pattern}: no model is called {like!r}{hint}")
    if profile.name != BASELINE:
        _check_errors(profile, text, path)


def _check_errors(profile: Profile, text: bytes, path: Path) -> None:
    """Every error that the baseline has is there, and every other one is what a rule refuses with."""
    needed = load(BASELINE).errors
    for kind in needed:
        if kind not in profile.errors:
            line = yamlfile.line_of(text, ["errors"])
            raise ProfileError(f"{path}:{line}: errors: {kind!r} is required; `extends: {BASELINE}` has them all")
    used = {*needed, *(rule.refuse for rule in profile.rules.values())}
    for kind in profile.errors:
        if kind not in used:
            line = yamlfile.line_of(text, ["errors", kind])
            raise ProfileError(f"{path}:{line}: errors.{kind}: nothing refuses with it{did_you_mean(kind, used)}")


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


def _find(name_or_file: str, beside: Path | None = None) -> Path:
    known = shipped()
    if name_or_file in known:
        return known[name_or_file]
    path = Path(name_or_file)
    if beside is not None and not path.is_absolute():
        path = beside.parent / path
    if path.suffix in (".yaml", ".yml") or path.is_file():
        if not path.is_file():
            raise ProfileError(f"{path}: no such profile file")
        return path
    raise ProfileError(
        f"no profile is called {name_or_file!r}{did_you_mean(name_or_file, known)}; a file ends in .yaml"
    )
