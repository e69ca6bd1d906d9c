"""`cassette.yaml`, what a cassette says of itself: what counts for matching, and what is hidden beyond the usual.

    version: 1
    match:
      ignore: [body.user, body.metadata.*]
      normalize: [uuid, date]
    redact:
      headers: [x-tenant]

Every key may be left out, and so may the file.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from mockprovider import yamlfile
from mockprovider.cassettes.matching.rules import COMPLETE, PARTS, Rules
from mockprovider.cassettes.secrets.redact import STANDARD, Redaction
from mockprovider.errors import CassetteError, InputError

NAME = "cassette.yaml"
VERSION = 1


class _Match(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    on: tuple[str, ...] = PARTS
    ignore: tuple[str, ...] = ()
    normalize: tuple[str, ...] = ()
    mode: Literal["strict", "loose"] = "strict"


class _Redact(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    headers: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    personal: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    version: int = VERSION
    match: _Match = _Match()
    redact: _Redact = _Redact()


@dataclass(frozen=True, slots=True)
class Config:
    """The rules of a cassette."""

    rules: Rules = COMPLETE
    redaction: Redaction = STANDARD


def load(folder: Path) -> Config:
    """What the `cassette.yaml` of a folder says; the standard where there is none."""
    path = folder / NAME
    if not path.exists():
        return Config()
    data = yamlfile.read(path, CassetteError)
    documents = yamlfile.load(data, str(path), CassetteError)
    form = yamlfile.validated(_File, documents[0] if documents else {}, data, str(path), CassetteError)
    if form.version != VERSION:
        line = yamlfile.line_of(data, ["version"])
        raise CassetteError(f"{path}:{line}: version: this mockprovider reads version {VERSION}, not {form.version}")
    try:
        match, hide = form.match, form.redact
        rules = Rules(match.on, match.ignore, match.normalize, match.mode == "loose")
        redaction = Redaction(hide.headers, hide.parameters, hide.fields, hide.patterns, hide.personal)
    except InputError as problem:
        key = str(problem).partition(":")[0].split(".")
        raise CassetteError(f"{path}:{yamlfile.line_of(data, key)}: {problem}") from None
    return Config(rules, redaction)
