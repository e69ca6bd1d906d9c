"""From a name or a file to a profile: found, its baseline laid under it, checked."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from mockprovider import yamlfile
from mockprovider.errors import ProfileError, did_you_mean
from mockprovider.profiles.schema import Profile

BASELINE = "openai"

_ATOMS = {"body", "usage", "entry", "listing", "when", "headers", "spelling", "known", "patterns"}
"""Keys whose value is replaced whole: what stands in a profile is all that is sent."""
_OF_ATOMS = {"frames"}
"""Keys whose entries are replaced whole."""


def shipped() -> dict[str, Path]:
    """The profiles that come with mockprovider: their files by name."""
    beside = Path(__file__).parent
    folder = next(f for f in (beside / "data", beside.parents[1] / "profiles") if f.is_dir())
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load(name_or_file: str) -> Profile:
    """The profile with this name, or in this file."""
    path = _find(name_or_file)
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _load(path: Path, _changed: int) -> Profile:
    data = document(path)
    text = path.read_bytes()
    profile = yamlfile.validated(Profile, {"name": path.stem, **data}, text, str(path), ProfileError)
    for key, rule in profile.rules.items():
        if rule.refuse not in profile.errors:
            line = yamlfile.line_of(text, ["rules", key, "refuse"])
            hint = did_you_mean(rule.refuse, profile.errors)
            raise ProfileError(f"{path}:{line}: rules.{key}.refuse: no error is called {rule.refuse!r}{hint}")
    return profile


def document(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """A profile's keys, with those of the profiles that it extends under them."""
    documents = yamlfile.load(yamlfile.read(path, ProfileError), str(path), ProfileError)
    own = documents[0] if documents else None
    if not isinstance(own, dict):
        raise ProfileError(f"{path}:1: not a profile: a mapping with title, bites, checked and extends belongs here")
    base = own.get("extends")
    if base is None:
        return own
    if path in above:
        raise ProfileError(f"{path}: extends itself, by way of {', '.join(p.stem for p in above[1:]) or 'nobody else'}")
    under = document(_find(str(base), beside=path), (*above, path))
    inherited = {key: value for key, value in under.items() if key not in ("sources", "unknown", "extends")}
    return merged(inherited, own)


def merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """`own` laid over `base`, key by key; forms are replaced whole, and so is every list."""
    result = dict(base)
    for key, value in own.items():
        old = result.get(key)
        if not isinstance(value, dict) or not isinstance(old, dict) or key in _ATOMS:
            result[key] = value
        else:
            result[key] = {**old, **value} if key in _OF_ATOMS else merged(old, value)
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
