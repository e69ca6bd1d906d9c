"""What LiteLLM says of providers that it knows by a prefix. A function takes its key, and the base URLs of `WAYS`."""

import functools
import json
from collections.abc import Callable
from typing import Any

import litellm

litellm.suppress_debug_info = True
litellm.disable_hf_tokenizer_download = True  # it would count tokens with the models' own tokenizers

WAYS = {
    "deepseek": ("deepseek/deepseek-chat", "deepseek/deepseek-reasoner"),
    "groq": ("groq/llama-3.3-70b-versatile", "groq/openai/gpt-oss-120b"),
    "mistral": ("mistral/mistral-large-2512", "mistral/magistral-medium-latest"),
    "xai": ("xai/grok-4.20-non-reasoning", "xai/grok-3-mini"),
    "openrouter": ("openrouter/openai/gpt-4o-mini", "openrouter/anthropic/claude-opus-5"),
    "together": ("together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo", "together_ai/openai/gpt-oss-120b"),
    "cerebras": ("cerebras/gemma-4-31b", "cerebras/gpt-oss-120b"),
    "qwen": ("dashscope/qwen3-coder-plus", "dashscope/qwen3.7-plus"),
    "glm": ("zai/glm-4-plus", "zai/glm-5.3"),
    "kimi": ("moonshot/kimi-k2.5", "moonshot/kimi-k2.7-code"),
    "fireworks": (
        "fireworks_ai/accounts/fireworks/models/llama-v3p3-70b-instruct",
        "fireworks_ai/accounts/fireworks/models/gpt-oss-120b",
    ),
}
"""A model that answers at once and one that thinks, for each provider, in the order of the URLs."""

HELLO = [{"role": "user", "content": "Say hello"}]
WEATHER = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def _whole(ask: Callable[..., Any], messages: list[Any], **more: Any) -> Any:
    return ask(messages=messages, **more).choices[0]


def _streamed(ask: Callable[..., Any], messages: list[Any], **more: Any) -> Any:
    chunks = list(ask(messages=messages, stream=True, **more))
    return litellm.stream_chunk_builder(chunks, messages=messages).choices[0]


def _text(answer: Any, ask: Callable[..., Any]) -> Any:
    said = answer(ask, HELLO)
    return [said.message.content, said.finish_reason]


def _thought(answer: Any, ask: Callable[..., Any]) -> Any:
    said = answer(ask, HELLO).message
    return [getattr(said, "reasoning_content", None), said.content]


def _loop(answer: Any, ask: Callable[..., Any]) -> Any:
    messages: list[Any] = [*WEATHER]
    called = list[Any]()
    for _ in range(5):
        said = answer(ask, messages, tools=[TOOL]).message
        if not said.tool_calls:
            return [called, said.content]
        messages.append(said)
        for call in said.tool_calls:
            called.append([call.function.name, json.loads(call.function.arguments)])
            messages.append({"role": "tool", "tool_call_id": call.id, "content": "17 degrees in Paris"})
    return None


_CLAIMS = {
    "text": (_text, _whole, 0),
    "stream": (_text, _streamed, 0),
    "loop": (_loop, _whole, 0),
    "stream_loop": (_loop, _streamed, 0),
    "reasoning": (_thought, _whole, 1),
    "stream_reasoning": (_thought, _streamed, 1),
    "reasoning_loop": (_loop, _whole, 1),
}
"""What is asked, how, and which of the models."""


def _claim(place: int, model: str, asked: Callable[..., Any], answer: Any) -> Callable[..., Any]:
    def ask(key: str, *urls: str) -> Any:
        return asked(answer, functools.partial(litellm.completion, model, api_key=key, api_base=urls[place]))

    return ask


for _place, (_name, _models) in enumerate(WAYS.items()):
    for _claimed, (_asked, _answer, _which) in _CLAIMS.items():
        globals()[f"{_claimed}-{_name}"] = _claim(_place, _models[_which], _asked, _answer)
