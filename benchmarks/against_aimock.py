"""mockprovider beside aimock: answers and streams a second, time to the first answer, memory when idle.

Both servers of a pair run on this machine in the same minute and are measured in turn, A B A B; each round
gives one ratio, and the median of the ratios is the figure. The absolute numbers say more about the machine.

`json-*`     plain chat completions a second, about 900 bytes each, by `wrk` on 16 connections.
`streams-*`  streams of about 200 SSE events a second, with no delay between them and each event an HTTP
             chunk of its own on both sides, which a raw socket client checks first. Compared chunk by chunk,
             so that a stream of 201 is not held against one of 200.
`start-*`    seconds from starting the process to the first 200 answer to a chat completion.
`memory-*`   resident memory of the process tree, one answer and one idle second later.

`*-replay`   from a cassette of 20 exchanges, recorded just before from `upstream.py`; aimock has 20 fixtures.
`*-profile`  synthesized by the profile `openai`; the same 20 requests again and again, as from a suite.
`*-fresh`    the same, but no request comes twice, so nothing is remembered. No target; it tells the rest of the story.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.clients import KEY, PATH, chat, expect, post
from benchmarks.report import BrokenRunError, Figure, command_line, count, progress, run

KINDS = ("json", "streams", "start", "memory")
NAMES = [f"{kind}-{source}" for kind in KINDS for source in ("replay", "profile")] + ["json-fresh", "streams-fresh"]
EXCHANGES = 20
CONNECTIONS = 16
STREAM_CHUNKS = range(150, 251)
AIMOCK_CHUNK_SIZE = 5
TEXT = "the quick brown fox jumps over the lazy dog and then "
JSON_TEXT = (TEXT * 20)[:570]
STREAM_TEXT = (TEXT * 20)[: AIMOCK_CHUNK_SIZE * 197]  # with role, finish reason and [DONE] 200 chunks

LUA = """
wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer %(key)s"
wrk.headers["Content-Type"] = "application/json"
local bodies = {%(bodies)s}
local count = 0
function request()
  count = count + 1
  local body = bodies[count %% #bodies + 1]:gsub("@N@", count)
  return wrk.format(nil, nil, nil, body)
end
function done(all)
  local failed = 0
  for _, errors in pairs(all.errors) do failed = failed + errors end
  io.write(string.format("RESULT %%d %%d %%d %%d\\n", all.requests, all.duration, all.bytes, failed))
end
"""


@dataclass(frozen=True)
class Contest:
    """One pair of servers and the requests that both get; `@N@` in a body becomes the request's number."""

    name: str
    ours: peers.Command
    theirs: peers.Command
    bodies: tuple[str, ...]
    stream: bool
    target: float | None


@dataclass(frozen=True)
class Shape:
    """How one answer lies on the wire."""

    chunks: int
    bytes: int

    def __str__(self) -> str:
        return f"{self.chunks} chunks, {self.bytes:,} bytes" if self.chunks > 1 else f"{self.bytes:,} bytes"


def shape(server: peers.Server, contest: Contest) -> Shape:
    """Ask once, by a raw socket; a stream that is not made of about 200 HTTP chunks makes the run void."""
    answer = expect(server.port, contest.bodies[0].replace("@N@", "0"))
    found = Shape(len(answer.chunks), len(answer.body))
    if contest.stream and found.chunks not in STREAM_CHUNKS:
        raise BrokenRunError(f"{server.name} sent a stream of {found.chunks} HTTP chunks, not about 200")
    if contest.stream and answer.chunks[-1] != b"data: [DONE]\n\n":
        raise BrokenRunError(f"{server.name} did not end its stream with [DONE] in a chunk of its own")
    return found


@dataclass(frozen=True)
class Rate:
    """How fast a server answered: answers a second, and what one answer cost it."""

    per_second: float
    processor_microseconds: float


def load(server: peers.Server, script: Path, seconds: int, expected: Shape) -> Rate:
    """Put the server under load by wrk; one failed or shortened answer makes the run void."""
    url = f"http://127.0.0.1:{server.port}{PATH}"
    arguments = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "5s", "-s", str(script), url]
    command = [peers.wrk(), *arguments]
    used = peers.processor_seconds(server.pid)
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=False)
    used = peers.processor_seconds(server.pid) - used
    results = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not results:
        raise BrokenRunError(f"wrk gave no result: {done.stdout[-500:]}{done.stderr[-500:]}")
    requests, microseconds, received, failed = (int(word) for word in results[0].split()[1:])
    if failed or not requests:
        raise BrokenRunError(f"{server.name}: {failed} of {requests} requests failed")
    if received < 0.8 * expected.bytes * requests:
        raise BrokenRunError(f"{server.name}: {received // requests} bytes an answer, not {expected.bytes}")
    return Rate(requests / microseconds * 1e6, used / requests * 1e6)


def throughput(contest: Contest, options: argparse.Namespace, folder: Path) -> Figure:
    """Measure the median over the rounds of our rate by theirs."""
    script = folder / "load.lua"
    bodies = ", ".join(f"[==[{body}]==]" for body in contest.bodies)
    script.write_text(LUA % {"key": KEY, "bodies": bodies})
    ours_found: list[Rate] = []
    theirs_found: list[Rate] = []
    with peers.running(contest.ours) as ours, peers.running(contest.theirs) as theirs:
        our_shape, their_shape = shape(ours, contest), shape(theirs, contest)
        load(ours, script, 1, our_shape)  # warms up: V8 compiles what is hot
        load(theirs, script, 1, their_shape)
        for _ in range(options.rounds):
            ours_found.append(load(ours, script, options.seconds, our_shape))
            theirs_found.append(load(theirs, script, options.seconds, their_shape))
            one, other = ours_found[-1].per_second, theirs_found[-1].per_second
            progress(f"  {contest.name}: {one:,.0f}/s against {other:,.0f}/s")
    pairs = zip(ours_found, theirs_found, strict=True)
    weight = our_shape.chunks / their_shape.chunks if contest.stream else 1.0
    ratio = statistics.median(one.per_second / other.per_second * weight for one, other in pairs)
    note = f"ours {described(ours_found, our_shape)}; aimock {described(theirs_found, their_shape)}"
    return Figure(contest.name, ratio, "x", contest.target, note, at_least=True)


