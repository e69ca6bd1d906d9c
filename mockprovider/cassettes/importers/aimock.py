"""Fixtures of aimock (@copilotkit/aimock): what to answer to a message that contains some words.

They keep meaning alone: no frames, no headers, and of the request a few words. Each fixture becomes the smallest
request that it would match, once plain and once streamed, and its answer in OpenAI's shape. A fixture that fits every
request, or that answers with pictures or sound, is refused.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from mockprovider.cassettes.importers.common import Format, Found, Imported, Refused, Source, as_json
from mockprovider.cassettes.importers.whole import Answered, Asked, Kept, tried, whole
from mockprovider.errors import CassetteError
from mockprovider.tape import Fidelity

_NOTE = "an aimock fixture matches by a few words: this is the smallest request that it would match"
_MADE = "aimock keeps what was said: ids, times and frames are made up"
_LEFT = "the fixture's faults and delays are left out"
_CREATED = 1767225600
"""2026-01-01: what is made up never looks at the clock."""
_PIECE = 20
"""Characters that aimock puts in a chunk where a fixture does not say."""
_MOST_TURNS = 1000

_TEXTS = ("userMessage", "inputText", "toolCallId", "toolResultContains", "toolName", "model", "responseFormat")
_FAULTS = ("latency", "chaos", "truncateAfterChunks", "disconnectAfterMs", "streamingProfile")
_MEDIA = ("image", "images", "audio", "transcription", "video", "live", "json")


def _claims(source: Source) -> bool:
    match source.parsed:
        case {"fixtures": [{"match": dict(), "response": _}, *_]}:
            return True
    return False


def _read(source: Source) -> Iterator[Found]:
    match source.json:
        case {"fixtures": list(fixtures)}:
            pass
        case _:
            raise CassetteError(f"{source.name}: no list of fixtures, which a file of aimock has")
    # The n-th time that a request comes, aimock takes the fixture of that sequenceIndex; a cassette, the n-th it has.
    for number, fixture in sorted(enumerate(fixtures, 1), key=lambda pair: _turn(pair[1])):
        where = f"fixture {number}"
        match fixture:
            case {"match": dict(match), "response": dict(response)}:
                yield from _exchanges(where, match, response, fixture)
            case _:
                yield Refused(where, "has no match and response")


def _turn(fixture: Any) -> int:
    match fixture:
        case {"match": {"sequenceIndex": int(index)}}:
            return index
    return 0


class _Answer(NamedTuple):
    """An answer by its body, and by its events where it can be streamed."""

    plain: Any
    events: list[dict[str, Any]] | None = None
    status: Any = 200


def _exchanges(where: str, match: dict[str, Any], response: dict[str, Any], fixture: dict[str, Any]) -> Iterator[Found]:
    yield tried(where, partial(_exchange, where, match, response, fixture, streamed=False))
    if match.get("endpoint") != "embedding" and "inputText" not in match:
        streamed = tried(where, partial(_exchange, f"{where}, streamed", match, response, fixture, streamed=True))
        yield from [streamed] if isinstance(streamed, Imported) else []  # it was refused once, which will do


def _exchange(
    where: str, match: dict[str, Any], response: dict[str, Any], fixture: dict[str, Any], *, streamed: bool
) -> Found:
    path, body = _request(match, response)
    answer = _answer(match, response, fixture)
    notes = (_NOTE, _MADE, *([_LEFT] if any(name in fixture for name in _FAULTS) else []))
    headers = (("retry-after", response["retryAfter"]),) if "retryAfter" in response else ()
    sent = {**body, "stream": True} if streamed else body
    if streamed and answer.events is not None:
        kind = "text/event-stream"
        said = b"".join(b"data: " + as_json(event) + b"\n\n" for event in answer.events) + b"data: [DONE]\n\n"
    else:
        kind, said = "application/json", as_json(answer.plain)
    found = whole(
        where,
        Asked("POST", path, (("Content-Type", "application/json"),), Kept(as_json(sent))),
        Answered(answer.status, (("Content-Type", kind), *headers), Kept(said)),
        notes=notes,
    )
    if isinstance(found, Refused):
        return found
    return replace(found, exchange=replace(found.exchange, fidelity=Fidelity.TEXT))


_CHAT, _EMBED = "/v1/chat/completions", "/v1/embeddings"


def _request(match: dict[str, Any], response: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The path and the body of the smallest request that a fixture matches. Raises ValueError where there is none."""
    if any(name in match and not isinstance(match[name], str) for name in _TEXTS):
        raise ValueError("it matches by a pattern or a function, which is no text")
    if "context" in match:
        raise ValueError("it matches by a header of aimock's own")
    if match.get("endpoint") not in (None, "chat", "embedding"):
        raise ValueError("it answers an endpoint of sound, pictures or other services")
    model = match.get("model") or response.get("model")
    body: dict[str, Any] = {"model": model} if isinstance(model, str) else {}
    if match.get("endpoint") == "embedding" or "inputText" in match:
        if "inputText" not in match:
            raise ValueError("it matches every request")
        return _EMBED, {**body, "input": match["inputText"]}
    messages = _messages(match)
    if not messages and "toolName" not in match:
        raise ValueError("it matches every request")
    body["messages"] = messages
    if "toolName" in match:
        body["tools"] = [{"type": "function", "function": {"name": match["toolName"]}}]
    if "responseFormat" in match:
        body["response_format"] = {"type": match["responseFormat"]}
    return _CHAT, body


