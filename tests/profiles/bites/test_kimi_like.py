"""What a client stumbles over where usage stands in a choice and nothing costs 402: kimi-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks
from tests.vectors.refusals import CALLING, FUNCTION, RESULT, USER

PROFILE = "kimi-like"
NEW, OLDER = "kimi-k3", "kimi-k2.6"


def test_usage_stands_in_the_choice_of_the_finish_chunk(client: Clients) -> None:
    last = chunks(client(PROFILE), model=NEW)[-1]
    inside: Any = last.choices[0]
    assert last.usage is None
    assert inside.usage["total_tokens"] > 0


def test_an_empty_piece_of_reasoning_says_that_it_has_ended(client: Clients) -> None:
    deltas = [chunk.choices[0].delta.to_dict() for chunk in chunks(client(PROFILE), model=NEW)]
    thoughts = [delta["reasoning_content"] for delta in deltas if "reasoning_content" in delta]
    assert thoughts[-1] == ""
    assert all(thoughts[:-1])


@pytest.mark.parametrize(("key", "type_"), [("no-balance", "exceeded"), ("overloaded", "engine_overloaded")])
def test_an_empty_purse_and_overload_are_429(key: str, type_: str, client: Clients) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client(PROFILE, api_key=f"sk-mock-{key}"), model=NEW)
    assert (caught.value.type or "").startswith(type_)
    assert caught.value.code is None


def test_a_model_that_thinks_has_one_temperature(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="invalid temperature: only 1 is allowed for this model"):
        ask(client(PROFILE), model=OLDER, temperature=0.6)


def test_a_model_that_thinks_cannot_be_forced_to_call(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="tool_choice 'required' is incompatible with thinking enabled"):
        ask(client(PROFILE), model=OLDER, tools=[FUNCTION], tool_choice="required")


def test_the_newest_model_can_be_forced_and_names_its_calls_after_the_tool(client: Clients) -> None:
    calls = ask(client(PROFILE), model=NEW, tools=[FUNCTION], tool_choice="required").choices[0].message.tool_calls
    assert [call.id for call in calls or []] == ["f_0"]


def test_the_reasoning_of_a_call_must_come_back_and_the_error_counts_messages(client: Clients) -> None:
    asked: Any = {"messages": [USER, CALLING, RESULT], "tools": [FUNCTION]}
    with pytest.raises(openai.BadRequestError, match=r"reasoning_content is missing .* at index 1"):
        client(PROFILE).chat.completions.create(model=NEW, **asked)


def test_only_a_refused_prompt_has_a_code_and_it_is_a_number(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="considered high risk") as caught:
        ask(client(PROFILE, api_key="sk-mock-error-content-filtered"), model=NEW)
    body: Any = caught.value.body
    assert body["code"] == 400


def test_a_path_that_is_not_served_answers_without_an_error_object(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/responses", {"model": NEW, "input": "Hi"})
    assert (answer.status_code, answer.json()["error"]) == (404, "url.not_found")
