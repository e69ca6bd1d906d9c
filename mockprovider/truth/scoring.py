"""Precision and recall of what is sent against what was seen: sets of marks, or of header names.

Precision of an answer is the share of its marks that were seen at all among its peers. Recall is the share of the marks
that most peers have (`COMMON`) which the answers have too; a mark that nine peers in ten have need not be in more than
nine answers in ten. So whatever is held against itself scores 1.0.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from mockprovider.truth.shapes import BYTES, CONTENT_TYPE, EVERYTHING, SPELLING

COMMON = 0.8
"""The share of the peers that must have a mark before its absence counts."""
FEWEST = 3
"""With fewer peers than this an answer is not compared."""
_HIDEABLE = frozenset({BYTES, CONTENT_TYPE, SPELLING})

_STEP = re.compile(r"[.\[]")

Marks = frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """How alike two heaps of answers are."""

    precision: float
    recall: float
    compared: int
    """How many of ours."""
    peers: int
    """How many of theirs."""
    sends: Counter[str]
    """What was never seen, and in how many answers it is sent."""
    lacks: Counter[str]
    """What is common and too rarely sent, and how many answers lack it."""


def score(sent: Sequence[Marks], seen: Sequence[Marks]) -> Score:
    """Our answers against their peers; there must be some of both."""
    counted, ours = Counter[str](), Counter[str]()
    showing = Counter[str]()
    for marks in seen:
        counted.update(marks)
        showing.update({_part(mark) for mark in marks} & _HIDEABLE)
    sends = Counter[str]()
    shares = list[float]()
    for marks in sent:
        ours.update(marks)
        judged = [mark for mark in marks if (part := _part(mark)) not in _HIDEABLE or showing[part]]
        odd = [mark for mark in judged if mark not in counted]
        sends.update(odd)
        shares.append(1 - len(odd) / len(judged) if judged else 1.0)
    credits_, lacks = list[float](), Counter[str]()
    for mark, count in counted.items():
        of = showing[part] if (part := _part(mark)) in _HIDEABLE else len(seen)
        if of >= FEWEST and count >= COMMON * of:
            credit = min(1.0, (ours[mark] * of) / (count * len(sent)))
            credits_.append(credit)
            if credit < 1:
                lacks[mark] = len(sent) - ours[mark]
    recall = fsum(credits_) / len(credits_) if credits_ else 1.0
    return Score(fsum(shares) / len(shares), recall, len(sent), len(seen), sends, lacks)


def topmost(differences: Counter[str]) -> Counter[str]:
    """The differences without those that say nothing new: of an object that is lacking, all its keys are."""
    known = {(place, path.rpartition(" ")[0]): count for place, path, count in _split(differences)}
    return Counter(
        {
            f"{place}: {path}": count
            for place, path, count in _split(differences)
            if not any(known.get((place, above)) == count for above in _above(path.rpartition(" ")[0]))
        }
    )


def _split(differences: Counter[str]) -> Iterator[tuple[str, str, int]]:
    for mark, count in differences.items():
        place, _, path = mark.partition(": ")
        yield place, path, count


def _above(path: str) -> Iterator[str]:
    """The paths of all that a value stands in."""
    if path != EVERYTHING:
        yield EVERYTHING
        yield from (path[: found.start()] for found in _STEP.finditer(path, 1))


def _part(mark: str) -> str:
    return mark.partition(": ")[0]
