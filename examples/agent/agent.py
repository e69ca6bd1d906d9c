"""An agent with two tools that runs with any provider: agent.py MODEL QUESTION.

OPENAI_BASE_URL and OPENAI_API_KEY say where the model is. What providers do differently is taken care of in `listen`.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from openai import OpenAI
from openai.types.chat import ChatCompletionChunk

TOOLS: Mapping[str, Callable[..., str]] = {
    "get_weather": lambda city: f"17 degrees in {city}",
    "get_population": lambda city: f"two million people live in {city}",
}


def described(name: str) -> Any:
    """A tool, as the model is told of it."""
    parameters = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    what = name.replace("_", " ").capitalize()
    return {
        "type": "function",
        "function": {"name": name, "description": f"{what} of a city", "parameters": parameters},
    }


def listen(stream: Iterable[ChatCompletionChunk]) -> dict[str, Any]:
    """The message that a stream tells, with what has to be sent back of it."""
    message: dict[str, Any] = {"role": "assistant", "content": ""}
    calls: list[Any] = []
    begun: dict[int, Any] = {}
    for chunk in stream:
        if not chunk.choices:  # Azure: what its filter says of the prompt
            continue
        delta = chunk.choices[0].delta
        content: Any = delta.content or ""
        if not isinstance(content, str):  # Mistral: a list, of which the thinking is not for the user
            content = "".join(part["text"] for part in content if part["type"] == "text")
        message["content"] += content
        if reasoning := (delta.model_extra or {}).get("reasoning_content"):  # DeepSeek wants it back
            message["reasoning_content"] = message.get("reasoning_content", "") + reasoning
        for part in delta.tool_calls or ():
            call = begun.get(part.index)
            if call is None or part.id not in (None, "", call["id"]):  # Gemini: another call with the same index
                call = {"id": part.id, "type": "function", "function": {"name": "", "arguments": ""}}
                begun[part.index] = call
                calls.append(call)
            if part.function:
                call["function"]["name"] = part.function.name or call["function"]["name"]
                call["function"]["arguments"] += part.function.arguments or ""
    return {**message, "tool_calls": calls} if calls else message


def main(model: str, question: str) -> None:
    """Let the model call tools until it answers."""
    messages: list[Any] = [{"role": "user", "content": question}]
    tools = list(map(described, TOOLS))
    with OpenAI(max_retries=0) as client:
        while True:
            stream = client.chat.completions.create(model=model, messages=messages, tools=tools, stream=True)
            message = listen(stream)
            if "tool_calls" not in message:
                print(message["content"])
                return
            messages.append(message)
            for call in message["tool_calls"]:
                result = TOOLS[call["function"]["name"]](**json.loads(call["function"]["arguments"]))
                print(f"{call['function']['name']}: {result}")
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
