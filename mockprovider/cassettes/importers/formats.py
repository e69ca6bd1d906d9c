"""The formats that can be imported, in the order in which a file is tried against them."""

import re
from collections.abc import Iterator

from mockprovider.cassettes.importers import (
    aimock,
    azure,
    curl,
    foreign,
    go_vcr,
    har,
    httpmock,
    httprr,
    nock,
    pairs,
    reel,
    ruby_vcr,
    sse_dump,
    vcrpy,
    wiremock,
)
from mockprovider.cassettes.importers.common import Format, Found, Refused, Source
from mockprovider.errors import CassetteError, InputError, did_you_mean

FORMATS: tuple[Format, ...] = (
    vcrpy.FORMAT,
    ruby_vcr.FORMAT,
    go_vcr.FORMAT,
    har.FORMAT,
    aimock.FORMAT,
    reel.FORMAT,
    httprr.FORMAT,
    azure.FORMAT,
    nock.FORMAT,
    httpmock.FORMAT,
    wiremock.FORMAT,
    *pairs.FORMATS,
    curl.FORMAT,
    *sse_dump.FORMATS,
)


def read(source: Source, name: str | None = None) -> tuple[str, Iterator[Found]]:
    """The name of the format of a file ("" for none that is known), and what is in it.

    `name` takes a file for one of this format. What breaks a file in its middle is the last thing found, as `Refused`.
    """
    chosen = named(name) if name is not None else next((form for form in FORMATS if form.claims(source)), None)
    if chosen is None:
        return "", iter([Refused("", foreign.named(source))])
    return chosen.name, _guarded(chosen, source)


def named(name: str) -> Format:
    """The format of this name. Raises InputError, with the closest name, where there is none."""
    chosen = next((form for form in FORMATS if form.name == name), None)
    if chosen is None:
        raise InputError(f"--format {name}: no such format{did_you_mean(name, [form.name for form in FORMATS])}")
    return chosen


def _guarded(form: Format, source: Source) -> Iterator[Found]:
    try:
        yield from form.read(source)
    except CassetteError as problem:
        message = str(problem).removeprefix(source.name).removeprefix(":").strip()
        place = _PLACE.match(message)  # not a part of the reason, so that equal reasons count as one
        yield Refused(f"line {place[1]}" if place else "", message[place.end() :] if place else message)
    except RecursionError:
        yield Refused("", "nested too deeply")


_PLACE = re.compile(r"(\d+)(?::\d+)?: ")
