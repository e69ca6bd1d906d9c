"""Tokens, roughly: plausible counts and pieces, the same whether an answer is streamed or not."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from mockprovider.profiles.schema import Tokens

_LOOKED_AT = 2**16
"""How many characters of a long text are looked at to guess how many tokens it has."""
_WORDS = re.compile(r"\s*(?<!\w)\w{1,8}(?!\w)|\s*\w{1,4}|\s*[^\w\s]{1,3}|\s+")
"""A word of up to eight letters, or four letters of a longer one: about a token, of a frugal tokenizer."""
_PIECE = re.compile(r"\s*(?:\w{1,8}|[^\w\s]{1,3})|\s+")


@lru_cache(maxsize=128)
def pieces(text: str) -> tuple[str, ...]:
    """The text in pieces of about a token; joined they are the text again."""
    return tuple(_PIECE.findall(text))


def count(text: str, tokens: Tokens) -> int:
    """How many tokens a prompt's text has."""
    return math.ceil(len(text) / tokens.characters_per_token)


def fewest(text: str, tokens: Tokens) -> int:
    """How many tokens a text has at the least: what is refused as too long is too long however it is counted."""
    if len(text) <= _LOOKED_AT:
        return min(count(text, tokens), len(_WORDS.findall(text)))
    begun = len(_WORDS.findall(text[:_LOOKED_AT]))
    return min(count(text, tokens), begun * len(text) // _LOOKED_AT)


def prompt_count(said: str | Sequence[int], tokens: Tokens) -> int:
    """How many tokens a prompt has that is a text, or a list of tokens."""
    return count(said, tokens) if isinstance(said, str) else len(said)
