"""The match key: two requests share one only if nothing differs that could change the answer.

The key holds the method, the path, the query, and the whole body: JSON in a canonical form (key order, white space,
escapes and the spelling of numbers don't count; `stream` does), multipart by its parts, anything else by its bytes.
Headers are no part of it: they carry credentials and the client's own chatter. What else does not count is named by
`Rules`, field by field; nothing is left out by itself.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote_plus

from mockprovider.cassettes.matching.normalize import Scribe, normalizer
from mockprovider.cassettes.matching.rules import COMPLETE, Rules, at, remove
from mockprovider.tape import Headers, Request, header

_BOUNDARY = re.compile(rb"""boundary=(?:"([^"]+)"|([^\s";,]+))""", re.IGNORECASE)


def key_of(request: Request, rules: Rules = COMPLETE, cwd: str = "") -> str:
    """The match key of a request, as 32 hexadecimal digits. `cwd` is the directory it was made in, where rules ask."""
    if not rules.name:
        digest = hashlib.blake2b("\0".join((request.method, request.path, request.query, "")).encode(), digest_size=16)
        digest.update(body_form(request.header(b"content-type") or b"", request.body))
        return digest.hexdigest()
    try:
        form = form_of(request, rules, cwd)
    except RecursionError:  # nested so deeply that no rule can be meant for it
        return key_of(request)
    return hashlib.blake2b(json.dumps(form, sort_keys=True).encode(), digest_size=16).hexdigest()


def form_of(request: Request, rules: Rules = COMPLETE, cwd: str = "", *, loose: bool = False) -> dict[str, Any]:
    """What counts of a request, as plain data: `method`, `path`, `query` and `body`, as far as the rules choose them.

    Body: the value of JSON, a mapping of the parts of multipart, else text; bytes that are none are in Latin-1.
    `loose` leaves out the system prompt, and of tools all but the names.
    """
    body = _body_value(request)
    whole = {
        "method": request.method,
        "path": request.path,
        "query": _query_form(request.query, rules),
        "header": _header_form(request.headers, rules.headers),
        "body": _loosened(body) if loose and isinstance(body, dict) else body,
    }
    for path in rules.ignore:
        remove(whole, path.split("."))
    kept = {part.partition(".")[0] for part in rules.parts}
    form: dict[str, Any] = {name: value for name, value in whole.items() if name in kept}
    for part in ("query", "body"):
        inner = [path.split(".")[1:] for path in rules.parts if path.startswith(f"{part}.")]
        if inner and part not in rules.parts and isinstance(form[part], dict):
            form[part] = _chosen(form[part], inner)
    if rules.normalize:
        form = Scribe([normalizer(name) for name in rules.normalize], cwd).rewritten(form)
    return form


def _chosen(value: dict[str, Any], paths: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The parts of a body or query that were chosen, and `stream`, which no client takes for anything else.

    Where one of them is absent everything counts: else all requests that lack it would be the same.
    """
    parts = {".".join(path): at(value, path) for path in paths}
    if any(part in (None, []) for part in parts.values()):
        return value
    return {**parts, "stream": value.get("stream")}


def loose_key(request: Request, rules: Rules = COMPLETE, cwd: str = "") -> str:
    """The key that requests share where only the system prompt or the tool schemas differ."""
    form = form_of(request, rules, cwd, loose=True)
    return hashlib.blake2b(json.dumps(form, sort_keys=True).encode(), digest_size=16).hexdigest()


def _loosened(body: dict[str, Any]) -> dict[str, Any]:
    """The conversation, the settings, and the names of the tools."""
    loose = {name: value for name, value in body.items() if name not in ("instructions", "system")}
    for name in ("messages", "input"):
        if isinstance(loose.get(name), list):
            loose[name] = [each for each in loose[name] if not _is_system(each)]
    for name in ("tools", "functions"):
        if isinstance(loose.get(name), list):
            loose[name] = sorted(json.dumps(_tool_name(tool)) for tool in loose[name])
    return loose


def _is_system(message: Any) -> bool:
    return isinstance(message, dict) and message.get("role") in ("system", "developer")


def _tool_name(tool: Any) -> Any:
    if not isinstance(tool, dict):
        return tool
    function = tool.get("function")
    named = function if isinstance(function, dict) else tool
    return [tool.get("type"), named.get("name")]


def body_form(kind: bytes, body: bytes) -> bytes:
    """A body of this content type as it counts for matching, where everything counts."""
    if b"multipart/" in kind.lower() and (parts := _multipart(kind, body)) is not None:
        return json.dumps(parts).encode()
    return canonical_json(body) if _may_be_json(kind, body) else body


def _may_be_json(kind: bytes, body: bytes) -> bool:
    return body[:1] in b"{[ \t\r\n" or b"json" in kind.lower()


def canonical_json(body: bytes) -> bytes:
    """JSON text in one spelling: sorted keys, no white space, ASCII, whole floats as integers. Other bytes unchanged.

    A text that names a key twice has no canonical form (readers differ on which counts), so it stays as it is.
    """
    try:
        return json.dumps(_json_value(body), sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return body


def _json_value(body: bytes) -> Any:
    return json.loads(body, parse_float=_number, object_pairs_hook=_unique)


def _number(text: str) -> float | int:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("no float holds it, so its spelling counts")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _body_value(request: Request) -> Any:
    kind, body = request.header(b"content-type") or b"", request.body
    if b"multipart/" in kind.lower() and (parts := _multipart(kind, body)) is not None:
        return {name: [part for part_name, part in parts if part_name == name] for name, _ in parts}
    if _may_be_json(kind, body):
        try:
            return json.loads(canonical_json(body))
        except (ValueError, RecursionError):
            pass
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _multipart(kind: bytes, body: bytes) -> list[tuple[str, dict[str, str]]] | None:
    """The parts of a multipart body (RFC 2046, section 5.1.1) by name, in the order of their names.

    The boundary is random, and a form's order is the client's whim. None where the body is no such thing.
    """
    found = _BOUNDARY.search(kind)
    if found is None:
        return None
    mark = b"--" + (found[1] or found[2])
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) < 2 or pieces[-1][:2] != b"--":
        return None
    parts = []
    for piece in pieces[1:-1]:
        head, blank, data = piece.partition(b"\r\n\r\n")
        if not blank:
            return None
        lines = [line.partition(b":") for line in head.split(b"\r\n") if line.strip()]
        fields = {name.strip().lower().decode("latin-1"): value.strip().decode("latin-1") for name, _, value in lines}
        name = re.search(r'\bname="([^"]*)"', fields.get("content-disposition", ""))
        content = canonical_json(data) if _may_be_json(fields.get("content-type", "").encode(), data) else data
        parts.append((name[1] if name else "", {**fields, "content": content.decode("latin-1")}))
    return sorted(parts, key=lambda part: part[0])


def _query_form(query: str, rules: Rules) -> Any:
    """The query as it stands; by its parameters only where rules look into it."""
    if not any(path.startswith(("query.", "*", "**")) for path in (*rules.on, *rules.ignore)):
        return query
    form: dict[str, list[str]] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        form.setdefault(unquote_plus(name), []).append(value)
    return form


def _header_form(headers: Headers, chosen: Iterable[bytes]) -> dict[str, str]:
    values = {name.decode("latin-1"): header(headers, name) for name in chosen}
    return {name: value.decode("latin-1") for name, value in values.items() if value is not None}
