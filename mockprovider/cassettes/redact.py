"""Secrets are removed before anything touches the disk.

A credential is found by where it stands (a header, a query parameter) and, once found, wherever else its value
appears: in a body, echoed in an error, cut by a chunk boundary. In bodies a placeholder is as long as the secret, so
lengths, offsets and chunk boundaries stay true.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mockprovider.tape import Chunk, Exchange, Garbage, Headers, Request, Tape

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
        b"x-api-token",
        b"x-auth",
        b"x-auth-token",
        b"x-goog-api-key",
        b"x-litellm-api-key",
        b"x-portkey-api-key",
    }
)
"""Headers whose whole value is a credential, with or without a scheme before it."""

KEY_HEADERS = frozenset({b"api-key", b"x-api-key", b"x-goog-api-key"})
"""Headers in which a client may send its key instead of a bearer token."""

ACCOUNT_HEADERS = frozenset({b"openai-organization", b"openai-project", b"x-goog-user-project"})
"""Headers that name an account: no credential, but nobody else's business."""

MATCHING_HEADERS = SECRET_HEADERS | ACCOUNT_HEADERS | {b"content-type"}
"""The headers on which a match key can depend: what they hold is hidden in the body, and how the body is read."""

SECRET_PARAMETERS = frozenset(
    {"access_key", "access_token", "api-key", "api_key", "apikey", "auth", "key", "sig", "token"}
)
"""Query parameters that carry a credential."""

_ACCOUNT = re.compile(rb"\b(org-|proj_)([A-Za-z0-9]{16,})")
"""How OpenAI writes the ids of organisations and projects, in its rate-limit messages among others."""

_SHORTEST = 8
"""A value shorter than this is not hunted in bodies: it would match by chance."""


def redacted_request(request: Request, known: Iterable[bytes] = ()) -> Request:
    """The request as it may be kept. `known` are secrets that it does not carry in a known place."""
    secrets = [*known, *_secrets(request)]
    return Request(
        request.method,
        _without(request.path.encode(), secrets).decode(),
        _hidden_query(request.query, secrets),
        _hidden_headers(request.headers, secrets),
        _without(request.body, secrets),
    )


def as_matched(request: Request) -> Request:
    """The request with what counts for matching (path, query, body) redacted, and its headers as they are.

    What a recording is matched by is what was kept of it, so a live request is matched by what would be kept of it.
    """
    secrets = _secrets(request)
    path, query = _without(request.path.encode(), secrets).decode(), _hidden_query(request.query, secrets)
    body = _without(request.body, secrets)
    if path == request.path and query == request.query and body is request.body:
        return request
    return Request(request.method, path, query, request.headers, body)


def redacted(exchange: Exchange, known: Iterable[bytes] = ()) -> Exchange:
    """The exchange as it may touch the disk. `known` are secrets that its request does not carry."""
    named = exchange.tape.head.headers if exchange.tape.head else ()
    accounts = [value for name, value in named if name.lower() in ACCOUNT_HEADERS and len(value) >= _SHORTEST]
    secrets = [*known, *accounts, *_secrets(exchange.request)]
    return replace(
        exchange,
        request=redacted_request(exchange.request, known),
        tape=_hidden_tape(exchange.tape, secrets),
        notes=tuple(_without(note.encode(), secrets).decode() for note in exchange.notes),
    )


def _hidden_headers(headers: Headers, secrets: Sequence[bytes]) -> Headers:
    return tuple((name, _hidden_value(name.lower(), value, secrets)) for name, value in headers)


def _hidden_value(name: bytes, value: bytes, secrets: Sequence[bytes]) -> bytes:
    if name in SECRET_HEADERS:
        scheme, space, _ = value.partition(b" ")
        return scheme + space + PLACEHOLDER if space else PLACEHOLDER
    if name in ACCOUNT_HEADERS:
        return PLACEHOLDER
    if name == b"cookie":
        return b";".join(_hidden_cookie(part) for part in value.split(b";"))
    if name == b"set-cookie":
        first, semicolon, attributes = value.partition(b";")
        return _hidden_cookie(first) + semicolon + attributes
    return _without(value, secrets)


def _hidden_cookie(pair: bytes) -> bytes:
    """A cookie with its name, where it has one, and without its value."""
    name, equals, value = pair.partition(b"=")
    blank = name[: len(name) - len(name.lstrip())]
    return name + equals + PLACEHOLDER if equals else (blank + PLACEHOLDER if name.strip() else pair + value)


def _hidden_query(query: str, secrets: Sequence[bytes]) -> str:
    if not query:
        return query

    def hide(pair: str) -> str:
        name, equals, _ = pair.partition("=")
        return name + equals + PLACEHOLDER.decode() if equals and name.lower() in SECRET_PARAMETERS else pair

    return _without("&".join(map(hide, query.split("&"))).encode(), secrets).decode()


def _secrets(request: Request) -> list[bytes]:
    found = {value for name, value in request.headers if name.lower() in ACCOUNT_HEADERS}
    found |= {
        value.partition(b" ")[2].strip() or value for name, value in request.headers if name.lower() in SECRET_HEADERS
    }
    if request.query:
        for pair in request.query.split("&"):
            name, _, value = pair.partition("=")
            if name.lower() in SECRET_PARAMETERS:
                found.add(value.encode("latin-1", "replace"))
    return sorted((secret for secret in found if len(secret) >= _SHORTEST), key=len, reverse=True)


def _without(data: bytes, secrets: Sequence[bytes]) -> bytes:
    """The data with each secret and each account's id overwritten by as many bytes; itself if none is in it."""
    for secret in secrets:
        if secret in data:
            data = data.replace(secret, _placeholder(len(secret)))
    if b"org-" in data or b"proj_" in data:
        clean = _ACCOUNT.sub(lambda found: found[1] + _placeholder(len(found[2])), data)
        data = clean if clean != data else data
    return data


def _placeholder(length: int) -> bytes:
    return (PLACEHOLDER * (length // len(PLACEHOLDER) + 1))[:length]


def _hidden_tape(tape: Tape, secrets: Sequence[bytes]) -> Tape:
    """The tape without the secrets; one may lie across chunks, and across the last chunk and what broke the framing."""
    head = replace(tape.head, headers=_hidden_headers(tape.head.headers, secrets)) if tape.head else None
    ending = tape.ending
    rest = ending.data if isinstance(ending, Garbage) else b""
    said = tape.body + rest
    clean = _without(said, secrets)
    if clean is said:
        return Tape(head, tape.chunks, ending)
    chunks, start = list[Chunk](), 0
    for at, data in tape.chunks:
        chunks.append(Chunk(at, clean[start : start + len(data)]))
        start += len(data)
    return Tape(head, tuple(chunks), Garbage(ending.at, clean[start:]) if rest else ending)
