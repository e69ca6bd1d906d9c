"""Asks with one client, and prints what it says: `python -m tests.clients.apart NAME URL...`.

Every public function of the module asks once, with a key of its own, and returns what JSON can say of the answer.
"""

import gc
import importlib
import inspect
import json
import sys
from typing import Any

from tests.clients.loopback import on_loopback


def main(name: str, *urls: str) -> None:
    """Print `told`, by function its `value` or its `error`, and `elsewhere`, the other hosts that were wanted."""
    # httpcore closes a stream that was left unread when it is collected; if that happens while it holds the lock of its
    # pool, it waits for itself.
    gc.disable()
    told: dict[str, Any] = {}
    with on_loopback() as elsewhere:
        module = importlib.import_module(f"tests.clients.apart.{name}")
        for claim, ask in inspect.getmembers(module, inspect.isfunction):
            if ask.__module__ == module.__name__ and not claim.startswith("_"):
                try:
                    told[claim] = {"value": ask(f"sk-mock-{claim}", *urls)}
                except Exception as problem:  # noqa: BLE001 whatever it is, the test of this claim shows it
                    told[claim] = {"error": f"{type(problem).__name__}: {problem}"}
    print(json.dumps({"told": told, "elsewhere": elsewhere}))


main(*sys.argv[1:])
