"""JSONPath (RFC 9535), the home of `jsonpath_rfc9535`. Imported when the first rule has a path, and not before."""

from collections.abc import Callable, Sequence
from typing import Any

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError

from mockprovider.rules.forms import Where

_ENVIRONMENT = JSONPathEnvironment()


def compiled(path: str, where: Where) -> Callable[[Any], Sequence[Any]]:
    """A path made ready: a function from JSON to the values that the path names in it."""
    try:
        query = _ENVIRONMENT.compile(path)
    except (JSONPathError, RecursionError) as problem:
        raise where.refused(f"no JSONPath (RFC 9535): {str(problem).splitlines()[0]}") from None

    def values(data: Any) -> Sequence[Any]:
        try:
            return query.find(data).values()
        except (JSONPathError, RecursionError):  # nested deeper than a path can follow
            return ()

    return values
