"""What a client stumbles over at DeepSeek's API."""

import json
from typing import Any

import httpx
import pytest

from mockprovider import MockProvider
from tests.fakes import NO_TLS
from tests.profiles.bites.conftest import GET_WEATHER, Clients, Raw, ask, chunks

PROFILE = "deepseek-like"
THINKING, ALIAS = "deepseek-v4-flash", "deepseek-chat"
OFF: Any = {"thinking": {"type": "disabled"}}
AS_IT_IS: Any = {}
CALL: Any = {"id": "call_00_a", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
KEY = {"authorization": "Bearer sk-a"}
SERDE = "Failed to deserialize the JSON body into the target type: "


def said(**more: Any) -> Any:
    return {"model": THINKING, "messages": [{"role": "user", "content": "Hi"}], **more}


def refused(raw: Raw, body: Any) -> tuple[int, str]:
    """The status of a refusal, and its message."""
    answer = raw(PROFILE, "/chat/completions", body)
    return answer.status_code, answer.json()["error"]["message"]


def as_it_was(variant: str, body: Any) -> httpx.Response:
    """What a variant answers."""
    with MockProvider(PROFILE, variant=variant) as mock, httpx.Client(verify=NO_TLS) as http:
        return http.post(f"{mock.url}/chat/completions", json=body, headers=KEY)


def test_it_thinks_unless_told_not_to(client: Clients) -> None:
    thoughts = [
        getattr(ask(client(PROFILE), model=THINKING, extra_body=more).choices[0].message, "reasoning_content", None)
        for more in (AS_IT_IS, OFF)
    ]
    assert [bool(thought) for thought in thoughts] == [True, False]


def test_the_old_name_answers_under_the_new_one(client: Clients) -> None:
    assert ask(client(PROFILE), model=ALIAS).model == THINKING


def test_usage_comes_unasked_on_the_chunk_that_finishes(client: Clients) -> None:
    *before, last = chunks(client(PROFILE), model=THINKING)
    assert not any(chunk.usage for chunk in before)
    assert last.usage
    assert last.choices[0].finish_reason == "stop"


def test_the_reasoning_of_a_call_must_come_back(raw: Raw) -> None:
    turns = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_00_a", "content": "21"},
    ]
    text = "The `reasoning_content` in the thinking mode must be passed back to the API."
    assert refused(raw, said(messages=turns, tools=[GET_WEATHER])) == (400, text)


def test_no_tool_is_forced_while_it_thinks(raw: Raw) -> None:
    text = "Thinking mode does not support this tool_choice"
    assert refused(raw, said(tools=[GET_WEATHER], tool_choice="required")) == (400, text)


def test_an_unknown_model_is_400(raw: Raw) -> None:
    assert refused(raw, said(model="nobody")) == (400, "Model Not Exist")


def test_an_image_is_a_part_it_can_not_read(raw: Raw) -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    text = f"{SERDE}messages[0]: unknown variant `image_url`, expected `text` at line 1 column 1"
    assert refused(raw, said(messages=[{"role": "user", "content": [picture]}])) == (400, text)


def test_developer_is_no_role(raw: Raw) -> None:
    status, text = refused(raw, said(messages=[{"role": "developer", "content": "Be brief."}]))
    assert status == 400
    assert text.startswith(f"{SERDE}messages[0].role: unknown variant `developer`")


@pytest.mark.parametrize("most", [0, 400_000])
def test_max_tokens_has_a_range(raw: Raw, most: int) -> None:
    text = "Invalid max_tokens value, the valid range of max_tokens is [1, 393216]"
    assert refused(raw, said(max_tokens=most)) == (400, text)


def test_a_prompt_that_is_too_long_is_refused_as_bytes_of_no_type(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", said(messages=[{"role": "user", "content": "word " * 1_050_000}]))
    error = answer.json()["error"]
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/octet-stream")
    assert error["message"].startswith("This model's maximum context length is 1048565 tokens. However, you requested ")
    assert error["code"] == "invalid_request_error"


def test_there_is_no_json_schema(raw: Raw) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}
    assert refused(raw, said(response_format=form)) == (400, "This response_format type is unavailable now")


def test_the_probabilities_of_reasoning_stand_beside_those_of_the_text(raw: Raw) -> None:
    shown = [
        raw(PROFILE, "/chat/completions", said(logprobs=True, **more)).json()["choices"][0]["logprobs"]
        for more in (AS_IT_IS, OFF)
    ]
    assert [list(odds) for odds in shown] == [["content", "reasoning_content"], ["content"]]


def test_what_is_filtered_is_a_bad_request_like_any_other(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", said(), key="sk-mock-error-content-filtered")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "Content Exists Risk")


def test_who_waits_for_json_gets_empty_lines() -> None:
    answer = as_it_was("queued", said()).content
    assert answer.startswith(b"\n\n\n{")
    assert json.loads(answer)["object"] == "chat.completion"


def test_who_waits_for_a_stream_gets_comments() -> None:
    assert as_it_was("queued", said(stream=True)).text.split("\n\n")[:3] == [": keep-alive"] * 3


def test_the_old_names_were_retired() -> None:
    answer = as_it_was("retired-names", said(model=ALIAS))
    text = "The supported API model names are deepseek-v4-pro or deepseek-v4-flash, but you passed deepseek-chat."
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, text)


def test_the_other_listing_has_another_flash() -> None:
    with MockProvider(PROFILE, variant="2026-09") as mock, httpx.Client(verify=NO_TLS) as http:
        entries = http.get(f"{mock.url}/models", headers=KEY).json()["data"]
    assert sorted(entry["id"] for entry in entries) == ["deepseek-flash", "deepseek-v4-pro"]


def test_an_answer_had_8192_tokens_at_the_most() -> None:
    answer = as_it_was("2026-02", said(model=ALIAS, max_tokens=9000))
    assert answer.json()["error"]["message"].endswith("the valid range of max_tokens is [1, 8192]")


def test_what_could_not_be_deserialized_was_422() -> None:
    answer = as_it_was("2025-03", {"model": ALIAS})
    assert (answer.status_code, answer.json()["error"]["message"][: len(SERDE)]) == (422, SERDE)


def test_the_reasoning_of_a_response_is_text_of_its_own(raw: Raw) -> None:
    reasoning, message = raw(PROFILE, "/responses", {"model": THINKING, "input": "Hi"}).json()["output"]
    assert (reasoning["type"], reasoning["content"][0]["type"], reasoning["summary"]) == (
        "reasoning",
        "reasoning_text",
        [],
    )
    assert (message["type"], message["phase"]) == ("message", "final_answer")


def test_the_sdk_reads_the_reasoning_of_a_streamed_response(client: Clients) -> None:
    with client(PROFILE).responses.stream(model=THINKING, input="Hi") as stream:
        events = list(stream)
    deltas = [event.delta for event in events if event.type == "response.reasoning_text.delta"]
    done = [event.text for event in events if event.type == "response.reasoning_text.done"]
    assert deltas
    assert ["".join(deltas)] == done


def test_a_response_says_that_it_is_not_stored(raw: Raw) -> None:
    assert raw(PROFILE, "/responses", {"model": THINKING, "input": "Hi", "store": True}).json()["store"] is False


def test_a_call_without_its_output_is_named(raw: Raw) -> None:
    call = {"type": "function_call", "call_id": "call-a", "name": "get_weather", "arguments": "{}"}
    answer = raw(PROFILE, "/responses", {"model": THINKING, "input": [call, {"role": "user", "content": "Hi"}]})
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "No tool output found for tool call call-a.",
    )
