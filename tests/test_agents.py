"""Agents as people write them, recorded and replayed with the upstream gone: openai-python, LangChain, pydantic-ai.

The model asks for the weather in two cities at once, then for a table in the warmer one, and then it speaks. Its tool
calls have ids that nobody has had before, and each framework sends them back in a way of its own.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import httpx
import pytest

from mockprovider.cassettes.matching.rules import Rules
from mockprovider.cassettes.store import Cassette
from tests.conftest import Recorder
from tests.fakes import NO_TLS, Command, RawUpstream, Turns, chunked
from tests.vectors.answers import SSE, whole

CHAT = "/v1/chat/completions"
KEY = "sk-mock-agent"
MODEL = "gpt-4o-mini"
SYSTEM = "You plan trips, and you are brief."
OTHER_SYSTEM = "You plan trips, and you are very polite."
PROMPT = (
    "We travel lightly, and can be in Lisbon or in Oslo by noon on Sunday: look where it is warmer, "
    "book a table for two there, and tell us where we go."
)
OTHER_PROMPT = PROMPT.replace("Sunday", "Monday")
FIELD = "body.messages.1.content"
"""Where the prompt stands, behind the system prompt."""

WEATHER = {"Lisbon": "21 degrees and sun", "Oslo": "4 degrees and rain"}


def get_weather(city: str) -> str:
    """The weather in a city."""
    return WEATHER[city]


def book_table(city: str, guests: int) -> str:
    """Book a table in a city."""
    return f"A table for {guests} in {city} is booked."


TOOLS: dict[str, Callable[..., str]] = {"get_weather": get_weather, "book_table": book_table}


@dataclass(frozen=True)
class Call:
    """A tool call."""

    id: str
    name: str
    arguments: dict[str, Any]

    def result(self) -> str:
        """What the tool returns."""
        return TOOLS[self.name](**self.arguments)


@dataclass(frozen=True)
class Turn:
    """One answer of the model: its text, or the tools that it calls."""

    text: str = ""
    calls: tuple[Call, ...] = ()


# The model


def called(name: str, **arguments: Any) -> Call:
    """A call under an id of its own, in OpenAI's form."""
    return Call(f"call_{uuid4().hex[:24]}", name, arguments)


def spoken() -> list[Turn]:
    """All that the model says."""
    return [
        Turn(calls=(called("get_weather", city="Lisbon"), called("get_weather", city="Oslo"))),
        Turn(calls=(called("book_table", city="Lisbon", guests=2),)),
        Turn("You go to Lisbon: it has 21 degrees, and a table for two waits there."),
    ]


def plain(turn: Turn) -> bytes:
    """A turn as an answer in one piece."""
    message: dict[str, Any] = {"role": "assistant", "content": turn.text or None}
    if turn.calls:
        message["tool_calls"] = [{**_opened(call), "function": _function(call)} for call in turn.calls]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(turn)}
    body = _envelope("chat.completion", choices=[choice], usage=USAGE)
    return whole(b"200 OK", b"application/json", json.dumps(body).encode())


def streamed(turn: Turn) -> bytes:
    """A turn as a stream, its parallel calls one after the other, their arguments in pieces."""
    choices: list[Any] = [{"index": 0, "delta": delta, "finish_reason": None} for delta in _deltas(turn)]
    choices += [{"index": 0, "delta": {}, "finish_reason": _finish(turn)}]
    frames = [_envelope("chat.completion.chunk", choices=[choice]) for choice in choices]
    frames += [_envelope("chat.completion.chunk", choices=[], usage=USAGE)]
    return SSE + chunked(*(b"data: %b\n\n" % json.dumps(frame).encode() for frame in frames), b"data: [DONE]\n\n")


USAGE = {"prompt_tokens": 90, "completion_tokens": 20, "total_tokens": 110}


def _envelope(kind: str, **more: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1767225600, "model": MODEL, **more}


def _deltas(turn: Turn) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": None if turn.calls else ""}
    for index, call in enumerate(turn.calls):
        yield {"tool_calls": [{"index": index, **_opened(call), "function": {"name": call.name, "arguments": ""}}]}
        arguments = _function(call)["arguments"]
        for start in range(0, len(arguments), 7):
            yield {"tool_calls": [{"index": index, "function": {"arguments": arguments[start : start + 7]}}]}
    yield from ({"content": word} for word in re.split(r"(?= )", turn.text) if word)


def _opened(call: Call) -> dict[str, Any]:
    return {"id": call.id, "type": "function"}


def _function(call: Call) -> dict[str, str]:
    return {"name": call.name, "arguments": json.dumps(call.arguments, separators=(",", ":"))}


def _finish(turn: Turn) -> str:
    return "tool_calls" if turn.calls else "stop"


ANSWERS = {"plain": plain, "streamed": streamed}


# The agents. Each framework is imported where it is used: that costs seconds, which no other test is to wait for.


