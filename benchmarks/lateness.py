"""How late paced playback is: `mockprovider replay --pace recorded` with many streams open at once.

A stream of 40 chunks at irregular gaps over 4 s is recorded once, from `upstream.py`. Then N clients ask for
it, their starts spread evenly over one second so that all N are open for three. A chunk's lateness is

    its arrival - (the moment its request was sent + its offset in the cassette)

with both moments taken in the client process, on raw sockets. A stream is lost when it does not arrive whole
within ten seconds of its due end. To tell the server's lateness from the harness's, a bare asyncio server
(`upstream.py`) plays the same times to the same client in each round: that is the floor in the last column.
"""

import argparse
import asyncio
import multiprocessing
import resource
import statistics
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks import peers, upstream
from benchmarks.clients import EVENT_END, chat, stream_all
from benchmarks.report import (
    BrokenRunError,
    Figure,
    SetupError,
    command_line,
    count,
    percentile,
    progress,
    run,
)
from mockprovider.cassettes.format import load

CHUNKS = 40
LENGTH = 4.0
RAMP = 1.0
PATIENCE = 10.0
SPARE_FILES = 200
BODY = chat("Count slowly.", stream=True)
TARGETS: dict[int, tuple[float | None, float | None]] = {
    200: (5.0, 20.0),
    2000: (None, 50.0),
}  # streams at once: median, p99 in ms


@dataclass(frozen=True)
class Outcome:
    """One round: every chunk's lateness in ms, and how many streams were lost."""

    late: list[float]
    lost: int


def play(port: int, streams: int, offsets: Sequence[float]) -> Outcome:
    """Play `streams` streams against the server at `port`, in a process of its own."""
    apart = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=apart) as pool:
        return pool.submit(listen, port, streams, list(offsets)).result()


def listen(port: int, streams: int, offsets: list[float]) -> Outcome:
    """Do the client process's work."""
    raise_file_limit(streams)
    within = RAMP + offsets[-1] + PATIENCE
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(stream_all(port, [BODY] * streams, over=RAMP, within=within))
    late: list[float] = []
    lost = 0
    for stream in found:
        events = stream.events()
        if stream.complete and len(events) == len(offsets):
            late += [(at - stream.sent - due) * 1000 for (at, _), due in zip(events, offsets, strict=True)]
        else:
            lost += 1
    return Outcome(late, lost)


def raise_file_limit(streams: int) -> None:
    """Let this process, and those that it starts, hold a socket for each stream."""
    needed = streams + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < needed <= hard or (soft < needed and hard == resource.RLIM_INFINITY):
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    elif soft < needed:
        raise SetupError(f"{streams} streams need {needed} open files; the hard limit is {hard} (ulimit -Hn)")


def judge(streams: int, outcomes: list[Outcome], floor: list[Outcome]) -> list[Figure]:
    """Take the medians over the rounds of median, p99 and maximum, and the sum of lost streams."""
    median_target, p99_target = TARGETS.get(streams, (None, None))
    rows = (("median", 50, median_target), ("p99", 99, p99_target), ("max", 100, None))
    figures = []
    for name, percent, target in rows:
        value = statistics.median(percentile(outcome.late, percent) for outcome in outcomes)
        bare = statistics.median(percentile(outcome.late, percent) for outcome in floor)
        note = f"floor {bare:.2f} ms"
        figures.append(Figure(f"{streams} streams, {name}", value, "ms", target, note))
    lost = sum(outcome.lost for outcome in outcomes)
    note = f"of {streams * len(outcomes)}; floor {sum(outcome.lost for outcome in floor)}"
    return [*figures, Figure(f"{streams} streams, lost", lost, "streams", 0, note)]


def measure(options: argparse.Namespace) -> list[Figure]:
    """Record the stream, then play it back N times at once, for each N."""
    raise_file_limit(max(options.streams))
    source = peers.upstream("--chunks", str(CHUNKS), "--over", str(LENGTH), "--irregular")
    known = upstream.schedule(CHUNKS, LENGTH, irregular=True)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        cassette = Path(folder) / "cassette"
        progress(f"recording a stream of {CHUNKS} chunks over {LENGTH:g} s")
        peers.record(cassette, source, [BODY])
        recorded = recorded_offsets(cassette)
        player = peers.mockprovider("replay", str(cassette), "--pace", "recorded")
        with peers.running(player) as server, peers.running(source) as bare:
            for streams in options.streams:
                outcomes, floor = [], []
                for _ in range(options.rounds):
                    outcomes.append(play(server.port, streams, recorded))
                    floor.append(play(bare.port, streams, known))
                    if not outcomes[-1].late or not floor[-1].late:
                        raise BrokenRunError(f"no stream of {streams} arrived whole")
                    progress(f"  {streams} streams: p99 {percentile(outcomes[-1].late, 99):.2f} ms")
                figures += judge(streams, outcomes, floor)
    return figures


def recorded_offsets(cassette: Path) -> list[float]:
    """Read when each chunk is due, in seconds after the request, as the cassette says."""
    (file,) = cassette.glob("*.yaml")
    chunks = load(file.read_bytes(), file.name).tape.chunks
    if [chunk.data.count(EVENT_END) for chunk in chunks] != [1] * CHUNKS:
        raise BrokenRunError(f"the recording has {len(chunks)} chunks, not {CHUNKS} of one event each")
    return [chunk.at for chunk in chunks]


def main() -> int:
    """Read the command line; see the module's docstring for what is measured."""
    parser = command_line(__doc__, rounds=3)
    some = count(1, 10_000)
    parser.add_argument("--streams", type=some, nargs="+", metavar="N", default=[200, 2000], help="at once")
    return run(parser, measure)


if __name__ == "__main__":
    sys.exit(main())
