"""Moderations: texts and images read, and for each category whether it is flagged, with a score.

A text is flagged for a category if the category's name stands in it as a word: who wants `violence` flagged says so.
Images are never flagged. The same input has the same scores, in whatever request.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mockprovider.profiles.endpoints import Moderations
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.frames import filled, filled_rows, spelled


@dataclass(frozen=True, slots=True)
class Input:
    """What is judged together: a text, images, or both."""

    text: str
    kinds: frozenset[str]
    """Of `text` and `image` those that there are."""


def read(value: str | Sequence[str | Mapping[str, Any]]) -> list[Input]:
    """The inputs in a request's `input`: a text, several, or the parts of one."""
    if isinstance(value, str):
        return [_text(value)]
    texts = [each if isinstance(each, str) else each.get("text") for each in value]
    if value and isinstance(value[0], str):
        return [_text(text) for text in texts if text is not None]
    kinds = frozenset("image" if text is None else "text" for text in texts)
    return [Input("\n".join(text for text in texts if text is not None), kinds)]


def written(
    inputs: Sequence[Input], model: str, moderations: Moderations, chance: Chance, when: Mapping[str, Any]
) -> bytes:
    """The body of the answer; `when` is its moment."""
    values = {**when, "id": filled(moderations.id, when, chance), "model": model}
    rows = [_judged(each, moderations.categories) for each in inputs]
    plain = moderations.plain
    return spelled(filled_rows(plain.body, rows, values, chance), plain.spelling).encode("utf-8", "replace")


def _text(text: str) -> Input:
    return Input(text, frozenset({"text"}))


def _judged(said: Input, categories: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What is said of one input."""
    chance = Chance(said.text.encode("utf-8", "replace"), *map(str.encode, sorted(said.kinds)))
    flagged = {name: bool(_named(name).search(said.text)) for name in categories}
    applied = {name: [kind for kind in kinds if kind in said.kinds] for name, kinds in categories.items()}
    return {
        "flagged": any(flagged.values()),
        "categories": flagged,
        "category_scores": {name: _score(flagged[name], chance) if applied[name] else 0.0 for name in categories},
        "category_applied_input_types": applied,
    }


def _score(flagged: bool, chance: Chance) -> float:
    return (900_000 + chance.number(100_000) if flagged else 100 + chance.number(900)) / 1_000_000


@lru_cache(maxsize=64)
def _named(category: str) -> re.Pattern[str]:
    """A category's name as a word; `self-harm` stands in `self-harm/intent`, but not in `unself-harmed`."""
    return re.compile(rf"(?<![\w/-]){re.escape(category)}(?![\w-])", re.IGNORECASE)
