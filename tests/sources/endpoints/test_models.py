"""The models that a provider lists."""

import json

import pytest

from mockprovider.profiles.loading import BASELINE, load
from tests.sources.asking import Client, bytes_of

PROFILE = load(BASELINE)
UNLISTED = [name for name, model in PROFILE.models.known.items() if not model.listed]


def test_the_models_are_listed_in_the_profiles_order_but_for_those_that_it_does_not_list(client: Client) -> None:
    listing = client.got("/v1/models")
    names = [name for name in PROFILE.models.known if name not in UNLISTED]
    assert (listing["object"], [entry["id"] for entry in listing["data"]]) == ("list", names)


def test_a_model_that_is_not_listed_is_not_found_though_it_answers(client: Client) -> None:
    name = UNLISTED[0]
    assert client.error(f"/v1/models/{name}", method="GET") == (404, f"The model '{name}' does not exist")
    assert client.ask("/v1/chat/completions", {"model": name, "messages": [{"role": "user", "content": "a"}]})[0] == 200


def test_the_listing_is_spelled_as_the_profile_says(client: Client) -> None:
    tape = client.tape("/v1/models", method="GET")
    assert bytes_of(tape) == json.dumps(client.got("/v1/models"), indent=2).encode() + b"\n"


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/gpt-4o"])
def test_models_are_only_read(method: str, path: str, client: Client) -> None:
    assert client.error(path, {}, method) == (404, f"Invalid URL ({method} {path})")
