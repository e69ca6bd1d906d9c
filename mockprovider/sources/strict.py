"""OpenAI's subset of JSON Schema: why a schema is refused, in OpenAI's words.

Sources: outlines issues 844, 1254 and 1666 (2024-10 to 2025-06), openai-python issue 2274 (2025-04), prism issue 858
(2026-01), Mirascope's recording test_model_call_with_tools.yaml (2026-01), and for the keywords that are not taken
https://platform.openai.com/docs/guides/structured-outputs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_NOT_PERMITTED = (
    "examples",
    "oneOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
    "uniqueItems",
)
_FORMATS = ("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")
_TYPED = ("type", "$ref", "anyOf", "enum", "const")
"""Words of which a part needs one."""
_DEEPEST = 100

Place = tuple[str, ...]


def strict_problem(schema: Any, *, closes: bool = False) -> str | None:
    """Why a schema can't be had with `strict`; None where it can. `closes`: what is open is closed without a word."""
    if (problem := root_problem(schema)) is not None:
        return problem
    found = ((place, _why(part, closes=closes)) for place, part in _parts(schema))
    return next((f"In context={place}, {why}" for place, why in found if why), None)


def function_problem(schema: Any) -> str | None:
    """Why a schema can't be a function's, strict or not; None where it can."""
    if (problem := root_problem(schema)) is not None:
        return problem
    return next(
        (
            f"In context={place}, array schema missing items."
            for place, part in _parts(schema)
            if part.get("type") == "array" and "items" not in part and "prefixItems" not in part
        ),
        None,
    )


def root_problem(schema: Any) -> str | None:
    """Why a schema can't stand at the root."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    if kind == "object":
        return None
    return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."


def _why(part: Mapping[str, Any], *, closes: bool) -> str | None:
    """What is wrong with one part."""
    if (word := next((word for word in _NOT_PERMITTED if word in part), None)) is not None:
        return f"'{word}' is not permitted."
    if not any(word in part for word in _TYPED):
        return "schema must have a 'type' key."
    if isinstance(name := part.get("format"), str) and name not in _FORMATS:
        return f"'{name}' is not a valid format."
    if part.get("type") == "array" and "items" not in part:
        return "array schema missing items."
    if part.get("type") != "object":
        return None
    if part.get("additionalProperties", not closes) is not False:
        return "'additionalProperties' is required to be supplied and to be false."
    properties, required = part.get("properties"), part.get("required")
    names = list(properties) if isinstance(properties, dict) else []
    missing = next((name for name in names if not isinstance(required, list) or name not in required), None)
    if missing is not None:
        return (
            "'required' is required to be supplied and to be an array including every key in properties. "
            f"Missing '{missing}'."
        )
    extra = next((name for name in required or () if name not in names), None)
    if extra is not None:
        return (
            "'required' is required to be supplied and to be an array including every key in properties. "
            f"Extra required key '{extra}' supplied."
        )
    return None


def _parts(schema: Any, place: Place = ()) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """A schema and all that it holds, each with the way to it."""
    if not isinstance(schema, dict) or len(place) > _DEEPEST:
        return
    yield place, schema
    for name in ("properties", "$defs", "definitions"):
        inner = schema.get(name)
        for key, part in inner.items() if isinstance(inner, dict) else ():
            yield from _parts(part, (*place, name, key))
    yield from _parts(schema.get("items"), (*place, "items"))
    options = schema.get("anyOf")
    for number, part in enumerate(options if isinstance(options, list) else ()):
        yield from _parts(part, (*place, "anyOf", str(number)))
