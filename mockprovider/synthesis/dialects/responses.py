"""The Responses API: a request read, a reply written as one object or as the events that lead to it.

Holes of a response: `$id $created $completed_at $status $model $background $billing $incomplete_details $output $usage
$turns $effort $mode $summary $text_format $verbosity`, and every parameter that it repeats by its own name. Of an item:
`$item_id $item_status $content $phase $encrypted_content $summary $arguments $call_id $name`; of a part `$text
$logprobs`; of an event `$response $item $part $item_id $output_index $delta $text $arguments $logprobs $obfuscation
$sequence_number`.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockprovider.profiles.endpoints import Responses
from mockprovider.profiles.schema import Model, Profile
from mockprovider.synthesis.asked import Asked, listed, mapping, whole
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.counting import counted, hidden_thought
from mockprovider.synthesis.dialects.chat_request import tier
from mockprovider.synthesis.dialects.conversing import chosen, messages_of, tools_of
from mockprovider.synthesis.frames import ABSENT, CONDITIONS, Frame, filled, quoted, spelled
from mockprovider.synthesis.logprobs import logprobs
from mockprovider.synthesis.moment import moment
from mockprovider.synthesis.reply import Reply
from mockprovider.synthesis.tokens import pieces

_MOVING = ("delta", "obfuscation", "sequence_number")
_TOOK = 2
"""Seconds between the beginning of a response and its end, as it says itself."""
_ENCRYPTED = 300
"""Bytes of reasoning that nobody can read."""
_SUMMARY = "**Answering in short**\n\nThe user wants an answer, and gets a short one."
"""What reasoning is summed up as."""
_REPEATED: Mapping[str, Any] = {
    "frequency_penalty": 0.0,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "parallel_tool_calls": True,
    "presence_penalty": 0.0,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "safety_identifier": None,
    "store": True,
    "temperature": 1.0,
    "tool_choice": "auto",
    "top_logprobs": 0,
    "truncation": "disabled",
    "user": None,
    "metadata": {},
}
"""Parameters that a response repeats, and what it says where they were not given."""

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ResponseRequest:
    """A request that passed the checks."""

    asked: Asked
    model: str
    body: Mapping[str, Any]
    stream: bool = False
    background: bool = False
    obfuscated: bool = True
    alternatives: int | None = None
    """How many other tokens are shown for each; None: no probabilities at all."""
    encrypted: bool = False
    """Whether reasoning comes with what only the provider can read."""
    summary: str | None = None
    """How its reasoning is to be summed up."""


@dataclass(frozen=True, slots=True)
class Made:
    """A response, the events that lead to it, and what it said, for the turns that build on it."""

    whole: Object
    begun: Object
    """As it is before anything of it is there."""
    events: list[bytes] = field(default_factory=list)


def read(
    body: Mapping[str, Any], items: Sequence[Mapping[str, Any]], name: str, model: Model, *, thinking: bool = False
) -> ResponseRequest:
    """The request in a body that passed the checks; `items` are the conversation so far, its input at the end.

    `thinking` says whether reasoning is shown in the open.
    """
    form = mapping(mapping(body.get("text")).get("format"))
    tools, choice = chosen(tools_of(body.get("tools")), body.get("tool_choice") or "auto")
    instructions = body.get("instructions")
    before = [{"role": "system", "content": instructions}] if isinstance(instructions, str) else []
    reasoning = mapping(body.get("reasoning"))
    asked = Asked(
        messages=(*before, *messages_of(items)),
        tools=tools,
        tool_choice=choice,
        parallel=body.get("parallel_tool_calls") is not False,
        shape=form.get("type") or "text",
        schema=mapping(form.get("schema")) or None,
        limit=whole(body.get("max_output_tokens")) or None,
        thinking=thinking,
        announces=model.announces,
    )
    included = listed(body.get("include"))
    shown = body.get("top_logprobs") or ("message.output_text.logprobs" in included)
    return ResponseRequest(
        hidden_thought(asked, reasoning.get("effort") or model.effort, model),
        model.answers_as or name,
        body,
        body.get("stream") is True,
        body.get("background") is True,
        mapping(body.get("stream_options")).get("include_obfuscation") is not False,
        whole(body.get("top_logprobs")) if shown and model.logprobs else None,
        "reasoning.encrypted_content" in included,
        reasoning.get("summary") or reasoning.get("generate_summary"),
    )


class ResponseWriter:
    """Writes replies as a profile's responses. One a profile: the frames are prepared once."""

    def __init__(self, profile: Profile, responses: Responses) -> None:
        self._profile = profile
        self._responses = responses
        stream = responses.stream
        self._frames = {
            name: Frame(form, stream.spelling, stream.event.replace("$type", form["type"]), _MOVING)
            for name in stream.frames.__struct_fields__
            if (form := getattr(stream.frames, name)) is not None
        }

    def made(self, request: ResponseRequest, reply: Reply, model: Model, chance: Chance) -> Made:
        """The response, and where it is streamed or made in the background, its events."""
        values = self._values(request, reply, model, chance)
        begins = "queued" if request.background else "in_progress"
        begun = self._object({**values, **_unfinished(begins)}, chance)
        kinds = enumerate(_kinds(reply))
        items = [self._item(request, reply, kind, (number, index), model, chance) for index, (kind, number) in kinds]
        full = {**values, "output": [item.whole for item in items]}
        if reply.finish in ("length", "content_filter"):
            reason = "max_output_tokens" if reply.finish == "length" else "content_filter"
            full |= {"status": "incomplete", "incomplete_details": {"reason": reason}, "completed_at": None}
        whole = self._object(full, chance)
        if not (request.stream or request.background):
            return Made(whole, begun)
        # what a stream brings has no `billing`
        streamed = {key: value for key, value in whole.items() if key != "billing"}
        first = self._object({**values, **_unfinished("in_progress"), "billing": ABSENT}, chance)
        return Made(whole, begun, list(self._events(request, reply, items, first, streamed, chance)))

    def body(self, shown: Object) -> bytes:
        """An object as the provider spells it."""
        return spelled(shown, self._responses.plain.spelling).encode("utf-8", "replace")

    def _events(
        self,
        request: ResponseRequest,
        reply: Reply,
        items: Sequence["_Output"],
        first: Object,
        whole: Object,
        chance: Chance,
    ) -> Iterator[bytes]:
        number = _Counter()
        nothing: Object = {
            "obfuscation": "" if request.obfuscated else ABSENT,
            "logprobs": [],
            "item_id": "",
            "text": "",
        }

        def events(name: str, values: Object, texts: Sequence[str] = ("",)) -> list[bytes]:
            bound = self._frames[name].bind({**nothing, **values}, chance)
            deltas = [quoted(text, self._responses.stream.spelling) for text in texts]
            paddings = chance.paddings(len(texts)) if request.obfuscated else [""] * len(texts)
            numbers = [str(number.next()) for _ in texts]
            return bound.series(len(texts), {"delta": deltas, "obfuscation": paddings, "sequence_number": numbers})

        if request.background:
            yield from events("created", {"response": {**first, "status": "queued"}})
            yield from events("queued", {"response": {**first, "status": "queued"}})
        else:
            yield from events("created", {"response": first})
        yield from events("in_progress", {"response": first})
        for index, item in enumerate(items):
            at = {"output_index": index, "item_id": item.whole["id"]}
            yield from events("item_added", {**at, "item": item.begun})
            for name, values, texts in self._inside(request, reply, item, chance):
                yield from events(name, {**at, **values}, texts)
            yield from events("item_done", {**at, "item": item.whole})
        yield from events("incomplete" if whole["status"] == "incomplete" else "completed", {"response": whole})

    def _inside(
        self, request: ResponseRequest, reply: Reply, item: "_Output", chance: Chance
    ) -> Iterator[tuple[str, Object, Sequence[str]]]:
        """The events inside an item: which frame, its values, and its pieces."""
        forms, once = self._responses.items, ("",)
        match item.kind:
            case "message" if reply.refusal:
                part = filled(forms.refusal, {"text": ""}, chance)
                yield "part_added", {"part": part}, once
                yield "refusal_delta", {}, pieces(reply.refusal)
                yield "refusal_done", {"text": reply.refusal}, once
                yield "part_done", {"part": item.whole["content"][0]}, once
            case "message" if item.whole["content"]:
                part = item.whole["content"][0]
                yield "part_added", {"part": {**part, "text": "", "logprobs": []}}, once
                if request.alternatives is None:
                    yield "text_delta", {}, pieces(reply.text)
                else:
                    for piece, odds in zip(pieces(reply.text), part["logprobs"], strict=True):
                        yield "text_delta", {"logprobs": [odds]}, (piece,)
                yield "text_done", {"text": reply.text, "logprobs": part["logprobs"]}, once
                yield "part_done", {"part": part}, once
            case "reasoning" if text := _summed_up(request, reply):
                part = filled(forms.summary, {"text": text}, chance)
                yield "summary_part_added", {"part": filled(forms.summary, {"text": ""}, chance)}, once
                yield "summary_delta", {}, pieces(text)
                yield "summary_done", {"text": text}, once
                yield "summary_part_done", {"part": part}, once
            case "function_call":
                yield "arguments_delta", {}, pieces(item.whole["arguments"])
                yield "arguments_done", {"arguments": item.whole["arguments"]}, once
            case "custom_tool_call":
                yield "input_delta", {}, pieces(item.whole["input"])
                yield "input_done", {"arguments": item.whole["input"]}, once

    def _item(
        self, request: ResponseRequest, reply: Reply, kind: str, at: tuple[int, int], model: Model, chance: Chance
    ) -> "_Output":
        """One item of the output, whole and as it is when it begins: the call and the item that are `at` its place."""
        forms, (number, index) = self._responses.items, at
        when = moment(self._profile.request_id, chance)
        cut = reply.finish == "length" and kind != "reasoning"
        values: Object = {
            "item_id": filled(self._responses.item_ids[kind], {**when, "index": index}, chance),  # type: ignore[index]
            "item_status": "incomplete" if cut else "completed",
            "phase": model.phase or ABSENT,
            "encrypted_content": _unreadable(chance) if request.encrypted else ABSENT,
        }
        begun: Object = {"item_status": "in_progress", "content": [], "arguments": "", "summary": [], "thinking": ""}
        match kind:
            case "message":
                values["content"] = [self._part(request, reply, chance)] if reply.text or reply.refusal else []
            case "reasoning":
                text = _summed_up(request, reply)
                values["summary"] = [filled(forms.summary, {"text": text}, chance)] if text else []
                values["thinking"] = reply.thinking or ABSENT
            case _:
                call = reply.calls[number]
                named = {"call_id": chance.fill(self._responses.call_id), "name": call.name}
                values |= {**named, "arguments": call.arguments}
        form = getattr(forms, kind)
        return _Output(kind, filled(form, values, chance), filled(form, {**values, **begun}, chance))

    def _part(self, request: ResponseRequest, reply: Reply, chance: Chance) -> Object:
        forms = self._responses.items
        if reply.refusal:
            return dict(filled(forms.refusal, {"text": reply.refusal}, chance))
        odds = [] if request.alternatives is None else logprobs(reply.text, request.alternatives, chance)
        return dict(filled(forms.text, {"text": reply.text, "logprobs": odds}, chance))

    def _object(self, values: Object, chance: Chance) -> Object:
        holding = frozenset({values["status"]})
        return dict(filled(self._responses.body, {**values, CONDITIONS: holding}, chance))

    def _values(self, request: ResponseRequest, reply: Reply, model: Model, chance: Chance) -> Object:
        body, when = request.body, moment(self._profile.request_id, chance)
        reasoning, text = mapping(body.get("reasoning")), mapping(body.get("text"))
        counts = counted(request.asked, (reply,), self._profile.tokens)
        repeated = {name: body.get(name) if body.get(name) is not None else none for name, none in _REPEATED.items()}
        return {
            **repeated,
            **when,
            "id": filled(self._responses.id, when, chance),
            "completed_at": when["created"] + _TOOK,
            "status": "completed",
            "model": request.model,
            "background": request.background,
            "prompt": body.get("prompt") or ABSENT,
            "billing": {"payer": "developer"},
            "incomplete_details": None,
            "output": [],
            "usage": filled(self._responses.usage, counts, chance),
            "turns": model.turns,
            "effort": reasoning.get("effort") or model.effort,
            "mode": "standard" if model.efforts else ABSENT,
            "summary": request.summary,
            "service_tier": tier(body.get("service_tier")),
            "prompt_cache_retention": body.get("prompt_cache_retention") or model.cache,
            "top_p": body.get("top_p") if body.get("top_p") is not None else model.top_p,
            "text_format": _format(mapping(text.get("format"))),
            "verbosity": text.get("verbosity") or "medium",
            "tools": [_tool(tool) for tool in listed(body.get("tools")) if isinstance(tool, dict)],
        }


