"""Embeddings: texts or tokens read, vectors written, as numbers or as base64."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockprovider.profiles.endpoints import Embeddings
from mockprovider.profiles.schema import Model, Tokens
from mockprovider.synthesis.asked import whole
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.frames import filled_rows, quoted, spelled
from mockprovider.synthesis.tokens import prompt_count
from mockprovider.synthesis.vectors import vector


@dataclass(frozen=True, slots=True)
class EmbeddingsRequest:
    """A request that passed the checks."""

    inputs: Sequence[str | Sequence[int]]
    dimensions: int
    base64: bool
    model: str


def read(
    body: Mapping[str, Any], inputs: Sequence[str | Sequence[int]], model_name: str, model: Model
) -> EmbeddingsRequest:
    """The request in a body; `inputs` are its texts, or lists of tokens."""
    wanted = None if model.shortens == "ignored" else whole(body.get("dimensions"))
    return EmbeddingsRequest(
        inputs,
        wanted or model.dimensions or 1,
        body.get("encoding_format") == "base64",
        model.answers_as or model_name,
    )


def counted(request: EmbeddingsRequest, tokens: Tokens) -> dict[str, Any]:
    """What an answer says of itself: its model, and how many tokens there were."""
    prompt = sum(prompt_count(said, tokens) for said in request.inputs)
    return {"model": request.model, "prompt_tokens": prompt, "total_tokens": prompt}


def written(request: EmbeddingsRequest, embeddings: Embeddings, chance: Chance, values: Mapping[str, Any]) -> bytes:
    """The body of the answer; `values` are what it says of itself."""
    vectors = [vector(said, request.dimensions, request.model) for said in request.inputs]
    # The spelling of a list is learned from two marks in it. Long lists of numbers are not for the JSON encoder: it
    # takes ten times as long.
    mark = chance.hex(32)
    marks: Any = mark if request.base64 else [mark, mark]
    rows = [{"index": index, "embedding": marks} for index in range(len(vectors))]
    spelling = embeddings.plain.spelling
    pieces = spelled(filled_rows(embeddings.plain.body, rows, values, chance), spelling).split(quoted(mark, spelling))
    if request.base64:
        said = [f'"{each.base64()}"' for each in vectors]
    else:
        said = [each.json(between) for each, between in zip(vectors, pieces[1::2], strict=True)]
        pieces = pieces[0::2]
    parts = [part for pair in zip(pieces, [*said, ""], strict=True) for part in pair]
    return "".join(parts).encode("utf-8", "replace")
