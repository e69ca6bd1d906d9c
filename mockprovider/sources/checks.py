"""What every request is held against: that it is JSON, names a model, and has messages. What is not is `Refused`."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

_DEEPEST = 500
"""How deep a body may nest: a thousand levels are more than Python can write again."""


class Refused(Exception):  # noqa: N818 it is the provider that errs, not we
    """The provider would refuse this request; `kind` is a key of the profile's `errors`."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


_GOT: dict[type, tuple[str, str]] = {
    bool: ("a boolean", "boolean"),
    int: ("an integer", "integer"),
    float: ("a decimal number", "floating point"),
    str: ("a string", "string"),
    list: ("an array", "sequence"),
    dict: ("an object", "map"),
    type(None): ("null", "null"),
}
"""What a value of a JSON type is called, by OpenAI and by serde."""
_IN_JSON = {"sequence": "array", "map": "object"}
"""What serde's words are in JSON's."""
_EXPECTED: dict[type, tuple[str, str]] = {
    bool: ("a boolean", "a boolean"),
    int: ("an integer", "an integer"),
    str: ("a string", "a string"),
    list: ("an array of objects", "a sequence"),
    dict: ("an object", "a map"),
}
"""What is asked for where a type is, by OpenAI and by serde."""


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object in a body."""
    try:
        value = _JSON.decode(body.decode("utf-8"))
    except json.JSONDecodeError as problem:
        raise Refused("invalid_json", line=problem.lineno, column=problem.colno) from None
    except (ValueError, RecursionError):
        raise Refused("invalid_json", line=1, column=1) from None
    if not isinstance(value, dict) or _is_too_deep(value, body):
        raise Refused("invalid_json", line=1, column=1)
    return value


def checked_model(body: Mapping[str, Any]) -> str:
    """The model that a body names."""
    if body.get("model") in (None, ""):
        raise Refused("missing_model", line=1, column=len(json.dumps(body)))
    name: str = typed(body, "model", str)
    return name


def checked_messages(body: Mapping[str, Any]) -> None:
    """Raise Refused unless a body has messages, each with a role."""
    if "messages" not in body:
        raise Refused("missing_messages", param="messages", line=1, column=len(json.dumps(body)))
    messages = typed(body, "messages", list)
    if not messages:
        raise Refused("empty_messages", param="messages")
    for number, message in enumerate(messages):
        path = f"messages[{number}]"
        if not isinstance(message, dict):
            raise wrong_type(path, message, "an object")
        if "role" not in message:
            raise Refused("missing_parameter", param=f"{path}.role", field="role", line=1, column=1)
        if not isinstance(message["role"], str):
            raise wrong_type(f"{path}.role", message["role"], "a string")


def typed(body: Mapping[str, Any], name: str, kind: type) -> Any:
    """The value of a key that must be of a JSON type; `true` is no number."""
    if not isinstance(body[name], kind) or (kind is int and isinstance(body[name], bool)):
        raise wrong_type(name, body[name], _EXPECTED[kind][0])
    return body[name]


def wrong_type(param: str, value: Any, expected: str) -> Refused:
    """A value that is of the wrong type; `expected` says what belongs there."""
    in_serde = dict(_EXPECTED.values()).get(expected, expected)
    got, got_serde = _GOT[type(value)]
    return Refused(
        "wrong_type",
        param=param,
        expected=expected,
        got=got,
        expected_serde=in_serde,
        got_serde=got_serde,
        got_json="number" if got_serde in ("integer", "floating point") else _IN_JSON.get(got_serde, got_serde),
        value=value,
        line=1,
        column=1,
    )


def named(names: Iterable[str], last: str) -> str:
    """Names in a sentence, as OpenAI puts them: 'a', 'b', and 'c'."""
    quoted = [f"'{name}'" for name in names]
    if len(quoted) < 3:
        return f" {last} ".join(quoted)
    return f"{', '.join(quoted[:-1])}, {last} {quoted[-1]}"


def _is_too_deep(value: Any, body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= _DEEPEST:
        return False
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is beyond all numbers")
    return number


_JSON = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite)
