"""HTTP archives: what each kind of writer leaves in them is read as what it stands for, or refused."""

import base64
import copy
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.exporters.har import dump
from mockprovider.cassettes.importers.common import Found, Imported, Refused, Source
from mockprovider.cassettes.importers.har import FORMAT, NEVER, located
from mockprovider.errors import CassetteError
from mockprovider.tape import Abandoned, Chunk, Complete, Cut, Ending, Exchange, Fidelity, Framing, Head, Request, Tape
from tests.strategies import json_values, law
from tests.vectors.recordings import SAMPLES

Change = Callable[[dict[str, Any]], object]

URL = "https://api.example.com/v1/x"
JSON = {"name": "content-type", "value": "application/json"}


def entry(*changes: Change) -> dict[str, Any]:
    """An entry as it should be, with some things changed."""
    made: dict[str, Any] = {
        "startedDateTime": "2026-11-20T10:00:00.123Z",
        "time": 30,
        "request": {"method": "POST", "url": URL, "headers": [JSON], "postData": {"mimeType": "", "text": "{}"}},
        "response": {"status": 200, "statusText": "OK", "headers": [JSON], "content": {"size": 2, "text": "[]"}},
        "timings": {"send": 1, "wait": 10, "receive": 20},
    }
    for change in changes:
        change(made)
    return made


def asking(**fields: Any) -> Change:
    return lambda made: made["request"].update(fields)


def answering(**fields: Any) -> Change:
    return lambda made: made["response"].update(fields)


def content(**fields: Any) -> Change:
    return answering(content=fields)


def posted(text: str | None = None, kind: str = "application/json", **fields: Any) -> Change:
    return asking(
        headers=[{"name": "Content-Type", "value": kind}],
        postData={"mimeType": kind, **({} if text is None else {"text": text}), **fields},
    )


def read(*entries: Any) -> list[Found]:
    return list(FORMAT.read(Source("x.har", json.dumps({"log": {"version": "1.2", "entries": entries}}).encode())))


def only(*changes: Change) -> Exchange:
    (found,) = read(entry(*changes))
    assert isinstance(found, Imported), found
    return found.exchange


def head_of(exchange: Exchange) -> Head:
    assert exchange.tape.head is not None
    return exchange.tape.head


def test_an_entry_becomes_an_exchange() -> None:
    (found,) = FORMAT.read(Source("x.har", SAMPLES["har"]))
    assert isinstance(found, Imported)
    exchange = found.exchange
    assert found.where == "entry 1"
    assert exchange.request.target == "/v1/chat/completions?x=1"
    assert exchange.request.headers == ((b"content-type", b"application/json"),)
    assert exchange.upstream == "https://api.example.com"
    assert exchange.recorded == "2026-11-20T10:00:00.123Z"
    assert exchange.fidelity is Fidelity.BYTES
    assert exchange.coding == "gzip"
    assert len(exchange.tape.chunks) == 2


def test_the_head_comes_after_the_wait_and_the_end_after_what_was_received() -> None:
    tape = only().tape
    assert head_of(only()).at == 0.01
    assert tape.ending == Complete(0.03)


@pytest.mark.parametrize(
    ("timings", "time", "head", "end"),
    [
        ({"wait": -1, "receive": -1}, 50, 0.05, 0.05),
        ({"wait": 10, "receive": -1}, 50, 0.01, 0.01),
        ({"wait": 0.0015, "receive": 0.0011}, 1, 0.000002, 0.000003),
        ({"wait": None}, "soon", 0.0, 0.0),
        ({"wait": 1e300, "receive": 1}, -3, 0.0, 0.0),
        ({"wait": True}, 10**400, 0.0, 0.0),
        ([], None, 0.0, 0.0),
    ],
)
def test_a_time_that_is_not_known_is_made_of_what_is(timings: Any, time: Any, head: float, end: float) -> None:
    exchange = only(lambda made: made.update(timings=timings, time=time))
    assert head_of(exchange).at == head
    assert exchange.tape.ending == Complete(end)


@pytest.mark.parametrize(
    ("moment", "recorded"),
    [
        ("2026-11-20T10:00:00.123Z", "2026-11-20T10:00:00.123Z"),
        ("2026-11-20T12:00:00.1234567+02:00", "2026-11-20T12:00:00.1234567+02:00"),
        ("2026-11-20T10:00:00.123", ""),
        ("2026-13-20T10:00:00Z", ""),
        ("today", ""),
        (NEVER, ""),
        (7, ""),
        (None, ""),
    ],
)
def test_the_time_of_recording_is_kept_where_it_is_one_of_rfc_3339(moment: Any, recorded: str) -> None:
    assert only(lambda made: made.update(startedDateTime=moment)).recorded == recorded


