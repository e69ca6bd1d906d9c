"""What is left in recordings that should not be there: the last look before they are committed.

Three looks at a file, each for what the others can't see. Its text, for keys by their form: ours, and those that
detect-secrets knows, a scanner that others keep. The headers, cookies and parameters that its text spells in the
manner of any recorder. And, where it is an exchange of a cassette, whatever redaction would still change in it, which
finds what lies across chunks or in `!!binary`. Nothing that a placeholder stands for is a finding.

Of detect-secrets' plugins those are left out that call embeddings and base64 secrets (entropy, keywords, IP addresses)
or that look for the keys of databases and clouds nobody sends to a model. No plugin verifies anything over a network.
"""

import codecs
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mockprovider import yamlfile
from mockprovider.cassettes import config
from mockprovider.cassettes import format as form
from mockprovider.cassettes.secrets.credentials import (
    PLACEHOLDER,
    SCHEMES,
    around_marks,
    is_mark,
    keys_in,
    marks_in,
    place_of,
)
from mockprovider.cassettes.secrets.redact import STANDARD, Redaction, redacted
from mockprovider.errors import CassetteError, InputError
from mockprovider.tape import Exchange, Headers

if TYPE_CHECKING:
    from detect_secrets.plugins.base import BasePlugin

_PLUGINS = {
    "artifactory": "ArtifactoryDetector",
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "basic_auth": "BasicAuthDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "npm": "NpmDetector",
    "openai": "OpenAIDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
    "twilio": "TwilioKeyDetector",
}
"""The plugins that are used: their modules, and their names in them."""

_LARGEST = 256 * 2**20
"""Bytes of the largest file that is looked into; a recording is far smaller."""

_OURS = (b"# mockprovider exchange", b"version:")
"""How the file of an exchange begins, and one that somebody has edited."""

_DUMMY = re.compile(
    r"redact|filter|scrub|dummy|fake|mock|example|placeholder|sanitiz|hidden|removed|your[-_ ]|test|invalid|wrong"
    r"|\*{3}|x{4}|^[<\[{(%$]|^(?:user|pass|password|secret|token|key|none|null)\d*$|(?-i:^[A-Z]+(?:[-_ ][A-Z]+)*$)",
    re.IGNORECASE,
)
"""What people and other recorders write where a secret stood. Asked only where the place is all that speaks for one."""

