"""The way to an upstream: one HTTP connection an exchange, what may pass on it, and how it ended.

aiohttp speaks HTTP; a tap on its connections keeps what it lets go: it drops the head of an answer when framing breaks
in the same segment, and tells no reset from a close where the body goes on until the close (both seen with 3.14).
"""

import asyncio
import functools
import os
import re
import ssl
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from yarl import URL

from mockprovider.cassettes.secrets.redact import KEY_HEADERS
from mockprovider.errors import InputError, did_you_mean
from mockprovider.sources.refusal import refusal
from mockprovider.tape import Framing, Head, Headers, Request, Tape, end_to_end

_NOT_FORWARDED = {b"host", b"expect", b"proxy-authorization"}
"""aiohttp writes the host; our own server has answered the expectation; the proxy credentials were for us."""
_OURS = b"x-mockprovider-"
_NAMED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)")


class Upstream:
    """A base URL, mounted at `/name` or, with no name, at the root; and the real API key, if one is put in."""

    def __init__(self, spec: str, api_key_env: str | None = None) -> None:
        """`spec` is `URL` or `NAME=URL`."""
        named = _NAMED.fullmatch(spec)
        self.name, url = (named[1], named[2]) if named else ("", spec)
        self.url = checked_upstream(url)
        if self.url.startswith("https:"):
            _check_certificates()
        self._key = _real_key(api_key_env)
        self._session: aiohttp.ClientSession | None = None

    @property
    def spec(self) -> str:
        """What was given: `URL` or `NAME=URL`."""
        return f"{self.name}={self.url}" if self.name else self.url

    @property
    def secrets(self) -> list[bytes]:
        """What must not be kept though no client sent it."""
        return [self._key] if self._key is not None else []

    def takes(self, request: Request) -> bool:
        """Whether the path of a request leads here."""
        return not self.name or request.path == f"/{self.name}" or request.path.startswith(f"/{self.name}/")

    def send(self, request: Request, body: Any) -> Any:
        """Aiohttp's request context manager for a request; its path stands behind the upstream's own."""
        target = request.target.removeprefix(f"/{self.name}") if self.name else request.target
        return self._open_session().request(
            request.method,
            URL(self.url + target, encoded=True),
            headers=self._headers(request.headers),
            data=body or None,
            allow_redirects=False,
        )

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=_TappedConnector(limit=0),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=30),
                trust_env=True,
                max_line_size=2**16,
                max_field_size=2**17,
            )
        return self._session

    def _headers(self, headers: Headers) -> list[tuple[str, str]]:
        pairs = [
            (name, value)
            for name, value in end_to_end(headers)
            if name.lower() not in _NOT_FORWARDED and not name.lower().startswith(_OURS)
        ]
        if self._key is not None:
            pairs = _with_key(pairs, self._key)
        return [(name.decode("latin-1"), _as_text(value)) for name, value in pairs]


def upstreams(specs: Sequence[str], api_key_envs: Sequence[str]) -> list[Upstream]:
    """An upstream for each `URL` or `NAME=URL`, the unnamed one last; keys are from `VAR` (all) or `NAME=VAR` (one)."""
    keys = dict[str, str]()
    for each in api_key_envs:
        name, equals, variable = each.partition("=")
        keys[name if equals else ""] = variable if equals else each
    names = [named[1] if (named := _NAMED.fullmatch(spec)) else "" for spec in specs]
    for name in keys:
        if name and name not in names:
            raise InputError(f"--api-key-env {name}=...: no upstream is called {name!r}{did_you_mean(name, names)}")
    for name in names:
        if names.count(name) > 1:
            what = f"two upstreams are called {name!r}" if name else "two upstreams stand at the root"
            raise InputError(f"--upstream: {what}; --upstream NAME=URL mounts one at /NAME")
    made = [Upstream(spec, keys.get(name, keys.get(""))) for spec, name in zip(specs, names, strict=True)]
    return sorted(made, key=lambda upstream: not upstream.name)


def nowhere(request: Request, known: Sequence[Upstream]) -> Tape:
    """404 for a request whose path leads to no upstream."""
    mounts = ", ".join(f"/{upstream.name}" for upstream in known)
    return refusal(404, "unknown_upstream", f"no upstream stands at {request.path}; there are {mounts}")


def head_of(response: aiohttp.ClientResponse, method: str, at: float) -> Head:
    """The head of an answer, names in their case and order, without hop-by-hop fields."""
    reason = (response.reason or "").encode("utf-8", "surrogateescape")
    return Head(at, response.status, end_to_end(response.raw_headers), reason, _framing(method, response))


def _framing(method: str, response: aiohttp.ClientResponse) -> Framing:
    names = {name.lower(): value.lower() for name, value in response.raw_headers}
    if method == "HEAD" or response.status in (204, 304) or 100 <= response.status < 200:
        return Framing.NONE
    if b"chunked" in names.get(b"transfer-encoding", b""):
        return Framing.CHUNKED
    return Framing.LENGTH if b"content-length" in names else Framing.CLOSE


