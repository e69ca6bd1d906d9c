"""Traces of httprr (Go, langchaingo among others): the bytes of each request and response, with their lengths before.

A trace begins with `httprr trace v1`; each exchange begins with a line of two lengths. The tool scrubs what it holds:
chunks and times are lost, the bodies are as they came.
"""

import re
from collections.abc import Iterator

from mockprovider.cassettes.importers.common import Format, Found, Refused, Source
from mockprovider.cassettes.importers.rawhttp import message, request_line, status_line, unchunked
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, whole
from mockprovider.errors import CassetteError
from mockprovider.tape import Fidelity

_FIRST = b"httprr trace v1\n"
_LENGTHS = re.compile(rb"(\d{1,12}) (\d{1,12})\n")


def _claims(source: Source) -> bool:
    return source.data.startswith(_FIRST)


def _read(source: Source) -> Iterator[Found]:
    data, at, number = source.data, len(_FIRST), 0
    if not _claims(source):
        raise CassetteError(f"{source.name}: its first line is not {_FIRST.decode().strip()!r}")
    while at < len(data):
        number += 1
        where = f"exchange {number}"
        lengths = _LENGTHS.match(data, at)
        if lengths is None:
            yield Refused(where, "no line of two lengths stands where an exchange begins")
            return
        middle = lengths.end() + int(lengths[1])
        at = middle + int(lengths[2])
        if at > len(data):
            yield Refused(where, "the trace ends before the exchange does")
            return
        yield _exchange(where, data[lengths.end() : middle], data[middle:at])


def _exchange(where: str, request: bytes, response: bytes) -> Found:
    sent, said = message(request), message(response)
    if sent is None or said is None:
        return Refused(where, "its request or response has no whole head")
    line, status = request_line(sent.first), status_line(said.first)
    if line is None or status is None:
        return Refused(where, "its request or response does not begin as HTTP does")
    body = unchunked(said.rest) if "chunked" in said.header("transfer-encoding") else None
    return whole(
        where,
        Asked(line[0], line[1], sent.headers, Kept(sent.rest)),
        Answered(status[0], said.headers, Kept(said.rest if body is None else body), status[1]),
    )


FORMAT = Format("httprr", "httprr trace", Fidelity.BYTES, _claims, _read)