@dataclass(frozen=True, slots=True)
class _Output:
    """An item of the output."""

    kind: str
    whole: Object
    begun: Object


class _Counter:
    """Counts the events of a response, from 0."""

    def __init__(self) -> None:
        self._next = -1

    def next(self) -> int:
        self._next += 1
        return self._next


def _unfinished(status: str) -> Object:
    """What a response says that has only begun."""
    return {"status": status, "completed_at": None, "usage": None, "output": [], "service_tier": "auto"}


def _summed_up(request: ResponseRequest, reply: Reply) -> str:
    """What is shown of the reasoning; empty where nothing is."""
    return reply.thinking or (_SUMMARY if request.summary else "")


def _kinds(reply: Reply) -> Iterator[tuple[str, int]]:
    """The kinds of a reply's items, in their order, and which of the reply's calls each is."""
    if reply.hidden or reply.thinking:
        yield "reasoning", 0
    if reply.text or reply.refusal or not (reply.calls or reply.hidden):
        yield "message", 0
    for number, call in enumerate(reply.calls):
        yield ("custom_tool_call" if call.custom else "function_call"), number


def _format(form: Mapping[str, Any]) -> Object:
    """A text format as a response repeats it."""
    if form.get("type") != "json_schema":
        return dict(form) or {"type": "text"}
    known = {"description": form.get("description"), "name": form.get("name"), "schema": form.get("schema")}
    return {"type": "json_schema", **known, "strict": form.get("strict") is True}


def _tool(tool: Mapping[str, Any]) -> Object:
    """A tool as a response repeats it."""
    if tool.get("type") != "function":
        return dict(tool)
    known = {name: tool.get(name) for name in ("description", "name", "parameters")}
    return {"type": "function", **known, "strict": tool.get("strict") is not False}


def _unreadable(chance: Chance) -> str:
    """Looks like a Fernet token, which is what OpenAI sends."""
    return base64.urlsafe_b64encode(b"\x80\0\0\0\0" + chance.draw(_ENCRYPTED)).decode()
