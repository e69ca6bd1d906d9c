"""What came out of holding a profile against recordings, in figures, for programs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import fsum
from typing import Any

from mockprovider.truth.scoring import FEWEST, Score, topmost


@dataclass(frozen=True, slots=True)
class Case:
    """An endpoint in one of its forms, plain or streamed, where the provider answered with 200."""

    endpoint: str
    form: str
    recordings: int
    refused: Counter[str]
    """What the profile said to requests that the provider had answered."""
    alone: Counter[str]
    """Answers with too few peers to be compared, by the title of their class."""
    other_form: int
    """Answers that are plain where a stream was recorded, or the other way about."""
    scores: dict[str, Score]
    """By the title of the class, each class apart."""
    headers: Score | None
    """The same for the names of the headers."""

    @property
    def name(self) -> str:
        """For a person: `chat/completions stream`."""
        return f"{self.endpoint} {self.form}"

    @property
    def compared(self) -> int:
        """How many answers stand behind the figures."""
        return self.other_form + sum(score.compared for score in self.scores.values())

    @property
    def precision(self) -> float | None:
        """Over all classes, each weighing as many answers as it has; None where nothing was compared."""
        return self._mean([score.precision * score.compared for score in self.scores.values()])

    @property
    def recall(self) -> float | None:
        """The same."""
        return self._mean([score.recall * score.compared for score in self.scores.values()])

    @property
    def accepted(self) -> float:
        """The share of the requests that the provider answered with 200 and the profile does too."""
        return 1 - self.refused.total() / self.recordings

    @property
    def differences(self) -> Counter[str]:
        """What differs, and in how many answers, over all classes."""
        found = Counter({f"refuses what was answered: {what}": count for what, count in self.refused.items()})
        if self.other_form:
            found[f"does not answer with a {self.form} body"] = self.other_form
        found.update(
            {f"is compared with nothing, so few recordings are of: {title}": n for title, n in self.alone.items()}
        )
        for score in self.scores.values():
            found.update({f"sends, never seen: {mark}": count for mark, count in topmost(score.sends).items()})
            found.update({f"lacks: {mark}": count for mark, count in topmost(score.lacks).items()})
        if self.headers:
            found.update({f"sends a header never seen: {name}": n for name, n in self.headers.sends.items()})
            found.update({f"lacks a header: {name}": n for name, n in self.headers.lacks.items()})
        return found

    def _mean(self, parts: list[float]) -> float | None:
        return fsum(parts) / self.compared if self.compared else None


@dataclass(slots=True)
class Refusals:
    """Recorded refusals of one cause."""

    cause: str
    readable: bool
    """Whether the cause can be read from the request."""
    recordings: int = 0
    status: int = 0
    """In how many the status is the same; and of these:"""
    shape: int = 0
    """keys, types and content type too."""
    text: int = 0
    """the texts too."""
    differences: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Report:
    """How true one profile is."""

    profile: str
    recordings: int
    cases: list[Case]
    refusals: list[Refusals]
    left_out: Counter[str]
    """Recordings that say nothing here, by reason."""

    def below(self, floor: float) -> list[str]:
        """The figures that are below the floor, in words. One with fewer than three recordings behind it is none."""
        return [f"{name} {value:.3f}" for name, value, behind in self._figures() if behind >= FEWEST and value < floor]

    def _figures(self) -> Iterator[tuple[str, float, int]]:
        for case in self.cases:
            yield f"{case.name}: accepted", case.accepted, case.recordings
            for name, value in (("precision", case.precision), ("recall", case.recall)):
                if value is not None:
                    yield f"{case.name}: {name}", value, case.compared
        for each in self.refusals:
            if each.status:
                yield f"refused for the {each.cause}: shape", each.shape / each.status, each.status

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "profile": self.profile,
            "recordings": self.recordings,
            "cases": [_plain_case(case) for case in self.cases],
            "refusals": [
                {
                    **{name: getattr(each, name) for name in ("cause", "readable", "recordings", "status", "shape")},
                    "text": each.text,
                    "differences": dict(first(each.differences)),
                }
                for each in self.refusals
            ],
            "left_out": dict(first(self.left_out)),
        }


def first(differences: Counter[str], most: int | None = None) -> list[tuple[str, int]]:
    """The most frequent; of those equally frequent, in the order of the alphabet."""
    return sorted(differences.items(), key=lambda item: (-item[1], item[0]))[:most]


def _plain_case(case: Case) -> dict[str, Any]:
    return {
        "endpoint": case.endpoint,
        "form": case.form,
        "recordings": case.recordings,
        "accepted": case.accepted,
        "compared": case.compared,
        "alone": case.alone.total(),
        "precision": case.precision,
        "recall": case.recall,
        "headers": _plain_score(case.headers) if case.headers else None,
        "classes": {title: _plain_score(score) for title, score in sorted(case.scores.items())},
        "differences": dict(first(case.differences)),
    }


def _plain_score(score: Score) -> dict[str, Any]:
    return {name: getattr(score, name) for name in ("precision", "recall", "compared", "peers")}
