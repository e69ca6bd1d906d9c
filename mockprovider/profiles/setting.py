"""One key of a profile changed: found by its dotted name, and its value checked against the schema.

Keys may have dots in them, as names of models do; of those that fit, the longest is meant. What a profile is, unlike
how it behaves, can't be changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from mockprovider import yamlfile
from mockprovider.errors import ProfileError, did_you_mean
from mockprovider.profiles.schema import Profile

IDENTITY = {"name", "title", "bites", "checked", "extends", "sources", "unknown", "variants"}
"""Keys that say what a profile is, not how it behaves."""

Way = list[str | int]
"""The keys, from the top, that lead to a value; a number is a place in a list."""


@dataclass(frozen=True, slots=True)
class Change:
    """A key with another value."""

    key: str
    value: Any
    said: str
    """What an error calls it, such as `--set chat.id=x`."""
    text: str | None = None
    """The value as it was written, for a place that takes text only."""


@dataclass(frozen=True, slots=True)
class Without:
    """A key with the baseline's value; one that the baseline does not have goes."""

    key: str
    said: str


def change_of(text: str, said: str) -> Change:
    """`KEY=VALUE`, where the value is YAML, and nothing is an empty text. Raises ProfileError."""
    key, is_, value = text.partition("=")
    if not key.strip() or not is_:
        raise ProfileError(f"{said}: KEY=VALUE belongs here, such as chat.stream.usage_frame=always")
    documents = yamlfile.load(value, f"{said}: the value", ProfileError) if value.strip() else [""]
    if len(documents) != 1:
        raise ProfileError(f"{said}: one value belongs here")
    return Change(key.strip(), documents[0], said, value)


def changes_of(
    sets: Iterable[str], without: Iterable[str], names: tuple[str, str] = ("--set ", "--without ")
) -> list[Change | Without]:
    """Keys to be without, and then keys to be set; `names` is what errors call them by."""
    one, other = names
    return [*(Without(key, f"{other}{key}") for key in without), *(change_of(text, f"{one}{text}") for text in sets)]


def settings_in(line: str) -> list[str]:
    """The settings in a line, which semicolons separate; those within quotes and brackets are part of a value."""
    found, quote, depth = [""], "", 0
    for letter in line:
        if quote:
            quote = "" if letter == quote and not found[-1].endswith("\\") else quote
        elif letter in "\"'" and found[-1].rstrip()[-1:] in ("=", ":", ",", "[", "{"):
            quote = letter
        elif letter == ";" and depth <= 0:
            found.append("")
            continue
        else:
            depth += (letter in "[{") - (letter in "]}")
        found[-1] += letter
    return [each.strip() for each in found if each.strip()]


def changed(document: dict[str, Any], change: Change | Without, baseline: dict[str, Any]) -> dict[str, Any]:
    """A profile's document with one key changed. Raises ProfileError for one that is not there, or does not fit."""
    way, kind = way_to(document, change.key, change.said)
    if isinstance(change, Change):
        partly = way[0] == "shapes" and _struct(kind) is not None
        value = change.value if partly else _fitting(change, kind)
        return dict(_with(document, way, value))
    if any(isinstance(step, int) for step in way):
        raise ProfileError(f"{change.said}: a place in a list has no value of its own in the baseline; name the list")
    there, value = _value(baseline, way)
    if not there and not _value(document, way)[0] and len(way) > 1 and way[-1] not in _fields_at(way):
        raise ProfileError(f"{change.said}: neither the profile nor the baseline says {change.key}")
    return dict(_with(document, way, value) if there else _less(document, way))


def way_to(document: dict[str, Any], key: str, said: str) -> tuple[Way, Any]:
    """The way to a dotted key, and its type. Its last part may be new in a mapping that takes any."""
    first = key.partition(".")[0]
    if first in IDENTITY:
        raise ProfileError(f"{said}: {first} says what the profile is, not how it behaves, and can't be changed")
    if not all(key.split(".")):
        raise ProfileError(f"{said}: {key!r} is no key; a key is its parts, joined by dots: chat.stream.done")
    try:
        return _way(Profile, document, key)
    except _NotThereError as problem:
        place = ".".join(map(str, problem.above))
        where = f" in {place}" if place else ""
        raise ProfileError(f"{said}: there is no key {problem.wrong!r}{where}{problem.hint}") from None


class _NotThereError(Exception):
    """A part of a key that is not there; `above` is what leads to it, from the innermost."""

    def __init__(self, wrong: str, known: Sequence[str]) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.hint = did_you_mean(wrong, known) if known else "; nothing is inside"
        self.above: Way = []


def _way(kind: Any, here: Any, rest: str) -> tuple[Way, Any]:
    """The way from a value of a type to a dotted key below it, and what type stands there."""
    if not rest:
        return [], kind
    step, inner = _step(kind, here, rest)
    below = _below(here, step)
    try:
        way, found = _way(inner, below, rest[len(str(step)) + 1 :])
    except _NotThereError as problem:
        problem.above.insert(0, step)
        raise
    return [step, *way], found


