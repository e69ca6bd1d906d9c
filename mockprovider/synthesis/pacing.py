"""When each frame leaves, in seconds since the request: the first after a while, then one piece after another."""

from collections.abc import Iterable, Iterator

from mockprovider.profiles.schema import Timing
from mockprovider.tape import Chunk


def paced(frames: Iterable[bytes], timing: Timing) -> Iterator[Chunk]:
    """Frames as chunks with their times."""
    at = timing.first
    for frame in frames:
        yield Chunk(at, frame)
        at += timing.piece
