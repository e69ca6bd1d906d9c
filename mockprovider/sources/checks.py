"""A request held against what the provider takes. What does not pass is `Refused`, by the kind of its error."""

import json
from collections.abc import Mapping
from typing import Any

from mockprovider.profiles.schema import Model, Profile
from mockprovider.synthesis.asked import text_of
from mockprovider.synthesis.dialects.chat import thinks


class Refused(Exception):  # noqa: N818 it is the provider that errs, not we
    """The provider would refuse this request; `kind` is a key of the profile's `errors`."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


_TYPES: dict[type, tuple[str, str]] = {
    bool: ("a boolean", "boolean"),
    int: ("an integer", "integer"),
    float: ("a decimal number", "floating point"),
    str: ("a string", "string"),
    list: ("an array", "sequence"),
    dict: ("an object", "map"),
    type(None): ("null", "null"),
}
"""What a JSON type is called, by OpenAI and by serde."""


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object in a body."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except json.JSONDecodeError as problem:
        raise Refused("invalid_json", line=problem.lineno, column=problem.colno) from None
    except (ValueError, RecursionError):
        raise Refused("invalid_json", line=1, column=1) from None
    if not isinstance(value, dict):
        raise Refused("invalid_json", line=1, column=1)
    return value


def checked_model(body: Mapping[str, Any]) -> str:
    """The model that a body names."""
    if body.get("model") in (None, ""):
        raise Refused("missing_model", line=1, column=len(json.dumps(body)))
    name: str = typed(body, "model", str)
    return name


def checked_chat(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a chat request that names a model and has messages."""
    checked_model(body)
    if body.get("messages") is None:
        raise Refused("missing_messages", line=1, column=len(json.dumps(body)))
    messages = typed(body, "messages", list)
    if not messages:
        raise Refused("empty_messages")
    for number, message in enumerate(messages):
        if not isinstance(message, dict):
            raise _wrong(f"messages[{number}]", message, dict)
        if not isinstance(message.get("role"), str):
            raise _wrong(f"messages[{number}].role", message.get("role"), str)
    return body


def refused_by_rule(body: Mapping[str, Any], model: Model, profile: Profile) -> None:
    """Raise what the first rule that applies says."""
    facts: dict[str, Any] | None = None
    for rule in profile.rules.values():
        if facts is None:
            facts = _facts(body, thinks(body, model, profile.chat))
        if all(_stands(path, wanted, body, facts) for path, wanted in rule.when.items()):
            raise Refused(rule.refuse, model=body["model"])


def _stands(path: str, wanted: Any, body: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    value: Any = facts.get(path) if path.startswith("(") else body
    if not path.startswith("("):
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)


def _facts(body: Mapping[str, Any], thinking: bool) -> dict[str, Any]:
    messages = body["messages"]
    choice = body.get("tool_choice")
    said = " ".join(text_of(message.get("content")) for message in messages)
    return {
        "(thinking)": thinking,
        "(tool_forced)": isinstance(choice, dict) or choice == "required",
        "(json_in_prompt)": "json" in said.lower(),
        "(reasoning_missing)": any(
            message["role"] == "assistant" and message.get("tool_calls") and not message.get("reasoning_content")
            for message in messages
        ),
    }


def typed(body: Mapping[str, Any], name: str, kind: type) -> Any:
    """The value of a key that must be of a JSON type; `true` is no number."""
    if not isinstance(body[name], kind) or (kind is int and isinstance(body[name], bool)):
        raise _wrong(name, body[name], kind)
    return body[name]


def _wrong(param: str, value: Any, kind: type) -> Refused:
    expected, got = _TYPES[kind], _TYPES[type(value)]
    return Refused(
        "wrong_type",
        param=param,
        expected=expected[0],
        got=got[0],
        expected_serde=f"a {expected[1]}",
        got_serde=got[1],
        line=1,
        column=1,
    )


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
