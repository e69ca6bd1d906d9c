"""The openai SDK as the judge: what it makes of the providers, and of a recording played back."""

import asyncio
import re
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal, Protocol

import httpx
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types import Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessage
from pydantic import BaseModel, ConfigDict, Field

from mockprovider.serving.app import Mode
from tests.conftest import Recorder
from tests.fakes import NO_TLS

Asked = dict[str, Any]


@dataclass(frozen=True)
class Raw:
    """An answer as bytes, and what the SDK reads in them."""

    headers: dict[str, str]
    body: bytes
    read: ChatCompletion | None = None


class Sdk(Protocol):
    """The SDK with a base URL and a key. Each method makes one request."""

    def __init__(self, url: str, key: str = "sk-mock-sdk", retries: int = 0) -> None: ...

    def plain(self, **asked: Any) -> ChatCompletion: ...

    def chunks(self, **asked: Any) -> list[ChatCompletionChunk]: ...

    def streamed(self, **asked: Any) -> ChatCompletion:
        """What the SDK's own accumulator makes of a stream."""

    def raw(self, **asked: Any) -> Raw: ...

    def raw_stream(self, **asked: Any) -> Raw: ...

    def models(self) -> list[Model]: ...

    def call(self, method: str, *named: str, **asked: Any) -> Any:
        """What any other method returns, by its dotted name; of a stream all its events."""


class SyncSdk:
    def __init__(self, url: str, key: str = "sk-mock-sdk", retries: int = 0) -> None:
        self._url, self._key, self._retries = url, key, retries

    def _client(self) -> OpenAI:
        transport = openai.DefaultHttpxClient(verify=NO_TLS)
        return OpenAI(base_url=self._url, api_key=self._key, max_retries=self._retries, http_client=transport)

    def plain(self, **asked: Any) -> ChatCompletion:
        with self._client() as client:
            answer: ChatCompletion = client.chat.completions.create(**asked)
            return answer

    def chunks(self, **asked: Any) -> list[ChatCompletionChunk]:
        with self._client() as client, client.chat.completions.create(**asked, stream=True) as stream:
            return list(stream)

    def streamed(self, **asked: Any) -> ChatCompletion:
        with self._client() as client, client.chat.completions.stream(**asked) as stream:
            return stream.get_final_completion()

    def raw(self, **asked: Any) -> Raw:
        with self._client() as client:
            response = client.chat.completions.with_raw_response.create(**asked)
            return Raw(dict(response.headers), response.content, response.parse())

    def raw_stream(self, **asked: Any) -> Raw:
        with (
            self._client() as client,
            client.chat.completions.with_streaming_response.create(**asked, stream=True) as response,
        ):
            return Raw(dict(response.headers), response.read())

    def models(self) -> list[Model]:
        with self._client() as client:
            return list(client.models.list())

    def call(self, method: str, *named: str, **asked: Any) -> Any:
        with self._client() as client:
            answer = attrgetter(method)(client)(*named, **asked)
            return list(answer) if isinstance(answer, openai.Stream) else answer


