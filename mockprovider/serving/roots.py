"""The base URLs that clients are given: what stands between a server's URL and an endpoint."""

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockprovider.profiles.schema import Profile
    from mockprovider.serving.app import Mock
    from mockprovider.tape import Request

_ENDPOINTS = ("/chat/completions", "/responses", "/embeddings", "/completions", "/messages", "/models")
_HOLE = re.compile(r"\{(\w+)\}")
_LOOKED_AT = 20
"""How many recordings of a cassette are looked at for the base URLs that they were asked under."""


def roots(mock: "Mock") -> list[str]:
    """What stands between the server's URL and an endpoint, such as `/v1`, the one to be told first."""
    served = mock.profiles()
    if len(served) == 1:
        return roots_of(served[0])
    if served:
        return [f"/{profile.name}{roots_of(profile)[0]}" for profile in served]
    if mock.record is not None:
        return [f"/{upstream.name}/v1" if upstream.name else "/v1" for upstream in mock.record.upstreams]
    found = [_root(request.path) for request in recorded(mock)]
    return list(dict.fromkeys(root for root in found if root is not None)) or ["/v1"]


def roots_of(profile: "Profile") -> list[str]:
    """A profile's roots, /v1 first; one that names the model names the first that is known."""
    model = profile.models.loaded or next(iter(profile.models.known))
    told = [_HOLE.sub(lambda hole: model if hole[1] == "model" else hole[1], root) for root in profile.paths.roots]
    return sorted(told, key=lambda root: root != "/v1")


def recorded(mock: "Mock") -> Iterator["Request"]:
    """Requests that were recorded, the first few of each cassette."""
    for cassette in mock.replay.cassettes if mock.replay else ():
        for entry in itertools.islice(cassette.entries, _LOOKED_AT):
            yield cassette.beginning(entry).request


def _root(path: str) -> str | None:
    end = next((end for end in _ENDPOINTS if path.endswith(end)), None)
    return None if end is None else path.removesuffix(end)
