"""When each frame leaves, in seconds since the request: the first after a while, then one piece after another."""

from collections.abc import Iterable

from mockprovider.profiles.schema import Timing
from mockprovider.tape import Chunk


def paced(frames: Iterable[bytes], timing: Timing) -> tuple[Chunk, ...]:
    """Frames as chunks with their times."""
    first, piece = timing.first, timing.piece
    return tuple([Chunk(first + number * piece, frame) for number, frame in enumerate(frames)])