def _messages(match: dict[str, Any]) -> list[dict[str, Any]]:
    """The shortest conversation that fits: as many turns as it asks for, and a tool's result at the end."""
    system = match.get("systemMessage")
    words = [system] if isinstance(system, str) else system or []
    turns = match.get("turnIndex", 0)
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError("it matches by a pattern or a function, which is no text")
    if not isinstance(turns, int) or not 0 <= turns <= _MOST_TURNS:
        raise ValueError("it asks for a number of turns that no conversation has")
    result = bool(match.get("hasToolResult")) or "toolCallId" in match or "toolResultContains" in match
    messages: list[dict[str, Any]] = [{"role": "system", "content": "\n".join(words)}] if words else []
    before = max(0, turns - 1) if result else turns
    messages += [{"role": "assistant", "content": ""}] * before
    if "userMessage" in match:
        messages.append({"role": "user", "content": match["userMessage"]})
    if result:
        ident = match.get("toolCallId", "call_0")
        called = {"id": ident, "type": "function", "function": {"name": "", "arguments": "{}"}}
        messages.append({"role": "assistant", "content": None, "tool_calls": [called]})
        messages.append({"role": "tool", "tool_call_id": ident, "content": match.get("toolResultContains", "")})
    return messages if words or result or "userMessage" in match else []


def _answer(match: dict[str, Any], response: dict[str, Any], fixture: dict[str, Any]) -> _Answer:
    """What a fixture answers. Raises ValueError where OpenAI's text endpoints have no such answer."""
    error = response.get("error")
    if isinstance(error, dict):
        status = response.get("status", 500)
        if error.get("type") == "proxy_error":
            raise ValueError("aimock could not read the answer that it recorded")
        told = {"message": None, "type": "server_error", "param": None, "code": None}
        return _Answer({"error": {**told, **error}}, None, status)
    if any(name in response for name in _MEDIA):
        raise ValueError("it answers with something other than text, tool calls, an error or an embedding")
    model = response.get("model") or match.get("model") or "unknown"
    if isinstance(vector := response.get("embedding"), list):
        data = [{"object": "embedding", "index": 0, "embedding": vector}]
        return _Answer({"object": "list", "data": data, "model": model, "usage": _NO_TOKENS})
    said = _said(response)
    ident = hashlib.blake2b(as_json(fixture), digest_size=12).hexdigest()
    return _text(said, response, model, ident, fixture.get("chunkSize"))


_NO_TOKENS = {"prompt_tokens": 0, "total_tokens": 0}


