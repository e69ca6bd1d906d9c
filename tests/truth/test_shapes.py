"""The marks of an answer: keys, types and places, and the bytes around them."""

import json
from typing import Any

import pytest

from mockprovider.truth.recordings import WHOLE, Answer, Trust
from mockprovider.truth.shapes import Shape, marks_of, shape_of
from tests.truth.taking import EVENTS, JSON

VALUES_ONLY = Trust(headers=False, spelling=False, stream=False)


def plain(body: Any, trust: Trust = VALUES_ONLY) -> Shape:
    """The shape of a body, which may be written down as bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    shape = shape_of(Answer(200, (), data, trust), "chat/completions")
    assert shape is not None
    return shape


def streamed(*events: Any, endpoint: str = "chat/completions") -> Shape:
    """The shape of events."""
    return of_bytes(b"".join(b"data: %s\n\n" % json.dumps(event).encode() for event in events), endpoint, VALUES_ONLY)


def of_bytes(body: bytes, endpoint: str = "chat/completions", trust: Trust = WHOLE) -> Shape:
    shape = shape_of(Answer(200, (), body, trust), endpoint)
    assert shape is not None
    return shape


def delta(**more: Any) -> dict[str, Any]:
    return {"choices": [{"delta": more, "finish_reason": None}]}


def places(shape: Shape) -> set[str]:
    """The kinds of chunks that there are, the first left out."""
    return {mark.partition(": ")[0] for mark in shape.marks} - {"first"}


def test_each_value_has_a_mark_with_its_path_and_type() -> None:
    assert set(marks_of({"a": [1, None, {"b": "x"}], "c": True, "d": {}}, "body")) == {
        "body: (whole) object",
        "body: a array",
        "body: a[] number",
        "body: a[] null",
        "body: a[] object",
        "body: a[].b string",
        "body: c boolean",
        "body: d object",
    }


def test_the_types_of_the_parts_of_a_response_tell_them_apart() -> None:
    marks = set(marks_of([{"type": "message", "id": "1"}, {"type": "reasoning", "text": None}], "body"))
    assert {"body: [message].id string", "body: [reasoning].text null"} <= marks


def test_what_the_client_named_is_not_looked_into() -> None:
    body = {"arguments": {"city": "Bonn"}, "metadata": {"mine": 1}, "schema": {"type": "object"}}
    assert [mark for mark in marks_of(body, "body") if "city" in mark or "mine" in mark or "type" in mark] == []


@pytest.mark.parametrize(
    ("chunk", "place"),
    [
        (delta(content="a"), "text"),
        ({"choices": [{"text": "a"}]}, "text"),
        (delta(reasoning_content="a"), "reasoning"),
        (delta(tool_calls=[{"function": {"name": "f", "arguments": ""}}]), "tool"),
        (delta(tool_calls=[{"function": {"arguments": "{"}}]), "tool_arguments"),
        ({"choices": [{"delta": {}, "finish_reason": "stop"}]}, "finish"),
        ({"choices": [], "usage": {}}, "usage"),
        (delta(content=""), "other"),
        ({"error": {"message": "no"}}, "error"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_chunk_is_of_a_kind(chunk: dict[str, Any], place: str) -> None:
    assert places(streamed(delta(role="assistant"), chunk)) == {place}


def test_usage_after_the_finish_is_usage_though_it_has_a_choice() -> None:
    finish = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    assert places(streamed(delta(), finish, {**delta(content=""), "usage": {"total_tokens": 1}})) == {"finish", "usage"}


def test_events_of_a_response_are_told_apart_by_their_type_and_item() -> None:
    events = [{"type": "response.output_item.added", "item": {"type": "message"}}, {"type": "response.created"}]
    assert places(streamed(*events, endpoint="responses")) == {"response.output_item.added message", "response.created"}


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"content": "a"}, set()),
        ({"tool_calls": [{}]}, {"calls"}),
        ({"function_call": {"name": "f"}}, {"calls"}),
        ({"content": "", "tool_calls": []}, {"nothing"}),
        ({"reasoning": "a"}, {"nothing", "reasoning"}),
        ({"refusal": "a"}, set()),
        ({"reasoning": "a", "tool_calls": [{}]}, {"calls", "reasoning"}),
    ],
)
def test_what_the_model_chose_is_the_same_plain_and_streamed(message: dict[str, Any], said: set[str]) -> None:
    assert plain({"choices": [{"message": message}]}).said == said
    assert streamed(delta(**message)).said == said


def test_what_a_response_holds_is_what_the_model_chose() -> None:
    output = [{"type": "reasoning"}, {"type": "message"}]
    assert plain({"output": output}).said == {"reasoning", "message"}
    event = {"type": "response.completed", "response": {"output": output}}
    assert streamed(event, endpoint="responses").said == {"reasoning", "message"}


@pytest.mark.parametrize(
    ("body", "habits"),
    [
        (
            b'data: {"a":1}\n\ndata: [DONE]\n\n',
            {"a space after data:", "lines end in LF", "[DONE] at the end", "JSON without spaces"},
        ),
        (
            b': WAIT 12\r\n\r\nevent: x\r\ndata:{"a": 1}\r\n\r\n',
            {
                *("no space after data:", "lines end in CRLF", "no [DONE] at the end", "JSON with spaces"),
                *("event names", "a comment 'WAIT #'"),
            },
        ),
    ],
    ids=["LF", "CRLF"],
)
def test_the_bytes_of_a_stream_have_marks(body: bytes, habits: set[str]) -> None:
    found = {mark.partition(": ")[2] for mark in of_bytes(body).marks if mark.startswith(("bytes: ", "spelling: "))}
    assert found == habits


def test_bytes_that_were_not_kept_have_no_marks() -> None:
    assert places(of_bytes(b'data: {"a":1}\n\n', trust=VALUES_ONLY)) == set()


@pytest.mark.parametrize(
    ("body", "habit"),
    [
        (b'{"a":1}', "JSON without spaces"),
        (b'{"a": 1}', "JSON with spaces"),
        (b'{\n  "a": 1\n}', "JSON indented by 2"),
        (b'{\n\t"a": 1\n}', "JSON indented by a tab"),
    ],
)
def test_the_spelling_of_json_is_a_mark(body: bytes, habit: str) -> None:
    assert f"spelling: {habit}" in plain(body, WHOLE).marks


def test_the_content_type_is_a_mark_without_spaces_and_case() -> None:
    shape = shape_of(Answer(200, ((b"Content-Type", b"Application/JSON; charset=UTF-8"),), b"{}"), "models")
    assert shape is not None
    assert "content-type: application/json;charset=utf-8" in shape.marks


@pytest.mark.parametrize(
    "answer",
    [Answer(200, JSON, b"<html>"), Answer(200, EVENTS, b""), Answer(200, EVENTS, b"data: [DONE]\n\n")],
    ids=["page", "nothing", "only the end"],
)
def test_an_answer_without_json_has_no_shape(answer: Answer) -> None:
    assert shape_of(answer, "chat/completions") is None


def test_an_error_in_a_good_answer_is_seen() -> None:
    assert plain({"error": {"message": "no"}}).failed
    assert streamed(delta(), {"error": {"message": "no"}}).failed
    assert streamed({"type": "response.failed"}, endpoint="responses").failed
    assert not plain({"error": None}).failed
