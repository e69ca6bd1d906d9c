"""How each API says what it says: one reader an API, each of which adds one JSON value to a draft of the answer.

A value is a whole body or one event of a stream. Readers take what they know and pass over the rest: recordings hold
what providers send, not what they should send. Nothing in a value makes them raise.

An answer is gathered in blocks, each a run of text, of reasoning, of a refusal, or a tool call, whose places are
sorted in the end; so deltas of several blocks may come mixed, and a block that comes whole replaces its deltas.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Value = dict[str, Any]
Place = tuple[int, str, int]
"""Which output item or content block, what of it, and which part of that."""

_MOST_CALLS = 1000
_REASONING = ("reasoning_content", "reasoning", "thinking")
_PART_KINDS = {"thinking": "reasoning", "reasoning": "reasoning", "refusal": "refusal"}
_WORDS = ("text", "thinking", "refusal")
_CALL_WORDS = ("arguments", "input", "action", "queries", "code")


@dataclass
class Block:
    """A part of what is said, as far as it came; `apart` where a blank line stands between it and the one before."""

    kind: str
    pieces: list[str] = field(default_factory=list)
    id: str = ""
    name: str = ""
    apart: bool = False


@dataclass
class ChoiceDraft:
    """One choice as far as it came."""

    blocks: dict[Place, Block] = field(default_factory=dict)
    finish: str | None = None
    media: dict[str, int] = field(default_factory=dict)
    """What is no text, and how many characters it has in the JSON."""


@dataclass
class Draft:
    """An answer as far as it came. `at` is when the value that is being read was there, None for a body."""

    path: str = ""
    api: str = ""
    model: str | None = None
    choices: dict[int, ChoiceDraft] = field(default_factory=dict)
    usage: Value | None = None
    error: Any = None
    embeddings: list[int | None] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    at: float | None = None
    first_token: float | None = None
    last_token: float | None = None
    summarized: bool = False

    def choice(self, index: Any = 0) -> ChoiceDraft:
        """The choice with this index; the first where the index is none."""
        return self.choices.setdefault(index if isinstance(index, int) else 0, ChoiceDraft())

    def block(self, kind: str, place: Place, index: Any = 0) -> Block:
        """The block at a place of a choice."""
        return self.choice(index).blocks.setdefault(place, Block(kind))

    def say(self, kind: str, words: str, place: Place | None = None, index: Any = 0) -> None:
        """Add words to a block."""
        if words:
            self.block(kind, place or (0, kind, 0), index).pieces.append(words)
            self.spoke()

    def spoke(self) -> None:
        """Note that a token was there by now."""
        self.first_token = self.at if self.first_token is None else self.first_token
        self.last_token = self.at


def take(draft: Draft, value: Any) -> None:
    """Add what a JSON value says: the body, or an event; a list is taken one by one, as some providers wrap errors."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            _take_one(draft, each)


def _take_one(draft: Draft, value: Value) -> None:
    found = next(((api, read) for api, recognises, read in READERS if recognises(draft, value)), None)
    if found is not None:
        draft.api = draft.api or found[0]
        found[1](draft, value)
    _take_common(draft, value)


def _take_common(draft: Draft, value: Value) -> None:
    """What stands at the same place everywhere: model, usage, error."""
    draft.model = _string(value.get("model")) or draft.model
    usage = value.get("usage") or _mapping(value.get("x_groq")).get("usage")
    if isinstance(usage, dict):
        draft.usage = {**(draft.usage or {}), **usage} if draft.api == "messages" else usage
    elif "usage" not in value and isinstance(value.get("input_tokens"), int):
        draft.usage = {"input_tokens": value["input_tokens"]}
    draft.error = _error(value) or draft.error


def _error(value: Value) -> Any:
    if value.get("error"):
        return value["error"]
    if value.get("type") == "error" or value.get("object") == "error":
        return value
    if value.get("errors") and not value.get("success"):
        return value["errors"]
    return value.get("detail") if "choices" not in value and value.get("type") is None else None


