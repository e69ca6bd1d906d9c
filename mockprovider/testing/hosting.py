"""One server for all tests of a process: each test's requests go to the mock that it asked for, by its API key."""

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from mockprovider.errors import InputError, did_you_mean
from mockprovider.serving.app import Mode
from mockprovider.serving.player import AsgiStage, SocketStage
from mockprovider.serving.tenants import api_key
from mockprovider.serving.wire import EXTENSION
from mockprovider.testing.provider import MockProvider, client_environment
from mockprovider.testing.thread import ServerThread

if TYPE_CHECKING:
    from mockprovider.serving.app import Mock

_OWN = ("profile", "cassette", "rules", "set", "allow", "env")
"""What the marker takes for itself; what else it takes are options of MockProvider."""
_FAILING = ("leftovers", "misses")
"""What fails a test, and what the marker may allow."""
_SHOWN = 20
"""How many requests of a test that failed are shown."""
_KEPT = 32
"""How many mocks are kept for tests that want the same; after that the oldest goes."""


class Tested(MockProvider):
    """The mock provider of one test: a `MockProvider` with an API key of its own, on a server that tests share.

    `journal`, `when`, `add_rules`, `remove_rules` and `reset` are about this test's own requests.
    """

    def __init__(self, host: "Host", name: str, own: "_Wanted", shared: MockProvider | None) -> None:
        super().__init__(**own.options)
        self._server = host.server
        self._shared = shared
        self._own = own
        self._key = f"sk-mock-test-{uuid4().hex}"
        self.name = name
        """The test, as pytest calls it."""
        self.misses: list[str] = []
        """What was asked and is in no cassette, each told in full."""

    @property
    def api_key(self) -> str:
        """The key of this test: what is kept, counted and scripted for it no other test sees."""
        return self._key

    @property
    def environment(self) -> dict[str, str]:
        """What leads the usual clients here: OPENAI_BASE_URL, OPENAI_API_KEY, and more."""
        return client_environment(self.url, self.served, self._options, key=self._key)

    @contextlib.contextmanager
    def environment_set(self) -> Iterator[None]:
        """`environment` as the process's own, for as long as the block lasts, unless the marker says `env=False`."""
        wanted = self.environment if self._own.env else {}
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

    def journal(
        self,
        *,
        tenant: str | None = None,
        source: str | None = None,
        last: int | None = None,
        bodies: bool = False,
    ) -> list[dict[str, Any]]:
        return super().journal(tenant=tenant or self._key, source=source, last=last, bodies=bodies)

    def reset(self, tenant: str | None = None) -> None:
        super().reset(tenant or self._key)

    def add_rules(self, rules: Any, tenant: str | None = None) -> int:
        return super().add_rules(rules, tenant or self._key)

    def remove_rules(self, tenant: str | None = None) -> None:
        super().remove_rules(tenant or self._key)

    def told(self) -> str:
        """The requests of the test and what they were answered with, a line each, and what was missed."""
        entries = self.journal()
        lines = [
            f"{entry['method']} {entry['target']} -> {entry['status'] or 'no answer'} by {entry['source']}"
            f" ({entry['detail'] or entry['ending']}), {entry['duration'] * 1000:.0f} ms"
            for entry in entries[-_SHOWN:]
        ]
        hidden = len(entries) - _SHOWN
        asked = lines or ["it asked nothing with its own key"]
        return "\n".join([*([f"{hidden} earlier requests"] if hidden > 0 else []), *asked, *self.misses])

    def findings(self) -> list[str]:
        """What fails the test: what nothing recorded answers, and recordings of its own that it did not use."""
        found = [] if "misses" in self._own.allow else self.misses
        replays = self._own.private and self.served.mode is Mode.NONE
        if replays and "leftovers" not in self._own.allow:
            leftovers = self.verify().leftovers
            told = "\n".join(f"  {line}" for line in leftovers)
            found = [*found, f"recorded for this test, and not asked for:\n{told}"] if leftovers else found
        return found

    @property
    def served(self) -> "Mock":
        return super().served if self._shared is None else self._shared.served

    async def finish(self) -> list[str]:
        """Have on disk what was recorded, and take out the rules; what fails the test. Runs in the server's thread."""
        if self._own.private and (record := self.served.record) is not None:
            await record.stop()
        self.remove_rules()
        return self.findings()


