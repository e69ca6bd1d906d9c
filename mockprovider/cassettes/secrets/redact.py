"""Secrets are removed before anything touches the disk.

A credential is found by where it stands (a header, a query parameter) or by its form (`credentials.py`) and, once
found, wherever else its value appears: in a body, echoed in an error, spelled with escapes, cut by a chunk boundary.

Laws. In paths, queries' other parameters and bodies a placeholder is as long as what it covers, so lengths, offsets and
chunk boundaries stay true and JSON still parses. The same secret has the same placeholder. What was redacted once
stays as it is: text that is covered is not looked into again, on which `cassette lint` stands.
"""

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from urllib.parse import unquote, unquote_to_bytes

from mockprovider.cassettes.secrets.credentials import (
    ACCOUNT_HEADERS,
    KEY_HEADERS,
    PERSONAL,
    PLACEHOLDER,
    SCHEMES,
    SECRET_HEADERS,
    SECRET_PARAMETERS,
    around_marks,
    compiled,
    cover,
    is_mark,
    keys_in,
    mark_of,
    place_of,
)
from mockprovider.cassettes.secrets.fields import Steps, parsed, values_at
from mockprovider.errors import InputError
from mockprovider.tape import Chunk, Exchange, Garbage, Headers, Request, Tape

__all__ = [
    "ACCOUNT_HEADERS",
    "KEY_HEADERS",
    "PLACEHOLDER",
    "SECRET_HEADERS",
    "SECRET_PARAMETERS",
    "STANDARD",
    "Redaction",
    "as_matched",
    "counts_for_matching",
    "redacted",
    "redacted_request",
]

_SHORTEST = 8
"""A value shorter than this is not hunted in bodies: it would match by chance."""
_DUMMY = re.compile(rb".{0,15}|[^0-9]{0,23}", re.DOTALL)
"""A credential that is no key but a word that a client must send, `not-needed`: it is hidden where it stands, and may
stand in a body as what it says."""
_SHORT = 256
"""What is not longer is remembered."""
_SHORTEST_COOKIE = 20
"""Cookies also hold settings, such as a language; a value that names a session is longer."""


@dataclass(frozen=True)
class Redaction:
    """What is redacted beside the standard, as the `redact:` block of a cassette says.

    headers, parameters: names, in any case, whose values are secrets.
    fields: paths to values in JSON bodies and events, `body.user`, `body.metadata.*`.
    patterns: regular expressions; where one has a group, only what the first group matches is hidden.
    personal: whether e-mail addresses and phone numbers are hidden.

    Raises InputError for a pattern or path that is none.
    """

    headers: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    personal: bool = False

    def __post_init__(self) -> None:
        for name in ("headers", "parameters"):
            if any(not value.strip() for value in getattr(self, name)):
                raise InputError(f"redact.{name}: an empty name")
        _ = self.paths, self.own_patterns  # so that what is wrong with them is said now

    @cached_property
    def header_names(self) -> frozenset[bytes]:
        """The names of headers as they are compared."""
        return frozenset(name.strip().lower().encode() for name in self.headers)

    @cached_property
    def parameter_names(self) -> frozenset[str]:
        """The names of all secret parameters as they are compared."""
        return SECRET_PARAMETERS | {name.strip().lower() for name in self.parameters}

    @cached_property
    def paths(self) -> tuple[Steps, ...]:
        """The fields, taken apart."""
        return tuple(parsed(path, "redact.fields") for path in self.fields)

    @cached_property
    def own_patterns(self) -> tuple[re.Pattern[str], ...]:
        """The patterns, compiled."""
        return tuple(compiled(pattern, "redact.patterns") for pattern in self.patterns)


STANDARD = Redaction()


def redacted_request(request: Request, known: Iterable[bytes] = (), rules: Redaction = STANDARD) -> Request:
    """The request as it may be kept. `known` are secrets that it does not carry in a known place."""
    secrets = {**_marked(known), **_known_by_place(request, rules)}
    return replace(_erased(request, secrets, rules), headers=_Eraser.of(secrets, rules).headers(request.headers))


def as_matched(request: Request, rules: Redaction = STANDARD) -> Request:
    """The request with what counts for matching (path, query, body) redacted, and its headers as they are.

    What a recording is matched by is what was kept of it, so a live request is matched by what would be kept of it.
    """
    return _erased(request, _known_by_place(request, rules), rules)


