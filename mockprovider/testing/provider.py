"""`MockProvider`: a mock provider for the tests of a Python program, as a server or in process."""

import logging
import os
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockprovider.errors import InputError
from mockprovider.serving.build import Options, asks_the_upstream, mock_of
from mockprovider.serving.roots import roots
from mockprovider.serving.words import pace_of
from mockprovider.testing.environment import environment_of
from mockprovider.testing.thread import ServerThread

if TYPE_CHECKING:
    from mockprovider.profiles.schema import Profile
    from mockprovider.serving.app import Mock
    from mockprovider.sources.verify import Verdict

DUMMY_KEY = "sk-mock-key"
"""What a client presents where any key is taken."""

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]
"""An ASGI application."""
Words = str | Iterable[str]
"""One, or several."""
Folder = str | os.PathLike[str]

_log = logging.getLogger("mockprovider")


class MockProvider:
    """A mock provider: a server in a thread while it is entered, or the ASGI application `app`.

        with MockProvider("deepseek-like") as mock:
            client = OpenAI(base_url=mock.base_url, api_key=mock.api_key)

    `async with` does the same and does not hold up the event loop. What it is given are the options of `mockprovider
    serve`, in the same words, and errors name them so: `--match-on` is `match_on`. Where several may be given, one will
    do. What makes no sense raises InputError; so do a profile, a cassette and a port that can't be used, when the mock
    is entered or first asked for anything.

    Warnings and misses go to the logger `mockprovider`.
    """

    def __init__(
        self,
        profile: "Folder | Profile | Iterable[Folder | Profile] | None" = (),
        *,
        variant: Words = (),
        set: Mapping[str, Any] | Words = (),  # noqa: A002 the word of the command line
        without: Words = (),
        cassette: Folder | Iterable[Folder] = (),
        rules: Folder | Iterable[Folder] = (),
        mode: str | None = None,
        upstream: Words = (),
        pace: str = "instant",
        any_model: bool = False,
        api_keys: Words = (),
        seed: int = 0,
        repeat: str = "last",
        miss_status: int = 418,
        match: str | None = None,
        match_on: Words = (),
        ignore: Words = (),
        normalize: Words = (),
        api_key_env: Words = (),
        idle_timeout: float = 120.0,
        max_body: int = 32,
        record_failures: bool = False,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        """`profile` is a name, a file or a loaded profile, or several, of which each stands at `/NAME`.

        `set` has other values for keys of the profile (or says them as the command line does, `KEY=VALUE`), `without`
        keys that have the baseline's value; where there are several profiles, `NAME:KEY` is a key of one.
        `idle_timeout` is in seconds, `max_body` in MiB.
        """
        self._options = Options(
            profiles=_profiles(profile),
            variants=_several(variant),
            changes=tuple(set.items()) if isinstance(set, Mapping) else _several(set),
            without=_several(without),
            cassettes=_paths(cassette),
            rules=_paths(rules),
            mode=mode,
            upstreams=_several(upstream),
            pace=pace_of(pace),
            any_model=any_model,
            api_keys=_several(api_keys),
            seed=seed,
            repeat=repeat,
            miss_status=miss_status,
            match=match,
            match_on=_several(match_on),
            ignore=_several(ignore),
            normalize=_several(normalize),
            api_key_env=_several(api_key_env),
            idle_timeout=idle_timeout,
            max_body=max_body,
            record_failures=record_failures,
        )
        self._making = threading.Lock()
        self._made: Mock | None = None
        self._server = ServerThread(lambda: self.app, host, port)

    def __enter__(self) -> "MockProvider":
        self._server.__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        self._server.__exit__(*problem)

    async def __aenter__(self) -> "MockProvider":
        await self._server.__aenter__()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self._server.__aexit__(*problem)

    @cached_property
    def app(self) -> App:
        """The ASGI application, for use without a socket.

        An answer that does not end properly raises UnplayableEndingError there: only a socket can be cut or reset.
        Where it records, run its lifespan: the end of that writes what is still in flight.
        """
        return self.served.app()

    @property
    def url(self) -> str:
        """The server's URL. Raises InputError while it does not run."""
        return self._server.url

    @property
    def base_url(self) -> str:
        """What an SDK takes as its base URL. Raises InputError while the server does not run."""
        return self.url + self._root

    @property
    def api_key(self) -> str:
        """What an SDK takes as its key: the first of `api_keys`, or a dummy.

        Raises InputError where it records and no `api_key_env` is given: the upstream wants a real one.
        """
        if (key := client_key(self.served, self._options)) is None:
            raise InputError(
                "the upstream wants a real key: say which variable has it, --api-key-env OPENAI_API_KEY, "
                "or give the client its own key in place of `api_key`"
            )
        return key

    @property
    def environment(self) -> dict[str, str]:
        """What leads a subprocess here: OPENAI_BASE_URL, OPENAI_API_KEY and more (docs/run.md); a real key stays."""
        return client_environment(self.url, self.served, self._options)

    def journal(
        self,
        *,
        tenant: str | None = None,
        source: str | None = None,
        last: int | None = None,
        bodies: bool = False,
    ) -> list[dict[str, Any]]:
        """The requests so far, oldest first, as `/-/journal` has them: of one API key, by one source, the `last`.

        With `bodies` each has its `body`: the JSON that was asked, or the text where it is none; null where it is too
        long ago (16 MiB are kept).
        """
        from mockprovider.serving.tenants import shown

        name = None if tenant is None else shown(tenant)
        chosen = self.served.journal.select
        return self._server.call(lambda: chosen(tenant=name, source=source, last=last, bodies=bodies))

    def verify(self, max_age: str | None = None, allow: Words = ()) -> "Verdict":
        """Whether the recordings were used as they were meant: `ok`, and what was found, in a line each.

        What is older than `max_age`, such as `30d`, is stale. `allow` has the kinds that are listed but don't fail.
        """
        return self._server.call(lambda: self.served.verdict(max_age, _several(allow)))

    def reset(self, tenant: str | None = None) -> None:
        """Begin anew: replays with their first recording, rules with their first answer, nothing kept, no journal.

        For one API key all that but the journal. Rules that were added stay.
        """
        self._server.call(lambda: self.served.reset(tenant))

    def when(self, conditions: Mapping[str, Any] | None = None, /, **more: Any) -> "When":
        """A rule to be: which requests it is for. Its `then` says what they are answered with.

            mock.when(user="weather", nth=1).then(error="rate_limited")
            mock.when({"$.tools[*].function.name": "search"}).then(text="It is sunny.", times=2)

        Conditions and answers are those of rule files (docs/rules.md). The rule goes before those that are there.
        """
        return When(self, {**(conditions or {}), **more})

    def add_rules(self, rules: Any, tenant: str | None = None) -> int:
        """Put rules, as YAML or JSON text or as plain data, before those that are there; how many.

        With a tenant they are for the requests with that API key only. Raises InputError for a bad one.
        """
        return self._server.call(lambda: self.served.add_rules(rules, "add_rules", tenant))

    def remove_rules(self, tenant: str | None = None) -> None:
        """Take out the rules that were added: those for one API key, or all."""
        self._server.call(lambda: self.served.remove_rules(tenant))

    @property
    def served(self) -> "Mock":
        """What is served, made by whoever asks first: the server's thread, or a caller in process."""
        with self._making:
            if self._made is None:
                self._made = mock_of(self._options, say=_log.warning, tell=_log.info)
            return self._made

    @cached_property
    def _root(self) -> str:
        return roots(self.served)[0]


@dataclass(frozen=True, slots=True)
class When:
    """Which requests a rule is for."""

    mock: MockProvider
    conditions: Mapping[str, Any]

    def then(
        self,
        *sequence: Mapping[str, Any],
        times: int | None = None,
        name: str | None = None,
        tenant: str | None = None,
        **answer: Any,
    ) -> None:
        """What they are answered with: an answer, or several, given one after another. `times` is how often at most.

        With a tenant the rule is for the requests with that API key only. Raises InputError for what makes no sense.
        """
        then: Any = [*sequence, answer] if sequence and answer else list(sequence) or answer
        if not all(isinstance(each, Mapping) for each in sequence):
            raise InputError("then: answers are mappings, one after another, or keywords: then(text='It is sunny.')")
        told = ", ".join(f"{key}: {value}" for key, value in self.conditions.items())
        rule = {"when": dict(self.conditions), "then": then, "times": times, "name": name or told or None}
        self.mock.add_rules([{key: value for key, value in rule.items() if value is not None}], tenant)


def client_key(mock: "Mock", options: Options) -> str | None:
    """The API key for a client; None where the client has to have a real one."""
    if asks_the_upstream(mock) and not options.api_key_env:
        return None
    return next(iter(options.api_keys), DUMMY_KEY)


def client_environment(url: str, mock: "Mock", options: Options, key: str | None = None) -> dict[str, str]:
    """What leads a command's clients to a server at `url`, with this key or the usual one (docs/run.md).

    Where the upstream wants a real key and none is given, those that the command has stay.
    """
    return environment_of(url, mock, key or client_key(mock, options))


def _paths(given: Folder | Iterable[Folder]) -> tuple[Path, ...]:
    try:
        return tuple(map(Path, (given,) if isinstance(given, str | os.PathLike) else given))
    except TypeError:
        raise InputError(f"{given!r}: a path belongs here, or several; rules as data go to `add_rules`") from None


def _profiles(given: "Folder | Profile | Iterable[Folder | Profile] | None") -> "tuple[str | Path | Profile, ...]":
    if given is None:
        return ()
    several = given if isinstance(given, Iterable) and not isinstance(given, str | os.PathLike) else (given,)
    return tuple(Path(each) if isinstance(each, os.PathLike) else each for each in several)


def _several(words: Words) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)
