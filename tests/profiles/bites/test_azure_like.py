"""What a client stumbles over where the model is in the path and every text is looked over: azure-like."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import openai
import pytest
from openai import AzureOpenAI, DefaultHttpxClient

from tests.fakes import NO_TLS
from tests.profiles.bites.conftest import Clients, Raw, Served, ask, chunks

PROFILE = "azure-like"
MODEL = "gpt-4o-mini"
CHAT = f"/openai/deployments/{MODEL}/chat/completions?api-version=2024-12-01-preview"
HELLO: Any = {"messages": [{"role": "user", "content": "Hi"}]}


class Deployments(Protocol):
    """The SDK's own client for deployments, which puts the model into the path and the key into a header of its own."""

    def __call__(self, **options: Any) -> AzureOpenAI: ...


@pytest.fixture
def deployments(served: Served) -> Iterator[Deployments]:
    with ExitStack() as stack:

        def made(**options: Any) -> AzureOpenAI:
            given = {"api_key": "key-of-a-resource", "api_version": "2024-12-01-preview", **options}
            http = DefaultHttpxClient(verify=NO_TLS)
            azure = AzureOpenAI(azure_endpoint=served(PROFILE).url, max_retries=0, http_client=http, **given)
            return stack.enter_context(azure)

        yield made


def test_the_model_is_in_the_path_and_the_dated_one_in_the_answer(deployments: Deployments) -> None:
    assert ask(deployments(), model=MODEL).model == "gpt-4o-mini-2024-07-18"


def test_the_model_is_in_the_body_under_openai_v1(client: Clients, served: Served) -> None:
    newer = client(PROFILE, base_url=f"{served(PROFILE).url}/openai/v1")
    assert ask(newer, model=MODEL).model == "gpt-4o-mini-2024-07-18"


def test_the_first_chunk_has_no_choices_and_no_id(deployments: Deployments) -> None:
    first = chunks(deployments(), model=MODEL)[0]
    assert (first.choices, first.id, first.model, first.created) == ([], "", "", 0)
    assert first.to_dict()["prompt_filter_results"]


def test_each_choice_says_what_the_filters_found(deployments: Deployments) -> None:
    choice: Any = ask(deployments(), model=MODEL).choices[0].to_dict()
    assert choice["content_filter_results"]["hate"] == {"filtered": False, "severity": "safe"}


def test_a_wrong_key_is_401_and_its_code_a_text(deployments: Deployments) -> None:
    with pytest.raises(openai.AuthenticationError, match="invalid subscription key or wrong API endpoint") as caught:
        ask(deployments(api_key="sk-mock-invalid"), model=MODEL)
    assert caught.value.code == "401"


def test_a_deployment_that_there_is_not_has_a_code_of_its_own(deployments: Deployments) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        ask(deployments(), model="no-such")
    assert caught.value.code == "DeploymentNotFound"


def test_a_wrong_path_is_answered_with_one_blank_too_many(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", HELLO)
    assert (answer.status_code, answer.text) == (404, '{"error":{"code":"404","message": "Resource not found"}}')


def test_a_prompt_that_is_filtered_is_400_and_says_which_filter(deployments: Deployments) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(deployments(api_key="sk-mock-error-content-filtered"), model=MODEL)
    body: Any = caught.value.body
    assert (caught.value.code, caught.value.param) == ("content_filter", "prompt")
    assert body["innererror"]["content_filter_result"]["sexual"]["filtered"] is True


def test_a_rate_limit_says_in_milliseconds_when_to_come_back(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, HELLO, key="sk-mock-rate-limited")
    assert (answer.status_code, answer.headers["retry-after-ms"]) == (429, "22000")
    assert answer.json()["error"]["code"] == "429"


def test_a_response_has_its_filters_when_it_is_completed(client: Clients, served: Served) -> None:
    newer = client(PROFILE, base_url=f"{served(PROFILE).url}/openai/v1")
    events: Any = list(newer.responses.create(model=MODEL, input="Hi", stream=True))
    assert events[0].response.to_dict()["content_filters"] is None
    assert [each["source_type"] for each in events[-1].response.content_filters] == ["prompt", "completion"]
