"""Each refusal is the exception that openai-python has for it, with its code and its parameter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import openai
import pytest
from openai import OpenAI

from tests.clients.conftest import Clients

HELLO: dict[str, Any] = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello"}]}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}


@dataclass(frozen=True)
class Refusal:
    """What the SDK raises."""

    kind: type[openai.APIStatusError]
    status: int
    code: str | None
    param: str | None


def bad(code: str | None, param: str | None) -> Refusal:
    return Refusal(openai.BadRequestError, 400, code, param)


REFUSED: dict[str, tuple[dict[str, Any], Refusal]] = {
    "an unknown parameter": (
        {"model": "gpt-5", "extra_body": {"temprature": 1}},
        bad("unknown_parameter", "temprature"),
    ),
    "an unknown parameter of an older model": ({"extra_body": {"temprature": 1}}, bad(None, None)),
    "a value that is too large": ({"temperature": 3}, bad("decimal_above_max_value", "temperature")),
    "a value of another type": ({"n": "2"}, bad("invalid_type", "n")),
    "a value that nobody knows": ({"response_format": {"type": "xml"}}, bad("invalid_value", "response_format.type")),
    "no messages": ({"messages": []}, bad("empty_array", "messages")),
    "a role that there is not": (
        {"messages": [{"role": "robot", "content": "a"}]},
        bad("invalid_value", "messages[0].role"),
    ),
    "a call without a result": (
        {
            "messages": [
                {"role": "user", "content": "a"},
                {
                    "role": "assistant",
                    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
                },
                {"role": "user", "content": "b"},
            ]
        },
        bad(None, "messages.[2].role"),
    ),
    "a model that there is not": ({"model": "gqt-4o"}, Refusal(openai.NotFoundError, 404, "model_not_found", None)),
    "a model that does not chat": (
        {"model": "text-embedding-3-small"},
        Refusal(openai.PermissionDeniedError, 403, None, None),
    ),
    "a model of completions": (
        {"model": "gpt-3.5-turbo-instruct"},
        Refusal(openai.NotFoundError, 404, None, "model"),
    ),
    "a parameter that a model refuses": (
        {"model": "gpt-5", "max_tokens": 5},
        bad("unsupported_parameter", "max_tokens"),
    ),
    "a value that a model refuses": ({"model": "gpt-5", "temperature": 0.5}, bad("unsupported_value", "temperature")),
    "a choice without tools": ({"tool_choice": "required"}, bad(None, "tool_choice")),
    "a tool that there is not": (
        {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "g"}}},
        bad(None, "function_call"),
    ),
    "JSON without the word": ({"response_format": {"type": "json_object"}}, bad(None, "messages")),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
def test_a_refusal_has_its_class_its_code_and_its_parameter(name: str, stream: bool, client: Clients) -> None:
    asked, refusal = REFUSED[name]
    with pytest.raises(openai.APIStatusError) as caught:
        client().chat.completions.create(**{**HELLO, **asked, "stream": stream})
    error = caught.value
    assert Refusal(type(error), error.status_code, error.code, error.param) == refusal


KEYS = {
    "sk-mock-invalid": Refusal(openai.AuthenticationError, 401, "invalid_api_key", None),
    "sk-mock-no-balance": Refusal(openai.RateLimitError, 429, "insufficient_quota", None),
    "sk-mock-rate-limited": Refusal(openai.RateLimitError, 429, "rate_limit_exceeded", None),
    "sk-mock-overloaded": Refusal(openai.InternalServerError, 503, None, None),
}

ENDPOINTS: dict[str, Callable[[OpenAI], object]] = {
    "chat": lambda ask: ask.chat.completions.create(**HELLO),
    "responses": lambda ask: ask.responses.create(model="gpt-4o-mini", input="Say hello"),
    "embeddings": lambda ask: ask.embeddings.create(model="text-embedding-3-small", input="a"),
    "models": lambda ask: ask.models.list(),
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_special_key_is_refused_wherever_it_is_used(key: str, endpoint: str, client: Clients) -> None:
    ask = client(key=key)
    with pytest.raises(openai.APIStatusError) as caught:
        ENDPOINTS[endpoint](ask)
    error = caught.value
    assert Refusal(type(error), error.status_code, error.code, error.param) == KEYS[key]


RESPONSES: dict[str, tuple[dict[str, Any], Refusal]] = {
    "a parameter of chat completions": ({"messages": []}, bad("unsupported_parameter", None)),
    "an unknown parameter": ({"n": 2}, bad("unknown_parameter", "n")),
    "an output without its call": (
        {"input": [{"type": "function_call_output", "call_id": "call_none", "output": "a"}]},
        bad(None, "input"),
    ),
    "a model that there is not": ({"model": "gqt-4o"}, bad("model_not_found", "model")),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_that_is_refused_has_its_class_its_code_and_its_parameter(name: str, client: Clients) -> None:
    asked, refusal = RESPONSES[name]
    with pytest.raises(openai.APIStatusError) as caught:
        client().responses.create(model="gpt-4o-mini", input="Say hello", extra_body=asked)
    error = caught.value
    assert Refusal(type(error), error.status_code, error.code, error.param) == refusal
