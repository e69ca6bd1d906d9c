"""HTTP messages as text, as dumps hold them: lines end in CRLF or LF, and any version has a status line."""

import re
from typing import NamedTuple

Fields = tuple[tuple[str, str], ...]
"""Names and values of headers, as text."""

_BLANK = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?: ([^\r\n]*))?\r?\Z")
_REQUEST = re.compile(rb"([A-Z]+) (\S+) HTTP/\d(?:\.\d)?\r?\Z")
_LARGEST_HEAD = 2**18


class Message(NamedTuple):
    """The first line, the headers, and what follows them."""

    first: bytes
    headers: Fields
    rest: bytes

    def header(self, name: str) -> str:
        """The first value of a header, by its name in lower case; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def message(data: bytes) -> Message | None:
    """A message that begins here; None where there is no blank line that ends its head."""
    blank = _BLANK.search(data, 0, _LARGEST_HEAD)
    if blank is None:
        return None
    first, *lines = data[: blank.start()].split(b"\n")
    return Message(first.rstrip(b"\r"), fields(lines), data[blank.end() :])


def fields(lines: list[bytes]) -> Fields:
    """The headers that lines hold; a line that is none is left out."""
    cut = [line.decode("latin-1").partition(":") for line in lines]
    return tuple((name, value.strip()) for name, colon, value in cut if colon)


def status_line(line: bytes) -> tuple[int, str] | None:
    """The status and the reason of a status line; None where it is none."""
    found = _STATUS.match(line)
    return (int(found[1]), (found[2] or b"").decode("latin-1").strip()) if found else None


def request_line(line: bytes) -> tuple[str, str] | None:
    """The method and the target of a request line; None where it is none."""
    found = _REQUEST.match(line)
    return (found[1].decode(), found[2].decode("latin-1")) if found else None


def unchunked(data: bytes) -> bytes | None:
    """What a body in HTTP chunks holds (RFC 9112, section 7.1); None where it is none, or not whole."""
    parts, at = list[bytes](), 0
    while found := _CHUNK.match(data, at):
        size = int(found[1], 16)
        if size == 0:
            return b"".join(parts)
        at = found.end() + size
        parts.append(data[found.end() : at])
        ending = data[at : at + 2]
        if ending != b"\r\n":
            return None
        at += 2
    return None


_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[^\r\n]*)?\r\n")
