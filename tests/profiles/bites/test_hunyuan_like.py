"""What a client stumbles over where user and assistant must take turns: hunyuan-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, chunks
from tests.vectors.refusals import FUNCTION, USER

PROFILE = "hunyuan-like"
MODEL = "hunyuan-turbos-latest"


def test_two_messages_of_the_user_in_a_row_are_refused(client: Clients) -> None:
    messages: Any = [USER, USER]
    with pytest.raises(openai.BadRequestError, match="角色需交替出现") as caught:
        client(PROFILE).chat.completions.create(model=MODEL, messages=messages)
    body: Any = caught.value.body
    assert (body["code"], len(body["id"])) == ("1001", 32)


def test_the_user_must_have_the_last_word(client: Clients) -> None:
    messages: Any = [USER, {"role": "assistant", "content": "Sure:"}]
    with pytest.raises(openai.BadRequestError, match="角色需交替出现"):
        client(PROFILE).chat.completions.create(model=MODEL, messages=messages)


def test_each_chunk_says_that_a_machine_wrote_it(client: Clients) -> None:
    told: Any = chunks(client(PROFILE), model=MODEL)
    assert all("AI" in chunk.note for chunk in told)


def test_the_id_of_a_call_comes_again_and_its_name_comes_empty(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL, tools=[FUNCTION], tool_choice="required")
    calls = [call for chunk in told for call in (chunk.choices[0].delta.tool_calls or [])]
    assert len({call.id for call in calls}) == 1
    assert [call.function.name for call in calls if call.function] == ["f"] + [""] * (len(calls) - 1)
    assert len(calls) > 1
