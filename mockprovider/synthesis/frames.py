r"""A profile's forms, filled in. What stands in the form is what is sent, hole by hole.

Holes of a chat completion: `$id $created $model $fingerprint $service_tier $index $content $content_json $text $said
$thinking $refusal $finish_reason $native_finish_reason $logprobs $logprobs_content $logprobs_tokens $logprobs_values
$logprobs_tops $annotations $usage $running_usage $obfuscation $alphabet $tool_index $block_index $tool_id $tool_name
$tool_arguments $tool_arguments_object $function_name $function_arguments $audio $audio_id $audio_data $expires_at`; of
its usage: `$prompt_tokens $completion_tokens $total_tokens $completion_tokens_so_far $total_tokens_so_far
$cached_tokens $reasoning_tokens $audio_tokens $text_tokens $accepted_tokens $rejected_tokens`; of a response: see
`dialects/responses.py`; of embeddings: `$index $embedding`; of moderations: `$flagged $categories $category_scores
$category_applied_input_types`; of errors: `$key $model $path $method $param $expected $got $line $column $limit
$requested $prompt $completion` and more, see `sources/synthesize.py`; anywhere: `$created $created_fraction $iso $stamp
$request_id $milliseconds`, and the generators `$alnumN $hexN $digitsN $uuid`. Before letters a hole is written
`${name}`. A hole whose value is `ABSENT` takes its key away, and so does a condition in the key that does not hold.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

from mockprovider.profiles.forms import Spelling
from mockprovider.synthesis.chance import GENERATOR, Chance


class _Absent:
    """The value of a hole about which there is nothing to say."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()

Values = Mapping[str, Any]
CONDITIONS = "?"
"""The name under which the values of a form's holes say which conditions hold: a frozenset of their names."""
_NONE = frozenset[str]()

_WHOLE = re.compile(r"\$([a-z_]+(?:\.\d+\.\d+)?)\Z")
_HOLE = re.compile(GENERATOR.pattern + r"|\$([a-z_]+(?:\.\d+\.\d+)?)(?![a-z_0-9])|\$\{([a-z_]+)\}")
_MARK = re.compile(r'("?)\\u0000([a-z_.0-9$]+)\\u0000("?)')
_STYLES: dict[str, dict[str, Any]] = {
    "compact": {"separators": (",", ":")},
    "python": {},
    "pretty-2": {"indent": 2},
    "pretty-4": {"indent": 4},
}


def spelled(value: Any, spelling: Spelling) -> str:
    """JSON as the provider spells it."""
    return spelled_inside(value, spelling) + spelling.end


def spelled_inside(value: Any, spelling: Spelling) -> str:
    """JSON as the provider spells it within more JSON."""
    return json.dumps(value, ensure_ascii=spelling.ascii, **_STYLES[spelling.style])


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
    for key, item in sent(form, values.get(CONDITIONS, _NONE)):
        if (value := filled(item, values, chance)) is not ABSENT:
            result[key] = value
    return result if result or not form else ABSENT


def sent(form: Mapping[str, Any], holding: Collection[str]) -> Iterator[tuple[str, Any]]:
    """The keys of a form that are sent where these conditions hold, and what stands there."""
    for key, item in form.items():
        name, asks, conditions = key.partition("?")
        if not asks or all((each.lstrip("!") in holding) != each.startswith("!") for each in conditions.split("&")):
            yield name, item


def filled_rows(form: Any, rows: Sequence[Values], values: Values, chance: Chance) -> Any:
    """A form in which a list of one mapping stands for one mapping a row, each with the row's own values."""
    if isinstance(form, list) and len(form) == 1 and isinstance(form[0], dict):
        return [filled(form[0], {**values, **row}, chance) for row in rows]
    if isinstance(form, dict):
        kept = sent(form, values.get(CONDITIONS, _NONE))
        parts = {key: filled_rows(item, rows, values, chance) for key, item in kept}
        return {key: part for key, part in parts.items() if part is not ABSENT}
    return filled(form, values, chance)


