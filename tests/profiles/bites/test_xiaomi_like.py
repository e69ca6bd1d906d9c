"""What a client stumbles over where each message says "Param Incorrect" and reasoning must come back: xiaomi-like."""

from typing import Any

import openai
import pytest

from tests.profiles.bites.conftest import Clients, Raw, ask, chunks
from tests.vectors.refusals import CALLING, FUNCTION, RESULT, USER

PROFILE = "xiaomi-like"
CHAT = "/v1/chat/completions"
SEEING, PRO = "mimo-v2.5", "mimo-v2.5-pro"
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


def test_what_is_wrong_stands_in_param_and_not_in_the_message(client: Clients) -> None:
    with pytest.raises(openai.BadRequestError, match="Param Incorrect") as caught:
        ask(client(PROFILE), model="no-such")
    assert (caught.value.param, caught.value.code) == ("Not supported model no-such", "400")


def test_usage_comes_at_the_end_though_nobody_asked(client: Clients) -> None:
    last = chunks(client(PROFILE), model=SEEING)[-1]
    assert last.choices == []
    assert last.usage is not None


def test_each_delta_has_all_keys_and_null_where_it_says_nothing(client: Clients) -> None:
    deltas = [chunk.choices[0].delta.to_dict() for chunk in chunks(client(PROFILE), model=SEEING) if chunk.choices]
    assert {tuple(delta) for delta in deltas} == {("content", "role", "tool_calls", "reasoning_content")}


def test_later_pieces_of_a_call_have_neither_id_nor_name(client: Clients) -> None:
    told = chunks(client(PROFILE), model=PRO, tools=[FUNCTION], tool_choice="required")
    calls = [call for chunk in told if chunk.choices for call in (chunk.choices[0].delta.tool_calls or [])]
    assert [call.id is None for call in calls[:2]] == [False, True]
    assert calls[1].function is not None
    assert calls[1].function.name is None


def test_an_image_for_a_model_that_reads_is_404(client: Clients) -> None:
    messages: Any = [{"role": "user", "content": [IMAGE]}]
    with pytest.raises(openai.NotFoundError, match="No endpoints found that support image input"):
        client(PROFILE).chat.completions.create(model=PRO, messages=messages)


@pytest.mark.parametrize(("stream", "start"), [(False, '{"error":'), (True, 'data:{"error":')])
def test_the_reasoning_of_a_call_must_come_back(stream: bool, start: str, raw: Raw) -> None:
    messages = [USER, CALLING, RESULT]
    answer = raw(PROFILE, CHAT, {"model": SEEING, "messages": messages, "tools": [FUNCTION], "stream": stream})
    assert (answer.status_code, "must be passed back to the API" in answer.text) == (400, True)
    assert answer.text.startswith(start)


def test_only_the_refusal_of_a_key_is_indented(raw: Raw) -> None:
    body = {"model": SEEING, "messages": [USER]}
    assert raw(PROFILE, CHAT, body, key="sk-mock-invalid").text.startswith('{\n    "error"')
    assert raw(PROFILE, CHAT, {"model": SEEING}).text.startswith('{"error"')
