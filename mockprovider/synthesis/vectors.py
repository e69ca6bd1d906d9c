"""Texts as unit vectors: equal texts are equal, and the more words and parts of words two texts share, the nearer.

A text is a set of features (words, and the trigrams of each). A feature is a row of random signs: a window into one
long row, where the feature's hash says. The vector is the sum of its features' signs, made one long. The cosine of two
vectors is then about the share of features that two texts have in common, and 0 on average where there are none.

Signs are summed a whole vector at a time, as the bytes of one big integer: no number is touched by itself. And since
a vector has no more values than it has features, each value is written out once, however long the vector is.
"""

import base64
import hashlib
import heapq
import math
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_MOST = 128
"""Features that are looked at, those with the least hashes: texts that share features share these too. With those of
the whole text there are less than 256, so that a sum of them fits a byte."""
_WINDOWS = 2**18
_LONGEST = 8192
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Vector:
    """A unit vector: for each of its dimensions a byte, the place of its value in `values`."""

    places: bytes
    values: tuple[float, ...]

    def numbers(self) -> list[float]:
        """Its values, one a dimension."""
        return [self.values[place] for place in self.places]

    def json(self, between: str = ",") -> str:
        """Its values as the items of a JSON list."""
        texts = [f"{value:.9f}".rstrip("0") for value in self.values]
        texts = [f"{text}0" if text.endswith(".") else text for text in texts]
        return between.join([texts[place] for place in self.places])

    def base64(self) -> str:
        """Its values as little-endian float32, in base64."""
        packed = [struct.pack("<f", value) for value in self.values]
        return base64.b64encode(b"".join([packed[place] for place in self.places])).decode()


def vector(said: str | Sequence[int], dimensions: int, model: str) -> Vector:
    """The vector of a text, or of tokens, by a model; a shorter one is the beginning of a longer one, made one long."""
    salt = zlib.crc32(model.encode("utf-8", "replace"))
    hashes = {_hash(feature, salt) for feature in (_of_text(said) if isinstance(said, str) else _of_tokens(said))}
    chosen = heapq.nsmallest(_MOST, hashes)
    whole = _hash(f"={said}", salt)
    chosen += [whole] if len(chosen) % 2 == 0 else [whole, ~whole & 0xFFFFFFFF]  # an odd number of signs is never 0
    total = 0
    row = _row()
    for number in chosen:
        start = (number * 2654435761 >> 12) % _WINDOWS
        total += int.from_bytes(row[start : start + dimensions], "little")
    places = total.to_bytes(dimensions, "little")
    sums = [2 * ones - len(chosen) for ones in range(len(chosen) + 1)]
    length = math.sqrt(sum(count * sums[place] ** 2 for place, count in Counter(places).items()))
    return Vector(places, tuple([round(value / length, 9) for value in sums]))


def _hash(feature: str, salt: int) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass"), salt)


def _of_text(text: str) -> Iterator[str]:
    for word in set(_WORD.findall(text.casefold())):
        yield f"1{word}"
        yield f"2{word}"  # a word weighs as much as two trigrams
        around = f" {word} "
        yield from [around[start : start + 3] for start in range(len(around) - 2)]


def _of_tokens(tokens: Sequence[int]) -> Iterator[str]:
    yield from map(str, tokens)
    yield from [f"{one} {other}" for one, other in pairwise(tokens)]


@lru_cache(maxsize=1)
def _row() -> bytes:
    """Random bits, a byte each."""
    bits = hashlib.shake_256(b"mockprovider vectors").digest(_WINDOWS + _LONGEST)
    return bits.translate(bytes(byte & 1 for byte in range(256)))
