"""An exported HTTP archive: nothing is lost on the way back, and any reader of HAR 1.2 finds what it needs."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider import __version__
from mockprovider.cassettes.exporters.har import dump, url_of
from mockprovider.cassettes.importers.common import Imported, Source
from mockprovider.cassettes.importers.har import FORMAT, NEVER
from mockprovider.tape import Chunk, Complete, Exchange, Framing, Garbage, Head, Request, Tape
from tests.strategies import exchanges, law
from tests.vectors.recordings import SAMPLES

UPSTREAMS = [
    "",
    "https://api.example.com",
    "http://127.0.0.1:8080/base/",
    "n=https://api.example.com/v1",
    "v1=http://a",
]

anything = st.builds(
    lambda exchange, upstream: replace(exchange, upstream=upstream), exchanges(), st.sampled_from(UPSTREAMS)
)
"""Any exchange, from upstreams of every kind."""


def back(text: str) -> list[Exchange]:
    found = list(FORMAT.read(Source("x.har", text.encode())))
    return [each.exchange for each in found if isinstance(each, Imported)]


def entry(exchange: Exchange) -> Any:
    """The one entry of an archive."""
    (made,) = json.loads(dump([exchange]))["log"]["entries"]
    return made


@law(150)
@given(st.lists(anything, max_size=3))
def test_what_was_exported_is_imported_to_the_byte_and_the_microsecond(given: list[Exchange]) -> None:
    assert back(dump(given)) == given


@law(25)
@given(anything)
def test_an_export_is_claimed_by_its_importer(exchange: Exchange) -> None:
    assert FORMAT.claims(Source("x.har", dump([exchange]).encode()))


def test_a_foreign_archive_survives_import_export_and_import() -> None:
    first = back(SAMPLES["har"].decode())
    assert len(first) == 1
    assert back(dump(first)) == first


@law(60)
@given(anything)
def test_every_entry_has_what_har_requires(exchange: Exchange) -> None:
    made = entry(exchange)
    assert made.keys() >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
    both = {"httpVersion", "cookies", "headers", "headersSize", "bodySize"}
    assert made["request"].keys() >= {"method", "url", "queryString"} | both
    assert made["response"].keys() >= {"status", "statusText", "content", "redirectURL"} | both
    assert made["response"]["content"].keys() >= {"size", "mimeType"}
    assert made["timings"].keys() >= {"send", "wait", "receive"}
    assert made["time"] == pytest.approx(sum(made["timings"].values()))
    assert made["request"]["url"].isascii()
    assert made["request"]["url"].startswith(("http://", "https://"))


@law(25)
@given(anything)
def test_fields_that_har_does_not_know_begin_with_an_underscore(exchange: Exchange) -> None:
    made = entry(exchange)
    assert {name for name in made if name.startswith("_")} == {"_mockprovider"}
    assert made.keys() <= {"startedDateTime", "time", "request", "response", "cache", "timings", "_mockprovider"}


ANSWER = Tape(Head(0.25, 200, ((b"Content-Type", b"text/plain"),), b"OK"), (Chunk(0.5, b"hi"),), Complete(1.0))
PLAIN = Exchange(Request("POST", "/v1/x", "a=1&b=%20", (), b'{"q": 1}'), ANSWER, "2026-11-20T10:00:00.123Z")


def test_times_are_in_milliseconds() -> None:
    made = entry(PLAIN)
    assert made["timings"] == {"send": 0, "wait": 250.0, "receive": 750.0}
    assert made["time"] == 1000.0
    assert made["startedDateTime"] == "2026-11-20T10:00:00.123Z"


def test_a_time_of_recording_that_is_not_known_is_the_epoch() -> None:
    assert entry(replace(PLAIN, recorded=""))["startedDateTime"] == NEVER


def test_a_time_of_recording_that_is_no_time_is_kept_beside_the_epoch() -> None:
    odd = replace(PLAIN, recorded="last week")
    assert entry(odd)["startedDateTime"] == NEVER
    assert back(dump([odd])) == [odd]


def test_bodies_stand_as_text_where_they_are_utf_8() -> None:
    made = entry(PLAIN)
    assert made["response"]["content"] == {"size": 2, "mimeType": "text/plain", "text": "hi"}
    assert made["request"]["postData"]["text"] == '{"q": 1}'
    assert made["request"]["queryString"] == [{"name": "a", "value": "1"}, {"name": "b", "value": " "}]


def test_bodies_stand_in_base64_where_they_are_not() -> None:
    odd = replace(PLAIN, tape=Tape(ANSWER.head, (Chunk(0.5, b"\xff"),), Complete(1.0)))
    assert entry(odd)["response"]["content"] == {
        "size": 1,
        "mimeType": "text/plain",
        "text": "/w==",
        "encoding": "base64",
    }


def test_the_creator_is_mockprovider() -> None:
    log = json.loads(dump([]))["log"]
    assert log == {"version": "1.2", "creator": {"name": "mockprovider", "version": __version__}, "entries": []}


def test_an_exchange_is_a_line_of_the_file() -> None:
    assert len(dump([PLAIN] * 3).splitlines()) == 3 + 2


def test_what_is_no_http_is_kept_as_a_request_that_failed() -> None:
    odd = replace(PLAIN, tape=Tape(None, (), Garbage(0.5, b"SSH-2.0\r\n")))
    assert entry(odd)["response"]["status"] == 0
    assert back(dump([odd])) == [odd]


def test_a_redirect_says_where_it_leads() -> None:
    head = Head(0.0, 307, ((b"Location", b"/elsewhere"),), b"", Framing.LENGTH)
    assert entry(replace(PLAIN, tape=Tape(head, (), Complete(0.0))))["response"]["redirectURL"] == "/elsewhere"


@pytest.mark.parametrize(
    ("upstream", "path", "url"),
    [
        ("https://a.b", "/v1/x", "https://a.b/v1/x?q"),
        ("https://a.b/v1/", "/x", "https://a.b/v1/x?q"),
        ("n=https://a.b", "/n/v1/x", "https://a.b/v1/x?q"),
        ("n=https://a.b", "/n", "https://a.b?q"),
        ("n=https://a.b", "/nn/x", "https://a.b/nn/x?q"),
        ("", "/v1/x", "http://mockprovider.invalid/v1/x?q"),
        ("", "*", "http://mockprovider.invalid/*?q"),
        ("", "/\xe9", "http://mockprovider.invalid/%C3%A9?q"),
    ],
)
def test_the_url_is_that_of_the_upstream(upstream: str, path: str, url: str) -> None:
    assert url_of(Exchange(Request("GET", path, "q"), ANSWER, upstream=upstream)) == url
