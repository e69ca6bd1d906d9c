"""A value that fits a JSON Schema: small, readable, the same for the same schema."""

from typing import Any

_DEPTH = 8


def example(schema: Any, hint: str = "", root: Any = None, depth: int = 0) -> Any:
    """A value for a schema. `hint` is a word to say where any text will do."""
    root = schema if root is None else root
    if not isinstance(schema, dict):
        return hint or "text"
    schema = _resolved(schema, root)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    if "default" in schema and depth:
        return schema["default"]
    for key in ("anyOf", "oneOf", "allOf"):
        if schema.get(key):
            return example(_option(schema[key], depth), hint, root, depth + 1)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((k for k in kind if k != "null"), "null")
    if kind == "object" or (kind is None and "properties" in schema):
        return _object(schema, hint, root, depth)
    if kind == "array":
        return _array(schema, hint, root, depth)
    return _scalar(kind, schema, hint)


def _object(schema: dict[str, Any], hint: str, root: Any, depth: int) -> dict[str, Any]:
    required = schema.get("required") or ()
    chosen = {
        name: inner
        for name, inner in (schema.get("properties") or {}).items()
        if name in required or (depth < 1 and not required)
    }
    return {name: example(inner, hint, root, depth + 1) for name, inner in chosen.items()}


def _array(schema: dict[str, Any], hint: str, root: Any, depth: int) -> list[Any]:
    least = int(schema.get("minItems") or 0)
    count = least if depth >= _DEPTH else max(1, least)
    return [example(schema.get("items", {}), hint, root, depth + 1) for _ in range(min(count, 64))]


def _scalar(kind: Any, schema: dict[str, Any], hint: str) -> Any:
    if kind == "integer" or kind == "number":
        low, high = schema.get("minimum"), schema.get("maximum")
        value = low if low is not None else min(1, high) if high is not None else 1
        return int(value) if kind == "integer" else value
    if kind == "boolean":
        return True
    if kind == "null":
        return None
    text = hint or "text"
    return text.ljust(int(schema.get("minLength") or 0), ".")[: schema.get("maxLength") or None]


def _option(options: list[Any], depth: int) -> Any:
    """The first option, but null where the schema goes deep: so recursion ends."""
    if depth >= _DEPTH:
        return next((o for o in options if isinstance(o, dict) and o.get("type") == "null"), options[0])
    return options[0]


def _resolved(schema: dict[str, Any], root: Any) -> dict[str, Any]:
    for _ in range(16):
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#"):
            return schema
        target = root
        for part in reference[1:].split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            target = target.get(name, {}) if isinstance(target, dict) else {}
        schema = target if isinstance(target, dict) else {}
    return {}
