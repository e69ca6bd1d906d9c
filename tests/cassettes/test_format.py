"""One exchange as one file: nothing is lost, a person can edit it, and what can't be used is refused by its place."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mockprovider import yamlfile
from mockprovider.cassettes import format as form
from mockprovider.errors import CassetteError
from mockprovider.tape import Chunk, Complete, Cut, Ending, Exchange, Head, Request, Tape, ending_name
from tests.strategies import ENDINGS, SPELLINGS, exchanges, json_objects, law, requests, surrogate_texts

KEY = "0123456789abcdef0123456789abcdef"
NAME = "0001-x.yaml"


def back(exchange: Exchange) -> Exchange:
    return form.load(form.dump(exchange, KEY), NAME)


def asking(body: bytes) -> Exchange:
    return Exchange(Request("POST", "/v1/x", body=body), Tape(None, (), Cut(0.0)))


@law(150)
@given(exchanges())
def test_what_was_dumped_is_loaded_to_the_byte_and_the_microsecond(exchange: Exchange) -> None:
    assert back(exchange) == exchange


@law(25)
@given(exchanges())
def test_an_exchange_has_one_file(exchange: Exchange) -> None:
    file = form.dump(exchange, KEY)
    assert form.dump(form.load(file, NAME), KEY) == file


@law(25)
@given(exchanges())
def test_a_file_written_again_by_another_yaml_writer_holds_the_same(exchange: Exchange) -> None:
    documents = yamlfile.load(form.dump(exchange, KEY), NAME)
    assert form.load(yaml.safe_dump_all(documents, encoding="utf-8", sort_keys=False), NAME) == exchange


@law(25)
@given(exchanges())
def test_the_chunks_stand_apart_from_what_was_asked_and_how_it_went(exchange: Exchange) -> None:
    first, *rest = yamlfile.load(form.dump(exchange, KEY), NAME)
    told = {"version", "recorded", "upstream", "cwd", "fidelity", "origin", "source"}
    told |= {"request", "response", "ending", "notes"}
    assert set(first) <= told
    assert len(rest) == bool(exchange.tape.chunks)


@pytest.mark.parametrize("gap", [1 / 3e6, 4e-7, 1.0000005, 0.0123456789])
def test_rounding_never_adds_up(gap: float) -> None:
    chunks = tuple(Chunk(number * gap, b"x") for number in range(20_000))
    exchange = Exchange(Request("GET", "/"), Tape(Head(0.0, 200), chunks, Complete(chunks[-1].at)))
    late = [abs(known.at - chunk.at) for known, chunk in zip(back(exchange).tape.chunks, chunks, strict=True)]
    assert max(late) <= 0.5e-6 + 1e-9


@law(25)
@given(exchanges())
def test_times_stand_as_gaps_in_whole_microseconds(exchange: Exchange) -> None:
    gaps = [float(gap) for gap in re.findall(rb"(?m)^ *-? ?after: (\S+)$", form.dump(exchange, KEY))]
    assert all(gap >= 0 and abs(gap * 1e6 - round(gap * 1e6)) < 1e-3 for gap in gaps)


@pytest.mark.parametrize("spelling", SPELLINGS[:5], ids=str)
def test_a_json_body_in_a_usual_spelling_is_laid_out_for_people(spelling: dict[str, Any]) -> None:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "two\nlines, naïve"}]}, **spelling)
    text = form.dump(asking(body.encode()), KEY).decode()
    assert "      model: m\n      messages:\n        - role: user\n          content: |-\n            two\n" in text


@law()
@given(json_objects, st.sampled_from([{"indent": 3}, {"separators": (" ,", " : ")}, {"indent": "\t"}]))
def test_a_json_body_in_a_spelling_of_its_own_keeps_it(value: dict[str, Any], spelling: dict[str, Any]) -> None:
    body = json.dumps(value, **spelling).encode()
    assert back(asking(body)).request.body == body


@pytest.mark.parametrize("depth", [10, 50, 70, 500, 20_000])
@pytest.mark.parametrize(("start", "end"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_a_json_body_comes_back_however_deep_it_nests(depth: int, start: bytes, end: bytes) -> None:
    body = start * depth + b"1" + end * depth
    assert back(asking(body)).request.body == body


@law()
@given(surrogate_texts)
def test_a_json_body_comes_back_though_it_names_half_a_character(text: str) -> None:
    body = json.dumps({"a": text, text: 1}).encode()
    assert back(asking(body)).request.body == body


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e400}',
        b'{"a":1,"a":2}',
        b'{"a":1.10}',
        b'{"a":1E5}',
        b'{"a":-0}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"<<":{"b":1}}',
        b'{"' + b"k" * 2000 + b'":1}',
        b'{"a":"\\u00e9"}',
        b'{"a":"\\/"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":1}\n',
        b"{",
        b"[]",
        b"{}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_with_something_odd_in_it_comes_back_to_the_byte(body: bytes) -> None:
    assert back(asking(body)).request.body == body


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: type(ending).__name__)
def test_an_ending_has_its_name_in_the_file(ending: Ending) -> None:
    file = form.dump(Exchange(Request("GET", "/"), Tape(None, (), ending)), KEY)
    assert f"\nending:\n  how: {ending_name(ending)}\n".encode() in file


@law(25)
@given(exchanges(), st.sampled_from(["", "0a1b2c3d"]))
def test_the_first_line_has_the_key_and_the_rules_it_was_made_by(exchange: Exchange, rules: str) -> None:
    assert form.index_of(form.dump(exchange, KEY, rules)) == (KEY, rules)


@law()
@given(exchanges(), st.data())
def test_the_key_in_the_first_line_no_longer_counts_once_anything_below_has_changed(
    exchange: Exchange, data: st.DataObject
) -> None:
    file = bytearray(form.dump(exchange, KEY))
    place = data.draw(st.integers(file.index(b"\n") + 1, len(file) - 1))
    file[place] ^= data.draw(st.integers(1, 255))
    assert form.index_of(bytes(file)) is None


@pytest.mark.parametrize(
    "file", [b"", b"\n", b"version: 1\n", b"# mockprovider exchange; index\n", b"\xff\n", b"# a b\nx"]
)
def test_a_file_without_the_first_line_has_no_key_to_trust(file: bytes) -> None:
    assert form.index_of(file) is None


@law(25)
@given(exchanges())
def test_the_beginning_of_a_file_says_all_but_the_chunks(exchange: Exchange) -> None:
    file = form.dump(exchange, KEY)
    whole, first = form.load(file, "x"), form.load_first(file, "x")
    assert not first.tape.chunks
    assert type(first.tape.ending) is type(whole.tape.ending)
    assert replace(first, tape=whole.tape) == whole
    assert first.tape.head == whole.tape.head


@law(25)
@given(requests)
def test_a_request_alone_comes_back_as_it_was(request: Request) -> None:
    assert form.load_request(form.dump_request(request), "x") == request


@pytest.mark.parametrize("file", [b"", b"[]", b"a", b"request: 1", b"request: {}", b"version: 1"])
def test_what_is_no_request_is_refused_with_its_name(file: bytes) -> None:
    with pytest.raises(CassetteError, match=r"\Afile"):
        form.load_request(file, "file")


SOUND = """\
version: 1
recorded: "2026-11-20T10:00:00.000Z"
request:
  method: POST
  path: /v1/x
  headers:
    - [Host, x]
  body: Hello
