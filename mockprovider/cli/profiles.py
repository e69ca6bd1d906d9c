"""`profiles`: which there are, what is odd about each, how two differ, and how to write one."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockprovider.cli.group import Group
from mockprovider.cli.options import PROFILE, changing
from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.profiles.quirks import Difference, Quirk
    from mockprovider.profiles.schema import Profile, Source

_COMMANDS = {"check": "check:check"}
_LONG = 100
"""Characters of a value that are shown."""
_SHORT = 60
"""Characters up to which two values are shown in one line."""
_SCHEMA = "profile.schema.json"
"""The schema beside a file that `new` has written."""
_NEW = """\
# yaml-language-server: $schema={schema}
# What each key means: mockprovider profiles schema --markdown
# What this file does not say is what the profile says that it extends.
title: {title}
bites: in one line, what a client stumbles over
checked: {today}
extends: {extends}

# Quirks, and where each is known from. Take away the marks, change them, and look: mockprovider profiles show {file}
#
# chat:
#   stream:
#     usage_frame: always
# errors:
#   rate_limited:
#     status: 429
#     headers: {{content-type: application/json, retry-after: "30"}}
#     body: {{"error": {{"message": "Slow down.", "code": "slow_down"}}}}
#
# sources:
#   chat.stream.usage_frame: {{at: "https://example.com/docs", confidence: documented, date: "{month}"}}
#   errors.rate_limited: {{at: "owner/repository issue 1", confidence: reported, date: "{month}", says: "no type"}}
"""


@click.group(cls=Group, lazy=_COMMANDS, epilog="""\b
Examples:
  mockprovider profiles list
  mockprovider profiles show deepseek-like
  mockprovider profiles diff openai deepseek-like
""")  # fmt: skip
def profiles() -> None:
    """Look at providers' behaviour, and write down another's."""


@profiles.command(name="list", epilog="""\b
Examples:
  mockprovider profiles list
  mockprovider profiles list --json | jq -r '.[] | select(.variants != []) | .name'
  mockprovider profiles list --markdown > docs/quirks.md
""")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", is_flag=True, help="A page that leads to those of `show --markdown`.")
def list_(as_json: bool, markdown: bool) -> None:
    """The profiles that come with mockprovider, and what a client stumbles over in each."""
    from mockprovider import yamlfile
    from mockprovider.profiles.loading import shipped

    if markdown:
        from mockprovider.profiles import pages

        click.echo(pages.index(shipped()), nl=False)
        return
    found = []
    for name, path in shipped().items():
        said = yamlfile.load(yamlfile.read(path), str(path))[0]
        told = {key: said.get(key) for key in ("title", "bites", "checked", "extends")}
        found.append({"name": name, **told, "variants": list(said.get("variants") or ())})
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    width = max(len(each["name"]) for each in found)
    for each in found:
        click.echo(f"{click.style(each['name'].ljust(width), bold=True)}  {each['bites']}")


@profiles.command(epilog="""\b
Examples:
  mockprovider profiles show deepseek-like
  mockprovider profiles show mine.yaml --json | jq -r '.quirks[] | select(.source == null) | .key'
  mockprovider profiles show deepseek-like --full > mine.yaml
  mockprovider profiles show mine.yaml --markdown > mine.md
""")  # fmt: skip
@click.argument("name", type=PROFILE, metavar="NAME|FILE")
@click.option("--full", is_flag=True, help="All that it says, what it inherits included, as a profile's file.")
@changing
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", is_flag=True, help="All of it as a page, its sources linked.")
def show(
    name: str,
    full: bool,
    variant: tuple[str, ...],
    set: tuple[str, ...],  # noqa: A002 the word of the command line
    without: tuple[str, ...],
    as_json: bool,
    markdown: bool,
) -> None:
    """What is odd about a profile, and where that is known from."""
    from mockprovider.profiles.loading import BASELINE, load, opened
    from mockprovider.profiles.quirks import quirks
    from mockprovider.profiles.setting import changes_of

    if len(variant) > 1:
        raise InputError(f"--variant: {' and '.join(variant)} are two; one is shown at a time")
    given = opened(name)
    profile = given.changed(next(iter(variant), None), changes_of(set, without))
    if full:
        _show_all(profile, as_json=as_json)
        return
    found = quirks(profile, load(BASELINE), given.chain())
    if markdown:
        from mockprovider.profiles import pages

        click.echo(pages.page(profile, found), nl=False)
        return
    if as_json:
        click.echo(json.dumps(_plain(profile, found), indent=2, ensure_ascii=False))
        return
    for line in _shown(profile, found):
        click.echo(line)


@profiles.command(epilog="""
Forms and lists are looked into: what is in A is left of the arrow, what is in B is right of it. What is long is cut;
--json has all.

\b
Exit status: 0 equal, 1 different, 2 usage.

\b
Examples:
  mockprovider profiles diff openai deepseek-like
  mockprovider profiles diff deepseek-like mine.yaml --json | jq -r '.differences[].key'
""")  # fmt: skip
@click.argument("one", type=PROFILE, metavar="A")
@click.argument("other", type=PROFILE, metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def diff(context: click.Context, one: str, other: str, as_json: bool) -> None:
    """How two profiles, by name or file, differ in what they do."""
    from mockprovider.profiles.loading import load
    from mockprovider.profiles.quirks import ABSENT, differences

    found = differences(load(one), load(other))
    if as_json:
        sides = [{"a": each.one, "b": each.other} for each in found]
        rows = [{key: value for key, value in side.items() if value is not ABSENT} for side in sides]
        rows = [{"key": each.key, **row} for each, row in zip(found, rows, strict=True)]
        click.echo(json.dumps({"equal": not found, "differences": rows}, indent=2, ensure_ascii=False))
    else:
        for line in _differences(found):
            click.echo(line)
    context.exit(1 if found else 0)


@profiles.command(epilog="""\b
Examples:
  mockprovider profiles schema > profile.schema.json
  mockprovider profiles schema --markdown | less
