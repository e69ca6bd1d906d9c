"""What a client stumbles over at Ollama's OpenAI endpoints."""

import re
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import GET_WEATHER, Clients, Raw, ask, chunks

PROFILE = "ollama-like"


def test_the_role_stands_in_every_delta(client: Clients) -> None:
    told = chunks(client(PROFILE), model="qwen3")
    assert {choice.delta.role for chunk in told for choice in chunk.choices} == {"assistant"}


def test_an_id_has_three_digits(client: Clients) -> None:
    assert re.fullmatch(r"chatcmpl-\d{3}", ask(client(PROFILE), model="llama3.2").id)


def test_a_tool_call_comes_whole(client: Clients) -> None:
    told = chunks(client(PROFILE), "What is the weather in Paris?", model="qwen3", tools=[GET_WEATHER])
    calls = [call for chunk in told for choice in chunk.choices for call in choice.delta.tool_calls or ()]
    assert [call.function and call.function.arguments for call in calls] == ['{"city":"Paris"}']


def test_a_limit_by_its_new_name_limits_nothing(client: Clients) -> None:
    new = ask(client(PROFILE), model="llama3.2", max_completion_tokens=1).choices[0].finish_reason
    old = ask(client(PROFILE), model="llama3.2", max_tokens=1).choices[0].finish_reason
    assert (new, old) == ("stop", "length")


def test_a_choice_of_tools_is_left_to_the_model(client: Clients) -> None:
    answer = ask(client(PROFILE), "Hi", model="qwen3", tools=[GET_WEATHER], tool_choice="required")
    assert answer.choices[0].message.tool_calls is None


def test_images_must_be_sent_whole(client: Clients) -> None:
    image: Any = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    with pytest.raises(openai.BadRequestError, match="image URLs are not currently supported"):
        client(PROFILE).chat.completions.create(model="gemma3:4b", messages=[{"role": "user", "content": [image]}])


def test_a_model_without_tools_says_so_under_another_name(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match=r"registry\.ollama\.ai/library/gemma3:4b does not support tools"):
        ask(client(PROFILE), model="gemma3:4b", tools=[GET_WEATHER])


def test_a_model_that_was_not_pulled_is_not_found(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match="model 'nobody' not found") as caught:
        ask(client(PROFILE), model="nobody")
    assert (caught.value.type, caught.value.code) == ("not_found_error", None)


def test_reasoning_is_called_reasoning(client: Clients) -> None:
    message: Any = ask(client(PROFILE), model="qwen3").choices[0].message
    assert message.reasoning
    assert not hasattr(message, "reasoning_content")


def test_an_unknown_path_is_no_json(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/nothing", {}, key="")
    assert (answer.status_code, answer.text) == (404, "404 page not found")


def test_a_chat_model_completes_prompts_too(client: Clients) -> None:
    assert client(PROFILE).completions.create(model="llama3.2", prompt="Hi").choices[0].text
