"""Texts: of a format, of a length, matching patterns and not matching others; the hint where it will do."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mockprovider.synthesis.schema.budget import Budget, UnfitError
from mockprovider.synthesis.schema.formats import FORMATS, Format
from mockprovider.synthesis.schema.patterns import ecma
from mockprovider.synthesis.schema.patterns.automaton import Formula, Machine
from mockprovider.synthesis.schema.patterns.search import Pool, shortest
from mockprovider.synthesis.schema.words import Taken, Words, at_least, at_most, mapping

_LONGEST = 100_000
_EXCLUDED = 200
_LAST_WORD = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
_UUID = "00000000-0000-4000-8000-000000000000"
_NAMED = {
    **dict.fromkeys(("url", "uri", "link", "href", "website"), "https://example.com/"),
    "email": "someone@example.com",
    "date": "2026-01-01",
    "timezone": "UTC",
    "uuid": _UUID,
}
"""What is said under a key that ends so, where any text will do: a tool that gets it may read it."""
_USUAL = (
    *("1.0", "1", "10.00", "2026-01-01", "someone@example.com", "https://example.com/", "example.com", "1.0.0", "A1"),
    *("2026-01-01T00:00:00Z", "00:00", "00:00:00", "en", "en-US", "USD", "example", "Example", "EXAMPLE", "#336699"),
    *("ZXhhbXBsZQ==", "+15550100000", "192.0.2.1", "192.0.2.0/24", _UUID, "/", "first-example", "first_example"),
)
"""What patterns in schemas often mean."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a text must match, be of, not match and not be, and how long it must be."""

    patterns: Sequence[str]
    formats: Sequence[Format]
    refused: Sequence[str]
    excluded: Taken
    least: int
    most: float


class Texts:
    """Makes texts for one schema, in words of a hint."""

    def __init__(self, budget: Budget, hint: str) -> None:
        self._budget = budget
        self._hint = hint
        self._machine = Machine(budget)
        self._formulas: dict[str, Formula] = {}

    def matches(self, pattern: str, text: str) -> bool:
        """Whether a pattern is found in a text; one that is no pattern always is."""
        self._budget.spend(2 + len(text) // 8)
        return self._machine.matches(self._formula(pattern), text)

    def text(self, parts: Sequence[Words], key: str, excluded: Taken, allowed: Callable[[str], bool]) -> str:
        """A text that all parts allow, for a property `key`. Raises UnfitError where none is found."""
        denied = [denied for part in parts if set(denied := mapping(part.get("not"))) == {"pattern"}]
        formats = [FORMATS[name] for name in _said(parts, "format") if name in FORMATS]
        least, most = at_least(parts, "minLength"), at_most(parts, "maxLength")
        asked = _Asked(_said(parts, "pattern"), formats, _said(denied, "pattern"), excluded, least, most)
        if least > min(most, _LONGEST):
            raise UnfitError
        with self._budget.part():
            for guess in (self._usual(asked, key), self._searched(asked)):
                for text in guess:
                    if self._fits(text, asked) and allowed(text):
                        return text
        raise UnfitError

    def _fits(self, text: str, asked: _Asked) -> bool:
        return (
            asked.least <= len(text) <= asked.most
            and text not in asked.excluded
            and all(form.fits(text) for form in asked.formats)
            and all(self.matches(pattern, text) for pattern in asked.patterns)
            and not any(self.matches(pattern, text) for pattern in asked.refused)
        )

    def _usual(self, asked: _Asked, key: str) -> Iterator[str]:
        """What may do without a search: examples of the format; the hint in its forms, as long as asked for."""
        for form in asked.formats:
            yield from form.examples
        if asked.formats:
            return
        most = int(min(asked.most, _LONGEST))
        said = _NAMED.get(_LAST_WORD.split(key)[-1].lower(), self._hint)[:most]
        mark = str(len(asked.excluded) + 1) if asked.excluded else ""
        yield f"{said}{mark}".ljust(asked.least, ".")
        yield f"{said[: max(0, most - len(mark))]}{mark}"
        if not asked.patterns:
            return
        plain = "".join(sign for sign in self._hint if sign.isascii() and sign.isalpha()) or "text"
        for word in (plain, plain.lower(), plain.upper(), plain.title()):
            yield f"{word}{mark}"
        yield from _USUAL
        if asked.least > len(plain):
            for word in (plain.lower(), plain.upper(), "1234567890"):
                yield (word * asked.least)[: asked.least]

    def _searched(self, asked: _Asked) -> Iterator[str]:
        """What automata find: of the patterns and lengths asked for, and mostly of the formats."""
        machine = self._machine
        patterns = [*asked.patterns, *(form.pattern for form in asked.formats)]
        shape = [self._formula(pattern) for pattern in patterns]
        shape += [machine.no(self._formula(pattern)) for pattern in asked.refused]
        excluded = [text for text in asked.excluded.values() if isinstance(text, str)]
        self._budget.spend(len(excluded))
        trees = [tree for pattern in (*patterns, *asked.refused) if (tree := ecma.read(pattern))]
        pool = Pool(trees, self._hint + "".join(excluded[:_EXCLUDED]))
        for low in dict.fromkeys((max(1, asked.least), asked.least)):
            whole = machine.both([*shape, machine.sized(low, asked.most)])
            for turn in (len(excluded), None):
                if (found := shortest(machine, whole, pool, self._hint, turn)) is None:
                    break
                yield found
            if excluded:
                others = machine.no(machine.either(map(machine.literal, excluded[:_EXCLUDED])))
                if (found := shortest(machine, machine.both([whole, others]), pool, self._hint)) is not None:
                    yield found

    def _formula(self, pattern: str) -> Formula:
        if pattern not in self._formulas:
            tree = ecma.read(pattern)
            self._formulas[pattern] = self._machine.found(tree) if tree else self._machine.any
        return self._formulas[pattern]


def _said(parts: Sequence[Words], word: str) -> list[str]:
    return list(dict.fromkeys(said for part in parts if isinstance(said := part.get(word), str)))
