"""A request that is guessed says no more than the answer tells."""

import json
from typing import Any

import pytest

from mockprovider.cassettes.importers.guessed import error_status, family_of, is_stream, request_for, values


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ({"object": "chat.completion"}, "/v1/chat/completions"),
        ({"choices": [{"delta": {}}]}, "/v1/chat/completions"),
        ({"object": "text_completion", "choices": [{"text": ""}]}, "/v1/completions"),
        ({"object": "response"}, "/v1/responses"),
        ({"type": "response.output_text.delta"}, "/v1/responses"),
        ({"type": "message", "model": "m", "content": []}, "/v1/messages"),
        ({"type": "ping"}, "/v1/messages"),
        ({"type": "error", "error": {"message": "x"}}, "/v1/messages"),
        ({"object": "list", "data": [{"object": "embedding"}]}, "/v1/embeddings"),
        ({"object": "list", "data": [{"object": "model"}]}, "/v1/models"),
        ({"error": {"message": "x"}}, "/v1/chat/completions"),
    ],
)
def test_the_shape_of_an_answer_tells_its_path(answer: dict[str, Any], path: str) -> None:
    family = family_of(answer)
    assert family is not None
    assert family.path == path


@pytest.mark.parametrize("value", [None, [], 3, {}, {"type": 3}, {"choices": []}, {"data": {}}, {"error": "x"}])
def test_what_no_API_answers_tells_nothing(value: Any) -> None:  # noqa: N802
    assert family_of(value) is None


@pytest.mark.parametrize(
    "value",
    [
        {"model": "m"},
        {"response": {"model": "m"}},
        {"message": {"model": "m"}},
        {"model": "", "message": {"model": "m"}},
    ],
)
def test_the_model_is_the_first_that_is_named(value: dict[str, Any]) -> None:
    request = request_for([{"type": "ping"}, value, {"model": "other"}], streamed=True)
    assert request is not None
    assert json.loads(request.body) == {"model": "m", "stream": True}


def test_what_is_known_of_a_request_is_not_guessed() -> None:
    request = request_for([], streamed=False, method="POST", path="/x")
    assert request is not None
    assert (request.method, request.path, request.body) == ("POST", "/x", b"{}")


def test_a_request_that_only_fetches_has_no_body() -> None:
    request = request_for([{"data": [{"object": "model"}]}], streamed=False)
    assert request is not None
    assert (request.method, request.headers, request.body) == ("GET", (), b"")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"type": "rate_limit_error"}, 429),
        ({"type": None, "code": "insufficient_quota"}, 429),
        ({"type": ["x"], "code": {}}, 400),
        ({}, 400),
    ],
)
def test_an_errors_type_tells_its_status(error: dict[str, Any], status: int) -> None:
    assert error_status({"error": error}) == status


def test_what_is_no_error_has_no_status_of_one() -> None:
    assert error_status({"error": None}) is None


@pytest.mark.parametrize(
    ("body", "yes"),
    [(b"data: {}\n", True), (b"\n\nevent: x", True), (b": hi\n", True), (b"\xef\xbb\xbfid: 1", True), (b"{}", False)],
)
def test_a_stream_is_told_by_its_first_field(body: bytes, yes: bool) -> None:
    assert is_stream(body) is yes


def test_what_is_no_JSON_in_a_body_is_left_out() -> None:  # noqa: N802
    assert list(values(b"data: {}\n\ndata: [DONE\n\ndata: 2\n\n")) == [{}, 2]
    assert list(values(b"\xff")) == []
