"""A chat request read: what is asked for, and what only chat completions care about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockprovider.profiles.endpoints import Chat
from mockprovider.profiles.schema import Model
from mockprovider.synthesis.asked import Asked, Tool, listed, mapping, stops, text_of, whole
from mockprovider.synthesis.counting import hidden_thought


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A chat request that passed the checks, with what only this dialect cares about."""

    asked: Asked
    model: str
    """What the answer says."""
    asked_model: str
    stream: bool = False
    usage_asked: bool = False
    obfuscated: bool = True
    alternatives: int | None = None
    """How many other tokens are shown for each; None: no probabilities at all."""
    service_tier: str = "default"
    legacy: bool = False
    """Whether functions are called the legacy way."""
    sound: str = ""
    """The format of the sound that is asked for; empty for text."""


def read(body: Mapping[str, Any], model_name: str, model: Model, chat: Chat) -> ChatRequest:
    """The request in a body that has a model and messages."""
    options = mapping(body.get("stream_options"))
    shape = mapping(body.get("response_format"))
    limits = [body.get(name) for name in ("max_completion_tokens", "max_tokens")]
    legacy = _is_legacy(body, chat)
    wanted = body.get("tool_choice", body.get("function_call"))
    offered = tuple(_functions(body) if legacy else _tools(body)) if can_call(chat) else ()
    tools, choice = _allowed(offered, wanted)
    asked = Asked(
        messages=tuple(message for message in body["messages"] if isinstance(message, dict)),
        tools=tools,
        tool_choice=choice,
        parallel=body.get("parallel_tool_calls") is not False and not legacy,
        shape=shape.get("type") or "text",
        schema=mapping(mapping(shape.get("json_schema")).get("schema")) or None,
        thinking=thinks(body, model, chat),
        limit=next((limit for limit in limits if whole(limit) > 0), None),
        stop=stops(body.get("stop")),
        prediction=text_of(mapping(body.get("prediction")).get("content")),
        announces=model.announces,
        choices=min(max(whole(body.get("n"), 1), 1), 128),
    )
    spoken = model.speaks and "audio" in listed(body.get("modalities"))
    return ChatRequest(
        hidden_thought(asked, body.get("reasoning_effort") or model.effort, model),
        model.answers_as or model_name,
        model_name,
        body.get("stream") is True,
        options.get("include_usage") is True,
        options.get("include_obfuscation") is not False,
        min(whole(body.get("top_logprobs")), 20) if body.get("logprobs") is True and model.logprobs else None,
        tier(body.get("service_tier")),
        legacy,
        str(mapping(body.get("audio")).get("format") or "wav") if spoken else "",
    )


def thinks(body: Mapping[str, Any], model: Model, chat: Chat) -> bool:
    """Whether the answer shows reasoning: the model's habit, and what the request says."""
    if model.thinks in ("never", "hidden"):
        return False
    if model.thinks == "always":
        return True
    for path, switch in chat.thinking.switches.items():
        told: Any = body
        for part in path.split("."):
            told = told.get(part) if isinstance(told, dict) else None
        for says, values in ((True, switch.on), (False, switch.off)):
            if told is not None and told in values:
                return says
        for says, values in ((True, switch.on), (False, switch.off)):
            if told is not None and "*" in values:
                return says
    return model.thinks == "unless_told"


def can_call(chat: Chat) -> bool:
    """Whether the provider has a form for a tool call."""
    frames = chat.stream.frames
    return any(frame is not None for frame in (frames.tool, frames.tools, frames.finish_tools))


def tier(wanted: Any) -> str:
    """The tier that serves a request. Source of `fast`: live probes of 2026-08 (docs/providers)."""
    return {"flex": "flex", "priority": "priority", "fast": "priority", "scale": "scale"}.get(str(wanted), "default")


def _tools(body: Mapping[str, Any]) -> Iterator[Tool]:
    """What may be called."""
    for entry in listed(body.get("tools")):
        function, custom = (mapping(mapping(entry).get(kind)) for kind in ("function", "custom"))
        yield from _function(function)
        if isinstance(name := custom.get("name"), str):
            yield Tool(name, str(custom.get("description") or ""), custom=True, pattern=_pattern(custom))


def _functions(body: Mapping[str, Any]) -> Iterator[Tool]:
    """What may be called, in the legacy form."""
    for entry in listed(body.get("functions")):
        yield from _function(mapping(entry))


def _is_legacy(body: Mapping[str, Any], chat: Chat) -> bool:
    """Whether functions are called the legacy way, by a provider that knows it."""
    return "functions" in body and "tools" not in body and chat.stream.frames.first_function is not None


def _function(function: Mapping[str, Any]) -> Iterator[Tool]:
    if isinstance(name := function.get("name"), str):
        yield Tool(name, str(function.get("description") or ""), mapping(function.get("parameters")))


def _pattern(custom: Mapping[str, Any]) -> str:
    """The regular expression that a custom tool's input must match; a Lark grammar is not looked at."""
    grammar = mapping(mapping(custom.get("format")).get("grammar"))
    return str(grammar.get("definition") or "") if grammar.get("syntax") == "regex" else ""


def _allowed(tools: tuple[Tool, ...], choice: Any) -> tuple[tuple[Tool, ...], str]:
    """The tools that may be called now, and whether one must be."""
    if isinstance(choice, str):
        return tools, choice
    choice = mapping(choice)
    if (allowed := mapping(choice.get("allowed_tools"))) or choice.get("type") == "allowed_tools":
        entries = [mapping(each) for each in listed(allowed.get("tools"))]
        names = [mapping(each.get(kind)).get("name") for each in entries for kind in ("function", "custom")]
        return tuple(tool for tool in tools if tool.name in names), str(allowed.get("mode") or "auto")
    named = next((mapping(choice.get(kind)).get("name") for kind in ("function", "custom") if kind in choice), None)
    return tools, str(named or choice.get("name") or "auto")
