"""Secrets are removed before anything touches the disk.

A credential is found by where it stands (a header, a query parameter) and, once found, wherever else its value
appears: in a body, echoed in an error, cut by a chunk boundary. In bodies a placeholder is as long as the secret, so
lengths, offsets and chunk boundaries stay true.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from mockprovider.tape import Chunk, Exchange, Headers, Request, Tape

PLACEHOLDER = b"REDACTED"

SECRET_HEADERS = frozenset(
    {
        b"api-key",
        b"authorization",
        b"cf-aig-authorization",
        b"ocp-apim-subscription-key",
        b"proxy-authorization",
        b"x-amz-security-token",
        b"x-api-key",
        b"x-auth-token",
        b"x-goog-api-key",
        b"x-portkey-api-key",
    }
)
"""Headers whose whole value is a credential, with or without a scheme before it."""

ACCOUNT_HEADERS = frozenset({b"openai-organization", b"openai-project", b"x-goog-user-project"})
"""Headers that name an account: no credential, but nobody else's business."""

SECRET_PARAMETERS = frozenset({"access_token", "api-key", "api_key", "apikey", "auth", "key", "sig", "token"})
"""Query parameters that carry a credential."""

_SHORTEST = 8
"""A value shorter than this is not hunted in bodies: it would match by chance."""

_COOKIE = re.compile(rb"(=)([^;]*)")


def redacted_request(request: Request) -> Request:
    """The request as it may be kept, and as it is matched: the same request gives the same on every machine."""
    return replace(
        request,
        query=_query(request.query) if request.query else "",
        headers=_headers(request.headers),
        body=_without(request.body, _secrets(request)),
    )


def as_matched(request: Request) -> Request:
    """The request with what counts for matching (query and body) redacted, and its headers as they are.

    What a recording is matched by is what was kept of it, so a live request is matched by what would be kept of it.
    """
    query = _query(request.query) if request.query else ""
    body = _without(request.body, _secrets(request))
    if query == request.query and body is request.body:
        return request
    return replace(request, query=query, body=body)


def redacted(exchange: Exchange, known: Iterable[bytes] = ()) -> Exchange:
    """The exchange as it may touch the disk. `known` are secrets that its request does not carry."""
    secrets = [*known, *_secrets(exchange.request)]
    tape = exchange.tape
    head = replace(tape.head, headers=_headers(tape.head.headers)) if tape.head else None
    return replace(
        exchange, request=redacted_request(exchange.request), tape=Tape(head, _chunks(tape, secrets), tape.ending)
    )


def _headers(headers: Headers) -> Headers:
    return tuple((name, _value(name.lower(), value)) for name, value in headers)


def _value(name: bytes, value: bytes) -> bytes:
    if name in SECRET_HEADERS:
        scheme, space, _ = value.partition(b" ")
        return scheme + space + PLACEHOLDER if space else PLACEHOLDER
    if name in ACCOUNT_HEADERS:
        return PLACEHOLDER
    if name == b"cookie":
        return _COOKIE.sub(rb"\1" + PLACEHOLDER, value)
    if name == b"set-cookie":
        return _COOKIE.sub(rb"\1" + PLACEHOLDER, value, count=1)
    return value


def _query(query: str) -> str:
    def hide(pair: str) -> str:
        name, equals, _ = pair.partition("=")
        return name + equals + PLACEHOLDER.decode() if equals and name.lower() in SECRET_PARAMETERS else pair

    return "&".join(map(hide, query.split("&")))


def _secrets(request: Request) -> list[bytes]:
    found = {
        value.partition(b" ")[2].strip() or value for name, value in request.headers if name.lower() in SECRET_HEADERS
    }
    if request.query:
        for pair in request.query.split("&"):
            name, _, value = pair.partition("=")
            if name.lower() in SECRET_PARAMETERS:
                found.add(value.encode("latin-1", "replace"))
    return sorted((secret for secret in found if len(secret) >= _SHORTEST), key=len, reverse=True)


def _without(data: bytes, secrets: list[bytes]) -> bytes:
    for secret in secrets:
        if secret in data:
            data = data.replace(secret, (PLACEHOLDER * len(secret))[: len(secret)])
    return data


def _chunks(tape: Tape, secrets: list[bytes]) -> tuple[Chunk, ...]:
    body = tape.body
    clean = _without(body, secrets)
    if clean == body:
        return tape.chunks
    chunks, start = list[Chunk](), 0
    for at, data in tape.chunks:
        chunks.append(Chunk(at, clean[start : start + len(data)]))
        start += len(data)
    return tuple(chunks)