def _filled_text(form: str, values: Values, chance: Chance) -> Any:
    if "$" not in form:
        return form
    if GENERATOR.fullmatch(form):
        return chance.value(form)
    if (whole := _WHOLE.match(form)) and whole[1] in values:
        return values[whole[1]]

    def fill(found: re.Match[str]) -> str:
        if (name := found[3] or found[4]) is None:
            return chance.drawn(found)
        return str(values[name]) if name in values else found[0]

    return _HOLE.sub(fill, form)


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
        self._eol = next((end for end in ("\r\n", "\r") if end in around), "\n")
        self._moving = moving
        text = json.dumps([form, [part for name, part in self._parts.items() if holds(form, name)]])
        self.moves = frozenset(name for name in moving if f'"${name}"' in text)
        """The moving holes that are in it."""
        self._cut = lru_cache(maxsize=64)(self._cut_form)

    def bind(self, values: Values, chance: Chance, *, also: tuple[str, ...] = ()) -> "Bound":
        """The frame with all holes filled but the moving ones; `also` are more that move."""
        moving = (*self._moving, *also) if also else self._moving
        absent = frozenset(name for name, value in values.items() if value is ABSENT)
        pieces, holes = self._cut(absent, values.get(CONDITIONS, _NONE))
        literals, places, breaks = [pieces[0]], list[str](), dict[str, str]()
        for hole, piece in zip(holes, pieces[1:], strict=True):
            if hole.name in moving:
                places.append(hole.name)
                literals.append(piece)
                if hole.lead and self._spelling.style.startswith("pretty"):
                    breaks[hole.name] = self._eol + hole.lead
            else:
                literals[-1] += self._json(hole, values, chance) + piece
        return Bound(literals, places, breaks)

    def _json(self, hole: "_Hole", values: Values, chance: Chance) -> str:
        """A hole's value as JSON; inside a longer string, as a part of that."""
        value = chance.value(hole.name) if hole.name.startswith("$") else values[hole.name]
        if hole.inside:
            return "" if value is ABSENT or value is None else quoted(str(value), self._spelling)[1:-1]
        if isinstance(value, str):
            return quoted(value, self._spelling)
        if value is None:
            return "null"
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        text = spelled_inside(value, self._spelling)
        return text.replace("\n", self._eol + hole.lead) if hole.lead else text

    def _cut_form(self, absent: frozenset[str], holding: frozenset[str]) -> tuple[list[str], list["_Hole"]]:
        """The frame's text between its holes, and the holes, once the absent ones are gone."""
        tree = filled(self._form, _Marks(absent, holding, self._parts), _MarkedChance())
        before = re.split(r"[\r\n]", self._before)[-1]
        lines = spelled_inside({} if tree is ABSENT else tree, self._spelling)
        lines = (lines.replace("\n", self._eol + before) if before else lines) + self._spelling.end
        text = self._before + lines + self._after
        pieces, holes, start = list[str](), list[_Hole](), 0
        for mark in _MARK.finditer(text):
            inside = not (mark[1] and mark[3])
            pieces.append(text[start : mark.start()] + (mark[1] if inside else ""))
            line = text[max(text.rfind("\n", 0, mark.start()), text.rfind("\r", 0, mark.start())) + 1 : mark.start()]
            line = line.removeprefix(before)
            holes.append(_Hole(mark[2], inside, before + line[: len(line) - len(line.lstrip(" "))]))
            start = mark.end() - (len(mark[3]) if inside else 0)
            if inside and mark[2] in self._moving:
                raise ValueError(f"${mark[2]} must be all of its string")
        return [*pieces, text[start:]], holes


@dataclass(frozen=True, slots=True)
class _Hole:
    """A hole in a frame's text. A moving one never stands inside a longer string."""

    name: str
    inside: bool
    lead: str
    """What its line begins with: an indent, and what an event puts before each line."""


class Bound:
    """A frame that only lacks what moves. Half a character (a lone surrogate), which UTF-8 can't say, becomes `?`."""

    def __init__(self, literals: list[str], places: list[str], breaks: Mapping[str, str]) -> None:
        """`breaks` says what a line break becomes in a moving hole whose line has something before it."""
        self._literals = literals
        self._places = places
        self._breaks = breaks

    def whole(self) -> bytes:
        """The text of a frame in which nothing moves."""
        (literal,) = self._literals
        return literal.encode("utf-8", "replace")

    def series(self, count: int, moving: Mapping[str, Sequence[str]]) -> list[bytes]:
        """So many events: for each moving hole of the frame its JSON texts, in turn."""
        if self._breaks:
            broken = {name: [text.replace("\n", each) for text in moving[name]] for name, each in self._breaks.items()}
            moving = {**moving, **broken}
        match self._places:
            case []:
                return [self._literals[0].encode("utf-8", "replace")] * count
            case [one]:
                a, b = self._literals
                return [f"{a}{x}{b}".encode("utf-8", "replace") for x in moving[one]]
            case [one, two]:
                a, b, c = self._literals
                return [
                    f"{a}{x}{b}{y}{c}".encode("utf-8", "replace") for x, y in zip(moving[one], moving[two], strict=True)
                ]
            case places:
                rows = zip(*(moving[place] for place in places), strict=True)
                return [self._row(row) for row in rows]

    def _row(self, row: tuple[str, ...]) -> bytes:
        return "".join(
            [self._literals[0], *(t for pair in zip(row, self._literals[1:], strict=True) for t in pair)]
        ).encode("utf-8", "replace")


def holds(form: Any, name: str) -> bool:
    """Whether a form has a hole of this name, alone in its string."""
    if isinstance(form, dict):
        return any(holds(item, name) for item in form.values())
    return any(holds(item, name) for item in form) if isinstance(form, list) else form == f"${name}"


def quoted(text: str, spelling: Spelling) -> str:
    """A JSON string."""
    return encode_basestring_ascii(text) if spelling.ascii else encode_basestring(text)


class _Marks(dict[str, Any]):
    """Stands for any hole's value with a mark that can be found again."""

    def __init__(self, absent: frozenset[str], holding: frozenset[str], parts: Mapping[str, Any]) -> None:
        super().__init__({CONDITIONS: holding})
        self._absent = absent
        self._parts = parts

    def __contains__(self, name: object) -> bool:
        return name != "uuid"  # that is a generator

    def __getitem__(self, name: str) -> Any:
        if name in self._absent:
            return ABSENT
        return filled(self._parts[name], self, _MarkedChance()) if name in self._parts else f"\0{name}\0"


class _MarkedChance(Chance):
    """Marks the generators in a form, to be drawn for each answer."""

    def value(self, generator: str) -> str:
        return f"\0{generator}\0"

    def drawn(self, found: re.Match[str]) -> str:
        return self.value(found[0])