def _chat(draft: Draft, value: Value) -> None:
    """Chat completions and legacy completions: choices of messages, deltas, or text."""
    if value.get("object") == "text_completion":
        draft.api = "completions"
    for number, each in enumerate(_list(value.get("choices"))):
        index = each.get("index", number)
        delta, message = _mapping(each.get("delta")), _mapping(each.get("message"))
        message = message or delta if draft.at is None else delta or message  # Perplexity sends both
        _message(draft, message, index)
        if not message.get("content"):  # some providers send the words twice
            _content(draft, each.get("text"), index)
        choice = draft.choice(index)
        choice.finish = _string(each.get("finish_reason")) or choice.finish
        draft.error = each.get("error") or draft.error


def _bare_message(draft: Draft, value: Value) -> None:
    """A message with no choices around it, as Ollama writes one."""
    _message(draft, _mapping(value.get("message")), 0)
    draft.choice().finish = _string(value.get("done_reason")) or draft.choice().finish


def _message(draft: Draft, message: Value, index: Any) -> None:
    """A message or a delta of a chat completion."""
    _content(draft, message.get("content"), index)
    draft.say("refusal", _string(message.get("refusal")), index=index)
    thought = next((words for name in _REASONING if (words := words_of(message.get(name)))), "")
    draft.say("reasoning", thought or _details(draft, message), index=index)
    for number, call in enumerate(_list(message.get("tool_calls"))):
        made = _mapping(call.get("function")) or _mapping(call.get("custom"))
        _call_delta(draft, call, made, call.get("index", number), index)
    if function := _mapping(message.get("function_call")):
        _call_delta(draft, {}, function, 0, index)
    audio = _mapping(message.get("audio"))
    draft.say("text", _string(audio.get("transcript")), index=index)
    for name, data in (("audio", _string(audio.get("data"))), ("image", _spelled(message.get("images")))):
        if data:
            media = draft.choice(index).media
            media[name] = media.get(name, 0) + len(data)
            draft.spoke()


def _content(draft: Draft, content: Any, index: Any) -> None:
    if isinstance(content, list):
        for part in content:
            kind = _PART_KINDS.get(_string(_mapping(part).get("type")), "text")
            draft.say(kind, words_of(part), index=index)
    elif isinstance(content, dict):
        draft.say("text", _spelled(content), index=index)
    else:
        draft.say("text", _string(content), index=index)


def _details(draft: Draft, message: Value) -> str:
    """Reasoning as OpenRouter details it."""
    words = ""
    for each in _list(message.get("reasoning_details")):
        draft.summarized = draft.summarized or bool(each.get("summary"))
        words += _string(each.get("text")) or _string(each.get("summary"))
    return words


def _call_delta(draft: Draft, call: Value, function: Value, number: Any, index: Any) -> None:
    """A tool call or a part of one. Providers that number every call 0 are told by a new id with a new name."""
    number = number if isinstance(number, int) and 0 <= number < _MOST_CALLS else 0
    ident, name = _string(call.get("id")), _string(function.get("name"))
    blocks = draft.choice(index).blocks
    known = blocks.get((0, "call", number))
    if known is not None and known.id and ident and ident != known.id and name:
        number = 1 + max(place[2] for place in blocks if place[1] == "call")
    elif known is None and not ident and not name and "index" not in call:
        number = max((place[2] for place in blocks if place[1] == "call"), default=number)
    block = draft.block("call", (0, "call", number), index)
    block.id = block.id or ident
    if name != block.name:  # some providers repeat the name in every delta
        block.name += name
    arguments = function.get("arguments") or function.get("input")
    block.pieces.append(_string(arguments) or _spelled(arguments))
    draft.spoke()


