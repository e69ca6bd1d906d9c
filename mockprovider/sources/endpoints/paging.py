"""Lists in pages, as OpenAI pages them: `limit`, `order`, `after`."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockprovider.sources.checks import Refused, named

_LIMIT = 20
_MOST = 100
_ORDERS = ("asc", "desc")


def page(things: Sequence[dict[str, Any]], query: Mapping[str, str], *, order: str) -> dict[str, Any]:
    """A page of things that have ids, the oldest first; `order` holds where the query does not say."""
    limit, order = _limit(query.get("limit")), query.get("order", order)
    if order not in _ORDERS:
        raise Refused("invalid_value", param="order", got=order, values=named(_ORDERS, "and"))
    ordered = list(things if order == "asc" else reversed(things))
    ids = [thing["id"] for thing in ordered]
    after = query.get("after")
    start = ids.index(after) + 1 if after in ids else 0
    shown = ordered[start : start + limit]
    first, last = (shown[0]["id"], shown[-1]["id"]) if shown else (None, None)
    more = start + limit < len(ordered)
    return {"object": "list", "data": shown, "first_id": first, "last_id": last, "has_more": more}


def _limit(text: str | None) -> int:
    if text is None:
        return _LIMIT
    if not text.removeprefix("-").isdecimal():
        raise Refused("wrong_type", param="limit", expected="an integer", got="a string")
    number = int(text[:1000])
    if number < 1:
        raise Refused("integer_below_min_value", param="limit", limit=1, got=number)
    if number > _MOST:
        raise Refused("integer_above_max_value", param="limit", limit=_MOST, got=number)
    return number