""")  # fmt: skip
@click.option("--markdown", is_flag=True, help="The vocabulary for people, as a page.")
def schema(markdown: bool) -> None:
    """The JSON Schema of a profile's file, for editors and other programs."""
    from mockprovider.profiles import vocabulary

    click.echo(vocabulary.markdown() if markdown else _schema(), nl=False)


@profiles.command(epilog="""\b
Examples:
  mockprovider profiles new mine --extends deepseek-like
  mockprovider profiles new tests/gateway.yaml
""")  # fmt: skip
@click.argument("name", metavar="NAME|FILE")
@click.option(
    "--extends", default="openai", show_default=True, type=PROFILE, metavar="NAME|FILE", help="What says the rest."
)
def new(name: str, extends: str) -> None:
    """Begin a profile of one's own: a file to fill in, and its schema beside it for the editor."""
    from mockprovider.profiles.loading import load, shipped

    file = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if file.stem in shipped():
        raise InputError(f"{file}: a profile that comes with mockprovider is called {file.stem!r}; take another name")
    load(extends)
    below = extends if extends in shipped() else Path(os.path.relpath(extends, file.parent)).as_posix()
    today = datetime.now(UTC).date().isoformat()
    text = _NEW.format(
        schema=_SCHEMA, title=file.stem, today=today, month=today[:7], extends=json.dumps(below), file=file
    )
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
        file.with_name(_SCHEMA).write_text(_schema(), encoding="utf-8")
    except FileExistsError:
        raise InputError(f"{file}: is there already; take another name") from None
    except OSError as problem:
        raise InputError(f"{problem.filename or file}: {(problem.strerror or str(problem)).lower()}") from None
    click.echo(f"{file}: extends {below}; try it: mockprovider serve --profile {file}")


def _schema() -> str:
    from mockprovider.profiles.vocabulary import json_schema

    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def _show_all(profile: "Profile", *, as_json: bool) -> None:
    from mockprovider import yamlfile
    from mockprovider.profiles.loading import plain

    data = plain(profile)
    click.echo(json.dumps(data, indent=2, ensure_ascii=False) + "\n" if as_json else yamlfile.emit(data), nl=False)


def _plain(profile: "Profile", found: "Sequence[Quirk]") -> dict[str, Any]:
    return {
        "name": profile.name,
        "title": profile.title,
        "bites": profile.bites,
        "checked": profile.checked.isoformat(),
        "extends": profile.extends,
        "variants": {name: variant.says for name, variant in profile.variants.items()},
        "quirks": [
            {"key": each.key, "value": each.value, "baseline": each.baseline, "source": _plain_source(each.source)}
            for each in found
        ],
        "unknown": profile.unknown,
    }


def _plain_source(source: "Source | None") -> dict[str, str] | None:
    if source is None:
        return None
    return {"at": source.at, "confidence": source.confidence, "date": source.date, "says": source.says}


def _shown(profile: "Profile", found: "Sequence[Quirk]") -> Iterator[str]:
    from mockprovider.cli.shown import bold, clean

    yield f"{bold(clean(profile.name))}  {clean(profile.title)}"
    yield f"  {clean(profile.bites)}"
    below = f", extends {clean(profile.extends)}" if profile.extends else ""
    yield f"  checked {profile.checked}{below}, {len(found)} {'quirk' if len(found) == 1 else 'quirks'}"
    for name, variant in profile.variants.items():
        yield clean(f"  --variant {name}: {variant.says}")
    for source, members in groupby(found, key=lambda quirk: quirk.source):
        yield ""
        for quirk in members:
            yield _quirk(quirk)
        yield from (f"    {line}" for line in _sourced(source))
    if profile.unknown:
        yield ""
        yield bold("looked for and not found")
        yield from (clean(f"  {each}") for each in profile.unknown)


def _quirk(quirk: "Quirk") -> str:
    from mockprovider.cli.shown import bold, clean

    value, baseline = _spelled(quirk.value), _spelled(quirk.baseline)
    if len(value) + len(baseline) <= _LONG:
        return f"{bold(clean(quirk.key))}: {value}  (not {baseline})"
    return f"{bold(clean(quirk.key))}: {_cut(value)}"


def _sourced(source: "Source | None") -> Iterator[str]:
    from mockprovider.cli.shown import clean

    if source is None:
        yield click.style("no source", fg="yellow")
        return
    if source.says:
        yield clean(source.says)
    yield click.style(clean(f"{source.confidence} {source.date}  {source.at}"), dim=True)


def _differences(found: "Sequence[Difference]") -> Iterator[str]:
    from mockprovider.cli.shown import bold, clean

    for each in found:
        key, one, other = bold(clean(each.key)), _spelled(each.one), _spelled(each.other)
        if max(len(one), len(other)) <= _SHORT:
            yield f"{key}: {one} → {other}"
        else:
            yield f"{key}:"
            yield click.style(f"  -{_cut(one)}", fg="red")
            yield click.style(f"  +{_cut(other)}", fg="green")


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def _spelled(value: Any) -> str:
    from mockprovider.cli.shown import clean
    from mockprovider.profiles.quirks import ABSENT

    return "nothing" if value is ABSENT else clean(json.dumps(value, ensure_ascii=False))
