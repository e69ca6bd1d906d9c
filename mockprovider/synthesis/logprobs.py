"""How probable each token was: plausible figures, the most probable first. Each token is shown with its bytes."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.tokens import pieces

_OTHERS = (" the", " a", " and", ".", ",", " is", " in", " to", " of", " it", " for", " that", " on", " with", " as")
_DIGITS = tuple(f" {number}" for number in range(10))
_LEAST = -9999.0
"""What stands for impossible, says https://platform.openai.com/docs/api-reference/chat/object of `logprob`."""


def logprobs(text: str, alternatives: int, chance: Chance) -> list[dict[str, Any]]:
    """For each token of a text the natural logarithm of its probability, and of `alternatives`, itself first."""
    return [_token(piece, alternatives, chance) for piece in pieces(text)]


def logprob_holes(content: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The same for the holes of a form: as OpenAI has them, the bare list, and as lists side by side."""
    return {
        "logprobs": {"content": content, "refusal": None},
        "logprobs_content": content,
        "logprobs_tokens": [each["token"] for each in content],
        "logprobs_values": [each["logprob"] for each in content],
        "logprobs_tops": [
            [{"token": top["token"], "logprob": top["logprob"]} for top in each["top_logprobs"]] for each in content
        ],
    }


def legacy_logprobs(tokens: Sequence[str], alternatives: int, chance: Chance) -> dict[str, Any]:
    """The same as legacy completions put it: lists side by side, and where each token begins, in characters."""
    rows = [_token(token, alternatives + 1, chance) for token in tokens]
    offsets = itertools.accumulate(map(len, tokens), initial=0)
    top = [{each["token"]: each["logprob"] for each in row["top_logprobs"][:alternatives]} for row in rows]
    return {
        "tokens": list(tokens),
        "token_logprobs": [row["logprob"] for row in rows],
        "top_logprobs": top,
        "text_offset": list(offsets)[:-1],
    }


def _token(piece: str, alternatives: int, chance: Chance) -> dict[str, Any]:
    own = -round(chance.number(2_000_000) / 1e7, 8)
    others = [other for other in (*_OTHERS, *_DIGITS) if other != piece][: max(0, alternatives - 1)]
    top = [_entry(piece, own)] if alternatives else []
    for number, other in enumerate(others, 1):
        top.append(_entry(other, max(_LEAST, round(own - 2.5 * number, 8))))
    return {**_entry(piece, own), "top_logprobs": top}


def _entry(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode("utf-8", "replace"))}
