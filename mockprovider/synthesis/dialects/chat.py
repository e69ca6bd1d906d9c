"""Chat completions written: replies as one body, or as the events of `dialects/chat_stream.py`."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from mockprovider.profiles.endpoints import Chat
from mockprovider.profiles.schema import Model, Profile
from mockprovider.synthesis.calling import Call
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.counting import counted
from mockprovider.synthesis.dialects.chat_request import ChatRequest
from mockprovider.synthesis.frames import ABSENT, CONDITIONS, Frame, filled, sent
from mockprovider.synthesis.logprobs import logprob_holes, logprobs
from mockprovider.synthesis.moment import moment
from mockprovider.synthesis.reply import Reply
from mockprovider.synthesis.sound import sound

NO_ODDS = logprob_holes([])
"""The holes of probabilities, where there are none."""
_OF_A_CHOICE = frozenset(
    f"${name}"
    for name in (
        *("content", "content_json", "thinking", "refusal", "finish_reason", "native_finish_reason", *NO_ODDS),
        *("annotations", "audio", "function_name", "function_arguments"),
    )
)
"""Holes of which each choice has its own."""
_HOLE = re.compile(r"\$[a-z_]+")
_OF_A_CALL = re.compile(r"\$\{tool_(number|index|place|name)\}")
_KEPT = 3600
"""Seconds for which a sound is kept."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of an answer, drawn."""

    reply: Reply
    values: Mapping[str, Any]
    """What stands in its holes."""
    calls: Sequence[Mapping[str, Any]]
    """What stands in the holes of each of its calls."""


@dataclass(frozen=True, slots=True)
class Saying:
    """An answer, drawn but not yet written."""

    request: ChatRequest
    values: Mapping[str, Any]
    """What stands in the holes that all choices share."""
    choices: Sequence[Choice]


class ChatWriter:
    """Draws answers, and writes them as one body. One a form of chat: the body is prepared once."""

    def __init__(self, profile: Profile, chat: Chat) -> None:
        self._profile = profile
        self._chat = chat
        self._prepared = lru_cache(maxsize=64)(self._expanded)

    def drawn(self, request: ChatRequest, replies: Sequence[Reply], model: Model, chance: Chance) -> Saying:
        """All that is left to chance, drawn before anything is written, so that a stream has the ids of a body."""
        replies = [self._sayable(reply) for reply in replies]
        values = self._values(request, replies, model, chance)
        choices = [
            Choice(reply, self._of_choice(request, reply, model, values, chance), self._calls(reply, chance))
            for reply in replies
        ]
        return Saying(request, values, choices)

    def plain(self, saying: Saying, chance: Chance) -> bytes:
        """The body of an answer that is not streamed."""
        values = {**saying.values, CONDITIONS: saying.choices[0].values[CONDITIONS]}
        for number, choice in enumerate(saying.choices):
            values |= {f"{name}.{number}.0": value for name, value in choice.values.items()}
            for place, call in enumerate(() if saying.request.legacy else choice.calls):
                values |= {f"{name}.{number}.{place}": value for name, value in call.items()}
        kinds = tuple(
            (choice.values[CONDITIONS], tuple(call.custom for call in choice.reply.calls if not saying.request.legacy))
            for choice in saying.choices
        )
        return self._prepared(kinds).bind(values, chance).whole()

    def _expanded(self, kinds: tuple[tuple[frozenset[str], tuple[bool, ...]], ...]) -> Frame:
        """The plain body for such choices: its one choice stands for each, and its one call for each of theirs."""
        form = dict(self._chat.plain.body)
        name = next(key for key in form if key.partition("?")[0] == "choices")
        (one,) = form[name]
        form[name] = [
            expanded(one, custom, choice=number, own=_OF_A_CHOICE, holding=holding, custom_call=self._chat.custom_call)
            for number, (holding, custom) in enumerate(kinds)
        ]
        return Frame(form, self._chat.plain.spelling, parts={"usage": self._chat.usage})

    def _sayable(self, said: Reply) -> Reply:
        """A reply as the provider can say it: without a place for refusals, or for reasoning, these are text."""
        if self._chat.stream.frames.refusal is None:
            said = replace(said, text=said.text or said.refusal, refusal="")
        if self._chat.thinking.tags is not None and said.thinking:
            opens, closes = self._chat.thinking.tags
            said = replace(said, text=f"{opens}{said.thinking}{closes}{said.text}", thinking="")
        return said

    def _calls(self, said: Reply, chance: Chance) -> list[dict[str, Any]]:
        return [self._call(number, call, bool(said.text), chance) for number, call in enumerate(said.calls)]

    def _call(self, number: int, call: Call, after_text: bool, chance: Chance) -> dict[str, Any]:
        numbers = {"number": f"{number:02d}", "index": str(number), "place": str(number + 1), "name": call.name}
        form = _OF_A_CALL.sub(lambda hole: numbers[hole[1]], self._chat.tool_id)
        return {
            "tool_index": number,
            "block_index": number + after_text,
            "tool_id": chance.fill(form),
            "tool_name": call.name,
            "tool_arguments": call.arguments,
            "tool_arguments_object": _parsed(call.arguments, {}),
        }

    def _of_choice(
        self, request: ChatRequest, said: Reply, model: Model, values: Mapping[str, Any], chance: Chance
    ) -> dict[str, Any]:
        """What a choice says for itself."""
        function = said.calls[0] if request.legacy and said.calls else None
        finish = "function_call" if function and said.finish == "tool_calls" else said.finish
        spoken = bool(request.sound and said.text)
        empty = self._chat.empty_content if said.calls else ""
        odds: dict[str, Any] = {"logprobs": None if model.logprobs else ABSENT}
        if request.alternatives is not None and not said.calls:
            odds = logprob_holes(logprobs(said.text, request.alternatives, chance))
        return {
            CONDITIONS: _conditions(request, said),
            "content": None if spoken or said.refusal else said.text or empty,
            "content_json": _parsed(said.text, said.text),
            "thinking": said.thinking or ABSENT,
            "refusal": said.refusal or None,
            "finish_reason": self._chat.finish_reasons.get(finish, finish),
            "native_finish_reason": self._chat.native_finish_reasons.get(finish, finish),
            **NO_ODDS,
            **odds,
            "annotations": [],
            "audio": self._sound(request, said, values["expires_at"], chance) if spoken else ABSENT,
            "function_name": function.name if function else ABSENT,
            "function_arguments": function.arguments if function else ABSENT,
        }

    def _sound(self, request: ChatRequest, said: Reply, expires_at: int, chance: Chance) -> dict[str, Any]:
        return {
            "id": f"audio_{chance.hex(32)}",
            "data": sound(said.text, request.sound),
            "expires_at": expires_at,
            "transcript": said.text,
        }

    def _values(self, request: ChatRequest, replies: Sequence[Reply], model: Model, chance: Chance) -> dict[str, Any]:
        when = moment(self._profile.request_id, chance)
        values = {
            **when,
            "id": filled(self._chat.id, when, chance),
            "model": request.model,
            "asked_model": request.asked_model,
            "fingerprint": model.fingerprint,
            "service_tier": request.service_tier,
            "obfuscation": "" if request.obfuscated else ABSENT,
            "nothing": ABSENT,
            **counted(request.asked, replies, self._profile.tokens, spoken=bool(request.sound)),
        }
        if request.sound:
            values["expires_at"] = when["created"] + _KEPT
        return values


