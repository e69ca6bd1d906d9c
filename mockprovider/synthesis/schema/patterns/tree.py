"""What patterns are read into: a tree of a few kinds of nodes, told apart by being what they are."""

from collections.abc import Iterator
from dataclasses import dataclass

from mockprovider.synthesis.schema.patterns.characters import Chars


@dataclass(frozen=True, slots=True, eq=False)
class Seq:
    """One after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Alt:
    """One of several."""

    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Repeat:
    """Some times over; `high` is None for any number of times."""

    part: "Node"
    low: int
    high: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """The start of the text."""


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """The end of the text."""


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """Between a character of a word and another one, or not there."""

    negated: bool


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What must follow, or must not."""

    part: "Node"
    negated: bool


Node = Chars | Seq | Alt | Repeat | Start | End | Boundary | Look

ANY = Chars(negated=True)
"""Any character at all."""


def sets(node: Node) -> Iterator[Chars]:
    """All sets of characters in a tree."""
    waiting, seen = [node], set()
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            match here:
                case Chars():
                    yield here
                case Seq(inner) | Alt(inner):
                    waiting += inner
                case Repeat(part) | Look(part):
                    waiting.append(part)
