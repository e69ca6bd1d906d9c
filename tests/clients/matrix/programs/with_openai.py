"""What openai-python makes of each profile."""

from typing import Any

import openai
from openai.types.chat import ChatCompletionMessage

from tests.clients.matrix.programs.asking import FORECAST, HELLO, NO_TLS, Forecast, Way, loop, said

TRANSPORT = openai.DefaultHttpxClient(verify=NO_TLS)


def completions(way: Way) -> Any:
    client = openai.OpenAI(base_url=way.base_url, api_key=way.key, max_retries=0, http_client=TRANSPORT)
    return client.chat.completions


def whole(way: Way, messages: list[Any], **more: Any) -> Any:
    return completions(way).create(model=way.model, messages=messages, **more).choices[0].message


def pieces(way: Way, messages: list[Any], **more: Any) -> Any:
    for chunk in completions(way).create(model=way.model, messages=messages, stream=True, **more):
        for choice in chunk.choices:
            yield choice.delta


def thoughts(part: Any) -> Any:
    """Where this client has them: it does not know them, and keeps what it does not know."""
    return getattr(part, "reasoning_content", None) or getattr(part, "reasoning", None)


def chat(way: Way) -> Any:
    return {"text": whole(way, said(HELLO)).content}


def stream(way: Way) -> Any:
    texts = [delta.content for delta in pieces(way, said(HELLO)) if delta.content]
    return {"text": "".join(texts), "pieces": len(texts)}


def tools(way: Way) -> Any:
    return loop(way, whole)


def tools_streamed(way: Way) -> Any:
    return loop(way, streamed)


def streamed(way: Way, messages: list[Any], **more: Any) -> Any:
    """A message from its pieces: the calls are put together by their index, as the client's own examples do."""
    calls, text, thought = dict[int, Any](), "", ""
    for delta in pieces(way, messages, **more):
        text += delta.content or ""
        thought += getattr(delta, "reasoning_content", None) or ""
        for call in delta.tool_calls or []:
            if call.index in calls:
                calls[call.index].function.arguments += call.function.arguments
            else:
                calls[call.index] = call
    made: Any = {"role": "assistant", "content": text, "tool_calls": [call.model_dump() for call in calls.values()]}
    if thought:
        made["reasoning_content"] = thought
    return ChatCompletionMessage(**made)


def structured(way: Way) -> Any:
    answer = completions(way).parse(model=way.model, messages=said(FORECAST), response_format=Forecast)
    parsed = answer.choices[0].message.parsed
    return {"object": parsed and parsed.model_dump()}


def reasoning(way: Way) -> Any:
    message = whole(way.that_thinks(), said(HELLO))
    return {"reasoning": thoughts(message), "text": message.content}


def reasoning_streamed(way: Way) -> Any:
    thought, text = list[str](), list[str]()
    for delta in pieces(way.that_thinks(), said(HELLO)):
        thought.append(thoughts(delta) or "")
        text.append(delta.content or "")
    return {"reasoning": "".join(thought), "text": "".join(text)}
