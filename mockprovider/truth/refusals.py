"""Recorded refusals: why they came, and whether another body says the same.

Two texts say the same when they are equal once the numbers, ids, keys, model names and quoted words in them are blank.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mockprovider.tape import header
from mockprovider.truth.classes import body_of
from mockprovider.truth.recordings import Answer, Recorded
from mockprovider.truth.shapes import json_of, marks_of

READABLE = ("model", "request", "path")
"""Causes that can be read from the request: no model is called so, something in it is not taken, nothing is there."""
ELSEWHERE = ("key", "balance", "rate", "server")
"""Causes that can't: for these a profile has special keys."""

_SPECIAL = {
    "key": ("invalid_key", "missing_key", "malformed_key", "forbidden"),
    "balance": ("no_balance",),
    "rate": ("rate_limited", "no_balance"),
    "server": ("server_error", "overloaded", "bad_gateway", "gateway_timeout", "timeout", "not_loaded"),
}
"""How the kinds begin that a profile may answer with where the cause is not in the request."""
_BALANCE = re.compile(r"balance|billing|insufficient_quota|credits?\b|exceeded your (?:current|monthly)", re.IGNORECASE)
_KEY = re.compile(r"api[ _-]?key|x-api-key|credential|authenticat|permission", re.IGNORECASE)
_NO_MODEL = re.compile(
    r"model_not_found|invalid_model|unknown_model|no endpoints found for"
    r"|model.{0,80}(?:not found|not exist|does not exist|unknown|not available|decommissioned|deprecated)"
    r"|(?:invalid|unknown|no such) model|not a valid model",
    re.IGNORECASE | re.DOTALL,
)


def cause_of(recorded: Recorded) -> str:
    """Why a provider refused, by status and text: one of `READABLE` or `ELSEWHERE`."""
    status, text = recorded.answer.status, recorded.answer.body.decode("utf-8", "replace")
    if status == 402 or (status in (400, 403, 429) and _BALANCE.search(text)):
        return "balance"
    if status == 429:
        return "rate"
    if status >= 500:
        return "server"
    if status in (401, 403) or (status == 400 and _KEY.search(text)):
        return "key"
    if _NO_MODEL.search(text):
        return "model"
    return "path" if status in (404, 405) and not _names_a_field(text) else "request"


def _names_a_field(text: str) -> bool:
    """Whether a 404 speaks of what the request asks for, not of its path."""
    return bool(re.search(r"support|param|model|invalid_request|tool", text, re.IGNORECASE))


def may_answer(kind: str, cause: str) -> bool:
    """Whether a profile's refusal of this kind is one for a cause that is not in the request."""
    return kind.startswith(_SPECIAL[cause])


class Agreement(NamedTuple):
    """How far one refusal is like another of the same status; better ones are greater."""

    shape: bool
    """Keys, types and content type."""
    text: bool
    """What it says, numbers and names left out."""
    why: str = ""
    """The first thing that differs."""


def agreement(recorded: Recorded, answer: Answer) -> Agreement:
    """How far an answer is like the recorded refusal; what the recording does not show is not looked at."""
    wanted, model = recorded.answer, str(body_of(recorded.request).get("model") or "")
    if wanted.content_type and wanted.content_type != answer.content_type:
        why = f"content-type {answer.content_type or 'none'}, recorded {wanted.content_type}"
        return Agreement(shape=False, text=False, why=why)
    if not wanted.body and header(wanted.headers, b"content-length") != b"0":
        return Agreement(shape=True, text=True)
    one, other = json_of(wanted.body), json_of(answer.body)
    ours, theirs = _marks(other), _marks(one)
    if ours != theirs:
        more = [f"sends {mark}" for mark in sorted(ours - theirs)] + [f"lacks {mark}" for mark in sorted(theirs - ours)]
        return Agreement(shape=False, text=False, why=", ".join(more[:4]))
    sent, seen = list(_texts(answer.body, other, model)), list(_texts(wanted.body, one, model))
    for (path, text), (_, like) in zip(sent, seen, strict=False):
        if text != like:
            return Agreement(shape=True, text=False, why=f"{path or 'body'}: {text[:90]!r}, recorded {like[:90]!r}")
    return Agreement(shape=True, text=len(sent) == len(seen))


def _marks(value: Any) -> set[str]:
    return {"body: not JSON"} if value is ... else set(marks_of(value, "body"))


_CONSTANT = ("code", "type", "status", "object")
"""Keys whose values are compared as they are."""


def _texts(body: bytes, value: Any, model: str) -> Iterator[tuple[str, str]]:
    """The texts in a body with the paths to them, in an order of their own; what may differ is blank."""
    if value is ...:
        yield "", blank(body.decode("utf-8", "replace").strip(), model)
    else:
        yield from sorted(_texts_in(value, "", model))


def _texts_in(value: Any, path: str, model: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts_in(inner, f"{path}.{key}" if path else key, model)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner, f"{path}[]", model)
    elif path.rpartition(".")[2] in _CONSTANT:
        yield path, str(value)
    elif isinstance(value, str):
        yield path, "#" if path.endswith(("_id", ".id")) else blank(value, model)


_QUOTED = re.compile(r"""`[^`]*`|"[^"]*"|“[^”]*”|(?<![A-Za-z0-9])'[^'\n]*'(?![A-Za-z0-9])""")
_KEY_SHOWN = re.compile(r"(\bkey\b[a-z ]*:) *\S*?(?=[.,]?(?:\s|$))", re.IGNORECASE)
_ID = re.compile(r"\b(?=[A-Za-z_*-]*[0-9*])[A-Za-z0-9_*-]{6,}")
_SECRET = re.compile(r"\b(?:sk|gsk|xai|csk|hf|pplx)-[A-Za-z0-9_*-]+|\S*\*{3,}\S*")
_NUMBER = re.compile(r"-?[0-9]+(?:[.,:][0-9]+)*")


def blank(text: str, model: str = "") -> str:
    """A text without what differs from request to request."""
    if model:
        text = text.replace(model, "#")
    text = _KEY_SHOWN.sub(r"\1 #", text)
    for pattern in (_QUOTED, _SECRET, _ID, _NUMBER):
        text = pattern.sub("#", text)
    return text