class Agent(Protocol):
    """Talks with the model behind a URL until it calls no more tools, and returns what it heard, turn by turn.

    `how` is `plain` or `streamed`. All else is as the framework has it, retries too.
    """

    def __call__(self, url: str, how: str, *, system: str = SYSTEM, prompt: str = PROMPT) -> list[Turn]: ...


def with_openai(
    url: str, how: str, *, system: str = SYSTEM, prompt: str = PROMPT, at_most: int | None = None
) -> list[Turn]:
    """The loop of openai-python's own examples; `at_most` so many turns."""
    import openai
    from pydantic import create_model

    weather, table = create_model("Weather", city=str), create_model("Table", city=str, guests=int)
    asked: dict[str, Any] = {
        "model": MODEL,
        "tools": [
            openai.pydantic_function_tool(weather, name="get_weather"),
            openai.pydantic_function_tool(table, name="book_table"),
        ],
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": prompt}],
    }
    turns: list[Turn] = []
    transport = openai.DefaultHttpxClient(verify=NO_TLS)
    with openai.OpenAI(base_url=url + "/v1", api_key=KEY, http_client=transport) as client:
        while len(turns) != at_most:
            if how == "plain":
                completion = client.chat.completions.create(**asked)
            else:
                with client.chat.completions.stream(**asked) as stream:
                    completion = stream.get_final_completion()
            said = completion.choices[0].message
            calls = [
                Call(call.id, call.function.name, json.loads(call.function.arguments))
                for call in said.tool_calls or []
                if call.type == "function"
            ]
            turns.append(Turn(said.content or "", tuple(calls)))
            if not calls:
                break
            results = [{"role": "tool", "tool_call_id": call.id, "content": call.result()} for call in calls]
            asked["messages"] += [said, *results]
    return turns


def with_langchain(url: str, how: str, *, system: str = SYSTEM, prompt: str = PROMPT) -> list[Turn]:
    """A chat model with its tools bound to it."""
    import openai
    from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage, ToolMessage
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    messages: list[BaseMessage] = [SystemMessage(system), HumanMessage(prompt)]
    turns: list[Turn] = []
    with openai.DefaultHttpxClient(verify=NO_TLS) as transport:
        model = ChatOpenAI(model=MODEL, base_url=url + "/v1", api_key=SecretStr(KEY), http_client=transport)
        bound = model.bind_tools(list(TOOLS.values()))
        while True:
            said = bound.invoke(messages) if how == "plain" else reduce(add, bound.stream(messages))
            turns.append(
                Turn(said.text, tuple(Call(str(call["id"]), call["name"], call["args"]) for call in said.tool_calls))
            )
            if not said.tool_calls:
                return turns
            messages += [said, *(ToolMessage(call.result(), tool_call_id=call.id) for call in turns[-1].calls)]


def with_pydantic_ai(url: str, how: str, *, system: str = SYSTEM, prompt: str = PROMPT) -> list[Turn]:
    """An agent that runs its tools itself; a handler of events makes it stream."""
    import openai
    import pydantic_ai
    from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    async def listen(_: Any, events: Any) -> None:
        async for _event in events:
            pass

    async def run() -> list[Turn]:
        transport = openai.DefaultAsyncHttpxClient(verify=NO_TLS)
        async with openai.AsyncOpenAI(base_url=url + "/v1", api_key=KEY, http_client=transport) as client:
            model = OpenAIChatModel(MODEL, provider=OpenAIProvider(openai_client=client))
            agent = pydantic_ai.Agent(model, system_prompt=system, tools=list(TOOLS.values()))
            result = await agent.run(prompt, event_stream_handler=listen if how == "streamed" else None)
            return [turn(each) for each in result.all_messages() if isinstance(each, ModelResponse)]

    def turn(response: ModelResponse) -> Turn:
        texts = [part.content for part in response.parts if isinstance(part, TextPart)]
        calls = [part for part in response.parts if isinstance(part, ToolCallPart)]
        return Turn("".join(texts), tuple(Call(c.tool_call_id, c.tool_name, c.args_as_dict()) for c in calls))

    return asyncio.run(run())


AGENTS: dict[str, Agent] = {"openai": with_openai, "langchain": with_langchain, "pydantic-ai": with_pydantic_ai}


@pytest.fixture(params=AGENTS)
def agent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Agent:
    """Each framework, which tells nobody else what it does."""
    monkeypatch.setenv("LANGSMITH_TRACING", "false")
    return AGENTS[request.param]


@pytest.fixture(params=ANSWERS)
def how(request: pytest.FixtureRequest) -> str:
    """Each way to answer."""
    return str(request.param)


class Record(Protocol):
    """Record an agent's loop, and return what it heard. The upstream is gone afterwards."""

    def __call__(self, agent: Agent, how: str = "plain", turns: list[Turn] | None = None) -> list[Turn]: ...


