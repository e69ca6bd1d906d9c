"""A request held against the parameters of a profile, place by place. What does not pass is `Refused`."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mockprovider.profiles.parameters import Parameter, Parameters
from mockprovider.sources.checks import Refused, named, wrong_type

_PLURALS = {"object": "objects", "string": "strings", "integer": "integers", "number": "decimals", "array": "arrays"}
_NEAR = 2
"""How many edits a name may be away from the one that was meant (seen with OpenAI)."""
_LONG = 100
"""How many characters of a value are shown."""
_SHOWN = 3
"""How many characters of a long name are shown at each end."""


def check(body: Mapping[str, Any], parameters: Parameters) -> None:
    """Raise Refused for the first value in a request that the parameters do not take."""
    for name, parameter in parameters.items():
        if name in body:
            _check(body[name], parameter, name)


def unknown(body: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    """The keys of a request that are not known, in their order."""
    taken = set(known)
    return [name for name in body if name not in taken]


def meant(wrong: str, known: Iterable[str], given: Iterable[str]) -> str:
    """The names that an unknown one may have been meant for, as a clause; empty where none is near."""
    near = sorted((edits, name) for name in set(known) - set(given) if (edits := _edits(wrong, name)) <= _NEAR)
    names = " or ".join(f"'{name}'" for _, name in near)
    return f" Did you mean {names}?" if near else ""


def _check(value: Any, wanted: Parameter, path: str) -> None:
    try:
        _check_value(value, wanted, path)
    except Refused as problem:
        kind = wanted.refuses or problem.kind
        raise Refused(kind, **{"value": value, **problem.values}) from None


def _check_value(value: Any, wanted: Parameter, path: str) -> None:
    if value is None:
        if not wanted.nullable:
            raise wrong_type(path, value, _expected(wanted))
        return
    if wanted.types and not any(_is(value, kind) for kind in wanted.types):
        raise wrong_type(path, value, _expected(wanted))
    if isinstance(value, str):
        _check_text(value, wanted, path)
    elif isinstance(value, list):
        _check_array(value, wanted, path)
    elif isinstance(value, dict):
        _check_object(value, wanted, path)
    elif not isinstance(value, bool):
        _check_number(value, wanted, path)


def _check_text(text: str, wanted: Parameter, path: str) -> None:
    if wanted.values and text not in wanted.values:
        raise Refused("invalid_value", param=path, got=text, values=named(wanted.values, "and"))
    if wanted.least and len(text) < wanted.least:
        raise Refused("empty_string", param=path, limit=int(wanted.least))
    if _beyond(len(text), wanted):
        raise Refused("string_above_max_length", param=path, limit=_plain(wanted.most), got=len(text))
    if wanted.pattern and not re.search(wanted.pattern, text):
        mime = text.removeprefix("data:").partition(";")[0] if text.startswith("data:") else ""
        raise Refused("pattern_mismatch", param=path, pattern=wanted.pattern, got=text[:_LONG], mime=mime)


def _check_number(number: float, wanted: Parameter, path: str) -> None:
    kind = "decimal" if "number" in wanted.types else "integer"
    if wanted.least is not None and number < wanted.least:
        raise Refused(f"{kind}_below_min_value", param=path, limit=_plain(wanted.least), got=json.dumps(number))
    if wanted.most is not None and number > wanted.most:
        raise Refused(f"{kind}_above_max_value", param=path, limit=_plain(wanted.most), got=json.dumps(number))


def _check_array(array: Sequence[Any], wanted: Parameter, path: str) -> None:
    if wanted.least and len(array) < wanted.least:
        raise Refused("empty_array", param=path, limit=int(wanted.least))
    if _beyond(len(array), wanted):
        raise Refused("array_above_max_length", param=path, limit=_plain(wanted.most), got=len(array))
    if wanted.items is not None:
        for number, item in enumerate(array):
            _check(item, wanted.items, f"{path}[{number}]")


def _check_object(given: Mapping[str, Any], wanted: Parameter, path: str) -> None:
    if _beyond(len(given), wanted):
        raise Refused("object_above_max_properties", param=path, limit=_plain(wanted.most), got=len(given))
    if wanted.kinds:
        _check_kind(given, wanted, path)
    for name in wanted.needs:
        if name not in given:
            raise Refused("missing_parameter", param=f"{path}.{name}")
    for name, value in given.items():
        if wanted.names is not None and len(name) > wanted.names:
            shown = f"{name[:_SHOWN]}...{name[-_SHOWN:]}"
            limit, long = wanted.names, len(name)
            raise Refused("name_above_max_length", param=f"{path}.{name}", of=path, name=shown, limit=limit, got=long)
        if wanted.only and name not in wanted.keys:
            raise Refused("unknown_parameter", param=f"{path}.{name}", hint="", value=value)
        if name not in wanted.keys and wanted.others is not None:
            _check(value, wanted.others, f"{path}.{name}")
    for name, parameter in wanted.keys.items():
        if name in given:
            _check(given[name], parameter, f"{path}.{name}")


def _check_kind(given: Mapping[str, Any], wanted: Parameter, path: str) -> None:
    """Hold an object against what its kind asks for."""
    key = f"{path}.{wanted.by}"
    kind = given.get(wanted.by, wanted.otherwise or None)
    if wanted.otherwise and wanted.blames == "key" and not (isinstance(kind, str) and kind in wanted.kinds):
        kind = wanted.otherwise
    if kind is None and wanted.blames == "key":
        raise Refused("missing_parameter", param=key)
    if not isinstance(kind, str) and wanted.blames == "key":
        raise wrong_type(key, kind, "a string")
    if not isinstance(kind, str) or kind not in wanted.kinds:
        shown = kind if isinstance(kind, str) else ""
        blamed = key if wanted.blames == "key" else path
        values = named(wanted.kinds, "and")
        raise Refused("invalid_value", param=blamed, got=shown, values=values, value=given.get(wanted.by))
    _check(given, wanted.kinds[kind], path)


def _expected(wanted: Parameter) -> str:
    """What belongs in a place, in the provider's words."""
    if wanted.says:
        return wanted.says
    if wanted.values and wanted.types == ["string"]:
        return f"one of {named(wanted.values, 'or')}"
    phrases = [_phrase(kind, wanted) for kind in wanted.types]
    if len(phrases) == 1:
        return phrases[0]
    return f"one of {phrases[0]} or {' or '.join(phrase.split(' ', 1)[1] for phrase in phrases[1:])}"


def _phrase(kind: str, wanted: Parameter) -> str:
    if kind == "array":
        held = wanted.items.types if wanted.items is not None else []
        return f"an array of {_PLURALS[held[0]]}" if len(held) == 1 else "an array"
    return {"number": "a decimal", "integer": "an integer", "object": "an object"}.get(kind, f"a {kind}")


def _is(value: Any, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _beyond(length: int, wanted: Parameter) -> bool:
    return wanted.most is not None and length > wanted.most


def _plain(bound: float | None) -> str:
    """A bound as people write it: 2, not 2.0."""
    return f"{bound:g}" if bound is not None and abs(bound) < 1e6 else str(int(bound or 0))


@lru_cache(maxsize=4096)
def _edits(one: str, other: str) -> int:
    """The Levenshtein distance of two names; of very different lengths, at least that difference."""
    if abs(len(one) - len(other)) > _NEAR:
        return _NEAR + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
