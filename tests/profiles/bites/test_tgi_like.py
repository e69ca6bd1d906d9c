"""What a client stumbles over at Text Generation Inference."""

import openai
import pytest

from tests.profiles.bites.conftest import GET_WEATHER, Clients, Raw, ask, chunks

PROFILE = "tgi-like"
WEATHER = "What is the weather in Paris?"


def test_an_answer_has_an_empty_id(client: Clients) -> None:
    assert (ask(client(PROFILE), model="tgi").id, chunks(client(PROFILE), model="tgi")[0].id) == ("", "")


def test_a_tool_call_finishes_as_a_text_does(client: Clients) -> None:
    choice = ask(client(PROFILE), WEATHER, model="tgi", tools=[GET_WEATHER]).choices[0]
    assert choice.message.tool_calls
    assert choice.finish_reason == "stop"


def test_the_id_of_a_call_comes_with_every_piece_of_it(client: Clients) -> None:
    told = chunks(client(PROFILE), WEATHER, model="tgi", tools=[GET_WEATHER])
    calls = [call for chunk in told for choice in chunk.choices for call in choice.delta.tool_calls or ()]
    assert {call.id for call in calls} == {"0"}
    assert [call.function.name for call in calls if call.function] == ["get_weather", *[None] * (len(calls) - 1)]


def test_the_model_answers_under_its_own_name(client: Clients) -> None:
    assert ask(client(PROFILE), model="tgi").model == "meta-llama/Llama-3.1-8B-Instruct"


def test_a_long_prompt_is_422_with_a_kind_of_its_own(client: Clients) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        ask(client(PROFILE), "word " * 40_000, model="tgi")
    assert caught.value.response.json()["error_type"] == "validation"


def test_a_wrong_key_is_401_without_a_body(raw: Raw) -> None:
    body = {"model": "tgi", "messages": [{"role": "user", "content": "Hi"}]}
    answer = raw(PROFILE, "/v1/chat/completions", body, key="sk-mock-invalid")
    assert (answer.status_code, answer.content) == (401, b"")


def test_the_headers_tell_how_many_tokens_there_were(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/chat/completions", {"model": "tgi", "messages": [{"role": "user", "content": "Hi"}]})
    usage = answer.json()["usage"]
    assert int(answer.headers["x-generated-tokens"]) == usage["completion_tokens"]
