"""What makes answers comparable: the endpoint, what was asked, and what the model chose."""

from typing import Any

import pytest

from mockprovider.truth.classes import class_of, endpoint_of
from mockprovider.truth.shapes import Shape
from tests.sources.asking import asked
from tests.truth.taking import chat


@pytest.mark.parametrize(
    ("method", "path", "endpoint"),
    [
        ("POST", "/v1/chat/completions", "chat/completions"),
        ("POST", "/openai/deployments/mine/chat/completions", "chat/completions"),
        ("POST", "/models/chat/completions", "chat/completions"),
        ("POST", "/chat/completions/", "chat/completions"),
        ("GET", "/v1/chat/completions", None),
        ("POST", "/v1/completions", "completions"),
        ("POST", "/api/v1/responses", "responses"),
        ("GET", "/v1/responses/resp_1", None),
        ("POST", "/v1/responses/compact", None),
        ("GET", "/v1/models", "models"),
        ("GET", "/v1/models/acme/one", "models/ID"),
        ("DELETE", "/v1/models/one", None),
    ],
)
def test_the_endpoint_is_read_from_the_end_of_the_path(method: str, path: str, endpoint: str | None) -> None:
    assert endpoint_of(asked(path, {}, method)) == endpoint


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, ""),
        ({"stream_options": {"include_usage": True}}, ", usage asked for"),
        ({"stream_options": {"include_usage": False}, "logprobs": False}, ""),
        ({"stream_options": None, "logprobs": 2}, ", logprobs asked for"),
        ({"encoding_format": "base64"}, ", base64 asked for"),
        ({"modalities": ["text", "audio"]}, ", sound asked for"),
        ({"modalities": None}, ""),
    ],
)
def test_what_was_asked_for_is_part_of_the_class(more: dict[str, Any], words: str) -> None:
    shape = Shape(streamed=True, marks=frozenset(), said=frozenset({"calls"}))
    assert class_of(shape, "chat/completions", chat(**more)).title == f"chat/completions stream, calls{words}"


def test_a_request_that_is_no_json_has_a_class_too() -> None:
    shape = Shape(streamed=False, marks=frozenset(), said=frozenset())
    assert class_of(shape, "models", asked("/v1/models", b"\xff")).title == "models plain"
