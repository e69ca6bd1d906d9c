"""How late paced playback is: `mockprovider replay --pace recorded` with many streams open at once.

A stream of 40 chunks at irregular gaps over some seconds is recorded once, from `upstream.py`. Then N clients
ask for it, their starts spread evenly over one second. A chunk's lateness is

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
RAMP = 1.0
PATIENCE = 10.0
SPARE_FILES = 200
BODY = chat("Count slowly.", stream=True)
LOADS: dict[tuple[int, float], tuple[float | None, float | None]] = {
    (200, 4.0): (5.0, 20.0),
    (2000, 8.0): (None, 50.0),
    (2000, 4.0): (None, None),
}
"""Streams at once and the seconds that each takes; the targets for median and p99 in ms.

The last load is 20,000 chunks a second: more than two cores carry at ease that server and client share, so there the
floor is the yardstick.
"""


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


def judge(load: tuple[int, float], outcomes: list[Outcome], floor: list[Outcome]) -> list[Figure]:
    """Take the medians over the rounds of median, p99 and maximum, and the sum of lost streams."""
    streams, seconds = load
    name_of_load = f"{streams} streams, {streams * CHUNKS / seconds:,.0f} chunks/s"
    median_target, p99_target = LOADS.get(load, (None, None))
    rows = (("median", 50, median_target), ("p99", 99, p99_target), ("max", 100, None))
    figures = []
    for name, percent, target in rows:
        value = statistics.median(percentile(outcome.late, percent) for outcome in outcomes)
        bare = statistics.median(percentile(outcome.late, percent) for outcome in floor)
        note = f"floor {bare:.2f} ms"
        figures.append(Figure(f"{name_of_load}, {name}", value, "ms", target, note))
    lost = sum(outcome.lost for outcome in outcomes)
    note = f"of {streams * len(outcomes)}; floor {sum(outcome.lost for outcome in floor)}"
    return [*figures, Figure(f"{name_of_load}, lost", lost, "streams", 0, note)]


def measure(options: argparse.Namespace) -> list[Figure]:
    """Record a stream for each load, then play it back N times at once."""
    loads = [(streams, options.over) for streams in options.streams or []] or list(LOADS)
    raise_file_limit(max(streams for streams, _ in loads))
    return [figure for load in loads for figure in under(load, options.rounds)]


def under(load: tuple[int, float], rounds: int) -> list[Figure]:
    """The figures of one load."""
    streams, seconds = load
    source = peers.upstream("--chunks", str(CHUNKS), "--over", str(seconds), "--irregular")
    known = upstream.schedule(CHUNKS, seconds, irregular=True)
    with tempfile.TemporaryDirectory() as folder:
        cassette = Path(folder) / "cassette"
        progress(f"recording a stream of {CHUNKS} chunks over {seconds:g} s")
        peers.record(cassette, source, [BODY])
        recorded = recorded_offsets(cassette)
        player = peers.mockprovider("replay", str(cassette), "--pace", "recorded")
        outcomes, floor = [], []
        with peers.running(player) as server, peers.running(source) as bare:
            for _ in range(rounds):
                outcomes.append(play(server.port, streams, recorded))
                floor.append(play(bare.port, streams, known))
                if not outcomes[-1].late or not floor[-1].late:
                    raise BrokenRunError(f"no stream of {streams} arrived whole")
                progress(f"  {streams} streams: p99 {percentile(outcomes[-1].late, 99):.2f} ms")
    return judge(load, outcomes, floor)


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
    parser.add_argument("--streams", type=some, nargs="+", metavar="N", help="at once, in place of the usual loads")
    parser.add_argument(
        "--over", type=float, metavar="SECONDS", default=4.0, help="how long each takes, with --streams"
    )
    return run(parser, measure)


if __name__ == "__main__":
    sys.exit(main())
