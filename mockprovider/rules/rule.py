"""A rule, made ready: which requests it is for, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockprovider.rules.answers import Answer
from mockprovider.rules.conditions import Test
from mockprovider.rules.preparing import Prepared
from mockprovider.rules.reading import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule. It counts nothing: a script does."""

    name: str
    source: str
    """Where it was written: a file's path, or `POST /-/rules`."""
    when: Mapping[str, Any]
    then: Any
    """This and `when` as they were written, for people."""
    answers: tuple[Prepared, ...]
    """Given one after another; the last is repeated."""
    tests: tuple[Test, ...] = ()
    """What a request must pass, `nth` aside."""
    nth: frozenset[int] | None = None
    """Which of the requests that pass are meant; None: all."""
    times: int | None = None
    """How often it applies; None: for ever."""
    speaks: bool = field(init=False)
    """Whether one of its answers is something said, so that it is for endpoints that speak only."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "speaks", any(answer.speaks for answer in self.answers))

    def fits(self, seen: Reading) -> bool:
        """Whether a request passes all tests, `nth` aside."""
        if self.speaks and not seen.speaks:
            return False
        for test in self.tests:  # noqa: SIM110 a generator would cost more than the tests
            if not test(seen):
                return False
        return True

    def answer(self, nth: int, names: Callable[[int], Mapping[str, Any]]) -> Answer:
        """The `nth` answer, from 1. Raises RuleError where a template names what the request lacks."""
        return self.answers[min(nth, len(self.answers)) - 1].answer(lambda: names(nth))