def _response(draft: Draft, value: Value) -> None:
    """A whole response of the Responses API, or a message in its form."""
    output = _list(value.get("output"))
    choice = draft.choice()
    if output:
        choice.blocks.clear()
    for number, item in enumerate(output):
        _output_item(draft, item, number)
    details = _mapping(value.get("incomplete_details"))
    choice.finish = _string(details.get("reason")) or _string(value.get("status")) or choice.finish


def _output_item(draft: Draft, item: Value, number: int) -> None:
    """One item of a response's output, whole; what had come of it before is replaced."""
    blocks = draft.choice().blocks
    for place in [place for place in blocks if place[0] == number]:
        del blocks[place]
    kind = _string(item.get("type"))
    if kind.endswith("_call") or "arguments" in item:  # the latter where the client must allow a call
        block = draft.block("call", (number, "call", 0))
        block.id = _string(item.get("call_id")) or _string(item.get("id"))
        block.name = _string(item.get("name")) or kind.removesuffix("_call")
        said = next((item[word] for word in _CALL_WORDS if item.get(word)), "")
        block.pieces = [_string(said) or _spelled(said)]
        if item.get("result"):
            draft.choice().media[kind.removesuffix("_call")] = len(_spelled(item["result"]))
        draft.spoke()
        return
    for field_ in ("summary", "content"):
        draft.summarized = draft.summarized or (kind == "reasoning" and field_ == "summary" and bool(item.get(field_)))
        for part, each in enumerate(_list(item.get(field_))):
            spoken = "reasoning" if kind == "reasoning" else _PART_KINDS.get(_string(each.get("type")), "text")
            draft.say(spoken, words_of(each), (number, f"{spoken} {field_}", part))
            _set_apart(draft, (number, f"{spoken} {field_}", part))


_DELTAS = {
    "response.output_text.delta": ("text", "content"),
    "response.refusal.delta": ("refusal", "content"),
    "response.reasoning_text.delta": ("reasoning", "content"),
    "response.reasoning_summary_text.delta": ("reasoning", "summary"),
}
_CALL_DELTAS = frozenset(
    f"response.{kind}.delta"
    for kind in (
        "function_call_arguments",
        "custom_tool_call_input",
        "mcp_call_arguments",
        "code_interpreter_call_code",
    )
)


def _response_event(draft: Draft, value: Value) -> None:
    """One event of a streamed response; the last holds all of it again."""
    kind, number = value["type"], _count(value.get("output_index"))
    item = _mapping(value.get("item"))
    last_token = draft.last_token
    if isinstance(value.get("response"), dict):
        if kind in ("response.completed", "response.incomplete", "response.failed"):
            _response(draft, value["response"])
        _take_common(draft, value["response"])
    elif kind in _DELTAS:
        spoken, field_ = _DELTAS[kind]
        part = _count(value.get("summary_index" if field_ == "summary" else "content_index"))
        place = (number, f"{spoken} {field_}", part)
        draft.summarized = draft.summarized or field_ == "summary"
        draft.say(spoken, _string(value.get("delta")), place)
        _set_apart(draft, place)
    elif kind in _CALL_DELTAS:
        draft.block("call", (number, "call", 0)).pieces.append(_string(value.get("delta")))
        draft.spoke()
    elif kind in ("response.output_item.added", "response.output_item.done"):
        _output_item(draft, item, number)
    if not kind.endswith(".delta"):  # what is said once more is no news
        draft.last_token = last_token or draft.last_token


def _set_apart(draft: Draft, place: Place) -> None:
    if (block := draft.choice().blocks.get(place)) is not None:
        block.apart = True


def _anthropic(draft: Draft, value: Value) -> None:
    """A whole message of Anthropic's messages API."""
    for number, block in enumerate(_list(value.get("content"))):
        _content_block(draft, block, number)
    choice = draft.choice()
    choice.finish = _string(value.get("stop_reason")) or choice.finish


