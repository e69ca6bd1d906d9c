"""Where in a value something is made, and what makers of objects and arrays need of the one that makes values."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from mockprovider.synthesis.schema.check import Checker
from mockprovider.synthesis.schema.words import Taken, Words, same


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a value.

    `key` is the property's name, `path` the ids of the schemas that led here, `taken` the values not to be made again;
    `lenient` says that something must be made, even if it does not fit.
    """

    depth: int = 0
    key: str = ""
    path: tuple[int, ...] = ()
    taken: Taken = field(default_factory=dict)
    lenient: bool = False

    def inside(self, key: str = "", taken: Taken | None = None) -> "Place":
        """A place one level deeper: a property, or an item, which has its array's name."""
        return Place(self.depth + 1, key or self.key, self.path, {} if taken is None else taken, self.lenient)

    def through(self, parts: Sequence[Words]) -> "Place":
        """The same place, with these schemas on the way to it."""
        return Place(self.depth, self.key, (*self.path, *map(id, parts)), self.taken, self.lenient)

    def without(self, taken: Taken) -> "Place":
        """The same place, with other values not to be made."""
        return Place(self.depth, self.key, self.path, taken, self.lenient)

    def strict(self) -> "Place":
        """The same place, where nothing is better than what does not fit."""
        return Place(self.depth, self.key, self.path, self.taken)


class Values(Protocol):
    """What makes values."""

    checker: Checker

    def value(self, parts: tuple[Any, ...], place: Place) -> Any:
        """A value that fits all parts. Raises UnfitError where none is found, unless the place is lenient."""

    def pay(self, steps: int) -> None:
        """Takes steps from the budget. Raises UnfitError when none are left."""

    def ends_soon(self, parts: tuple[Any, ...], place: Place) -> bool:
        """Whether something that need not be there may be: a part that neither recurs nor is deep already."""


def taken_of(values: list[Any]) -> dict[Hashable, Any]:
    """Values as taken ones."""
    return {same(value): value for value in values}
