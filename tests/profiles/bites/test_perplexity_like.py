"""What a client stumbles over where each chunk says all again and nothing closes a stream: perplexity-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks

PROFILE = "perplexity-like"
MODEL = "sonar"
HELLO: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}


def test_each_chunk_repeats_in_message_what_was_said_so_far(client: Clients) -> None:
    said = ""
    for chunk in chunks(client(PROFILE), model=MODEL):
        choice: Any = chunk.choices[0].to_dict()
        said += choice["delta"]["content"]
        assert choice["message"]["content"] == said


def test_lines_end_in_crlf_and_nothing_says_that_it_is_over(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", {**HELLO, "stream": True})
    assert answer.text.count("\r\n\r\n") == answer.text.count("data: ")
    assert "[DONE]" not in answer.text


def test_usage_is_on_each_chunk_and_grows(client: Clients) -> None:
    counts = [chunk.usage.completion_tokens if chunk.usage else 0 for chunk in chunks(client(PROFILE), model=MODEL)]
    assert counts[0] == 1
    assert counts == sorted(counts)


def test_the_last_chunk_says_that_it_is_done(client: Clients) -> None:
    told: Any = chunks(client(PROFILE), model=MODEL)
    assert [chunk.object for chunk in told[-2:]] == ["chat.completion.chunk", "chat.completion.done"]


def test_tools_are_taken_and_change_nothing(client: Clients) -> None:
    tool: Any = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
    choice = ask(client(PROFILE), model=MODEL, tools=[tool], tool_choice="required").choices[0]
    assert (choice.finish_reason, choice.message.tool_calls) == ("stop", None)


def test_a_cut_answer_does_not_say_so(client: Clients) -> None:
    answer = ask(client(PROFILE), model=MODEL, max_tokens=1)
    assert answer.usage is not None
    assert (answer.choices[0].finish_reason, answer.usage.completion_tokens) == ("stop", 1)


def test_citations_and_what_it_cost_stand_beside_the_answer(client: Clients) -> None:
    answer: Any = ask(client(PROFILE), model=MODEL)
    assert [each["url"] for each in answer.search_results] == answer.citations
    assert answer.usage.cost["total_cost"] > 0


def test_the_code_of_an_error_is_a_number(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=MODEL)
    body: Any = caught.value.body
    assert (body["type"], body["code"]) == ("invalid_api_key", 401)


def test_used_up_credit_looks_like_a_wrong_key(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError, match="exceeded your current quota"):
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=MODEL)


def test_an_unknown_model_is_400(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="Invalid model 'no-such'"):
        ask(client(PROFILE), model="no-such")


def test_two_messages_of_one_role_are_refused(client: Clients) -> None:
    messages: Any = [{"role": "user", "content": "Hi"}, {"role": "user", "content": "Ho"}]
    with pytest.raises(openai.BadRequestError, match="roles should be alternating"):
        client(PROFILE).chat.completions.create(model=MODEL, messages=messages)


def test_there_is_nothing_under_v1(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/chat/completions", HELLO)
    assert (answer.status_code, answer.content) == (404, b"")
