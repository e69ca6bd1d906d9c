"""JSONPath (RFC 9535), the home of `jsonpath`. Imported when the first rule has a path, and not before."""

from collections.abc import Callable, Sequence
from typing import Any

from jsonpath import JSONPathEnvironment, JSONPathError

from mockprovider.rules.forms import Where

_ENVIRONMENT = JSONPathEnvironment(strict=True)


def compiled(path: str, where: Where) -> Callable[[Any], Sequence[Any]]:
    """A path made ready: a function from JSON to the values that the path names in it."""
    try:
        query = _ENVIRONMENT.compile(path)
    except (JSONPathError, RecursionError) as problem:
        column = getattr(getattr(problem, "token", None), "index", -1)
        place = f" at character {column + 1}" if column >= 0 else ""
        raise where.refused(f"no JSONPath (RFC 9535): {str(problem).splitlines()[0]}{place}") from None

    def values(data: Any) -> Sequence[Any]:
        try:
            return query.findall(data)
        except (JSONPathError, RecursionError):  # nested deeper than a path can follow
            return ()

    return values
