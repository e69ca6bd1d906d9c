"""What a client stumbles over where nothing is an empty text: stepfun-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, ask, chunks

PROFILE = "stepfun-like"
MODEL = "step-3.7-flash"


def test_before_the_end_the_finish_reason_is_an_empty_text(client: Clients) -> None:
    reasons: list[Any] = [chunk.choices[0].finish_reason for chunk in chunks(client(PROFILE), model=MODEL)]
    assert reasons == [""] * (len(reasons) - 1) + ["stop"]


def test_the_role_is_an_empty_text_throughout(client: Clients) -> None:
    roles: set[Any] = {chunk.choices[0].delta.role for chunk in chunks(client(PROFILE), model=MODEL)}
    assert roles == {""}


def test_each_chunk_has_the_usage_so_far(client: Clients) -> None:
    told = [chunk.usage.total_tokens if chunk.usage else -1 for chunk in chunks(client(PROFILE), model=MODEL)]
    assert told == sorted(told)
    assert -1 < told[0] < told[-1]


def test_reasoning_is_called_reasoning(client: Clients) -> None:
    message: Any = ask(client(PROFILE), model=MODEL).choices[0].message
    assert message.reasoning
    assert not hasattr(message, "reasoning_content")


def test_an_unknown_model_is_400(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError):
        ask(client(PROFILE), model="no-such")