class AsyncSdk:
    def __init__(self, url: str, key: str = "sk-mock-sdk", retries: int = 0) -> None:
        self._url, self._key, self._retries = url, key, retries

    def _client(self) -> AsyncOpenAI:
        transport = openai.DefaultAsyncHttpxClient(verify=NO_TLS)
        return AsyncOpenAI(base_url=self._url, api_key=self._key, max_retries=self._retries, http_client=transport)

    def plain(self, **asked: Any) -> ChatCompletion:
        async def ask() -> ChatCompletion:
            async with self._client() as client:
                answer: ChatCompletion = await client.chat.completions.create(**asked)
                return answer

        return asyncio.run(ask())

    def chunks(self, **asked: Any) -> list[ChatCompletionChunk]:
        async def ask() -> list[ChatCompletionChunk]:
            async with (
                self._client() as client,
                await client.chat.completions.create(**asked, stream=True) as stream,
            ):
                return [chunk async for chunk in stream]

        return asyncio.run(ask())

    def streamed(self, **asked: Any) -> ChatCompletion:
        async def ask() -> ChatCompletion:
            async with self._client() as client, client.chat.completions.stream(**asked) as stream:
                return await stream.get_final_completion()

        return asyncio.run(ask())

    def raw(self, **asked: Any) -> Raw:
        async def ask() -> Raw:
            async with self._client() as client:
                response = await client.chat.completions.with_raw_response.create(**asked)
                return Raw(dict(response.headers), response.content, response.parse())

        return asyncio.run(ask())

    def raw_stream(self, **asked: Any) -> Raw:
        async def ask() -> Raw:
            async with (
                self._client() as client,
                client.chat.completions.with_streaming_response.create(**asked, stream=True) as response,
            ):
                return Raw(dict(response.headers), await response.read())

        return asyncio.run(ask())

    def models(self) -> list[Model]:
        async def ask() -> list[Model]:
            async with self._client() as client:
                return [model async for model in client.models.list()]

        return asyncio.run(ask())

    def call(self, method: str, *named: str, **asked: Any) -> Any:
        async def ask() -> Any:
            async with self._client() as client:
                answer = await attrgetter(method)(client)(*named, **asked)
                return [event async for event in answer] if isinstance(answer, openai.AsyncStream) else answer

        return asyncio.run(ask())


class Weather(BaseModel):
    """The weather in a city."""

    model_config = ConfigDict(extra="forbid", strict=True)
    city: str
    unit: Literal["celsius", "fahrenheit"]
    days: int = Field(ge=2, le=7)


class Time(BaseModel):
    """What o'clock it is in a zone."""

    model_config = ConfigDict(extra="forbid", strict=True)
    zone: str


TOOLS = [
    openai.pydantic_function_tool(Weather, name="get_weather"),
    openai.pydantic_function_tool(Time, name="get_time"),
]
IN_A_SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "weather", "strict": True, "schema": Weather.model_json_schema()},
}
MODELS = {"openai": "gpt-4o-mini", "deepseek-like": "deepseek-chat"}
"""A model without reasoning for each profile."""


def asked(profile: str, text: str = "Say hello", **more: Any) -> Asked:
    """A request to that model, or to another."""
    return {"model": MODELS[profile], "messages": [{"role": "user", "content": text}], **more}


REASONED = asked("deepseek-like", "Why is the sky blue?", model="deepseek-reasoner")
NO_KEY = {"extra_headers": {"Authorization": openai.Omit()}}
WEATHER = "What is the weather in Paris?"
WEATHER_AND_TIME = "What is the weather in Paris and what time is it?"


@pytest.fixture(params=MODELS)
def profile(request: pytest.FixtureRequest) -> str:
    """Each provider."""
    return str(request.param)


@pytest.fixture(params=[SyncSdk, AsyncSdk], ids=["sync", "async"])
def sdk(request: pytest.FixtureRequest) -> type[Sdk]:
    """The SDK in both its forms."""
    form: type[Sdk] = request.param
    return form


@pytest.fixture(params=["plain", "streamed"])
def how(request: pytest.FixtureRequest) -> str:
    """Each way to ask for a completion: a method of the SDK above."""
    return str(request.param)


@pytest.fixture
def api(provider: Callable[[str], str]) -> Callable[[str], str]:
    """The base URL of a provider."""
    return lambda name: provider(name) + "/v1"


def complete(sdk: Sdk, how: str, request: Asked) -> ChatCompletion:
    completion: ChatCompletion = getattr(sdk, how)(**request)
    return completion


def message(completion: ChatCompletion) -> ChatCompletionMessage:
    (choice,) = completion.choices
    return choice.message


def calls(completion: ChatCompletion) -> list[tuple[str, str, str]]:
    """The tool calls as id, name and arguments."""
    called = message(completion).tool_calls or []
    return [(call.id, call.function.name, call.function.arguments) for call in called if call.type == "function"]


def reasoning(said: BaseModel) -> str | None:
    """The field that the SDK does not know and yet hands on."""
    text: str | None = (said.model_extra or {}).get("reasoning_content")
    return text


def test_an_answer_quotes_the_question(profile: str, how: str, sdk: type[Sdk], api: Callable[[str], str]) -> None:
    assert "“Say hello”" in (message(complete(sdk(api(profile)), how, asked(profile))).content or "")


