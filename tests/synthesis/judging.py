"""The judge of forms: OpenAI's own SDK, and what its types know of an answer."""

from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter

from mockprovider.profiles.loading import load
from mockprovider.profiles.schema import Profile


@cache
def profile(name: str) -> Profile:
    """A profile, read once."""
    return load(name)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def judged(kind: Any, value: Any) -> Any:
    """A value as the SDK's type of it. Raises pydantic's ValidationError where it is none."""
    return _adapter(kind).validate_python(value)


def unknown_to(kind: Any, value: Any) -> set[str]:
    """The dotted keys of a value that the SDK's type has no field for. Raises as `judged`."""
    return set(_unknown(judged(kind, value), ""))


def _unknown(value: Any, way: str) -> list[str]:
    if isinstance(value, list):
        return [key for each in value for key in _unknown(each, way)]
    if not isinstance(value, BaseModel):
        return []
    inner = (key for name in type(value).model_fields for key in _unknown(getattr(value, name), f"{way}{name}."))
    return [*(f"{way}{name}" for name in value.model_extra or {}), *inner]
