"""Chat completions: a request read, a reply written as one body or as a stream."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockprovider.profiles.schema import Chat, Model, Profile
from mockprovider.synthesis.asked import Asked, Tool, text_of
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.frames import ABSENT, Frame, filled, spelled
from mockprovider.synthesis.reply import Call, Reply
from mockprovider.synthesis.tokens import count, pieces

_MOVING = frozenset({"text", "obfuscation"})


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A chat request that passed the checks, with what only this dialect cares about."""

    asked: Asked
    model: str
    stream: bool
    choices: int
    usage_asked: bool
    obfuscated: bool


def read(body: Mapping[str, Any], model_name: str, model: Model, chat: Chat) -> ChatRequest:
    """The request in a body that has a model and messages."""
    options = _mapping(body.get("stream_options"))
    shape = _mapping(body.get("response_format"))
    schema = _mapping(_mapping(shape.get("json_schema")).get("schema"))
    limits = [body.get(name) for name in ("max_completion_tokens", "max_tokens")]
    asked = Asked(
        messages=tuple(message for message in body["messages"] if isinstance(message, dict)),
        tools=tuple(_tools(body.get("tools"))),
        tool_choice=_choice(body.get("tool_choice")),
        parallel=body.get("parallel_tool_calls") is not False,
        shape=shape.get("type") or "text",
        schema=schema or None,
        thinking=thinks(body, model, chat),
        limit=next((limit for limit in limits if isinstance(limit, int) and limit > 0), None),
    )
    return ChatRequest(
        asked,
        model.answers_as or model_name,
        body.get("stream") is True,
        min(max(_integer(body.get("n"), 1), 1), 128),
        options.get("include_usage") is True,
        options.get("include_obfuscation") is not False,
    )


def thinks(body: Mapping[str, Any], model: Model, chat: Chat) -> bool:
    """Whether the answer shows reasoning: the model's habit, and what the request says."""
    if model.thinks in ("never", "hidden"):
        return False
    if model.thinks == "always":
        return True
    told: Any = body
    for part in chat.thinking.switch.split(".") if chat.thinking.switch else ():
        told = told.get(part) if isinstance(told, dict) else None
    if told in chat.thinking.enable:
        return True
    if told in chat.thinking.disable:
        return False
    return model.thinks == "unless_told"


