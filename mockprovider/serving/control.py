"""The control plane under `/-/`: loopback only, and only under a name of this machine.

The check of `Host` keeps a web page in a browser from reaching it through DNS rebinding.
"""

import ipaddress
import re
from collections.abc import Callable
from time import monotonic
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mockprovider import __version__
from mockprovider.serving.journal import Journal

ROOT = "/-"


def control_plane(journal: Journal, describe: Callable[[], dict[str, Any]]) -> BaseRoute:
    """The routes of the control plane; `describe` says what is being served."""
    started = monotonic()

    async def health(_: Request) -> Response:
        uptime = round(monotonic() - started, 3)
        return JSONResponse({"status": "ok", "version": __version__, "uptime": uptime, **describe()})

    async def entries(request: Request) -> Response:
        if request.method == "DELETE":
            journal.clear()
            return Response(status_code=204)
        query = request.query_params
        last = query.get("last")
        if last is not None and not re.fullmatch("[0-9]{1,9}", last):
            return _refused(400, "bad_parameter", f"last={last}: a whole number belongs here, as in /-/journal?last=10")
        number = None if last is None else int(last)
        chosen = journal.select(tenant=query.get("key"), source=query.get("source"), last=number)
        return JSONResponse({"entries": chosen})

    routes = [Route("/health", health), Route("/journal", entries, methods=["GET", "DELETE"])]
    known = [f"{ROOT}{route.path}" for route in routes]

    async def nothing_here(request: Request) -> Response:
        return _refused(404, "unknown_control", f"{request.url.path} is not here; there are {', '.join(known)}")

    rest = Route("/{path:path}", nothing_here, methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
    return Mount(ROOT, app=_LocalOnly(Mount("", routes=[*routes, rest])))


class _LocalOnly:
    """Lets requests pass that come from this machine and name it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        client = request.client.host if request.client else "127.0.0.1"
        if not _is_loopback(client):
            await _refused(403, "not_local", "the control plane answers this machine only")(scope, receive, send)
        elif not _names_this_machine(request.headers.get("host", "")):
            message = "the control plane answers under localhost, 127.0.0.1 or [::1] only"
            await _refused(403, "foreign_host", message)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


_HOST = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|(?P<name>[^:\[\]]+))(?::\d*)?")


def _names_this_machine(host: str) -> bool:
    if (found := _HOST.fullmatch(host)) is None:
        return False
    name = (found["v6"] or found["name"]).rstrip(".").lower()
    return name == "localhost" or _is_loopback(name)


def _refused(status: int, code: str, message: str) -> Response:
    error = {"message": message, "type": "mockprovider_error", "param": None, "code": code}
    return JSONResponse({"error": error}, status)
