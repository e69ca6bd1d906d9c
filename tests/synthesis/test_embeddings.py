"""Embeddings in the baseline's frame, and in every spelling that a profile may have."""

import base64
import json
from typing import Any, Literal

import msgspec
import pytest

from mockprovider.profiles.endpoints import Embeddings
from mockprovider.profiles.forms import Spelling
from mockprovider.profiles.loading import BASELINE, load
from mockprovider.profiles.schema import Model
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.embeddings import counted, read, written
from mockprovider.synthesis.vectors import vector

PROFILE = load(BASELINE)
MODEL = Model(serves="embeddings", dimensions=8)
Style = Literal["compact", "python", "pretty-2", "pretty-4"]


def forms(style: Style) -> Embeddings:
    """The baseline's form in another spelling."""
    assert PROFILE.embeddings is not None
    plain = msgspec.structs.replace(PROFILE.embeddings.plain, spelling=Spelling(style=style))
    return msgspec.structs.replace(PROFILE.embeddings, plain=plain)


def body(style: Style = "compact", inputs: tuple[Any, ...] = ("a", "b"), **asked: Any) -> bytes:
    request = read(asked, inputs, "m", MODEL)
    return written(request, forms(style), Chance(b"x"), counted(request, PROFILE.tokens))


def answer(style: Style = "compact", inputs: tuple[Any, ...] = ("a", "b"), **asked: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(body(style, inputs, **asked))
    return value


every_style = pytest.mark.parametrize("style", ["compact", "python", "pretty-2", "pretty-4"])


@every_style
def test_an_answer_is_the_json_that_an_encoder_would_write(style: Style) -> None:
    indent = int(style[-1]) if style.startswith("pretty") else None
    separators = (",", ":") if style == "compact" else None
    value = answer(style)
    assert body(style).decode() == json.dumps(value, indent=indent, separators=separators)


@every_style
@pytest.mark.parametrize("dimensions", [1, 2, 8])
def test_each_input_has_its_vector_in_order(style: Style, dimensions: int) -> None:
    inputs = ("one text", [1, 2], "one text")
    expected = [vector(each, dimensions, "m").numbers() for each in inputs]
    data = answer(style, inputs, dimensions=dimensions)["data"]
    assert [(entry["index"], entry["embedding"]) for entry in data] == list(enumerate(expected))


@every_style
def test_base64_is_one_text_for_each_input(style: Style) -> None:
    data = answer(style, encoding_format="base64")["data"]
    assert [len(base64.b64decode(entry["embedding"])) for entry in data] == [4 * 8, 4 * 8]


def test_the_frame_is_that_of_the_profile() -> None:
    first = '{"object":"list","data":[{"object":"embedding","embedding":['
    last = '],"index":1}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}'
    text = body().decode()
    assert (text[: len(first)], text[-len(last) :]) == (first, last)


def test_tokens_are_counted_one_by_one_and_texts_by_their_length() -> None:
    usage = answer(inputs=([5, 6, 7], "x" * 8))["usage"]
    assert usage == {"prompt_tokens": 3 + 2, "total_tokens": 3 + 2}


def test_the_model_answers_under_its_own_name() -> None:
    request = read({}, ["a"], "asked", Model(answers_as="answered", dimensions=2))
    assert (
        json.loads(written(request, forms("compact"), Chance(), counted(request, PROFILE.tokens)))["model"]
        == "answered"
    )