def _step(kind: Any, here: Any, rest: str) -> tuple[str | int, Any]:
    """The first part of a dotted key, and the type of what stands there."""
    first = rest.partition(".")[0]
    inside = _inside(kind, here)
    if isinstance(inside, dict):  # a struct's fields
        if first not in inside:
            raise _NotThereError(first, list(inside))
        return first, inside[first]
    if inside is None:
        raise _NotThereError(first, [])
    if get_origin(inside) is list:
        places = [str(number) for number in range(len(here or []))]
        if first not in places:
            raise _NotThereError(first, places)
        return int(first), get_args(inside)[0]
    inner = get_args(inside)[1]
    entries = here if isinstance(here, dict) else {}
    fields = _struct(inner)

    def fits(end: int) -> bool:
        """Whether what follows a part of this length can be inside it."""
        return end >= len(rest) or fields is None or rest[end + 1 :].partition(".")[0] in fields

    there = [str(key) for key in entries if f"{rest}.".startswith(f"{key}.") and fits(len(str(key)))]
    if there:
        return max(there, key=len), inner
    for end in (number for number, letter in enumerate(rest) if letter == "."):
        if inner is Any or (fields is not None and fits(end)):
            raise _NotThereError(rest[:end], list(map(str, entries)))
    return rest, inner


def _inside(kind: Any, here: Any) -> Any:
    """What can stand below a value: a struct's fields by name, the type of a mapping or a list, or None."""
    kinds = [each for each in _kinds(kind) if each is Any or _fields(each) or get_origin(each) in (dict, list)]
    for each in kinds:
        if each is Any:
            return list[Any] if isinstance(here, list) else dict[str, Any] if isinstance(here, dict) else None
        if (get_origin(each) is list) == isinstance(here, list):
            return _fields(each) or each
    return (_fields(kinds[0]) or kinds[0]) if kinds else None


def _kinds(kind: Any) -> Iterator[Any]:
    """The types that a type stands for, null left out."""
    if get_origin(kind) is Annotated:
        yield from _kinds(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for each in get_args(kind):
            yield from _kinds(each)
    elif kind is not NoneType:
        yield kind


def _struct(kind: Any) -> dict[str, Any] | None:
    """The fields of the struct among the types that a type stands for."""
    return next(filter(None, map(_fields, _kinds(kind))), None)


def _fields(kind: Any) -> dict[str, Any]:
    return _fields_of(kind) if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else {}


@cache
def _fields_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.encode_name: field.type for field in msgspec.structs.fields(kind)}


def _fields_at(way: Way) -> dict[str, Any]:
    """The fields of the struct that the last part of a way stands in; none where that is a mapping."""
    kind: Any = Profile
    for step in way[:-1]:
        inside = _inside(kind, {})
        kind = inside[str(step)] if isinstance(inside, dict) else get_args(inside)[-1] if inside else Any
    inside = _inside(kind, {})
    return inside if isinstance(inside, dict) else {}


def _fitting(change: Change, kind: Any) -> Any:
    """The value of a change, if it is of the type; what was written, where text is taken and YAML took it for else."""
    try:
        msgspec.convert(change.value, kind, builtin_types=(bytes,))
    except msgspec.ValidationError as problem:
        if change.text is not None and change.value is not None and str in _kinds(kind):
            return change.text
        words = [str(word) for each in _kinds(kind) if get_origin(each) is Literal for word in get_args(each)]
        message = str(problem)
        if words and isinstance(change.value, str):
            raise ProfileError(
                f"{change.said}: there is no {change.value!r}{did_you_mean(change.value, words)}"
            ) from None
        raise ProfileError(f"{change.said}: {message[:1].lower()}{message[1:]}") from None
    return change.value


def _below(here: Any, step: str | int) -> Any:
    if isinstance(here, list):
        return here[int(step)]
    return here.get(step) if isinstance(here, dict) else None


def _value(document: Any, way: Way) -> tuple[bool, Any]:
    """Whether there is a value, and which."""
    here = document
    for step in way:
        if not isinstance(here, dict) or step not in here:
            return False, None
        here = here[step]
    return True, here


def _with(here: Any, way: Way, value: Any) -> Any:
    """A copy with a value at the end of a way; mappings that are not there are made."""
    if not way:
        return value
    step, *rest = way
    if isinstance(here, list):
        return [_with(each, rest, value) if number == step else each for number, each in enumerate(here)]
    entries = here if isinstance(here, dict) else {}
    return {**entries, step: _with(entries.get(step), rest, value)}


def _less(here: Any, way: Way) -> Any:
    """A copy without what stands at the end of a way."""
    step, *rest = way
    if not isinstance(here, dict) or step not in here:
        return here
    if not rest:
        return {key: value for key, value in here.items() if key != step}
    return {**here, step: _less(here[step], rest)}
