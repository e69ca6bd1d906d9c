"""The delay that `mockprovider record` adds to each chunk on its way from the provider to the client.

The upstream writes the monotonic time into every SSE event as it sends it; the client, on the same machine
and so on the same clock, notes when the event has arrived. It reads the same kind of stream directly and
through the recording proxy, in turn, several streams at once. What is left after subtracting the round's
median direct latency is the added delay; its p99 still holds the direct path's own jitter, so it is rather
too high than too low.
"""

import argparse
import asyncio
import re
import statistics
import sys
import tempfile
from pathlib import Path

import uvloop

from benchmarks import peers
from benchmarks.clients import chat, stream_all
from benchmarks.report import BrokenRunError, Figure, command_line, count, percentile, progress, run

STAMP = re.compile(rb'"stamp":"([0-9.]+)"')
SPACING = 0.005  # seconds from one chunk of a stream to the next
UNSTAMPED = 1  # [DONE]


def latencies(port: int, prompts: list[str], options: argparse.Namespace) -> list[float]:
    """Milliseconds from the upstream's write to the client's read, for each stamped event."""
    length = options.chunks * SPACING
    bodies = [chat(prompt, stream=True) for prompt in prompts]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        streams = runner.run(stream_all(port, bodies, over=SPACING, within=length + 10))
    found: list[float] = []
    for stream in streams:
        for at, event in stream.events():
            if stamp := STAMP.search(event):
                found.append((at - float(stamp[1])) * 1000)
    expected = len(streams) * (options.chunks - UNSTAMPED)
    if len(found) != expected or not all(stream.complete for stream in streams):
        raise BrokenRunError(f"{len(found)} of {expected} events arrived")
    return found


def measure(options: argparse.Namespace) -> list[Figure]:
    """Read directly and through the recorder in turn."""
    length = options.chunks * SPACING
    source = peers.upstream("--stamp", "--chunks", str(options.chunks), "--over", str(length))
    direct: list[float] = []
    added: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        peers.running(source) as origin,
        peers.running(peers.recorder_of(origin, Path(folder) / "cassette")) as recorder,
    ):
        latencies(recorder.port, ["warm up"], options)
        for number in range(options.rounds):
            prompts = [f"round {number}, stream {stream}" for stream in range(options.streams)]
            plain = latencies(origin.port, prompts, options)
            proxied = latencies(recorder.port, prompts, options)
            base = statistics.median(plain)
            direct += plain
            added += [latency - base for latency in proxied]
            progress(f"  direct {base:.3f} ms, through record {statistics.median(proxied):.3f} ms")
    base_note = f"direct {statistics.median(direct):.3f} ms; {len(added):,} chunks"
    p99_note = f"direct {percentile(direct, 99):.3f} ms"
    return [
        Figure("added delay, median", statistics.median(added), "ms", 1.0, base_note),
        Figure("added delay, p99", percentile(added, 99), "ms", None, p99_note),
    ]


def main() -> int:
    """Read the command line; see the module's docstring for what is measured."""
    parser = command_line(__doc__, rounds=5)
    parser.add_argument("--streams", type=count(1, 200), metavar="N", default=10, help="at once (10)")
    parser.add_argument("--chunks", type=count(4, 2000), metavar="N", default=200, help="a stream (200)")
    return run(parser, measure)


if __name__ == "__main__":
    sys.exit(main())