def test_pseudo_headers_of_http_2_are_no_headers() -> None:
    assert head_of(only(answering(headers=[{"name": ":status", "value": "200"}, JSON]))).headers == (
        (b"content-type", b"application/json"),
    )


def test_cookies_that_a_browser_joined_by_a_newline_are_headers_of_their_own() -> None:
    cookies = {"name": "set-cookie", "value": "a=1\nb=2"}
    assert head_of(only(answering(headers=[cookies]))).headers == ((b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"))


def test_a_body_whose_coding_the_recorder_undid_has_its_coding_still() -> None:
    exchange = only(answering(headers=[JSON, {"name": "content-encoding", "value": "br"}]))
    assert (exchange.tape.body, exchange.coding, exchange.fidelity) == (b"[]", "br", Fidelity.BYTES)


def test_a_body_in_base64_is_its_bytes() -> None:
    assert only(content(size=2, encoding="base64", text="/w\nA=")).tape.body == b"\xff\x00"


@pytest.mark.parametrize("spell", [lambda data: base64.b64encode(data).decode(), bytes.hex], ids=["base64", "hex"])
def test_the_arrivals_that_polly_keeps_for_themselves_are_joined_and_decoded(spell: Callable[[bytes], str]) -> None:
    coded = gzip.compress(b'{"a": 1}')
    how: dict[str, Any] = {"_isBinary": True} if spell is bytes.hex else {"encoding": "base64"}
    kept = content(size=9, text=json.dumps([spell(coded[:5]), spell(coded[5:])]), **how)
    exchange = only(
        kept, lambda made: made["response"]["headers"].append({"name": "content-encoding", "value": "gzip"})
    )
    assert (exchange.tape.body, exchange.coding) == (b'{"a": 1}', "gzip")


def test_an_event_stream_that_was_kept_as_messages_alone_is_spelled_anew_and_says_so() -> None:
    messages = [
        {"time": 1, "eventName": "message", "eventId": "", "data": '{"a":1}'},
        {"time": 2, "eventName": "done", "eventId": "7", "data": "x\ny"},
    ]
    exchange = only(content(size=9), lambda made: made.update(_eventSourceMessages=messages))
    assert exchange.tape.body == b'data: {"a":1}\n\nevent: done\nid: 7\ndata: x\ndata: y\n\n'
    assert exchange.fidelity is Fidelity.FRAMES


def test_text_that_was_made_by_another_charset_is_not_claimed_to_be_the_bytes() -> None:
    latin = {"name": "content-type", "value": "text/plain; charset=ISO-8859-1"}
    assert only(answering(headers=[latin]), content(size=1, text="é")).fidelity is Fidelity.FRAMES
    assert only(answering(headers=[latin]), content(size=1, text="e")).fidelity is Fidelity.BYTES


@pytest.mark.parametrize("quiet", [content(size=0), content(size=0, text=""), content(size=-1, text="")])
def test_an_empty_body_is_one(quiet: Change) -> None:
    assert only(quiet).tape.chunks == ()


@pytest.mark.parametrize("bodiless", [answering(status=204), answering(status=304), asking(method="HEAD")])
def test_an_answer_that_has_no_body_needs_none(bodiless: Change) -> None:
    exchange = only(bodiless, content(size=9))
    assert head_of(exchange).framing is Framing.NONE
    assert exchange.tape.chunks == ()


def test_a_form_of_which_the_fields_were_kept_is_spelled_anew_and_says_so() -> None:
    params = [{"name": "a", "value": "1 2"}, {"name": "b", "value": "é"}]
    exchange = only(posted(kind="application/x-www-form-urlencoded", params=params))
    assert exchange.request.body == b"a=1+2&b=%C3%A9"
    assert exchange.fidelity is Fidelity.FRAMES


def test_a_multipart_form_of_which_the_fields_were_kept_is_spelled_anew_and_says_so() -> None:
    params = [
        {"name": "model", "value": "m"},
        {"name": "file", "value": "{}", "fileName": "a.jsonl", "contentType": "application/json"},
    ]
    exchange = only(posted(kind='multipart/form-data; boundary="B 1"', params=params))
    assert exchange.fidelity is Fidelity.FRAMES
    assert exchange.request.body == (
        b'--B 1\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n'
        b'--B 1\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n'
        b"Content-Type: application/json\r\n\r\n{}\r\n--B 1--\r\n"
    )


def test_a_request_s_body_may_be_in_base64() -> None:
    assert only(posted("/w==", encoding="base64")).request.body == b"\xff"


def _multipart(made: dict[str, Any]) -> None:
    posted("--B--\r\n", kind="multipart/form-data; boundary=B")(made)
    made["request"]["headers"].append({"name": "content-length", "value": "900"})


def _long(made: dict[str, Any]) -> None:
    made["request"].pop("postData")
    made["request"]["headers"].append({"name": "content-length", "value": "12"})


REFUSED: list[tuple[str, Change, str]] = [
    ("failed", answering(status=0, content={}), "the request failed, or its answer was not recorded"),
    ("failed in Charles", answering(status=-1), "the request failed, or its answer was not recorded"),
    ("no response", lambda made: made.pop("response"), "the request failed, or its answer was not recorded"),
    ("no request", lambda made: made.pop("request"), "it has no request"),
    ("websocket", lambda made: made.update(_webSocketMessages=[{}]), "a WebSocket, which is no exchange"),
    ("upgrade", answering(status=101), "a WebSocket, which is no exchange"),
    ("wss", asking(url="wss://a.b/"), "a WebSocket, which is no exchange"),
    ("tunnel", asking(method="CONNECT", url="a.b:443"), "a proxy's tunnel, which is no exchange"),
    ("data URL", asking(url="data:,x"), "its URL is no http or https URL"),
    ("broken URL", asking(url="http://[::1"), "its URL is no http or https URL"),
    ("half a character in the URL", asking(url=f"{URL}/\ud83d"), "its URL holds half a character"),
    ("no text", content(size=9), "the answer's body was not saved"),
    ("no text and no size", content(), "the answer's body was not saved"),
    ("no text by Playwright", content(size=-1, mimeType="x"), "the answer's body was not saved"),
    ("empty text", content(size=9, text=""), "the answer's body was not saved"),
    ("attached", content(size=9, _file="ab.json"), "a body of it is in a file of its own; "),
    ("posted from a file", posted(_file="../../x"), "a body of it is in a file of its own; "),
    ("unknown encoding", content(size=9, text="x", encoding="rot13"), "its body is in an encoding that is not known"),
    ("no base64", content(size=9, text="x", encoding="base64"), "its body is said to be binary and can't be decoded"),
    (
        "no pieces",
        content(size=9, text="[[1]]", encoding="base64"),
        "its body is said to be binary and can't be decoded",
    ),
    (
        "deep pieces",
        content(size=9, text="[" * 100_000, encoding="base64"),
        "its body is said to be binary and can't be decoded",
    ),
    ("no hex", content(size=9, text="xy", _isBinary=True), "its body is said to be binary and can't be decoded"),
    ("half a character", content(size=9, text="\ud83d"), "its body is text that its encoding can't hold"),
    ("a body that is no text", content(size=9, text={"a": 1}), "its body is no text"),
    ("an odd status", answering(status=1000), "its status is no status of HTTP"),
    ("no post data", _long, "its request's body was not saved"),
    (
        "an upload",
        posted(kind="multipart/form-data; boundary=B", params=[{"name": "f", "fileName": "x"}]),
        "what its f",
    ),
    (
        "no boundary",
        posted(kind="multipart/form-data", params=[{"name": "f", "value": "x"}]),
        "its form names no bound",
    ),
    ("cut multipart", _multipart, "its multipart body is not whole"),
]


@pytest.mark.parametrize(("change", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_can_t_be_used_is_refused_with_a_reason_that_can_be_counted(change: Change, reason: str) -> None:
    (found,) = read(entry(change))
    assert isinstance(found, Refused)
    assert found.where == "entry 1"
    assert found.reason.startswith(reason)


def test_a_refusal_leaves_the_other_entries() -> None:
    assert [type(found) for found in read(7, entry())] == [Refused, Imported]


@pytest.mark.parametrize("text", ["[]", "{}", '{"log": 7}', '{"log": {"entries": {}}}'])
def test_a_file_without_entries_is_an_error(text: str) -> None:
    with pytest.raises(CassetteError, match=r"x\.har: not a HAR file: it has no list `log\.entries`"):
        list(FORMAT.read(Source("x.har", text.encode())))


def test_a_byte_order_mark_is_passed_over() -> None:
    source = Source("x.har", b"\xef\xbb\xbf" + SAMPLES["har"])
    assert FORMAT.claims(source)
    assert [type(found) for found in FORMAT.read(source)] == [Imported]


@pytest.mark.parametrize("other", [b"", b"\xff\xfe\x00", b"{", b'{"log": 1}', b'["log", "entries"]', SAMPLES["go-vcr"]])
def test_other_files_are_not_claimed(other: bytes) -> None:
    assert not FORMAT.claims(Source("x", other))


@pytest.mark.parametrize(
    ("url", "upstream", "found"),
    [
        ("https://a.b/v1/x?y=1?z", "https://a.b", ("/v1/x", "y=1?z")),
        ("https://a.b/v1/x", "https://a.b/v1/", ("/x", "")),
        ("https://a.b/v1/x", "name=https://a.b/v1", ("/name/x", "")),
        ("http://mockprovider.invalid/x", "", ("/x", "")),
        ("https://other/x", "https://a.b", None),
        ("https://a.bad/x", "https://a.b", ("ad/x", "")),
    ],
)
def test_a_url_is_located_behind_its_upstream(url: str, upstream: str, found: tuple[str, str] | None) -> None:
    assert located(url, upstream) == found


# --- what mockprovider exported, and somebody changed

TAPE = Tape(Head(0.1, 200, ((b"X", b"1"),), b"OK"), (Chunk(0.2, b"ab"), Chunk(0.3, b""), Chunk(0.4, b"c")), Cut(0.5))
OURS = Exchange(Request("POST", "/n/v1/x", body=b"{}"), TAPE, notes=("a note",), upstream="n=https://a.b")


def changed(change: Change, ours: Exchange = OURS) -> Found:
    """What is found in an export that was changed."""
    document = json.loads(dump([ours]))
    change(document["log"]["entries"][0])
    (found,) = FORMAT.read(Source("x.har", json.dumps(document).encode()))
    return found


def test_an_export_that_nobody_changed_is_what_it_was() -> None:
    assert changed(lambda _: None) == Imported("entry 1", OURS)


def test_an_export_whose_body_was_changed_is_read_as_anybody_s() -> None:
    found = changed(lambda made: made["response"]["content"].update(text="hidden", size=6))
    assert isinstance(found, Imported)
    assert found.exchange.fidelity is Fidelity.BYTES
    assert found.exchange.tape.body == b"hidden"
    assert found.exchange.tape.ending == Complete(0.5)
    assert found.exchange.upstream == "https://a.b"


def _set(*path: str | int) -> Callable[[Any], Change]:
    def setting(value: Any) -> Change:
        def change(made: dict[str, Any]) -> None:
            here: Any = made["_mockprovider"]
            for step in path[:-1]:
                here = here[step]
            here[path[-1]] = value

        return change

    return setting


@pytest.mark.parametrize(
    "change",
    [
        _set("fidelity")("perfect"),
        _set("framing")("odd"),
        _set("framing")([]),
        _set("chunks")(7),
        _set("chunks", 0)([1]),
        _set("chunks", 0)([1, 2.0]),
        _set("chunks", 0, 1)(10**400),
        _set("chunks", 0, 1)(-2),
        _set("chunks", 0, 0)(float("nan")),
        _set("chunks", 0, 0)("1"),
        _set("chunks", 0, 0)(10**9),
        _set("ending", "how")("well"),
        _set("ending")({"how": "garbage", "data": "?"}),
        _set("ending")([]),
        _set("coding")("rot13"),
        _set("upstream")(7),
        _set("upstream")("https://elsewhere"),
        _set("target")(["/x"]),
        _set("target")([1, 2]),
        lambda made: made.update(_mockprovider=7),
        lambda made: made["response"].update(statusText="OK\r\nX: 1"),
        lambda made: made["response"].update(headers=7, statusText=7),
    ],
)
def test_what_does_not_fit_the_rest_of_its_entry_does_not_count(change: Change) -> None:
    found = changed(change)
    assert isinstance(found, Imported)
    assert found.exchange.fidelity is Fidelity.BYTES
    assert found.exchange.tape.body == b"abc"


@pytest.mark.parametrize("ending", [Cut(1.0), Abandoned(1.0, "left")])
def test_an_answer_without_a_head_is_one_only_as_long_as_its_export_says_so(ending: Ending) -> None:
    headless = Exchange(Request("GET", "/x"), Tape(None, (), ending))
    assert changed(lambda _: None, headless) == Imported("entry 1", headless)
    assert isinstance(changed(lambda made: made.pop("_mockprovider"), headless), Refused)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a JSON value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for step, inner in steps for place in _places(inner, (*path, step)))]


EXPORT = json.loads(dump([OURS]))["log"]["entries"][0]


@law(150)
@given(st.sampled_from(_places(EXPORT)[1:]), json_values)
def test_anything_in_place_of_anything_is_taken_or_refused(place: tuple[Any, ...], value: Any) -> None:
    made = copy.deepcopy(EXPORT)
    here = made
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = value
    (found,) = read(made)
    if isinstance(found, Imported):
        assert FORMAT.read(Source("x", dump([found.exchange]).encode())).__next__() == found


@law(60)
@given(st.integers(0, len(SAMPLES["har"]) - 1))
def test_a_file_that_was_cut_is_an_error(length: int) -> None:
    cut = Source("x.har", SAMPLES["har"][:length].rstrip(b"}\n ") or b"")
    with pytest.raises(CassetteError, match=r"^x\.har"):
        list(FORMAT.read(cut))