class ChatWriter:
    """Writes replies in a profile's frames. One a profile: the frames are prepared once."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._chat = profile.chat
        stream = profile.chat.stream
        self._frames = {
            name: Frame(form, stream.spelling, stream.event, _MOVING)
            for name in type(stream.frames).model_fields
            if (form := getattr(stream.frames, name)) is not None
        }

    def plain(self, request: ChatRequest, reply: Reply, model: Model, chance: Chance) -> bytes:
        """The body of an answer that is not streamed."""
        values = self._values(request, reply, model, chance)
        values["usage"] = self._usage(request, reply, chance)
        form = dict(self._chat.plain.body)
        (choice,) = form["choices"]
        form["choices"] = [self._choice(choice, reply, {**values, "index": n}, chance) for n in range(request.choices)]
        return spelled(filled(form, values, chance), self._chat.plain.spelling).encode()

    def stream(self, request: ChatRequest, reply: Reply, model: Model, chance: Chance) -> Iterator[bytes]:
        """The events of an answer that is streamed."""
        stream = self._chat.stream
        values = self._values(request, reply, model, chance)
        usage = self._usage(request, reply, chance)
        for index in range(request.choices):
            last = index == request.choices - 1
            values["usage"] = usage if last else ABSENT
            yield from self._choice_frames(request, reply, {**values, "index": index}, chance)
        values["usage"] = usage
        wanted = stream.usage_frame == "always" or (stream.usage_frame == "asked" and request.usage_asked)
        if wanted and "usage" in self._frames:
            yield self._one("usage", values, chance)
        if stream.done:
            yield stream.done.encode()

    def _choice_frames(
        self, request: ChatRequest, reply: Reply, values: dict[str, Any], chance: Chance
    ) -> Iterator[bytes]:
        calls = self._calls(reply, chance)
        opening, opened = self._opening(reply)
        yield self._one(opening, {**values, **(calls[0] if opened else {})}, chance)
        yield from self._pieces("thinking", reply.thinking, values, chance)
        after = "text_after_thinking" if reply.thinking and "text_after_thinking" in self._frames else "text"
        yield from self._pieces(after, reply.text, values, chance)
        for number, call in enumerate(calls):
            own = {**values, **call}
            if number or not opened:
                yield self._one("tool", own, chance)
            if "tool_arguments" in self._frames:
                yield from self._pieces("tool_arguments", call["tool_arguments"], own, chance)
        after = "finish_after_thinking" if reply.thinking and "finish_after_thinking" in self._frames else "finish"
        yield self._one(after, {**values, "finish_reason": reply.finish}, chance)

    def _opening(self, reply: Reply) -> tuple[str, bool]:
        """The frame that opens a choice, and whether it opens the first tool call as well."""
        if reply.thinking and "first_thinking" in self._frames:
            return "first_thinking", False
        if len(reply.calls) == 1 and not reply.text and "first_tool" in self._frames:
            return "first_tool", True
        if len(reply.calls) > 1 and not reply.text and "first_tools" in self._frames:
            return "first_tools", False
        return "first", False

    def _one(self, name: str, values: dict[str, Any], chance: Chance) -> bytes:
        frame = self._frames[name].bind(values, chance)
        return frame(text='""', obfuscation=_padding(values, chance))

    def _pieces(self, name: str, text: str, values: dict[str, Any], chance: Chance) -> Iterator[bytes]:
        if not text:
            return
        frame = self._frames[name].bind(values, chance)
        ascii_only = self._chat.stream.spelling.ascii
        for piece in pieces(text):
            yield frame(text=json.dumps(piece, ensure_ascii=ascii_only), obfuscation=_padding(values, chance))

    def _choice(self, form: Any, reply: Reply, values: dict[str, Any], chance: Chance) -> Any:
        """One choice of the plain body; its list of one tool call stands for one a call."""

        def grow(node: Any) -> Any:
            if isinstance(node, list) and len(node) == 1 and "$tool_" in json.dumps(node):
                return [filled(node[0], {**values, **call}, chance) for call in calls] if calls else "$nothing"
            return {key: grow(item) for key, item in node.items()} if isinstance(node, dict) else node

        calls = self._calls(reply, chance)
        return filled(grow(form), {**values, "nothing": ABSENT, "finish_reason": reply.finish}, chance)

    def _calls(self, reply: Reply, chance: Chance) -> Sequence[dict[str, Any]]:
        return [self._call(number, call, chance) for number, call in enumerate(reply.calls)]

    def _call(self, number: int, call: Call, chance: Chance) -> dict[str, Any]:
        ident = chance.fill(self._chat.tool_id.replace("${tool_number}", f"{number:02d}"))
        return {"tool_index": number, "tool_id": ident, "tool_name": call.name, "tool_arguments": call.arguments}

    def _values(self, request: ChatRequest, reply: Reply, model: Model, chance: Chance) -> dict[str, Any]:
        return {
            "id": chance.fill(self._chat.id),
            "created": CREATED + chance.number() % 86400,
            "model": request.model,
            "fingerprint": model.fingerprint,
            "content": reply.text or (self._chat.empty_content if reply.calls else ""),
            "thinking": reply.thinking or ABSENT,
            "finish_reason": None,
            "logprobs": None if model.logprobs else ABSENT,
            "null_if_usage_asked": None if request.usage_asked else ABSENT,
            "obfuscation": "" if request.obfuscated else ABSENT,
        }

    def _usage(self, request: ChatRequest, reply: Reply, chance: Chance) -> Any:
        tokens = self._profile.tokens
        messages = request.asked.messages
        prompt = sum(count(text_of(m.get("content")), tokens) + tokens.overhead_per_message for m in messages)
        prompt += sum(count(json.dumps(tool.parameters) + tool.description + tool.name, tokens) for tool in request.asked.tools)
        thought = len(pieces(reply.thinking))
        said = len(pieces(reply.text)) + sum(len(pieces(call.name + call.arguments)) for call in reply.calls)
        completion = (thought + said) * request.choices
        values = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "reasoning_tokens": thought * request.choices,
            "reasoning_tokens_if_thinking": thought * request.choices if reply.thinking else ABSENT,
        }
        return filled(self._chat.usage, values, chance)


CREATED = 1767225600
"""2026-01-01T00:00:00Z: answers are made on a day that never changes, so that they never change."""


def _padding(values: Mapping[str, Any], chance: Chance) -> str:
    return "" if values["obfuscation"] is ABSENT else f'"{chance.padding()}"'


def _tools(value: Any) -> Iterator[Tool]:
    for entry in value if isinstance(value, list) else ():
        function = _mapping(entry.get("function")) if isinstance(entry, dict) else {}
        if isinstance(name := function.get("name"), str):
            yield Tool(name, str(function.get("description") or ""), _mapping(function.get("parameters")))


def _choice(value: Any) -> str:
    if isinstance(value, dict):
        return str(_mapping(value.get("function")).get("name") or "auto")
    return value if isinstance(value, str) else "auto"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _integer(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