taps_seen: ContextVar[list["Tap"]] = ContextVar("taps_seen")
"""The connections that the current task was given, for whoever sets it before it sends."""


class Tap(ResponseHandler):
    """aiohttp's connection, which also remembers how it ended and what its parser refused. It serves one exchange."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.lost: BaseException | None = None
        self.raw = bytearray()
        self.rejected: bytes | None = None
        self._on_rejected: Callable[[], None] | None = None

    def set_response_params(self, **parameters: Any) -> None:
        taps_seen.get([]).append(self)
        self.force_close()
        super().set_response_params(**parameters)

    def head_was_seen(self, on_rejected: Callable[[], None]) -> None:
        """The head was delivered, so raw bytes are kept no longer."""
        self.raw.clear()
        self._on_rejected = on_rejected
        if self.rejected is not None:
            on_rejected()

    def data_received(self, data: bytes) -> None:
        if self._on_rejected is None and len(self.raw) < 2**20:
            self.raw += data
        super().data_received(data)
        if data and self.exception() is not None and self.rejected is None:
            self.rejected = data
            if self._on_rejected is not None:
                self._on_rejected()

    def connection_lost(self, exc: BaseException | None) -> None:
        self.lost = exc
        super().connection_lost(exc)


class _TappedConnector(aiohttp.TCPConnector):
    """Connections with a tap. `_factory` is aiohttp's own place for it, though not a public one; a test holds it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._factory = functools.partial(Tap, loop=self._loop)  # type: ignore[assignment]


def checked_upstream(url: str) -> str:
    """An upstream's URL without its last slash, or an error that says what one looks like."""
    example = "an upstream looks like https://api.example.com, https://host/api/paas/v4 or NAME=URL"
    try:
        parsed = URL(url)
    except ValueError as problem:
        raise InputError(f"--upstream {url}: {problem}; {example}") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InputError(f"--upstream {url}: not an http or https URL; {example}")
    if parsed.user or parsed.password:
        raise InputError(
            f"--upstream: a user and password can't be part of it; {example}, and --api-key-env sends a key"
        )
    if re.search(r"\s", url):
        raise InputError(f"--upstream {url}: a space can't be part of it; {example}")
    if parsed.query_string or parsed.fragment:
        raise InputError(f"--upstream {url}: a query or fragment can't be part of it; {example}")
    return url.rstrip("/")


def _check_certificates() -> None:
    """OpenSSL passes over a file of certificates that is not there, and then trusts nobody."""
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        path = os.environ.get(variable)
        if path and not Path(path).exists():
            raise InputError(f"{variable}={path}: no such file or folder, so no certificate could be checked")


def _real_key(variable: str | None) -> bytes | None:
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise InputError(f"--api-key-env {variable}: the environment variable {variable} is not set")
    if not value.isascii() or not value.isprintable() or value != value.strip():
        raise InputError(
            f"--api-key-env {variable}: the value holds white space or control characters; is there a newline?"
        )
    return value.encode()


def _as_text(value: bytes) -> str:
    """A header's value for aiohttp, which writes UTF-8: the bytes come out as they are wherever they are UTF-8."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _with_key(pairs: list[tuple[bytes, bytes]], key: bytes) -> list[tuple[bytes, bytes]]:
    """The real key wherever the client put its dummy one; as a bearer token if it put none."""
    if any(name.lower() in KEY_HEADERS for name, _ in pairs):
        return [(name, key if name.lower() in KEY_HEADERS else value) for name, value in pairs]
    return [pair for pair in pairs if pair[0].lower() != b"authorization"] + [(b"Authorization", b"Bearer " + key)]


NEVER_REACHED = (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError)
"""What goes wrong before a request has left: what came on the connection by then is a proxy's, not the upstream's."""


def unreachable(problem: Exception, upstream: str) -> Tape:
    """502 for an upstream that can't be reached, with the cause in words."""
    reason = str(problem) or type(problem).__name__
    match problem:
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLError() | aiohttp.ClientSSLError():
            code, message = "upstream_tls_failure", f"TLS with the upstream {upstream} failed: {reason}"
        case aiohttp.ClientHttpProxyError():
            told = f"{problem.status} {problem.message}".strip()
            code, message = "proxy_refused", f"the proxy on the way to the upstream {upstream} refused: {told}"
        case aiohttp.ClientConnectorDNSError():
            code, message = "upstream_unreachable", f"the upstream's name can't be resolved: {reason}"
        case aiohttp.ServerTimeoutError() | TimeoutError():
            return refusal(504, "upstream_timeout", f"connecting to the upstream {upstream} took too long: {reason}")
        case aiohttp.InvalidURL() | ValueError():
            code, message = "upstream_bad_url", f"no valid URL results from the upstream {upstream}: {reason}"
        case _:
            code, message = "upstream_unreachable", f"the upstream {upstream} can't be reached: {reason}"
    return refusal(502, code, message)


def silent(seconds: float, upstream: str) -> Tape:
    """504 for an upstream that was connected and said nothing."""
    message = f"the upstream {upstream} sent nothing for {seconds:g} s (--idle-timeout)"
    return refusal(504, "upstream_timeout", message)
