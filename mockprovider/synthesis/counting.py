"""How many tokens a request and its replies have, the same whether they are streamed or not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mockprovider.profiles.schema import Model, Tokens
from mockprovider.synthesis.asked import Asked, text_of
from mockprovider.synthesis.reply import Reply
from mockprovider.synthesis.tokens import count, pieces

_THOUGHT = 64
"""Reasoning that only the token count shows comes in multiples of this (seen with OpenAI's models)."""
_IMAGE = 85
"""What a small image counts for, says https://platform.openai.com/docs/guides/images-vision of GPT-4o."""
_THOUGHTLESS = ("none", "minimal")


def hidden_thought(asked: Asked, effort: Any, model: Model) -> Asked:
    """The same request with the reasoning that nobody is shown, as far as the model does any."""
    if model.thinks != "hidden" or effort in _THOUGHTLESS:
        return asked
    return replace(asked, hidden=_THOUGHT * (1 + len(asked.last_text()) % 4))


def prompt_tokens(asked: Asked, tokens: Tokens) -> int:
    """How many tokens the messages and tools of a request have."""
    said = sum(_message(message, tokens) + tokens.overhead_per_message for message in asked.messages)
    return said + sum(count(json.dumps(t.parameters) + t.description + t.name, tokens) for t in asked.tools)


def counted(asked: Asked, replies: Sequence[Reply], tokens: Tokens, *, spoken: bool = False) -> dict[str, Any]:
    """The counts of an answer, by the holes of a usage; what a script says of them goes before what was counted."""
    prompt = prompt_tokens(asked, tokens)
    shown = sum(len(pieces(reply.thinking)) for reply in replies)
    thought = shown + sum(reply.hidden for reply in replies)
    completion = thought + sum(reply.said() for reply in replies)
    accepted, rejected = _predicted(asked.prediction, replies[0].text)
    counts = {
        "prompt_tokens": prompt,
        "completion_tokens": completion + rejected,
        "cached_tokens": 0,
        "reasoning_tokens": thought,
        "said_tokens": completion - thought + rejected,
        "audio_tokens": completion - thought if spoken else 0,
        "text_tokens": 0 if spoken else completion,
        "accepted_tokens": accepted,
        "rejected_tokens": rejected,
    }
    counts |= replies[0].usage
    counts.setdefault("total_tokens", counts["prompt_tokens"] + counts["completion_tokens"])
    return counts


def _message(message: dict[str, Any], tokens: Tokens) -> int:
    content, calls = message.get("content"), message.get("tool_calls")
    parts = content if isinstance(content, list) else ()
    images = sum(isinstance(part, dict) and "image" in str(part.get("type")) for part in parts)
    called = count(json.dumps(calls), tokens) if calls else 0
    return count(text_of(content), tokens) + _IMAGE * images + called


def _predicted(prediction: str, text: str) -> tuple[int, int]:
    """How many tokens of a prediction came true, and how many did not."""
    guessed = pieces(prediction)
    accepted = 0
    for one, other in zip(guessed, pieces(text), strict=False):
        if one != other:
            break
        accepted += 1
    return accepted, len(guessed) - accepted
