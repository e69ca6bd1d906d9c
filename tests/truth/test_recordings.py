"""Reading recordings: what is taken, what is left out and why, and what is said of a file that can't be read."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockprovider.cassettes.store import Cassette
from mockprovider.errors import InputError
from mockprovider.tape import Abandoned, Chunk, Complete, Exchange, Fidelity, Head, Tape
from mockprovider.truth.recordings import Answer, Recorded, Trust, providers, read_all
from tests.truth.taking import chat, row, written

EXCHANGE = Exchange(
    chat(),
    Tape(Head(0.0, 200, ((b"content-type", b"application/json"),)), (Chunk(0.0, b"{}"),), Complete(0.0)),
    upstream="https://api.acme.example",
)


def kept(folder: Path, exchange: Exchange) -> Path:
    """A cassette with one exchange."""
    cassette = Cassette.open(folder, create=True)
    cassette.begin(exchange.request).keep(exchange)
    return folder


def one(path: Path) -> Recorded:
    """The only recording in a file."""
    (found,) = read_all([path]).recordings
    return found


@pytest.mark.parametrize("name", ["some.jsonl", "some.jsonl.gz"])
def test_a_line_is_a_recording(tmp_path: Path, name: str) -> None:
    found = one(written(tmp_path / name, [row()]))
    assert (found.provider, found.host, found.answer.status) == ("acme", "api.acme.example", 200)
    assert (found.request.method, found.request.path) == ("POST", "/v1/chat/completions")
    assert (found.request.body, found.answer.body) == (b'{"model": "m", "messages": []}', b"{}")
    assert found.where == f"{tmp_path / name}:1"


def test_a_query_in_the_path_is_taken_for_one(tmp_path: Path) -> None:
    request = one(written(tmp_path / "a.jsonl", [row(path="/chat/completions?api-version=1")])).request
    assert (request.path, request.query) == ("/chat/completions", "api-version=1")


@pytest.mark.parametrize(
    ("fidelity", "trust"),
    [
        ({"headers": "full", "json": "raw", "sse": "raw"}, Trust(headers=True, spelling=True, stream=True)),
        ({"headers": "filtered", "json": "sorted", "sse": "raw"}, Trust(headers=False, spelling=False, stream=True)),
        ({"headers": "none", "json": "raw", "sse": "chunks"}, Trust(headers=False, spelling=True, stream=False)),
        ({}, Trust(headers=False, spelling=False, stream=False)),
    ],
)
def test_a_line_says_what_of_it_may_be_trusted(tmp_path: Path, fidelity: dict[str, str], trust: Trust) -> None:
    assert one(written(tmp_path / "a.jsonl", [row(fidelity=fidelity)])).answer.trust == trust


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"encoding_notes": ["sdk-object"]}, "made up, as a note on it says"),
        ({"encoding_notes": ["looks-synthetic: no ids"]}, "made up, as a note on it says"),
        ({"status": None}, "not complete"),
        ({"request_body": None}, "not complete"),
    ],
)
def test_a_line_that_is_no_evidence_is_left_out(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    library = read_all([written(tmp_path / "a.jsonl", [row(**change), row()])])
    assert (len(library.recordings), library.left_out) == (1, Counter({why: 1}))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "a.jsonl:2: not JSON: "),
        ("[]", "a.jsonl:2: not a recording: an object with path, status, "),
        ({"path": "/", "statis": 1, "request_body": "", "response_body": ""}, "a.jsonl:2: 'status' is missing; did"),
        (row(status="200"), "a.jsonl:2: status: int or null belongs here, not str"),
        (row(response_headers=["date"]), "a.jsonl:2: headers are a list of [name, value]"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_a_line_that_is_none_is_an_error_that_says_where(tmp_path: Path, line: Any, what: str) -> None:
    with pytest.raises(InputError) as problem:
        read_all([written(tmp_path / "a.jsonl", [row(), line])])
    assert what in str(problem.value)


def test_a_file_that_is_not_compressed_though_it_says_so_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b"{}")
    with pytest.raises(InputError, match=r"a\.jsonl\.gz: can't be read: Not a gzipped file"):
        read_all([tmp_path / "a.jsonl.gz"])


def test_a_compressed_file_that_is_cut_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl.gz", [row()])
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(InputError, match=r"a\.jsonl\.gz: can't be read: Compressed file ended"):
        read_all([path])


@pytest.mark.parametrize(("name", "why"), [("a.json", "no such file; recordings are a cassette's folder")])
def test_what_is_not_there_is_an_error_that_says_what_would_do(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_all([tmp_path / name])


def test_another_kind_of_file_is_an_error_that_says_what_would_do(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text("{}")
    with pytest.raises(InputError, match=r"a\.har: not recordings; give a cassette's folder"):
        read_all([tmp_path / "a.har"])


def test_a_cassette_is_read_whole(tmp_path: Path) -> None:
    found = one(kept(tmp_path / "tapes", EXCHANGE))
    assert (found.provider, found.host, found.answer.body) == ("", "api.acme.example", b"{}")
    assert found.request.body == EXCHANGE.request.body


def test_a_file_of_a_cassette_is_one_recording(tmp_path: Path) -> None:
    (path,) = kept(tmp_path / "tapes", EXCHANGE).glob("*.yaml")
    assert one(path).where == str(path)


@pytest.mark.parametrize(
    ("fidelity", "trusted"), [(Fidelity.CHUNKS, True), (Fidelity.BYTES, True), (Fidelity.FRAMES, False)]
)
def test_an_exchange_is_trusted_as_far_as_it_says(tmp_path: Path, fidelity: Fidelity, *, trusted: bool) -> None:
    found = one(kept(tmp_path / "tapes", replace(EXCHANGE, fidelity=fidelity)))
    assert found.answer.trust == Trust(trusted, trusted, trusted)


@pytest.mark.parametrize(
    ("exchange", "why"),
    [
        (replace(EXCHANGE, fidelity=Fidelity.TEXT), "made up from what was said"),
        (replace(EXCHANGE, tape=Tape(None, (), Complete(0.0))), "not complete"),
        (replace(EXCHANGE, tape=replace(EXCHANGE.tape, ending=Abandoned(0.0, "gone"))), "not complete"),
    ],
    ids=["text", "no head", "abandoned"],
)
def test_an_exchange_that_is_no_evidence_is_left_out(tmp_path: Path, exchange: Exchange, why: str) -> None:
    assert read_all([kept(tmp_path / "tapes", exchange)]).left_out == {why: 1}


@pytest.mark.parametrize(
    ("provider", "host", "word", "belongs"),
    [
        ("acme", "api.other.example", "acme", True),
        ("acme", "api.other.example", "api.other.example", True),
        ("acme", "api.other.example", "other", False),
        ("", "api.other.example:443", "other", True),
        ("", "", "acme", False),
    ],
)
def test_a_recording_belongs_to_its_provider_or_its_host(provider: str, host: str, word: str, *, belongs: bool) -> None:
    found = Recorded("", EXCHANGE.request, Answer(200, (), b""), provider, host)
    assert found.is_of([word]) == belongs


def test_the_providers_are_named_with_the_most_frequent_first(tmp_path: Path) -> None:
    rows = [row(), row(provider="zenith"), row(provider="zenith"), row(provider=None), row(provider="", host="")]
    found = read_all([written(tmp_path / "a.jsonl", rows)]).recordings
    assert providers(found) == "zenith (2), acme (1), api.acme.example (1), no provider named (1)"


def test_a_body_with_half_a_character_is_read(tmp_path: Path) -> None:
    body = json.dumps({"content": "\ud83d"})
    found = one(written(tmp_path / "a.jsonl", [row(response_body=body)]))
    assert json.loads(found.answer.body) == {"content": "\ud83d"}
