"""When an answer is made, and what identifies it: the same in its headers and in its body."""

from datetime import UTC, datetime
from typing import Any

from mockprovider.synthesis.chance import Chance

CREATED = 1767225600
"""2026-01-01T00:00:00Z: answers are made on a day that never changes, so that they never change."""
_DAY = 86400
_PARTS = 1_000_000


def moment(request_id: str, chance: Chance) -> dict[str, Any]:
    """The holes that say so: `$created` (Unix time, seconds), `$created_fraction`, `$iso`, `$stamp` and `$request_id`.

    `$iso` is the same moment in ISO 8601, `$stamp` as YYYYMMDDhhmmss; `request_id` is the form of `$request_id`.
    """
    fixed = chance.fixed()
    created = CREATED + fixed.number(_DAY)
    when = datetime.fromtimestamp(created, UTC)
    stamp = when.strftime("%Y%m%d%H%M%S")
    ident = request_id.replace("$created", str(created)).replace("$stamp", stamp)
    fraction = created + fixed.number(_PARTS) / _PARTS
    iso = when.isoformat(timespec="milliseconds")
    return {
        "created": created,
        "created_fraction": fraction,
        "iso": iso,
        "stamp": stamp,
        "request_id": fixed.fill(ident),
    }
