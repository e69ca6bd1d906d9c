"""The forms that rules are written in, and how what is wrong is refused: with file, line, key and the closest key."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

import msgspec

from mockprovider.errors import RuleError, did_you_mean
from mockprovider.yamlfile import line_of

Form = TypeVar("Form", bound=msgspec.Struct)
Step = str | int

_DEEPEST = 64
"""How deep a rule may nest."""
_PROBLEM = re.compile(r"(.*?)(?: - at `\$\.?(\w+).*`)?\Z", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_NOT_A_TEXT = re.compile(r"Expected `str`, got `(?:int|float|bool)`")


@dataclass(frozen=True, slots=True)
class Where:
    """A place in what somebody wrote, so that an error can name it."""

    source: str
    """What errors call it: a file's path, or `POST /-/rules`."""
    text: str | bytes | None = None
    """The YAML or JSON; None where there are no lines to name."""
    root: tuple[Step, ...] = ()
    """The way to the rule."""
    rule: str = ""
    """What errors call the rule."""
    path: tuple[Step, ...] = ()
    """The way from there."""

    def at(self, *steps: Step) -> "Where":
        """A place further down."""
        return replace(self, path=(*self.path, *steps))

    def told(self, line: str = "") -> str:
        """The place in words, without its line unless given."""
        parts = (self.source + line, self.rule, ".".join(map(str, self.path)))
        return ": ".join(part for part in parts if part)

    def refused(self, message: str) -> RuleError:
        """The error for what stands here."""
        line = "" if self.text is None else f":{line_of(self.text, (*self.root, *self.path))}"
        return RuleError(f"{self.told(line)}: {message}")


class RuleForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A rule."""

    name: Annotated[str, msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET
    when: dict[str, Any] | None = None
    then: Any
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None


class AnswerForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An answer: of a saying any keys, or one of the last three alone."""

    text: str | msgspec.UnsetType = msgspec.UNSET
    reasoning: str | msgspec.UnsetType = msgspec.UNSET
    tool_calls: list[Any] | msgspec.UnsetType = msgspec.UNSET
    json: Any = msgspec.UNSET
    refusal: str | msgspec.UnsetType = msgspec.UNSET
    finish_reason: str | msgspec.UnsetType = msgspec.UNSET
    usage: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    error: str | msgspec.UnsetType = msgspec.UNSET
    raw: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    exchange: Annotated[str, msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET


class CallForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A tool call."""

    name: str
    arguments: dict[str, Any] | str = msgspec.field(default_factory=dict[str, Any])


class RawForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A raw answer."""

    status: Annotated[int, msgspec.Meta(ge=200, le=999)] = 200
    headers: dict[str, Any] = {}
    body: Any = None


def checked(form: type[Form], data: Any, where: Where) -> Form:
    """`data` as a struct; what is wrong with it is refused."""
    known = form.__struct_fields__
    if not isinstance(data, dict):
        raise where.refused(f"a mapping with {', '.join(known)} belongs here")
    if (unknown := next((key for key in data if key not in known), None)) is not None:
        raise where.at(unknown).refused(f"unknown key {unknown!r}{did_you_mean(str(unknown), known)}")
    try:
        return msgspec.convert(data, form, builtin_types=(bytes,))
    except msgspec.ValidationError as problem:
        found = _PROBLEM.match(str(problem))
        message, key = found.groups() if found else (str(problem), None)
        if missing := _MISSING.match(message):
            raise where.refused(f"the key {missing[1]!r} is required") from None
        if _NOT_A_TEXT.match(message):
            message += "; put it in quotes"
        raise where.at(*([key] if key else [])).refused(message[:1].lower() + message[1:]) from None


def plain(value: Any, where: Where) -> Any:
    """A copy in lists and dicts of what JSON can say; all else is refused, bytes but as the body of a raw answer."""
    if len(where.path) > _DEEPEST:
        raise where.refused(f"nested more than {_DEEPEST} deep")
    match value:
        case Mapping():
            if (odd := next((key for key in value if not isinstance(key, str)), None)) is not None:
                raise where.refused(f"the key {odd!r} is no text; put it in quotes")
            return {key: plain(item, where.at(key)) for key, item in value.items()}
        case list() | tuple():
            return [plain(item, where.at(number)) for number, item in enumerate(value)]
        case bytes() if where.path[-2:] != ("raw", "body"):
            raise where.refused("bytes can stand as the body of a raw answer only")
        case float() if not math.isfinite(value):
            raise where.refused(f"{value} is no number of JSON's")
        case None | bool() | int() | float() | str() | bytes():
            return value
    raise where.refused(f"a {type(value).__name__} is no value of JSON's")


def listed(value: Any, where: Where) -> list[tuple[Any, Where]]:
    """A value, or each of a list of them, with its place; no list without any."""
    if value == []:
        raise where.refused("an empty list is never met")
    if isinstance(value, list):
        return [(item, where.at(number)) for number, item in enumerate(value)]
    return [(value, where)]
