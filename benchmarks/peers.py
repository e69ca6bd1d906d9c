"""The programs that a benchmark starts: aimock from npm, mockprovider, the benchmark's own upstream, wrk.

A server is a child process in a session of its own, on a free loopback port; it counts as ready when its
health path answers 200, and its whole process group is gone when the `with` block ends, however it ends.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clients import expect
from benchmarks.report import BrokenRunError, SetupError, progress

AIMOCK = "@copilotkit/aimock"
AIMOCK_VERSION = "1.43.0"
CACHE = Path(__file__).parent / ".cache"
READY_WITHIN = 20.0
GONE_WITHIN = 3.0


@dataclass(frozen=True)
class Command:
    """How a server is started; `{port}` in `arguments` becomes its port."""

    name: str
    arguments: tuple[str, ...]
    health: str

    def at(self, port: int) -> list[str]:
        """Fill the port in."""
        return [argument.replace("{port}", str(port)) for argument in self.arguments]


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    name: str
    port: int
    pid: int


def find(program: str, cure: str) -> str:
    """Find the program, beside this Python first, or a refusal that says how to get it."""
    path = shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(program)
    if path is None:
        raise SetupError(f"{program} is not on the PATH; {cure}")
    return path


def wrk() -> str:
    """Find the load generator."""
    return find("wrk", "on Debian: apt-get install wrk")


def aimock(fixtures: Path, *, chunk_size: int) -> Command:
    """Start aimock at its best: no log, which costs it speed, and no `npx`, which costs start time."""
    install_aimock()
    node = find("node", "aimock needs Node 20.15 or newer")
    script = CACHE / "node_modules" / AIMOCK / "dist" / "cli.js"
    options = ("-p", "{port}", "-f", str(fixtures), "--chunk-size", str(chunk_size), "--latency", "0")
    return Command("aimock", (node, str(script), *options, "--log-level", "silent"), "/health")


def install_aimock() -> None:
    """Put the pinned version into the cache folder beside this file, unless it is there."""
    manifest = CACHE / "node_modules" / AIMOCK / "package.json"
    if manifest.exists() and json.loads(manifest.read_text())["version"] == AIMOCK_VERSION:
        return
    progress(f"installing {AIMOCK} {AIMOCK_VERSION} into {CACHE.name}/")
    CACHE.mkdir(exist_ok=True)
    (CACHE / "package.json").write_text('{"name": "benchmark-peers", "private": true}\n')
    npm = find("npm", "it comes with Node")
    options = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
    command = [npm, "install", *options, f"{AIMOCK}@{AIMOCK_VERSION}"]
    done = subprocess.run(command, cwd=CACHE, capture_output=True, text=True, timeout=180, check=False)
    if done.returncode:
        raise SetupError(f"npm could not install {AIMOCK}: {done.stderr.strip()[-500:]}")


def mockprovider(*arguments: str) -> Command:
    """Start mockprovider as a user does, by its console script."""
    script = find("mockprovider", "`pip install -e .` puts it beside Python")
    return Command(f"mockprovider {arguments[0]}", (script, *arguments, "--port", "{port}"), "/-/health")


def upstream(*arguments: str) -> Command:
    """Start the benchmark's own upstream, see `upstream.py`."""
    module = (sys.executable, "-m", "benchmarks.upstream")
    return Command("upstream", (*module, "--port", "{port}", *arguments), "/health")


def record(cassette: Path, source: Command, bodies: Iterable[str]) -> None:
    """Make a cassette by sending the bodies, one after another, through `mockprovider record`."""
    with running(source) as origin, running(recorder_of(origin, cassette)) as recorder:
        for body in bodies:
            expect(recorder.port, body)


def recorder_of(origin: Server, cassette: Path) -> Command:
    """Start the recording proxy in front of a server."""
    url = f"http://127.0.0.1:{origin.port}"
    return mockprovider("record", "--upstream", url, "--cassette", str(cassette))


def free_port() -> int:
    """Find a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def started(command: Command) -> Iterator[Server]:
    """Start the server and stop it at the end, without waiting until it is ready."""
    port = free_port()
    ours = ("MOCKPROVIDER_", "AIMOCK_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment.pop("CI", None)  # with CI set, mockprovider would refuse to record
    with tempfile.TemporaryFile("w+") as log:
        child = subprocess.Popen(
            command.at(port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            cwd=Path(__file__).parents[1],
            start_new_session=True,
        )
        try:
            yield Server(command.name, port, child.pid)
        except BrokenRunError as error:
            log.seek(0)
            said = log.read().strip()[-2000:]
            raise BrokenRunError(f"{error}\n{command.name} said: {said}" if said else str(error)) from error
        finally:
            stop(child)


@contextlib.contextmanager
def running(command: Command) -> Iterator[Server]:
    """Start the server, wait until its health path answers 200, and stop it at the end."""
    with started(command) as server:
        give_up = time.monotonic() + READY_WITHIN
        while not healthy(server.port, command.health):
            if time.monotonic() > give_up or not alive(server.pid):
                raise BrokenRunError(f"{command.name} did not become ready")
            time.sleep(0.05)
        yield server


def healthy(port: int, path: str) -> bool:
    """Tell whether a GET answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def alive(pid: int) -> bool:
    """Tell whether the child runs; one that has ended but was not waited for does not."""
    try:
        return stat_fields(Path(f"/proc/{pid}/stat"))[0] != "Z"
    except OSError:
        return False


def stop(child: "subprocess.Popen[bytes]") -> None:
    """Ask the child's process group to end, then end it."""
    for demand in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, demand)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GONE_WITHIN)
    child.wait(GONE_WITHIN)


def family(pid: int) -> set[int]:
    """Find the process and all its descendants."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat_fields(stat)[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def stat_fields(stat: Path) -> list[str]:
    """Read a process's fields from its state on; the name before may hold anything."""
    return stat.read_text().rpartition(")")[2].split()


def resident_mib(pid: int) -> float:
    """Sum RSS in MiB over the process and all its descendants (shared pages count once in each)."""
    pages = sum(int(Path(f"/proc/{member}/statm").read_text().split()[1]) for member in family(pid))
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor_seconds(pid: int) -> float:
    """Sum the processor time that the process and all its descendants have used."""
    used = (stat_fields(Path(f"/proc/{member}/stat"))[11:13] for member in family(pid))
    return sum(int(user) + int(system) for user, system in used) / os.sysconf("SC_CLK_TCK")
