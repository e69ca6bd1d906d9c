"""Legacy completions: prompts read, what follows them (or fits before a suffix) written as one body or as a stream."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockprovider.profiles.endpoints import Completions
from mockprovider.profiles.schema import Model, Tokens
from mockprovider.synthesis.asked import Asked, mapping, stops, whole
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.frames import (
    ABSENT,
    CONDITIONS,
    Frame,
    filled,
    filled_rows,
    quoted,
    spelled,
    spelled_inside,
)
from mockprovider.synthesis.logprobs import legacy_logprobs
from mockprovider.synthesis.moment import moment
from mockprovider.synthesis.reply import Reply, reply
from mockprovider.synthesis.tokens import pieces, prompt_count

_SHOWN = 40
"""How many characters of the text before and after a gap are repeated in it."""


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """A request that passed the checks."""

    prompts: Sequence[str | Sequence[int]]
    suffix: str
    model: str
    limit: int
    """The most tokens of one choice."""
    choices: int = 1
    """How many there are for each prompt."""
    stop: tuple[str, ...] = ()
    """Texts before the first of which a choice ends."""
    echo: bool = False
    stream: bool = False
    usage_asked: bool = False
    alternatives: int | None = None
    """How many other tokens are shown for each; None: no probabilities at all."""
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is said in one choice."""

    text: str
    finish: str
    echoed: str = ""


def read(
    body: Mapping[str, Any],
    prompts: Sequence[str | Sequence[int]],
    model_name: str,
    model: Model,
    completions: Completions,
) -> CompletionRequest:
    """The request in a body that passed the checks; `prompts` are its texts, or lists of tokens."""
    limit, odds, suffix = whole(body.get("max_tokens"), -1), whole(body.get("logprobs"), -1), body.get("suffix")
    return CompletionRequest(
        prompts,
        suffix if isinstance(suffix, str) else "",
        model.answers_as or model_name,
        completions.max_tokens if limit < 0 else limit,
        max(whole(body.get("n")), 1),
        stops(body.get("stop")),
        body.get("echo") is True,
        body.get("stream") is True,
        mapping(body.get("stream_options")).get("include_usage") is True,
        min(odds, 20) if odds >= 0 else None,
        model.fingerprint,
    )


class CompletionWriter:
    """Writes completions in a profile's frames. One a profile: the frames are prepared once."""

    def __init__(self, completions: Completions, tokens: Tokens, speaker: str, request_id: str = "") -> None:
        self._completions = completions
        self._request_id = request_id
        self._tokens = tokens
        self._speaker = speaker
        stream = completions.stream
        self._frames = {
            name: Frame(form, stream.spelling, stream.event, ("text",), {"usage": completions.usage})
            for name in stream.frames.__struct_fields__
            if (form := getattr(stream.frames, name)) is not None
        }

    def plain(self, request: CompletionRequest, chance: Chance, scripted: Reply | None = None) -> bytes:
        """The body of an answer that is not streamed; `scripted` is what it says, in place of what it would."""
        said = self._said(request, scripted)
        values = self._values(request, said, chance)
        values["usage"] = filled(self._completions.usage, values, chance)
        rows = [
            {
                "index": index,
                "text": choice.echoed + choice.text,
                "finish_reason": choice.finish,
                "logprobs": self._logprobs(request, choice, chance),
            }
            for index, choice in enumerate(said)
        ]
        plain = self._completions.plain
        return spelled(filled_rows(plain.body, rows, values, chance), plain.spelling).encode("utf-8", "replace")

    def stream(self, request: CompletionRequest, chance: Chance, scripted: Reply | None = None) -> list[bytes]:
        """The events of an answer that is streamed."""
        stream, said = self._completions.stream, self._said(request, scripted)
        values = self._values(request, said, chance)
        events = list[bytes]()
        for index, choice in enumerate(said):
            own = {**values, "index": index, "usage": ABSENT, "finish_reason": None}
            texts = [quoted(text, stream.spelling) for text in (*pieces(choice.echoed), *pieces(choice.text))]
            odds = self._logprobs(request, choice, chance)
            if odds is not None:
                each = [spelled_inside(_one(odds, number), stream.spelling) for number in range(len(texts))]
                events += (
                    self._frames["text"]
                    .bind(own, chance, also=("logprobs",))
                    .series(len(texts), {"text": texts, "logprobs": each})
                )
            elif texts:
                events += self._frames["text"].bind(own, chance).series(len(texts), {"text": texts})
            own |= {"finish_reason": choice.finish}
            events += self._frames["finish"].bind(own, chance).series(1, {"text": ['""']})
        wanted = stream.usage_frame == "always" or (stream.usage_frame == "asked" and request.usage_asked)
        if wanted and "usage" in self._frames:
            events.append(self._frames["usage"].bind({**values, "usage": None}, chance).whole())
        if stream.done:
            events.append(stream.done.encode())
        return events

    def _logprobs(self, request: CompletionRequest, choice: _Choice, chance: Chance) -> dict[str, Any] | None:
        if request.alternatives is None:
            return None
        return legacy_logprobs([*pieces(choice.echoed), *pieces(choice.text)], request.alternatives, chance)

    def _said(self, request: CompletionRequest, scripted: Reply | None) -> list[_Choice]:
        """The choices of all prompts, in their order."""
        if scripted is not None:
            return [_Choice(scripted.text, scripted.finish)] * (request.choices * len(request.prompts))
        total = request.choices * len(request.prompts)
        said = list[_Choice]()
        for prompt in request.prompts:
            text, finish = _ended(self._text(prompt, request, total), request)
            echoed = _shown(prompt) if request.echo else ""
            said += [_Choice(text, finish, echoed)] * request.choices
        return said

    def _text(self, prompt: str | Sequence[int], request: CompletionRequest, total: int) -> str:
        before = _shown(prompt)
        if request.suffix:
            ends, begins = (" ".join(part.split()) for part in (before[-_SHOWN:], request.suffix[:_SHOWN]))
            return f"what stands between “{ends}” and “{begins}”, says mockprovider as {self._speaker}"
        asked = Asked(messages=({"role": "user", "content": before},), choices=total)
        return f"\n\n{reply(asked, self._speaker).text}"

    def _values(self, request: CompletionRequest, said: Sequence[_Choice], chance: Chance) -> dict[str, Any]:
        prompt = sum(prompt_count(each, self._tokens) for each in request.prompts)
        completion = sum(len(pieces(choice.text)) for choice in said)
        when = moment(self._request_id, chance)
        return {
            **when,
            "id": filled(self._completions.id, when, chance),
            "model": request.model,
            "fingerprint": request.fingerprint,
            "logprobs": None,
            CONDITIONS: frozenset({"usage_asked"} if request.usage_asked else ()),
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }


def _one(odds: dict[str, Any], number: int) -> dict[str, Any]:
    """The probabilities of one token out of those of all."""
    return {name: [values[number]] for name, values in odds.items()}


def _ended(text: str, request: CompletionRequest) -> tuple[str, str]:
    """A text where it ends, and why: at the limit, before a stop, or of itself."""
    said = pieces(text)
    cut = "".join(said[: request.limit])
    ends = [at for stop in request.stop if (at := cut.find(stop)) >= 0]
    if ends:
        return cut[: min(ends)], "stop"
    return cut, "length" if len(said) > request.limit else "stop"


def _shown(prompt: str | Sequence[int]) -> str:
    """A prompt as text; tokens are shown as their numbers, for there is no vocabulary here."""
    return prompt if isinstance(prompt, str) else " ".join(map(str, prompt))
