"""The base URLs that clients are given: what stands between a server's URL and an endpoint."""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockprovider.serving.app import Mock
    from mockprovider.tape import Request

_ENDPOINTS = ("/chat/completions", "/responses", "/embeddings", "/completions", "/messages", "/models")
_LOOKED_AT = 20
"""How many recordings of a cassette are looked at for the base URLs that they were asked under."""


def roots(mock: "Mock") -> list[str]:
    """What stands between the server's URL and an endpoint, such as `/v1`, the one to be told first."""
    if mock.synthesize is not None:
        return sorted(mock.synthesize.profile.paths.roots, key=lambda root: root != "/v1")
    if mock.record is not None:
        return [f"/{upstream.name}/v1" if upstream.name else "/v1" for upstream in mock.record.upstreams]
    found = [_root(request.path) for request in recorded(mock)]
    return list(dict.fromkeys(root for root in found if root is not None)) or ["/v1"]


def recorded(mock: "Mock") -> Iterator["Request"]:
    """Requests that were recorded, the first few of each cassette."""
    for cassette in mock.replay.cassettes if mock.replay else ():
        for entry in itertools.islice(cassette.entries, _LOOKED_AT):
            yield cassette.beginning(entry).request


def _root(path: str) -> str | None:
    end = next((end for end in _ENDPOINTS if path.endswith(end)), None)
    return None if end is None else path.removesuffix(end)
