"""Sets of characters, as patterns name them: ranges, classes, Unicode properties."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Ranges = tuple[tuple[int, int], ...]
"""First and last code points, in order."""
Properties = tuple[tuple[str, bool], ...]
"""Names of Unicode properties, and whether it is their opposite that is meant."""

WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
"""The characters of words."""
_FEW = 32
_NAMED = {"Han": "CJK"}
"""Scripts whose characters are not named after them."""
_CODES = (
    *("L", "M", "N", "P", "S", "Z", "C", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No"),
    *("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf"),
)
_CATEGORIES = {code: code for code in _CODES} | {
    "Letter": "L",
    "Lowercase_Letter": "Ll",
    "Uppercase_Letter": "Lu",
    "Alphabetic": "L",
    "Alpha": "L",
    "Lowercase": "Ll",
    "Uppercase": "Lu",
    "Mark": "M",
    "Number": "N",
    "Decimal_Number": "Nd",
    "digit": "Nd",
    "Punctuation": "P",
    "punct": "P",
    "Symbol": "S",
    "Separator": "Z",
    "White_Space": "Zs",
    "Other": "C",
}
_PICTURES: Ranges = ((0x2600, 0x27BF), (0x1F300, 0x1FAFF))
_RANGES: dict[str, Ranges] = {
    "Any": ((0, 0x10FFFF),),
    "ASCII": ((0, 127),),
    "Emoji": _PICTURES,
    "Emoji_Presentation": _PICTURES,
    "Extended_Pictographic": _PICTURES,
    "Regional_Indicator": ((0x1F1E6, 0x1F1FF),),
}
"""Properties that are neither a category nor a script, the emoji about right."""
_SAMPLES = {
    "Han": "中文",
    "Hiragana": "あい",
    "Katakana": "カナ",
    "Hangul": "한글",
    "Thai": "กข",
    "Devanagari": "कख",
    "Cyrillic": "Яя",
    "Greek": "Ωπ",
    "Arabic": "عر",
    "Hebrew": "אב",
    "Emoji": "😀",
    "Emoji_Presentation": "😀",
    "Extended_Pictographic": "😀",
    "Regional_Indicator": "🇦🇿",
    "Lt": "ǅ",
    "Lm": "ʰ",
    "Lo": "中ª",
    "M": "\u0301",
    "Mn": "\u0301",
    "No": "²",
    "Nl": "Ⅷ",
    "Zl": "\u2028",
    "Zp": "\u2029",
    "Sm": "±",
    "So": "©",
    "Sc": "€",
    "Sk": "¨",
    "Pi": "«",
    "Pf": "»",
}
"""Characters of properties that no ASCII character has."""


@dataclass(frozen=True, slots=True, eq=False)
class Chars:
    """One character of a set: of these ranges and Unicode properties, or of none of them."""

    ranges: Ranges = ()
    properties: Properties = ()
    negated: bool = False
    folded: bool = False

    def has(self, code: int) -> bool:
        """Whether a code point is in the set."""
        sign = chr(code)
        codes = {code, ord(sign.lower()[:1]), ord(sign.upper()[:1])} if self.folded else {code}
        return self.negated != any(
            any(low <= each <= high for low, high in self.ranges)
            or any(of_property(name, each) != negated for name, negated in self.properties)
            for each in codes
        )

    def alone(self) -> str | None:
        """Its one character, where it is simply one."""
        plain = len(self.ranges) == 1 and not (self.properties or self.negated or self.folded)
        low, high = self.ranges[0] if plain else (0, 1)
        return chr(low) if low == high < 0x110000 else None

    def samples(self) -> Iterator[str]:
        """Some of its characters: the ends of its ranges, one of each script that it names."""
        for low, high in self.ranges:
            ends = dict.fromkeys((low, high, high + 1))
            yield from (chr(code) for code in ends if code < 0xD800 or 0xDFFF < code < 0x110000)
        for name, _ in self.properties:
            yield from _SAMPLES.get(name.rpartition("=")[2], "")


def shared(ranges: Ranges, properties: Properties = (), *, negated: bool = False, folded: bool = False) -> Chars:
    """A set that is one object wherever it is written, so that equal states are seen to be equal."""
    make = _remembered if len(ranges) + len(properties) < _FEW else Chars
    return make(ranges, properties, negated, folded)


_remembered = lru_cache(maxsize=1024)(Chars)


def single(sign: str) -> Chars:
    """The set of one character."""
    return shared(((ord(sign), ord(sign)),))


def of_property(name: str, code: int) -> bool:
    r"""Whether a character has a Unicode property, as `\p{...}` names it: a category or a script."""
    kind, _, value = name.rpartition("=")
    if value in _RANGES:
        return any(low <= code <= high for low, high in _RANGES[value])
    if kind in ("", "gc", "General_Category") and value in _CATEGORIES:
        return _category(code).startswith(_CATEGORIES[value])
    return unicodedata.name(chr(code), "").startswith(_NAMED.get(value, value.replace("_", " ").upper()))


@lru_cache(maxsize=512)
def _category(code: int) -> str:
    return unicodedata.category(chr(code))


def complement(ranges: Ranges) -> list[tuple[int, int]]:
    """All code points that are in none of some ranges, which are in order."""
    starts = [0, *(high + 1 for _, high in ranges)]
    ends = [*(low - 1 for low, _ in ranges), 0x10FFFF]
    return list(zip(starts, ends, strict=True))