def redacted(exchange: Exchange, known: Iterable[bytes] = (), rules: Redaction = STANDARD) -> Exchange:
    """The exchange as it may touch the disk. `known` are secrets that its request does not carry."""
    known = list(known)
    asked = _known_by_place(exchange.request, rules)
    said = _known_in_headers(exchange.tape.head.headers, rules) if exchange.tape.head else {}
    eraser = _Eraser.of({**_marked(known), **said, **asked}, rules)
    return replace(
        exchange,
        request=redacted_request(exchange.request, known, rules),
        tape=eraser.tape(exchange.tape),
        notes=tuple(eraser.text(note) for note in exchange.notes),
        upstream=eraser.path(_USERINFO.sub("//", exchange.upstream)),
    )


def counts_for_matching(name: bytes, rules: Redaction = STANDARD) -> bool:
    """Whether a match key can depend on a header: what it holds is hidden in the body, or it says how to read that."""
    return _place(name.lower(), rules) in ("secret", "account", "cookie") or name.lower() == b"content-type"


def _place(name: bytes, rules: Redaction) -> str:
    return "secret" if name in rules.header_names else place_of(name)


def _erased(request: Request, secrets: "_Known", rules: Redaction) -> Request:
    """The request with path, query and body redacted; itself where nothing is to be hidden in them.

    What its headers and parameters name as secret has one and the same placeholder here, so that no match key depends
    on the key that somebody asks with, even where the body repeats it.
    """
    eraser = _Eraser.of(dict.fromkeys(secrets, PLACEHOLDER), rules)
    path, query, body = eraser.path(request.path), eraser.query(request.query), eraser.body(request.body)
    if path == request.path and query == request.query and body is request.body:
        return request
    return replace(request, path=path, query=query, body=body)


_Known = dict[bytes, bytes]
"""Secrets that are known, and what stands for each."""

_USERINFO = re.compile(r"//[^/@]*@")
_IN_PATH = re.compile(rb"/accounts/([0-9a-f]{32})(?=/|\Z)|/v1/([0-9a-f]{32})(?=/)|/projects/([^/]+)/locations/")
"""Accounts of Cloudflare's APIs and AI gateway, and projects of Vertex AI, as paths name them."""


def _marked(secrets: Iterable[bytes]) -> _Known:
    return {secret: mark_of(secret) for secret in secrets}


def _known_by_place(request: Request, rules: Redaction) -> _Known:
    """The secrets that a request carries where secrets belong."""
    known = _known_in_headers(request.headers, rules)
    for pair in request.query.split("&") if request.query else ():
        name, _, value = pair.partition("=")
        if unquote(name).lower() in rules.parameter_names:
            both = [value.encode("latin-1", "replace"), unquote_to_bytes(value)]
            named = unquote(name).lower() not in SECRET_PARAMETERS  # by the user, who knows
            known |= _marked(each for each in both if named or not _DUMMY.fullmatch(each))
    if "/" in request.path[1:]:
        known |= _marked(found[found.lastindex or 0] for found in _IN_PATH.finditer(request.path.encode()))
    return known


def _known_in_headers(headers: Headers, rules: Redaction) -> _Known:
    known: _Known = {}
    for name, value in headers:
        match _place(name.lower(), rules):
            case "secret":
                scheme, credential = _taken_apart(value)
                if name.lower() in rules.header_names or not _DUMMY.fullmatch(credential):
                    known[credential] = _mark_in(scheme, credential)
                if b"basic" in scheme.lower():
                    known |= _marked(_password(credential))
            case "account":
                known[value] = mark_of(value)
            case "cookie":
                pairs = (pair.partition(b"=")[2].strip() for pair in value.split(b";"))
                known |= _marked(cookie for cookie in pairs if len(cookie) >= _SHORTEST_COOKIE)
            case "set-cookie":
                cookie = value.partition(b";")[0].partition(b"=")[2].strip()
                known |= _marked([cookie] if len(cookie) >= _SHORTEST_COOKIE else [])
    return known


def _taken_apart(value: bytes) -> tuple[bytes, bytes]:
    """The scheme of a credential, with the space after it, and the credential; no scheme where none is known."""
    scheme, rest = b"", value.strip()
    while (found := rest.partition(b" "))[1] and found[0].lower() in SCHEMES:
        scheme, rest = scheme + found[0] + b" ", found[2].strip()
    return scheme, rest


def _mark_in(scheme: bytes, credential: bytes) -> bytes:
    """What stands for a credential of this scheme; that of Basic holds a password, which could be guessed."""
    return PLACEHOLDER if b"basic" in scheme.lower() else mark_of(credential)


def _password(basic: bytes) -> list[bytes]:
    try:
        return [base64.b64decode(basic, validate=True).partition(b":")[2]]
    except ValueError:
        return []


def _hidden_cookie(pair: bytes) -> bytes:
    """A cookie with its name, where it has one, and without its value."""
    name, equals, value = pair.partition(b"=")
    if equals:
        return name + equals + mark_of(value.strip())
    blank = name[: len(name) - len(name.lstrip())]
    return blank + mark_of(name.strip()) if name.strip() else pair


