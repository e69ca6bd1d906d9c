"""What is said: text that mentions the request, reasoning, tool calls, JSON that fits the schema asked for."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mockprovider.synthesis.asked import Asked
from mockprovider.synthesis.calling import Call, calls
from mockprovider.synthesis.prompted import prompted_schema
from mockprovider.synthesis.schema import example
from mockprovider.synthesis.tokens import pieces

_LONGEST = 8192
"""Pieces that all choices of an answer may have together: a request of a hundred bytes must not stall the server."""
_LONG = re.compile(r"\b(\d{1,4})\s*(?:-\s*)?(?:words?|tokens?|chunks?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, before any provider's way of saying it."""

    text: str = ""
    thinking: str = ""
    calls: tuple[Call, ...] = ()
    finish: str = "stop"
    """`stop`, `length`, `tool_calls`, `content_filter`."""
    refusal: str = ""
    """Said in place of the text by a model that will not answer."""
    hidden: int = 0
    """How many tokens of reasoning there were that nobody is shown."""
    usage: Mapping[str, int] = field(default_factory=dict)
    """Counts that are reported in place of those that were counted."""

    def said(self) -> int:
        """How many tokens it has, but for reasoning."""
        return (
            len(pieces(self.text))
            + len(pieces(self.refusal))
            + sum(len(pieces(call.name + call.arguments)) for call in self.calls)
        )


def replies(asked: Asked, speaker: str) -> tuple[Reply, ...]:
    """The replies to a request, one a choice, in the name of `speaker`."""
    return tuple(reply(asked, speaker, number) for number in range(asked.choices))


def reply(asked: Asked, speaker: str, number: int = 0) -> Reply:
    """The reply of one choice. Choices after the first say which they are, so that none passes for another."""
    called = calls(asked)
    if called:
        names = " and ".join(dict.fromkeys(call.name for call in called))
        thinking = f"The user wants something that {names} can do, so I call it." if asked.thinking else ""
        text = f"I call {names}." if asked.announces else ""
        return _limited(Reply(text, thinking, called, "tool_calls", hidden=asked.hidden), asked.limit)
    thinking = f"The user says: {_quoted(asked.last_text())} I answer in short." if asked.thinking else ""
    text = _stopped(_text(asked, speaker, number), asked.stop)
    return _limited(Reply(text, thinking, hidden=asked.hidden), asked.limit)


def fitted(scripted: Reply, asked: Asked) -> Reply:
    """A scripted reply with its calls as the request's tools want them: of a function, or of a custom tool."""
    custom = {tool.name for tool in asked.tools if tool.custom}
    return replace(scripted, calls=tuple(replace(call, custom=call.name in custom) for call in scripted.calls))


def _text(asked: Asked, speaker: str, number: int) -> str:
    schema = asked.schema or {} if asked.shape == "json_schema" else None
    if asked.shape == "json_object":
        schema = prompted_schema(asked.messages)
    if schema is not None:
        return json.dumps(example(schema), ensure_ascii=False)
    said = _quoted(asked.last_text())
    if asked.shape == "json_object":
        answer = {"answer": f"This is mockprovider as {speaker}.", "you_said": asked.last_text()[:200]}
        return json.dumps({**answer, "choice": number + 1} if number else answer, ensure_ascii=False)
    which = f" This is choice {number + 1}." if number else ""
    if results := asked.results():
        return f"{_returned(results)} That answers {said}{which}"
    text = f"You said: {said} This is mockprovider speaking as {speaker}; no model was asked.{which}"
    if wanted := _LONG.search(asked.last_text()):
        text += _padding(min(int(wanted[1]), _LONGEST // asked.choices) - len(pieces(text)))
    return text


def _returned(results: Sequence[str]) -> str:
    quoted = " and ".join(_quoted(result).removesuffix(".") for result in results)
    return f"The tool returned {quoted}." if len(results) == 1 else f"The tools returned {quoted}."


_WORDS = tuple("and so it goes on word after word until the length that was asked for is reached".split())  # noqa: SIM905


def _padding(count: int) -> str:
    """About `count` more pieces of text, for requests that ask for a length."""
    return " " + " ".join((_WORDS * (count // len(_WORDS) + 1))[:count]) if count > 0 else ""


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat[:159]}…”." if len(flat) > 160 else f"“{flat}”."


def _stopped(text: str, stop: Sequence[str]) -> str:
    """A text up to the first of the stops in it."""
    ends = [at for each in stop if (at := text.find(each)) >= 0]
    return text[: min(ends)] if ends else text


def _limited(full: Reply, limit: int | None) -> Reply:
    """Cut to a number of tokens, reasoning first, as providers count. What is cut ends with `length`."""
    thought = pieces(full.thinking)
    if limit is None or full.hidden + len(thought) + full.said() <= limit:
        return full
    left = limit - full.hidden
    if left <= 0:
        return Reply(finish="length", hidden=limit)
    thinking = "".join(thought[:left])
    left = max(0, left - len(thought))
    text = "".join(pieces(full.text)[:left])
    return replace(full, text=text, thinking=thinking, calls=_cut(full.calls, left), finish="length")


def _cut(called: Sequence[Call], left: int) -> tuple[Call, ...]:
    """The calls that so many tokens are enough for; the arguments of the last may stop in the middle."""
    kept = list[Call]()
    for call in called:
        left -= len(pieces(call.name))
        if left < 0:
            break
        arguments = pieces(call.arguments)
        kept.append(replace(call, arguments="".join(arguments[:left])))
        left -= len(arguments)
    return tuple(kept)
