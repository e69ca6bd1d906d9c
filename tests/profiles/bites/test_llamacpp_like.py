"""What a client stumbles over at llama.cpp's llama-server."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import GET_WEATHER, Clients, Raw, ask, chunks

PROFILE = "llamacpp-like"
CHAT = "/v1/chat/completions"
LOADED = "unsloth/Qwen3.5-2B-GGUF"
MESSAGES: Any = [{"role": "user", "content": "What is the weather in Paris?"}]


def test_whatever_model_is_asked_for_the_loaded_one_answers(client: Clients) -> None:
    assert ask(client(PROFILE), model="gpt-4o").model == LOADED


def test_no_model_need_be_named(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", {"messages": MESSAGES}, key="")
    assert (answer.status_code, answer.json()["model"]) == (200, LOADED)


def test_the_models_stand_in_two_lists(raw: Raw) -> None:
    listing = raw(PROFILE, "/v1/models", key="").json()
    assert [listing["models"][0]["model"], listing["data"][0]["id"]] == [LOADED, LOADED]


def test_the_code_of_an_error_is_a_number(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match=r"Field 'temperature'.* must be number, but is string") as caught:
        ask(client(PROFILE), model="m", extra_body={"temperature": "hot"})
    assert caught.value.response.json()["error"]["code"] == 400
    assert caught.value.param is None


def test_what_a_model_cannot_hear_is_an_error_of_the_server(client: Clients) -> None:
    sound: Any = {"type": "input_audio", "input_audio": {"data": "SUQz", "format": "mp3"}}
    with pytest.raises(openai.InternalServerError, match="audio input is not supported"):
        client(PROFILE).chat.completions.create(model=LOADED, messages=[{"role": "user", "content": [sound]}])


@pytest.mark.parametrize("asked", [False, True])
def test_timings_stand_in_the_last_chunk_whichever_that_is(asked: bool, client: Clients) -> None:
    told = chunks(client(PROFILE), model="m", stream_options={"include_usage": asked})
    assert ["timings" in chunk.to_dict() for chunk in told[-2:]] == [False, True]
    assert bool(told[-1].choices) is not asked


def test_the_first_delta_has_no_content(client: Clients) -> None:
    delta = chunks(client(PROFILE), model="m")[0].choices[0].delta
    assert (delta.role, delta.content) == ("assistant", None)


def test_the_arguments_of_a_call_begin_with_its_name(client: Clients) -> None:
    told = chunks(client(PROFILE), MESSAGES[0]["content"], model="m", tools=[GET_WEATHER])
    calls = [call for chunk in told for choice in chunk.choices for call in choice.delta.tool_calls or ()]
    assert calls[0].function is not None
    assert calls[0].function.arguments
    assert len(calls[0].id or "") == 32


def test_a_stream_that_breaks_has_no_end(raw: Raw) -> None:
    asked = {"messages": MESSAGES, "stream": True}
    answer = raw(PROFILE, CHAT, asked, key="sk-mock-error-fails-midway")
    assert answer.status_code == 200
    assert answer.text.endswith('"Context size has been exceeded.","type":"server_error"}}\n\n')


def test_a_long_prompt_tells_how_long_it_may_be(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="exceeds the available context size") as caught:
        ask(client(PROFILE), "word " * 100_000, model="m")
    error: Any = caught.value.body
    assert error["n_ctx"] == 16384 < error["n_prompt_tokens"]
