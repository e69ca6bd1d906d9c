"""Sessions of Azure's test proxy: `Entries`, each with both halves of an exchange.

The proxy parses a JSON body, cuts any other text into lines, and keeps the rest as Base64; so a JSON body has lost its
spelling. Values that it took for secrets are the word `Sanitized`.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mockprovider.cassettes.importers.common import Format, Found, Refused, Source
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, kept, tried, whole
from mockprovider.errors import CassetteError
from mockprovider.tape import Fidelity


def _claims(source: Source) -> bool:
    match source.parsed:
        case {"Entries": list(entries)}:
            return not entries or (isinstance(entries[0], dict) and "RequestUri" in entries[0])
    return False


def _read(source: Source) -> Iterator[Found]:
    match source.json:
        case {"Entries": list(entries)}:
            pass
        case _:
            raise CassetteError(f"{source.name}: no list of Entries, which a session of the test proxy has")
    for number, entry in enumerate(entries, 1):
        where = f"entry {number}"
        if isinstance(entry, dict):
            yield tried(where, partial(_exchange, where, entry))
        else:
            yield Refused(where, "has no request and response")


def _exchange(where: str, entry: dict[str, Any]) -> Found:
    body = _body(entry.get("RequestBody"))
    asked = Asked(entry.get("RequestMethod"), entry.get("RequestUri"), entry.get("RequestHeaders"), body)
    answer = Answered(entry.get("StatusCode"), entry.get("ResponseHeaders"), _body(entry.get("ResponseBody")))
    return whole(where, asked, answer)


def _body(value: Any) -> Kept:
    if isinstance(value, list) and value and all(isinstance(line, str) for line in value):
        return kept("".join(value))
    return kept(value)


FORMAT = Format("azure", "Azure test proxy's session", Fidelity.BYTES, _claims, _read)
