"""A page as a story: blocks with a title are files, `console` blocks are what happens, and what is said to it."""

import os
import re
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:^ *<!-- not run: (?P<why>.+?) -->\n+)?"
    r'^ *```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^ *```$',
    re.MULTILINE | re.DOTALL,
)
_SERVERS = r"mockprovider (?:serve|record|replay)\b"
_PORT = "4242"
"""Where a server listens that is not told where."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    title: str
    """The name of the file, where it is one."""
    text: str
    why_not: str
    """Why it is not run, where it is not."""


@dataclass(frozen=True)
class Step:
    """A command, and what the page says that it says."""

    command: str
    said: str


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page."""
    return [
        Block(found["language"], found["title"] or "", found["text"], found["why"] or "")
        for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))
    ]


def steps(block: Block) -> list[Step]:
    """The commands of a `console` block."""
    found = re.findall(r"(?m)^ *\$ ((?:.*\\\n)*.*)\n((?:(?! *\$ ).*\n)*)", block.text)
    return [Step(re.sub(r"\\\n\s*", "", command), said) for command, said in found]


@dataclass
class Server:
    """A server that a page starts, and that runs until its end."""

    process: "subprocess.Popen[str]"
    said: str = ""
    port: str = ""

    @classmethod
    def started(cls, command: str, folder: Path, environment: dict[str, str]) -> "Server":
        """Start it, and wait until it listens."""
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        server = cls(process)
        for line in process.stdout or ():
            server.said += line
            if found := re.search(r"^listening on http://127\.0\.0\.1:(\d+)", line):
                server.port = found[1]
                return server
        server.ended()
        raise AssertionError(f"{command}: {server.said}")

    def ended(self) -> str:
        """End it; all that it said."""
        self.process.terminate()
        with self.process as process:
            self.said += process.stdout.read() if process.stdout and not process.stdout.closed else ""
        return self.said


def told(page: Path, folder: Path, **environment: str) -> list[tuple[Step, str, int]]:
    """Each command of a page, what it really said, and its status. The page's files are in the folder.

    A server takes a free port in place of the one that the page names, and is heard when the page has ended.
    """
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "MOCKPROVIDER_"))}
    known = {**clean, "PATH": path, "NO_COLOR": "1", **environment}
    ports: dict[str, str] = {}
    found, heard = list[tuple[Step, str, int]](), list[tuple[Step, Server]]()
    with ExitStack() as running:
        for block in blocks(page):
            if block.why_not:
                continue
            if block.title:
                (folder / block.title).write_text(block.text, encoding="utf-8")
            for step in steps(block) if block.language == "console" else ():
                if re.match(_SERVERS, step.command):
                    named = re.search(r" --port (\d+)", step.command)
                    command = re.sub(r" --port \d+|\s+#.*", "", step.command)
                    server = Server.started(f"{_real(command, ports)} --port 0", folder, known)
                    running.callback(server.ended)
                    ports[named[1] if named else _PORT] = server.port
                    heard.append((step, server))
                else:
                    line = ["bash", "-c", _real(step.command, ports)]
                    done = subprocess.run(
                        line, cwd=folder, env=known, capture_output=True, text=True, check=False, timeout=60
                    )
                    found.append((step, _shown(done.stdout, ports), done.returncode))
    return [*found, *((step, _shown(server.said, ports), 0) for step, server in heard)]


def _real(command: str, ports: dict[str, str]) -> str:
    for named, real in ports.items():
        command = command.replace(f":{named}", f":{real}")
    return command


def _shown(text: str, ports: dict[str, str]) -> str:
    for named, real in ports.items():
        text = text.replace(f":{real}", f":{named}")
    return text
