"""What a client of a router stumbles over, where each upstream's answers pass through: huggingface-like."""

import json
from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import FUNCTION, Clients, Raw, ask, body_for, chunks

PROFILE = "huggingface-like"
CHAT = "/v1/chat/completions"
NEBIUS, TOGETHER, FIREWORKS = "Qwen/Qwen3-4B", "Qwen/Qwen3-Coder-480B-A35B-Instruct", "deepseek-ai/DeepSeek-V4-Pro"
GROQ, CEREBRAS, NOVITA = "moonshotai/Kimi-K2-Instruct-0905:groq", "zai-org/GLM-4.6", "meta-llama/Llama-3.1-8B-Instruct"


@pytest.mark.parametrize(
    ("model", "provider"),
    [(NEBIUS, "nebius"), (TOGETHER, "together"), (FIREWORKS, "fireworks-ai"), (GROQ, "groq"), (CEREBRAS, "cerebras")],
)
def test_a_header_says_who_answers(raw: Raw, model: str, provider: str) -> None:
    assert raw(PROFILE, CHAT, body_for(model)).headers["x-inference-provider"] == provider


def test_the_routers_own_error_is_a_string(client: Clients) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client(PROFILE, api_key="sk-mock-invalid"), model=NEBIUS)
    assert caught.value.body == "Invalid credentials in Authorization header"


def test_an_unknown_model_is_400(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="The requested model 'no/such' does not exist") as caught:
        ask(client(PROFILE), model="no/such")
    assert caught.value.code == "model_not_found"


def test_no_credits_are_402_and_repeated_in_a_header(raw: Raw) -> None:
    answer = raw(PROFILE, CHAT, body_for(NEBIUS), key="sk-mock-no-balance")
    assert (answer.status_code, answer.json()["error"]) == (402, answer.headers["x-error-message"])


def test_a_streamed_call_may_have_no_id_and_no_finish(client: Clients) -> None:
    told = chunks(client(PROFILE), model=NEBIUS, tools=[FUNCTION], tool_choice="required")
    (call,) = [call for chunk in told for choice in chunk.choices for call in choice.delta.tool_calls or ()]
    assert call.id is None
    assert {choice.finish_reason for chunk in told for choice in chunk.choices} == {None}


def test_a_streamed_call_may_have_index_minus_one(client: Clients) -> None:
    told = chunks(client(PROFILE), model=TOGETHER, tools=[FUNCTION], tool_choice="required")
    assert {c.index for chunk in told for choice in chunk.choices for c in choice.delta.tool_calls or ()} == {-1}


def test_reasoning_has_one_name_here_and_stands_in_the_text_there(client: Clients) -> None:
    shown: Any = ask(client(PROFILE), model=FIREWORKS).choices[0].message
    assert shown.reasoning_content
    assert (ask(client(PROFILE), model=NEBIUS).choices[0].message.content or "").startswith("<think>\n")


def test_a_stream_may_end_without_done(raw: Raw) -> None:
    ends = {
        model: raw(PROFILE, CHAT, body_for(model, stream=True)).text.endswith("[DONE]\n\n")
        for model in (CEREBRAS, GROQ)
    }
    assert ends == {CEREBRAS: False, GROQ: True}


def test_another_model_answers_than_was_asked(client: Clients) -> None:
    assert ask(client(PROFILE), model=NOVITA).model == "meta-llama/llama-3.2-1b-instruct"


def test_usage_may_run_through_every_chunk(client: Clients) -> None:
    counts = [chunk.usage.completion_tokens for chunk in chunks(client(PROFILE), model=NOVITA) if chunk.usage]
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_an_upstreams_refusal_passes_through(raw: Raw) -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object", "properties": {}}}}
    answer = raw(PROFILE, CHAT, body_for(NOVITA, response_format=schema))
    assert (answer.status_code, json.loads(answer.text)["reason"]) == (400, "INVALID_REQUEST_BODY")


def test_a_models_name_may_end_in_the_providers(client: Clients) -> None:
    answer: Any = ask(client(PROFILE), model="meta-llama/Llama-4-Scout-17B-16E-Instruct:groq")
    assert answer.x_groq["id"].startswith("req_")
