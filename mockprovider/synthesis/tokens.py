"""Tokens, roughly: plausible counts and pieces, the same whether an answer is streamed or not."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from mockprovider.profiles.schema import Tokens

_PIECE = re.compile(r"\s*(?:\w{1,8}|[^\w\s]{1,3})|\s+")


@lru_cache(maxsize=128)
def pieces(text: str) -> tuple[str, ...]:
    """The text in pieces of about a token; joined they are the text again."""
    return tuple(_PIECE.findall(text))


def count(text: str, tokens: Tokens) -> int:
    """How many tokens a prompt's text has."""
    return math.ceil(len(text) / tokens.characters_per_token)


def prompt_count(said: str | Sequence[int], tokens: Tokens) -> int:
    """How many tokens a prompt has that is a text, or a list of tokens."""
    return count(said, tokens) if isinstance(said, str) else len(said)
