"""How two texts differ, as lines for people: by words where most words stayed, by lines where they did not.

Words that went stand in `[-…-]`, words that came in `{+…+}`; lines as in a unified diff. Time is bounded: beyond some
thousand words or lines in which two texts differ, they are shown from where they begin to.
"""

import difflib
import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_MOST = 2000
"""Words or lines between the common start and end of which a diff is made: its time grows with the square."""
_LONGEST = 2**20
_AROUND = 48
"""Characters of what stayed that are shown on either side of a change."""
_LONGEST_LINE = 2000
_SHOWN = 400


def text_diff(one: str, other: str) -> list[str]:
    """The lines that show how the first text became the other; none where they are equal."""
    if one == other:
        return []
    if max(len(one), len(other)) <= _LONGEST:
        found = _by_words(_WORD.findall(one), _WORD.findall(other)) or _by_lines(one.splitlines(), other.splitlines())
        if found:
            return found
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return [f"from character {at} on:", f"-{one[at : at + _SHOWN]}", f"+{other[at : at + _SHOWN]}"]


def _common(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """How many items are equal at the start, and how many of the rest at the end."""
    shortest = min(len(one), len(other))
    start = next((n for n in range(shortest) if one[n] != other[n]), shortest)
    end = next((n for n in range(shortest - start) if one[-1 - n] != other[-1 - n]), shortest - start)
    return start, end


def _by_words(one: list[str], other: list[str]) -> list[str]:
    """One text with marks where words went and came; nothing where most of them did, or there are too many."""
    start, end = _common(one, other)
    old, new = one[start : len(one) - end], other[start : len(other) - end]
    if max(len(old), len(new)) > _MOST:
        return []
    blocks = difflib.SequenceMatcher(None, old, new).get_opcodes()
    kept = [
        *one[:start],
        *one[len(one) - end :],
        *(word for b in blocks if b[0] == "equal" for word in old[b[1] : b[2]]),
    ]
    if 2 * _count(kept) < max(_count(one), _count(other)):
        return []
    text = _tail("".join(one[:start]))
    for number, (kind, a, b, c, d) in enumerate(blocks):
        went, came = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            text += _inside(went) if 0 < number < len(blocks) - 1 else went
        else:
            text += (f"[-{went}-]" if went else "") + (f"{{+{came}+}}" if came else "")
    return (text + _head("".join(one[len(one) - end :]))).split("\n")


def _count(words: Sequence[str]) -> int:
    return sum(not word.isspace() for word in words)


def _by_lines(one: list[str], other: list[str]) -> list[str]:
    """A unified diff; nothing where lines are too many, or longer than anybody reads."""
    start, end = _common(one, other)
    if max(len(one), len(other)) - start - end > _MOST or max(map(len, [*one, *other]), default=0) > _LONGEST_LINE:
        return []
    return list(difflib.unified_diff(one, other, n=2, lineterm=""))[2:]


def _tail(text: str) -> str:
    """The end of a text, from the beginning of a word."""
    return text if len(text) <= _AROUND else "…" + (text[-_AROUND:].partition(" ")[2] or text[-_AROUND:])


def _head(text: str) -> str:
    """The start of a text, up to the end of a word."""
    return text if len(text) <= _AROUND else (text[:_AROUND].rpartition(" ")[0] or text[:_AROUND]) + "…"


def _inside(text: str) -> str:
    return text if len(text) <= 3 * _AROUND else f"{_head(text)} {_tail(text)}"
