"""What is said once a server answers: what is served, under which base URLs, and a request to try."""

import itertools
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mockprovider.serving.app import Mock
    from mockprovider.tape import Request

_ENDPOINTS = ("/chat/completions", "/responses", "/embeddings", "/completions", "/messages", "/models")
_LOOKED_AT = 20
"""How many recordings of a cassette are looked at for the base URLs that they were asked under."""
_SHORT = 400
"""How long a recorded body may be to stand in a line to try."""


def announce(mock: "Mock", url: str) -> None:
    """Say it on stdout."""
    for line in _lines(mock, url):
        click.echo(line)


def roots(mock: "Mock") -> list[str]:
    """What stands between the server's URL and an endpoint, such as `/v1`, the one to be told first."""
    if mock.synthesize is not None:
        return sorted(mock.synthesize.profile.paths.roots, key=lambda root: root != "/v1")
    if mock.record is not None:
        return [f"/{upstream.name}/v1" if upstream.name else "/v1" for upstream in mock.record.upstreams]
    found = [_root(request.path) for request in _recorded(mock)]
    return list(dict.fromkeys(root for root in found if root is not None)) or ["/v1"]


def _root(path: str) -> str | None:
    end = next((end for end in _ENDPOINTS if path.endswith(end)), None)
    return None if end is None else path.removesuffix(end)


def _recorded(mock: "Mock") -> Iterator["Request"]:
    for cassette in mock.replay.cassettes if mock.replay else ():
        for entry in itertools.islice(cassette.entries, _LOOKED_AT):
            yield cassette.beginning(entry).request


def _lines(mock: "Mock", url: str) -> Iterator[str]:
    if mock.synthesize is not None:
        yield f"{mock.synthesize.profile.name}: {mock.synthesize.profile.bites}"
    for cassette in mock.replay.cassettes if mock.replay else ():
        count = len(cassette.entries)
        yield f"{cassette.folder}: {count} recorded {'exchange' if count == 1 else 'exchanges'}"
    for upstream in mock.record.upstreams if mock.record else ():
        yield f"upstream {upstream.url}{f' at /{upstream.name}' if upstream.name else ''}, mode {mock.mode}"
    yield f"listening on {url}  (Ctrl-C ends it)"
    told = "  or  ".join(url + root for root in roots(mock))
    stands = ""
    if mock.record is not None:
        names = any(upstream.name for upstream in mock.record.upstreams)
        stands = f" ({url}{'/NAME' if names else ''} stands for the upstream's own URL)"
    yield f"base URL     {told}{stands}"
    yield from _to_try(mock, url)


def _to_try(mock: "Mock", url: str) -> Iterator[str]:
    """A command that works: for recordings, one of them."""
    if mock.synthesize is None and mock.record is None:
        for request in _recorded(mock):
            target = shlex.quote(url + request.target)
            if not request.body and request.method == "GET":
                yield f"try          curl -i {target}"
                return
            if len(request.body) <= _SHORT and request.body[:1] == b"{" and request.body.isascii():
                yield f"try          curl -iN {target} -H 'Content-Type: application/json' \\"
                yield f"               -d {shlex.quote(request.body.decode())}"
                return
    model = next(iter(mock.synthesize.profile.models.known)) if mock.synthesize is not None else "MODEL"
    yield f"try          curl {url}{roots(mock)[0]}/chat/completions -H 'Authorization: Bearer sk-test' \\"
    yield "               -H 'Content-Type: application/json' \\"
    yield f"""               -d '{{"model": "{model}", "messages": [{{"role": "user", "content": "Hello"}}]}}'"""