class Host:
    """The server, and what it answers with for the test that runs."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._current: Tested | None = None
        self._ended: dict[str, str] = {}
        self._shared: dict[str, MockProvider] = {}
        self.server = ServerThread(lambda: self._answer)
        self.server.__enter__()

    def close(self) -> None:
        """Stop the server."""
        self.server.__exit__(None, None, None)

    def begin(self, node: pytest.Item, profile: str | None) -> Tested:
        """What a test asks for, ready. Raises InputError for a marker that makes no sense."""
        wanted = _Wanted.of(node, self._config, profile)
        tested = Tested(self, node.nodeid, wanted, self._of(wanted))
        mock = self.server.call(lambda: _anew(tested))
        mock.say = partial(self._said, mock)
        self._current = tested
        return tested

    def end(self, tested: Tested) -> list[str]:
        """Forget a test; what fails it."""
        self._current = None
        self._ended[tested.api_key] = tested.name
        return self.server.run(tested.finish())

    def _of(self, wanted: "_Wanted") -> MockProvider | None:
        """The mock of tests that want the same; none where a test has one of its own."""
        if wanted.private:
            return None
        if wanted.mark not in self._shared:
            if len(self._shared) >= _KEPT:
                del self._shared[next(iter(self._shared))]
            self._shared[wanted.mark] = MockProvider(**wanted.options)
        return self._shared[wanted.mark]

    def _said(self, mock: "Mock", line: str) -> None:
        """A line that a mock says to a person: a miss belongs to the test that runs."""
        current = self._current
        if current is not None and line.startswith("miss: ") and current.served is mock:
            current.misses.append(line.removeprefix("miss: "))

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        current = self._current
        ended = self._ended.get(api_key(tuple(scope["headers"])) or "")
        if current is None or ended is not None:
            await _refuse(scope, send, ended)
            return
        await current.app(scope, receive, send)


class _Wanted:
    """What a test's marker asks for."""

    def __init__(self, options: dict[str, Any], *, private: bool, allow: tuple[str, ...], env: bool) -> None:
        self.options, self.private, self.allow, self.env = options, private, allow, env
        self.mark = repr(sorted(options.items(), key=lambda item: item[0]))

    @classmethod
    def of(cls, node: pytest.Item, config: pytest.Config, profile: str | None) -> "_Wanted":
        """The nearest marker's wishes, over those of the markers around it, and the command line's over all."""
        said: dict[str, Any] = {}
        for marker in reversed(list(node.iter_markers("mockprovider"))):
            if marker.args:
                raise InputError(f"the marker takes keywords only, not {marker.args[0]!r}: profile='deepseek-like'")
            said |= marker.kwargs
        taken = {*_OWN, *_options_of_mock_provider()}
        for name in said:
            if name not in taken:
                raise InputError(f"the marker has no {name!r}{did_you_mean(name, taken)}")
        options = {name: value for name, value in said.items() if name not in ("allow", "env", "cassette")}
        cassette = said.get("cassette")
        private = cassette is True
        if private:
            cassette = _own_folder(node, config)
        if cassette:
            options |= {"cassette": _beside(node, cassette)} | _recording(config, said)
        if options.get("rules"):
            given = options["rules"]
            several = given if isinstance(given, list | tuple) else [given]
            options["rules"] = [_beside(node, each) for each in several]
        if profile is not None or (not cassette and "profile" not in said):
            options["profile"] = profile or config.getini("mockprovider_profile")
        if private and options.get("mode", "none") == "none" and not Path(options["cassette"]).is_dir():
            raise InputError(
                f"{options['cassette']}: nothing is recorded for this test; to record it: pytest --mockprovider-record"
                " --mockprovider-upstream URL"
            )
        allow, env = said.get("allow", ()), said.get("env", True)
        allowed = (allow,) if isinstance(allow, str) else tuple(allow)
        for kind in allowed:
            if kind not in _FAILING:
                raise InputError(
                    f"allow={kind!r}: nothing fails a test that is called so{did_you_mean(kind, _FAILING)}"
                )
        if not isinstance(env, bool):
            raise InputError(f"env={env!r}: True or False belongs here")
        return cls(options, private=private, allow=allowed, env=env)


def _recording(config: pytest.Config, said: Mapping[str, Any]) -> dict[str, Any]:
    """The options that record, where that is asked for."""
    mode = config.getoption("--mockprovider-record") or said.get("mode") or "none"
    if mode == "none":
        return {"mode": "none"}
    asked = config.getoption("--mockprovider-upstream") or config.getini("mockprovider_upstream")
    upstream = said.get("upstream") or asked
    if not upstream:
        raise InputError(
            f"--mockprovider-record {mode} needs an upstream: --mockprovider-upstream URL, mockprovider_upstream in the"
            " configuration, or upstream= in the marker"
        )
    variable = said.get("api_key_env") or config.getini("mockprovider_api_key_env")
    if not variable:
        raise InputError(
            "to record, the upstream's key is needed, for a test has one of its own: say which variable has it,"
            " mockprovider_api_key_env = OPENAI_API_KEY in the configuration, or api_key_env= in the marker"
        )
    return {"mode": mode, "upstream": upstream, "api_key_env": variable}


def _own_folder(node: pytest.Item, config: pytest.Config) -> Path:
    """The cassette of a test: `cassettes/FILE/TEST` beside the file, in words that any file system takes.

    Where that is not the whole name, a digest of it tells it apart from others.
    """
    whole = node.nodeid.split("::", 1)[-1].replace("::", ".")
    name = re.sub(r"[^\w.-]+", "-", whole).strip("-")
    if name != whole:
        name += f"-{sha256(whole.encode()).hexdigest()[:6]}"
    return Path(config.getini("mockprovider_cassettes")) / node.path.stem / name


def _beside(node: pytest.Item, path: str | os.PathLike[str]) -> Path:
    """A path in a marker is beside the test's file."""
    return node.path.parent / path


def _options_of_mock_provider() -> frozenset[str]:
    from inspect import signature

    return frozenset(signature(MockProvider.__init__).parameters) - {"self", "host", "port"}


def _anew(tested: Tested) -> "Mock":
    """What serves a test, with nothing in it of those before, so that `verify` is about this one."""
    mock = tested.served
    mock.reset()
    return mock


async def _refuse(scope: Any, send: Any, ended: str | None) -> None:
    """Refuse a request that comes while no test runs, or with the key of one that has ended."""
    from mockprovider.clock import SystemClock
    from mockprovider.serving.journal import Entry
    from mockprovider.serving.player import play_tape
    from mockprovider.sources.refusal import refusal

    whose = f"the test {ended}, which has ended" if ended else "no test: none is running that uses mockprovider"
    tape = refusal(410, "test_ended", f"this request belongs to {whose}")
    wire = scope["extensions"].get(EXTENSION) if "extensions" in scope else None
    stage = SocketStage(wire, http10=scope["http_version"] == "1.0", is_head=False) if wire else AsgiStage(send)
    await play_tape(tape, SystemClock(), 0.0, 0.0, stage, Entry(0, 0.0, scope["method"], scope["path"], ""))
