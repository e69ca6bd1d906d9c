"""What `then` can say, made ready once: checked, its templates compiled, and where it has none, built for good."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from mockprovider.errors import InputError, RuleError, did_you_mean
from mockprovider.rules.answers import Answer, Call, Fail, Raw, Recorded, Saying
from mockprovider.rules.forms import AnswerForm, CallForm, RawForm, Where, checked
from mockprovider.tape import HOP_BY_HOP

SAYING = ("text", "reasoning", "tool_calls", "json", "refusal")
"""What a saying must have one of."""
USAGE = frozenset(
    {
        "prompt_tokens",
        "completion_tokens",
        "input_tokens",
        "output_tokens",
        "total_tokens",
        "cached_tokens",
        "reasoning_tokens",
        "audio_tokens",
    }
)
"""The counts that a usage may have; the Responses API calls the first two by the next two names."""
_ALONE = ("error", "raw", "exchange")

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_UNFIT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What a header's value can't hold (RFC 9110, section 5.5)."""
_ONE_LINE = "a header's value is one line, without control characters"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What answers may name that stands elsewhere."""

    kinds: Collection[str] | None = None
    """The keys of the profile's errors; None: they are not checked."""
    folder: Path = Path()
    """What the path of an exchange is relative to."""
    exchange: Callable[[Path], object] | None = None
    """Called with each exchange that is named; an InputError of its refuses the rule."""


@dataclass(frozen=True, slots=True)
class _Hole:
    """What stands in a form for a text that a request fills."""

    fill: Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer as far as it can be made before there is a request."""

    form: Any
    make: Callable[[Any], Answer]
    made: Answer | None
    """The answer itself where it has no templates."""
    speaks: bool
    """Whether it is something said."""

    def answer(self, names: Callable[[], Mapping[str, Any]]) -> Answer:
        """The answer to a request; `names`, what its templates may name, is called if there are any."""
        return self.made if self.made is not None else self.make(_filled(self.form, names()))


def prepared(data: Any, where: Where, around: Surroundings) -> Prepared:
    """An answer, from how it was written."""
    form = checked(AnswerForm, data, where)
    alone = [key for key in _ALONE if key in data]
    if alone and len(data) > 1:
        other = next(key for key in data if key != alone[0])
        message = f"{alone[0]!r} and {other!r} don't go together: an answer is a saying, an error, raw or an exchange"
        raise where.at(other).refused(message)
    if not alone and not set(SAYING) & set(data):
        raise where.refused(f"nothing to answer with: one of {', '.join((*SAYING, *_ALONE))} belongs here")
    if form.error is not msgspec.UNSET:
        return _ready(_kind(form.error, where.at("error"), around.kinds), Fail)
    if form.exchange is not msgspec.UNSET:
        return _ready(_exchange(form.exchange, where.at("exchange"), around), Recorded)
    if form.raw is not msgspec.UNSET:
        return _raw(form.raw, where.at("raw"))
    return _saying(form, data, where)


def _ready(form: Any, make: Callable[[Any], Answer], *, speaks: bool = False) -> Prepared:
    return Prepared(form, make, None if _has_hole(form) else make(form), speaks)


def _kind(kind: str, where: Where, kinds: Collection[str] | None) -> str:
    if kinds is not None and kind not in kinds:
        raise where.refused(f"no error is called {kind!r}{did_you_mean(kind, kinds)}")
    return kind


def _exchange(name: str, where: Where, around: Surroundings) -> Path:
    path = around.folder / name
    if around.exchange is not None:
        try:
            around.exchange(path)
        except InputError as problem:
            raise where.refused(str(problem)) from None
    return path


def _saying(form: AnswerForm, data: Mapping[str, Any], where: Where) -> Prepared:
    if "text" in data and "json" in data:
        raise where.at("json").refused("'text' and 'json' don't go together: JSON is sent as the text")
    if form.usage is not msgspec.UNSET:
        for name, count in form.usage.items():
            if name not in USAGE:
                raise where.at("usage", name).refused(f"no count is called {name!r}{did_you_mean(name, USAGE)}")
            if type(count) is not int or count < 0:
                raise where.at("usage", name).refused("a whole number from 0 belongs here")
    calls = data.get("tool_calls", ())
    for number, call in enumerate(calls):
        checked(CallForm, call, where.at("tool_calls", number))
    return _ready(_compiled(data, where), _said, speaks=True)


def _said(form: Mapping[str, Any]) -> Saying:
    return Saying(
        text=_spelled(form["json"]) if "json" in form else form.get("text", ""),
        reasoning=form.get("reasoning", ""),
        calls=tuple(_call(each) for each in form.get("tool_calls", ())),
        refusal=form.get("refusal", ""),
        finish_reason=form.get("finish_reason"),
        usage=form.get("usage"),
    )


def _call(form: Mapping[str, Any]) -> Call:
    arguments = form.get("arguments", {})
    return Call(form["name"], arguments if isinstance(arguments, str) else _spelled(arguments))


def _raw(data: Mapping[str, Any], where: Where) -> Prepared:
    form = checked(RawForm, data, where)
    for name, value in form.headers.items():
        here = where.at("headers", name)
        if not _TOKEN.match(name):
            raise here.refused(f"{name!r} is no name of a header")
        if name.lower().encode() in HOP_BY_HOP:
            raise here.refused(f"{name!r} speaks of the connection, which is not for an answer to say")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise here.refused("a text or a number belongs here; put it in quotes")
        if _UNFIT.search(str(value)):
            raise here.refused(_ONE_LINE)
    body = _compiled(form.body, where.at("body"))
    headers = {name: _compiled(str(value), where.at("headers", name)) for name, value in form.headers.items()}
    told = where.told()

    def make(filled: Mapping[str, Any]) -> Raw:
        pairs = []
        for name, value in filled["headers"].items():
            if _UNFIT.search(value):
                raise RuleError(f"{told}.headers.{name}: {_ONE_LINE}")
            pairs.append((name.encode(), value.encode("utf-8", "replace")))
        if _is_json(form.body) and not any(name.lower() == b"content-type" for name, _ in pairs):
            pairs.insert(0, (b"content-type", b"application/json"))
        return Raw(form.status, tuple(pairs), _bytes(filled["body"]))

    return _ready({"headers": headers, "body": body}, make)


def _is_json(body: Any) -> bool:
    return body is not None and not isinstance(body, str | bytes)


def _bytes(body: Any) -> bytes:
    match body:
        case None:
            return b""
        case bytes():
            return body
        case str():
            return body.encode("utf-8", "replace")
    return _spelled(body).encode("utf-8", "replace")


def _spelled(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _compiled(value: Any, where: Where) -> Any:
    """A value in which each text that is a template has become one."""
    match value:
        case str() if "{{" in value or "{%" in value:
            from mockprovider.rules.templates import Filling  # 7 MB and 40 ms that only these rules cost

            return _Hole(Filling(value, where).filled)
        case dict():
            return {key: _compiled(item, where.at(key)) for key, item in value.items()}
        case list():
            return [_compiled(item, where.at(number)) for number, item in enumerate(value)]
    return value


def _has_hole(form: Any) -> bool:
    match form:
        case dict():
            return any(map(_has_hole, form.values()))
        case list():
            return any(map(_has_hole, form))
    return isinstance(form, _Hole)


def _filled(form: Any, names: Mapping[str, Any]) -> Any:
    match form:
        case dict():
            return {key: _filled(item, names) for key, item in form.items()}
        case list():
            return [_filled(item, names) for item in form]
        case _Hole():
            return form.fill(names)
    return form
