"""What `curl -i` and `curl -v` print: the answer's head and body, with -v the request's head too.

Several heads may come (100 Continue, a proxy's, a redirect's): the last is the answer's. The request's body is never
printed, nor is its line without -v; the least that could have asked for the answer stands in for them (`guessed`).
"""

import re
from collections.abc import Iterator
from functools import partial

from mockprovider.cassettes.importers.common import Format, Found, Refused, Source, answered
from mockprovider.cassettes.importers.guessed import NOTE, is_stream, request_for, values
from mockprovider.cassettes.importers.rawhttp import Message, fields, message, request_line, status_line, unchunked
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, pairs, tried, whole
from mockprovider.errors import CassetteError
from mockprovider.tape import Fidelity

_NO_BODY = "the recording had no request body: this is the least that could have asked for the answer"
_SHORT = "the body is shorter than its content-length says"
_UNTOLD = "an answer of no API whose requests are known"
_MOST_HEADS = 200
"""More than curl's redirects (50 where nobody says), each with a proxy's head and a 100 Continue before it."""
_END = rb"(?:\r?\n(?=\r|HTTP/|\Z))?"
_COLUMN = rb"[ \t]+[\d.]+[kMGTP]?"
_METER = re.compile(
    rb"^[ \t]*% Total [^\n]*\n[^\n]*Dload [^\n]*\n"
    rb"|(?:\r|^)[ \t]*\d{1,3}" + rb"(?:" + _COLUMN + rb"){7}(?:[ \t]+[-\d:]{7,9}){3}" + _COLUMN + _END,
    re.MULTILINE,
)
"""The progress meter, which goes on the terminal's other channel, and so among what curl got."""
_NOISE = re.compile(
    rb"[{}] \[\d+ bytes data\]\r?\n"
    rb"|\* (?:Connection #\d+ to host [^\n]{0,300}? left intact|Closing connection[^\n]*)\r?\n?"
    rb"|^\* [^\n]*\n?",
    re.MULTILINE,
)
"""What -v says of the connection."""


def _claims(source: Source) -> bool:
    start = source.data[:65536].lstrip(b"\xef\xbb\xbf\r\n ")
    if start.startswith(b"HTTP/"):
        return status_line(start.partition(b"\n")[0]) is not None
    return start.startswith((b"* ", b"% Total", b"> ", b"Note: ")) and (b"< HTTP/" in start or b"\nHTTP/" in start)


def _read(source: Source) -> Iterator[Found]:
    data = _METER.sub(b"", source.data.removeprefix(b"\xef\xbb\xbf"))
    lines = data.split(b"\n")
    asked, said = _block(lines, b"> "), _block(lines, b"< HTTP/")
    rest = _NOISE.sub(b"", b"\n".join(lines[said[1] :])) if said else data
    printed = _last(rest.lstrip(b"\r\n "))
    if printed is None and said is not None:
        printed = Message(said[0][0], fields(said[0][1:]), rest)
    if printed is None:
        raise CassetteError(f"{source.name}: no whole head of an answer, which `curl -i` prints")
    secure = b"SSL connection using" in data or b"using HTTP/3" in data
    yield tried("", partial(_exchange, printed, asked[0] if asked else [], secure=secure))


def _block(lines: list[bytes], start: bytes) -> tuple[list[bytes], int] | None:
    """The last head that -v printed after `>` or `<`, and the number of the line after it."""
    mark = start[:2]
    first = None
    for number, line in enumerate(lines):
        if line.startswith(start) and (mark == start or status_line(line[2:])) and _begins(line[2:]):
            first = number
    if first is None:
        return None
    head, number = list[bytes](), first
    for number in range(first, len(lines)):
        line = lines[number]
        if line.rstrip() == mark.rstrip():
            break
        if line.startswith(mark):
            head.append(line[2:].rstrip(b"\r"))
    return head, number + 1


def _begins(line: bytes) -> bool:
    return status_line(line) is not None or request_line(line) is not None


def _last(data: bytes) -> Message | None:
    """The last of the heads that stand one after the other, and what follows it."""
    found = None
    for _ in range(_MOST_HEADS):
        one = message(data) if data.startswith(b"HTTP/") and status_line(data.partition(b"\n")[0]) else None
        if one is None:
            break
        found, data = one, one.rest
    return found


def _exchange(answer: Message, asked: list[bytes], *, secure: bool) -> Found:
    told = status_line(answer.first)
    if told is None:
        return Refused("", "its answer does not begin as HTTP does")
    body, notes = _body(answer)
    # Its length is that of a body that nobody printed.
    sent = tuple(pair for pair in fields(asked[1:]) if pair[0].lower() != "content-length")
    line = request_line(asked[0]) if asked else None
    method, target = line or ("", "")
    path, _, query = target.partition("?")
    plain = answered(told[0], pairs(answer.headers), body)[0].body
    guess = request_for(values(plain), streamed=is_stream(plain), method=method, path=path)
    if guess is None:
        return Refused("", _UNTOLD)
    host = next((value for name, value in sent if name.lower() == "host"), "")
    base = f"{'https' if secure else 'http'}://{host}" if host else ""
    target = f"{guess.path}?{query}" if query else guess.path
    headers = sent or [(name.decode("latin-1"), value.decode("latin-1")) for name, value in guess.headers]
    return whole(
        "",
        Asked(guess.method, base + target, headers, Kept(guess.body)),
        Answered(told[0], answer.headers, Kept(body), told[1]),
        notes=(_NO_BODY if line else NOTE, *notes) if guess.body or not line else notes,
    )


def _body(answer: Message) -> tuple[bytes, tuple[str, ...]]:
    """The body without what the terminal or an editor added, and what is to be said of it."""
    body = answer.rest
    if "chunked" in answer.header("transfer-encoding").lower():
        plain = unchunked(body)  # curl --raw prints the chunks
        return (body if plain is None else plain), ()
    length = answer.header("content-length")
    if not (length.isascii() and length.isdecimal()) or len(length) > 12 or answer.header("content-encoding"):
        return body, ()
    size = int(length)
    if len(body) < size:
        return body, (_SHORT,)
    return (body[:size] if not body[size:].strip() else body), ()


FORMAT = Format("curl", "output of curl -i or -v", Fidelity.BYTES, _claims, _read)
