"""What a client stumbles over that knows less of event streams than the HTML standard."""

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import DefaultHttpxClient, OpenAI

from mockprovider import MockProvider, sse
from tests.fakes import NO_TLS
from tests.profiles.bites.conftest import Clients, Raw, ask, chunks

PROFILE = "hostile"
BODY: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
def stream(raw: Raw) -> bytes:
    return raw(PROFILE, "/v1/chat/completions", {**BODY, "stream": True}).content


@pytest.fixture
def tamer() -> Iterator[OpenAI]:
    """A client of the variant that the SDK can read."""
    with MockProvider(PROFILE, variant="with-data") as mock, DefaultHttpxClient(verify=NO_TLS) as http:
        yield OpenAI(base_url=f"{mock.url}/v1", api_key="sk-x", max_retries=0, http_client=http)


def test_by_the_standard_it_is_a_stream_as_any_other(stream: bytes, raw: Raw) -> None:
    *told, end = (frame.data for frame in sse.frames(stream) if frame.data is not None and frame.closed)
    said = "".join(json.loads(data)["choices"][0]["delta"].get("content", "") for data in told)
    assert end == "[DONE]"
    assert said == raw(PROFILE, "/v1/chat/completions", BODY).json()["choices"][0]["message"]["content"]


def test_it_begins_with_a_byte_order_mark(stream: bytes) -> None:
    assert stream.startswith(b"\xef\xbb\xbf:")


def test_lines_end_in_all_three_ways(stream: bytes) -> None:
    assert b"\r\n" in stream
    assert b"\r\r" in stream
    assert b"\n\n" in stream


def test_no_space_comes_after_data_and_json_goes_over_many_lines(stream: bytes) -> None:
    assert b'\rdata:{\rdata:  "id":' in stream


def test_a_writes_end_is_no_events_end() -> None:
    with (
        MockProvider(PROFILE) as mock,
        DefaultHttpxClient(verify=NO_TLS) as http,
        http.stream("POST", f"{mock.url}/v1/chat/completions", json={**BODY, "stream": True}) as answer,
    ):
        pieces = list(answer.iter_raw())
    assert any(not piece.endswith((b"\r\r", b"\n\n", b"\r\n\r\n")) for piece in pieces)


def test_the_sdk_fails_at_an_event_without_data(client: Clients) -> None:
    with pytest.raises(json.JSONDecodeError):
        chunks(client(PROFILE), model="m")


def test_without_that_event_the_sdk_reads_it_all(tamer: OpenAI) -> None:
    told = chunks(tamer, model="m", stream_options={"include_usage": True})
    said = "".join(choice.delta.content or "" for chunk in told for choice in chunk.choices)
    assert said == ask(tamer, model="m").choices[0].message.content
    assert told[-1].usage is not None


def test_whole_answers_are_read_by_the_sdk(client: Clients) -> None:
    assert ask(client(PROFILE), model="m").choices[0].finish_reason == "stop"


def test_errors_are_openais(client: Clients) -> None:
    with pytest.raises(openai.RateLimitError):
        ask(client(PROFILE, api_key="sk-mock-rate-limited"), model="m")
