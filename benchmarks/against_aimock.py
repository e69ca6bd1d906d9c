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
`*-profile`  synthesized by the profile `openai`, a new prompt in each request; aimock has one fixture.
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
NAMES = [f"{kind}-{source}" for kind in KINDS for source in ("replay", "profile")]
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
    target: float


@dataclass(frozen=True)
class Shape:
    """How one answer lies on the wire."""

    chunks: int
    bytes: int


def shape(server: peers.Server, contest: Contest) -> Shape:
    """Ask once, by a raw socket; a stream that is not made of about 200 HTTP chunks makes the run void."""
    answer = expect(server.port, contest.bodies[0].replace("@N@", "0"))
    found = Shape(len(answer.chunks), len(answer.body))
    if contest.stream and found.chunks not in STREAM_CHUNKS:
        raise BrokenRunError(f"{server.name} sent a stream of {found.chunks} HTTP chunks, not about 200")
    if contest.stream and answer.chunks[-1] != b"data: [DONE]\n\n":
        raise BrokenRunError(f"{server.name} did not end its stream with [DONE] in a chunk of its own")
    return found


def rate(server: peers.Server, script: Path, seconds: int, expected: Shape) -> float:
    """Measure answers a second by wrk; one failed or shortened answer makes the run void."""
    url = f"http://127.0.0.1:{server.port}{PATH}"
    load = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "5s", "-s", str(script), url]
    patience = seconds + 30
    done = subprocess.run([peers.wrk(), *load], capture_output=True, text=True, timeout=patience, check=False)
    results = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not results:
        raise BrokenRunError(f"wrk gave no result: {done.stdout[-500:]}{done.stderr[-500:]}")
    requests, microseconds, received, failed = (int(word) for word in results[0].split()[1:])
    if failed or not requests:
        raise BrokenRunError(f"{server.name}: {failed} of {requests} requests failed")
    if received < 0.8 * expected.bytes * requests:
        raise BrokenRunError(f"{server.name}: {received // requests} bytes an answer, not {expected.bytes}")
    return requests / microseconds * 1e6


def throughput(contest: Contest, options: argparse.Namespace, folder: Path) -> Figure:
    """Measure the median over the rounds of our rate by theirs."""
    script = folder / "load.lua"
    bodies = ", ".join(f"[==[{body}]==]" for body in contest.bodies)
    script.write_text(LUA % {"key": KEY, "bodies": bodies})
    rates: list[tuple[float, float]] = []
    with peers.running(contest.ours) as ours, peers.running(contest.theirs) as theirs:
        pair = [(ours, shape(ours, contest)), (theirs, shape(theirs, contest))]
        for server, expected in pair:
            rate(server, script, 1, expected)  # warms up: V8 compiles what is hot
        for _ in range(options.rounds):
            one, other = (rate(server, script, options.seconds, expected) for server, expected in pair)
            rates.append((one, other))
            progress(f"  {contest.name}: {one:,.0f}/s against {other:,.0f}/s")
    per_answer = pair[0][1].chunks / pair[1][1].chunks if contest.stream else 1.0
    notes = (
        f"{side} {statistics.median(column):,.0f}/s of {found.chunks} chunks, {found.bytes:,} bytes"
        for side, column, (_, found) in zip(("ours", "aimock"), zip(*rates, strict=True), pair, strict=True)
    )
    ratio = statistics.median(one / other * per_answer for one, other in rates)
    return Figure(contest.name, ratio, "x", contest.target, "; ".join(notes), at_least=True)


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
    """List the four pairs; a cassette is recorded when its contest is asked for."""
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
        yield Contest(
            f"{kind}-profile",
            peers.mockprovider("serve", "--profile", "openai", "--pace", "instant"),
            peers.aimock(fixtures(folder / f"{kind}-one", ["Tell me"], text), chunk_size=AIMOCK_CHUNK_SIZE),
            (chat("Tell me about number @N@" + " in 197 words." * stream, stream=stream),),
            stream,
            5.0 if stream else 2.0,
        )


def measure(options: argparse.Namespace) -> list[Figure]:
    """Run what `--only` asks for, or everything."""
    figures: list[Figure] = []
    wanted = [name for name in NAMES if not options.only or any(part in name for part in options.only)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for contest in contests(folder):
            kind, _, source = contest.name.partition("-")
            load = contest.name in wanted
            begin = kind == "json" and (f"start-{source}" in wanted or f"memory-{source}" in wanted)
            if source == "replay" and (load or begin):
                progress(f"recording a cassette of {EXCHANGES} exchanges")
                peers.record(folder / f"{kind}-cassette", peers.upstream(), contest.bodies)
            if load:
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
