"""What all programs in Python share: which ways there are, what is asked, and how it is told.

A way is a profile's base URL with a key and models. What is asked returns what the client made of the answer. This is
for the Python of `tests/clients/apart` too, so it knows neither pytest nor mockprovider.
"""

import asyncio
import inspect
import json
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For an HTTP client that has no need of it: its own would read the certificates of the machine, for each profile."""

HELLO = "Say hello"
WEATHER = "What is the weather in Paris?"
FORECAST = "What is the weather in Paris? Answer in JSON."
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
TURNS = 4
"""How often a model is asked in a loop with a tool."""
LENGTH = 400
"""How much of an error is told."""


class Forecast(BaseModel):
    """The weather in a city."""

    model_config = ConfigDict(extra="forbid")

    city: str
    sky: Literal["clear", "cloudy"]
    degrees: list[int]


@dataclass(frozen=True)
class Way:
    """A profile for a client."""

    how: str
    client: str
    profile: str
    base_url: str
    key: str
    wrong_key: str
    model: str
    thinking: str
    unknown_model: str
    tasks: list[str]

    def that_thinks(self) -> "Way":
        return replace(self, model=self.thinking)

    def with_wrong_key(self) -> "Way":
        return replace(self, key=self.wrong_key)

    def with_unknown_model(self) -> "Way":
        return replace(self, model=self.unknown_model)


Ask = Callable[[Way], Any]


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"17 degrees in {city}"


def said(text: str) -> list[Any]:
    """A user's message."""
    return [{"role": "user", "content": text}]


def result(call_id: str, name: str, arguments: str) -> dict[str, Any]:
    """What the tool returns, as a message."""
    told = get_weather(**json.loads(arguments)) if name == "get_weather" else f"there is no {name}"
    return {"role": "tool", "tool_call_id": call_id, "content": told}


def loop(way: Way, ask: Callable[..., Any]) -> Any:
    """Until the model calls no more: `ask` takes the way, messages and tools, and returns a message like OpenAI's."""
    messages, called = said(WEATHER), list[Any]()
    for _ in range(TURNS):
        message = ask(way, messages, tools=[TOOL])
        if not message.tool_calls:
            return {"called": called, "text": message.content}
        messages.append(message)
        for call in message.tool_calls:
            called.append([call.function.name, call.function.arguments])
            messages.append(result(call.id, call.function.name, call.function.arguments))
    return {"called": called, "text": None}


def tell(program: Mapping[str, Any]) -> None:
    """Ask all that is asked for, along each way, with the program's functions.

    What the provider is to refuse is a chat, or a call where the client knows no other. `prepare`, where there is one,
    sees all ways first.
    """
    refused: Ask = program["chat" if "chat" in program else "tools"]
    doing: Mapping[str, Ask] = {
        **program,
        "bad_key": lambda way: refused(way.with_wrong_key()),
        "unknown_model": lambda way: refused(way.with_unknown_model()),
    }
    ways = [Way(**one) for one in json.load(sys.stdin)]
    with asyncio.Runner() as runner:
        program.get("prepare", list)(ways)
        for way in ways:
            for task in way.tasks:
                told = _told(partial(doing[task], way), runner)
                cell = {"how": way.how, "client": way.client, "profile": way.profile, "task": task}
                print(json.dumps({**cell, **told}), flush=True)


def _told(ask: Callable[[], Any], runner: asyncio.Runner) -> dict[str, Any]:
    try:
        answer = ask()
        value = runner.run(answer) if inspect.iscoroutine(answer) else answer
        return {"value": json.loads(json.dumps(value))}
    except Exception as problem:  # noqa: BLE001 whatever it is, it is what the client does
        raised = {"type": type(problem).__name__, "message": str(problem)[:LENGTH]}
        return {"raised": {**raised, "status": getattr(problem, "status_code", None)}}
