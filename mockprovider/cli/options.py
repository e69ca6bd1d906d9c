"""Options that several commands share, in groups, each group a decorator."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mockprovider.errors import InputError
from mockprovider.serving.words import RANGES, WORDS, pace_of

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])

ENVIRONMENT = {"auto_envvar_prefix": "MOCKPROVIDER"}
"""Every long option has an environment variable: MOCKPROVIDER_PORT for --port."""

MODES = WORDS["mode"]


class Pace(click.ParamType[float]):
    """`instant`, `recorded`, `profile`, or a speed such as 2x; the value is what times are multiplied with."""

    name = "pace"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 click's signature
        return "[instant|recorded|profile|2x|0.5x]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            return pace_of(value)
        except InputError as problem:
            self.fail(str(problem), param, ctx)


class ProfileName(click.ParamType[str]):
    """A profile by its name or its file; a shell completes the names, and files where none begins so."""

    name = "profile"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list["CompletionItem"]:  # noqa: ARG002 click's signature
        from click.shell_completion import CompletionItem

        from mockprovider.profiles.loading import shipped

        names = [CompletionItem(name) for name in shipped() if name.startswith(incomplete)]
        return names or [CompletionItem(incomplete, type="file")]


PROFILE = ProfileName()


class Settings(click.ParamType[str]):
    """`KEY=VALUE`; in the environment several, separated by semicolons."""

    name = "setting"

    def split_envvar_value(self, rv: str) -> list[str]:
        from mockprovider.profiles.setting import settings_in

        return settings_in(rv)


def _group(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


listening = _group(
    click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    click.option(
        "--port", default=4242, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
    ),
)

recording = _group(
    click.option(
        "--api-key-env",
        multiple=True,
        metavar="[NAME=]VAR",
        help="Send the key in this environment variable instead of the client's; NAME: to that upstream only.",
    ),
    click.option(
        "--idle-timeout",
        default=120.0,
        show_default=True,
        type=click.FloatRange(*RANGES["idle_timeout"]),
        metavar="SECONDS",
        help="Silence after which the upstream is given up.",
    ),
    click.option(
        "--max-body",
        default=32,
        show_default=True,
        type=click.IntRange(*RANGES["max_body"]),
        metavar="MIB",
        help="What is longer passes, but is not kept.",
    ),
    click.option(
        "--record-failures", is_flag=True, help="Record the 502 or 504 for an upstream that can't be reached."
    ),
)

matching = _group(
    click.option(
        "--match",
        type=click.Choice(WORDS["match"]),
        default=None,
        help="loose: the system prompt and the tool schemas may drift, with a warning. Default: strict.",
    ),
    click.option(
        "--match-on",
        multiple=True,
        metavar="PART",
        help="What counts: method, path, query, body, header.NAME, or in place of the body parts of it: body.messages.",
    ),
    click.option(
        "--ignore", multiple=True, metavar="PATH", help="What does not count: body.user, body.metadata.*, query.v."
    ),
    click.option(
        "--normalize",
        multiple=True,
        metavar="KIND",
        help="What counts as equal: uuid, date, epoch, tool_call_id, temp, cwd, or re:PATTERN.",
    ),
)

replaying = _group(
    click.option(
        "--repeat",
        type=click.Choice(WORDS["repeat"]),
        default="last",
        show_default=True,
        help="What follows the last recording of a request.",
    ),
    click.option(
        "--miss-status",
        default=418,
        show_default=True,
        type=click.IntRange(*RANGES["miss_status"]),
        help="Status for a request that is not recorded.",
    ),
)

verifying = _group(
    click.option(
        "--verify",
        is_flag=True,
        help="At the end, say what was not asked, missed, is stale or looks bad; exit 1 if anything.",
    ),
    click.option("--max-age", metavar="AGE", help="With --verify: recordings older than this are stale (30d, 12h)."),
    click.option(
        "--allow",
        multiple=True,
        type=click.Choice(["leftovers", "misses", "stale", "suspects", "unused_rules", "unscripted"]),
        help="With --verify: list these, but don't fail for them.",
    ),
)

changing = _group(
    click.option(
        "--variant",
        multiple=True,
        metavar="NAME",
        help="The profile as it was at another time, or at another door; `profiles show` names them.",
    ),
    click.option(
        "--set",
        multiple=True,
        type=Settings(),
        metavar="KEY=VALUE",
        help="Another value for a key of the profile: chat.stream.done= (YAML); may be given several times.",
    ),
    click.option(
        "--without",
        multiple=True,
        metavar="KEY",
        help="The baseline's value for a key of the profile: a quirk less; may be given several times.",
    ),
)

serving = _group(
    click.option(
        "--profile",
        multiple=True,
        type=PROFILE,
        metavar="NAME|FILE",
        help="The provider to behave as (`mockprovider profiles list`). Of several each stands at /NAME, and the API "
        "key sk-mock-NAME chooses one at the root; then `NAME:` before what the next three say is for that one.",
    ),
    changing,
    click.option(
        "--cassette",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Recordings to replay; may be given several times.",
    ),
    click.option(
        "--rules",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="What to answer to which request, before anything else does (docs/rules.md); may be given several times.",
    ),
    click.option(
        "--mode",
        type=click.Choice(MODES),
        help="When to record. Default: once with --upstream, but none where CI is set.",
    ),
    click.option(
        "--upstream",
        multiple=True,
        metavar="[NAME=]URL",
        help="Where what is recorded comes from; with a NAME it stands at /NAME, and there may be several.",
    ),
    click.option(
        "--pace", type=Pace(), default="instant", show_default=True, help="When the parts of an answer leave."
    ),
    click.option("--any-model", is_flag=True, help="Take any model name."),
    click.option("--api-key", multiple=True, metavar="KEY", help="Refuse any other key; may be given several times."),
    click.option("--seed", default=0, show_default=True, help="Another seed gives other ids and figures."),
    replaying,
    matching,
    recording,
    verifying,
)
