"""A profile as a page for people, and the page that leads to all of them: every quirk with its source."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from mockprovider.profiles.loading import BASELINE, load, opened
from mockprovider.profiles.quirks import Quirk, quirks
from mockprovider.profiles.schema import Profile, Source

_LONG = 90
"""Characters of a value that are shown."""
_SHORT = 60
"""Characters up to which the baseline's value is shown beside it."""
_REPOSITORY = re.compile(r"(?P<name>[\w.-]+/[\w.-]+)(?: (?:issue|pull) (?P<number>\d+)$)?(?= |$)")
"""What an address begins with that is not a URL: a repository of GitHub, and what is meant there."""
_SIGNS = re.compile(r"[|*\[\]\\`<>&~]|\b_|_\b")
"""What means something in Markdown or HTML."""


def index(names: Iterable[str]) -> str:
    """The page that leads to the pages of these profiles."""
    rows: list[str] = []
    every, addresses = 0, set[str]()
    for name in names:
        profile, found = _read(name)
        sources = _addresses(found)
        every, addresses = every + len(found), addresses | sources
        cells = (f"[{name}](profiles/{name}.md)", _prose(profile.title), _prose(profile.bites))
        figures = (len(found), len(sources), profile.checked, len(profile.variants) or "")
        rows.append(_row(*cells, *map(str, figures)))
    lines = [
        "# Every quirk, with its source",
        "",
        f"{len(rows)} profiles, {every:,} quirks, {len(addresses)} sources. A quirk is a key of a profile whose value",
        "is not the baseline's; the page of a profile has all of its own. How profiles are used and written:",
        "[profiles.md](profiles.md); how true they are: [truth.md](truth.md).",
        "",
        "Made by `mockprovider profiles list --markdown`.",
        "",
        _row("profile", "provider", "what bites", "quirks", "sources", "checked", "variants"),
        _row(*["---"] * 3, *["---:"] * 4),
        *rows,
    ]
    return "\n".join(lines) + "\n"


def page(profile: Profile, found: Sequence[Quirk]) -> str:
    """The page of a profile: what bites, its variants, its quirks with their sources, what was not found."""
    quirky = _counted(len(found), "quirk")
    below = f", extends `{profile.extends}`" if profile.extends else ", the baseline of all others"
    lines = [
        f"# {profile.name}",
        "",
        f"{_prose(profile.title)}: {_prose(profile.bites)}.",
        "",
        f"Checked {profile.checked}{below}. {quirky} from {_counted(len(_addresses(found)), 'source')}.",
        f"Made by `mockprovider profiles show {profile.name} --markdown`.",
    ]
    if profile.variants:
        lines += ["", "## Variants", "", _row("`--variant`", "what is otherwise"), _row("---", "---")]
        lines += [_row(_code(name), _prose(variant.says)) for name, variant in profile.variants.items()]
    for part, members in groupby(found, key=lambda quirk: quirk.key.partition(".")[0]):
        lines += ["", f"## {part}"]
        for source, same in groupby(members, key=lambda quirk: quirk.source):
            lines += ["", _sourced(source), "", _row("key", "here", "baseline"), _row("---", "---", "---")]
            lines += map(_quirk, same)
    if not found:
        lines += _sources(profile)
    if profile.unknown:
        lines += ["", "## Looked for and not found", "", *(f"- {_prose(each)}" for each in profile.unknown)]
    return "\n".join(lines) + "\n"


def _read(name: str) -> tuple[Profile, list[Quirk]]:
    given = opened(name)
    return given.profile, quirks(given.profile, load(BASELINE), given.chain())


def _addresses(found: Iterable[Quirk]) -> set[str]:
    return {quirk.source.at for quirk in found if quirk.source is not None}


def _sources(profile: Profile) -> Iterator[str]:
    """The baseline has no quirks; what it says has sources all the same."""
    yield from ("", "## Sources", "", _row("key", "where it is known from"), _row("---", "---"))
    for key, source in profile.sources.items():
        yield _row(_code(key), _sourced(source))


def _sourced(source: Source | None) -> str:
    if source is None:
        return "*No source.*"
    said = f": {_prose(source.says)}" if source.says else ""
    return f"*{source.confidence}* {source.date}, {_linked(source.at)}{said}"


def _linked(address: str) -> str:
    """An address with a link to it, as far as it leads."""
    if re.fullmatch(r"https?://\S+", address):
        return f"[{_prose(re.sub(r'^https?://', '', address).rstrip('/'))}]({address})"
    found = _REPOSITORY.match(address)
    if found is None:
        return _prose(address)
    below = f"/issues/{found['number']}" if found["number"] else ""
    return f"[{_prose(found[0])}](https://github.com/{found['name']}{below}){_prose(address[found.end() :])}"


def _quirk(quirk: Quirk) -> str:
    value, baseline = _spelled(quirk.value), _spelled(quirk.baseline)
    return _row(_code(quirk.key), _code(_cut(value)), _code(baseline) if len(baseline) <= _SHORT else "")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _spelled(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def _code(text: str) -> str:
    """A text as code, in a cell of a table."""
    return f"<code>{_escaped(text)}</code>" if re.search(r"[`|\\]", text) else f"`{text}`"


def _prose(text: str) -> str:
    """A text in which no sign has a meaning for Markdown but those of code."""
    parts = re.split(r"`([^`]+)`", re.sub(r"\s+", " ", text))
    return "".join(_code(part) if place % 2 else _escaped(part) for place, part in enumerate(parts))


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", text)
