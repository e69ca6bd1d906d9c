"""Requests other than chat, held against what the provider takes. What does not pass is `Refused`."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockprovider.profiles.endpoints import Completions, Embeddings, Moderations
from mockprovider.profiles.schema import Model, Tokens
from mockprovider.sources.checks import Refused, typed
from mockprovider.sources.parameters import check
from mockprovider.synthesis.asked import whole
from mockprovider.synthesis.tokens import fewest, prompt_count

Said = str | Sequence[int]
"""A text, or its tokens."""
_VAST = 10**18
"""No larger number of tokens is shown: Python does not write out the largest that it reads."""

_ENCODINGS = ("float", "base64")


def checked_embeddings(body: Mapping[str, Any], model: Model, embeddings: Embeddings, tokens: Tokens) -> Sequence[Said]:
    """The inputs of an embeddings request."""
    if body.get("input") is None:
        raise Refused("missing_parameter", param="input")
    said = _several(body["input"])
    if said is None or not said or not all(said):
        raise Refused("invalid_input", param="input")
    if len(said) > embeddings.inputs:
        raise Refused("invalid_input_too_many", param="input", limit=embeddings.inputs, got=len(said))
    _check_dimensions(body, model)
    check(body, embeddings.parameters)
    if (encoding := body.get("encoding_format") or "float") not in _ENCODINGS:
        raise Refused("unknown_encoding_format", got=encoding)
    _check_tokens(said, tokens)
    _check_context(said, 0, model, tokens)
    if (total := sum(prompt_count(each, tokens) for each in said)) > embeddings.tokens:
        raise Refused("too_many_tokens", requested=total, limit=embeddings.tokens)
    return said


def checked_completion(
    body: Mapping[str, Any], model: Model, completions: Completions, tokens: Tokens
) -> Sequence[Said]:
    """The prompts of a legacy completion; one without text where there is none."""
    said = [""] if body.get("prompt") is None else _several(body["prompt"])
    if not said:
        raise Refused("invalid_input", param="prompt")
    check(body, completions.parameters)
    if len(said) * max(whole(body.get("n")), 1) > completions.choices:
        raise Refused("array_above_max_length", param="prompt", limit=completions.choices, got=len(said))
    _check_tokens(said, tokens)
    limit = whole(body.get("max_tokens"), -1)
    _check_context(said, completions.max_tokens if limit < 0 else limit, model, tokens)
    return said


def checked_moderation(body: Mapping[str, Any], moderations: Moderations) -> str | Sequence[Any]:
    """What a moderation request wants judged: a text, several, or parts."""
    said = body.get("input")
    if said is None:
        raise Refused("missing_parameter", param="input")
    if isinstance(said, str):
        return said
    if not isinstance(said, list) or not 0 < len(said) <= moderations.inputs:
        raise Refused("invalid_input", param="input")
    if not all(isinstance(each, str) for each in said) and not all(map(_is_part, said)):
        raise Refused("invalid_input", param="input")
    return said


def _several(value: Any) -> Sequence[Said] | None:
    """The texts or lists of tokens in a value: one, or a list of one kind. None where it is neither."""
    if isinstance(value, str) or _is_tokens(value):
        return [value]
    if isinstance(value, list) and (all(isinstance(each, str) for each in value) or all(map(_is_tokens, value))):
        return value
    return None


def _is_tokens(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(type(each) is int for each in value)


def _is_part(part: Any) -> bool:
    match part:
        case {"type": "text", "text": str()} | {"type": "image_url", "image_url": {"url": str()}}:
            return True
    return False


def _check_tokens(said: Sequence[Said], tokens: Tokens) -> None:
    wrong = (each for one in said if not isinstance(one, str) for each in one if not 0 <= each <= tokens.largest)
    if (token := next(wrong, None)) is not None:
        raise Refused("invalid_token", got=token, limit=tokens.largest)


def _check_context(said: Sequence[Said], completion: int, model: Model, tokens: Tokens) -> None:
    for each in said:
        prompt = fewest(each, tokens) if isinstance(each, str) else len(each)
        if model.context is not None and prompt + completion > model.context:
            completion = min(completion, _VAST)
            requested = prompt + completion
            raise Refused(
                "input_too_long", limit=model.context, requested=requested, prompt=prompt, completion=completion
            )


def _check_dimensions(body: Mapping[str, Any], model: Model) -> None:
    if body.get("dimensions") is None:
        return
    wanted, most = typed(body, "dimensions", int), model.dimensions_most or model.dimensions or 1
    if model.shortens == "ignored":
        return
    if wanted < 1:
        raise Refused("dimensions_too_small", got=wanted)
    if not model.shortens:
        raise Refused("dimensions_unsupported")
    if wanted > most:
        raise Refused("dimensions_too_large", got=wanted, limit=most)
