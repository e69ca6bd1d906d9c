"""What `when` can say, made into tests once, so that a request costs little. Cheap tests come first."""

import re
from collections.abc import Callable, Collection, Mapping
from fnmatch import translate
from typing import Any

from mockprovider.errors import did_you_mean
from mockprovider.rules.forms import Where, listed
from mockprovider.rules.reading import Reading

Test = Callable[[Reading], bool]
"""Whether a request meets a condition."""
Holds = Callable[[str, str], bool]
"""Whether a text, given as it is and without case, is one that is wanted."""

_REGEX = re.compile(r"/(.+)/(i?)\Z", re.DOTALL)


def tests_of(when: Mapping[str, Any], where: Where) -> tuple[Test, ...]:
    """The tests that a request must pass, `nth` aside."""
    found: list[tuple[int, Test]] = []
    for key, value in when.items():
        here = where.at(key)
        if key.startswith("$"):
            found.append((_DEAREST, _json_path(key, value, here)))
        elif key.startswith("header.") and key != "header.":
            found.append((_CHEAPEST, _header(key.removeprefix("header.").lower(), value, here)))
        elif key in _MAKERS:
            found.append((list(_MAKERS).index(key), _MAKERS[key](value, here)))
        elif key != "nth":
            raise here.refused(f"unknown key {key!r}{_meant(key)}")
    return tuple(test for _, test in sorted(found, key=lambda pair: pair[0]))


def numbers(value: Any, where: Where) -> frozenset[int] | None:
    """The numbers that `nth` names; None where it is not given."""
    if value is None:
        return None
    for each, here in listed(value, where):
        if type(each) is not int or each < 1:
            raise here.refused("a whole number from 1 belongs here, or a list of them")
    return frozenset(value if isinstance(value, list) else [value])


def _meant(key: str) -> str:
    first, _, rest = key.partition(".")
    if first in _OF_THE_BODY:
        return f"; did you mean '$.{rest if first == 'body' else key}'?"
    return did_you_mean(key, [*_MAKERS, "nth", f"header.{rest or 'NAME'}", "$.PATH"])


def _method(value: Any, where: Where) -> Test:
    fits = _globs([(text.upper(), here) for text, here in _texts(value, where)])
    return lambda seen: fits(seen.method)


def _path(value: Any, where: Where) -> Test:
    fits = _globs(_texts(value, where))
    return lambda seen: fits(seen.path)


def _model(value: Any, where: Where) -> Test:
    texts = _texts(value, where)
    patterns = [pattern for text, here in texts if (pattern := _regex(text, here))]
    fits = _globs([(text, here) for text, here in texts if not _REGEX.match(text)])
    return lambda seen: seen.model is not None and (fits(seen.model) or any(p.search(seen.model) for p in patterns))


def _stream(value: Any, where: Where) -> Test:
    if not isinstance(value, bool):
        raise where.refused("true or false belongs here")
    return lambda seen: (seen.body.get("stream") is True) is value


def _user(value: Any, where: Where) -> Test:
    holds = _holds(value, where)
    return lambda seen: holds(seen.user, seen.user_folded)


def _tool_result(value: Any, where: Where) -> Test:
    if isinstance(value, bool):
        return lambda seen: (seen.tool_result is not None) is value
    holds = _holds(value, where)
    return lambda seen: seen.tool_result is not None and holds(seen.tool_result, seen.tool_result_folded)


def _header(name: str, value: Any, where: Where) -> Test:
    if (there := _exists(value, where)) is not None:
        return lambda seen: (name in seen.headers) is there
    values = [(str(v) if type(v) is int else v, here) for v, here in listed(value, where)]
    for text, here in values:
        if not isinstance(text, str):
            raise here.refused("a text belongs here; put it in quotes")
    equal, patterns = _equal_or_like(values)
    return lambda seen: any(v in equal or any(p.search(v) for p in patterns) for v in seen.headers.get(name, ()))


def _json_path(path: str, value: Any, where: Where) -> Test:
    from mockprovider.rules.paths import compiled  # 7 MB and 90 ms that only these rules cost

    query = compiled(path, where)
    if (there := _exists(value, where)) is not None:
        return lambda seen: bool(seen.nodes(path, query)) is there
    values = listed(value, where)
    for each, here in values:
        if isinstance(each, dict | list):
            raise here.refused("a text, a number, true, false or null belongs here; a path can name what is inside")
    equal, patterns = _equal_or_like(values)

    def stands(node: Any) -> bool:
        if isinstance(node, str) and any(pattern.search(node) for pattern in patterns):
            return True
        return any(node == each and isinstance(node, bool) is isinstance(each, bool) for each in equal)

    return lambda seen: any(map(stands, seen.nodes(path, query)))


def _exists(value: Any, where: Where) -> bool | None:
    """What `{exists: …}` says; None where something else stands."""
    if not isinstance(value, dict):
        return None
    if unknown := next((key for key in value if key != "exists"), None):
        raise where.at(unknown).refused(f"unknown key {unknown!r}{did_you_mean(unknown, ['exists'])}")
    if not isinstance(value.get("exists"), bool):
        raise where.at("exists").refused("exists: true or exists: false belongs here")
    return bool(value["exists"])


def _texts(value: Any, where: Where) -> list[tuple[str, Where]]:
    """A text or a list of texts."""
    found = listed(value, where)
    for text, here in found:
        if not isinstance(text, str):
            raise here.refused("a text belongs here; put it in quotes")
        if not text:
            raise here.refused("an empty text says nothing; leave the key out, or write /^$/ for no text at all")
    return found


def _globs(texts: Collection[tuple[str, Where]]) -> Callable[[str], bool]:
    if not texts:
        return lambda _: False
    match = re.compile("|".join(translate(text) for text, _ in texts)).match
    return lambda text: match(text) is not None


def _regex(text: str, where: Where) -> re.Pattern[str] | None:
    """The regular expression in /…/ or /…/i; None where the text is none."""
    if (found := _REGEX.match(text)) is None:
        return None
    try:
        return re.compile(found[1], re.IGNORECASE if found[2] else 0)
    except (re.error, OverflowError, RecursionError) as problem:
        raise where.refused(f"no regular expression: {problem}") from None


def _equal_or_like(values: Collection[tuple[Any, Where]]) -> tuple[list[Any], list[re.Pattern[str]]]:
    """The values that something may be equal to, and the regular expressions that may be found in it."""
    likes = [(each, _regex(each, here) if isinstance(each, str) else None) for each, here in values]
    return [each for each, like in likes if like is None], [like for _, like in likes if like is not None]


def _holds(value: Any, where: Where) -> Holds:
    """Whether a text holds another, whatever its case, or what a regular expression says; of a list, any."""
    needles, patterns = _equal_or_like(_texts(value, where))
    folded = [needle.casefold() for needle in needles]
    if len(folded) == 1 and not patterns:
        (one,) = folded
        return lambda _, small: one in small
    return lambda text, small: any(one in small for one in folded) or any(p.search(text) for p in patterns)


_MAKERS: Mapping[str, Callable[[Any, Where], Test]] = {
    "method": _method,
    "path": _path,
    "model": _model,
    "stream": _stream,
    "user": _user,
    "tool_result": _tool_result,
}
"""The conditions, those first that cost least."""
_CHEAPEST, _DEAREST = 0, len(_MAKERS)
_OF_THE_BODY = ("body", "messages", "tools", "tool_choice", "response_format", "input", "temperature", "metadata")
"""How people begin a path into the body where they forget the dollar."""
