"""What a client of a gateway with two kinds of errors stumbles over: portkey-like."""

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask

PROFILE = "portkey-like"
MODEL = "gpt-4o-mini"


def test_the_gateway_s_own_errors_have_no_error_object(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MODEL)
    assert caught.value.body == {"status": "failure", "message": "Portkey Error: Invalid API Key. Error Code: 03"}
    assert caught.value.code is None


def test_an_upstream_s_errors_name_it_twice(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match="openai error: The model `nope` does not exist") as caught:
        ask(client(PROFILE), model="nope")
    assert caught.value.response.json()["provider"] == "openai"


def test_a_key_whose_allowance_is_spent_is_412(client: Clients) -> None:
    with pytest.raises(openai.APIStatusError, match="Usage Limit Exceeded") as caught:
        ask(client(PROFILE, api_key="sk-mock-error-no-balance-of-key"), model=MODEL)
    assert caught.value.status_code == 412


def test_an_unknown_path_says_not_found_and_not_ok(raw: Raw) -> None:
    answer = raw(PROFILE, "/v2/chat/completions", {"model": MODEL, "messages": []})
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found", "ok": False})
