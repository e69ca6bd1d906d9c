"""Requests as clients send them, and scripts to answer them, each in a line."""

import json
from typing import Any

from mockprovider.rules.answers import Answer, Hit, Saying
from mockprovider.rules.loading import parse
from mockprovider.rules.script import Script
from mockprovider.tape import Headers, Request

RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "Sunny, 21 degrees"}
CALLED = {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "function"}]}


def said(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def posted(body: Any, path: str = "/v1/chat/completions", headers: Headers = ()) -> Request:
    """A POST of JSON, or of bytes as they are."""
    return Request("POST", path, "", headers, body if isinstance(body, bytes) else json.dumps(body).encode())


def chat(text: str = "Hello", *more: dict[str, Any], headers: Headers = (), **fields: Any) -> Request:
    """A chat completion: what the user says, then more messages."""
    return posted({"model": "gpt-4o", "messages": [said(text), *more], **fields}, headers=headers)


def script(*rules: dict[str, Any]) -> Script:
    return Script(parse(list(rules), "script"))


def answer(rule: dict[str, Any], request: Request) -> Answer | None:
    """What one rule alone answers."""
    hit = script(rule).answer(request, "key")
    return hit.answer if hit else None


def fits(when: dict[str, Any], request: Request) -> bool:
    """Whether a condition is met."""
    return answer({"when": when, "then": {"raw": {}}}, request) is not None


def text_of(hit: Hit | None) -> str | None:
    """The text of what is said; None where nothing is."""
    return hit.answer.text if hit and isinstance(hit.answer, Saying) else None
