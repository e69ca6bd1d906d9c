"""Embeddings, completions and moderations held against what the baseline takes."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from mockprovider.profiles.loading import BASELINE, load
from mockprovider.sources.checks import Refused
from mockprovider.sources.inputs import checked_completion, checked_embeddings, checked_moderation
from mockprovider.sources.tapes import TapeMaker

PROFILE = load(BASELINE)
KNOWN = PROFILE.models.known
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
Body = Mapping[str, Any]


def checked(endpoint: str, body: Body, model: str) -> Any:
    """What is left of a body that passes."""
    assert PROFILE.embeddings is not None
    assert PROFILE.completions is not None
    assert PROFILE.moderations is not None
    if endpoint == "embeddings":
        return checked_embeddings(body, KNOWN[model], PROFILE.embeddings, PROFILE.tokens)
    if endpoint == "completions":
        return checked_completion(body, KNOWN[model], PROFILE.completions, PROFILE.tokens)
    return checked_moderation(body, PROFILE.moderations)


MODELS = {"embeddings": "text-embedding-3-small", "completions": "gpt-3.5-turbo-instruct", "moderations": ""}
NO_INPUTS: list[Any] = ["", [], [""], ["a", ""], [[]], [[1], []], [[1], "a"], ["a", 1], [1.5], [True], 1, {}, [["a"]]]
NO_PROMPTS: list[Any] = [[], [[]], [1.5], [True], 1, {}, ["a", 1], [["a"]]]
NO_PARTS: list[Any] = [
    [],
    1,
    {},
    [1],
    ["a", IMAGE],
    [{"type": "text"}],
    [{"type": "image_url", "image_url": "a"}],
    [[]],
]
NO_DIMENSIONS: list[Any] = ["3", 3.0, True, []]
NO_OPTIONS: list[Any] = [[1], 1.5]
TAKEN: list[tuple[str, Body, Any]] = [
    ("embeddings", {"input": "a"}, ["a"]),
    ("embeddings", {"input": ["a", "b"]}, ["a", "b"]),
    ("embeddings", {"input": [1, 2]}, [[1, 2]]),
    ("embeddings", {"input": [[1, 2], [3]]}, [[1, 2], [3]]),
    ("embeddings", {"input": ["a"] * 2048}, ["a"] * 2048),
    ("embeddings", {"input": "a", "encoding_format": None, "dimensions": None, "user": None}, ["a"]),
    ("embeddings", {"input": "a", "encoding_format": "base64", "dimensions": 1536, "user": "u"}, ["a"]),
    ("embeddings", {"input": "x" * 8192 * 4}, ["x" * 8192 * 4]),
    ("completions", {"prompt": "a"}, ["a"]),
    ("completions", {"prompt": ["a", ""]}, ["a", ""]),
    ("completions", {"prompt": [1, 2]}, [[1, 2]]),
    ("completions", {"prompt": [[1, 2], [3]]}, [[1, 2], [3]]),
    ("completions", {}, [""]),
    ("completions", {"prompt": None, "n": None, "stop": None, "max_tokens": None, "suffix": None, "echo": None}, [""]),
    ("completions", {"prompt": "a", "stop": ["1", "2", "3", "4"], "n": 128, "max_tokens": 0, "best_of": 0}, ["a"]),
    ("completions", {"prompt": ["a"] * 16, "n": 128}, ["a"] * 16),
    ("moderations", {"input": "a"}, "a"),
    ("moderations", {"input": ""}, ""),
    ("moderations", {"input": ["a", "b"]}, ["a", "b"]),
    ("moderations", {"input": [{"type": "text", "text": "a"}, IMAGE]}, [{"type": "text", "text": "a"}, IMAGE]),
]
REFUSED: list[tuple[str, Body, str]] = [
    ("embeddings", {}, "missing_parameter"),
    ("embeddings", {"input": None}, "missing_parameter"),
    *(("embeddings", {"input": wrong}, "invalid_input") for wrong in NO_INPUTS),
    ("embeddings", {"input": ["a"] * 2049}, "invalid_input_too_many"),
    ("embeddings", {"input": [-1]}, "invalid_token"),
    ("embeddings", {"input": [[1], [100258]]}, "invalid_token"),
    ("embeddings", {"input": "a", "dimensions": 0}, "dimensions_too_small"),
    ("embeddings", {"input": "a", "dimensions": 1537}, "dimensions_too_large"),
    *(("embeddings", {"input": "a", "dimensions": wrong}, "wrong_type") for wrong in NO_DIMENSIONS),
    ("embeddings", {"input": "a", "encoding_format": "md5"}, "unknown_encoding_format"),
    ("embeddings", {"input": "a", "encoding_format": 1}, "wrong_type"),
    ("embeddings", {"input": "a", "user": 1}, "wrong_type"),
    ("embeddings", {"input": "x" * (8192 * 4 + 1)}, "input_too_long"),
    ("embeddings", {"input": ["x" * 8192 * 4] * 37}, "too_many_tokens"),
    *(("completions", {"prompt": wrong}, "invalid_input") for wrong in NO_PROMPTS),
    ("completions", {"prompt": [123456]}, "invalid_token"),
    ("completions", {"prompt": "a", "n": 0}, "integer_below_min_value"),
    ("completions", {"prompt": "a", "max_tokens": -1}, "integer_below_min_value"),
    ("completions", {"prompt": "a", "n": 129}, "integer_above_max_value"),
    ("completions", {"prompt": "a", "best_of": 21}, "integer_above_max_value"),
    ("completions", {"prompt": "a", "logprobs": 6}, "integer_above_max_value"),
    ("completions", {"prompt": ["a"] * 17, "n": 128}, "array_above_max_length"),
    ("completions", {"prompt": "a", "stop": ["a"] * 5}, "array_above_max_length"),
    ("completions", {"prompt": "a", "max_tokens": 4097}, "input_too_long"),
    *(
        ("completions", {"prompt": "a", name: wrong}, "wrong_type")
        for name in ("n", "max_tokens", "echo", "stream", "suffix", "stop", "stream_options")
        for wrong in NO_OPTIONS
    ),
    ("moderations", {}, "missing_parameter"),
    *(("moderations", {"input": wrong}, "invalid_input") for wrong in NO_PARTS),
    ("moderations", {"input": ["a"] * 2049}, "invalid_input"),
]


def shown(value: Any) -> str:
    return repr(value)[:60]


@pytest.mark.parametrize(("endpoint", "body", "expected"), TAKEN, ids=shown)
def test_what_the_provider_takes_passes(endpoint: str, body: Body, expected: Any) -> None:
    assert checked(endpoint, body, MODELS[endpoint]) == expected


@pytest.mark.parametrize(("endpoint", "body", "kind"), REFUSED, ids=shown)
def test_what_the_provider_does_not_take_is_refused_by_its_kind(endpoint: str, body: Body, kind: str) -> None:
    with pytest.raises(Refused) as caught:
        checked(endpoint, body, MODELS[endpoint])
    assert caught.value.kind == kind


@pytest.mark.parametrize(("endpoint", "body", "kind"), REFUSED, ids=shown)
def test_a_refusal_knows_all_that_its_body_says(endpoint: str, body: Body, kind: str) -> None:
    with pytest.raises(Refused) as caught:
        checked(endpoint, body, MODELS[endpoint])
    form = TapeMaker(PROFILE).form_of(kind)
    holes = set(re.findall(r"\$([a-z_]+)", str(form.body)))
    assert holes <= set(caught.value.values)


def test_a_model_that_does_not_shorten_refuses_any_dimensions() -> None:
    with pytest.raises(Refused) as caught:
        checked("embeddings", {"input": "a", "dimensions": 3}, "text-embedding-ada-002")
    assert caught.value.kind == "dimensions_unsupported"


def test_a_prompt_and_its_answer_share_the_context() -> None:
    prompt = "x" * 4 * 4000
    assert checked("completions", {"prompt": prompt, "max_tokens": 97}, "gpt-3.5-turbo-instruct") == [prompt]
    with pytest.raises(Refused) as caught:
        checked("completions", {"prompt": prompt, "max_tokens": 98}, "gpt-3.5-turbo-instruct")
    assert caught.value.values == {"limit": 4097, "requested": 4098, "prompt": 4000, "completion": 98}
