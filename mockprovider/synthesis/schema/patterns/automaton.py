"""Patterns as automata: whether a text matches, and a short text that many patterns, lengths and exclusions allow.

A state is a formula: what the rest of a text has to be. A character moves it to another formula (its derivative, as
Brzozowski has it). So nothing backtracks, and *and* and *not* cost no more than *or*: look-aheads, several patterns at
once and those that must not match are all formulas. Each move is paid for from a budget.
"""

import math
from collections.abc import Iterable, Iterator

from mockprovider.synthesis.schema.budget import Budget
from mockprovider.synthesis.schema.patterns.characters import WORD, Chars, shared, single
from mockprovider.synthesis.schema.patterns.tree import ANY, Alt, Boundary, End, Look, Node, Repeat, Seq, Start

_WORD = shared(WORD)


class Formula:
    """What the rest of a text has to be. Within a machine, equal ones are the same one.

    `kind` says how `parts`, `node` and the counts are meant; `least` is the length that it takes at least.
    """

    __slots__ = ("high", "kind", "least", "low", "node", "parts", "serial")

    def __init__(
        self, kind: str, parts: tuple["Formula", ...], node: Node | None, low: int, high: int | None, serial: int
    ) -> None:
        self.kind, self.parts, self.node, self.low, self.high, self.serial = kind, parts, node, low, high, serial
        self.least: float = 0


