"""A short text that a formula allows, in readable characters: found by A*, since a formula knows its least length."""

import heapq
import math
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from mockprovider.synthesis.schema.patterns.automaton import Formula, Machine
from mockprovider.synthesis.schema.patterns.characters import Chars
from mockprovider.synthesis.schema.patterns.tree import Node, sets

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_GROUPS = (
    _LETTERS,
    _LETTERS.upper(),
    "1234567890",
    " -_.,:;/@+!?'()%#&*=$~^|[]{}<>\"`\\",
    "\t\n\r",
    "éßЖя中あ한אπ😀\u00a0",
)
"""Characters, the most readable first. In a group any will do, and the place in the text says which."""

_KNOWN = "".join(_GROUPS)
_MORE = 300

Path = tuple["Path | None", str, int]
"""A text so far: what stands before, a character, and how often the next ones are to be turned."""


class Pool:
    """The characters that a search may use, and which of them each set has."""

    def __init__(self, nodes: Iterable[Node], more: str) -> None:
        samples = (sign for node in nodes for chars in sets(node) for sign in chars.samples())
        self._more = "".join(sign for sign in dict.fromkeys([*more, *islice(samples, _MORE)]) if sign not in _KNOWN)
        self._masks: dict[Chars, int] = {}
        self._alike: dict[int, str] = {}

    def classes(self, sets: Iterable[Chars]) -> list[int]:
        """The characters in classes that no set tells apart, each a bit mask, the most readable first."""
        found = [(1 << len(_KNOWN) + len(self._more)) - 1]
        for chars in dict.fromkeys(sets):
            if (mask := self._masks.get(chars)) is None:
                mask = self._masks[chars] = _known(chars) | _mask(chars, self._more) << len(_KNOWN)
            found = [part for each in found for part in (each & mask, each & ~mask) if part]
        return sorted(found, key=lambda mask: mask & -mask)

    def alike(self, mask: int) -> str:
        """The characters of a class of which any will do: those of its most readable group."""
        if mask not in self._alike:
            first = (mask & -mask).bit_length() - 1
            group = next(
                (group for group in _GROUPS if _KNOWN.find(group) <= first < _KNOWN.find(group) + len(group)), ""
            )
            start, group = (_KNOWN.find(group), group) if group else (len(_KNOWN), self._more)
            self._alike[mask] = "".join(sign for bit, sign in enumerate(group, start) if mask >> bit & 1)
        return self._alike[mask]

    def has(self, mask: int, sign: str) -> bool:
        """Whether a class has a character."""
        place = (_KNOWN + self._more).find(sign)
        return place >= 0 and bool(mask >> place & 1)


@lru_cache(maxsize=1024)
def _known(chars: Chars) -> int:
    return _mask(chars, _KNOWN)


def _mask(chars: Chars, signs: str) -> int:
    if (alone := chars.alone()) is not None:
        return 1 << signs.find(alone) if alone in signs else 0
    return sum(1 << place for place, sign in enumerate(signs) if chars.has(ord(sign)))


def shortest(machine: Machine, formula: Formula, pool: Pool, hint: str, turn: int | None = 0) -> str | None:
    """A text that is about as short as the formula allows; None where there is none.

    Where a class of characters will do, the hint's is taken, or different ones at different places; each `turn` takes
    others at the first of these places, then at the next. Without a turn they are the same everywhere. Raises
    UnfitError when the budget is spent.
    """
    waiting: list[tuple[float, int, int, Formula, str, Path | None]] = [(formula.least, 0, 0, formula, "", None)]
    seen = {(formula, "")}
    pushed = 0
    while waiting:
        _, back, _, formula, before, path = heapq.heappop(waiting)
        opened = machine.opened(formula, before)
        if machine.ends(opened):
            return _said(path)
        hinted = hint[-back : 1 - back] if turn is not None else ""
        for mask in pool.classes(machine.next_chars(opened)):
            alike = pool.alike(mask)
            turns, turned = divmod(path[2] if path else turn or 0, len(alike))
            sign = alike[((0 if turn is None else -back) + turned) % len(alike)]
            if hinted and not turned:
                sign = next((form for form in (hinted, hinted.lower(), hinted.upper()) if pool.has(mask, form)), sign)
            after = machine.moved(formula, before, sign)
            key = (after, machine.after(sign))
            if after.least < math.inf and key not in seen:
                seen.add(key)
                pushed += 1
                heapq.heappush(waiting, (1 - back + after.least, back - 1, pushed, *key, (path, sign, turns)))
    return None


def _said(path: Path | None) -> str:
    signs = []
    while path:
        path, sign, _ = path
        signs.append(sign)
    return "".join(reversed(signs))
