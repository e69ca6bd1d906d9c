"""Fixtures that more than one test file uses."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mockprovider.cassettes.matching.rules import COMPLETE, Rules
from mockprovider.cassettes.store import Cassette
from mockprovider.clock import SystemClock
from mockprovider.profiles.loading import load
from mockprovider.serving.app import Mock, Mode
from mockprovider.sources.record import Record, Settings
from mockprovider.sources.replay import Replay
from mockprovider.sources.synthesize import Synthesize
from mockprovider.sources.upstream import upstreams
from tests.fakes import serving


@pytest.fixture
def tape_folder(tmp_path: Path) -> Path:
    """A folder for a cassette."""
    return tmp_path / "tapes"


Recorder = Callable[..., str]


@pytest.fixture
def recorder(tape_folder: Path) -> Iterator[tuple[Recorder, ExitStack]]:
    """Start a recorder for upstreams, `URL` or `NAME=URL`; closing the stack stops it, with everything on disk."""
    with ExitStack() as stack:

        def start(*specs: str, mode: Mode = Mode.ALL, api_key_env: Sequence[str] = (), **settings: object) -> str:
            cassette = Cassette.open(tape_folder, create=True)
            mock = Mock(replay=Replay([cassette]), mode=mode, speed=0.0)
            afresh = mock.mode is Mode.ALL
            options = Settings(**settings)  # type: ignore[arg-type]
            ways = upstreams(specs, api_key_env)
            mock.record = Record(cassette, ways, options, SystemClock(), afresh=afresh, say=print)
            return stack.enter_context(serving(mock))

        yield start, stack


@pytest.fixture
def replayer(tape_folder: Path) -> Iterator[Callable[..., str]]:
    """Start a replayer of what was recorded."""
    with ExitStack() as stack:

        def start(speed: float = 0.0, rules: Rules = COMPLETE, **settings: Any) -> str:
            replay = Replay([Cassette.open(tape_folder, rules=rules)], **settings)
            return stack.enter_context(serving(Mock(replay=replay, speed=speed)))

        yield start


@pytest.fixture(scope="session")
def provider() -> Iterator[Callable[[str], str]]:
    """The URL of a server that behaves as a profile does, one a profile for the whole session."""
    urls: dict[str, str] = {}
    with ExitStack() as stack:

        def start(name: str) -> str:
            if name not in urls:
                urls[name] = stack.enter_context(serving(Mock(synthesize=Synthesize(load(name)))))
            return urls[name]

        yield start
