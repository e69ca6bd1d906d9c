"""What LiteLLM makes of each profile as one that is like OpenAI, and of those that it knows by a prefix."""

from typing import Any

import litellm

from tests.clients.apart.with_providers import WAYS
from tests.clients.matrix.programs.asking import FORECAST, HELLO, Forecast, Way, loop, said

litellm.suppress_debug_info = True
litellm.disable_hf_tokenizer_download = True  # it would count tokens with the models' own tokenizers

PREFIXES = {f"{name}-like": models[0].partition("/")[0] for name, models in WAYS.items()}


def whole(way: Way, messages: list[Any], **more: Any) -> Any:
    return _ask(way, messages, **more).choices[0].message


def streamed(way: Way, messages: list[Any], **more: Any) -> Any:
    chunks = list(_ask(way, messages, stream=True, **more))
    return litellm.stream_chunk_builder(chunks, messages=messages).choices[0].message


def _ask(way: Way, messages: list[Any], **more: Any) -> Any:
    prefix = "openai" if way.client == "litellm" else PREFIXES[way.profile]
    model = f"{prefix}/{way.model}"
    return litellm.completion(model, messages, api_key=way.key, api_base=way.base_url, num_retries=0, **more)


def chat(way: Way) -> Any:
    return {"text": whole(way, said(HELLO)).content}


def stream(way: Way) -> Any:
    deltas = [chunk.choices[0].delta.content for chunk in _ask(way, said(HELLO), stream=True) if chunk.choices]
    texts = [text for text in deltas if text]
    return {"text": "".join(texts), "pieces": len(texts)}


def tools(way: Way) -> Any:
    return loop(way, whole)


def tools_streamed(way: Way) -> Any:
    return loop(way, streamed)


def structured(way: Way) -> Any:
    text = whole(way, said(FORECAST), response_format=Forecast).content
    return {"object": Forecast.model_validate_json(text).model_dump()}


def thoughts(message: Any) -> Any:
    return {"reasoning": getattr(message, "reasoning_content", None), "text": message.content}


def reasoning(way: Way) -> Any:
    return thoughts(whole(way.that_thinks(), said(HELLO)))


def reasoning_streamed(way: Way) -> Any:
    return thoughts(streamed(way.that_thinks(), said(HELLO)))
