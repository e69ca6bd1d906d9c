"""A path leads to values in JSON text, whatever stands around them, and to nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.secrets.fields import parsed, values_at
from mockprovider.errors import InputError
from tests.strategies import json_objects, law, respelled

BODY = (
    b'{"user": "jane", "n": -1.5, "ok": true, "list": [{"a": "x"}, {"a": ["y", {"b": "z"}]}], "a:": "{\\"user\\": 1}"}'
)


def at(path: str, body: bytes = BODY) -> list[bytes]:
    return [body[start:end] for start, end in values_at([parsed(path, "x")], body)]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("body.user", [b"jane"]),
        ("body.us*", [b"jane"]),
        ("body.n", [b"-1.5"]),
        ("body.ok", []),
        ("body.missing", []),
        ("body.user.name", []),
        ("body.list.0.a", [b"x"]),
        ("body.list.*.a", [b"x", b"y", b"z"]),
        ("body.list", [b"x", b"y", b"z"]),
        ("body.**.b", [b"z"]),
        ("body.**.a", [b"x", b"y", b"z"]),
        ("body.**", [b"jane", b"-1.5", b"x", b"y", b"z", b'{\\"user\\": 1}']),
        ("body.a:", [b'{\\"user\\": 1}']),
    ],
)
def test_a_path_leads_to_its_values(path: str, values: list[bytes]) -> None:
    assert at(path) == values


@law()
@given(json_objects, st.data())
def test_every_string_and_number_is_reached_however_the_text_is_spelled(
    value: dict[str, Any], data: st.DataObject
) -> None:
    body = data.draw(respelled(value))
    assert len(at("body.**", body)) == count(value)


def count(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(count, value.values()))
    if isinstance(value, list):
        return sum(map(count, value))
    return int(isinstance(value, str | int | float) and not isinstance(value, bool))


def test_each_event_and_each_line_is_json_of_its_own() -> None:
    lines = [json.dumps({"user": name}).encode() for name in ("a", "b")]
    assert at("body.user", b"\n".join(lines)) == [b"a", b"b"]
    assert at("body.user", b": hi\n\n" + b"".join(b"data: %b\n\n" % line for line in lines) + b"data: [DONE]\n\n") == [
        b"a",
        b"b",
    ]


@pytest.mark.parametrize("end", range(len(BODY)))
def test_text_that_breaks_off_is_read_as_far_as_it_goes(end: int) -> None:
    assert at("body.user", BODY[:end]) == ([b"jane"] if end >= BODY.index(b'",') + 1 else [])


def test_a_text_that_nests_deeply_is_no_trouble() -> None:
    assert at("body.a", b"[" * 100_000 + b"]" * 100_000) == []


@pytest.mark.parametrize("path", ["user", "body", "body.", "body..a", "query.a", ""])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(InputError, match=r"is no path; one begins with `body\.`"):
        parsed(path, "redact.fields")
