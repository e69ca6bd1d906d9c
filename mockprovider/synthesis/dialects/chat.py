"""Chat completions written: replies as one body or as a stream."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from mockprovider.profiles.schema import Model, Profile
from mockprovider.synthesis.calling import Call
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.counting import counted
from mockprovider.synthesis.dialects.chat_request import ChatRequest
from mockprovider.synthesis.frames import ABSENT, Frame, quoted, spelled_inside
from mockprovider.synthesis.logprobs import logprobs
from mockprovider.synthesis.reply import Reply
from mockprovider.synthesis.sound import sound
from mockprovider.synthesis.tokens import pieces

_MOVING = ("text", "obfuscation")
_OF_A_CHOICE = frozenset(
    (
        "$content",
        "$thinking",
        "$refusal",
        "$finish_reason",
        "$logprobs",
        "$annotations",
        "$audio",
        "$function_name",
        "$function_arguments",
    )
)
"""Holes of which each choice has its own."""
_KEPT = 3600
"""Seconds for which a sound is kept."""

CREATED = 1767225600
"""2026-01-01T00:00:00Z: answers are made on a day that never changes, so that they never change."""


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

    def plain(self, request: ChatRequest, replies: Sequence[Reply], model: Model, chance: Chance) -> bytes:
        """The body of an answer that is not streamed."""
        replies = self._sayable(replies)
        values = self._values(request, replies, model, chance)
        for choice, (own, called) in enumerate(self._drawn(request, replies, model, values, chance)):
            values |= {f"{name}.{choice}.0": value for name, value in own.items()}
            for number, call in enumerate(() if request.legacy else called):
                values |= {f"{name}.{choice}.{number}": value for name, value in call.items()}
        kinds = tuple(tuple(call.custom for call in reply.calls if not request.legacy) for reply in replies)
        return self._plain_frame(kinds).bind(values, chance).whole()

    def stream(self, request: ChatRequest, replies: Sequence[Reply], model: Model, chance: Chance) -> list[bytes]:
        """The events of an answer that is streamed. Choices take turns, and end together, as is seen with OpenAI."""
        stream, replies = self._chat.stream, self._sayable(replies)
        values = self._values(request, replies, model, chance)
        begun, ended = list[list[bytes]](), list[bytes]()
        drawn = self._drawn(request, replies, model, values, chance)
        for index, (reply, (own, called)) in enumerate(zip(replies, drawn, strict=True)):
            usage = None if index == len(replies) - 1 else ABSENT
            own = {**values, **own, "index": index, "usage": usage}
            begun.append(self._choice_events(request, reply, own, called, chance))
            ended += self._finish(request, reply, own, chance)
        events = begun[0] if len(begun) == 1 else _in_turns(begun)
        events += ended
        wanted = stream.usage_frame == "always" or (stream.usage_frame == "asked" and request.usage_asked)
        if wanted and "usage" in self._frames:
            events += self._events("usage", values, chance)
        if request.sound and replies[0].text:
            events += self._events("audio_end", {**values, "index": 0}, chance)
        if stream.done:
            events.append(stream.done.encode())
        return events

    def _sayable(self, replies: Sequence[Reply]) -> Sequence[Reply]:
        """The replies as the provider can say them: one that has no place for refusals says them as text."""
        if "refusal" in self._frames:
            return replies
        return [replace(reply, text=reply.text or reply.refusal, refusal="") for reply in replies]

    def _choice_events(
        self,
        request: ChatRequest,
        reply: Reply,
        values: dict[str, Any],
        called: Sequence[dict[str, Any]],
        chance: Chance,
    ) -> list[bytes]:
        """The events of one choice, but for the last."""
        if request.sound and reply.text:
            return self._sound_events(reply, values, chance)
        opening, opened = self._opening(request, reply)
        shown = values["logprobs"]
        nothing: Any = None if shown is None else {"content": [], "refusal": None}
        first = {**values, "logprobs": nothing if shown is not ABSENT else ABSENT, **(called[0] if opened else {})}
        events = self._events(opening, first, chance)
        values = {**values, "logprobs": None if shown is not ABSENT else ABSENT}
        events += self._events("thinking", values, chance, pieces(reply.thinking))
        if reply.refusal:
            return events + self._events("refusal", values, chance, pieces(reply.refusal))
        text = "text_after_thinking" if reply.thinking and "text_after_thinking" in self._frames else "text"
        each = shown["content"] if isinstance(shown, dict) else None
        events += self._events(text, values, chance, pieces(reply.text), each)
        for number, (call, made) in enumerate(zip(called, reply.calls, strict=True)):
            own = {**values, **call}
            tool, arguments = self._call_frames(request, made)
            if number or not opened:
                events += self._events(tool, own, chance)
            if arguments in self._frames:
                events += self._events(arguments, own, chance, pieces(made.arguments))
        return events

    def _finish(self, request: ChatRequest, reply: Reply, values: dict[str, Any], chance: Chance) -> list[bytes]:
        """The last event of one choice; a sound ends otherwise."""
        if request.sound and reply.text:
            return []
        finish = "finish_after_thinking" if reply.thinking and "finish_after_thinking" in self._frames else "finish"
        nothing = None if values["logprobs"] is not ABSENT else ABSENT
        return self._events(finish, {**values, "logprobs": nothing}, chance)

    def _sound_events(self, reply: Reply, values: dict[str, Any], chance: Chance) -> list[bytes]:
        """A choice in sound: what is said piece by piece, then the sound of it."""
        begin, *rest = pieces(reply.text)
        values = {**values, "audio_id": values["audio"]["id"], "audio_data": sound(reply.text, "pcm16")}
        events = self._events("first_audio", values, chance)
        events += self._events("audio_begin", values, chance, [begin])
        events += self._events("audio_text", values, chance, rest)
        return events + self._events("audio_data", values, chance)

    def _call_frames(self, request: ChatRequest, call: Call) -> tuple[str, str]:
        """The frames that open a call, and that bring its arguments."""
        if request.legacy and "first_function" in self._frames:
            return "first_function", "function_arguments"
        if call.custom and "custom_tool" in self._frames:
            return "custom_tool", "custom_input"
        return "tool", "tool_arguments"

    def _opening(self, request: ChatRequest, reply: Reply) -> tuple[str, bool]:
        """The frame that opens a choice, and whether it opens the first tool call as well."""
        if reply.refusal and "first_refusal" in self._frames:
            return "first_refusal", False
        if reply.thinking and "first_thinking" in self._frames:
            return "first_thinking", False
        if reply.calls and not reply.text:
            frame, _ = self._call_frames(request, reply.calls[0])
            if frame == "first_function":
                return frame, True
            if frame == "tool" and len(reply.calls) == 1 and "first_tool" in self._frames:
                return "first_tool", True
            if len(reply.calls) > 1 and "first_tools" in self._frames:
                return "first_tools", False
        return "first", False

    def _events(
        self,
        name: str,
        values: dict[str, Any],
        chance: Chance,
        texts: Sequence[str] = ("",),
        odds: Sequence[Any] | None = None,
    ) -> list[bytes]:
        """One event of a frame for each text; `odds` are the probabilities of each."""
        if not texts or name not in self._frames:
            return []
        spelling = self._chat.stream.spelling
        padded = values["obfuscation"] is not ABSENT
        moving = [[quoted(text, spelling) for text in texts], chance.paddings(len(texts)) if padded else ()]
        if odds is None:
            return self._frames[name].bind(values, chance).series(moving)
        shown = [spelled_inside({"content": [each], "refusal": None}, spelling) for each in odds]
        return self._frames[name].bind(values, chance, also="logprobs").series([*moving, shown])

    def _expanded(self, kinds: tuple[tuple[bool, ...], ...]) -> Frame:
        """The plain body for choices with calls of these kinds: its one choice, and its one call, stand for each."""

        def grow(node: Any, choice: int) -> Any:
            if isinstance(node, list) and len(node) == 1 and "$tool_" in json.dumps(node):
                custom = self._chat.custom_call
                forms = [custom if is_custom and custom else node[0] for is_custom in kinds[choice]]
                return [_numbered(form, choice, number) for number, form in enumerate(forms)] or "$nothing"
            if isinstance(node, dict):
                return {key: grow(item, choice) for key, item in node.items()}
            if isinstance(node, str) and node in _OF_A_CHOICE:
                return f"{node}.{choice}.0"
            return choice if node == "$index" else node

        form = dict(self._chat.plain.body)
        (one,) = form["choices"]
        form["choices"] = [grow(one, choice) for choice in range(len(kinds))]
        return Frame(form, self._chat.plain.spelling, parts={"usage": self._chat.usage})

    def _drawn(
        self,
        request: ChatRequest,
        replies: Sequence[Reply],
        model: Model,
        values: Mapping[str, Any],
        chance: Chance,
    ) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """What each choice says for itself, and its calls: drawn before all else, so a stream has the ids of a body."""
        return [
            (self._of_choice(request, reply, model, values, chance), self._calls(reply, chance)) for reply in replies
        ]

    def _calls(self, reply: Reply, chance: Chance) -> list[dict[str, Any]]:
        return [self._call(number, call, chance) for number, call in enumerate(reply.calls)]

    def _call(self, number: int, call: Call, chance: Chance) -> dict[str, Any]:
        ident = chance.fill(self._chat.tool_id.replace("${tool_number}", f"{number:02d}"))
        return {"tool_index": number, "tool_id": ident, "tool_name": call.name, "tool_arguments": call.arguments}

    def _of_choice(
        self, request: ChatRequest, reply: Reply, model: Model, values: Mapping[str, Any], chance: Chance
    ) -> dict[str, Any]:
        """What each choice says for itself."""
        function = reply.calls[0] if request.legacy and reply.calls else None
        finish = "function_call" if function and reply.finish == "tool_calls" else reply.finish
        spoken = bool(request.sound and reply.text)
        empty = self._chat.empty_content if reply.calls else ""
        odds: Any = None if model.logprobs else ABSENT
        if request.alternatives is not None and not reply.calls:
            odds = {"content": logprobs(reply.text, request.alternatives, chance), "refusal": None}
        return {
            "content": None if spoken or reply.refusal else reply.text or empty,
            "thinking": reply.thinking or ABSENT,
            "refusal": reply.refusal or None,
            "finish_reason": finish,
            "logprobs": odds,
            "annotations": [],
            "audio": self._sound(request, reply, values["expires_at"], chance) if spoken else ABSENT,
            "function_name": function.name if function else ABSENT,
            "function_arguments": function.arguments if function else ABSENT,
        }

    def _sound(self, request: ChatRequest, reply: Reply, expires_at: int, chance: Chance) -> dict[str, Any]:
        return {
            "id": f"audio_{chance.hex(32)}",
            "data": sound(reply.text, request.sound),
            "expires_at": expires_at,
            "transcript": reply.text,
        }

    def _values(self, request: ChatRequest, replies: Sequence[Reply], model: Model, chance: Chance) -> dict[str, Any]:
        created = CREATED + chance.number(86400)
        values = {
            "id": chance.fill(self._chat.id),
            "created": created,
            "model": request.model,
            "fingerprint": model.fingerprint,
            "service_tier": request.service_tier,
            "null_if_usage_asked": None if request.usage_asked else ABSENT,
            "obfuscation": "" if request.obfuscated else ABSENT,
            "nothing": ABSENT,
            **counted(request.asked, replies, self._profile.tokens, spoken=bool(request.sound)),
        }
        if request.sound:
            values["expires_at"] = created + _KEPT
        return values


def _in_turns(begun: Sequence[list[bytes]]) -> list[bytes]:
    """The events of several choices: of each the first two, then one of each in turn."""
    events = [event for choice in begun for event in choice[:2]]
    rest = itertools.zip_longest(*(choice[2:] for choice in begun))
    return events + [event for each in rest for event in each if event is not None]


def _numbered(node: Any, choice: int, number: int) -> Any:
    """A tool call's form with its holes told apart from those of the other calls."""
    if isinstance(node, dict):
        return {key: _numbered(item, choice, number) for key, item in node.items()}
    return f"{node}.{choice}.{number}" if isinstance(node, str) and node.startswith("$tool_") else node
