"""An agent that asks for the weather, and what it keeps of a message that calls a tool."""

from collections.abc import Callable
from typing import Any

from openai import OpenAI
from openai.types.chat import ChatCompletionMessage

WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def the_usual_fields(message: ChatCompletionMessage) -> Any:
    """What most agents keep. DeepSeek refuses the next request for it."""
    calls = [call.model_dump() for call in message.tool_calls or ()]
    return {"role": "assistant", "content": message.content, "tool_calls": calls}


def all_of_it(message: ChatCompletionMessage) -> Any:
    """The message as it came, `reasoning_content` too."""
    return message.model_dump(exclude_unset=True)


def ask(question: str, model: str, keep: Callable[[ChatCompletionMessage], Any]) -> str:
    """Let the model call tools until it answers. OPENAI_BASE_URL and OPENAI_API_KEY say where it is."""
    messages: list[Any] = [{"role": "user", "content": question}]
    with OpenAI(max_retries=0) as client:
        while True:
            answer = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER])
            message = answer.choices[0].message
            if not message.tool_calls:
                return message.content or ""
            messages.append(keep(message))
            messages += [
                {"role": "tool", "tool_call_id": call.id, "content": "17 degrees"} for call in message.tool_calls
            ]
