"""From a name or a file to a profile: found, its baseline laid under it, changed as one likes, checked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from mockprovider import yamlfile
from mockprovider.errors import ProfileError, did_you_mean
from mockprovider.profiles.laying import differing, liken, merged, said
from mockprovider.profiles.naming import check_names, general_cases
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
    own_errors: frozenset[str]
    """The kinds of error that it says, or one that it extends, but not the baseline."""
    kinds: Collection[str]
    """The baseline's kinds of error."""
    text: bytes
    path: Path
    below: "Opened | None" = None
    """The one that it extends."""

    @classmethod
    def of(cls, profile: Profile) -> "Opened":
        """A profile that was made in whatever way."""
        own, kinds = frozenset(profile.errors), load(BASELINE).errors
        data = {**msgspec.to_builtins(profile), "shapes": _shapes(profile)}
        return cls(profile, data, True, own, kinds, b"", Path(profile.name))

    def changed(self, variant: str | None = None, changes: Sequence[Change | Without] = ()) -> Profile:
        """The profile as a variant of it, and with keys changed, one after another. Raises ProfileError."""
        steps = [*([] if variant is None else self._variant(variant)), *changes]
        if not steps:
            return self.profile
        baseline = _inherited(opened(BASELINE), {}) if any(isinstance(step, Without) for step in steps) else {}
        data = self.document
        for step in steps:
            data = changed(data, step, baseline)
        try:
            profile = yamlfile.validated(Profile, _whole(data, self.path), self.text, str(self.path), ProfileError)
            check_names(profile, self.kinds, ".".join, used=self.profile.errors)
        except ProfileError as problem:
            said = ", ".join(step.said for step in steps[:_NAMED]) + (", …" if len(steps) > _NAMED else "")
            raise ProfileError(f"{said}: so the profile does not hold together: {problem}") from None
        return profile

    def chain(self) -> list[Profile]:
        """The profiles that it extends, one below the other."""
        return [] if self.below is None else [self.below.profile, *self.below.chain()]

    def check(self) -> None:
        """What one part names in another is there, and each variant is a profile. Raises ProfileError."""
        check_names(self.profile, self.kinds, lambda way: f"{self._line(way)}: {'.'.join(way)}")
        for name, variant in self.profile.variants.items():
            try:
                self.changed(name)
            except ProfileError as problem:
                said = str(problem).removeprefix(f"variants.{name}.set.")
                wrong = [key for key in variant.set if said.startswith((f"{key}:", f"{key},"))]
                raise ProfileError(f"{self._line(['variants', name, 'set', *wrong])}: {problem}") from None

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
    data = {key: value for key, value in said(profile).items() if key not in ("name", "extends")}
    return {**data, "shapes": _shapes(profile)} if profile.shapes else data


def _shapes(profile: Profile) -> dict[str, Any]:
    """The shapes of a profile as a file says them: each is what differs from the chat."""
    chat = msgspec.to_builtins(profile.chat)
    return {name: differing(msgspec.to_builtins(shape), chat) for name, shape in profile.shapes.items()}


def _opened(path: Path, above: tuple[Path, ...] = ()) -> Opened:
    """A profile and its document. What it extends is checked first, so that each error names the file it is in."""
    text = yamlfile.read(path, ProfileError)
    documents = yamlfile.load(text, str(path), ProfileError)
    own = documents[0] if documents else None
    if not isinstance(own, dict):
        raise ProfileError(f"{path}:1: not a profile: a mapping with title, bites, checked and extends belongs here")
    data, under = own, None
    own_frames, own_errors = _says_frames(own), _errors(own)
    if (base := own.get("extends")) is not None:
        if path in above:
            raise ProfileError(f"{path}: extends itself, by way of {', '.join(p.stem for p in above[1:]) or 'nobody'}")
        try:
            below = _find(str(base), beside=path)
        except ProfileError as problem:
            raise ProfileError(f"{path}:{yamlfile.line_of(text, ['extends'])}: extends: {problem}") from None
        under = _opened(below, (*above, path))
        data = merged(_inherited(under, own), own)
        own_frames, own_errors = own_frames or under.own_frames, own_errors | under.own_errors
    liken(data, text, path)
    profile = yamlfile.validated(Profile, _whole(data, path), text, str(path), ProfileError)
    if path == shipped()[BASELINE]:
        own_frames, own_errors = False, frozenset()
    kinds = under.kinds if under else profile.errors if path == shipped()[BASELINE] else load(BASELINE).errors
    found = Opened(profile, data, own_frames, own_errors, kinds, text, path, under)
    found.check()
    return found


def _says_frames(document: dict[str, Any]) -> bool:
    """Whether a document has frames of its own for chat."""
    here: Any = document
    for key in ("chat", "stream", "frames"):
        here = here.get(key) if isinstance(here, dict) else None
    return here is not None


def _errors(document: dict[str, Any]) -> frozenset[str]:
    """The kinds of error that a document says."""
    errors = document.get("errors")
    return frozenset(errors) if isinstance(errors, dict) else frozenset()


def _inherited(under: Opened, own: dict[str, Any]) -> dict[str, Any]:
    """What a profile takes from the one that it extends.

    Of what is the baseline's it does not take frames where it has its own, nor the special cases of an error that it
    says itself.
    """
    without = _OWN | _REFUSING if under.path == shipped()[BASELINE] else _OWN
    data = {
        name: {key: value for key, value in part.items() if key not in without} if isinstance(part, dict) else part
        for name, part in under.document.items()
        if name not in without
    }
    if _says_frames(own) and not under.own_frames:
        stream = {key: value for key, value in data["chat"]["stream"].items() if key != "frames"}
        data["chat"] = {**data["chat"], "stream": stream}
    said = _errors(own) | under.own_errors
    data["errors"] = {
        kind: error
        for kind, error in data["errors"].items()
        if kind in said or said.isdisjoint(general_cases(kind, under.kinds))
    }
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