def test_a_stream_says_the_same_as_the_plain_answer(profile: str, sdk: type[Sdk], api: Callable[[str], str]) -> None:
    client = sdk(api(profile))
    chunks = client.chunks(**asked(profile))
    said = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert said == message(client.plain(**asked(profile))).content


def test_a_stream_has_one_finish_reason_and_it_is_that_of_the_plain_answer(
    profile: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    client = sdk(api(profile))
    chunks = client.chunks(**asked(profile))
    reasons = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
    assert reasons == [client.plain(**asked(profile)).choices[0].finish_reason] == ["stop"]


ID_FORMS = {
    "openai": "chatcmpl-[A-Za-z0-9]{29}",
    "deepseek-like": "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}",
}


def test_a_completion_has_an_id_of_its_providers_form(
    profile: str, how: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    assert re.fullmatch(ID_FORMS[profile], complete(sdk(api(profile)), how, asked(profile)).id)


def test_all_chunks_of_a_stream_have_one_id(profile: str, sdk: type[Sdk], api: Callable[[str], str]) -> None:
    assert len({chunk.id for chunk in sdk(api(profile)).chunks(**asked(profile))}) == 1


@pytest.mark.parametrize(
    ("name", "included", "places"),
    [
        ("openai", None, []),
        ("openai", False, []),
        ("openai", True, [("last", "without choices")]),
        ("deepseek-like", None, [("last", "with the finish reason")]),
        ("deepseek-like", True, [("last", "with the finish reason")]),
    ],
)
def test_usage_is_streamed_when_and_where_the_provider_streams_it(
    name: str, included: bool | None, places: list[tuple[str, str]], sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    options = {} if included is None else {"stream_options": {"include_usage": included}}
    chunks = sdk(api(name)).chunks(**asked(name), **options)
    found = []
    for chunk in chunks:
        if chunk.usage is not None:
            finish = "with the finish reason" if chunk.choices and chunk.choices[0].finish_reason else "in the midst"
            found.append(("last" if chunk is chunks[-1] else "before", finish if chunk.choices else "without choices"))
    assert found == places


def test_streamed_usage_is_that_of_the_plain_answer(profile: str, sdk: type[Sdk], api: Callable[[str], str]) -> None:
    client = sdk(api(profile))
    chunks = client.chunks(**asked(profile), stream_options={"include_usage": True})
    assert chunks[-1].usage == client.plain(**asked(profile)).usage is not None


def test_usage_adds_up(profile: str, sdk: type[Sdk], api: Callable[[str], str]) -> None:
    usage = sdk(api(profile)).plain(**asked(profile)).usage
    assert usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > usage.prompt_tokens > 0


def test_deepseek_reasoner_gives_its_reasoning_beside_the_text(
    how: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    said = message(complete(sdk(api("deepseek-like")), how, REASONED))
    thought = reasoning(said)
    assert thought
    assert said.content
    assert thought not in said.content


def test_streamed_reasoning_is_that_of_the_plain_answer(sdk: type[Sdk], api: Callable[[str], str]) -> None:
    client = sdk(api("deepseek-like"))
    deltas = [choice.delta for chunk in client.chunks(**REASONED) for choice in chunk.choices]
    assert "".join(reasoning(delta) or "" for delta in deltas) == reasoning(message(client.plain(**REASONED)))


def test_all_reasoning_is_streamed_before_the_text(sdk: type[Sdk], api: Callable[[str], str]) -> None:
    deltas = [choice.delta for chunk in sdk(api("deepseek-like")).chunks(**REASONED) for choice in chunk.choices]
    thoughts = [number for number, delta in enumerate(deltas) if reasoning(delta)]
    texts = [number for number, delta in enumerate(deltas) if delta.content]
    assert max(thoughts) < min(texts)


def test_a_model_that_does_not_reason_has_no_such_field(
    profile: str, how: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    said = message(complete(sdk(api(profile)), how, asked(profile)))
    assert "reasoning_content" not in (said.model_extra or {})


def test_a_tool_is_called_with_arguments_that_fit_its_schema(
    profile: str, how: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    completion = complete(sdk(api(profile)), how, asked(profile, WEATHER, tools=TOOLS))
    ((_, name, arguments),) = calls(completion)
    assert name == "get_weather"
    assert Weather.model_validate_json(arguments).city == "Paris"


def test_an_answer_that_calls_a_tool_says_so_in_its_finish_reason(
    profile: str, how: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    completion = complete(sdk(api(profile)), how, asked(profile, WEATHER, tools=TOOLS))
    assert completion.choices[0].finish_reason == "tool_calls"


def test_two_tools_are_called_in_one_answer_with_arguments_of_their_own(
    profile: str, how: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    request = asked(profile, WEATHER_AND_TIME, tools=TOOLS)
    (_, first, weather), (_, second, time) = calls(complete(sdk(api(profile)), how, request))
    assert (first, second) == ("get_weather", "get_time")
    assert Weather.model_validate_json(weather)
    assert Time.model_validate_json(time)


def test_streamed_tool_calls_are_those_of_the_plain_answer(
    profile: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    client, request = sdk(api(profile)), asked(profile, WEATHER_AND_TIME, tools=TOOLS)
    streamed, plain = calls(client.streamed(**request)), calls(client.plain(**request))
    assert [call[1:] for call in streamed] == [call[1:] for call in plain] != []


TOOL_ID_FORMS = {"openai": "call_[A-Za-z0-9]{24}", "deepseek-like": "call_0%d_[A-Za-z0-9]{24}"}


def test_a_tool_call_has_an_id_of_its_providers_form(
    profile: str, how: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    completion = complete(sdk(api(profile)), how, asked(profile, WEATHER_AND_TIME, tools=TOOLS))
    forms = [TOOL_ID_FORMS[profile].replace("%d", str(number)) for number in range(2)]
    assert all(re.fullmatch(form, call[0]) for form, call in zip(forms, calls(completion), strict=True))


@pytest.mark.parametrize(
    ("question", "choice", "called"),
    [
        ("Say hello", "auto", []),
        ("Say hello", "required", ["get_weather"]),
        (WEATHER, "auto", ["get_weather"]),
        (WEATHER, "none", []),
        (WEATHER, {"type": "function", "function": {"name": "get_time"}}, ["get_time"]),
    ],
    ids=["needless", "required", "needed", "forbidden", "named"],
)
def test_tool_choice_decides_which_tool_is_called(
    question: str, choice: object, called: list[str], profile: str, how: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    completion = complete(sdk(api(profile)), how, asked(profile, question, tools=TOOLS, tool_choice=choice))
    assert [name for _, name, _ in calls(completion)] == called


def loop(sdk: Sdk, how: str, request: Asked) -> list[ChatCompletion]:
    """An agent: asks, and answers tool calls, until there are none; at most five times."""
    messages = list(request["messages"])
    turns = []
    for _ in range(5):
        turns.append(complete(sdk, how, {**request, "messages": messages}))
        messages.append(message(turns[-1]).model_dump(exclude_none=True))
        results = [{"role": "tool", "tool_call_id": ident, "content": "17 degrees"} for ident, _, _ in calls(turns[-1])]
        if not results:
            break
        messages += results
    return turns


@pytest.mark.parametrize("model", ["gpt-4o-mini", "deepseek-chat", "deepseek-reasoner"])
def test_an_agent_loop_ends_with_a_text_about_the_tools_result(
    model: str, how: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    name = "deepseek-like" if model.startswith("deepseek") else "openai"
    turns = loop(sdk(api(name)), how, asked(name, WEATHER, model=model, tools=TOOLS))
    assert [turn.choices[0].finish_reason for turn in turns] == ["tool_calls", "stop"]
    assert "17 degrees" in (message(turns[-1]).content or "")


HEADERS = {
    "openai": {"x-request-id": "req_[0-9a-f]{32}", "openai-version": "2020-10-01", "openai-processing-ms": "[0-9]+"},
    "deepseek-like": {"x-ds-trace-id": "[0-9a-f]{32}", "server": "elb"},
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    ("method", "kind"), [("raw", "application/json"), ("raw_stream", "text/event-stream; charset=utf-8")]
)
def test_the_headers_are_the_providers(
    name: str, method: str, kind: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    raw: Raw = getattr(sdk(api(name)), method)(**asked(name))
    forms = {"content-type": re.escape(kind), **HEADERS[name]}
    assert [name for name, form in forms.items() if not re.fullmatch(form, raw.headers.get(name, ""))] == []


def test_the_bytes_are_the_json_that_the_sdk_reads(profile: str, sdk: type[Sdk], api: Callable[[str], str]) -> None:
    raw = sdk(api(profile)).raw(**asked(profile))
    assert ChatCompletion.model_validate_json(raw.body) == raw.read


def test_an_answer_in_a_schema_fits_it_at_openai(how: str, sdk: type[Sdk], api: Callable[[str], str]) -> None:
    completion = complete(sdk(api("openai")), how, asked("openai", response_format=IN_A_SCHEMA))
    assert Weather.model_validate_json(message(completion).content or "")


LISTED = {
    "openai": ({"gpt-4o-mini", "gpt-4o", "gpt-4.1", "gpt-5", "o4-mini"}, True),
    "deepseek-like": ({"deepseek-v4-flash", "deepseek-v4-pro"}, False),
}
"""Models that must be there, and whether each has a `created`."""


def test_the_listed_models_are_the_providers(profile: str, sdk: type[Sdk], api: Callable[[str], str]) -> None:
    assert {model.id for model in sdk(api(profile)).models()} >= LISTED[profile][0]


def test_a_listed_model_has_a_creation_time_only_where_the_provider_gives_one(
    profile: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    assert {"created" in model.model_fields_set for model in sdk(api(profile)).models()} == {LISTED[profile][1]}


@pytest.mark.parametrize("name", ["gpt-4o-mini", "text-embedding-3-large"])
def test_a_model_is_retrieved_as_it_is_listed(name: str, sdk: type[Sdk], api: Callable[[str], str]) -> None:
    client = sdk(api("openai"))
    assert client.call("models.retrieve", name) in client.models()


EMBEDDING = {"model": "text-embedding-3-small", "input": ["The cat sat on the mat", "A cat sat on a mat", "Refunds"]}


@pytest.mark.parametrize(
    ("model", "dimensions"),
    [("text-embedding-3-small", 1536), ("text-embedding-3-large", 3072), ("text-embedding-ada-002", 1536)],
)
def test_an_embedding_is_as_long_as_the_model_makes_it(
    model: str, dimensions: int, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    answer = sdk(api("openai")).call("embeddings.create", **{**EMBEDDING, "model": model})
    assert [(entry.index, len(entry.embedding)) for entry in answer.data] == [(n, dimensions) for n in range(3)]


def test_embeddings_are_the_same_as_numbers_and_as_base64(sdk: type[Sdk], api: Callable[[str], str]) -> None:
    client = sdk(api("openai"))
    unpacked = client.call("embeddings.create", **EMBEDDING)  # the SDK asks for base64 if it is not told otherwise
    numbers = client.call("embeddings.create", **EMBEDDING, encoding_format="float")
    for one, other in zip(unpacked.data, numbers.data, strict=True):
        assert one.embedding == pytest.approx(other.embedding, abs=1e-8)
    assert unpacked.usage == numbers.usage


def test_similar_texts_have_embeddings_that_are_near(sdk: type[Sdk], api: Callable[[str], str]) -> None:
    data = sdk(api("openai")).call("embeddings.create", **EMBEDDING, dimensions=256).data
    first, similar, other = (entry.embedding for entry in data)
    near, far = (sum(a * b for a, b in zip(first, each, strict=True)) for each in (similar, other))
    assert near > 0.5 > far


COMPLETION = {"model": "gpt-3.5-turbo-instruct", "prompt": ["Say hello", "Say goodbye"], "n": 2, "max_tokens": 50}


def test_a_completion_has_each_choice_of_each_prompt(sdk: type[Sdk], api: Callable[[str], str]) -> None:
    answer = sdk(api("openai")).call("completions.create", **COMPLETION)
    assert [(choice.index, "goodbye" in choice.text) for choice in answer.choices] == [
        (0, False),
        (1, False),
        (2, True),
        (3, True),
    ]


def test_a_streamed_completion_says_the_same_with_the_same_usage(sdk: type[Sdk], api: Callable[[str], str]) -> None:
    client = sdk(api("openai"))
    whole = client.call("completions.create", **COMPLETION)
    *events, last = client.call("completions.create", **COMPLETION, stream=True, stream_options={"include_usage": True})
    said = ["", "", "", ""]
    for event in events:
        said[event.choices[0].index] += event.choices[0].text
    assert said == [choice.text for choice in whole.choices]
    assert (last.usage, last.choices) == (whole.usage, [])


def test_a_gap_is_filled_before_a_suffix(sdk: type[Sdk], api: Callable[[str], str]) -> None:
    asked = {"model": "gpt-3.5-turbo-instruct", "prompt": "def fib(n):", "suffix": "return x", "max_tokens": 99}
    (choice,) = sdk(api("openai")).call("completions.create", **asked).choices
    assert ("return x" in choice.text, choice.finish_reason) == (True, "stop")


def test_a_moderation_flags_what_it_is_told_to(sdk: type[Sdk], api: Callable[[str], str]) -> None:
    answer = sdk(api("openai")).call("moderations.create", input=["Water the plants", "self-harm/intent"])
    calm, harm = answer.results
    assert (calm.flagged, harm.flagged) == (False, True)
    assert (harm.categories.self_harm_intent, harm.categories.violence) == (True, False)
    assert harm.category_scores.self_harm_intent > 0.5


OTHER_REFUSALS: dict[str, tuple[str, Asked, type[openai.APIStatusError], str]] = {
    "no dimensions for this model": (
        "embeddings.create",
        {"model": "text-embedding-ada-002", "input": "a", "dimensions": 3},
        openai.BadRequestError,
        "This model does not support specifying dimensions.",
    ),
    "a chat model's embeddings": (
        "embeddings.create",
        {"model": "gpt-4o", "input": "a"},
        openai.PermissionDeniedError,
        "You are not allowed to generate embeddings from this model",
    ),
    "a chat model's completion": (
        "completions.create",
        {"model": "gpt-4o", "prompt": "a"},
        openai.NotFoundError,
        (
            "This is a chat model and not supported in the v1/completions endpoint. "
            "Did you mean to use v1/chat/completions?"
        ),
    ),
    "a negative limit": (
        "completions.create",
        {"model": "gpt-3.5-turbo-instruct", "prompt": "a", "max_tokens": -1},
        openai.BadRequestError,
        "Invalid 'max_tokens': integer below minimum value. Expected a value >= 0, but got -1 instead.",
    ),
    "another model's moderation": (
        "moderations.create",
        {"model": "gpt-4o", "input": "a"},
        openai.BadRequestError,
        "please request omni-moderation-latest",
    ),
    "a model that there is not": (
        "models.retrieve",
        {"model": "gpt-none"},
        openai.NotFoundError,
        "The model 'gpt-none' does not exist",
    ),
}


@pytest.mark.parametrize("name", OTHER_REFUSALS)
def test_what_openai_refuses_elsewhere_is_its_error_in_the_sdk(
    name: str, sdk: type[Sdk], api: Callable[[str], str]
) -> None:
    method, request, error, says = OTHER_REFUSALS[name]
    with pytest.raises(error) as caught:
        sdk(api("openai")).call(method, **request)
    assert isinstance(caught.value.body, dict)
    assert (type(caught.value), caught.value.body["message"]) == (error, says)


def test_what_is_not_synthesized_says_so_in_the_sdk(sdk: type[Sdk], api: Callable[[str], str]) -> None:
    with pytest.raises(openai.NotFoundError, match="mockprovider does not synthesize POST /v1/images/generations"):
        sdk(api("openai"), retries=2).call("images.generate", prompt="A cat")


@dataclass(frozen=True)
class Refusal:
    """A request that is refused, and what the SDK makes of that."""

    profile: str
    error: type[openai.APIStatusError]
    status: int
    says: str
    request: Asked = field(default_factory=dict)
    key: str = "sk-mock-sdk"
    path: str = "/v1"
    where: str = "message"
    """The key of the body under which it is said."""


OPENAI_KEYS = "https://platform.openai.com/account/api-keys"
TURN_WITHOUT_REASONING = [
    {"role": "user", "content": WEATHER},
    {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"id": "call_00_x", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}],
    },
    {"role": "tool", "tool_call_id": "call_00_x", "content": "17 degrees"},
]

REFUSALS = {
    "no key at OpenAI": Refusal(
        "openai",
        openai.AuthenticationError,
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
        "(i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the "
        "API from your browser and are prompted for a username and password. You can obtain an API key from "
        f"{OPENAI_KEYS}.",
        NO_KEY,
    ),
    "no key at DeepSeek": Refusal(
        "deepseek-like",
        openai.AuthenticationError,
        401,
        "Authentication Fails (auth header format should be Bearer sk-...)",
        NO_KEY,
    ),
    "a wrong key at OpenAI": Refusal(
        "openai",
        openai.AuthenticationError,
        401,
        f"Incorrect API key provided: sk-mock-***alid. You can find your API key at {OPENAI_KEYS}.",
        key="sk-mock-invalid",
    ),
    "a wrong key at DeepSeek": Refusal(
        "deepseek-like",
        openai.AuthenticationError,
        401,
        "Authentication Fails, Your api key: ****alid is invalid",
        key="sk-mock-invalid",
    ),
    "no balance at OpenAI": Refusal(
        "openai",
        openai.RateLimitError,
        429,
        "You exceeded your current quota, please check your plan and billing details. For more information on this "
        "error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
        key="sk-mock-no-balance",
    ),
    "no balance at DeepSeek": Refusal(
        "deepseek-like", openai.APIStatusError, 402, "Insufficient Balance", key="sk-mock-no-balance"
    ),
    "an unknown model at OpenAI": Refusal(
        "openai",
        openai.NotFoundError,
        404,
        "The model `gqt-4o` does not exist or you do not have access to it.",
        {"model": "gqt-4o"},
    ),
    "an unknown model at DeepSeek": Refusal(
        "deepseek-like", openai.BadRequestError, 400, "Model Not Exist", {"model": "gpt-4o"}
    ),
    "a wrong path at OpenAI": Refusal(
        "openai", openai.NotFoundError, 404, "Invalid URL (POST /v2/chat/completions)", path="/v2"
    ),
    "a wrong path at DeepSeek": Refusal(
        "deepseek-like",
        openai.NotFoundError,
        404,
        "Not Found. Please check the configuration.",
        path="/v2",
        where="error_msg",
    ),
    "a schema at DeepSeek": Refusal(
        "deepseek-like",
        openai.BadRequestError,
        400,
        "This response_format type is unavailable now",
        {"response_format": IN_A_SCHEMA},
    ),
    "a forced tool while DeepSeek thinks": Refusal(
        "deepseek-like",
        openai.BadRequestError,
        400,
        "Thinking mode does not support this tool_choice",
        {"model": "deepseek-reasoner", "tools": TOOLS, "tool_choice": "required"},
    ),
    "reasoning that is not passed back to DeepSeek": Refusal(
        "deepseek-like",
        openai.BadRequestError,
        400,
        "The `reasoning_content` in the thinking mode must be passed back to the API.",
        {"model": "deepseek-reasoner", "tools": TOOLS, "messages": TURN_WITHOUT_REASONING},
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_the_error_that_the_provider_raises_in_the_sdk(
    name: str, how: str, sdk: type[Sdk], provider: Callable[[str], str]
) -> None:
    refusal = REFUSALS[name]
    client = sdk(provider(refusal.profile) + refusal.path, refusal.key)
    with pytest.raises(refusal.error) as caught:
        complete(client, how, {**asked(refusal.profile), **refusal.request})
    error = caught.value
    assert isinstance(error.body, dict)
    assert (type(error), error.status_code, error.body[refusal.where]) == (refusal.error, refusal.status, refusal.says)


QUESTIONS: dict[str, tuple[str, Asked]] = {
    "a text": ("openai", asked("openai")),
    "tool calls": ("openai", asked("openai", WEATHER_AND_TIME, tools=TOOLS)),
    "a schema": ("openai", asked("openai", response_format=IN_A_SCHEMA)),
    "reasoning": ("deepseek-like", REASONED),
    "reasoning and a tool call": (
        "deepseek-like",
        asked("deepseek-like", WEATHER, model="deepseek-reasoner", tools=TOOLS),
    ),
    "a refusal": ("deepseek-like", asked("deepseek-like", response_format=IN_A_SCHEMA)),
}
METHODS = ["plain", "chunks", "streamed", "raw", "raw_stream"]


@pytest.fixture
def key() -> str:
    """A key of the test's own: the upstream's journal tells by it who has asked."""
    return f"sk-mock-{uuid.uuid4().hex}"


def heard(sdk: Sdk, request: Asked) -> dict[str, object]:
    """All that the SDK returns or raises, asked in each of its ways."""
    return {method: _answer(sdk, method, request) for method in METHODS}


def _answer(sdk: Sdk, method: str, request: Asked) -> object:
    try:
        return _data(getattr(sdk, method)(**request))
    except openai.APIStatusError as refused:
        return type(refused), dict(refused.response.headers), refused.response.content, refused.body


def _data(answer: object) -> object:
    match answer:
        case list():
            return [_data(item) for item in answer]
        case BaseModel():
            return answer.model_dump(exclude_unset=True)
        case _:
            return answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_sdk_returns_the_same_directly_and_recorded_and_replayed(
    question: str,
    sdk: type[Sdk],
    api: Callable[[str], str],
    recorder: tuple[Recorder, ExitStack],
    replayer: Callable[..., str],
) -> None:
    name, request = QUESTIONS[question]
    upstream = api(name)
    start, running = recorder
    direct = heard(sdk(upstream), request)
    recorded = heard(sdk(start(upstream.removesuffix("/v1")) + "/v1"), request)
    running.close()
    replayed = heard(sdk(replayer() + "/v1"), request)
    assert recorded == direct
    assert replayed == direct


def test_an_agent_loop_is_replayed_from_its_first_turn_to_its_last(
    profile: str,
    how: str,
    sdk: type[Sdk],
    provider: Callable[[str], str],
    recorder: tuple[Recorder, ExitStack],
    replayer: Callable[..., str],
) -> None:
    start, running = recorder
    request = asked(profile, WEATHER, tools=TOOLS)
    recorded = loop(sdk(start(provider(profile)) + "/v1"), how, request)
    running.close()
    assert loop(sdk(replayer() + "/v1"), how, request) == recorded


def requests_of(url: str, key: str) -> int:
    """How many requests with this key a server has had, by its own count."""
    with httpx.Client() as client:
        return len(client.get(f"{url}/-/journal", params={"key": key}).json()["entries"])


def test_the_upstream_is_asked_once_to_record_a_request_and_never_to_replay_it(
    profile: str, sdk: type[Sdk], key: str, provider: Callable[[str], str], recorder: tuple[Recorder, ExitStack]
) -> None:
    start, running = recorder
    upstream = provider(profile)
    heard(sdk(start(upstream) + "/v1", key), asked(profile))
    running.close()
    while_recording = requests_of(upstream, key)
    heard(sdk(start(upstream, mode=Mode.NEW_EPISODES) + "/v1", key), asked(profile))
    assert (while_recording, requests_of(upstream, key)) == (len(METHODS), len(METHODS))


def test_what_was_not_recorded_is_refused_as_a_miss_and_not_asked_again(
    profile: str,
    sdk: type[Sdk],
    key: str,
    provider: Callable[[str], str],
    recorder: tuple[Recorder, ExitStack],
    replayer: Callable[..., str],
) -> None:
    start, running = recorder
    sdk(start(provider(profile)) + "/v1").plain(**asked(profile))
    running.close()
    replay = replayer()
    with pytest.raises(openai.APIStatusError) as caught:
        sdk(replay + "/v1", key, retries=2).plain(**asked(profile, "Say something else"))
    assert (caught.value.code, requests_of(replay, key)) == ("cassette_miss", 1)
