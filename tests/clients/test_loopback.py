"""What the other tests here rely on: whoever wants to talk to another machine is refused, and named."""

import json
import shutil
import socket
import subprocess

import pytest

from tests.clients.loopback import on_loopback
from tests.clients.programs import NODE

ELSEWHERE = "192.0.2.1"
"""An address for documents, which nobody has."""


def test_python_talks_to_nobody_else() -> None:
    with on_loopback() as elsewhere, pytest.raises(OSError, match=ELSEWHERE):
        socket.create_connection((ELSEWHERE, 8000), 1)
    assert elsewhere == [ELSEWHERE]


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no `node` here")
def test_node_talks_to_nobody_else() -> None:
    script = f'import {{ tell }} from "./claims.mjs"; await tell({{ ask: () => fetch("http://{ELSEWHERE}:8000") }});'
    line = ["node", "--input-type=module", "--eval", script]
    said = json.loads(subprocess.run(line, cwd=NODE, capture_output=True, check=True).stdout)
    assert said == {"told": {"ask": {"error": "TypeError: fetch failed"}}, "elsewhere": [ELSEWHERE]}
