"""Chat completions: a request read, a reply written as one body or as a stream."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mockprovider.profiles.schema import Chat, Model, Profile
from mockprovider.synthesis.asked import Asked, Tool, text_of
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.frames import ABSENT, Frame, quoted
from mockprovider.synthesis.reply import Call, Reply
from mockprovider.synthesis.tokens import count, pieces

_HIDDEN_THOUGHT = 64
"""Reasoning that only the token count shows comes in multiples of this (seen with OpenAI's models)."""
_MOVING = ("text", "obfuscation")


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
    choices = min(max(_integer(body.get("n"), 1), 1), 128)
    asked = Asked(
        messages=tuple(message for message in body["messages"] if isinstance(message, dict)),
        tools=tuple(_tools(body.get("tools"))),
        tool_choice=_choice(body.get("tool_choice")),
        parallel=body.get("parallel_tool_calls") is not False,
        shape=shape.get("type") or "text",
        schema=schema or None,
        thinking=thinks(body, model, chat),
        limit=next((limit for limit in limits if _integer(limit, 0) > 0), None),
        choices=choices,
    )
    return ChatRequest(
        asked,
        model.answers_as or model_name,
        body.get("stream") is True,
        choices,
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
            name: Frame(form, stream.spelling, stream.event, _MOVING, {"usage": profile.chat.usage})
            for name in stream.frames.__struct_fields__
            if (form := getattr(stream.frames, name)) is not None
        }
        self._plain_frame = lru_cache(maxsize=64)(self._expanded)

    def plain(self, request: ChatRequest, reply: Reply, model: Model, chance: Chance) -> bytes:
        """The body of an answer that is not streamed."""
        values = self._values(request, reply, model, chance)
        values["finish_reason"] = reply.finish
        for choice in range(request.choices):
            for number, call in enumerate(self._calls(reply, chance)):
                values |= {f"{name}.{choice}.{number}": value for name, value in call.items()}
        frame = self._plain_frame(request.choices, len(reply.calls))
        return frame.bind(values, chance).whole()

    def stream(self, request: ChatRequest, reply: Reply, model: Model, chance: Chance) -> list[bytes]:
        """The events of an answer that is streamed."""
        stream = self._chat.stream
        values = self._values(request, reply, model, chance)
        events = list[bytes]()
        for index in range(request.choices):
            values["usage"] = None if index == request.choices - 1 else ABSENT
            events += self._choice_events(reply, {**values, "index": index}, chance)
        wanted = stream.usage_frame == "always" or (stream.usage_frame == "asked" and request.usage_asked)
        if wanted and "usage" in self._frames:
            events += self._events("usage", values, chance)
        if stream.done:
            events.append(stream.done.encode())
        return events

    def _choice_events(self, reply: Reply, values: dict[str, Any], chance: Chance) -> list[bytes]:
        calls = self._calls(reply, chance)
        opening, opened = self._opening(reply)
        events = self._events(opening, {**values, **(calls[0] if opened else {})}, chance)
        events += self._events("thinking", values, chance, pieces(reply.thinking))
        text = "text_after_thinking" if reply.thinking and "text_after_thinking" in self._frames else "text"
        events += self._events(text, values, chance, pieces(reply.text))
        for number, call in enumerate(calls):
            own = {**values, **call}
            if number or not opened:
                events += self._events("tool", own, chance)
            if "tool_arguments" in self._frames:
                events += self._events("tool_arguments", own, chance, pieces(call["tool_arguments"]))
        finish = "finish_after_thinking" if reply.thinking and "finish_after_thinking" in self._frames else "finish"
        return events + self._events(finish, {**values, "finish_reason": reply.finish}, chance)

    def _opening(self, reply: Reply) -> tuple[str, bool]:
        """The frame that opens a choice, and whether it opens the first tool call as well."""
        if reply.thinking and "first_thinking" in self._frames:
            return "first_thinking", False
        if len(reply.calls) == 1 and not reply.text and "first_tool" in self._frames:
            return "first_tool", True
        if len(reply.calls) > 1 and not reply.text and "first_tools" in self._frames:
            return "first_tools", False
        return "first", False

    def _events(self, name: str, values: dict[str, Any], chance: Chance, texts: Sequence[str] = ("",)) -> list[bytes]:
        """One event of a frame for each text."""
        if not texts:
            return []
        spelling = self._chat.stream.spelling
        padded = values["obfuscation"] is not ABSENT
        paddings = chance.paddings(len(texts)) if padded else ()
        return self._frames[name].bind(values, chance).series(([quoted(text, spelling) for text in texts], paddings))

    def _expanded(self, choices: int, calls: int) -> Frame:
        """The plain body for so many choices and calls: its one choice, and its one tool call, stand for each."""

        def grow(node: Any, choice: int) -> Any:
            if isinstance(node, list) and len(node) == 1 and "$tool_" in json.dumps(node):
                return [_numbered(node[0], choice, number) for number in range(calls)] if calls else "$nothing"
            if isinstance(node, dict):
                return {key: grow(item, choice) for key, item in node.items()}
            return choice if node == "$index" else node

        form = dict(self._chat.plain.body)
        (one,) = form["choices"]
        form["choices"] = [grow(one, choice) for choice in range(choices)]
        return Frame(form, self._chat.plain.spelling, parts={"usage": self._chat.usage})

    def _calls(self, reply: Reply, chance: Chance) -> Sequence[dict[str, Any]]:
        return [self._call(number, call, chance) for number, call in enumerate(reply.calls)]

    def _call(self, number: int, call: Call, chance: Chance) -> dict[str, Any]:
        ident = chance.fill(self._chat.tool_id.replace("${tool_number}", f"{number:02d}"))
        return {"tool_index": number, "tool_id": ident, "tool_name": call.name, "tool_arguments": call.arguments}

    def _values(self, request: ChatRequest, reply: Reply, model: Model, chance: Chance) -> dict[str, Any]:
        return {
            "id": chance.fill(self._chat.id),
            "created": CREATED + chance.number(86400),
            "model": request.model,
            "fingerprint": model.fingerprint,
            "content": reply.text or (self._chat.empty_content if reply.calls else ""),
            "thinking": reply.thinking or ABSENT,
            "finish_reason": None,
            "logprobs": None if model.logprobs else ABSENT,
            "null_if_usage_asked": None if request.usage_asked else ABSENT,
            "obfuscation": "" if request.obfuscated else ABSENT,
            "nothing": ABSENT,
            **self._usage(request, reply, model),
        }

    def _usage(self, request: ChatRequest, reply: Reply, model: Model) -> dict[str, Any]:
        tokens, asked = self._profile.tokens, request.asked
        prompt = sum(count(text_of(m.get("content")), tokens) + tokens.overhead_per_message for m in asked.messages)
        prompt += sum(count(json.dumps(tool.parameters) + tool.description + tool.name, tokens) for tool in asked.tools)
        thought = _HIDDEN_THOUGHT * (1 + prompt % 4) if model.thinks == "hidden" else len(pieces(reply.thinking))
        said = len(pieces(reply.text)) + sum(len(pieces(call.name + call.arguments)) for call in reply.calls)
        completion = (thought + said) * request.choices
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "reasoning_tokens": thought * request.choices,
            "reasoning_tokens_if_thinking": thought * request.choices if reply.thinking else ABSENT,
        }


CREATED = 1767225600
"""2026-01-01T00:00:00Z: answers are made on a day that never changes, so that they never change."""


def _numbered(node: Any, choice: int, number: int) -> Any:
    """A tool call's form with its holes told apart from those of the other calls."""
    if isinstance(node, dict):
        return {key: _numbered(item, choice, number) for key, item in node.items()}
    return f"{node}.{choice}.{number}" if isinstance(node, str) and node.startswith("$tool_") else node


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
