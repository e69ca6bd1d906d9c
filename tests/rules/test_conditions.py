"""What `when` can say: each condition is met by the requests that it means, and by no other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.tape import Request
from tests.rules.asking import CALLED, RESULT, chat, fits, posted
from tests.strategies import json_scalars, law, requests, texts

WEATHER = {"type": "function", "function": {"name": "get_weather"}}
HEADERS = ((b"X-Test", b"abc"), (b"X-Test", b"def"), (b"retry", b"0"))


@pytest.mark.parametrize(
    ("when", "met", "unmet"),
    [
        ({"user": "WEATHER"}, chat("The Weather?"), chat("Hello")),
        ({"user": "straße"}, chat("STRASSE"), chat("street")),
        ({"user": ["sun", "rain"]}, chat("No rain today"), chat("snow")),
        ({"user": "/^sun$/"}, chat("sun"), chat("Sun")),
        ({"user": "/^sun$/i"}, chat("Sun"), chat("sunny")),
        ({"user": ["/^a$/", "b"]}, chat("xBx"), chat("xax")),
        ({"user": "/^$/"}, chat(""), chat("a")),
        ({"user": "/usr/bin"}, chat("see /usr/bin."), chat("see usr")),
        (
            {"user": "weather"},
            chat("weather", CALLED, RESULT),
            chat("Hello", {"role": "assistant", "content": "weather"}),
        ),
        ({"model": "gpt-4o*"}, chat(model="gpt-4o-mini"), chat(model="GPT-4o")),
        ({"model": "gpt-4o"}, chat(model="gpt-4o"), chat(model="gpt-4o-mini")),
        ({"model": "*"}, chat(model=""), chat(model=None)),
        ({"model": ["a", "b?"]}, chat(model="b1"), chat(model="b")),
        ({"model": "/^o[134]/"}, chat(model="o3-mini"), chat(model="gpt-4o")),
        ({"stream": True}, chat(stream=True), chat(stream=1)),
        ({"stream": False}, chat(), chat(stream=True)),
        ({"path": "/v1/*"}, posted({}, "/v1/embeddings"), posted({}, "/v2/embeddings")),
        ({"path": ["/a", "*/b"]}, posted({}, "/x/y/b"), posted({}, "/b/c")),
        ({"method": "get"}, Request("GET", "/"), Request("POST", "/")),
        ({"method": ["GET", "HEAD"]}, Request("HEAD", "/"), Request("POST", "/")),
        ({"header.x-test": "abc"}, chat(headers=HEADERS), chat()),
        ({"header.X-Test": "def"}, chat(headers=HEADERS), chat(headers=((b"x-test", b"DEF"),))),
        ({"header.x-test": "/^d/"}, chat(headers=HEADERS), chat(headers=HEADERS[:1])),
        ({"header.x-test": ["q", "abc"]}, chat(headers=HEADERS), chat(headers=HEADERS[1:])),
        ({"header.retry": 0}, chat(headers=HEADERS), chat(headers=((b"retry", b"1"),))),
        ({"header.retry": {"exists": True}}, chat(headers=HEADERS), chat()),
        ({"header.retry": {"exists": False}}, chat(), chat(headers=HEADERS)),
        ({"tool_result": True}, chat("x", CALLED, RESULT), chat("x")),
        ({"tool_result": False}, chat("x"), chat("x", CALLED, RESULT)),
        ({"tool_result": "sunny"}, chat("x", CALLED, RESULT), chat("sunny")),
        ({"tool_result": "/2\\d deg/"}, chat("x", CALLED, RESULT), chat("x", CALLED, {**RESULT, "content": "2 deg"})),
        ({"tool_result": ["rain", "sun"]}, chat("x", RESULT), chat("x", {**RESULT, "content": "snow"})),
        ({"$.tools[*].function.name": "get_weather"}, chat(tools=[{}, WEATHER]), chat(tools=[{}])),
        ({"$.tools[*].function.name": "/^get_/"}, chat(tools=[WEATHER]), chat(tools=[{"function": {"name": 1}}])),
        ({"$.n": [1, "two"]}, chat(n="two"), chat(n=2)),
        ({"$.n": 1}, chat(n=1.0), chat(n=True)),
        ({"$.n": True}, chat(n=True), chat(n=1)),
        ({"$.n": None}, chat(n=None), chat()),
        ({"$.n": {"exists": True}}, chat(n=None), chat()),
        ({"$.n": {"exists": False}}, chat(), chat(n=None)),
        ({"$.n": {"exists": False}}, Request("GET", "/"), posted({"n": 1})),
        ({"$..city": "Paris"}, chat(a=[{"b": {"city": "Paris"}}]), chat(a=[{"b": {"town": "Paris"}}])),
        ({"$[?@ > 2]": {"exists": True}}, posted([1, 3]), posted([1, 2])),
        ({"$.messages[?@.role == 'user'].content": "a"}, chat("a"), chat("b")),
    ],
)
def test_a_condition_is_met_by_what_it_means(when: dict[str, Any], met: Request, unmet: Request) -> None:
    assert fits(when, met)
    assert not fits(when, unmet)


def test_all_conditions_must_be_met() -> None:
    when = {"user": "weather", "stream": True, "header.x-test": "abc", "$.n": 1}
    whole: dict[str, Any] = {"headers": HEADERS, "stream": True, "n": 1}
    assert fits(when, chat("weather", **whole))
    assert not fits(when, chat("hello", **whole))
    assert not any(
        fits(when, chat("weather", **{k: v for k, v in whole.items() if k != gone})) for gone in ("stream", "n")
    )
    assert not fits(when, chat("weather", stream=True, n=1))


@pytest.mark.parametrize("when", [None, {}])
def test_no_condition_is_met_by_everything(when: dict[str, Any] | None) -> None:
    assert fits(when or {}, Request("GET", "/"))


@law()
@given(texts, texts, texts)
def test_a_user_text_has_each_of_its_parts_in_any_case(before: str, wanted: str, after: str) -> None:
    if wanted and not (wanted.startswith("/") and wanted.endswith(("/", "/i"))):
        assert fits({"user": wanted.swapcase().swapcase()}, chat(before + wanted.swapcase().swapcase() + after))


@law()
@given(json_scalars)
def test_a_path_finds_the_value_that_is_there(value: Any) -> None:
    if not (isinstance(value, str) and value.startswith("/")):
        assert fits({"$.x[1]": value}, posted({"x": [0, value]}))


EVERY_CONDITION = {
    "user": ["a", "/b/i"],
    "model": ["g*", "/x/"],
    "stream": False,
    "tool_result": False,
    "path": "*",
    "method": "*",
    "header.a": "b",
    "$..x[?@.y > 1]": [1, "/a/"],
    "$.a..b": {"exists": False},
}
DEEP = (b"[" * 100_000, b'{"x":' * 900 + b"1" + b"}" * 900, b'{"a":' * 90_000, b'{"n": ' + b"1" * 5000 + b"}")


@law(60)
@given(requests | st.sampled_from(DEEP).map(posted))
def test_whatever_a_request_is_it_meets_a_condition_or_not(request: Request) -> None:
    for key, value in EVERY_CONDITION.items():
        assert fits({key: value}, request) in (True, False)
