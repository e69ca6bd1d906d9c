"""What is said once a server answers: what is served, under which base URLs, and a request to try."""

import shlex
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from mockprovider.serving.roots import recorded, roots
from mockprovider.serving.tenants import KEY

if TYPE_CHECKING:
    from mockprovider.serving.app import Mock

_SHORT = 400
"""How long a recorded body may be to stand in a line to try."""


def announce(mock: "Mock", url: str) -> None:
    """Say it on stdout."""
    for line in _lines(mock, url):
        click.echo(line)


def _lines(mock: "Mock", url: str) -> Iterator[str]:
    served = mock.profiles()
    for profile in served:
        yield f"{profile.name}: {profile.bites}"
    for source, count in Counter(
        rule.source for rule in (mock.scripted.script.rules() if mock.scripted else ())
    ).items():
        yield f"{source}: {count} {'rule' if count == 1 else 'rules'}"
    for cassette in mock.replay.cassettes if mock.replay else ():
        count = len(cassette.entries)
        yield f"{cassette.folder}: {count} recorded {'exchange' if count == 1 else 'exchanges'}"
    for upstream in mock.record.upstreams if mock.record else ():
        yield f"upstream {upstream.url}{f' at /{upstream.name}' if upstream.name else ''}, mode {mock.mode}"
    yield f"listening on {url}  (Ctrl-C ends it)"
    several = len(served) > 1
    told = ("\n             " if several else "  or  ").join(url + root for root in roots(mock))
    stands = ""
    if mock.record is not None:
        names = any(upstream.name for upstream in mock.record.upstreams)
        stands = f" ({url}{'/NAME' if names else ''} stands for the upstream's own URL)"
    yield f"base URL     {told}{stands}"
    if several:
        yield f"             or at {url} with the API key {KEY}{served[0].name}, and so on"
    yield from _to_try(mock, url)


def _to_try(mock: "Mock", url: str) -> Iterator[str]:
    """A command that works: for recordings, one of them."""
    if mock.synthesize is None and mock.record is None:
        for request in recorded(mock):
            target = shlex.quote(url + request.target)
            if not request.body and request.method == "GET":
                yield f"try          curl -i {target}"
                return
            if len(request.body) <= _SHORT and request.body[:1] == b"{" and request.body.isascii():
                yield f"try          curl -iN {target} -H 'Content-Type: application/json' \\"
                yield f"               -d {shlex.quote(request.body.decode())}"
                return
    served = mock.profiles()
    model = next(iter(served[0].models.known)) if served else "MODEL"
    yield f"try          curl {url}{roots(mock)[0]}/chat/completions -H 'Authorization: Bearer sk-test' \\"
    yield "               -H 'Content-Type: application/json' \\"
    yield f"""               -d '{{"model": "{model}", "messages": [{{"role": "user", "content": "Hello"}}]}}'"""
