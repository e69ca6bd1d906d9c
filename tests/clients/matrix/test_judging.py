"""A judge is strict: what is not what was asked for is called by its name."""

import base64
import json
from typing import Any

import pytest

from tests.clients.matrix.judging import OK, Refusal, outcome
from tests.clients.matrix.plan import Cell

REFUSAL = Refusal(401, ["Incorrect API key provided: sk-wrong-key."])
SAID = "You said: “Say hello”. This is mockprovider speaking as openai; no model was asked."
CALLED = [["get_weather", '{"city": "Paris"}']]


def judged(task: str, said: dict[str, Any], *refusals: Refusal) -> str:
    return outcome(Cell("openai-python", "openai", task), said, refusals)


@pytest.mark.parametrize(
    ("task", "value", "found"),
    [
        ("chat", {"text": SAID}, OK),
        ("chat", {"text": None}, "gives no text"),
        ("stream", {"text": SAID[:-1]}, "gives another text"),
        ("chat", {"text": f"<think>\nWell.\n</think>\n\n{SAID}"}, "gives the reasoning within the text"),
        ("tools", {"called": CALLED, "text": "The tool returned “17 degrees in Paris”."}, OK),
        ("tools", {"called": [], "text": SAID}, "calls nothing"),
        ("tools", {"called": CALLED * 2, "text": SAID}, "calls something else"),
        ("tools", {"called": CALLED, "text": SAID}, "gives a text without the result"),
        ("structured", {"object": {"city": "Paris", "sky": "clear", "degrees": [1]}}, OK),
        ("structured", {"object": {"city": "Paris", "sky": "red", "degrees": [1]}}, "gives another object"),
        ("structured", {"object": None}, "gives no object"),
        ("reasoning", {"reasoning": "Well.", "text": SAID}, OK),
        ("reasoning", {"reasoning": "", "text": SAID}, "gives no reasoning"),
        ("reasoning", {"reasoning": None, "text": [{"type": "text"}]}, "gives a list in place of the text"),
    ],
)
def test_an_answer_is_judged_by_what_was_asked_for(task: str, value: dict[str, Any], found: str) -> None:
    assert judged(task, {"value": value}) == found


@pytest.mark.parametrize(
    ("status", "message", "found"),
    [
        (401, "Error code: 401 - Incorrect API key provided: sk-wr*ng-key.", OK),
        (None, "Incorrect API key provided", OK),
        (401, "Unauthorized", "raises APIError, 401, without the words"),
        (500, "Incorrect API key provided", "raises APIError, 500 in place of 401"),
    ],
)
def test_a_refusal_has_the_status_and_the_words(status: int | None, message: str, found: str) -> None:
    raised = {"raised": {"type": "APIError", "status": status, "message": message}}
    assert judged("bad_key", raised, REFUSAL) == found


def test_a_refusal_that_nobody_hears_of_is_none() -> None:
    assert judged("bad_key", {"value": {"text": SAID}}, REFUSAL) == "raises nothing"


def test_what_a_shell_got_is_read_from_its_body() -> None:
    body = json.dumps({"choices": [{"message": {"content": SAID}}]})
    assert judged("chat", {"status": "200", "body": base64.b64encode(body.encode()).decode()}) == OK
