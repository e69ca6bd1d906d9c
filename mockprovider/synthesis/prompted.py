"""The JSON Schema in a prompt: where an API promises no more than JSON, clients write there what it shall be."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockprovider.synthesis.asked import text_of

_ASKING = ("system", "developer", "user")

_decoder = json.JSONDecoder()


def prompted_schema(messages: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The schema of an object that the prompt has in JSON, the last where there are several; None without one.

    Some prompts show another schema first, as an example of how one is read.
    """
    found = None
    for message in messages:
        if message.get("role") in _ASKING:
            for value in _objects(text_of(message.get("content"))):
                if isinstance(value.get("properties"), dict) or ("$defs" in value and "$ref" in value):
                    found = value
    return found


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in a text, but for those inside of others. Looks at no character twice."""
    end = 0
    while (at := text.find("{", end)) >= 0:
        try:
            value, end = _decoder.raw_decode(text, at)
        except json.JSONDecodeError as problem:
            end = max(at + 1, problem.pos)
        except RecursionError:
            return
        else:
            yield value
