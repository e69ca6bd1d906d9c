"""What a client of a compatibility API stumbles over that keeps its own errors and listing: cohere-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, ask

PROFILE = "cohere-like"
MODEL = "command-a-03-2025"


def test_the_sdk_finds_no_models_in_the_listing(client: Clients) -> None:
    listed: Any = client(PROFILE).models.list()
    assert not listed.data
    assert {"name", "endpoints"} <= set(listed.models[0])


def test_an_error_is_an_id_and_a_message(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError, match="Incorrect API key provided") as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MODEL)
    assert isinstance(caught.value.body, dict)
    assert list(caught.value.body) == ["id", "message"]


@pytest.mark.parametrize(("model", "text"), [("no-such", "model 'no-such' not found"), ("command-r", "was removed on")])
def test_a_model_that_is_not_there_or_no_longer_is_404(client: Clients, model: str, text: str) -> None:
    with pytest.raises(openai.NotFoundError, match=text):
        ask(client(PROFILE), model=model)


def test_an_image_is_refused_by_a_model_without_eyes(client: Clients) -> None:
    image: Any = [{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]
    with pytest.raises(openai.BadRequestError, match="image content is not supported for this model"):
        client(PROFILE).chat.completions.create(model=MODEL, messages=[{"role": "user", "content": image}])


def test_parameters_that_it_has_no_place_for_pass(client: Clients) -> None:
    assert len(ask(client(PROFILE), model=MODEL, n=3, user="somebody", store=True).choices) == 1
