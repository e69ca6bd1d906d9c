"""Asks with one client: `python -m tests.clients.matrix.programs NAME`, with the ways on the standard input."""

import gc
import importlib
import json
import sys

from tests.clients.loopback import on_loopback
from tests.clients.matrix.programs.asking import tell

gc.disable()  # why: tests/clients/apart/__main__.py
with on_loopback() as elsewhere:
    tell(vars(importlib.import_module(f"tests.clients.matrix.programs.{sys.argv[1]}")))
print(json.dumps({"elsewhere": elsewhere}))
