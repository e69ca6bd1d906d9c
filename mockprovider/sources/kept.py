"""What a provider keeps of earlier requests, for each API key by itself: responses and chat completions."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from mockprovider.synthesis.chance import Chance

Object = dict[str, Any]
Thing = TypeVar("Thing")


@dataclass
class KeptResponse:
    """A response that can be read again, and built upon."""

    whole: Object
    begun: Object
    """As it is before anything of it is there."""
    items: list[Object]
    """The conversation up to it and with it, but for instructions."""
    input: list[Object]
    """What its own request brought, each item with an id."""
    events: list[bytes] = field(default_factory=list)
    """What its stream said; kept where it is made in the background."""
    asked: int = 0
    """How often it has been read: in the background a response is queued, then in progress, then done."""
    cancelled: bool = False


@dataclass
class KeptCompletion:
    """A chat completion that can be read again."""

    whole: Object
    messages: list[Object]
    """The messages of its request, each with an id."""


class Shelf(Generic[Thing]):
    """Things by their id; when it is full the oldest goes."""

    def __init__(self, room: int = 1000) -> None:
        self._room = room
        self._things = OrderedDict[str, Thing]()

    def put(self, ident: str, thing: Thing) -> None:
        """Keep a thing; one with the same id goes."""
        self._things.pop(ident, None)
        self._things[ident] = thing
        if len(self._things) > self._room:
            self._things.popitem(last=False)

    def get(self, ident: str) -> Thing | None:
        """The thing with this id."""
        return self._things.get(ident)

    def drop(self, ident: str) -> bool:
        """Forget a thing; whether there was one."""
        return self._things.pop(ident, None) is not None

    def __iter__(self) -> Iterator[tuple[str, Thing]]:
        return iter(list(self._things.items()))


_COUNTED = 10_000
"""How many requests are told apart from those that were the same before."""


@dataclass
class Kept:
    """All that is kept for one key."""

    responses: Shelf[KeptResponse] = field(default_factory=Shelf)
    completions: Shelf[KeptCompletion] = field(default_factory=Shelf)
    requests: int = 0
    """How many requests there were, where that is limited."""
    _times: dict[str, int] = field(default_factory=dict)

    def again(self, chance: Chance) -> Chance:
        """The chance for something that is kept: another each time that the same is asked, so that ids differ."""
        mark = chance.twin().hex(32)
        times = self._times.pop(mark, 0)
        if len(self._times) >= _COUNTED:
            del self._times[next(iter(self._times))]
        self._times[mark] = times + 1
        return chance.another(times) if times else chance