def expanded(
    node: Any,
    custom: Sequence[bool],
    *,
    choice: int = 0,
    own: Collection[str] = (),
    holding: Collection[str] | None = None,
    custom_call: Any = None,
) -> Any:
    """A form in which a list of one tool call stands for one entry a call; `custom` says of each what kind it is.

    Its holes are told apart by the number of the choice and of the call. `own` are the holes that each choice has for
    itself; keys with conditions stay as they are where it is not said which hold.
    """

    def grow(node: Any) -> Any:
        if _lists_calls(node):
            forms = [custom_call if is_custom and custom_call else node[0] for is_custom in custom]
            return [_numbered(form, choice, number) for number, form in enumerate(forms)] or "$nothing"
        if isinstance(node, dict):
            kept = node.items() if holding is None else sent(node, holding)
            return {key: grow(item) for key, item in kept}
        if isinstance(node, list):
            return [grow(item) for item in node]
        if isinstance(node, str) and own and "$" in node:
            node = _HOLE.sub(lambda hole: f"{hole[0]}.{choice}.0" if hole[0] in own else hole[0], node)
        return choice if node == "$index" and own else node

    return grow(node)


def _lists_calls(node: Any) -> bool:
    """Whether a part of a form is the list that has one entry for each call: the innermost with a call's holes."""
    if (
        not isinstance(node, list)
        or len(node) != 1
        or not isinstance(node[0], dict)
        or "$tool_" not in json.dumps(node)
    ):
        return False
    return not holds_calls(node[0])


def holds_calls(node: Any) -> bool:
    """Whether there is a list of calls somewhere in a part of a form."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return _lists_calls(node) or any(holds_calls(each) for each in inner)


def _numbered(node: Any, choice: int, number: int) -> Any:
    """A tool call's form with its holes told apart from those of the other calls."""
    if isinstance(node, dict):
        return {key: _numbered(item, choice, number) for key, item in node.items()}
    if isinstance(node, list):
        return [_numbered(item, choice, number) for item in node]
    own = isinstance(node, str) and node.startswith(("$tool_", "$block_index"))
    return f"{node}.{choice}.{number}" if own else node


def _conditions(request: ChatRequest, said: Reply) -> frozenset[str]:
    """The conditions that hold for a choice, by the names that forms ask for them by."""
    holding = {
        "calls": said.calls and not request.legacy,
        "logprobs": request.alternatives is not None,
        "schema": request.asked.shape == "json_schema",
        "text": said.text or said.refusal,
        "thinking": said.thinking,
        "usage_asked": request.usage_asked,
    }
    return frozenset(name for name, holds in holding.items() if holds)


def _parsed(text: str, otherwise: Any) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return otherwise