def _content_block(draft: Draft, block: Value, number: int) -> None:
    kind = _string(block.get("type"))
    if kind.endswith("tool_use"):
        call = draft.block("call", (number, "", 0))
        call.id, call.name = _string(block.get("id")), _string(block.get("name"))
        call.pieces = [_spelled(block["input"])] if block.get("input") else []
        draft.spoke()
    else:
        spoken = "reasoning" if kind == "thinking" else "text"
        draft.say(spoken, words_of(block), (number, "", 0))


def _anthropic_event(draft: Draft, value: Value) -> None:
    """One event of a streamed message."""
    kind, number, delta = value["type"], _count(value.get("index")), _mapping(value.get("delta"))
    if kind == "message_start":
        _anthropic(draft, _mapping(value.get("message")))
        _take_common(draft, _mapping(value.get("message")))
    elif kind == "content_block_start":
        _content_block(draft, _mapping(value.get("content_block")), number)
    elif kind == "content_block_delta":
        spoken = "reasoning" if "thinking" in delta else "text"
        draft.say(spoken, words_of(delta), (number, "", 0))
        if "partial_json" in delta:
            draft.block("call", (number, "", 0)).pieces.append(_string(delta["partial_json"]))
            draft.spoke()
    choice = draft.choice()
    choice.finish = _string(delta.get("stop_reason")) or choice.finish


def _embeddings(draft: Draft, value: Value) -> None:
    draft.embeddings += [_dimensions(each["embedding"]) for each in _list(value["data"]) if "embedding" in each]


def _dimensions(embedding: Any) -> int | None:
    """How many numbers an embedding has: a list, or 32-bit floats in base64."""
    if isinstance(embedding, list):
        return len(embedding)
    try:
        length = len(base64.b64decode(embedding, validate=True))
    except (ValueError, TypeError, binascii.Error):
        return None
    return length // 4 if length and length % 4 == 0 else None


def _models(draft: Draft, value: Value) -> None:
    listed = _list(value.get("data")) or _list(value.get("models")) or [value]
    draft.models += filter(None, (_string(each.get("id")) or _string(each.get("name")) for each in listed))


def _lists_models(draft: Draft, value: Value) -> bool:
    first = next(iter(_list(value.get("data")) or _list(value.get("models"))), value)
    named = "id" in first or "name" in first
    return named and (draft.path.endswith("/models") or "model" in (first.get("object"), first.get("type")))


def _type_in(*kinds: str) -> Callable[[Draft, Value], bool]:
    return lambda _, value: value.get("type") in kinds


def _typed(start: str) -> Callable[[Draft, Value], bool]:
    return lambda _, value: isinstance(value.get("type"), str) and value["type"].startswith(start)


Reader = tuple[str, Callable[[Draft, Value], bool], Callable[[Draft, Value], None]]

READERS: tuple[Reader, ...] = (
    ("chat", lambda _, value: "choices" in value, _chat),
    ("responses", _typed("response."), _response_event),
    ("responses", lambda _, value: value.get("object") == "response", _response),
    ("messages", lambda _, value: value.get("type") == "message" and "content" in value, _anthropic),
    ("messages", _typed("content_block_"), _anthropic_event),
    ("messages", _type_in("message_start", "message_delta", "message_stop"), _anthropic_event),
    ("embeddings", lambda _, value: any("embedding" in each for each in _list(value.get("data"))), _embeddings),
    ("models", _lists_models, _models),
    ("chat", lambda _, value: isinstance(value.get("message"), dict), _bare_message),
)
"""What an API is called, how one of its values is recognised, and how it is read; the first that fits."""


def words_of(value: Any) -> str:
    """The words in a content part, however it names and nests them."""
    if isinstance(value, list):
        return "".join(map(words_of, value))
    if isinstance(value, dict):
        return next((words_of(value[name]) for name in _WORDS if value.get(name)), "")
    return _string(value)


def _spelled(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _mapping(value: Any) -> Value:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Value]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