class Machine:
    """Makes formulas and moves them.

    What stands before a place is all that anchors ask for: nothing (""), a character of a word ("a"), another (" ").
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._known: dict[tuple[object, ...], Formula] = {}
        self._opened: dict[tuple[Formula, str], Formula] = {}
        self._moved: dict[tuple[Formula, str, str], Formula] = {}
        self._lengths: dict[Node, float] = {}
        self._literals: dict[str, Formula] = {}
        self._bounded = False
        self.any = self._make("any")
        self.end = self._make("end")
        self.fail = self._make("fail", least=math.inf)

    def _make(
        self,
        kind: str,
        parts: tuple[Formula, ...] = (),
        node: Node | None = None,
        low: int = 0,
        high: int | None = 0,
        *,
        least: float = 0,
    ) -> Formula:
        key = (kind, parts, node, low, high)
        if (found := self._known.get(key)) is None:
            self._budget.spend()
            found = self._known[key] = Formula(kind, parts, node, low, high, len(self._known))
            found.least = least
        return found

    def found(self, node: Node) -> Formula:
        """A text in which a pattern is found somewhere."""
        here = self._of(node, self.any)
        return here if _anchored(node) else self._loop(ANY, 0, None, here)

    def literal(self, text: str) -> Formula:
        """One text and no other."""
        if text not in self._literals:
            then = self.end
            for sign in reversed(text):
                then = self._step(single(sign), then)
            self._literals[text] = then
        return self._literals[text]

    def sized(self, least: int, most: float) -> Formula:
        """A text of so many characters."""
        return self._loop(ANY, least, None if most == math.inf else int(most), self.end)

    def either(self, options: Iterable[Formula]) -> Formula:
        """One of several."""
        return self._joined("or", options, idle=self.fail, winning=self.any)

    def both(self, parts: Iterable[Formula]) -> Formula:
        """All of several."""
        return self._joined("and", parts, idle=self.any, winning=self.fail)

    def no(self, part: Formula) -> Formula:
        """Anything else."""
        if part.kind == "not":
            return part.parts[0]
        if part is self.any or part is self.fail:
            return self.fail if part is self.any else self.any
        return self._make("not", (part,))

    def moved(self, part: Formula, before: str, sign: str) -> Formula:
        """The formula after one more character."""
        key = (part, before, sign)
        if key not in self._moved:
            self._moved[key] = self._derived(self.opened(part, before), sign)
        return self._moved[key]

    def after(self, sign: str) -> str:
        """What stands before the place after a character."""
        return " " if self._bounded and not _WORD.has(ord(sign)) else "a"

    def matches(self, formula: Formula, text: str) -> bool:
        """Whether a text is what the formula says."""
        before = ""
        for sign in text:
            formula = self.moved(formula, before, sign)
            before = self.after(sign)
            if formula is self.any or formula is self.fail:
                return formula is self.any
        return self.ends(self.opened(formula, before))

    def ends(self, part: Formula) -> bool:
        """Whether the text may end here; for an opened formula."""
        match part.kind:
            case "any" | "end":
                return True
            case "or":
                return any(map(self.ends, part.parts))
            case "and":
                return all(map(self.ends, part.parts))
            case "not":
                return not self.ends(part.parts[0])
            case _:
                return False

    def opened(self, part: Formula, before: str) -> Formula:
        """A formula with its loops unrolled up to the next character, and its anchors told by what stands before."""
        if (found := self._opened.get((part, before))) is None:
            found = self._opened[part, before] = self._open(part, before, frozenset())
        return found

    def next_chars(self, part: Formula) -> Iterator[Chars]:
        """The sets that the next character is asked to be of; for an opened formula."""
        self._budget.spend()
        if part.kind == "step" and isinstance(part.node, Chars):
            yield part.node
        elif part.kind in ("or", "and", "not"):
            for each in part.parts:
                yield from self.next_chars(each)

    def _of(self, node: Node, then: Formula) -> Formula:
        """A text that begins with a pattern, and goes on with `then`."""
        self._budget.spend()
        match node:
            case Chars():
                return self._step(node, then)
            case Seq(parts):
                for part in reversed(parts):
                    then = self._of(part, then)
                return then
            case Alt(options):
                return self.either([self._of(option, then) for option in options])
            case Repeat(part, low, high):
                return self._loop(part, 0 if _is_empty(part) else low, high, then)
            case Look(part, negated):
                seen = self._of(part, self.any)
                return self.both([self.no(seen) if negated else seen, then])
            case End():
                return self.both([self.end, then])
            case Start():
                return self._make("start", (then,), least=then.least)
            case Boundary(negated):
                self._bounded = True
                return self._make("boundary", (then,), low=int(negated), least=then.least)

    def _step(self, chars: Chars, then: Formula) -> Formula:
        return self.fail if then is self.fail else self._make("step", (then,), chars, least=1 + then.least)

    def _loop(self, part: Node, low: int, high: int | None, then: Formula) -> Formula:
        if high is not None and (high <= 0 or high < low):
            return then if low == 0 else self.fail
        if part is ANY and low == 0 and high is None and then is self.end:
            return self.any
        return self._make("loop", (then,), part, low, high, least=low * self._length(part) + then.least)

    def _length(self, node: Node) -> float:
        """The least length of what a pattern matches."""
        if (found := self._lengths.get(node)) is None:
            self._budget.spend()
            match node:
                case Chars():
                    found = 1
                case Seq(parts):
                    found = sum(map(self._length, parts))
                case Alt(options):
                    found = min(map(self._length, options))
                case Repeat(part, low, _):
                    found = low * self._length(part)
                case _:
                    found = 0
            self._lengths[node] = found
        return found

    def _joined(self, kind: str, parts: Iterable[Formula], idle: Formula, winning: Formula) -> Formula:
        flat = {each: None for part in parts for each in (part.parts if part.kind == kind else (part,))}
        flat.pop(idle, None)
        self._budget.spend(1 + len(flat) // 2)
        if winning in flat or any(each.kind == "not" and each.parts[0] in flat for each in flat):
            return winning
        if len(flat) < 2:
            return next(iter(flat), idle)
        ordered = tuple(sorted(flat, key=lambda each: each.serial))
        lengths = [each.least for each in ordered]
        return self._make(kind, ordered, least=min(lengths) if kind == "or" else max(lengths))

    def _open(self, part: Formula, before: str, within: frozenset[object]) -> Formula:
        """`within` are the loops that are being unrolled: a round in which nothing is read leads nowhere new."""
        options: list[Formula] = []
        waiting = [(part, within)]
        seen: set[tuple[Formula, frozenset[object]]] = set()
        while waiting:
            here, inside = waiting.pop()
            if (here, inside) in seen:
                continue
            seen.add((here, inside))
            self._budget.spend()
            match here.kind:
                case "or":
                    waiting += [(each, inside) for each in here.parts]
                case "and":
                    options.append(self.both([self._open(each, before, inside) for each in here.parts]))
                case "not":
                    options.append(self.no(self._open(here.parts[0], before, inside)))
                case "start":
                    waiting += [] if before else [(here.parts[0], inside)]
                case "boundary":
                    word = self._step(_WORD, self.any)
                    sign = word if (before == "a") == bool(here.low) else self.no(word)
                    options.append(self.both([sign, self._open(here.parts[0], before, inside)]))
                case "loop" if here.node is not None and (here.node, here.parts[0]) not in inside:
                    waiting += self._unrolled(here, here.node, inside)
                case "loop":
                    pass
                case _:
                    options.append(here)
        return self.either(options)

    def _unrolled(
        self, loop: Formula, node: Node, within: frozenset[object]
    ) -> Iterator[tuple[Formula, frozenset[object]]]:
        """What a loop may begin with: one round more, or what follows it."""
        then = loop.parts[0]
        again = self._loop(node, max(0, loop.low - 1), None if loop.high is None else loop.high - 1, then)
        if isinstance(node, Chars):
            yield self._step(node, again), within
        else:
            yield self._of(node, again), within if loop.low else within | {(node, then)}
        if not loop.low:
            yield then, within

    def _derived(self, part: Formula, sign: str) -> Formula:
        self._budget.spend()
        match part.kind:
            case "any":
                return part
            case "step":
                return part.parts[0] if isinstance(part.node, Chars) and part.node.has(ord(sign)) else self.fail
            case "or":
                return self.either([self._derived(each, sign) for each in part.parts])
            case "and":
                return self.both([self._derived(each, sign) for each in part.parts])
            case "not":
                return self.no(self._derived(part.parts[0], sign))
            case _:
                return self.fail


def _is_empty(node: Node) -> bool:
    """Whether a pattern matches the empty text wherever it stands: then it does so any number of times."""
    match node:
        case Seq(parts):
            return all(map(_is_empty, parts))
        case Alt(options):
            return any(map(_is_empty, options))
        case Repeat(part, low, _):
            return low == 0 or _is_empty(part)
        case _:
            return False


def _anchored(node: Node) -> bool:
    """Whether a pattern can be found at the start of a text only."""
    match node:
        case Seq(parts):
            return bool(parts) and _anchored(parts[0])
        case Alt(options):
            return all(map(_anchored, options))
        case _:
            return isinstance(node, Start)
