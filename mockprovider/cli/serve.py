"""`serve`, `record` and `replay`: three doors to one server."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.serving.app import Mock

F = TypeVar("F", bound=Callable[..., Any])

ENVIRONMENT = {"auto_envvar_prefix": "MOCKPROVIDER"}
"""Every long option has an environment variable: MOCKPROVIDER_PORT for --port."""

MODES = ("none", "once", "new_episodes", "all")


class _Pace(click.ParamType[float]):
    """`instant`, `recorded`, `profile`, or a speed such as 2x; the value is what times are multiplied with."""

    name = "pace"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 click's signature
        return "[instant|recorded|profile|2x|0.5x]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        if value in ("instant", "recorded", "profile"):
            return 0.0 if value == "instant" else 1.0
        try:
            speed = float(str(value).removesuffix("x"))
        except ValueError:
            speed = 0.0
        if not str(value).endswith("x") or not 0.001 <= speed <= 1000:
            self.fail(
                f"{value!r} is no pace; take instant, recorded, profile, or a speed from 0.001x to 1000x", param, ctx
            )
        return 1 / speed


def _listening(command: F) -> F:
    command = click.option(
        "--port", default=4242, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
    )(command)
    return click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")(command)


def _recording(command: F) -> F:
    for option in (
        click.option(
            "--record-failures", is_flag=True, help="Record the 502 or 504 for an upstream that can't be reached."
        ),
        click.option(
            "--max-body",
            default=32,
            show_default=True,
            type=click.IntRange(1, 4096),
            metavar="MIB",
            help="What is longer passes, but is not kept.",
        ),
        click.option(
            "--idle-timeout",
            default=120.0,
            show_default=True,
            type=click.FloatRange(0.1),
            metavar="SECONDS",
            help="Silence after which the upstream is given up.",
        ),
        click.option(
            "--api-key-env", metavar="VAR", help="Send the key in this environment variable instead of the client's."
        ),
    ):
        command = option(command)
    return command


@click.command(
    context_settings=ENVIRONMENT,
    epilog="""\b
Examples:
  mockprovider serve --profile deepseek-like
  mockprovider serve --profile openai --port 0 --pace profile
  mockprovider serve --cassette tapes/ --mode new_episodes --upstream https://api.deepseek.com
""",
)
@click.option("--profile", metavar="NAME|FILE", help="The provider to behave as; see `profiles/`.")
@click.option(
    "--cassette",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Recordings to replay; may be given several times.",
)
@click.option(
    "--mode", type=click.Choice(MODES), help="When to record. Default: once with --upstream, but none where CI is set."
)
@click.option("--upstream", metavar="URL", help="Where what is recorded comes from.")
@click.option("--pace", type=_Pace(), default="instant", show_default=True, help="When the parts of an answer leave.")
@click.option("--any-model", is_flag=True, help="Take any model name.")
@click.option("--api-key", multiple=True, metavar="KEY", help="Refuse any other key; may be given several times.")
@click.option("--seed", default=0, show_default=True, help="Another seed gives other ids and figures.")
@_recording
@_listening
def serve(
    profile: str | None,
    cassette: tuple[Path, ...],
    mode: str | None,
    upstream: str | None,
    pace: float,
    any_model: bool,
    api_key: tuple[str, ...],
    seed: int,
    host: str,
    port: int,
    **recording: Any,
) -> None:
    """Behave as a provider does, or answer from recordings, or both."""
    if profile is None and not cassette:
        raise InputError("nothing to serve: give --profile NAME (openai, deepseek-like) or --cassette DIR")
    if upstream is None and mode in ("once", "new_episodes", "all"):
        raise InputError(f"--mode {mode} records, so it needs --upstream URL")
    if upstream is not None and not cassette:
        raise InputError("--upstream records, so it needs --cassette DIR to keep it in")
    chosen = mode or ("once" if upstream and not os.environ.get("CI") else "none")
    mock = _mock(list(cassette), chosen, pace, upstream, recording)
    if profile is not None:
        from mockprovider.profiles.loading import load
        from mockprovider.sources.synthesize import Synthesize

        mock.synthesize = Synthesize(load(profile), any_model=any_model, seed=seed, api_keys=frozenset(api_key))
    _serve(mock, host, port)


@click.command(
    context_settings=ENVIRONMENT,
    epilog="""\b
Examples:
  mockprovider record --upstream https://api.deepseek.com --cassette tapes/
  DEEPSEEK_API_KEY=sk-... mockprovider record --upstream https://api.deepseek.com --cassette tapes/ \\
      --api-key-env DEEPSEEK_API_KEY
