"""When each frame leaves, in seconds since the request: the first after a while, then one piece after another."""

from collections.abc import Sequence
from functools import lru_cache

from mockprovider.profiles.schema import Timing
from mockprovider.tape import Chunk


def paced(frames: Sequence[bytes], timing: Timing) -> tuple[Chunk, ...]:
    """Frames as chunks with their times."""
    return tuple(map(Chunk, _times(timing.first, timing.piece, len(frames)), frames))


@lru_cache(maxsize=256)
def _times(first: float, piece: float, count: int) -> tuple[float, ...]:
    return tuple(first + number * piece for number in range(count))
