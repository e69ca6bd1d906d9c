r"""A profile's forms, filled in. What stands in the form is what is sent, hole by hole.

Holes of a chat completion: `$id $created $model $fingerprint $index $content $text $thinking $finish_reason $logprobs
$usage $null_if_usage_asked $obfuscation $tool_index $tool_id $tool_name $tool_arguments`; of its usage:
`$prompt_tokens $completion_tokens $total_tokens $reasoning_tokens $reasoning_tokens_if_thinking`; of errors: `$key
$model $path $method $param $expected $got $line $column`; anywhere: `$milliseconds`, and the generators `$alnumN $hexN
$digitsN $uuid`. A hole whose value is `ABSENT` takes its key away.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from mockprovider.profiles.schema import Spelling
from mockprovider.synthesis.chance import Chance


class _Absent:
    """The value of a hole about which there is nothing to say."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()

Values = Mapping[str, Any]

_HOLE = re.compile(r"\$([a-z_]+)(?![a-z_0-9])")
_WHOLE = re.compile(r"\$([a-z_]+)\Z")
_STYLES: dict[str, dict[str, Any]] = {
    "compact": {"separators": (",", ":")},
    "python": {},
    "pretty-2": {"indent": 2},
    "pretty-4": {"indent": 4},
}


def spelled(value: Any, spelling: Spelling) -> str:
    """JSON as the provider spells it."""
    return json.dumps(value, ensure_ascii=spelling.ascii, **_STYLES[spelling.style]) + spelling.end


def filled(form: Any, values: Values, chance: Chance) -> Any:
    """A form with its holes filled; ABSENT if nothing of it is left."""
    if isinstance(form, str):
        return _filled_text(form, values, chance)
    if isinstance(form, list):
        items = [filled(item, values, chance) for item in form]
        return [item for item in items if item is not ABSENT]
    if not isinstance(form, dict):
        return form
    result = {}
    for key, item in form.items():
        if (value := filled(item, values, chance)) is not ABSENT:
            result[key] = value
    return result if result or not form else ABSENT


def _filled_text(form: str, values: Values, chance: Chance) -> Any:
    if "$" not in form:
        return form
    if (whole := _WHOLE.match(form)) and whole[1] in values:
        return values[whole[1]]
    text = _HOLE.sub(lambda m: str(values[m[1]]) if m[1] in values else m[0], form)
    return chance.fill(text)


class Frame:
    """A stream's frame, prepared once a profile, bound once a stream, filled once an event.

    `moving` are the holes whose text changes from event to event; the others are the stream's.
    """

    def __init__(self, form: Mapping[str, Any], spelling: Spelling, event: str, moving: frozenset[str]) -> None:
        self._form = form
        self._spelling = spelling
        self._before, _, self._after = event.partition("$json")
        self._moving = moving
        self._cut = lru_cache(maxsize=32)(self._cut_form)

    def bind(self, values: Values, chance: Chance) -> Callable[..., bytes]:
        """A function from the moving holes' values (JSON text, by position) to the bytes of an event."""
        absent = frozenset(name for name, value in values.items() if value is ABSENT)
        pieces, names = self._cut(absent)
        literals, places = [pieces[0]], []
        for name, piece in zip(names, pieces[1:], strict=True):
            if name in self._moving:
                places.append(name)
                literals.append(piece)
            else:
                literals[-1] += self._json(values, name, chance) + piece
        return _joiner(literals, places)

    def _json(self, values: Values, name: str, chance: Chance) -> str:
        value = values[name] if name in values else chance.fill("$" + name)
        return json.dumps(value, ensure_ascii=self._spelling.ascii, **_STYLES[self._spelling.style])

    def _cut_form(self, absent: frozenset[str]) -> tuple[list[str], list[str]]:
        """The frame's text between its holes, and the holes, once the absent ones are gone."""
        marks = _Marks(absent)
        tree = filled(self._form, marks, Chance())
        text = self._before + json.dumps(tree, ensure_ascii=self._spelling.ascii, **_STYLES[self._spelling.style])
        text += self._spelling.end + self._after
        parts = re.split('"\x00([a-z_]+)\x00"', text.replace("\\u0000", "\x00"))
        return parts[0::2], parts[1::2]


class _Marks(dict[str, Any]):
    """Stands for any hole's value with a mark that can be found again."""

    def __init__(self, absent: frozenset[str]) -> None:
        super().__init__()
        self._absent = absent

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> Any:
        return ABSENT if name in self._absent else f"\0{name}\0"


def _joiner(literals: list[str], places: list[str]) -> Callable[..., bytes]:
    if not places:
        whole = "".join(literals).encode()
        return lambda **_: whole
    if len(places) == 1:
        before, after = literals
        name = places[0]
        return lambda **moving: f"{before}{moving[name]}{after}".encode()

    def join(**moving: str) -> bytes:
        parts = [literals[0]]
        for name, literal in zip(places, literals[1:], strict=True):
            parts += (moving[name], literal)
        return "".join(parts).encode()

    return join
