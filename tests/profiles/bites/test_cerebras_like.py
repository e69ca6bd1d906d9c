"""What a client of a provider without an error object stumbles over: cerebras-like."""

import json
from functools import partial
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, body_for, chunks

PROFILE = "cerebras-like"
CHAT = "/v1/chat/completions"
THINKS, TALKS = "gpt-oss-120b", "gemma-4-31b"
FUNCTION = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}


body = partial(body_for, model=TALKS)


def streamed(raw: Raw, **more: Any) -> list[dict[str, Any]]:
    events = raw(PROFILE, CHAT, body(stream=True, **more)).text.split("\n\n")
    return [json.loads(event.removeprefix("data: ")) for event in events if event.startswith("data: {")]


def test_an_error_stands_at_the_top_of_its_body(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError, match="Wrong API Key") as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=TALKS)
    assert caught.value.body == {
        "message": "Wrong API Key",
        "type": "invalid_request_error",
        "param": "api_key",
        "code": "wrong_api_key",
    }


def test_no_key_is_403_and_a_detail(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body(), key="")
    assert (answer.status_code, answer.json()) == (403, {"detail": "Not authenticated"})


def test_an_unknown_path_has_no_body(raw: Raw) -> None:
    answer = raw(PROFILE, "/v1/nosuchroute", {})
    assert (answer.status_code, answer.content) == (404, b"")


def test_a_model_that_is_gone_is_unknown(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match=r"Model llama-3\.3-70b does not exist"):
        ask(client(PROFILE), model="llama-3.3-70b")


def test_a_parameter_that_it_does_not_know_is_refused_by_name(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="property 'store' is unsupported"):
        ask(client(PROFILE), model=TALKS, store=True)


def test_an_image_is_403_for_a_model_without_eyes(client: Clients) -> None:
    image: Any = [{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]
    with pytest.raises(openai.PermissionDeniedError, match="Multimodal is not enabled"):
        client(PROFILE).chat.completions.create(model=THINKS, messages=[{"role": "user", "content": image}])


def test_too_much_at_once_is_429_though_the_server_is_to_blame(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client(PROFILE, api_key="sk-mock-overloaded"), model=TALKS)
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["code"] == "queue_exceeded"


def test_the_limit_of_the_context_is_named_with_what_was_sent(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="Current length is") as caught:
        ask(client(PROFILE, api_key="sk-mock-error-prompt-too-long"), model=TALKS)
    assert isinstance(caught.value.body, dict)
    assert (caught.value.body["param"], caught.value.body["code"]) == ("messages", "context_length_exceeded")


def test_chunks_have_no_finish_reason_until_the_last(raw: Raw) -> None:
    said = ["finish_reason" in chunk["choices"][0] for chunk in streamed(raw)]
    assert said == [False] * (len(said) - 1) + [True]


def test_usage_comes_with_the_finish_unasked(client: Clients) -> None:
    *others, last = chunks(client(PROFILE), model=TALKS)
    assert [chunk.usage for chunk in others] == [None] * len(others)
    assert last.choices[0].finish_reason == "stop"
    assert last.usage is not None


def test_reasoning_is_called_reasoning(client: Clients) -> None:
    message: Any = ask(client(PROFILE), model=THINKS).choices[0].message
    assert message.reasoning
    assert not hasattr(message, "reasoning_content")


@pytest.mark.parametrize(("model", "pieces"), [(TALKS, False), (THINKS, True)])
def test_a_call_comes_whole_or_in_pieces_by_model(raw: Raw, model: str, pieces: bool) -> None:
    told = streamed(raw, model=model, tools=[FUNCTION], tool_choice="required")
    (opening, *rest) = [call for c in told for call in c["choices"][0]["delta"].get("tool_calls", ())]
    assert (opening["function"]["arguments"] == "", bool(rest)) == (pieces, pieces)
    assert all(call["type"] == "function" and "id" not in call for call in rest)
