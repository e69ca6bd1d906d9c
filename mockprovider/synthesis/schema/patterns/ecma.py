"""Regular expressions as ECMA-262 writes them, read into a tree; Python's own signs are understood where they differ.

What can't be told without looking back is read as less than it says: a look-behind holds always, and a back reference
is the group once more.
"""

from functools import lru_cache

from mockprovider.synthesis.schema.patterns.characters import WORD, Chars, Ranges, complement, shared
from mockprovider.synthesis.schema.patterns.tree import Alt, Boundary, End, Look, Node, Repeat, Seq, Start

_DEEPEST = 60
_LONGEST = 20_000
_SHORT = 400


_DIGITS: Ranges = ((48, 57),)
_SPACE: Ranges = (
    *((9, 13), (32, 32), (160, 160), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029)),
    *((0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)
_LINE_ENDS: Ranges = ((10, 10), (13, 13), (0x2028, 0x2029))
_CLASSES = {"d": _DIGITS, "w": WORD, "s": _SPACE}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


def read(pattern: str) -> Node | None:
    """The tree of a pattern; None for what is none."""
    if len(pattern) <= _SHORT:
        return _remembered(pattern)
    return _read(pattern) if len(pattern) <= _LONGEST else None


def _read(pattern: str) -> Node | None:
    try:
        return _Reader(pattern).whole()
    except (ValueError, IndexError):
        return None


_remembered = lru_cache(maxsize=256)(_read)


class _Reader:
    """Reads one pattern from left to right. ValueError and IndexError say that it is none."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._folded = False
        self._dot: Ranges = _LINE_ENDS
        self._groups: list[Node] = []
        self._names: dict[str, int] = {}

    def whole(self) -> Node:
        node = self._options(0)
        if self._at < len(self._text):
            raise ValueError(self._text)
        return node

    def _take(self, sign: str) -> bool:
        found = self._text.startswith(sign, self._at)
        self._at += len(sign) * found
        return found

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _until(self, sign: str) -> str:
        start = self._at
        self._at = self._text.index(sign, start) + 1
        return self._text[start : self._at - 1]

    def _options(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise ValueError(self._text)
        options = [self._sequence(depth)]
        while self._take("|"):
            options.append(self._sequence(depth))
        return options[0] if len(options) == 1 else Alt(tuple(options))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._repeated(self._atom(depth)))
        return parts[0] if len(parts) == 1 else Seq(tuple(parts))

    def _repeated(self, part: Node) -> Node:
        if self._take("*"):
            low, high = 0, None
        elif self._take("+"):
            low, high = 1, None
        elif self._take("?"):
            low, high = 0, 1
        elif (counts := self._counts()) is not None:
            low, high = counts
        else:
            return part
        if not self._take("?"):
            self._take("+")
        return Repeat(part, low, high)

    def _counts(self) -> tuple[int, int | None] | None:
        start = self._at
        if self._take("{") and "}" in self._text[self._at :]:
            low, comma, high = self._until("}").partition(",")
            if low.isdecimal() and (not high or high.isdecimal()) and len(low + high) < 12:
                return int(low), (int(high) if high else None) if comma else int(low)
        self._at = start
        return None

    def _chars(self, *ranges: tuple[int, int], negated: bool = False) -> Chars:
        return shared(ranges, negated=negated, folded=self._folded)

    def _atom(self, depth: int) -> Node:
        match sign := self._next():
            case "^":
                return Start()
            case "$":
                return End()
            case ".":
                return self._chars(*self._dot, negated=True)
            case "(":
                return self._group(depth)
            case "[":
                return self._class()
            case "\\":
                return self._escape()
            case "*" | "+" | "?":
                raise ValueError(self._text)
            case _:
                return self._chars((ord(sign), ord(sign)))

    def _group(self, depth: int) -> Node:
        look: bool | None = None
        behind = named = False
        if not self._take("?"):
            named = True
        elif self._take("=") or self._take("!"):
            look = self._text[self._at - 1] == "!"
        elif self._take("<=") or self._take("<!"):
            behind = True
        elif self._take("<") or self._take("P<"):
            self._names[self._until(">")] = len(self._groups)
            named = True
        elif not self._take(":"):
            flags = ""
            while self._text[self._at] not in ":)":
                flags += self._next()
            if not set(flags) <= set("imsu-"):
                raise ValueError(self._text)
            on = flags.partition("-")[0]
            self._folded |= "i" in on
            self._dot = () if "s" in on else self._dot
            if self._take(")"):
                return Seq(())
            self._next()
        number = len(self._groups)
        if named:
            self._groups.append(Seq(()))
        node = self._options(depth + 1)
        if not self._take(")"):
            raise ValueError(self._text)
        if named:
            self._groups[number] = node
        if look is not None:
            return Look(node, look)
        return Seq(()) if behind else node

    def _escape(self) -> Node:
        sign = self._text[self._at]
        if sign in "123456789":
            self._next()
            return self._groups[int(sign) - 1]
        if sign in "bB":
            self._next()
            return Boundary(sign == "B")
        if self._take("k<"):
            return self._groups[self._names.get(self._until(">"), 10**6)]
        if self._take("A"):
            return Start()
        if self._take("Z") or self._take("z"):
            return End()
        found = self._escaped()
        return found if isinstance(found, Chars) else self._chars((found, found))

    def _escaped(self) -> Chars | int:
        """What is behind a backslash, in a class and out of it: a set, or one character."""
        match sign := self._next():
            case "d" | "w" | "s":
                return shared(_CLASSES[sign])
            case "D" | "W" | "S":
                return shared(_CLASSES[sign.lower()], negated=True)
            case "p" | "P":
                name = self._until("}").removeprefix("{") if self._text[self._at] == "{" else self._next()
                return shared((), ((name.removeprefix("^"), (sign == "P") != name.startswith("^")),))
            case "c":
                return ord(self._next()) % 32
            case "0":
                return 0
            case "x":
                return self._hex(2)
            case "u":
                return int(self._until("}").removeprefix("{"), 16) if self._text[self._at] == "{" else self._unit()
            case _:
                return _CONTROLS.get(sign, ord(sign))

    def _hex(self, length: int) -> int:
        digits = self._text[self._at : self._at + length]
        if len(digits) < length:
            raise ValueError(self._text)
        self._at += length
        return int(digits, 16)

    def _unit(self) -> int:
        """A UTF-16 unit, or the character of two."""
        unit = self._hex(4)
        if 0xD800 <= unit < 0xDC00 and self._take("\\u"):
            return 0x10000 + (unit - 0xD800) * 0x400 + (self._hex(4) - 0xDC00)
        return unit

    def _class(self) -> Node:
        negated = self._take("^")
        ranges: list[tuple[int, int]] = []
        properties: list[tuple[str, bool]] = []
        while not self._take("]"):
            low = self._member()
            if isinstance(low, Chars):
                ranges += complement(low.ranges) if low.negated else low.ranges
                properties += low.properties
                continue
            start = self._at
            high: Chars | int = low
            if self._take("-") and self._text[self._at] != "]":
                high = self._member()
            if not isinstance(high, int) or (self._at > start + 1 and high < low):
                raise ValueError(self._text)
            if self._at == start + 1:
                self._at = start  # a hyphen before the bracket stands for itself
            ranges.append((low, high))
        return shared(tuple(ranges), tuple(properties), negated=negated, folded=self._folded)

    def _member(self) -> Chars | int:
        if self._take("\\"):
            if self._take("b"):
                return 8
            return self._escaped()
        return ord(self._next())
