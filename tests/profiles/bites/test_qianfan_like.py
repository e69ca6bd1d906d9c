"""What a client stumbles over where an unknown model reads like a wrong key: qianfan-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks
from tests.vectors.refusals import USER

PROFILE = "qianfan-like"
MODEL = "ernie-5.0"


def test_an_unknown_model_is_401(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client(PROFILE), model="no-such")
    assert caught.value.code == "invalid_model"


def test_the_id_of_a_failed_request_stands_beside_the_error(raw: Raw) -> None:
    body = raw(PROFILE, "/v2/chat/completions", {"model": MODEL, "messages": [USER]}, key="sk-mock-invalid").json()
    assert set(body) == {"error", "id"}
    assert body["id"].startswith("as-")


def test_a_client_that_asks_v1_gets_text(raw: Raw) -> None:
    answer = raw(PROFILE, "/v2/v1/chat/completions", {"model": MODEL, "messages": [USER]})
    assert (answer.status_code, answer.text) == (404, "404 page not found")


def test_a_choice_has_a_flag(client: Clients) -> None:
    choice: Any = ask(client(PROFILE), model=MODEL).choices[0]
    assert choice.flag == 0


def test_usage_and_the_finish_reason_come_in_the_last_chunk_only(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL)
    shown = ["finish_reason" in chunk.choices[0].to_dict() for chunk in told]
    assert shown == [chunk.usage is not None for chunk in told] == [False] * (len(told) - 1) + [True]