@pytest.fixture
def record(recorder: tuple[Recorder, ExitStack]) -> Record:
    start, running = recorder

    def run(agent: Agent, how: str = "plain", turns: list[Turn] | None = None) -> list[Turn]:
        answers = [[ANSWERS[how](turn)] for turn in turns or spoken()]
        with RawUpstream({CHAT: Turns(answers)}) as upstream:
            heard = agent(start(upstream.url), how)
        running.close()
        return heard

    return run


def journal(url: str, field: str) -> list[Any]:
    """A field of all entries in the journal of a server."""
    return [entry[field] for entry in httpx.get(f"{url}/-/journal").json()["entries"]]


# What is said


def test_an_agent_hears_through_the_recorder_what_the_model_says(agent: Agent, how: str, record: Record) -> None:
    turns = spoken()
    assert record(agent, how, turns) == turns


def test_an_agent_says_and_calls_the_same_when_it_is_replayed_with_the_upstream_gone(
    agent: Agent, how: str, record: Record, replayer: Recorder
) -> None:
    recorded = record(agent, how)
    assert agent(replayer(), how) == recorded


def test_the_ids_of_tool_calls_come_back_in_the_requests_that_follow(
    agent: Agent, how: str, record: Record, tape_folder: Path
) -> None:
    first, second, _ = record(agent, how)
    cassette = Cassette.open(tape_folder)
    asked = [json.loads(cassette.exchange(entry).request.body)["messages"] for entry in cassette.entries]
    answered = [[each["tool_call_id"] for each in messages if each["role"] == "tool"] for messages in asked]
    ids = [call.id for call in (*first.calls, *second.calls)]
    assert answered == [[], ids[:2], ids]


def test_each_turn_is_answered_by_its_own_recording(agent: Agent, how: str, record: Record, replayer: Recorder) -> None:
    record(agent, how)
    url = replayer()
    agent(url, how)
    assert [file[:4] for file in journal(url, "detail")] == ["0001", "0002", "0003"]


# What is missed


def test_a_changed_word_of_the_prompt_is_named_in_what_the_framework_raises(
    agent: Agent, how: str, record: Record, replayer: Recorder
) -> None:
    record(agent, how)
    with pytest.raises(Exception, match=f"{FIELD}: recorded .* on Sunday.*, sent .* on Monday"):
        agent(replayer(), how, prompt=OTHER_PROMPT)


def test_no_framework_asks_again_after_a_miss(agent: Agent, record: Record, replayer: Recorder) -> None:
    record(agent)
    url = replayer()
    with pytest.raises(Exception, match="418"):
        agent(url, "plain", prompt=OTHER_PROMPT)
    assert journal(url, "status") == [418]


def test_a_tool_that_returns_something_else_is_a_miss_in_the_turn_after_it(
    agent: Agent, how: str, record: Record, replayer: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(agent, how)
    url = replayer()
    monkeypatch.setitem(WEATHER, "Oslo", "5 degrees and snow")
    with pytest.raises(Exception, match=r"body\.messages\.4\.content: recorded .*rain.*, sent .*snow"):
        agent(url, how)
    assert journal(url, "status") == [200, 418]


# What may drift


def test_where_matching_is_loose_another_system_prompt_is_answered_with_a_warning_each_turn(
    agent: Agent, record: Record, replayer: Recorder
) -> None:
    said: list[str] = []
    recorded = record(agent)
    assert agent(replayer(rules=Rules(loose=True), say=said.append), "plain", system=OTHER_SYSTEM) == recorded
    assert [("brief" in warning, "very polite" in warning) for warning in said] == [(True, True)] * 3


def test_the_journal_names_what_has_drifted(agent: Agent, record: Record, replayer: Recorder) -> None:
    record(agent)
    url = replayer(rules=Rules(loose=True))
    agent(url, "plain", system=OTHER_SYSTEM)
    assert journal(url, "drift") == [["body.messages.0.content"]] * 3


def test_requests_that_are_refreshed_after_a_drift_match_strictly_again(
    agent: Agent, record: Record, replayer: Recorder, tape_folder: Path
) -> None:
    recorded = record(agent)
    agent(replayer(rules=Rules(loose=True)), "plain", system=OTHER_SYSTEM)
    Cassette.open(tape_folder).refresh_requests()
    assert agent(replayer(), "plain", system=OTHER_SYSTEM) == recorded


# What is left over


def test_a_verified_replay_of_the_whole_loop_ends_with_0(record: Record, tape_folder: Path) -> None:
    record(with_openai)
    with Command("replay", tape_folder, "--verify") as command:
        with_openai(command.url, "plain")
    assert (command.process.returncode, "verified" in command.output) == (0, True)


def test_a_verified_replay_of_a_loop_that_stops_early_ends_with_1_and_names_what_is_left(
    record: Record, tape_folder: Path
) -> None:
    record(with_openai)
    with Command("replay", tape_folder, "--verify") as command:
        with_openai(command.url, "plain", at_most=2)
    left = f"leftovers: 1\n  0003-chat-completions-{MODEL}.yaml: POST {CHAT} "
    assert (command.process.returncode, left in command.output) == (1, True)
