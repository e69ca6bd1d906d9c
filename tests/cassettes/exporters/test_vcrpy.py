"""vcrpy's cassettes as we write them: importing gives back what they can hold, and then nothing more is lost."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mockprovider import yamlfile
from mockprovider.cassettes.exporters.vcrpy import dump, misfit
from mockprovider.cassettes.importers import ruby_vcr
from mockprovider.cassettes.importers.common import Imported, Source
from mockprovider.cassettes.importers.vcrpy import FORMAT
from mockprovider.errors import CassetteError
from mockprovider.tape import (
    HOP_BY_HOP,
    Chunk,
    Complete,
    Cut,
    Exchange,
    Fidelity,
    Framing,
    Head,
    Headers,
    Request,
    Tape,
)
from tests.strategies import exchanges, law
from tests.vectors.recordings import SAMPLES

UPSTREAMS = ("", "https://api.example.com", "http://127.0.0.1:8443", "http://[::1]:8080")


def back(text: str) -> list[Exchange]:
    """What the importer makes of a cassette, of which nothing may be refused."""
    source = Source("export.yaml", text.encode())
    found = list(FORMAT.read(source))
    assert FORMAT.claims(source)
    assert all(isinstance(each, Imported) for each in found), found
    return [each.exchange for each in found if isinstance(each, Imported)]


def grouped(headers: Headers) -> Headers:
    """The headers as a mapping can hold them: those of one name stand together."""
    names = list(dict.fromkeys(name for name, _ in headers))
    return tuple(sorted(headers, key=lambda pair: names.index(pair[0])))


@st.composite
def fitting(draw: st.DrawFn) -> Exchange:
    """An exchange that vcrpy can hold, its coding named in its headers as it is on every wire."""
    exchange = draw(exchanges())
    tape, head = exchange.tape, exchange.tape.head
    assume(head is not None)
    assert head is not None
    if exchange.coding:
        place = draw(st.integers(0, len(head.headers)))
        coding = ((b"Content-Encoding", exchange.coding.encode()),)
        head = replace(head, headers=head.headers[:place] + coding + head.headers[place:])
    return replace(
        exchange,
        tape=Tape(head, tape.chunks, Complete(tape.ending.at)),
        upstream=draw(st.sampled_from(UPSTREAMS)),
        fidelity=draw(st.sampled_from(Fidelity)),
    )


def answer(*headers: tuple[bytes, bytes], body: bytes = b"{}", framing: Framing = Framing.LENGTH) -> Tape:
    return Tape(Head(0.0, 200, headers, b"OK", framing), (Chunk(0.0, body),), Complete(0.0))


ASKED = Request("POST", "/v1/chat/completions", "", (), b"{}")


@law(100)
@given(st.lists(fitting(), min_size=1, max_size=3))
def test_import_export_and_import_again_is_the_identity(given_: list[Exchange]) -> None:
    once = back(dump(given_))
    assert back(dump(once)) == once


@law(100)
@given(fitting())
def test_what_the_format_can_hold_comes_back(exchange: Exchange) -> None:
    request, tape, head = exchange.request, exchange.tape, exchange.tape.head
    assert head is not None
    # Where there are no headers, an importer may guess the content type.
    assume(any(name.lower() != b"content-encoding" for name, _ in head.headers))
    assume(request.path.isascii() and request.path.startswith("/"))
    assume(not any(name.lower() in HOP_BY_HOP for name, _ in head.headers))
    bodiless = request.method == "HEAD" or head.status < 200 or head.status in (204, 304)
    (found,) = back(dump([exchange]))
    assert found.tape.head is not None
    assert found.request == replace(request, headers=grouped(request.headers))
    assert (found.tape.head.status, found.tape.head.reason) == (head.status, head.reason)
    assert found.tape.head.headers == grouped(head.headers)
    assert (found.tape.body, found.coding) == (b"" if bodiless else tape.body, exchange.coding)
    assert (found.recorded, found.upstream) == (exchange.recorded, exchange.upstream)
    assert found.fidelity is (Fidelity.BYTES if exchange.fidelity is Fidelity.CHUNKS else exchange.fidelity)


@pytest.mark.parametrize("name", ["vcrpy", "ruby-vcr"])
def test_a_recording_of_another_tool_survives_the_way_through_vcrpy(name: str) -> None:
    form = {"vcrpy": FORMAT, "ruby-vcr": ruby_vcr.FORMAT}[name]
    once = [each.exchange for each in form.read(Source(name, SAMPLES[name])) if isinstance(each, Imported)]
    assert once
    assert back(dump(once)) == once


def test_the_layout_is_the_one_that_vcrpy_reads() -> None:
    headers = ((b"Set-Cookie", b"a=1"), (b"X-Id", b"7"), (b"Set-Cookie", b"b=2"), (b"Content-Length", b"999"))
    exchange = Exchange(ASKED, answer(*headers), upstream="https://api.example.com")
    assert yamlfile.load(dump([exchange]), "x") == [
        {
            "interactions": [
                {
                    "request": {
                        "body": "{}",
                        "headers": {},
                        "method": "POST",
                        "uri": "https://api.example.com/v1/chat/completions",
                    },
                    "response": {
                        "body": {"string": "{}"},
                        "headers": {"Set-Cookie": ["a=1", "b=2"], "X-Id": ["7"], "Content-Length": ["2"]},
                        "status": {"code": 200, "message": "OK"},
                    },
                }
            ],
            "version": 1,
        }
    ]


def test_a_coded_body_stands_decoded_so_that_every_client_of_vcrpy_can_read_it() -> None:
    tape = answer((b"X-Id", b"7"), (b"content-encoding", b"gzip"), (b"Content-Length", b"22"))
    exchange = Exchange(ASKED, tape, coding="gzip")
    (document,) = yamlfile.load(dump([exchange]), "x")
    response = document["interactions"][0]["response"]
    assert response["body"] == {"string": "{}"}
    assert response["headers"] == {"X-Id": ["7"], "Content-Length": ["2"]}
    (found,) = back(dump([exchange]))
    assert found.coding == "gzip"
    assert found.tape.head is not None
    assert found.tape.head.headers == (
        (b"X-Id", b"7"),
        (b"content-encoding", b"gzip"),
        (b"Content-Length", b"2"),
    )


def test_a_decoded_body_that_looks_coded_is_not_decoded_again() -> None:
    exchange = Exchange(ASKED, answer((b"content-encoding", b"br"), (b"X-Id", b"7"), body=b"\x1a"), coding="br")
    (found,) = back(dump([exchange]))
    assert (found.tape.body, found.coding) == (b"\x1a", "br")


def test_a_coding_that_could_not_be_undone_stays_in_the_headers() -> None:
    tape = answer((b"Content-Encoding", b"zip"), body=b"PK\xff")
    (document,) = yamlfile.load(dump([Exchange(ASKED, tape)]), "x")
    response = document["interactions"][0]["response"]
    assert response["headers"] == {"Content-Encoding": ["zip"]}
    assert response["body"] == {"string": b"PK\xff"}


@pytest.mark.parametrize(
    ("upstream", "path", "uri"),
    [
        ("", "/v1/models", "http://mockprovider.invalid/v1/models"),
        ("https://h", "/v1/models", "https://h/v1/models"),
        ("https://h/base", "/v1/models", "https://h/base/v1/models"),
        ("work=https://h", "/work/v1/models", "https://h/v1/models"),
        ("https://h", "*", "https://h/*"),
    ],
)
def test_a_uri_is_the_upstream_and_the_path_behind_it(upstream: str, path: str, uri: str) -> None:
    exchange = Exchange(replace(ASKED, path=path), answer(), upstream=upstream)
    (document,) = yamlfile.load(dump([exchange]), "x")
    assert document["interactions"][0]["request"]["uri"] == uri


@pytest.mark.parametrize(
    ("tape", "why"),
    [
        (Tape(None, (), Cut(0.0)), "its answer has no head"),
        (Tape(Head(0.0, 200), (), Cut(0.0)), "its answer is not whole, it ended in 'cut'"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(tape: Tape, why: str) -> None:
    whole, broken = Exchange(ASKED, answer()), Exchange(ASKED, tape)
    assert (misfit(whole), misfit(broken)) == ("", why)
    with pytest.raises(CassetteError, match=f"exchange 2, POST /v1/chat/completions: {why}"):
        dump([whole, broken])


def test_a_header_that_no_yaml_key_can_hold_is_refused() -> None:
    with pytest.raises(CassetteError, match="key"):
        dump([Exchange(ASKED, answer((b"x" * 2000, b"1")))])


def test_no_exchanges_are_an_empty_cassette() -> None:
    assert yamlfile.load(dump([]), "x") == [{"interactions": [], "version": 1}]
