"""What a client stumbles over at a provider without /v1 whose error codes are digits in a string: glm-like."""

import json
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks
from tests.vectors.refusals import FUNCTION

PROFILE = "glm-like"
ROOT = "/api/paas/v4"
MODEL = "glm-4.7"


def test_a_whole_tool_call_comes_in_one_chunk(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL, tools=[FUNCTION], tool_choice="required")
    (call,) = [call for chunk in told for call in (chunk.choices[0].delta.tool_calls or [])]
    assert call.id
    assert call.function is not None
    assert json.loads(call.function.arguments or "") == {}


def test_no_chunk_opens_a_stream(client: Clients) -> None:
    delta: Any = chunks(client(PROFILE), model=MODEL)[0].choices[0].delta
    assert delta.role == "assistant"
    assert delta.reasoning_content


def test_usage_rides_on_the_finish_chunk_and_none_comes_without_choices(client: Clients) -> None:
    told = chunks(client(PROFILE), model=MODEL, stream_options={"include_usage": True})
    assert all(chunk.choices for chunk in told)
    assert [chunk.usage is not None for chunk in told] == [False] * (len(told) - 1) + [True]


def test_before_the_finish_chunk_no_chunk_has_a_finish_reason(client: Clients) -> None:
    *before, last = [chunk.choices[0].to_dict() for chunk in chunks(client(PROFILE), model=MODEL)]
    assert not any("finish_reason" in choice for choice in before)
    assert last["finish_reason"] == "stop"


def test_what_follows_the_reasoning_of_an_older_model_begins_with_a_line_break(client: Clients) -> None:
    assert (ask(client(PROFILE), model="glm-4.5").choices[0].message.content or "").startswith("\n")


def test_an_unknown_model_is_400_with_digits_for_a_code(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="Unknown Model") as caught:
        ask(client(PROFILE), model="no-such")
    assert caught.value.body == {"code": "1211", "message": "Unknown Model, please check the model code."}


@pytest.mark.parametrize(("key", "code"), [("no-balance", "1113"), ("rate-limited", "1302"), ("overloaded", "1305")])
def test_only_the_code_tells_an_empty_purse_from_too_many_requests(key: str, code: str, client: Clients) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client(PROFILE, api_key=f"sk-mock-{key}"), model=MODEL)
    assert caught.value.code == code


def test_a_path_with_v1_is_the_404_of_a_framework(raw: Raw) -> None:
    answer = raw(PROFILE, f"{ROOT}/v1/chat/completions", {"model": MODEL, "messages": []})
    assert (answer.status_code, answer.json()["error"]) == (404, "Not Found")


def test_the_newest_model_cannot_be_told_not_to_think(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="不支持关闭思考"):
        ask(client(PROFILE), model="glm-5.3", extra_body={"thinking": {"type": "disabled"}})


def test_a_schema_for_the_answer_is_taken_and_not_obeyed(client: Clients) -> None:
    schema = {"name": "n", "schema": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}}
    wanted = {"type": "json_schema", "json_schema": schema}
    answer = ask(client(PROFILE), model=MODEL, response_format=wanted).choices[0].message.content or ""
    assert not answer.startswith("{")
