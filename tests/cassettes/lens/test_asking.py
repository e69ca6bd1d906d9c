"""The lens over a request: model, settings, tools, and who said what."""

import json
from typing import Any

import pytest
from hypothesis import given

from mockprovider.cassettes.lens.asking import Asked, Turn, asked
from mockprovider.cassettes.lens.reading import ToolCall
from mockprovider.tape import Request
from tests.strategies import json_objects, law, requests


def read(body: Any) -> Asked:
    return asked(Request("POST", "/v1/x", body=json.dumps(body).encode()))


def test_model_stream_settings_and_tools_are_told_apart() -> None:
    tools = [{"type": "function", "function": {"name": "f"}}, {"type": "function", "name": "g"}, {"type": "web_search"}]
    found = read({"model": "m", "stream": True, "temperature": 0, "tools": tools, "messages": []})
    assert found == Asked("m", True, {"temperature": 0}, ("f", "g", "web_search"), ())


_CALL = {"id": "call_1", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize(
    ("body", "turns"),
    [
        ({"messages": [{"role": "user", "content": "Hi"}]}, [Turn("user", "Hi")]),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url"}]}]},
            [Turn("user", "a\n[image_url]")],
        ),
        (
            {"messages": [{"role": "assistant", "content": None, "tool_calls": [_CALL]}]},
            [Turn("assistant", "", (ToolCall("call_1", "f", "{}"),))],
        ),
        (
            {"messages": [{"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}]},
            [Turn("assistant", "", (ToolCall("", "f", "{}"),))],
        ),
        ({"messages": [{"role": "tool", "tool_call_id": "call_1", "content": "7"}]}, [Turn("tool", "7")]),
        ({"system": "Be kind.", "messages": []}, [Turn("system", "Be kind.")]),
        ({"system": [{"type": "text", "text": "Be"}, {"text": "kind"}]}, [Turn("system", "Be\nkind")]),
        (
            {
                "messages": [
                    {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {}}]}
                ]
            },
            [Turn("assistant", "", (ToolCall("t", "f", "{}"),))],
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "tool_result", "content": [{"text": "7"}]}]}]},
            [Turn("tool", "7")],
        ),
        ({"instructions": "Be kind.", "input": "Hi"}, [Turn("system", "Be kind."), Turn("user", "Hi")]),
        ({"input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]}, [Turn("user", "Hi")]),
        (
            {"input": [{"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}]},
            [Turn("assistant", "", (ToolCall("c", "f", "{}"),))],
        ),
        ({"input": [{"type": "function_call_output", "call_id": "c", "output": "7"}]}, [Turn("tool", "7")]),
        ({"input": [{"type": "reasoning", "summary": [{"text": "Hm"}]}]}, [Turn("assistant", "Hm")]),
        ({"input": ["a", "b"]}, [Turn("input", "a"), Turn("input", "b")]),
        (
            {"input": [{"type": "text", "text": "a"}, {"type": "image_url"}]},
            [Turn("input", "a"), Turn("input", "[image_url]")],
        ),
        ({"prompt": "Once"}, [Turn("prompt", "Once")]),
        ({"prompt": [[1, 2], [3]]}, [Turn("prompt", "1\n2"), Turn("prompt", "3")]),
    ],
)
def test_a_conversation_is_read_in_every_API(body: Any, turns: list[Turn]) -> None:  # noqa: N802
    assert list(read(body).turns) == turns


def test_a_form_is_read_by_its_fields_and_a_file_by_its_name_and_size() -> None:
    parts = (
        b'--B\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n'
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n12345\r\n--B--\r\n'
    )
    request = Request("POST", "/v1/x", headers=((b"Content-Type", b"multipart/form-data; boundary=B"),), body=parts)
    found = asked(request)
    assert (found.model, found.settings) == ("whisper-1", {"file": "file 'a.wav', 5 bytes"})


@pytest.mark.parametrize("body", [b"", b"Hi", b"[1]", b"{", b"\xff", b'{"a":' * 500 + b"1" + b"}" * 500])
def test_what_is_no_question_asks_nothing(body: bytes) -> None:
    assert asked(Request("POST", "/v1/x", body=body)) == Asked()


@law(100)
@given(requests, json_objects)
def test_no_request_makes_the_lens_stumble(request: Request, body: dict[str, Any]) -> None:
    messages = [{"role": "user", **body}, body, *body.values()]
    names = ("messages", "input", "prompt", "system", "instructions", "tools", "functions")
    assert isinstance(asked(request), Asked)
    assert all(isinstance(read({name: said}), Asked) for name in names for said in (messages, body))