class _Said(NamedTuple):
    """What an answer says, in the order in which it is streamed: texts, and tool calls as mappings."""

    reasoning: str
    parts: list[str | dict[str, Any]]


def _said(response: dict[str, Any]) -> _Said:
    reasoning = response.get("reasoning", "")
    blocks, calls = response.get("blocks"), response.get("toolCalls", [])
    parts: list[str | dict[str, Any]] = []
    if isinstance(blocks, list) and blocks:
        for block in blocks:
            match block:
                case {"type": "text", "text": str(text)}:
                    parts.append(text)
                case {"type": "toolCall", "name": str()}:
                    parts.append(block)
                case _:
                    raise ValueError("one of its blocks is neither a text nor a tool call")
    elif "content" in response or "toolCalls" in response:
        content = response.get("content")
        parts += [content if isinstance(content, str) else as_json(content).decode()] if content is not None else []
        parts += calls if isinstance(calls, list) else [calls]
    else:
        raise ValueError("it answers with nothing that is known")
    if not isinstance(reasoning, str) or not all(_sound(part) for part in parts):
        raise ValueError("its reasoning or one of its tool calls is no text")
    return _Said(reasoning, parts)


def _sound(part: Any) -> bool:
    return isinstance(part, str) or (isinstance(part, dict) and isinstance(part.get("name"), str))


def _text(said: _Said, response: dict[str, Any], model: Any, ident: str, piece: Any) -> _Answer:
    size = piece if isinstance(piece, int) and piece > 0 else _PIECE
    deltas: list[dict[str, Any]] = [{"role": response.get("role", "assistant"), "content": ""}]
    deltas += [{"reasoning_content": text} for text in _cut(said.reasoning, size)]
    calls: list[dict[str, Any]] = []
    for part in said.parts:
        if isinstance(part, str):
            deltas += [{"content": text} for text in _cut(part, size)]
            continue
        call = _call(part, f"call_{ident}_{len(calls)}")
        opened = {"index": len(calls), **call, "function": {**call["function"], "arguments": ""}}
        deltas.append({"tool_calls": [opened]})
        for text in _cut(call["function"]["arguments"], size):
            deltas.append({"tool_calls": [{"index": len(calls), "function": {"arguments": text}}]})
        calls.append(call)
    texts = [part for part in said.parts if isinstance(part, str)]
    message: dict[str, Any] = {"role": response.get("role", "assistant"), "content": "".join(texts) if texts else None}
    message |= {"reasoning_content": said.reasoning} if said.reasoning else {}
    message |= {"tool_calls": calls} if calls else {}
    finish = response.get("finishReason") or ("tool_calls" if calls else "stop")
    prints = response.get("systemFingerprint")
    about = {
        "id": response.get("id") or f"chatcmpl-{ident}",
        "created": response.get("created", _CREATED),
        "model": model,
        **({"system_fingerprint": prints} if prints is not None else {}),
    }
    usage = {"usage": _usage(response["usage"])} if isinstance(response.get("usage"), dict) else {}
    plain = {
        **about,
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
    }
    events = [_chunk(about, delta, None) for delta in deltas] + [{**_chunk(about, {}, finish), **usage}]
    return _Answer({**plain, **usage}, events)


def _chunk(about: dict[str, Any], delta: dict[str, Any], finish: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {**about, "object": "chat.completion.chunk", "choices": [choice]}


def _cut(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _call(part: dict[str, Any], ident: str) -> dict[str, Any]:
    """A tool call in OpenAI's shape; aimock lets a person write its arguments as JSON."""
    arguments = part.get("arguments", "{}")
    text = arguments if isinstance(arguments, str) else as_json(arguments).decode()
    return {"id": part.get("id") or ident, "type": "function", "function": {"name": part["name"], "arguments": text}}


def _usage(usage: dict[str, Any]) -> dict[str, Any]:
    """Counts of tokens under the names of chat completions, where a fixture has those of another API."""
    names = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens"}
    return {names.get(name, name): value for name, value in usage.items()}


FORMAT = Format("aimock", "aimock fixtures", Fidelity.TEXT, _claims, _read)
