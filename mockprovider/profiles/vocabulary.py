"""What a profile can say, for people and for editors: made of the structs, and of the texts beside their fields."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from mockprovider.profiles import forms
from mockprovider.profiles.schema import Model, Profile, Refusal, Rule, Source, Variant

_LIKE = {
    Model: "The known model whose abilities it has, and what it refuses, where it does not say them itself.",
    Refusal: "The error whose status, spelling and headers it has, where it does not say them itself.",
}
"""Structs whose entries may say `like` in a file, and what that means."""
_WHOLE = {Source, Variant, Rule}
"""Structs that a file says whole: of the others it says what differs."""
_SAID = ["title", "bites", "checked"]
"""What every file must say."""
_WORDS: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Any: "anything",
    NoneType: "null",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A key that a section may have."""

    name: str
    type: str
    default: str
    """Empty where it must be said."""
    says: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a profile: a struct."""

    name: str
    says: str
    fields: tuple[Field, ...]


def parts() -> list[Part]:
    """Every section, the profile itself first, each before what it is made of."""
    return [
        Part(kind.__name__, inspect.getdoc(kind) or "", tuple(_fields(kind)))
        for kind in dict.fromkeys(_structs(Profile))
    ]


def _structs(kind: type[msgspec.Struct], above: tuple[type, ...] = ()) -> Iterator[type[msgspec.Struct]]:
    yield kind
    for field in msgspec.structs.fields(kind):
        for inner in _inner(field.type):
            if inner not in (*above, kind):
                yield from _structs(inner, (*above, kind))


def _inner(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """The structs that a type is made of."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    elif get_origin(kind) is not Literal:
        for each in get_args(kind):
            yield from _inner(each)


def _fields(kind: type[msgspec.Struct]) -> Iterator[Field]:
    said: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("mockprovider."):
            said |= _said_of(inspect.getmodule(base)).get(base.__name__, {})
    for field in msgspec.structs.fields(kind):
        yield Field(field.encode_name, _type(field.type), _default(field), said.get(field.name, ""))
    if kind in _LIKE:
        yield Field("like", "text", "null", _LIKE[kind])


@cache
def _said_of(module: ModuleType | None) -> dict[str, dict[str, str]]:
    """The texts that stand below the fields of a module's structs, by struct and field."""
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body if module else ():
        if isinstance(node, ast.ClassDef):
            found[node.name] = {
                field.target.id: inspect.cleandoc(text.value.value).replace("\n", " ")
                for field, text in zip(node.body, node.body[1:], strict=False)
                if isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(text, ast.Expr)
                and isinstance(text.value, ast.Constant)
                and isinstance(text.value.value, str)
            }
    return found


def _type(kind: Any) -> str:
    """A type in words."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        bounds = [_bound(meta) for meta in inner[1:] if isinstance(meta, msgspec.Meta)]
        return ", ".join([_type(inner[0]), *filter(None, bounds)])
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(map(_type, inner)))
    if origin is Literal:
        return " or ".join(json.dumps(each) for each in inner)
    if origin is list:
        return f"list of {_type(inner[0])}"
    if origin is dict:
        return "object" if inner[1] is Any else f"mapping to {_type(inner[1])}"
    if kind in _WORDS:
        return _WORDS[kind]
    name: str = kind.__name__
    return f"[{name}](#{name.lower()})" if issubclass(kind, msgspec.Struct) else name


def _bound(meta: msgspec.Meta) -> str:
    ends = {"from": meta.ge, "above": meta.gt, "to": meta.le, "at least": meta.min_length, "at most": meta.max_length}
    return " ".join(f"{word} {value:g}" for word, value in ends.items() if value is not None)


def _default(field: msgspec.structs.FieldInfo) -> str:
    value = field.default if field.default is not msgspec.NODEFAULT else None
    if field.default is msgspec.NODEFAULT:
        if field.default_factory is msgspec.NODEFAULT:
            return ""
        value = field.default_factory()
    plain = msgspec.to_builtins(value)
    return json.dumps(plain, ensure_ascii=False) if not isinstance(value, msgspec.Struct) else "as below"


# For people


def markdown() -> str:
    """The vocabulary as a page."""
    lines = [
        "# What a profile can say",
        "",
        "Made by `mockprovider profiles schema --markdown` out of `mockprovider/profiles/`, where the meaning of each",
        "key stands beside it. How profiles are used and written: [profiles.md](profiles.md).",
        "",
        "## Forms",
        "",
        *(inspect.getdoc(forms) or "").split("\n\n", 1)[1].split("\n"),
        "",
        "A file says what differs from the profile that it `extends`: keys are laid over keys, but lists and forms are",
        "replaced whole. A key without a default must be said somewhere on that way.",
    ]
    for part in parts():
        lines += ["", f"## {part.name}", "", *part.says.split("\n"), ""]
        lines += ["| key | what stands there | default | meaning |", "|---|---|---|---|"]
        for field in part.fields:
            default = f"`{field.default}`" if field.default and field.default != "as below" else field.default
            cells = (f"`{field.name}`", field.type, default, field.says)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


# For editors


def json_schema() -> dict[str, Any]:
    """A JSON Schema of a profile's file."""
    (top,), made = msgspec.json.schema_components([Profile], ref_template="#/$defs/{name}")
    for kind in dict.fromkeys(_structs(Profile)):
        definition = made[kind.__name__]
        if kind not in _WHOLE:
            definition.pop("required", None)
        properties = definition["properties"]
        for field in _fields(kind):
            place = properties.setdefault(field.name, {"type": "string"})
            if field.says:
                properties[field.name] = {**place, "description": _plain(field.says)}
    made["Profile"]["required"] = list(_SAID)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A profile", **top, "$defs": made}


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)
