"""Chat completions as plain data: asked for in a line, written whole or streamed, put together as a client does."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mockprovider import sse
from mockprovider.profiles.schema import Model
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.chat import ChatWriter
from mockprovider.synthesis.dialects.chat_request import ChatRequest, read
from mockprovider.synthesis.dialects.chat_stream import ChatStreamWriter
from mockprovider.synthesis.reply import Reply, replies
from tests.synthesis.judging import profile

Body = Mapping[str, Any]
Said = dict[str, Any]
QUIET = Model(owner="x", fingerprint="fp_1")


def asked_for(body: Body, model: Model = QUIET, name: str = "openai") -> ChatRequest:
    """A request that says hello and has its usage asked for, unless its body says otherwise."""
    whole = {
        "model": "m",
        "messages": [{"role": "user", "content": "Hello"}],
        "stream_options": {"include_usage": True},
        **body,
    }
    return read(whole, "m", model, profile(name).chat)


def said_to(body: Body, model: Model = QUIET, name: str = "openai") -> tuple[Reply, ...]:
    """What is said to a request."""
    return replies(asked_for(body, model, name).asked, name)


def plain(
    body: Body,
    model: Model = QUIET,
    name: str = "openai",
    said: Sequence[Reply] | None = None,
    material: bytes = b"x",
) -> dict[str, Any]:
    """The body of an answer that is not streamed. `said` is what it says, in place of what it would."""
    request, said = asked_for(body, model, name), said or said_to(body, model, name)
    writer, chance = ChatWriter(profile(name), profile(name).chat), Chance(material)
    value: dict[str, Any] = json.loads(writer.plain(writer.drawn(request, said, model, chance), chance))
    return value


def message(body: Body, model: Model = QUIET, name: str = "openai", said: Sequence[Reply] | None = None) -> Said:
    """The first message of an answer that is not streamed."""
    first: Said = plain(body, model, name, said)["choices"][0]["message"]
    return first


def events(
    body: Body,
    model: Model = QUIET,
    name: str = "openai",
    said: Sequence[Reply] | None = None,
    material: bytes = b"x",
) -> list[bytes]:
    """The events of an answer that is streamed."""
    request, said = asked_for(body, model, name), said or said_to(body, model, name)
    chat, chance = profile(name).chat, Chance(material)
    saying = ChatWriter(profile(name), chat).drawn(request, said, model, chance)
    return ChatStreamWriter(chat).events(saying, chance)


def streamed(
    body: Body, model: Model = QUIET, name: str = "openai", said: Sequence[Reply] | None = None
) -> list[dict[str, Any]]:
    """The frames of an answer that is streamed."""
    found = [frame.data for event in events(body, model, name, said) for frame in sse.frames(event)]
    return [json.loads(data) for data in found if data not in (None, "[DONE]")]


def said_in(choices: Sequence[Mapping[str, Any]], part: str) -> Said:
    """What the messages or deltas of one choice say, put together as a client does."""
    said: Said = {"content": "", "reasoning_content": "", "refusal": "", "calls": {}, "finish": None}
    for choice in choices:
        for key in ("content", "reasoning_content", "refusal"):
            said[key] += choice[part].get(key) or ""
        called = list(choice[part].get("tool_calls") or ())
        if legacy := choice[part].get("function_call"):
            called.append({"function": legacy})
        for number, call in enumerate(called):
            known = said["calls"].setdefault(call.get("index", number), ["", ""])
            made = call.get("function") or call["custom"]
            known[0] += made.get("name") or ""
            known[1] += made.get("arguments", made.get("input")) or ""
        said["finish"] = choice.get("finish_reason") or said["finish"]
    return said


def choices_of(frames: Sequence[Mapping[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """The choices of the frames of a stream, by their index."""
    found: dict[int, list[dict[str, Any]]] = {}
    for frame in frames:
        for choice in frame["choices"]:
            found.setdefault(choice["index"], []).append(choice)
    return found


def deltas(frames: Sequence[Mapping[str, Any]]) -> list[Said]:
    """The deltas of the first choice."""
    return [choice["delta"] for choice in choices_of(frames).get(0, ())]
