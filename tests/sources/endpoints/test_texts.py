"""Legacy completions, embeddings and moderations: what each is asked, and what it answers."""

from typing import Any

import pytest

from tests.sources.asking import Client, events_of

BODIES: dict[str, dict[str, Any]] = {
    "completions": {"model": "gpt-3.5-turbo-instruct", "prompt": "Hello"},
    "embeddings": {"model": "text-embedding-3-small", "input": "Hello"},
    "moderations": {"model": "omni-moderation-latest", "input": "Hello"},
}
every_endpoint = pytest.mark.parametrize("endpoint", BODIES)


@every_endpoint
@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("DELETE", ""), ("POST", "/x"), ("GET", "/x")])
def test_an_endpoint_is_posted_to_and_nothing_else(endpoint: str, method: str, rest: str, client: Client) -> None:
    path = f"/v1/{endpoint}{rest}"
    assert client.error(path, BODIES[endpoint], method) == (404, f"Invalid URL ({method} {path})")


@pytest.mark.parametrize("endpoint", ["completions", "embeddings"])
@pytest.mark.parametrize(
    ("model", "status", "message"),
    [
        (None, 400, "you must provide a model parameter"),
        ("", 400, "you must provide a model parameter"),
        ("gpt-none", 404, "The model `gpt-none` does not exist or you do not have access to it."),
    ],
)
def test_an_endpoint_wants_a_model_that_there_is(
    endpoint: str, model: str | None, status: int, message: str, client: Client
) -> None:
    assert client.error(f"/v1/{endpoint}", {**BODIES[endpoint], "model": model}) == (status, message)


def test_a_moderation_takes_the_model_for_granted_and_no_other(client: Client) -> None:
    assert client.made("/v1/moderations", input="Hello")["model"] == "omni-moderation-latest"
    body = {**BODIES["moderations"], "model": "gpt-none"}
    assert client.error("/v1/moderations", body) == (400, "please request omni-moderation-latest")


def test_a_completion_says_the_same_streamed(client: Client) -> None:
    plain = client.made("/v1/completions", **BODIES["completions"])
    events = events_of(client.tape("/v1/completions", {**BODIES["completions"], "stream": True}))
    assert "".join(event["choices"][0]["text"] for event in events) == plain["choices"][0]["text"]


def test_each_input_has_its_own_embedding_and_result(client: Client) -> None:
    body: dict[str, Any] = {"input": ["one", "two", "three"]}
    vectors = client.made("/v1/embeddings", **{**BODIES["embeddings"], **body})["data"]
    assert [each["index"] for each in vectors] == [0, 1, 2]
    assert len(client.made("/v1/moderations", **body)["results"]) == 3