def described(rates: list[Rate], answer: Shape) -> str:
    """Put a server's medians into words."""
    per_second = statistics.median(rate.per_second for rate in rates)
    microseconds = statistics.median(rate.processor_microseconds for rate in rates)
    return f"{per_second:,.0f}/s of {answer} at {microseconds:,.0f} us of processor"


def cold(command: peers.Command, body: str) -> tuple[float, float]:
    """Start the server: seconds to the first 200 answer, and its memory in MiB when it has been idle."""
    begin = time.monotonic()
    with peers.started(command) as server:
        while not answers(server, body):
            if time.monotonic() > begin + peers.READY_WITHIN or not peers.alive(server.pid):
                raise BrokenRunError(f"{command.name} did not answer")
            time.sleep(0.002)
        taken = time.monotonic() - begin
        time.sleep(1)
        return taken, peers.resident_mib(server.pid)


def answers(server: peers.Server, body: str) -> bool:
    """Whether a chat completion gets a 200 now."""
    try:
        return post(server.port, body, timeout=5).status == 200
    except (OSError, ValueError):
        return False


def beginnings(contest: Contest, options: argparse.Namespace) -> Iterator[Figure]:
    """Measure the medians over the rounds of our start time by theirs, and of our memory by theirs."""
    source = contest.name.partition("-")[2]
    body = contest.bodies[0].replace("@N@", "0")
    for command in (contest.ours, contest.theirs):
        cold(command, body)  # brings the files into the page cache, and Python's bytecode onto the disk
    pairs = [(cold(contest.ours, body), cold(contest.theirs, body)) for _ in range(options.rounds)]
    for column, (what, unit, target) in enumerate((("start", "s", 2.0), ("memory", "MiB", 0.7))):
        ours, theirs = ([measured[side][column] for measured in pairs] for side in (0, 1))
        ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
        note = f"ours {statistics.median(ours):.3g} {unit}; aimock {statistics.median(theirs):.3g} {unit}"
        progress(f"  {what}-{source}: {note}")
        yield Figure(f"{what}-{source}", ratio, "x", target, note)


def fixtures(folder: Path, prompts: list[str], text: str) -> Path:
    """Write a fixture folder for aimock: what contains one of the prompts gets the text."""
    folder.mkdir()
    rows = [{"match": {"userMessage": prompt}, "response": {"content": text}} for prompt in prompts]
    (folder / "fixtures.json").write_text(json.dumps({"fixtures": rows}))
    return folder


def contests(folder: Path) -> Iterator[Contest]:
    """List the pairs; a cassette is recorded when its contest is asked for."""
    for stream in (False, True):
        kind = "streams" if stream else "json"
        text = STREAM_TEXT if stream else JSON_TEXT
        prompts = [f"Tell me about number {number:02}." for number in range(EXCHANGES)]
        bodies = tuple(chat(prompt, stream=stream) for prompt in prompts)
        cassette = folder / f"{kind}-cassette"
        yield Contest(
            f"{kind}-replay",
            peers.mockprovider("replay", str(cassette), "--pace", "instant"),
            peers.aimock(fixtures(folder / f"{kind}-many", prompts, text), chunk_size=AIMOCK_CHUNK_SIZE),
            bodies,
            stream,
            10.0 if stream else 2.0,
        )
        length = " in 197 words." * stream
        for source, numbers, target in (
            ("profile", range(EXCHANGES), 5.0 if stream else 2.0),
            ("fresh", ["@N@"], None),
        ):
            yield Contest(
                f"{kind}-{source}",
                peers.mockprovider("serve", "--profile", "openai", "--pace", "instant"),
                peers.aimock(fixtures(folder / f"{kind}-{source}", ["Tell me"], text), chunk_size=AIMOCK_CHUNK_SIZE),
                tuple(chat(f"Tell me about number {number}{length}", stream=stream) for number in numbers),
                stream,
                target,
            )


def measure(options: argparse.Namespace) -> list[Figure]:
    """Run what `--only` asks for, or everything."""
    figures: list[Figure] = []
    wanted = [name for name in NAMES if not options.only or any(part in name for part in options.only)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for contest in contests(folder):
            kind, _, source = contest.name.partition("-")
            loaded = contest.name in wanted
            begin = kind == "json" and (f"start-{source}" in wanted or f"memory-{source}" in wanted)
            if source == "replay" and (loaded or begin):
                progress(f"recording a cassette of {EXCHANGES} exchanges")
                peers.record(folder / f"{kind}-cassette", peers.upstream(), contest.bodies)
            if loaded:
                figures.append(throughput(contest, options, folder))
            if begin:
                figures.extend(beginnings(contest, options))
    by_name = {figure.name: figure for figure in figures}
    return [by_name[name] for name in wanted]


def main() -> int:
    """Read the command line; see the module's docstring for what is measured."""
    parser = command_line(__doc__, rounds=5)
    parser.add_argument("--seconds", type=count(1, 60), metavar="N", default=3, help="of load, each time (3)")
    parser.add_argument("--only", nargs="+", choices=[*NAMES, *KINDS], metavar="NAME", help="see above")
    return run(parser, measure)


if __name__ == "__main__":
    sys.exit(main())