response:
  after: 0.5
  status: 200
  framing: chunked
  headers:
    - [X-A, "1"]
ending:
  how: complete
  after: 0.25
---
- after: 0.25
  data: abc
- after: 1
  data: !!binary "/w=="
"""
"""A file as a person may write it."""


def test_a_file_written_by_hand_is_loaded() -> None:
    chunks = (Chunk(0.75, b"abc"), Chunk(1.75, b"\xff"))
    assert form.load(SOUND.encode(), NAME) == Exchange(
        Request("POST", "/v1/x", "", ((b"Host", b"x"),), b"Hello"),
        Tape(Head(0.5, 200, ((b"X-A", b"1"),)), chunks, Complete(2.0)),
        "2026-11-20T10:00:00.000Z",
    )


def edited(old: str, new: str) -> bytes:
    assert old in SOUND
    return SOUND.replace(old, new, 1).encode()


DAMAGED: dict[str, tuple[bytes, str]] = {
    "nothing in it": (b"", ":1: not an exchange: a mapping with version, request"),
    "a list": (b"- 1\n", ":1: not an exchange"),
    "no YAML": (edited("path: /v1/x", "path: [/v1/x"), r":\d+:\d+: not valid YAML"),
    "no version": (edited("version: 1\n", ""), ":1: no version; the first key of an exchange is `version: 1`"),
    "a version that is text": (edited("version: 1", "version: one"), ":1: no version"),
    "a version to come": (edited("version: 1", "version: 99"), ":1: version 99 is newer .* upgrade mockprovider"),
    "a version that never was": (edited("version: 1", "version: 0"), ":1: no exchange has version 0"),
    "no method": (edited("  method: POST\n", ""), ":3: request.*method.*required"),
    "no request": (
        SOUND[: SOUND.index("request")].encode() + b"ending: {how: cut, after: 0}\n",
        ":1: .*request.*required",
    ),
    "no ending": (edited("ending:\n  how: complete\n  after: 0.25\n", ""), ":1: .*ending.*required"),
    "an unknown key on top": (edited("ending:", "note: x\nending:"), ":15: .*'note'; did you mean 'notes'"),
    "an unknown origin": (edited("ending:", "origin: dreamt\nending:"), r":15: origin: .*'dreamt'"),
    "a source without an address": (
        edited("ending:", "source: {confidence: reported, date: '2026'}\nending:"),
        r":15: source: the key 'at' is required",
    ),
    "an unknown confidence": (
        edited("ending:", "source: {at: x, confidence: sure, date: '2026'}\nending:"),
        r":15: source\.confidence: .*'sure'",
    ),
    "an unknown key inside": (edited("  path:", "  paht: /\n  path:"), r":5: request.*paht'; did you mean 'path'"),
    "a status that is text": (edited("200", "two hundred"), r":11: response\.status: "),
    "a status that is none": (edited("200", "20"), r":11: response\.status: "),
    "an unknown framing": (edited("framing: chunked", "framing: chonked"), r":12: response\.framing: .*'chunked'"),
    "a body behind a status that has none": (
        edited("status: 200", "status: 204"),
        r":\d+: response\.framing: .*`none`",
    ),
    "an unknown coding": (
        edited("  framing: chunked\n", "  framing: chunked\n  coding: gzp\n"),
        r":13: response\.coding: .*gzip",
    ),
    "a line end in a header": (edited('"1"', '"1\\r\\nX: 2"'), r":1\d: response\.headers: "),
    "an unknown ending": (edited("complete", "completed"), r":16: ending\.how: .*'complete'"),
    "a negative gap": (edited("after: 0.5", "after: -0.5"), r":10: response\.after: "),
    "an endless gap": (edited("after: 0.5", "after: .inf"), r":10: response\.after: "),
    "a gap that is no number": (edited("after: 0.5", "after: .nan"), r":10: response\.after: "),
    "a header of one part": (edited("[Host, x]", "[Host]"), r":[67]: request\.headers"),
    "a header that is no latin-1": (edited("[Host, x]", "[Host, 你]"), r":[67]: .*request\.headers"),
    "a body that is a number": (edited("body: Hello", "body: 5"), r":8: request\.body"),
    "JSON that is none": (edited("body: Hello", 'body: {style: compact, json: [!!binary "/w=="]}'), ":8: "),
    "JSON in an unknown style": (edited("body: Hello", "body: {style: odd, json: 1}"), r":8: request\.body"),
    "a chunk without data": (
        edited("- after: 1\n  data: !!binary", "- after: 1\n  date: !!binary"),
        ":2[01]: chunk 2: .*`data:`",
    ),
    "a chunk that is text": (edited("- after: 1\n", "- data\n- after: 1\n"), ":21: chunk 2: "),
    "a chunk with a negative gap": (edited("after: 1", "after: -1"), ":21: chunk 2: .*after"),
    "a chunk with two lines of data": (
        edited("data: abc", "data: abc\n  data: def"),
        r":21:\d+: .*'data' stands twice",
    ),
    "chunks without a head": (
        (SOUND[: SOUND.index("response")] + SOUND[SOUND.index("ending") :]).encode(),
        ": a tape without a head can't have chunks",
    ),
    "a third document": ((SOUND + "---\n- after: 0\n  data: lost\n").encode(), ":23: .*document"),
    "not UTF-8": (edited("Hello", "Hello").replace(b"Hello", b"H\xff"), ": not readable as YAML"),
}


@pytest.mark.parametrize("why", DAMAGED)
def test_a_damaged_file_is_refused_with_the_place_and_the_cause(why: str) -> None:
    file, message = DAMAGED[why]
    with pytest.raises(CassetteError, match=rf"\A{re.escape(NAME)}{message}"):
        form.load(file, NAME)


@law(100)
@given(st.integers(0, len(SOUND) - 1), st.integers(0, 12), st.binary(max_size=3))
def test_a_file_with_any_damage_is_an_exchange_or_refused(place: int, cut: int, put: bytes) -> None:
    file = SOUND.encode()
    damaged = file[:place] + put + file[place + cut :]
    try:
        assert isinstance(form.load(damaged, NAME), Exchange)
    except CassetteError as refusal:
        assert str(refusal).startswith(NAME)  # noqa: PT017 that it is raised is not the claim


def test_an_older_file_is_upgraded_version_by_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def renaming(old: str, new: str) -> Callable[[Any], Any]:
        def upgrade(documents: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
            first, *rest = documents
            return [{(new if key == old else key): value for key, value in first.items()}, *rest]

        return upgrade

    monkeypatch.setattr(form, "VERSION", 3)
    monkeypatch.setattr(form, "UPGRADES", {1: renaming("asked", "question"), 2: renaming("question", "request")})
    assert form.load(edited("request:", "asked:"), NAME).request.path == "/v1/x"
