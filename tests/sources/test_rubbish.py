"""Whatever stands wherever in a request, there is an answer: a good one, or a refusal in the provider's envelope."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.profiles.loading import BASELINE, load
from mockprovider.sources.synthesize import Synthesize
from mockprovider.tape import Tape
from tests.sources.asking import CHAT, RESPONSES, Client, bytes_of, status_of
from tests.strategies import json_scalars, json_schemas, json_values, law, surrogate_texts

Way = tuple[str | int, ...]

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "a": {"type": "string", "enum": ["x"]},
        "b": {"type": "array", "items": {"$ref": "#/$defs/c"}},
        "d": {"anyOf": [{"type": "integer", "minimum": 1, "multipleOf": 2}, {"type": "null"}]},
    },
    "required": ["a", "b", "d"],
    "additionalProperties": False,
    "$defs": {"c": {"type": ["number", "null"]}},
}
MESSAGES: list[dict[str, Any]] = [
    {"role": "system", "content": "Answer in json."},
    {
        "role": "user",
        "name": "n",
        "content": [
            {"type": "text", "text": "The weather in Paris and London?"},
            {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
        ],
    },
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}},
            {"id": "call_2", "type": "custom", "custom": {"name": "shell", "input": "ls"}},
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": "Sunny"},
    {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "a.txt"}]},
    {"role": "assistant", "content": "Sunny.", "refusal": None},
    {"role": "user", "content": "And the weather tomorrow?"},
]
GRAMMAR = {"type": "grammar", "grammar": {"syntax": "regex", "definition": "[a-z]+"}}
TOOLS: list[dict[str, Any]] = [
    {"type": "function", "function": {"name": "weather", "description": "d", "parameters": SCHEMA, "strict": True}},
    {"type": "custom", "custom": {"name": "shell", "description": "d", "format": GRAMMAR}},
]
CHAT_BODY: dict[str, Any] = {
    "model": "gpt-4o",
    "messages": MESSAGES,
    "tools": TOOLS,
    "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [TOOLS[0]]}},
    "parallel_tool_calls": True,
    "response_format": {"type": "json_schema", "json_schema": {"name": "r", "schema": SCHEMA, "strict": True}},
    "metadata": {"a": "b"},
    "store": True,
    "stream": True,
    "stream_options": {"include_usage": True, "include_obfuscation": False},
    "n": 2,
    "stop": ["a"],
    "max_tokens": 100,
    "temperature": 1,
    "top_p": 1,
    "presence_penalty": 0,
    "logit_bias": {"1": 2},
    "logprobs": True,
    "top_logprobs": 2,
    "prediction": {"type": "content", "content": "a"},
    "seed": 1,
    "user": "u",
    "service_tier": "auto",
}
RESPONSE_BODY: dict[str, Any] = {
    "model": "gpt-4o",
    "input": [
        {"role": "user", "content": [{"type": "input_text", "text": "Hi"}, {"type": "input_image", "image_url": "x"}]},
        {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "1"},
        {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]},
        {"type": "custom_tool_call", "call_id": "call_2", "name": "shell", "input": "ls"},
        {"type": "custom_tool_call_output", "call_id": "call_2", "output": [{"type": "input_text", "text": "b"}]},
        {"role": "developer", "content": "json"},
        {"role": "user", "content": "The weather?"},
    ],
    "instructions": "i",
    "tools": [
        {"type": "function", "name": "weather", "description": "d", "parameters": SCHEMA, "strict": True},
        {"type": "custom", "name": "shell", "format": {"type": "text"}},
        {"type": "web_search"},
    ],
    "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "weather"}]},
    "text": {"format": {"type": "json_schema", "name": "r", "schema": SCHEMA, "strict": True}, "verbosity": "low"},
    "metadata": {"a": "b"},
    "reasoning": None,
    "include": ["message.output_text.logprobs"],
    "top_logprobs": 1,
    "store": True,
    "stream": False,
    "background": False,
    "previous_response_id": None,
    "conversation": None,
    "max_output_tokens": 100,
    "max_tool_calls": 3,
    "truncation": "auto",
    "context_management": [{"type": "x"}],
    "prompt_cache_options": {"ttl": "30m"},
}
HELLO = {"messages": [{"role": "user", "content": "Hello"}]}

BODIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "chat": (BASELINE, CHAT, CHAT_BODY),
    "chat in short": (BASELINE, CHAT, {"model": "gpt-4o", **HELLO}),
    "chat with functions": (
        BASELINE,
        CHAT,
        {
            "model": "gpt-4o",
            **HELLO,
            "functions": [{"name": "f", "parameters": SCHEMA}],
            "function_call": {"name": "f"},
        },
    ),
    "chat that reasons": (
        BASELINE,
        CHAT,
        {"model": "gpt-5", **HELLO, "reasoning_effort": "low", "verbosity": "low", "max_completion_tokens": 100},
    ),
    "chat in sound": (
        BASELINE,
        CHAT,
        {"model": "gpt-audio", **HELLO, "modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}},
    ),
    "chat elsewhere": (
        "deepseek-like",
        CHAT,
        {
            **CHAT_BODY,
            **HELLO,
            "model": "deepseek-chat",
            "thinking": {"type": "disabled"},
            "response_format": {"type": "text"},
        },
    ),
    "a response": (BASELINE, RESPONSES, RESPONSE_BODY),
    "a response, streamed": (BASELINE, RESPONSES, {**RESPONSE_BODY, "stream": True}),
    "a response in the background": (BASELINE, RESPONSES, {**RESPONSE_BODY, "background": True}),
    "a response that reasons": (
        BASELINE,
        RESPONSES,
        {
            "model": "gpt-5",
            "input": "Hello",
            "reasoning": {"effort": "low", "summary": "auto"},
            "include": ["reasoning.encrypted_content"],
        },
    ),
    "a response's tokens": (BASELINE, f"{RESPONSES}/input_tokens", RESPONSE_BODY),
    "a completion": (
        BASELINE,
        "/v1/completions",
        {
            "model": "gpt-3.5-turbo-instruct",
            "prompt": ["a", "b"],
            "n": 2,
            "echo": True,
            "logprobs": 2,
            "max_tokens": 9,
            "stop": ["x"],
            "suffix": "s",
            "stream": True,
            "stream_options": {"include_usage": True},
        },
    ),
    "embeddings": (
        BASELINE,
        "/v1/embeddings",
        {"model": "text-embedding-3-small", "input": ["a", "b"], "dimensions": 3, "encoding_format": "float"},
    ),
    "a moderation": (
        BASELINE,
        "/v1/moderations",
        {"input": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "x"}}]},
    ),
}
"""A profile, a path, and a request that has a bit of everything."""

SOURCES = {name: Synthesize(load(name)) for name in (BASELINE, "deepseek-like")}


def places(value: Any, way: Way = ()) -> Iterator[Way]:
    """The ways to all that stands in a value, and to a key more in each of its objects."""
    yield way
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*way, key))
        yield (*way, "zzz")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from places(item, (*way, number))


def put(value: Any, way: Way, new: Any) -> Any:
    """A copy of a value with something else in one place."""
    if not way:
        return new
    first, *rest = way
    if isinstance(value, list):
        return [put(item, tuple(rest), new) if number == first else item for number, item in enumerate(value)]
    return {**value, first: put(value.get(first), tuple(rest), new)}


def no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def sound(tape: Tape) -> bool:
    """Whether an answer is one that a provider gives."""
    status, data = status_of(tape), bytes_of(tape)
    if data.startswith((b"data: ", b"event: ")):
        lines = [line[6:] for line in data.split(b"\n") if line.startswith(b"data: {")]
        return status == 200 and all(isinstance(json.loads(line, parse_constant=no_constant), dict) for line in lines)
    answer = json.loads(data, parse_constant=no_constant)
    return status == 200 or (status in (400, 403, 404) and set(answer["error"]) == {"message", "type", "param", "code"})


def answer(name: str, body: Any) -> Tape:
    profile, path, _ = BODIES[name]
    return Client(SOURCES[profile]).tape(path, body)


everywhere = st.sampled_from([(name, way) for name, (_, _, body) in BODIES.items() for way in places(body)])


@law(400)
@given(everywhere, json_values | json_scalars | surrogate_texts | json_schemas)
def test_whatever_stands_in_a_place_there_is_an_answer(where: tuple[str, Way], value: Any) -> None:
    name, way = where
    assert sound(answer(name, put(BODIES[name][2], way, value)))


@law(100)
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_whatever_stands_in_several_places_there_is_an_answer(name: str, data: st.DataObject) -> None:
    body = BODIES[name][2]
    fields = data.draw(st.dictionaries(st.sampled_from(sorted(body)), json_values | surrogate_texts, max_size=4))
    assert sound(answer(name, {**body, **fields}))


def chain(depth: int, form: str) -> str:
    """JSON text that nests."""
    before, after = form.split("@")
    return before * depth + "1" + after * depth


ODD: Mapping[str, str] = {
    "null": "null",
    "true": "true",
    "an empty text": '""',
    "a long text": json.dumps("x" * 100_000),
    "a form": '"$model ${tool_number} $alnum9"',
    "half a character": '"\\ud83d"',
    "a null character": '"\\u0000"',
    "a huge number": f"{10**400}",
    "a huge negative number": f"-{10**400}",
    "the longest number that Python reads": "9" * 4300,
    "a longer number": "9" * 4301,
    "a float beyond all": "1e400",
    "a tiny float": "1e-400",
    "NaN": "NaN",
    "-0.0": "-0.0",
    "an empty list": "[]",
    "an empty object": "{}",
    "a list of everything": '[null, true, 1, "a", [], {}]',
    "unhashable": '{"type": [], "role": {}, "name": [], "id": {}, "call_id": []}',
    "a type that is none": '{"type": "bogus", "role": "bogus"}',
    "a key twice": '{"type": "a", "type": "b"}',
    "a schema that is its own part": '{"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}',
    "a schema of itself": '{"$ref": "#"}',
    "a schema with huge bounds": f'{{"type": "number", "minimum": {10**400}, "multipleOf": {10**400}}}',
    "a schema with a fine grid": '{"type": "number", "minimum": 9e299, "multipleOf": 2e-9}',
    "a schema with long texts": '{"type": "array", "minItems": 999999999, "items": {"minLength": 999999999}}',
    "a schema with a slow pattern": '{"type": "string", "pattern": "(a+)+$"}',
    "a schema that is odd": '{"type": ["object"], "properties": [], "required": [[], {}], "enum": {}, "anyOf": {}}',
    "nested 100 deep": chain(100, '{"a":@}'),
    "nested 400 deep": chain(400, "[@]"),
    "nested 960 deep": chain(960, "[@]"),
    "nested 1,000 deep": chain(1000, '{"a":@}'),
    "nested 100,000 deep": chain(100_000, "[@]"),
    "a schema nested 200 deep": chain(200, '{"type":"object","properties":{"a":@}}'),
    "a schema nested 490 deep": chain(490, '{"type":"object","properties":{"a":@}}'),
    "an array nested 200 deep": chain(200, '{"type":"array","items":@}'),
}
"""Values as they are written."""

MARK = "stands here"
NAMED: dict[str, list[Way]] = {
    "chat": [
        ("model",),
        ("messages",),
        ("messages", 0),
        ("messages", 0, "role"),
        ("messages", 0, "content"),
        ("messages", 1, "content", 0),
        ("messages", 1, "content", 1, "image_url"),
        ("messages", 2, "tool_calls", 0),
        ("messages", 3, "tool_call_id"),
        ("tools", 0),
        ("tools", 0, "function", "parameters"),
        ("tools", 0, "function", "parameters", "properties", "a"),
        ("tools", 1, "custom", "format"),
        ("tool_choice",),
        ("response_format",),
        ("response_format", "json_schema", "schema"),
        ("response_format", "json_schema", "schema", "properties", "a"),
        ("metadata",),
        ("metadata", "a"),
        ("prediction", "content"),
        ("logit_bias",),
        ("stop",),
        ("max_tokens",),
        ("seed",),
        ("zzz",),
    ],
    "chat in sound": [("modalities",), ("audio",), ("audio", "format")],
    "chat that reasons": [("reasoning_effort",), ("max_completion_tokens",)],
    "chat elsewhere": [("messages", 0, "content"), ("thinking",), ("tools", 0, "function", "parameters"), ("stop",)],
    "a response, streamed": [
        ("model",),
        ("input",),
        ("input", 0),
        ("input", 0, "content", 0),
        ("input", 1, "call_id"),
        ("input", 5, "output"),
        ("tools", 0, "parameters"),
        ("tools", 0, "parameters", "properties", "a"),
        ("tools", 2, "zzz"),
        ("text", "format"),
        ("text", "format", "schema", "properties", "a"),
        ("tool_choice",),
        ("metadata",),
        ("previous_response_id",),
        ("conversation",),
        ("context_management", 0),
        ("instructions",),
        ("max_output_tokens",),
    ],
    "a response that reasons": [("reasoning",), ("reasoning", "effort"), ("include", 0)],
    "a response's tokens": [("model",), ("input",), ("previous_response_id",), ("include",), ("tools", 0), ("zzz",)],
    "a completion": [("prompt",), ("prompt", 0), ("max_tokens",), ("stop",), ("logprobs",), ("suffix",)],
    "embeddings": [("input",), ("input", 0), ("dimensions",), ("encoding_format",)],
    "a moderation": [("input",), ("input", 0), ("model",)],
}
"""The places where people put what nobody thought of."""


@pytest.mark.parametrize(("name", "way"), [(name, way) for name, ways in NAMED.items() for way in ways])
def test_whatever_is_odd_in_a_place_there_is_an_answer(name: str, way: Way) -> None:
    text = json.dumps(put(BODIES[name][2], way, MARK))
    unsound = [odd for odd, value in ODD.items() if not sound(answer(name, text.replace(f'"{MARK}"', value).encode()))]
    assert unsound == []


@pytest.mark.parametrize("name", BODIES)
def test_each_of_these_requests_is_answered_as_it_stands(name: str) -> None:
    tape = answer(name, BODIES[name][2])
    assert (status_of(tape), sound(tape)) == (200, True)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("path", [f"{CHAT}/{{}}", f"{RESPONSES}/{{}}/cancel"])
def test_whatever_is_posted_to_what_is_kept_there_is_an_answer(path: str, odd: str) -> None:
    client = Client(SOURCES[BASELINE], f"sk-mock-rubbish-{odd}")
    kept = {
        CHAT: client.made(CHAT, model="gpt-4o", **HELLO, store=True)["id"],
        RESPONSES: client.made(RESPONSES, model="gpt-4o", input="Hello", background=True)["id"],
    }
    ident = kept[path.partition("/{}")[0]]
    assert sound(client.tape(path.format(ident), f'{{"metadata": {ODD[odd]}}}'.encode()))
    assert sound(client.tape(path.format(ident), ODD[odd].encode()))
    assert client.ask(path.format(ident).removesuffix("/cancel"), method="GET")[0] == 200


@law(100)
@given(
    st.sampled_from([CHAT, RESPONSES, f"{RESPONSES}/input_tokens"]),
    st.sampled_from(["GET", "POST", "DELETE", "PUT"]),
    st.lists(st.text(st.characters(categories=["L", "N", "P"], max_codepoint=255), max_size=8), max_size=3),
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=30),
)
def test_whatever_is_asked_of_what_is_kept_there_is_an_answer(
    path: str, method: str, rest: list[str], query: str
) -> None:
    target = "/".join([path, *(part.replace("?", "") for part in rest)])
    assert sound(Client(SOURCES[BASELINE]).tape(f"{target}?{query}", b"{}", method))