""",
)
@click.option(
    "--upstream", required=True, metavar="URL", help="The provider; a path in it stands before the request's."
)
@click.option(
    "--cassette",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to record into; made if need be.",
)
@click.option("--mode", type=click.Choice(MODES), default="all", show_default=True, help="When to record.")
@click.option(
    "--pace", type=_Pace(), default="recorded", show_default=True, help="For what is replayed in the other modes."
)
@_recording
@_listening
def record(upstream: str, cassette: Path, mode: str, pace: float, host: str, port: int, **recording: Any) -> None:
    """Keep real exchanges: pass requests on to a provider, and what it answers to the client and to disk."""
    _serve(_mock([cassette], mode, pace, upstream, recording), host, port)


@click.command(
    context_settings=ENVIRONMENT,
    epilog="""\b
Examples:
  mockprovider replay tapes/
  mockprovider replay tapes/ --pace instant --port 0
""",
)
@click.argument("cassettes", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CASSETTE...")
@click.option("--pace", type=_Pace(), default="recorded", show_default=True, help="When the parts of an answer leave.")
@click.option(
    "--repeat",
    type=click.Choice(["last", "cycle", "refuse"]),
    default="last",
    show_default=True,
    help="What follows the last recording of a request.",
)
@click.option(
    "--miss-status",
    default=418,
    show_default=True,
    type=click.IntRange(400, 599),
    help="Status for a request that is not recorded.",
)
@_listening
def replay(cassettes: tuple[Path, ...], pace: float, repeat: str, miss_status: int, host: str, port: int) -> None:
    """Give recordings back, byte by byte, chunk by chunk, moment by moment."""
    _serve(_mock(list(cassettes), "none", pace, repeat=repeat, miss_status=miss_status), host, port)


def _mock(
    folders: Sequence[Path],
    mode: str,
    pace: float,
    upstream: str | None = None,
    recording: Mapping[str, Any] | None = None,
    **replaying: Any,
) -> "Mock":
    """What is to be served: recordings to replay, and where there is an upstream a recorder into the first of them."""
    from mockprovider.cassettes.store import Cassette
    from mockprovider.serving.app import Mock, Mode
    from mockprovider.sources.replay import Replay

    cassettes = [Cassette.open(folder, create=upstream is not None and folder == folders[0]) for folder in folders]
    for cassette in cassettes:
        for warning in cassette.warnings:
            _warn(warning)
    mock = Mock(Replay(cassettes, **replaying) if cassettes else None, mode=Mode(mode), speed=pace, say=_warn)
    if upstream is not None and recording is not None:
        from mockprovider.sources.record import Record, Settings
        from mockprovider.sources.upstream import Upstream

        way = Upstream(upstream, recording["api_key_env"])
        settings = Settings(recording["idle_timeout"], recording["max_body"] * 2**20, recording["record_failures"])
        afresh = mock.mode is Mode.ALL
        mock.record = Record(cassettes[0], way, settings, mock.clock, afresh=afresh, say=_warn)
    return mock


def _serve(mock: "Mock", host: str, port: int) -> None:
    from mockprovider.serving.server import Server, listen, url_of

    listener = listen(host, port)
    Server(mock.app(), listener, lambda: _announce(mock, url_of(listener))).serve_until_stopped()


def _announce(mock: "Mock", url: str) -> None:
    """A few lines: what is served where, and a request to try."""
    roots = [""]
    model = "MODEL"
    if mock.synthesize is not None:
        profile = mock.synthesize.profile
        roots, model = profile.paths.roots, next(iter(profile.models.known))
        _say(f"{profile.name}: {profile.bites}")
    if mock.replay is not None:
        for cassette in mock.replay.cassettes:
            _say(f"{cassette.folder}: {len(cassette.entries)} recorded exchanges")
    if mock.record is not None:
        _say(f"upstream {mock.record.upstream.url}, mode {mock.mode}")
    _say(f"listening on {url}  (Ctrl-C ends it)")
    if mock.synthesize is not None:
        _say(f"base URL     {'  or  '.join(url + root for root in roots)}")
    else:
        _say(f"base URL     {url} stands for the upstream's own; keep what the client adds, such as /v1")
    root = "/v1" if "/v1" in roots or mock.synthesize is None else roots[0]
    _say(f"try          curl {url}{root}/chat/completions -H 'Authorization: Bearer sk-test' \\")
    _say("               -H 'Content-Type: application/json' \\")
    _say(f"""               -d '{{"model": "{model}", "messages": [{{"role": "user", "content": "Hello"}}]}}'""")


def _say(text: str) -> None:
    click.echo(text)


def _warn(text: str) -> None:
    click.echo(f"{click.style('warning:', fg='yellow')} {text}", err=True)
