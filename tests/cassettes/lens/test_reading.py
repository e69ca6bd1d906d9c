"""The lens that puts an answer together from its bytes, whatever the provider made of them."""

import json
from typing import Any

import pytest

from mockprovider.cassettes.lens.reading import Choice, Said, ToolCall, parsed, said
from tests.vectors.said import delta, events, exchange


def read(kind: bytes, *parts: bytes, status: int = 200) -> Said:
    """What an answer says that came in these parts, a tenth of a second apart."""
    return said(exchange(*parts, headers=((b"Content-Type", kind),), status=status))


def test_a_stream_is_put_together_whatever_its_chunks_cut() -> None:
    whole = b"".join(events(delta(content="Hel"), delta(content="lo"), delta(finish="stop"), "[DONE]"))
    for cut in range(len(whole)):
        found = read(b"text/event-stream", whole[:cut], whole[cut:])
        assert (found.choices[0], found.done, found.events) == (Choice("Hello", finish="stop"), True, 4)


def test_a_stream_is_known_by_its_looks_where_no_header_tells() -> None:
    for start in (b"", b": a comment\n\n", b"id: 7\n", b"event: message\n"):
        assert read(b"text/plain", start + events(delta(content="Hi"))[0]).choices[0].text == "Hi"


def test_a_stream_whose_recorder_kept_no_blank_lines_is_read_all_the_same() -> None:
    lines = b"".join(events(delta(content="Hel"), delta(content="lo"), "[DONE]")).replace(b"\n\n", b"\n")
    found = read(b"text/event-stream", lines)
    assert (found.choices[0].text, found.done, found.events) == ("Hello", True, 3)


def test_one_event_in_several_data_lines_is_one_value() -> None:
    found = read(b"text/event-stream", b'data: {"choices": [{"delta":\ndata: {"content": "Hi"}}]}\n\n')
    assert (found.choices[0].text, found.events) == ("Hi", 1)


@pytest.mark.parametrize("error", [{"message": "boom", "code": 1305}, "just text"])
def test_an_error_is_found_in_a_body_and_inside_a_stream(error: Any) -> None:
    assert read(b"application/json", json.dumps({"error": error}).encode()).error == error
    assert read(b"text/event-stream", *events(delta(content="x"), {"error": error})).error == error


@pytest.mark.parametrize(
    ("body", "error"), [(b"<h1>502</h1>\n", "<h1>502</h1>"), (b'{"code": 7}', {"code": 7}), (b"", None), (b"\xff", "�")]
)
def test_a_refusal_in_no_known_form_is_its_whole_body(body: bytes, error: Any) -> None:
    assert read(b"text/html", body, status=502).error == error
    assert read(b"text/html", body).error is None


def test_tokens_have_the_time_of_their_events_last_byte() -> None:
    role, one, two = events(delta(role="assistant", content=""), delta(content="x"), delta(content="y"))
    found = read(b"text/event-stream", role, one[:5], one[5:], two, b"data: [DONE]\n\n")
    assert (found.first_token, found.last_token) == (0.3, 0.4)


def test_a_response_that_says_all_again_at_its_end_has_no_later_token() -> None:
    delta_ = {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "Hi"}
    item = {"type": "message", "content": [{"type": "output_text", "text": "Hi"}]}
    done = {"type": "response.output_item.done", "output_index": 0, "item": item}
    end = {"type": "response.completed", "response": {"output": [item]}}
    assert read(b"text/event-stream", *events(delta_, done, end)).last_token == 0.1


def test_what_is_not_streamed_has_no_time_of_a_token() -> None:
    found = read(b"application/json", b'{"choices": [{"message": {"content": "Hi"}}]}')
    assert (found.choices[0].text, found.first_token, found.last_token) == ("Hi", None, None)


def test_an_event_that_was_cut_off_says_nothing() -> None:
    (only,) = events(delta(content="x"))
    assert read(b"text/event-stream", only[:-1]).choices == {}


@pytest.mark.parametrize("streamed", [True, False])
def test_reasoning_that_is_a_summary_is_told_from_the_thoughts_themselves(streamed: bool) -> None:
    summed: dict[str, Any] = {"type": "response.reasoning_summary_text.delta", "delta": "Hm"}
    thought: dict[str, Any] = {"type": "response.reasoning_text.delta", "delta": "Hm"}
    if not streamed:
        items = [{"type": "reasoning", name: [{"text": "Hm"}]} for name in ("summary", "content")]
        summed, thought = ({"object": "response", "output": [item]} for item in items)
    found = [read(b"text/event-stream", *events(each)) for each in (summed, thought)]
    assert [(each.choices[0].reasoning, each.summarized) for each in found] == [("Hm", True), ("Hm", False)]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b'{"choices": 5}', b'{"choices": [5, {"delta": 7}]}', b"\xff\x00", b"[" * 9999]
)
@pytest.mark.parametrize("kind", [b"application/json", b"text/event-stream"])
def test_what_can_not_be_read_is_left_out(kind: bytes, body: bytes) -> None:
    found = read(kind, b"data: " + body + b"\n\n" if b"event" in kind else body)
    assert all(choice == Choice() for choice in found.choices.values())
    assert not found.anything


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[" * 99 + "]" * 99, True),
        ("[" * 101 + "]" * 101, False),
        ('{"a":' * 101 + "1" + "}" * 101, False),
        ("1" * 5000, False),
        ('{"a": NaN}', True),
    ],
)
def test_what_is_nested_or_counts_past_all_reason_is_no_value(text: str, value: bool) -> None:
    assert (parsed(text) is not None) == value


def test_what_no_JSON_can_hold_is_its_name() -> None:  # noqa: N802
    assert parsed("[NaN, -Infinity]") == ["NaN", "-Infinity"]


def test_a_call_is_something_said_and_an_empty_choice_is_not() -> None:
    assert Said(choices={0: Choice(calls=(ToolCall(),))}).anything
    assert not Said(choices={0: Choice(finish="stop")}).anything
