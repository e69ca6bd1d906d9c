"""From a name or a file to a profile: found, its baseline laid under it, changed as one likes, checked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from mockprovider import yamlfile
from mockprovider.errors import ProfileError, did_you_mean
from mockprovider.profiles.forms import ATOMS, OF_ATOMS
from mockprovider.profiles.naming import check_names
from mockprovider.profiles.schema import Profile
from mockprovider.profiles.setting import IDENTITY, Change, Without, changed

BASELINE = "openai"

_NAMED = 3
"""How many changes an error names that they bring about together."""
_OWN = IDENTITY - {"name"}
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
        "shape",
    ),
}
"""Sections whose entries may say `like: OTHER`, and what they then take from that entry."""


def shipped() -> dict[str, Path]:
    """The profiles that come with mockprovider: their files by name."""
    beside = Path(__file__).parent
    folder = next(f for f in (beside / "data", beside.parents[1] / "profiles") if f.is_dir())
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


@dataclass(frozen=True, slots=True)
class Opened:
    """A profile, and what it came from."""

    profile: Profile
    document: dict[str, Any]
    """Its keys, with those of the profiles that it extends under them."""
    own_frames: bool
    """Whether its chat's frames are its own, or those of one that it extends, but not the baseline's."""
    needed: Collection[str]
    """The kinds of error that it must have."""
    text: bytes
    path: Path
    below: "Opened | None" = None
    """The one that it extends."""

    @classmethod
    def of(cls, profile: Profile) -> "Opened":
        """A profile that was made in whatever way."""
        return cls(profile, msgspec.to_builtins(profile), True, load(BASELINE).errors, b"", Path(profile.name))

    def changed(self, variant: str | None = None, changes: Sequence[Change | Without] = ()) -> Profile:
        """The profile as a variant of it, and with keys changed, one after another. Raises ProfileError."""
        steps = [*([] if variant is None else self._variant(variant)), *changes]
        if not steps:
            return self.profile
        baseline = document(shipped()[BASELINE]) if any(isinstance(step, Without) for step in steps) else {}
        data = self.document
        for step in steps:
            data = changed(data, step, baseline)
        try:
            profile = yamlfile.validated(Profile, _whole(data, self.path), self.text, str(self.path), ProfileError)
            check_names(profile, self.needed, ".".join, used=self.profile.errors)
        except ProfileError as problem:
            said = ", ".join(step.said for step in steps[:_NAMED]) + (", …" if len(steps) > _NAMED else "")
            raise ProfileError(f"{said}: so the profile does not hold together: {problem}") from None
        return profile

    def chain(self) -> list[Profile]:
        """The profiles that it extends, one below the other."""
        return [] if self.below is None else [self.below.profile, *self.below.chain()]

    def check(self) -> None:
        """What one part names in another is there, and each variant is a profile. Raises ProfileError."""
        check_names(self.profile, self.needed, lambda way: f"{self._line(way)}: {'.'.join(way)}")
        for name, variant in self.profile.variants.items():
            try:
                self.changed(name)
            except ProfileError as problem:
                said = str(problem).removeprefix(f"variants.{name}.set.")
                way = [
                    "variants",
                    name,
                    "set",
                    *(key for key in variant.set if said.startswith((f"{key}:", f"{key},"))),
                ]
                raise ProfileError(f"{self._line(way)}: {problem}") from None

    def _line(self, way: Sequence[str]) -> str:
        """The file, and the line on which a key stands."""
        return f"{self.path}:{yamlfile.line_of(self.text, way)}"

    def _variant(self, name: str) -> list[Change]:
        """What a variant changes."""
        variants = self.profile.variants
        if name not in variants:
            hint = did_you_mean(name, variants) or "; it has none"
            raise ProfileError(f"the profile {self.profile.name} has no variant {name!r}{hint}")
        return [Change(key, value, f"variants.{name}.set.{key}") for key, value in variants[name].set.items()]


def load(name_or_file: str, variant: str | None = None, changes: Sequence[Change | Without] = ()) -> Profile:
    """The profile with this name, or in this file; as a variant of it, and with keys changed, one after another."""
    return opened(name_or_file).changed(variant, changes)


def opened(name_or_file: str) -> Opened:
    """The profile with this name, or in this file, with what it came from."""
    return _opened(_find(name_or_file))


def document(path: Path) -> dict[str, Any]:
    """A profile's keys, with those of the profiles that it extends under them."""
    return _opened(path).document


