"""What LiteLLM says. Each function takes its key, and the base URLs of OpenAI and of DeepSeek."""

import asyncio
import json
from typing import Any, Literal

import litellm
from pydantic import BaseModel

litellm.suppress_debug_info = True

MODEL = "openai/gpt-4o-mini"
HELLO = [{"role": "user", "content": "Say hello"}]
WEATHER = "What is the weather in Paris?"
WHY = [{"role": "user", "content": "Why is the sky blue?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class Forecast(BaseModel):
    """What it will be like."""

    city: str
    sky: Literal["clear", "cloudy"]
    degrees: list[int]


def _complete(key: str, url: str, model: str = MODEL, **asked: Any) -> Any:
    return litellm.completion(model, **{"messages": HELLO, **asked}, api_key=key, api_base=url, num_retries=0)


def completion(key: str, url: str, _: str) -> Any:
    answer = _complete(key, url)
    return {"text": answer.choices[0].message.content, "finish": answer.choices[0].finish_reason}


def usage(key: str, url: str, _: str) -> Any:
    counts = _complete(key, url).usage
    return [counts.prompt_tokens, counts.completion_tokens, counts.total_tokens]


def streamed(key: str, url: str, _: str) -> Any:
    chunks = list(_complete(key, url, stream=True))
    built = litellm.stream_chunk_builder(chunks, messages=HELLO)
    return {"chunks": len(chunks), "text": built.choices[0].message.content, "finish": built.choices[0].finish_reason}


def streamed_usage(key: str, url: str, _: str) -> Any:
    chunks = list(_complete(key, url, stream=True, stream_options={"include_usage": True}))
    counts = chunks[-1].usage
    return [counts.prompt_tokens, counts.completion_tokens, counts.total_tokens]


def awaited(key: str, url: str, _: str) -> Any:
    async def ask() -> Any:
        return await litellm.acompletion(MODEL, messages=HELLO, api_key=key, api_base=url, num_retries=0)

    return asyncio.run(ask()).choices[0].message.content


def tool_loop(key: str, url: str, _: str) -> Any:
    messages: list[Any] = [{"role": "user", "content": WEATHER}]
    called = list[Any]()
    while True:
        said = _complete(key, url, messages=messages, tools=[TOOL]).choices[0].message
        if not said.tool_calls:
            return {"called": called, "text": said.content}
        messages.append(said)
        for call in said.tool_calls:
            called.append([call.function.name, json.loads(call.function.arguments)])
            messages.append({"role": "tool", "tool_call_id": call.id, "content": "17 degrees"})


def streamed_tool(key: str, url: str, _: str) -> Any:
    chunks = list(_complete(key, url, messages=[{"role": "user", "content": WEATHER}], tools=[TOOL], stream=True))
    (call,) = litellm.stream_chunk_builder(chunks).choices[0].message.tool_calls
    return [call.function.name, json.loads(call.function.arguments)]


def structured(key: str, url: str, _: str) -> Any:
    text = _complete(key, url, response_format=Forecast).choices[0].message.content
    return Forecast.model_validate_json(text).sky


def embedding(key: str, url: str, _: str) -> Any:
    answer = litellm.embedding("openai/text-embedding-3-small", input=["one", "two"], api_key=key, api_base=url)
    return [len(each["embedding"]) for each in answer.data]


def responses(key: str, url: str, _: str) -> Any:
    answer = litellm.responses(input="Say hello", model=MODEL, api_key=key, api_base=url)
    return {"text": answer.output[0].content[0].text, "status": answer.status}


def responses_streamed(key: str, url: str, _: str) -> Any:
    events = list(litellm.responses(input="Say hello", model=MODEL, api_key=key, api_base=url, stream=True))
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    return {"text": "".join(deltas), "completed": events[-1].type == "response.completed"}


def responses_follow(key: str, url: str, _: str) -> Any:
    first = litellm.responses(input="Say hello", model=MODEL, api_key=key, api_base=url)
    more = litellm.responses(input="And now?", model=MODEL, api_key=key, api_base=url, previous_response_id=first.id)
    return more.output[0].content[0].text


def unknown_model(key: str, url: str, _: str) -> Any:
    try:
        _complete(key, url, "openai/gqt-4o")
    except litellm.NotFoundError as refused:
        return refused.status_code


def bad_parameter(key: str, url: str, _: str) -> Any:
    try:
        _complete(key, url, temperature=3)
    except litellm.BadRequestError as refused:
        return str(refused)


def reasoning(key: str, _: str, url: str) -> Any:
    said = _complete(key, url, "openai/deepseek-reasoner", messages=WHY).choices[0].message
    return {"reasoning": said.reasoning_content, "text": said.content}


def streamed_reasoning(key: str, _: str, url: str) -> Any:
    chunks = list(_complete(key, url, "openai/deepseek-reasoner", messages=WHY, stream=True))
    said = litellm.stream_chunk_builder(chunks).choices[0].message
    return {"reasoning": said.reasoning_content, "text": said.content}


def deepseek(key: str, _: str, url: str) -> Any:
    said = _complete(key, url, "deepseek/deepseek-reasoner", messages=WHY).choices[0].message
    return {"reasoning": said.reasoning_content, "text": said.content}


def deepseek_tool_loop(key: str, _: str, url: str) -> Any:
    messages: list[Any] = [{"role": "user", "content": WEATHER}]
    for turn in range(5):
        answer = _complete(key, url, "deepseek/deepseek-reasoner", messages=messages, tools=[TOOL])
        said = answer.choices[0].message
        if not said.tool_calls:
            return {"turns": turn, "text": said.content}
        messages.append(said)
        messages += [{"role": "tool", "tool_call_id": call.id, "content": "17 degrees"} for call in said.tool_calls]
    return None
