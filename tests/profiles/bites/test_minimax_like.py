"""What a client stumbles over where reasoning is in the text and a stream just ends: minimax-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks
from tests.vectors.refusals import USER

PROFILE = "minimax-like"
CHAT = "/v1/chat/completions"
NEW, OLDER = "MiniMax-M3", "MiniMax-M2.7"
APART: dict[str, Any] = {"extra_body": {"reasoning_split": True}}


def test_reasoning_is_in_the_text_between_tags(client: Clients) -> None:
    message = ask(client(PROFILE), model=NEW).choices[0].message
    assert (message.content or "").startswith("<think>\n")
    assert not hasattr(message, "reasoning_content")


@pytest.mark.parametrize("model", [NEW, OLDER])
def test_reasoning_stands_apart_where_it_is_asked_to(model: str, client: Clients) -> None:
    message: Any = ask(client(PROFILE), model=model, **APART).choices[0].message
    assert message.reasoning_details[0]["text"] == message.reasoning_content
    assert "<think>" not in message.content


def test_no_done_ends_a_stream(raw: Raw) -> None:
    text = raw(PROFILE, CHAT, {"model": NEW, "messages": [USER], "stream": True}).text
    assert text.startswith("data: {")
    assert "[DONE]" not in text


def test_the_finish_chunk_of_an_older_model_brings_the_last_text(client: Clients) -> None:
    last = chunks(client(PROFILE), model=OLDER)[-1].choices[0]
    assert last.finish_reason == "stop"
    assert last.delta.content


def test_an_error_has_its_status_as_text_and_a_number_in_brackets(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match=r"unknown model 'no-such' \(2013\)") as caught:
        ask(client(PROFILE), model="no-such")
    body: Any = caught.value.body
    assert body["http_code"] == "400"


def test_a_second_system_message_is_refused(client: Clients) -> None:
    messages: Any = [{"role": "system", "content": "A"}, {"role": "system", "content": "B"}, USER]
    with pytest.raises(openai.BadRequestError, match="invalid chat setting"):
        client(PROFILE).chat.completions.create(model=NEW, messages=messages)


def test_thinking_is_adaptive_and_not_enabled(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="allowed: adaptive, disabled"):
        ask(client(PROFILE), model=NEW, extra_body={"thinking": {"type": "enabled"}})


def test_an_empty_purse_is_429(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError, match=r"insufficient balance \(1008\)"):
        ask(client(PROFILE, api_key="sk-mock-no-balance"), model=NEW)


def test_overload_is_529(client: Clients) -> None:
    with pytest.raises(openai.InternalServerError, match="high load") as caught:
        ask(client(PROFILE, api_key="sk-mock-overloaded"), model=NEW)
    assert caught.value.status_code == 529


def test_a_client_without_v1_gets_html(raw: Raw) -> None:
    answer = raw(PROFILE, "/chat/completions", {"model": NEW, "messages": [USER]})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html")