def plain(profile: Profile) -> dict[str, Any]:
    """All that a profile says, as a file could say it that extends nothing; what is a default is left out."""
    data = {key: value for key, value in _said(profile).items() if key not in ("name", "extends")}
    if profile.shapes:  # laid over the chat again, so each says all
        data["shapes"] = msgspec.to_builtins(profile.shapes)
    return data


def _said(value: Any) -> Any:
    """Plain data, without the fields of structs that say what they would say by default."""
    if isinstance(value, msgspec.Struct):
        fields = ((field, getattr(value, field.name)) for field in msgspec.structs.fields(value))
        return {field.encode_name: _said(each) for field, each in fields if not _is_default(field, each)}
    if isinstance(value, dict):
        return {key: _said(each) for key, each in value.items()}
    return msgspec.to_builtins(value)


def _is_default(field: msgspec.structs.FieldInfo, value: Any) -> bool:
    if field.default_factory is not msgspec.NODEFAULT:
        return bool(value == field.default_factory())
    return field.default is not msgspec.NODEFAULT and bool(value == field.default)


def _opened(path: Path, above: tuple[Path, ...] = ()) -> Opened:
    """A profile and its document. What it extends is checked first, so that each error names the file it is in."""
    text = yamlfile.read(path, ProfileError)
    documents = yamlfile.load(text, str(path), ProfileError)
    own = documents[0] if documents else None
    if not isinstance(own, dict):
        raise ProfileError(f"{path}:1: not a profile: a mapping with title, bites, checked and extends belongs here")
    data, own_frames = own, _says_frames(own)
    needed: Collection[str] = ()
    under = None
    if (base := own.get("extends")) is not None:
        if path in above:
            raise ProfileError(f"{path}: extends itself, by way of {', '.join(p.stem for p in above[1:]) or 'nobody'}")
        try:
            below = _find(str(base), beside=path)
        except ProfileError as problem:
            raise ProfileError(f"{path}:{yamlfile.line_of(text, ['extends'])}: extends: {problem}") from None
        under = _opened(below, (*above, path))
        data = merged(_inherited(under, afresh=own_frames), own)
        own_frames, needed = own_frames or under.own_frames, under.needed
    for section, shared in _ALIKE.items():
        _liken(data, section, shared, text, path)
    profile = yamlfile.validated(Profile, _whole(data, path), text, str(path), ProfileError)
    if path == shipped()[BASELINE]:
        own_frames, needed = False, profile.errors
    found = Opened(profile, data, own_frames, needed or load(BASELINE).errors, text, path, under)
    found.check()
    return found


def _says_frames(document: dict[str, Any]) -> bool:
    """Whether a document has frames of its own for chat."""
    here: Any = document
    for key in ("chat", "stream", "frames"):
        here = here.get(key) if isinstance(here, dict) else None
    return here is not None


def _inherited(under: Opened, *, afresh: bool) -> dict[str, Any]:
    """What a profile takes from the one that it extends; `afresh`: without the baseline's frames, as it has its own."""
    without = _OWN | _REFUSING if under.path == shipped()[BASELINE] else _OWN
    data = {
        name: {key: value for key, value in part.items() if key not in without} if isinstance(part, dict) else part
        for name, part in under.document.items()
        if name not in without
    }
    if afresh and not under.own_frames:
        stream = {key: value for key, value in data["chat"]["stream"].items() if key != "frames"}
        data["chat"] = {**data["chat"], "stream": stream}
    return data


def _whole(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """A document as the schema wants it: with a name, and each shape laid over the chat."""
    chat, shapes = data.get("chat"), data.get("shapes")
    whole = {"name": path.stem, **data}
    if isinstance(chat, dict) and isinstance(shapes, dict):
        whole["shapes"] = {
            name: merged(chat, shape) if isinstance(shape, dict) else shape for name, shape in shapes.items()
        }
    return whole


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
