"""A provider that all tests of sources share, each with a key of its own: what is kept for one no other sees."""

import pytest

from mockprovider.profiles.loading import BASELINE, load
from mockprovider.sources.synthesize import Synthesize
from tests.sources.asking import Client


@pytest.fixture(scope="session")
def openai() -> Synthesize:
    return Synthesize(load(BASELINE))


@pytest.fixture(scope="session")
def deepseek() -> Synthesize:
    return Synthesize(load("deepseek-like"))


@pytest.fixture
def client(openai: Synthesize, request: pytest.FixtureRequest) -> Client:
    return Client(openai, f"sk-mock-{request.node.nodeid}")
