"""What endpoints share: which models there are, and what a query says."""

import msgspec
import pytest

from mockprovider.profiles.loading import BASELINE, load
from mockprovider.sources.checks import Refused
from mockprovider.sources.endpoints.common import Call, Catalogue

PROFILE = load(BASELINE)
CATALOGUE = Catalogue(PROFILE)


def refusal(catalogue: Catalogue, name: str, endpoint: str = "chat") -> str:
    with pytest.raises(Refused) as refused:
        catalogue.model(name, endpoint)
    return refused.value.kind


def test_a_model_is_found_by_its_name_and_answers_under_its_own() -> None:
    assert CATALOGUE.model("gpt-4o").answers_as == "gpt-4o-2024-08-06"


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("gpt-4o-2024-11-20", "gpt-4o"),
        ("gpt-4.1-mini-2025-04-14", "gpt-4.1"),
        ("gpt-5-mini-2025-08-07", "gpt-5"),
        ("o3-2025-04-16", "o4-mini"),
        ("ft:gpt-4o-mini:acme::abc", "gpt-4o-mini"),
    ],
)
def test_another_name_is_taken_for_the_model_that_it_is_like_and_answered_under(name: str, like: str) -> None:
    assert CATALOGUE.model(name) == msgspec.structs.replace(PROFILE.models.known[like], answers_as=None)


@pytest.mark.parametrize("name", ["gpt-4o-", "GPT-4o", "gpt-4o-2024", "ft:x", ""])
def test_any_other_name_is_refused(name: str) -> None:
    assert refusal(CATALOGUE, name) == "unknown_model"


@pytest.mark.parametrize(
    ("name", "endpoint", "kind"),
    [
        ("gpt-3.5-turbo-instruct", "chat", "not_a_chat_model"),
        ("gpt-4o", "completions", "not_a_completion_model"),
        ("gpt-4o", "embeddings", "not_an_embedding_model"),
        ("gpt-4o", "moderations", "not_a_moderation_model"),
    ],
)
def test_a_model_of_another_endpoint_is_refused_as_such(name: str, endpoint: str, kind: str) -> None:
    assert refusal(CATALOGUE, name, endpoint) == kind


def test_any_name_is_taken_if_told_so_but_no_model_of_another_endpoint() -> None:
    catalogue = Catalogue(PROFILE, any_model=True)
    assert catalogue.model("my-own").answers_as is None
    assert refusal(catalogue, "text-embedding-3-small") != "unknown_model"


def test_of_a_parameter_that_is_given_twice_the_last_counts() -> None:
    assert Call("GET", query="a=1&a=2&b=&c=%20x&d").parameters() == {"a": "2", "b": "", "c": " x", "d": ""}