@dataclass(frozen=True)
class _Eraser:
    """Overwrites secrets: those that are known, longest first, those of a known form, and those of the user's rules."""

    known: tuple[tuple[bytes, bytes], ...]
    rules: Redaction

    @classmethod
    def of(cls, known: _Known, rules: Redaction) -> "_Eraser":
        """An eraser of what is known and long enough to be told from text."""
        hunted = [(secret, mark) for secret, mark in known.items() if len(secret) >= _SHORTEST and not is_mark(secret)]
        return cls(tuple(sorted(hunted, key=lambda pair: len(pair[0]), reverse=True)), rules)

    def headers(self, headers: Headers) -> Headers:
        """Headers whose secrets are replaced by placeholders, whatever their length."""
        return tuple((name, self._header(name.lower(), value)) for name, value in headers)

    def _header(self, name: bytes, value: bytes) -> bytes:
        match _place(name, self.rules):
            case "secret":
                scheme, credential = _taken_apart(value)
                return scheme + _mark_in(scheme, credential)
            case "account":
                return mark_of(value)
            case "cookie":
                return b";".join(map(_hidden_cookie, value.split(b";")))
            case "set-cookie":
                first, semicolon, attributes = value.partition(b";")
                return _hidden_cookie(first) + semicolon + attributes
        return self.plain(value)

    def path(self, path: str) -> str:
        """A path without secrets and without the accounts that it names."""
        data = path.encode()
        spans = [found.span(found.lastindex or 0) for found in _IN_PATH.finditer(data)]
        return self.plain(_covered(data, [(*span, mark_of(data[slice(*span)])) for span in spans])).decode()

    def query(self, query: str) -> str:
        """A query whose secret parameters all say the same, so that no match key depends on who asks."""
        if not query:
            return query

        def hide(pair: str) -> str:
            name, equals, _ = pair.partition("=")
            secret = equals and unquote(name).lower() in self.rules.parameter_names
            return name + equals + PLACEHOLDER.decode() if secret else pair

        return self.text("&".join(map(hide, query.split("&"))))

    def text(self, text: str) -> str:
        """Text without secrets."""
        return self.plain(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def body(self, body: bytes) -> bytes:
        """A body without secrets and without the values of the fields that the rules name; itself if it has none."""
        if self.rules.paths:
            spans = list(values_at(self.rules.paths, body))
            body = _covered(body, [(start, end, _field_mark(body[start:end])) for start, end in spans])
        return self.plain(body)

    def tape(self, tape: Tape) -> Tape:
        """A tape without secrets; one may lie across chunks, and across the last chunk and what broke the framing."""
        head = tape.head
        if head is not None:
            head = replace(head, headers=self.headers(head.headers), reason=self.plain(head.reason))
        ending = tape.ending
        rest = ending.data if isinstance(ending, Garbage) else b""
        said = tape.body + rest
        clean = self._across_events(self.body(said))
        if clean is said:
            return Tape(head, tape.chunks, ending)
        chunks, start = list[Chunk](), 0
        for at, data in tape.chunks:
            chunks.append(Chunk(at, clean[start : start + len(data)]))
            start += len(data)
        return Tape(head, tuple(chunks), Garbage(ending.at, clean[start:]) if rest else ending)

    def plain(self, data: bytes) -> bytes:
        """Bytes with each secret in them overwritten by as many; themselves if none is in them."""
        if len(data) < _SHORTEST and not self.rules.own_patterns:
            return data
        clean = data
        for pattern in self.rules.own_patterns:
            clean = _without_matches(clean, pattern, mark_of)
        if self.rules.personal:
            for pattern in _personal():
                clean = _without_matches(clean, pattern, lambda _: PLACEHOLDER)
        escaped = b"\\u00" in clean and _ESCAPED.search(clean) is not None
        for secret, mark in self.known:
            clean = _without(clean, secret, mark, escaped=escaped)
        return _without_keys(clean) if len(clean) > _SHORT else _short_without_keys(clean)

    def _across_events(self, body: bytes) -> bytes:
        """A stream without the secrets that its events say piece by piece: a model may repeat a key token by token."""
        if body.count(b"data:", 0, 4096) < 2:
            return body
        pieces: dict[bytes, list[tuple[int, int]]] = {}
        for found in _PIECE.finditer(body):
            pieces.setdefault(found[1], []).append(found.span(2))
        for spans in pieces.values():
            said = b"".join(body[start:end] for start, end in spans)
            if (clean := self.plain(said)) is not said:
                taken, parts = 0, []
                for start, end in spans:
                    parts.append((start, end, clean[taken : taken + end - start]))
                    taken += end - start
                body = _written(body, parts)
        return body


_PIECE = re.compile(
    rb'"(content|reasoning_content|reasoning|text|arguments|delta|partial_json|thinking|refusal|transcript)"'
    rb'\s*:\s*"((?:[^"\\]|\\.)*)"'
)
"""The texts in which the events of the known dialects say an answer piece by piece."""


def _field_mark(value: bytes) -> bytes:
    """What stands for a value in JSON: a number remains one, of as many digits."""
    return b"1".ljust(len(value), b"0") if value[:1] in b"-0123456789" and _NUMBER.fullmatch(value) else mark_of(value)


_ESCAPED = re.compile(rb"\\u00[2-7]")
_NUMBER = re.compile(rb"-?[0-9][0-9.eE+-]*")


def _covered(data: bytes, spots: Sequence[tuple[int, int, bytes]]) -> bytes:
    """The data with each spot (start, end, mark) covered; itself where that changes nothing."""
    return _written(data, [(start, end, cover(mark, end - start)) for start, end, mark in spots])


def _written(data: bytes, parts: Sequence[tuple[int, int, bytes]]) -> bytes:
    """The data with these parts written over it, in order; itself where that changes nothing."""
    if all(data[start:end] == part for start, end, part in parts):
        return data
    clean = bytearray(data)
    for start, end, part in parts:
        clean[start:end] = part
    return bytes(clean)


def _without(data: bytes, secret: bytes, mark: bytes, *, escaped: bool) -> bytes:
    """The data without a known secret, spelled plainly or with the escapes of JSON and URLs."""
    if secret in data:
        if b"\\" + secret in data and secret[:1] in b"bfnrt":  # the first byte may be the end of an escape: it stays
            data = data.replace(b"\\" + secret, b"\\" + secret[:1] + cover(mark, len(secret) - 1))
        data = data.replace(secret, cover(mark, len(secret)))
    core, plain = _spellings_need(secret)
    if escaped or (not plain and core in data):
        data = _spellings(secret).sub(lambda found: cover(mark, len(found[0])), data)
    return data


@lru_cache(maxsize=256)
def _spellings_need(secret: bytes) -> tuple[bytes, bool]:
    """The longest part of a secret that every spelling has, and whether that is all of it."""
    core = max(re.findall(rb"[A-Za-z0-9_.-]+", secret), key=len, default=b"")
    return core, core == secret


@lru_cache(maxsize=256)
def _spellings(secret: bytes) -> re.Pattern[bytes]:
    """A secret as JSON and URLs may spell it."""
    return re.compile(b"".join(_spelling(code) for code in secret))


def _spelling(code: int) -> bytes:
    plain = re.escape(bytes([code]))
    ways = [plain, rb"\\u00(?i:%02x)" % code]
    if not chr(code).isalnum():
        ways.append(b"%%(?i:%02x)" % code)
        if chr(code) in '/\\"':
            ways.insert(0, rb"\\" + plain)
    return b"(?:" + b"|".join(ways) + b")"


def _without_keys(data: bytes) -> bytes:
    """The data without keys and accounts of a known form."""
    spots: list[tuple[int, int, bytes]] = []
    for start, end in around_marks(data):
        if end - start < _SHORTEST:
            continue
        part = data if end - start == len(data) else data[start:end]
        after = 0
        for spot in sorted(keys_in(part)):
            if spot.end > after:
                secret = part[max(spot.start, after) : spot.end]
                spots.append((start + spot.end - len(secret), start + spot.end, mark_of(secret.replace(b"\\/", b"/"))))
                after = spot.end
    return _covered(data, spots)


@lru_cache(1024)
def _short_without_keys(data: bytes) -> bytes:
    """The same, remembered: paths and the like come again and again."""
    return _without_keys(data)


def _without_matches(data: bytes, pattern: re.Pattern[str], mark: Callable[[bytes], bytes]) -> bytes:
    """The data without what a pattern of text matches, or its first group; what is covered already is left out."""
    parts = []
    for begin, stop in around_marks(data):
        text, at, passed = data[begin:stop].decode("utf-8", "surrogateescape"), begin, 0
        for found in pattern.finditer(text):
            group = 1 if pattern.groups and found[1] is not None else 0
            secret = found[group].encode("utf-8", "surrogateescape")
            at += len(text[passed : found.start(group)].encode("utf-8", "surrogateescape"))
            parts.append((at, at + len(secret), cover(mark(secret), len(secret))))
            at, passed = at + len(secret), found.end(group)
    return _written(data, parts)


@lru_cache(maxsize=1)
def _personal() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for _, pattern in PERSONAL)
