"""The formats that JSON Schema names, and one of Pydantic's: examples, more by a pattern, whether a text is of one.

The pattern is narrower than the format: it makes plain ones, of most lengths.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from mockprovider.synthesis.schema.patterns import ecma

_DAY = r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
_HOUR = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?Z"
_LABEL = "[a-z]([a-z0-9-]{0,15}[a-z0-9])?"
_HOST = rf"([a-z0-9]{{20}}\.)*{_LABEL}\.[a-z]{{2,6}}"
_MAILBOX = r"[a-z][a-z0-9]{0,20}(\.[a-z0-9]{1,20})?"
_BYTE = "([1-9]?[0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_PATH = "(/[a-z0-9]*)*"
_URI = rf"https?://{_HOST}{_PATH}"
_POINTER = "(/[a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class Format:
    """A format: some texts of it, a pattern of many, and what a text of it is."""

    examples: tuple[str, ...]
    pattern: str
    fits: Callable[[str], bool]


def _like(pattern: str) -> Callable[[str], bool]:
    """Texts that match a pattern, one by which no text can make Python's engine stall."""
    return lambda text: len(text) < 10_000 and re.fullmatch(pattern, text) is not None


def _read_by(read: Callable[[str], Any], pattern: str) -> Callable[[str], bool]:
    alike = _like(pattern)

    def fits(text: str) -> bool:
        if not alike(text):
            return False
        try:
            read(text)
        except ValueError:
            return False
        return True

    return fits


def _time(text: str) -> time:
    return time.fromisoformat(re.sub(r"\.\d+", "", text.upper()))


def _moment(text: str) -> None:
    day, clock = text[:10], text[11:]
    date.fromisoformat(day)
    _time(clock)


_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([zZ]|[+-][0-9]{2}:[0-9]{2})"
_NAME = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_IDN = r"[^\W_]([\w-]{0,61}[^\W_])?"
_URI_CHARS = r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*"
_IRI_CHARS = r"[^\s<>\"{}|\\^`]*"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:"
_email = _like(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_NAME}(\.{_NAME})*")
_hostname = _like(rf"(?=.{{1,253}}\Z){_NAME}(\.{_NAME})*")
_POINTERS = "(/([^/~]|~[01])*)*"

FORMATS: dict[str, Format] = {
    "date-time": Format(
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00+00:00"),
        f"^{_DAY}T{_HOUR}$",
        _read_by(_moment, f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt]{_CLOCK}"),
    ),
    "date": Format(("2026-01-01",), f"^{_DAY}$", _read_by(date.fromisoformat, "[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    "time": Format(("00:00:00Z", "00:00:00+00:00"), f"^{_HOUR}$", _read_by(_time, _CLOCK)),
    "duration": Format(
        ("P1D", "PT1H", "P1W"),
        r"^P([0-9]{1,4}[DW]|([0-9]{1,4}D)?T[0-9]{1,4}H([0-9]{1,4}M([0-9]{1,4}S)?)?)$",
        _like("P(?=.)(N+W|(N+Y)?(N+M)?(N+D)?(T(?=N)(N+H)?(N+M)?(N+S)?)?)".replace("N", "[0-9]")),
    ),
    "email": Format(("someone@example.com", "a@b.co"), f"^{_MAILBOX}@{_HOST}$", _email),
    "idn-email": Format(("someone@example.com", "a@b.co"), f"^{_MAILBOX}@{_HOST}$", _email),
    "hostname": Format(("example.com", "a.co", "a"), f"^({_HOST}|{_LABEL})$", _hostname),
    "idn-hostname": Format(("example.com", "a.co"), f"^{_HOST}$", _like(rf"(?=.{{1,253}}\Z)(?!.*--){_IDN}(\.{_IDN})*")),
    "ipv4": Format(("192.0.2.1", "192.168.100.100"), rf"^({_BYTE}\.){{3}}{_BYTE}$", _read_by(IPv4Address, "[0-9.]*")),
    "ipvanyaddress": Format(("192.0.2.1",), rf"^({_BYTE}\.){{3}}{_BYTE}$", _read_by(ip_address, "[0-9a-fA-F:.]*")),
    "ipv6": Format(
        ("2001:db8::1", "::1"),
        "^([1-9a-f][0-9a-f]{0,3}:){7}[1-9a-f][0-9a-f]{0,3}$|^2001:db8::[1-9a-f][0-9a-f]{0,3}$|^fe80::[1-9a-f][0-9a-f]{0,3}$",
        _read_by(IPv6Address, "[0-9a-fA-F:.]*"),
    ),
    "uri": Format(("https://example.com/", "https://example.com", "a:b"), f"^{_URI}$", _like(_SCHEME + _URI_CHARS)),
    "iri": Format(("https://example.com/", "https://example.com", "a:b"), f"^{_URI}$", _like(_SCHEME + _IRI_CHARS)),
    "uri-reference": Format(("/", "https://example.com/"), f"^({_URI}|{_PATH})$", _like(_URI_CHARS)),
    "iri-reference": Format(("/", "https://example.com/"), f"^({_URI}|{_PATH})$", _like(_IRI_CHARS)),
    "uri-template": Format(
        ("https://example.com/{id}", "/{id}", "/"),
        rf"^({_URI}\{{[a-z]+\}}|{_PATH})$",
        _like(r"([^\s<>\"{}|\\^`]|\{[A-Za-z0-9+#./;?&][A-Za-z0-9_,*:.]*\})*"),
    ),
    "uuid": Format(
        ("00000000-0000-4000-8000-000000000000",),
        "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        _like("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"),
    ),
    "json-pointer": Format(("/a", ""), f"^{_POINTER}$", _like(_POINTERS)),
    "relative-json-pointer": Format(
        ("0/a", "0"), f"^(0|[1-9][0-9]{{0,3}}){_POINTER}$", _like(f"(0|[1-9][0-9]*)(#|{_POINTERS})")
    ),
    "regex": Format(("^[a-z]+$", "."), "^[a-z0-9]*$", lambda text: ecma.read(text) is not None),
}
"""By name. `fits` is no parser: it may take a text that a strict reader refuses, but takes none of another kind."""
