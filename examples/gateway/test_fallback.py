from collections.abc import Iterator

import pytest
from fallback import Provider, gateway
from mockprovider import MockProvider
from starlette.testclient import TestClient

pytestmark = pytest.mark.mockprovider(profile=["groq-like", "openrouter-like"])
HELLO = {"messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture
def client(mockprovider: MockProvider) -> Iterator[TestClient]:
    groq, openrouter = f"{mockprovider.url}/groq-like/openai/v1", f"{mockprovider.url}/openrouter-like/api/v1"
    providers = [
        Provider(groq, mockprovider.api_key, "llama-3.3-70b-versatile"),
        Provider(openrouter, mockprovider.api_key, "meta-llama/llama-3.3-70b-instruct"),
    ]
    with TestClient(gateway(providers)) as client:
        yield client


def test_the_first_provider_answers(client: TestClient) -> None:
    answer = client.post("/v1/chat/completions", json=HELLO)
    assert "as groq-like" in answer.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize("error", ["rate_limited", "overloaded"])
def test_a_provider_that_is_busy_is_not_waited_for(client: TestClient, mockprovider: MockProvider, error: str) -> None:
    mockprovider.when(path="/groq-like/*").then(error=error)
    answer = client.post("/v1/chat/completions", json=HELLO)
    assert "as openrouter-like" in answer.json()["choices"][0]["message"]["content"]


def test_a_stream_falls_back_too(client: TestClient, mockprovider: MockProvider) -> None:
    mockprovider.when(path="/groq-like/*").then(error="rate_limited")
    answer = client.post("/v1/chat/completions", json={**HELLO, "stream": True})
    assert (answer.text.startswith(": OPENROUTER PROCESSING"), answer.text.endswith("data: [DONE]\n\n")) == (True, True)


def test_a_refusal_does_not_fall_back(client: TestClient) -> None:
    assert client.post("/v1/chat/completions", json={**HELLO, "n": 2}).status_code == 400


def test_an_error_within_a_stream_reaches_the_client(client: TestClient, mockprovider: MockProvider) -> None:
    mockprovider.when(path="/groq-like/*").then(error="fails_midway")
    answer = client.post("/v1/chat/completions", json={**HELLO, "stream": True})
    assert (answer.status_code, "event: error" in answer.text, "[DONE]" in answer.text) == (200, True, False)


def test_where_all_are_busy_the_last_says_so(client: TestClient, mockprovider: MockProvider) -> None:
    mockprovider.when().then(error="rate_limited")
    assert client.post("/v1/chat/completions", json=HELLO).status_code == 429
