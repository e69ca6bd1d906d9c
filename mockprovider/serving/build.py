"""From options to what is served: the command line and `MockProvider` both come through here.

What only some servers need is imported where it is needed, so that each start loads what it serves and no more.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockprovider.errors import InputError
from mockprovider.serving.words import RANGES, WORDS, checked

if TYPE_CHECKING:
    from mockprovider.cassettes.matching.rules import Rules
    from mockprovider.profiles.loading import Opened
    from mockprovider.profiles.schema import Profile
    from mockprovider.profiles.setting import Without
    from mockprovider.serving.app import Mock
    from mockprovider.serving.choosing import Profiles, Served
    from mockprovider.sources.replay import Replay

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)  # what each start makes, it waits for
class Options:
    """What is to be served, as the options of `serve` say it. Raises InputError where they make no sense."""

    profiles: "tuple[str | Path | Profile, ...]" = ()
    variants: tuple[str, ...] = ()
    """`NAME`, or `PROFILE:NAME` where there are several profiles; so also the keys of the next two."""
    changes: tuple[str | tuple[str, Any], ...] = ()
    """`KEY=VALUE`, where the value is YAML, or a key and its value."""
    without: tuple[str, ...] = ()
    """Keys that have the baseline's value."""
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
        if not self.profiles and not self.cassettes and not self.rules:
            raise InputError(
                "nothing to serve: give --profile NAME (`mockprovider profiles list` has them), --cassette DIR or"
                " --rules FILE"
            )
        if not self.profiles and (self.variants or self.changes or self.without):
            raise InputError("--variant, --set and --without change a profile, so they need --profile NAME")
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
    if options.profiles:
        mock.synthesize = _profiles_of(options)
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


def _profiles_of(options: Options) -> "Profiles":
    """The profiles that are served, each as it was asked for."""
    from mockprovider.profiles.loading import Opened, opened, shipped
    from mockprovider.serving.choosing import Profiles

    found = [opened(str(each)) if isinstance(each, str | Path) else Opened.of(each) for each in options.profiles]
    names = [each.profile.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two profiles are called {name!r}; a file says its own: `name: another`")
    ours = shipped()  # tests have tried every form of these
    tried = [isinstance(each, str) and each in ours for each in options.profiles]
    return Profiles(_served(each, options, names, rehearse=not fine) for each, fine in zip(found, tried, strict=True))


def _served(opened: "Opened", options: Options, names: Sequence[str], *, rehearse: bool) -> "Served":
    """A profile to serve: changed as the options say, and then again as requests do."""
    from mockprovider.profiles.setting import Change, changes_of, settings_in
    from mockprovider.serving.choosing import SET, WITHOUT, Served
    from mockprovider.sources.synthesize import Synthesize

    def own(given: Iterable[str]) -> Iterator[str]:
        """What is for this profile of what is given for one, `PROFILE:...`, or for all."""
        for text in given:
            head, colon, rest = text.partition(":")
            whose, told = (head, rest) if colon and head in names else (opened.profile.name, text)
            if whose == opened.profile.name:
                yield told

    variants = list(own(options.variants))
    if len(variants) > 1:
        raise InputError(f"--variant: {' and '.join(variants)} are two; a profile is served as one variant of itself")
    variant = next(iter(variants), None)
    texts = own(each for each in options.changes if isinstance(each, str))
    pairs = [each for each in options.changes if not isinstance(each, str)]
    changes = changes_of(texts, own(options.without))
    changes += [Change(key, value, f"--set {key}") for whole, value in pairs for key in own([whole])]

    def made(more: "Iterable[Change | Without]" = (), beside: Synthesize | None = None) -> Synthesize:
        profile = opened.changed(variant, [*changes, *more])
        return Synthesize(
            profile,
            any_model=options.any_model,
            seed=options.seed,
            api_keys=frozenset(options.api_keys),
            rehearse=rehearse or profile is not opened.profile,
            beside=beside,
        )

    def vary(sets: Sequence[str], without: Sequence[str]) -> Synthesize:
        texts, keys = ([text for line in given for text in settings_in(line)] for given in (sets, without))
        return made(changes_of(texts, keys, (f"{SET.decode()}: ", f"{WITHOUT.decode()}: ")), plain)

    plain = made()
    return Served(plain, vary)
