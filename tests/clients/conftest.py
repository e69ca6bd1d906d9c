"""What all clients need: a provider, a key of their own, and somebody who sees that nothing leaves this machine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import openai
import pytest

from mockprovider import MockProvider
from tests.clients.loopback import on_loopback
from tests.fakes import NO_TLS

Mocks = Callable[[str], MockProvider]


@pytest.fixture(scope="session")
def mocks() -> Iterator[Mocks]:
    """The server of a profile, one for the whole session."""
    running: dict[str, MockProvider] = {}
    with ExitStack() as stack:

        def start(profile: str) -> MockProvider:
            if profile not in running:
                running[profile] = stack.enter_context(MockProvider(profile))
            return running[profile]

        yield start


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of one run of pytest share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@dataclass(frozen=True)
class Door:
    """A provider for one client."""

    base_url: str
    key: str


class Doors(Protocol):
    """Open a door to a provider that gets so many requests, no more and no fewer, until the test ends.

    The key is one of the test's own, if not a special one.
    """

    def __call__(self, profile: str = "openai", *, requests: int = 1, key: str = "") -> Door: ...


@pytest.fixture
def door(mocks: Mocks) -> Iterator[Doors]:
    with ExitStack() as closing:

        def count(mock: MockProvider, key: str, expected: int) -> None:
            asked = [(entry["method"], entry["target"], entry["status"]) for entry in mock.journal(tenant=key)]
            assert len(asked) == expected, asked

        def opened(profile: str = "openai", *, requests: int = 1, key: str = "") -> Door:
            mock, key = mocks(profile), key or f"sk-mock-{uuid4().hex}"
            closing.callback(count, mock, key, len(mock.journal(tenant=key)) + requests)
            return Door(mock.base_url, key)

        yield opened


class Clients(Protocol):
    """Open a door for openai-python, which asks once and not again."""

    def __call__(self, profile: str = "openai", *, requests: int = 1, key: str = "") -> openai.OpenAI: ...


@pytest.fixture
def client(door: Doors) -> Iterator[Clients]:
    with ExitStack() as stack:

        def opened(profile: str = "openai", *, requests: int = 1, key: str = "") -> openai.OpenAI:
            way = door(profile, requests=requests, key=key)
            transport = openai.DefaultHttpxClient(verify=NO_TLS)
            made = openai.OpenAI(base_url=way.base_url, api_key=way.key, max_retries=0, http_client=transport)
            return stack.enter_context(made)

        yield opened


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No client talks to anybody else, or finds a key that is somebody's."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "DEEPSEEK_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGSMITH_TRACING", "false")
    with on_loopback() as elsewhere:
        yield
    assert elsewhere == []
