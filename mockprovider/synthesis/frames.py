r"""A profile's forms, filled in. What stands in the form is what is sent, hole by hole.

Holes of a chat completion: `$id $created $model $fingerprint $index $content $text $thinking $finish_reason $logprobs
$usage $null_if_usage_asked $obfuscation $tool_index $tool_id $tool_name $tool_arguments`; of its usage:
`$prompt_tokens $completion_tokens $total_tokens $reasoning_tokens $reasoning_tokens_if_thinking`; of errors: `$key
$model $path $method $param $expected $got $line $column`; anywhere: `$milliseconds`, and the generators `$alnumN $hexN
$digitsN $uuid`. A hole whose value is `ABSENT` takes its key away.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii
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
_WHOLE = re.compile(r"\$([a-z_]+(?:\.\d+\.\d+)?)\Z")
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
    """A form prepared once a profile, bound once an answer, and filled once an event.

    `moving` are the holes whose text changes from event to event; the others are the answer's. `parts` are forms that
    stand in a hole of their name, with holes of their own.
    """

    def __init__(
        self,
        form: Any,
        spelling: Spelling,
        around: str = "$json",
        moving: tuple[str, ...] = (),
        parts: Mapping[str, Any] | None = None,
    ) -> None:
        self._form = form
        self._parts = parts or {}
        self._spelling = spelling
        self._before, _, self._after = around.partition("$json")
        self._moving = moving
        self._cut = lru_cache(maxsize=32)(self._cut_form)

    def bind(self, values: Values, chance: Chance) -> "Bound":
        """The frame with all holes filled but the moving ones."""
        absent = frozenset(name for name, value in values.items() if value is ABSENT)
        pieces, names = self._cut(absent)
        literals, places = [pieces[0]], list[str]()
        for name, piece in zip(names, pieces[1:], strict=True):
            if name in self._moving:
                places.append(name)
                literals.append(piece)
            else:
                literals[-1] += self._json(values, name, chance) + piece
        return Bound(literals, [self._moving.index(name) for name in places])

    def _json(self, values: Values, name: str, chance: Chance) -> str:
        value = values[name] if name in values else chance.fill("$" + name)
        if isinstance(value, str):
            return quoted(value, self._spelling)
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else json.dumps(value)

    def _cut_form(self, absent: frozenset[str]) -> tuple[list[str], list[str]]:
        """The frame's text between its holes, and the holes, once the absent ones are gone."""
        tree = filled(self._form, _Marks(absent, self._parts), Chance())
        text = self._before + spelled(tree, self._spelling) + self._after
        parts = re.split('"\\\\u0000([a-z_.0-9]+)\\\\u0000"', text)
        return parts[0::2], parts[1::2]


class Bound:
    """A frame that only lacks what moves."""

    def __init__(self, literals: list[str], places: list[int]) -> None:
        self._literals = literals
        self._places = places

    def whole(self) -> bytes:
        """The text of a frame in which nothing moves."""
        (literal,) = self._literals
        return literal.encode()

    def series(self, moving: Sequence[Sequence[str]]) -> list[bytes]:
        """Many events: for each moving hole of the frame its JSON texts, in turn."""
        match self._places:
            case []:
                return [self._literals[0].encode()] * len(moving[0])
            case [one]:
                a, b = self._literals
                return [f"{a}{x}{b}".encode() for x in moving[one]]
            case [one, two]:
                a, b, c = self._literals
                return [f"{a}{x}{b}{y}{c}".encode() for x, y in zip(moving[one], moving[two], strict=True)]
            case places:
                rows = zip(*(moving[place] for place in places), strict=True)
                return [self._row(row) for row in rows]

    def _row(self, row: tuple[str, ...]) -> bytes:
        return "".join(
            [self._literals[0], *(t for pair in zip(row, self._literals[1:], strict=True) for t in pair)]
        ).encode()


def quoted(text: str, spelling: Spelling) -> str:
    """A JSON string."""
    return encode_basestring_ascii(text) if spelling.ascii else encode_basestring(text)


class _Marks(dict[str, Any]):
    """Stands for any hole's value with a mark that can be found again."""

    def __init__(self, absent: frozenset[str], parts: Mapping[str, Any]) -> None:
        super().__init__()
        self._absent = absent
        self._parts = parts

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> Any:
        if name in self._absent:
            return ABSENT
        return filled(self._parts[name], self, Chance()) if name in self._parts else f"\0{name}\0"
