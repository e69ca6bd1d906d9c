"""From options to what is served: the command line and `MockProvider` both come through here.

What only some servers need is imported where it is needed, so that each start loads what it serves and no more.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mockprovider.errors import InputError
from mockprovider.serving.words import RANGES, WORDS, checked

if TYPE_CHECKING:
    from mockprovider.cassettes.matching.rules import Rules
    from mockprovider.profiles.schema import Profile
    from mockprovider.serving.app import Mock
    from mockprovider.sources.replay import Replay
    from mockprovider.sources.synthesize import Synthesize

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)  # what each start makes, it waits for
class Options:
    """What is to be served, as the options of `serve` say it. Raises InputError where they make no sense."""

    profile: "str | Path | Profile | None" = None
    cassettes: tuple[Path, ...] = ()
    mode: str | None = None
    """None: `once` where there is an upstream, but `none` where CI is set in the environment."""
    rules: tuple[Path, ...] = ()
    """Files of rules, which answer before anything else does; those of the first come first."""
    upstreams: tuple[str, ...] = ()
    """`URL` or `NAME=URL`."""
    pace: float = 0.0
    """What times are multiplied with, see `words.pace_of`."""
    seed: int = 0
    any_model: bool = False
    api_keys: tuple[str, ...] = ()
    """The keys that are taken; any, where none is given."""
    repeat: str = "last"
    miss_status: int = 418
    match: str | None = None
    """`strict` or `loose`; None is strict."""
    match_on: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    normalize: tuple[str, ...] = ()
    api_key_env: tuple[str, ...] = ()
    """`VAR` or `NAME=VAR`."""
    idle_timeout: float = 120.0
    """Seconds."""
    max_body: int = 32
    """MiB."""
    record_failures: bool = False

    def __post_init__(self) -> None:
        checked({name: getattr(self, name) for name in (*WORDS, *RANGES)})
        if self.profile is None and not self.cassettes and not self.rules:
            from mockprovider.profiles.loading import shipped

            names = ", ".join(shipped())
            raise InputError(f"nothing to serve: give --profile NAME ({names}), --cassette DIR or --rules FILE")
        if not self.upstreams and self.mode in ("once", "new_episodes", "all"):
            raise InputError(f"--mode {self.mode} records, so it needs --upstream URL")
        if self.upstreams and not self.cassettes:
            raise InputError("--upstream records, so it needs --cassette DIR to keep it in")


def mock_of(options: Options, say: Say, tell: Say = lambda _: None) -> "Mock":
    """What is served: recordings, a profile, a recorder into the first cassette.

    `say` is for warnings, `tell` for a line about each exchange that was kept. Raises InputError for what can't be
    opened or used.
    """
    from mockprovider.serving.app import Mock, Mode

    replay = _replay_of(options, say) if options.cassettes else None
    mock = Mock(replay, mode=Mode(options.mode or _usual_mode(options)), speed=options.pace, say=say)
    if options.upstreams and replay is not None:
        from mockprovider.sources.record import Record, Settings
        from mockprovider.sources.upstream import upstreams

        ways = upstreams(options.upstreams, options.api_key_env)
        settings = Settings(options.idle_timeout, options.max_body * 2**20, options.record_failures)
        afresh = mock.mode is Mode.ALL
        mock.record = Record(replay.cassettes[0], ways, settings, mock.clock, afresh=afresh, say=say, tell=tell)
    if options.profile is not None:
        mock.synthesize = _synthesize_of(options.profile, options)
    for file in reversed(options.rules):
        mock.load_rules(file)
    return mock


def asks_the_upstream(mock: "Mock") -> bool:
    """Whether some requests may be passed on to an upstream."""
    return mock.record is not None and mock.mode != "none"


def _usual_mode(options: Options) -> str:
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false", "no")
    return "once" if options.upstreams and not in_ci else "none"


def _replay_of(options: Options, say: Say) -> "Replay":
    """The recordings in the folders; the first is made if need be where there is something to record."""
    from mockprovider.cassettes.store import Cassette
    from mockprovider.sources.replay import Replay

    first, whole = options.cassettes[0], [folder.resolve() for folder in options.cassettes]
    for folder in options.cassettes:
        if whole.count(folder.resolve()) > 1:
            raise InputError(f"{folder}: given twice; its recordings would be counted twice")
    rules, records = _rules_of(options), bool(options.upstreams)
    cassettes = [Cassette.open(folder, create=records and folder == first, rules=rules) for folder in options.cassettes]
    for warning in (warning for cassette in cassettes for warning in cassette.warnings):
        say(warning)
    return Replay(cassettes, repeat=options.repeat, miss_status=options.miss_status, say=say)


def _rules_of(options: Options) -> "Rules":
    from mockprovider.cassettes.matching.rules import PARTS, Rules

    return Rules(options.match_on or PARTS, options.ignore, options.normalize, options.match == "loose")


def _synthesize_of(profile: "str | Path | Profile", options: Options) -> "Synthesize":
    from mockprovider.profiles.loading import load, shipped
    from mockprovider.sources.synthesize import Synthesize

    ours = isinstance(profile, str) and profile in shipped()  # tests have tried every form of it
    loaded = load(str(profile)) if isinstance(profile, str | Path) else profile
    keys = frozenset(options.api_keys)
    return Synthesize(loaded, any_model=options.any_model, seed=options.seed, api_keys=keys, rehearse=not ours)
