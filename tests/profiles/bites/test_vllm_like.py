"""What a client stumbles over at a vLLM server."""

import json
from typing import Any

import openai
import pytest

from mockprovider import MockProvider
from tests.fakes import NO_TLS
from tests.profiles.bites.conftest import GET_WEATHER, Clients, Raw, ask, chunks

PROFILE = "vllm-like"
MODEL, THINKING = "meta-llama/Llama-3.3-70B-Instruct", "zai/GLM-5.2"


def test_what_it_does_not_know_is_null(client: Clients) -> None:
    answer: Any = ask(client(PROFILE), model=MODEL).to_dict()
    assert [answer["prompt_logprobs"], answer["kv_transfer_params"], answer["system_fingerprint"]] == [None] * 3
    assert answer["choices"][0]["stop_reason"] is None


def test_reasoning_is_called_reasoning(client: Clients) -> None:
    message: Any = ask(client(PROFILE), model=THINKING).choices[0].message
    assert message.reasoning
    assert not hasattr(message, "reasoning_content")


def test_reasoning_is_turned_off_in_the_template(client: Clients) -> None:
    off = {"chat_template_kwargs": {"enable_thinking": False}}
    message: Any = ask(client(PROFILE), model=THINKING, extra_body=off).choices[0].message
    assert message.reasoning is None


def test_the_code_of_an_error_is_a_number(client: Clients) -> None:
    with pytest.raises(openai.NotFoundError, match=r"The model `nobody` does not exist\.") as caught:
        ask(client(PROFILE), model="nobody")
    assert caught.value.response.json()["error"]["code"] == 404


def test_a_wrong_type_is_400_and_a_python_repr(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match=r"1 validation error:\n  {'type'"):
        ask(client(PROFILE), model=MODEL, extra_body={"temperature": "hot"})


def test_the_error_of_a_wrong_key_is_a_text(raw: Raw) -> None:
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}
    answer = raw(PROFILE, "/v1/chat/completions", body, key="sk-mock-invalid")
    assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized"})


def test_an_error_within_a_stream_is_followed_by_its_end(raw: Raw) -> None:
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    answer = raw(PROFILE, "/v1/chat/completions", body, key="sk-mock-error-fails-midway")
    *_, error, end = answer.text.rstrip().split("\n\n")
    assert (answer.status_code, end) == (200, "data: [DONE]")
    assert json.loads(error.removeprefix("data: "))["error"]["code"] == 500


def test_the_sdk_raises_for_an_error_within_a_stream(client: Clients) -> None:
    with pytest.raises(openai.APIError, match="EngineCore encountered an issue"):
        chunks(client(PROFILE, api_key="sk-mock-error-fails-midway"), model=MODEL)


def test_a_tool_call_has_an_id_of_a_completion(client: Clients) -> None:
    calls = (
        ask(client(PROFILE), "What is the weather in Paris?", model=MODEL, tools=[GET_WEATHER])
        .choices[0]
        .message.tool_calls
    )
    assert calls
    assert calls[0].id.startswith("chatcmpl-tool-")


def test_a_server_without_a_parser_refuses_tools() -> None:
    with (
        MockProvider(PROFILE, variant="no-tool-parser") as mock,
        openai.DefaultHttpxClient(verify=NO_TLS) as http,
        pytest.raises(openai.BadRequestError, match="requires --enable-auto-tool-choice"),
    ):
        ask(
            openai.OpenAI(base_url=f"{mock.url}/v1", api_key="sk-x", http_client=http), model=MODEL, tools=[GET_WEATHER]
        )
