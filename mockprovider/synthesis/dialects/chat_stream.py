"""Chat completions written as events: which frame comes when, and what moves in it."""

import itertools
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from mockprovider.profiles.endpoints import Chat
from mockprovider.synthesis.calling import Call
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.chat import NO_ODDS, Choice, Saying, expanded, holds_calls
from mockprovider.synthesis.dialects.chat_request import ChatRequest
from mockprovider.synthesis.frames import ABSENT, Frame, quoted, spelled_inside
from mockprovider.synthesis.logprobs import logprob_holes
from mockprovider.synthesis.sound import sound
from mockprovider.synthesis.tokens import pieces

_MOVING = ("text", "obfuscation", "said", "completion_tokens_so_far", "total_tokens_so_far", "alphabet")

_ALL_CALLS = ("first_tools", "tools", "finish_tools")
"""Frames that may have a list of one entry that stands for each call; in the others it stands for the call at hand."""

Values = Mapping[str, Any]


class ChatStreamWriter:
    """Writes answers in a profile's frames. One a form of chat: the frames are prepared once."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        forms = chat.stream.frames
        self._forms: dict[str, Any] = {
            name: form for name in forms.__struct_fields__ if (form := getattr(forms, name)) is not None
        }
        self.frames = {name: self._frame(form) for name, form in self._forms.items()}
        self.bringing_all = {name for name in _ALL_CALLS if name in self._forms and holds_calls(self._forms[name])}
        """The frames that bring all calls of a choice."""
        self.for_calls = lru_cache(maxsize=64)(self._for_calls)

    def events(self, saying: Saying, chance: Chance) -> list[bytes]:
        """The events of an answer. Choices take turns, and end together, as is seen with OpenAI."""
        stream, last = self.chat.stream, len(saying.choices) - 1
        begun, ended = list[list[bytes]](), list[bytes]()
        for index, choice in enumerate(saying.choices):
            values = {**saying.values, **choice.values, "index": index, "usage": None if index == last else ABSENT}
            telling = _Telling(self, saying.request, choice, values, chance)
            telling.tell()
            begun.append(telling.events)
            ended += telling.ending()
        around = {**saying.values, **saying.choices[last].values, "index": 0, "usage": None}
        said = _Telling(self, saying.request, saying.choices[last], around, chance)
        events = said.once("prelude") + (begun[0] if len(begun) == 1 else _in_turns(begun)) + ended
        if stream.usage_frame == "always" or (stream.usage_frame == "asked" and saying.request.usage_asked):
            events += said.once("usage")
        if saying.request.sound and saying.choices[0].reply.text:
            events += said.once("audio_end")
        events += said.once("closing")
        if stream.done:
            events.append(stream.done.encode())
        return events

    def _frame(self, form: Any) -> Frame:
        parts = {"usage": self.chat.usage, "running_usage": self.chat.running_usage or {}}
        return Frame(form, self.chat.stream.spelling, self.chat.stream.event, _MOVING, parts)

    def _for_calls(self, name: str, count: int) -> Frame:
        """A frame that brings so many calls."""
        return self._frame(expanded(self._forms[name], (False,) * count))


class _Telling:
    """One choice told, event by event."""

    def __init__(
        self, writer: ChatStreamWriter, request: ChatRequest, choice: Choice, values: dict[str, Any], chance: Chance
    ) -> None:
        self.events = list[bytes]()
        self._writer, self._frames = writer, writer.frames
        self._request, self._choice, self._values, self._chance = request, choice, values, chance
        self._spelling = writer.chat.stream.spelling
        self._said = ""
        self._count = 0
        self._odds = values["logprobs"]["content"] if isinstance(values["logprobs"], dict) else None
        self._unsaid = ABSENT if values["logprobs"] is ABSENT else None
        self._closing = self._closing_frame()
        self._texts, self._last = list(pieces(choice.reply.text)), ""
        if "text" in self._moves(self._closing) and self._texts and not self._opens_with_all():
            *self._texts, self._last = self._texts

    def tell(self) -> None:
        """All but the end."""
        reply = self._choice.reply
        if self._request.sound and reply.text:
            self._tell_in_sound()
            return
        thoughts = list(pieces(reply.thinking))
        opened = self._open(thoughts)
        self._emit("thinking", thoughts)
        if thoughts or reply.thinking:
            self._emit("thinking_end")
        if reply.refusal:
            self._emit("refusal", pieces(reply.refusal))
            return
        after = "text_after_thinking" if reply.thinking and "text_after_thinking" in self._frames else "text"
        self._say(after, self._texts)
        if reply.calls and not {opened, self._closing} & self._writer.bringing_all:
            self._call(opened)

    def ending(self) -> list[bytes]:
        """The last event; a sound ends otherwise."""
        if self._request.sound and self._choice.reply.text:
            return []
        self._count = self._values["completion_tokens"]
        self.events = []
        self._say(self._closing, [self._last], counts=False)
        return self.events

    def once(self, name: str) -> list[bytes]:
        """A frame that belongs to no choice."""
        self.events, self._count = [], 0 if name == "prelude" else self._values["completion_tokens"]
        self._said = "" if name == "prelude" else self._choice.reply.text
        self._emit(name, counts=False)
        return self.events

    def _open(self, thoughts: list[str]) -> str:
        """The event that opens a choice, if there is one; what it takes with it is gone from the rest."""
        reply, name = self._choice.reply, self._opening_frame()
        takes = "text" in self._moves(name)
        if not takes:
            nothing: Any = None if self._odds is None else {"content": [], "refusal": None}
            shown = {"logprobs": nothing if self._unsaid is None else ABSENT}
            call = self._choice.calls[0] if self._choice.calls and name in ("first_tool", "first_function") else {}
            self._emit(name, values={**shown, **call})
            return name
        if name == "first_thinking":
            self._emit(name, thoughts[:1])
            del thoughts[:1]
        elif not reply.thinking and (self._texts or not reply.calls):
            self._say(name, self._texts[:1] or [""])
            del self._texts[:1]
        return name

    def _opening_frame(self) -> str:
        """The frame that opens the choice."""
        reply, frames = self._choice.reply, self._frames
        if reply.refusal and "first_refusal" in frames:
            return "first_refusal"
        if reply.thinking and "first_thinking" in frames:
            return "first_thinking"
        if reply.calls and not reply.text and not reply.thinking:
            frame, _ = self._call_frames(reply.calls[0])
            if frame == "first_function":
                return frame
            if frame == "tool" and len(reply.calls) == 1 and "first_tool" in frames:
                return "first_tool"
            if len(reply.calls) > 1 and "first_tools" in frames:
                return "first_tools"
        return "first"

    def _opens_with_all(self) -> bool:
        """Whether the one piece of text there is goes with the opening."""
        reply = self._choice.reply
        return len(self._texts) == 1 and not reply.thinking and "text" in self._moves(self._opening_frame())

    def _closing_frame(self) -> str:
        reply = self._choice.reply
        if reply.calls and not self._request.legacy and "finish_tools" in self._frames:
            return "finish_tools"
        return "finish_after_thinking" if reply.thinking and "finish_after_thinking" in self._frames else "finish"

    def _call(self, opened: str) -> None:
        """The calls, but for the first where it came with the opening."""
        if "tools" in self._frames and not self._request.legacy:
            self._emit("tools")
            return
        for number, (call, made) in enumerate(zip(self._choice.calls, self._choice.reply.calls, strict=True)):
            tool, arguments = self._call_frames(made)
            given = pieces(made.arguments)
            if number or opened not in ("first_tool", "first_function"):
                taken = given[:1] if "text" in self._moves(tool) else []
                given = given[len(taken) :]
                self._emit(tool, taken or ("",), call)
            if arguments == "tool_arguments" and "tool_arguments_first" in self._frames:
                self._emit("tool_arguments_first", given[:1], call)
                given = given[1:]
            self._emit(arguments, given, call)
            self._emit("tool_end", values=call)

    def _call_frames(self, call: Call) -> tuple[str, str]:
        """The frames that open a call, and that bring its arguments."""
        if self._request.legacy and "first_function" in self._frames:
            return "first_function", "function_arguments"
        if call.custom and "custom_tool" in self._frames:
            return "custom_tool", "custom_input"
        return "tool", "tool_arguments"

    def _tell_in_sound(self) -> None:
        """What is said piece by piece, then the sound of it."""
        begin, *rest = pieces(self._choice.reply.text)
        self._values |= {
            "audio_id": self._values["audio"]["id"],
            "audio_data": sound(self._choice.reply.text, "pcm16"),
        }
        self._emit("first_audio")
        self._emit("audio_begin", [begin])
        self._emit("audio_text", rest)
        self._emit("audio_data")

    def _say(self, name: str, texts: Sequence[str], *, counts: bool = True) -> None:
        """Pieces of the text, with their probabilities where these are asked for."""
        each = None
        if self._odds is not None and counts and texts and texts != [""]:
            each, self._odds = self._odds[: len(texts)], self._odds[len(texts) :]
        self._emit(name, texts, odds=each, spoken=True, counts=counts)

    def _emit(
        self,
        name: str,
        texts: Sequence[str] = ("",),
        values: Values | None = None,
        *,
        odds: Sequence[Any] | None = None,
        spoken: bool = False,
        counts: bool = True,
    ) -> None:
        """One event of a frame for each text; `odds` are the probabilities of each."""
        if not texts or name not in self._frames:
            return
        held = {**self._values, **NO_ODDS, "logprobs": self._unsaid, **(values or {})}
        frame = self._frames[name]
        if name in self._writer.bringing_all:
            frame = self._writer.for_calls(name, len(self._choice.calls))
            held |= {
                f"{hole}.0.{number}": value
                for number, call in enumerate(self._choice.calls)
                for hole, value in call.items()
            }
        moving = self._moved(frame, texts, held, spoken=spoken, counts=counts and (spoken or texts != ("",)))
        if odds is None:
            self.events += frame.bind(held, self._chance).series(len(texts), moving)
            return
        rows = [logprob_holes([each]) for each in odds]
        moving |= {name: [spelled_inside(row[name], self._spelling) for row in rows] for name in rows[0]}
        self.events += frame.bind(held, self._chance, also=tuple(rows[0])).series(len(texts), moving)

    def _moved(
        self, frame: Frame, texts: Sequence[str], held: Values, *, spoken: bool, counts: bool
    ) -> dict[str, Sequence[str]]:
        """What stands in the moving holes of a frame, event by event."""
        moves = frame.moves
        moving: dict[str, Sequence[str]] = {"text": [quoted(text, self._spelling) for text in texts]}
        if "obfuscation" in moves and held["obfuscation"] is not ABSENT:
            moving["obfuscation"] = self._chance.paddings(len(texts))
        if "alphabet" in moves:
            moving["alphabet"] = self._chance.beginnings(len(texts))
        if "said" in moves:
            said = itertools.accumulate(texts, initial=self._said) if spoken else [self._said] * (len(texts) + 1)
            moving["said"] = [quoted(text, self._spelling) for text in itertools.islice(said, 1, None)]
        first, step = (self._count + 1, 1) if counts else (self._count, 0)
        if "completion_tokens_so_far" in moves or "total_tokens_so_far" in moves:
            so_far = [first + step * number for number in range(len(texts))]
            moving["completion_tokens_so_far"] = [str(count) for count in so_far]
            moving["total_tokens_so_far"] = [str(held["prompt_tokens"] + count) for count in so_far]
        if counts:
            self._count += len(texts)
        if spoken:
            self._said += "".join(texts)
        return moving

    def _moves(self, name: str) -> frozenset[str]:
        return self._frames[name].moves if name in self._frames else frozenset()


def _in_turns(begun: Sequence[list[bytes]]) -> list[bytes]:
    """The events of several choices: of each the first two, then one of each in turn."""
    events = [event for choice in begun for event in choice[:2]]
    rest = itertools.zip_longest(*(choice[2:] for choice in begun))
    return events + [event for each in rest for event in each if event is not None]
