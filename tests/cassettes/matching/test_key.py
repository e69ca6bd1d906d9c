"""The match key: the same for every way to ask the same, another for everything that can change the answer."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.matching.key import canonical_json, key_of, loose_key
from mockprovider.cassettes.matching.rules import Rules
from mockprovider.tape import Request
from tests.strategies import blobs, json_bodies, json_objects, json_scalars, law, respelled
from tests.vectors.fields import FIELDS

MESSAGES = b'{"role":"user","content":"Hello"},{"role":"user","content":"x"}'
ASKED = b'{"model":"m","stream":true,"temperature":1,"messages":[%b]}' % MESSAGES


def posting(body: bytes, content_type: bytes = b"application/json") -> Request:
    return Request("POST", "/v1/chat/completions", "a=1", ((b"Content-Type", content_type),), body)


@law()
@given(json_bodies | blobs)
def test_the_canonical_form_of_a_canonical_form_is_itself(body: bytes) -> None:
    once = canonical_json(body)
    assert canonical_json(once) == once


@law()
@given(json_bodies)
def test_the_canonical_form_says_the_same(body: bytes) -> None:
    assert json.loads(canonical_json(body)) == json.loads(body)


@law()
@given(json_objects, st.data())
def test_a_respelled_body_has_the_same_key(value: dict[str, Any], data: st.DataObject) -> None:
    one, other = data.draw(respelled(value)), data.draw(respelled(value))
    assert key_of(posting(one)) == key_of(posting(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}'),
        (b'{"a":1}', b' {\n "a" :\t1 }\r\n'),
        (b'{"a":"\xc3\xa9/"}', b'{"\\u0061":"\\u00E9\\/"}'),
        ('{"a":"😀"}'.encode(), b'{"a":"\\ud83d\\ude00"}'),
        (b'{"a":1.0}', b'{"a":1}'),
        (b'{"a":100}', b'{"a":1e2}'),
        (b'{"a":0.5}', b'{"a":5E-1}'),
        (b'{"a":0.10}', b'{"a":0.1}'),
        (b'{"a":1}', b"\xef\xbb\xbf" + b'{"a":1}'),
    ],
)
def test_two_spellings_of_one_value_have_one_key(one: bytes, other: bytes) -> None:
    assert key_of(posting(one)) == key_of(posting(other))


@pytest.mark.parametrize("kind", [b"", b"text/plain", b"application/vnd.api+json"])
@pytest.mark.parametrize("body", [b'{ "a": 1 }', b"[1, 2]", b' {"a":1}', b"\n[1]"])
def test_json_is_known_for_what_it_is_whatever_it_is_called(body: bytes, kind: bytes) -> None:
    assert key_of(posting(body, kind)) == key_of(posting(canonical_json(body), kind))


def test_a_long_body_has_the_key_of_the_same_in_short() -> None:
    assert key_of(posting(ASKED.replace(b",", b"," + b" " * 70_000))) == key_of(posting(ASKED))


@law(50)
@given(json_objects.filter(bool), json_scalars, st.data())
def test_a_changed_value_changes_the_key(value: dict[str, Any], new: Any, data: st.DataObject) -> None:
    changed: Any = copy.deepcopy(value)
    place = changed
    while True:
        step = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[step], dict | list) or not place[step]:
            break
        place = place[step]
    if place[step] == new and isinstance(place[step], bool) == isinstance(new, bool):
        new = [new]
    place[step] = new
    assert key_of(posting(json.dumps(value).encode())) != key_of(posting(json.dumps(changed).encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"stream":true', b'"stream":false'),
        (b'"stream":true,', b""),
        (b'"stream":true', b'"stream":1'),
        (b'"stream":true', b'"stream":"true"'),
        (b'"stream":true', b'"stream":null'),
        (b'"temperature":1', b'"temperature":1.0000001'),
        (b'"temperature":1', b'"temperature":"1"'),
        (b'"temperature":1', b'"temperature":[1]'),
        (b'"temperature":1', b'"temperature":true'),
        (b'"temperature":1', b'"temperature":-1'),
        (b'"temperature":1', b'"Temperature":1'),
        (b'"temperature":1', b'"temperature":1,"seed":null'),
        (b'"temperature":1', b'"temperature":1,"temperature":1'),
        (b'"temperature":1', b'"temperature":1,"temperature":2'),
        (b'"Hello"', b'"hello"'),
        (b'"Hello"', b'"Hello "'),
        (b'"Hello"', b'"Hello\\n"'),
        (b'"Hello"', b'"He\\u0301llo"'),
        (
            b'{"role":"user","content":"Hello"},{"role":"user","content":"x"}',
            b'{"role":"user","content":"x"},{"role":"user","content":"Hello"}',
        ),
    ],
)
def test_what_could_change_the_answer_changes_the_key(old: bytes, new: bytes) -> None:
    assert old in ASKED
    assert key_of(posting(ASKED.replace(old, new))) != key_of(posting(ASKED))


def test_bodies_that_name_a_key_twice_differ_by_what_they_say_first() -> None:
    assert key_of(posting(b'{"a":1,"a":2}')) != key_of(posting(b'{"a":3,"a":2}'))


@pytest.mark.parametrize(
    ("one", "other"), [(b"1152921504606846976", b"1152921504606846977"), (b"9007199254740993.0", b"9007199254740992")]
)
def test_whole_numbers_too_long_for_a_float_are_told_apart(one: bytes, other: bytes) -> None:
    assert key_of(posting(b'{"a":%b}' % one)) != key_of(posting(b'{"a":%b}' % other))


def test_numbers_too_large_for_a_float_are_told_apart() -> None:
    assert key_of(posting(b'{"a":1e400}')) != key_of(posting(b'{"a":1e500}'))


@law()
@given(blobs.map(lambda body: b"\xff" + body), blobs.map(lambda body: b"\xff" + body))
def test_a_body_that_is_no_json_counts_by_its_bytes(one: bytes, other: bytes) -> None:
    assert (key_of(posting(one, b"audio/mpeg")) == key_of(posting(other, b"audio/mpeg"))) == (one == other)


@pytest.mark.parametrize("kind", [b"application/json", b"text/plain"])
@pytest.mark.parametrize(
    "body", [b"{", b"{'a': 1}", b"{} {}", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"], ids=lambda b: repr(b[:9])
)
def test_what_can_not_be_read_as_json_counts_by_its_bytes(body: bytes, kind: bytes) -> None:
    assert key_of(posting(body, kind)) != key_of(posting(body + b" ", kind))


@pytest.mark.parametrize(
    "other",
    [
        Request("PUT", "/v1/x", "a=1", (), b"x"),
        Request("POST", "/v1/y", "a=1", (), b"x"),
        Request("POST", "/v1/x/", "a=1", (), b"x"),
        Request("POST", "/v1/X", "a=1", (), b"x"),
        Request("POST", "/v1/%78", "a=1", (), b"x"),
        Request("POST", "/v1/x", "a=2", (), b"x"),
        Request("POST", "/v1/x", "", (), b"x"),
        Request("POST", "/v1/x", "a=1", (), b"y"),
        Request("POST", "/v1/x", "a=1", (), b""),
        Request("POST", "/v1/xa=1", "", (), b"x"),
        Request("POST", "/v1/x", "a=1x", (), b""),
    ],
    ids=lambda request: f"{request.method} {request.target} {request.body!r}",
)
def test_method_path_query_and_body_are_in_the_key(other: Request) -> None:
    assert key_of(other) != key_of(Request("POST", "/v1/x", "a=1", (), b"x"))


def test_headers_are_not_in_the_key() -> None:
    bare = Request("POST", "/v1/x", body=ASKED)
    dressed = Request("POST", "/v1/x", "", ((b"Authorization", b"Bearer sk-1"), (b"User-Agent", b"x")), ASKED)
    assert key_of(bare) == key_of(dressed)


def multipart(
    boundary: bytes, content: bytes = b"RIFF", name: bytes = b"file", head: bytes = b"boundary=%b"
) -> Request:
    lines = [
        b"--" + boundary,
        b'Content-Disposition: form-data; name="%b"' % name,
        b"",
        content,
        b"--" + boundary + b"--",
        b"",
    ]
    return posting(b"\r\n".join(lines), b"multipart/form-data; " + head % boundary)


@pytest.mark.parametrize(
    ("boundary", "head"),
    [
        (b"----WebKitFormBoundary7MA4", b"boundary=%b"),
        (b"7d1c5f0e9a", b'boundary="%b"'),
        (b"7d1c5f0e9a", b"Boundary=%b"),
        (b"7d1c5f0e9a", b"charset=utf-8; boundary=%b; x=y"),
        (b"a'()+_-./:=?", b'boundary="%b"'),
        (b"a,b", b'boundary="%b"'),
    ],
)
def test_the_boundary_of_a_multipart_body_is_not_in_the_key(boundary: bytes, head: bytes) -> None:
    assert key_of(multipart(boundary, head=head)) == key_of(multipart(b"another"))


@pytest.mark.parametrize("change", [{"content": b"RIFf"}, {"name": b"fils"}, {"content": b"RIFF\r\n"}])
def test_the_parts_of_a_multipart_body_are_in_the_key(change: dict[str, bytes]) -> None:
    assert key_of(multipart(b"one", **change)) != key_of(multipart(b"two"))


VALUES: tuple[Any, ...] = (None, False, True, 0, 1, 0.5, "", "a", "A", "a ", [], ["a"], {}, {"a": 1}, {"a": None})
"""Values of every kind; none of them means the same as another."""


@pytest.mark.parametrize(("path", "field"), [(path, field) for path, fields in FIELDS.items() for field in fields])
def test_a_field_of_the_api_counts_with_each_of_its_values_and_when_it_is_absent(path: str, field: str) -> None:
    base = {"model": "m", "input": "i", "messages": [{"role": "user", "content": "x"}]}
    bodies = [{**base, field: value} for value in VALUES] + [{k: v for k, v in base.items() if k != field}]
    keys = {key_of(Request("POST", path, body=json.dumps(body).encode())) for body in bodies}
    assert len(keys) == len(bodies)


FORM = (
    b'--B\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n'
    b'--B\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n\0\xff\r\n'
    b"--B--\r\n"
)
PARTS = FORM.split(b"--B")


def upload(body: bytes, boundary: bytes = b"B") -> Request:
    return posting(body, b"multipart/form-data; boundary=" + boundary)


@pytest.mark.parametrize(
    "same",
    [
        upload(FORM.replace(b"--B", b"--other"), b"other"),
        upload(FORM.replace(b"--B", b"--a:b c"), b'"a:b c"'),
        upload(b"--B".join([PARTS[0], PARTS[2], PARTS[1], PARTS[3]])),
        upload(FORM.replace(b"content-disposition", b"Content-Disposition")),
        upload(FORM + b"an epilogue"),
    ],
)
def test_a_form_has_the_key_of_the_same_parts_under_another_boundary_and_in_another_order(same: Request) -> None:
    assert key_of(same) == key_of(upload(FORM))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"whisper-1", b"whisper-2"),
        (b'"model"', b'"modal"'),
        (b"a.wav", b"b.wav"),
        (b"\xff", b"\xfe"),
        (b"wav", b"mp3"),
    ],
)
def test_a_form_has_another_key_when_a_part_differs(old: bytes, new: bytes) -> None:
    assert key_of(upload(FORM.replace(old, new))) != key_of(upload(FORM))


@pytest.mark.parametrize("broken", [b"", b"--B", FORM[:-6], FORM.replace(b"\r\n\r\n", b"\r\n")])
def test_what_only_claims_to_be_a_form_counts_by_its_bytes(broken: bytes) -> None:
    assert key_of(upload(broken)) != key_of(upload(broken + b" "))


SYSTEM = {"role": "system", "content": "You are kind."}
USER = {"role": "user", "content": "Hello"}
TOOL = {"type": "function", "function": {"name": "weather", "description": "Tells.", "parameters": {"type": "object"}}}


def chat(**body: Any) -> Request:
    return posting(json.dumps({"model": "m", "messages": [SYSTEM, USER], "tools": [TOOL], **body}).encode())


@pytest.mark.parametrize(
    "drifted",
    [
        chat(messages=[{**SYSTEM, "content": "You are wise."}, USER]),
        chat(messages=[USER]),
        chat(messages=[{**SYSTEM, "role": "developer"}, USER]),
        chat(tools=[{**TOOL, "function": {"name": "weather", "parameters": {}}}]),
        chat(instructions="Be short."),
        chat(system="Be short."),
    ],
)
def test_loosely_the_system_prompt_and_the_tool_schemas_may_drift(drifted: Request) -> None:
    assert loose_key(drifted) == loose_key(chat())
    assert key_of(drifted) != key_of(chat())


@pytest.mark.parametrize(
    "other",
    [
        chat(messages=[SYSTEM, {**USER, "content": "Hallo"}]),
        chat(messages=[SYSTEM, USER, USER]),
        chat(model="n"),
        chat(stream=True),
        chat(tools=[{**TOOL, "function": {"name": "time"}}]),
        chat(tools=[]),
        chat(temperature=1),
    ],
)
def test_loosely_the_conversation_the_settings_and_the_names_of_tools_still_count(other: Request) -> None:
    assert loose_key(other) != loose_key(chat())


def test_a_body_too_deep_for_rules_counts_whole() -> None:
    deep = posting(b'{"a":' * 900 + b"1" + b"}" * 900)
    rules = Rules(ignore=("body.**.b",), normalize=("uuid",))
    assert key_of(deep, rules) != key_of(replace(deep, body=deep.body.replace(b"1", b"2")), rules)
