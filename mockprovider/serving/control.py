"""The control plane under `/-/`: loopback only, and only under a name of this machine.

The check of `Host` keeps a web page in a browser from reaching it through DNS rebinding, that of `Origin` a page from
writing to it.
"""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mockprovider import __version__
from mockprovider.errors import InputError
from mockprovider.serving.journal import Journal

ROOT = "/-"


class Served(Protocol):
    """What the control plane speaks for."""

    def describe(self) -> dict[str, Any]:
        """What is being served."""

    def verify(self, max_age: str | None, allowed: Sequence[str]) -> dict[str, Any]:
        """Whether the recordings were used as they were meant. Raises InputError for a bad age or kind."""

    def reset(self, tenant: str | None) -> None:
        """Begin anew."""

    def rules(self) -> list[dict[str, Any]]:
        """The rules in their order, and how often each was used."""

    def add_rules(self, given: Any, name: str, tenant: str | None) -> int:
        """Put rules before those that are there; how many. Raises InputError for a bad one."""

    def remove_rules(self, tenant: str | None) -> None:
        """Take out the rules that were added."""


def control_plane(journal: Journal, served: Served) -> BaseRoute:
    """The routes of the control plane."""
    started = monotonic()

    async def health(_: Request) -> Response:
        uptime = round(monotonic() - started, 3)
        return JSONResponse({"status": "ok", "version": __version__, "uptime": uptime, **served.describe()})

    async def entries(request: Request) -> Response:
        if request.method == "DELETE":
            journal.clear()
            return Response(status_code=204)
        query = request.query_params
        last = query.get("last")
        if last is not None and not re.fullmatch("[0-9]{1,9}", last):
            return _refused(400, "bad_parameter", f"last={last}: a whole number belongs here, as in /-/journal?last=10")
        number = None if last is None else int(last)
        bodies = query.get("bodies", "") not in ("", "0", "false")
        chosen = journal.select(tenant=query.get("key"), source=query.get("source"), last=number, bodies=bodies)
        return JSONResponse({"entries": chosen})

    async def verify(request: Request) -> Response:
        query = request.query_params
        try:
            return JSONResponse(served.verify(query.get("max_age"), query.getlist("allow")))
        except InputError as problem:
            return _refused(400, "bad_parameter", str(problem))

    async def reset(request: Request) -> Response:
        served.reset(request.query_params.get("key"))
        return Response(status_code=204)

    async def rules(request: Request) -> Response:
        tenant = request.query_params.get("key")
        match request.method:
            case "POST":
                try:
                    added = served.add_rules(await request.body(), "POST /-/rules", tenant)
                except InputError as problem:
                    return _refused(400, "bad_rule", str(problem))
                return JSONResponse({"added": added}, 201)
            case "DELETE":
                served.remove_rules(tenant)
                return Response(status_code=204)
        return JSONResponse({"rules": served.rules()})

    routes = [
        Route("/health", health),
        Route("/rules", rules, methods=["GET", "POST", "DELETE"]),
        Route("/journal", entries, methods=["GET", "DELETE"]),
        Route("/verify", verify),
        Route("/reset", reset, methods=["POST"]),
    ]
    methods = {f"{ROOT}{route.path}": sorted(route.methods or ()) for route in routes}

    async def nothing_here(request: Request) -> Response:
        path = request.url.path
        if (allowed := methods.get(path)) is not None:
            message = f"{path} takes {', '.join(allowed)}, not {request.method}"
            return _refused(405, "wrong_method", message, {"allow": ", ".join(allowed)})
        return _refused(404, "unknown_control", f"{path} is not here; there are {', '.join(methods)}")

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
        elif (origin := request.headers.get("origin")) and origin.partition("://")[2] != request.headers["host"]:
            message = f"the control plane takes nothing from the page at {origin}"
            await _refused(403, "foreign_page", message)(scope, receive, send)
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


def _refused(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    error = {"message": message, "type": "mockprovider_error", "param": None, "code": code}
    return JSONResponse({"error": error}, status, headers)