_NAME = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z][A-Za-z0-9_-]{2,60})(?:[\"']\s{0,4},|[\"']?\s{0,4}(?::|=>))")
_VALUE = re.compile(
    r"""\s{0,80}(?:["']value["']\s?:\s?)?(?:-[ ]{1,4})?\[?\s{0,80}(?:-[ ]{1,4})?["']?([^"'\r\n\[\]{}]{4,4096})"""
)
"""A header as it stands in a dump, in JSON, in YAML, in a HAR file: a name, and its value on that line or the next."""

_COOKIE = re.compile(r"[\w.-]{1,64}=([^\s;]{8,})")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that looks like a secret: its file, the line from 1, what it is, and the secret, most of it masked."""

    file: str
    line: int
    kind: str
    secret: str


def lint(paths: Sequence[Path], allow: Sequence[re.Pattern[str]] = ()) -> list[Finding]:
    """What is found in these files, and in all files of these folders. `allow` matches what is no secret after all."""
    found: list[Finding] = []
    for path in paths:
        for file in _files(path):
            data = _readable(file, yamlfile.read(file))
            rules = config.load(file.parent).redaction if data.startswith(_OURS) else STANDARD
            found += findings(str(file), data, rules, allow)
    return found


def _readable(file: Path, data: bytes) -> bytes:
    """A file as UTF-8 where it is UTF-16, and unpacked where it is gzip; as it is where it is anything else."""
    if data.startswith(b"\x1f\x8b"):
        unpack = zlib.decompressobj(wbits=31)
        try:
            data = unpack.decompress(data, _LARGEST)
        except zlib.error as problem:
            raise InputError(f"{file}: looks like gzip and can't be unpacked: {problem}") from None
        if unpack.unconsumed_tail:
            raise InputError(f"{file}: unpacks to more than {_LARGEST:,} bytes; files of up to that are looked into")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    return data


def findings(
    name: str, data: bytes, rules: Redaction = STANDARD, allow: Sequence[re.Pattern[str]] = ()
) -> list[Finding]:
    """What is found in the bytes of one file, in the order of its lines; each secret of a line once."""
    if len(data) > _LARGEST:
        raise InputError(f"{name}: {len(data):,} bytes; files of up to {_LARGEST:,} are looked into")
    text = _Text(name, data)
    exchange = _exchange(name, data)
    left = [*_by_form(text), *_by_scanner(text)]
    left += _by_place(text) if exchange is None else _by_redaction(text, exchange, rules)
    seen = dict[tuple[int, str], Finding]()
    for line, kind, secret in left:
        already = any(line == other and (secret in said or said in secret) for other, said in seen)
        if not already and not any(pattern.search(secret) for pattern in allow):
            seen[line, secret] = Finding(name, line, kind, masked(secret))
    return sorted(seen.values())


def masked(secret: str) -> str:
    """A secret as it may be shown: enough to find it again, too little to use it."""
    shown = 6 if len(secret) >= 20 else 2 if len(secret) >= 8 else 0
    return f"{secret[:shown]}... ({len(secret)} characters)"


_Left = tuple[int, str, str]
"""Line, kind, secret."""


class _Text:
    """A file's bytes, and the line on which each of them stands."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.data = name, data
        self._ends = [found.start() for found in re.finditer(b"\n", data)]

    def line(self, at: int) -> int:
        return bisect_right(self._ends, at - 1) + 1

    def line_of(self, secret: bytes, path: Sequence[str | int], document: int = 0) -> int:
        """The line on which a secret stands as it is; where it is cut or coded, that of the part that holds it."""
        at = self.data.find(secret)
        return self.line(at) if at >= 0 else yamlfile.line_of(self.data, path, document=document)


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    if path.is_file():
        yield path
    else:
        yield from sorted(file for file in path.rglob("*") if file.is_file() and ".git" not in file.parts)


def _exchange(name: str, data: bytes) -> Exchange | None:
    """The exchange in a file of a cassette; None for any other, and for a broken one, which is looked at as text."""
    if not data.startswith(_OURS):
        return None
    try:
        return form.load(data, name)
    except CassetteError:
        return None


def _by_form(text: _Text) -> Iterator[_Left]:
    for start, end in around_marks(text.data):
        part = text.data[start:end]
        for spot in keys_in(part):
            yield text.line(start + spot.start), spot.kind, _said(part[spot.start : spot.end])


def _by_scanner(text: _Text) -> Iterator[_Left]:
    for number, line in enumerate(text.data.split(b"\n"), 1):
        said = _said(line)
        for plugin in _plugins():
            for secret in plugin.analyze_string(said):
                if not _harmless(secret) and _whole(secret, said):
                    yield number, plugin.secret_type, secret


@lru_cache(maxsize=1)
def _plugins() -> tuple["BasePlugin", ...]:
    from importlib import import_module

    return tuple(
        getattr(import_module(f"detect_secrets.plugins.{module}"), name)() for module, name in _PLUGINS.items()
    )


def _whole(secret: str, line: str) -> bool:
    """Whether a find is a word of its own somewhere in its line, and not a piece of base64."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(secret)}(?![A-Za-z0-9])", line) is not None


def _by_place(text: _Text) -> Iterator[_Left]:
    """Headers that hold a secret, in the manner of any recorder."""
    said = text.data.decode("latin-1")  # so that places in it are places in the bytes
    for found in _NAME.finditer(said):
        name = found[1].lower()
        if (place := place_of(name.encode())) and (value := _VALUE.match(said, found.end())):
            secret = _credential(place, value[1].strip())
            if secret and not _harmless(secret):
                yield text.line(value.start(1)), f"header {name}", secret


def _credential(place: str, value: str) -> str:
    """What is secret in the value of a header."""
    if place in ("cookie", "set-cookie"):
        pairs = value.split(";")[: None if place == "cookie" else 1]
        values = [found[1] for pair in pairs if (found := _COOKIE.fullmatch(pair.strip()))]
        return next((cookie for cookie in values if not _harmless(cookie)), "")
    scheme, _, rest = value.partition(" ")
    secret = rest.strip() if scheme.lower().encode() in SCHEMES else value
    return secret if place == "account" or (len(secret) >= 8 and re.search(r"[0-9]", secret)) else ""


def _by_redaction(text: _Text, exchange: Exchange, rules: Redaction) -> Iterator[_Left]:
    """What redaction would still change in an exchange."""
    clean = redacted(exchange, (), rules)
    asked, kept = exchange.request, clean.request
    yield from _headers_left(text, "request", asked.headers, kept.headers)
    if exchange.tape.head and clean.tape.head:
        yield from _headers_left(text, "response", exchange.tape.head.headers, clean.tape.head.headers)
    for part, was, now in (("path", asked.path, kept.path), ("query", asked.query, kept.query)):
        if was != now:
            yield text.line_of(was.encode(), ["request", part]), f"request {part}", was
    for secret in _covered_in(asked.body, kept.body):
        yield text.line_of(secret, ["request", "body"]), "request body", _said(secret)
    for secret in _covered_in(exchange.tape.body, clean.tape.body):
        yield text.line_of(secret, [0], document=1), "response body", _said(secret)


def _headers_left(text: _Text, part: str, before: Headers, after: Headers) -> Iterator[_Left]:
    for number, ((name, value), (_, kept)) in enumerate(zip(before, after, strict=True)):
        scheme, _, rest = value.partition(b" ")
        secret = rest.strip() if scheme.lower() in SCHEMES else value
        if value != kept and not _harmless(_said(secret)):
            line = text.line_of(value, [part, "headers", number])
            yield line, f"{part} header {name.decode('latin-1').lower()}", _said(secret)


def _covered_in(before: bytes, after: bytes) -> Iterator[bytes]:
    """What stood where the second has a placeholder that the first has not."""
    if before != after:
        spans = [(start, end) for start, end in marks_in(after) if before[start:end] != after[start:end]]
        yield from (before[start:end] for start, end in spans) if spans else iter([before[:64]])


def _harmless(secret: str) -> bool:
    return is_mark(secret.encode("latin-1", "replace")) or PLACEHOLDER.decode() in secret or bool(_DUMMY.search(secret))


def _said(data: bytes) -> str:
    return data.decode("utf-8", "replace")
