"""The recording proxy, between a raw upstream and a raw client, on real sockets."""

import gzip
import json
import re
import socket
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard

from mockprovider.cassettes.store import Cassette
from mockprovider.serving.app import Mode
from mockprovider.sources import record as recording
from mockprovider.tape import Abandoned, Complete, Exchange, Hang
from tests.conftest import Recorder
from tests.fakes import Hold, Pause, RawUpstream, Step, Turns, ask, chunked, get, post
from tests.vectors.answers import SSE, whole

Started = tuple[Recorder, ExitStack]
Replayer = Callable[..., str]

OK = whole(b"200 OK", b"application/json", b'{"ok":true}')
CHAT = "/v1/chat/completions"


def kept(folder: Path) -> list[Exchange]:
    """What a cassette holds."""
    cassette = Cassette.open(folder)
    return [cassette.exchange(entry) for entry in cassette.entries]


def on_disk(folder: Path) -> bytes:
    """Every byte in a cassette."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


# What passes


def test_the_path_of_the_upstream_stands_before_the_path_of_the_request(recorder: Started) -> None:
    start, _ = recorder
    with RawUpstream({"/api/paas/v4/chat/completions": [OK]}) as upstream:
        seen = ask(start(upstream.url + "/api/paas/v4/"), post("/chat/completions"))
    assert seen.status == 200


def test_a_query_string_reaches_the_upstream_as_it_was_written(recorder: Started) -> None:
    start, _ = recorder
    with RawUpstream({"/v1/x": [OK]}) as upstream:
        ask(start(upstream.url), get("/v1/x?a=%2F%20b&a=c+d&&e"))
        assert upstream.received[0].startswith(b"GET /v1/x?a=%2F%20b&a=c+d&&e HTTP/1.1\r\n")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_passes_and_is_matched(method: str, recorder: Started, replayer: Replayer) -> None:
    start, running = recorder
    request = get("/v1/files/1").replace(b"GET", method.encode(), 1)
    with RawUpstream({"/v1/files/1": [OK]}) as upstream:
        ask(start(upstream.url), request)
        assert upstream.received[0].startswith(method.encode() + b" ")
    running.close()
    assert ask(replayer(), request).body == b'{"ok":true}'


def test_the_answer_to_HEAD_keeps_its_content_length_and_has_no_body(recorder: Started, replayer: Replayer) -> None:  # noqa: N802
    start, running = recorder
    request = get("/v1/x").replace(b"GET", b"HEAD", 1)
    with RawUpstream({"/v1/x": [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"]}) as upstream:
        recorded = ask(start(upstream.url), request)
    running.close()
    replayed = ask(replayer(), request)
    assert recorded.header("content-length") == "500"
    assert replayed.comparable == recorded.comparable


def test_a_multipart_upload_passes_and_is_matched_under_another_boundary(recorder: Started, replayer: Replayer) -> None:
    start, running = recorder

    def upload(boundary: str) -> bytes:
        form = f'--{boundary}\r\nContent-Disposition: form-data; name="file"\r\n\r\n\x00\xff\r\n--{boundary}--\r\n'
        kind = f"Content-Type: multipart/form-data; boundary={boundary}"
        return post("/v1/files", form.encode("latin-1"), [kind]).replace(b"Content-Type: application/json\r\n", b"")

    with RawUpstream({"/v1/files": [OK]}) as upstream:
        ask(start(upstream.url), upload("aaaa"))
        assert b"\x00\xff\r\n--aaaa--\r\n" in upstream.received[0]
    running.close()
    assert ask(replayer(), upload("bbbb")).status == 200


def test_a_chunked_upload_reaches_the_upstream_whole(recorder: Started) -> None:
    start, _ = recorder
    head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    with RawUpstream({CHAT: [OK]}) as upstream:
        ask(start(upstream.url), head + chunked(b'{"a":', b"1}"))
        assert upstream.received[0].endswith(b'{"a":1}')


def test_a_client_that_expects_100_continue_gets_it_and_then_the_answer(recorder: Started) -> None:
    start, _ = recorder
    request = post(CHAT, b'{"a":1}', ["Expect: 100-continue"])
    head, body = request.split(b"\r\n\r\n")
    with RawUpstream({CHAT: [OK]}) as upstream:
        host, port = start(upstream.url).removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.sendall(head + b"\r\n\r\n")
            assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            connection.sendall(body)
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")


def test_fields_of_one_connection_do_not_reach_the_upstream(recorder: Started) -> None:
    start, _ = recorder
    with RawUpstream({CHAT: [OK]}) as upstream:
        ask(
            start(upstream.url),
            post(CHAT, headers=["Connection: close, X-Hop", "X-Hop: 1", "TE: trailers", "X-End: 2"]),
        )
        head = upstream.received[0].lower()
    assert b"x-end: 2" in head
    assert not re.search(rb"x-hop|\nte:|close", head)


def test_fields_of_one_connection_do_not_reach_the_client_or_the_disk(recorder: Started, tape_folder: Path) -> None:
    start, running = recorder
    answer = whole(b"200 OK", b"text/plain", b"x", b"Connection: X-Hop", b"X-Hop: 1", b"Keep-Alive: timeout=5")
    with RawUpstream({CHAT: [answer]}) as upstream:
        seen = ask(start(upstream.url), post(CHAT))
    running.close()
    assert seen.header("x-hop") is seen.header("keep-alive") is None
    assert b"X-Hop" not in on_disk(tape_folder)


@pytest.mark.parametrize("count", [1, 3])
def test_a_body_longer_than_what_is_kept_passes_and_its_recording_is_refused(
    count: int, recorder: Started, replayer: Replayer, tape_folder: Path
) -> None:
    start, running = recorder
    part = b"x" * 4000
    with RawUpstream({CHAT: [SSE, *([chunked(part, end=False)] * count), chunked()]}) as upstream:
        seen = ask(start(upstream.url, max_body=count * 4000 - 1), post(CHAT))
    running.close()
    assert seen.body == part * count
    (exchange,) = kept(tape_folder)
    assert isinstance(exchange.tape.ending, Abandoned)
    refused = ask(replayer(), post(CHAT))
    assert refused.status == 418
    assert b"--max-body" in refused.body


def test_a_long_upload_goes_out_while_it_is_still_coming_in(recorder: Started) -> None:
    start, _ = recorder
    size = 3 * 2**20
    request = post(CHAT, b"x" * size)
    with RawUpstream({CHAT: [OK]}) as upstream:
        host, port = start(upstream.url).removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.sendall(request[: -(2**20)])
            assert upstream.connected.wait(5)
            connection.sendall(request[-(2**20) :])
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")
        assert upstream.received[0].endswith(b"x" * size)


# Content codings


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}
TEXT = b'{"text":"' + b"Hello there. " * 40 + b'"}'


@pytest.mark.parametrize("coding", CODERS)
def test_a_compressed_answer_passes_untouched_and_can_be_read_on_disk(
    coding: str, recorder: Started, tape_folder: Path
) -> None:
    start, running = recorder
    packed = CODERS[coding](TEXT)
    answer = whole(b"200 OK", b"application/json", packed, f"Content-Encoding: {coding}".encode())
    with RawUpstream({CHAT: [answer]}) as upstream:
        seen = ask(start(upstream.url), post(CHAT, headers=[f"Accept-Encoding: {coding}"]))
    running.close()
    assert seen.body == packed
    assert TEXT in on_disk(tape_folder)


@pytest.mark.parametrize("coding", CODERS)
def test_a_compressed_answer_is_replayed_compressed_only_to_a_client_that_takes_it(
    coding: str, recorder: Started, replayer: Replayer
) -> None:
    start, running = recorder
    answer = whole(b"200 OK", b"application/json", CODERS[coding](TEXT), f"Content-Encoding: {coding}".encode())
    with RawUpstream({CHAT: [answer]}) as upstream:
        ask(start(upstream.url), post(CHAT))
    running.close()
    url = replayer()
    plain = ask(url, post(CHAT))
    packed = ask(url, post(CHAT, headers=[f"Accept-Encoding: {coding}"]))
    assert (plain.header("content-encoding"), plain.body) == (None, TEXT)
    assert packed.header("content-encoding") == coding
    assert packed.body != TEXT


# Keys


def test_the_real_key_goes_out_in_place_of_the_dummy_and_neither_is_kept(
    recorder: Started, tape_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, running = recorder
    monkeypatch.setenv("REAL_KEY", "sk-real-0123456789")
    with RawUpstream({CHAT: [OK]}) as upstream:
        ask(start(upstream.url, api_key_env=["REAL_KEY"]), post(CHAT, headers=["Authorization: Bearer sk-dummy-1"]))
        assert b"Authorization: Bearer sk-real-0123456789\r\n" in upstream.received[0]
        assert b"sk-dummy-1" not in upstream.received[0]
    running.close()
    assert not re.search(rb"sk-real|sk-dummy", on_disk(tape_folder))


def test_a_real_key_that_the_upstream_echoes_across_two_chunks_is_not_kept(
    recorder: Started, tape_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, running = recorder
    monkeypatch.setenv("REAL_KEY", "sk-real-0123456789")
    with RawUpstream({CHAT: [SSE + chunked(b"data: sk-real-01", b"23456789\n\n")]}) as upstream:
        ask(start(upstream.url, api_key_env=["REAL_KEY"]), post(CHAT))
    running.close()
    assert not re.search(rb"sk-real|23456789", on_disk(tape_folder))


# What goes wrong on the way


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:9", "upstream_unreachable"),
        ("http://nowhere.invalid", "upstream_unreachable"),
        ("https://{plain}", "upstream_tls_failure"),
    ],
)
def test_an_upstream_that_cannot_be_reached_is_a_502_that_names_the_cause_and_is_not_kept(
    url: str, code: str, recorder: Started, tape_folder: Path
) -> None:
    start, running = recorder
    with RawUpstream({}, greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as upstream:
        seen = ask(start(url.format(plain=upstream.url.removeprefix("http://"))), post(CHAT))
    running.close()
    assert seen.status == 502
    assert f'"code": "{code}"'.encode() in seen.body
    assert list(tape_folder.iterdir()) == []


def test_an_upstream_that_says_nothing_is_a_504_and_is_not_kept(recorder: Started, tape_folder: Path) -> None:
    start, running = recorder
    with RawUpstream({CHAT: [Hold()]}) as upstream:
        seen = ask(start(upstream.url, idle_timeout=0.3), post(CHAT))
        running.close()
    assert seen.status == 504
    assert list(tape_folder.iterdir()) == []


def test_a_failure_to_reach_the_upstream_is_kept_if_asked_for(recorder: Started, replayer: Replayer) -> None:
    start, running = recorder
    recorded = ask(start("http://127.0.0.1:9", record_failures=True), post(CHAT))
    running.close()
    assert ask(replayer(), post(CHAT)).comparable == recorded.comparable


def test_a_stream_that_stops_is_given_up_after_the_idle_timeout_and_kept_as_a_hang(
    recorder: Started, tape_folder: Path
) -> None:
    start, running = recorder
    with RawUpstream({CHAT: [SSE + chunked(b"data: 1\n\n", end=False), Hold()]}) as upstream:
        seen = ask(start(upstream.url, idle_timeout=0.3), post(CHAT))
        running.close()
    assert (seen.body, seen.ending) == (b"data: 1\n\n", "cut")
    assert isinstance(kept(tape_folder)[0].tape.ending, Hang)


# Clients that leave, and clients that are slow


def leave_after(url: str, wanted: bytes) -> None:
    """Read until `wanted` has come, then close the connection."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(post(CHAT))
        got = b""
        while wanted not in got:
            got += connection.recv(4096)


def test_a_client_that_leaves_at_DONE_leaves_a_complete_recording(recorder: Started, tape_folder: Path) -> None:  # noqa: N802
    start, running = recorder
    stream: list[Step] = [SSE + chunked(b"data: 1\n\n", b"data: [DONE]\n\n", end=False), Pause(0.2), chunked()]
    with RawUpstream({CHAT: stream}) as upstream:
        leave_after(start(upstream.url), b"[DONE]")
        upstream.finished.wait(5)
        running.close()
    assert isinstance(kept(tape_folder)[0].tape.ending, Complete)


def test_a_recording_whose_client_left_in_the_middle_is_abandoned_and_not_replayed(
    recorder: Started, replayer: Replayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, running = recorder
    monkeypatch.setattr(recording, "_LINGER", 0.05)
    with RawUpstream({CHAT: [SSE + chunked(b"data: 1\n\n", end=False), Hold()]}) as upstream:
        leave_after(start(upstream.url), b"data: 1")
        running.close()
    refused = ask(replayer(), post(CHAT))
    assert refused.status == 418
    assert b"cassette_abandoned" in refused.body


def test_a_slow_client_does_not_stretch_the_recorded_times(recorder: Started, tape_folder: Path) -> None:
    start, running = recorder
    part = chunked(b"x" * 2**20, end=False)
    with RawUpstream({CHAT: [SSE, *([part] * 6), chunked()]}) as upstream:
        host, port = start(upstream.url).removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(post(CHAT))
            assert upstream.finished.wait(5)
    running.close()
    (exchange,) = kept(tape_folder)
    assert len(exchange.tape.chunks) == 6
    assert exchange.notes == ()


def test_a_client_so_slow_that_the_feed_fills_is_noted_in_the_exchange(
    recorder: Started, tape_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, running = recorder
    monkeypatch.setattr(recording, "_FEED_BYTES", 2**16)
    part = chunked(b"x" * 2**20, end=False)
    with RawUpstream({CHAT: [SSE, *([part] * 16), chunked()]}) as upstream:
        host, port = start(upstream.url).removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.sendall(post(CHAT))
            assert not upstream.finished.wait(0.3)
            while connection.recv(2**20):
                if upstream.finished.is_set():
                    break
    running.close()
    (exchange,) = kept(tape_folder)
    assert "slower than the upstream" in exchange.notes[0]


# The disk


def test_an_exchange_is_on_disk_before_its_client_has_seen_the_end(recorder: Started, tape_folder: Path) -> None:
    start, _ = recorder
    with RawUpstream({CHAT: [OK], "/stream": [SSE + chunked(b"data: 1\n\n")]}) as upstream:
        url = start(upstream.url)
        for number, path in enumerate([CHAT, "/stream", CHAT, "/stream"], 1):
            assert ask(url, post(path, b"{}" * number)).ending == "complete"
            assert len(kept(tape_folder)) == number


# Modes


def counted(upstream: RawUpstream) -> int:
    """How many requests an upstream has seen."""
    return len(upstream.received)


def test_mode_once_records_into_an_empty_cassette_and_replays_from_a_full_one(recorder: Started) -> None:
    start, running = recorder
    with RawUpstream({CHAT: [OK], "/other": [OK]}) as upstream:
        ask(start(upstream.url, mode=Mode.ONCE), post(CHAT))
        running.close()
        url = start(upstream.url, mode=Mode.ONCE)
        assert ask(url, post(CHAT)).status == 200
        assert ask(url, post("/other")).status == 418
        assert counted(upstream) == 1


def test_mode_new_episodes_replays_what_is_known_and_records_the_rest(recorder: Started, tape_folder: Path) -> None:
    start, running = recorder
    with RawUpstream({CHAT: [OK], "/other": [OK]}) as upstream:
        url = start(upstream.url, mode=Mode.NEW_EPISODES)
        for path in (CHAT, CHAT, "/other", CHAT):
            assert ask(url, post(path)).status == 200
        running.close()
        assert counted(upstream) == 2
    assert len(kept(tape_folder)) == 2


def test_mode_all_replaces_what_was_recorded_for_the_same_request_before(recorder: Started, tape_folder: Path) -> None:
    start, running = recorder
    other = whole(b"200 OK", b"application/json", b'{"new":true}')
    with RawUpstream({CHAT: [OK], "/other": [OK]}) as upstream:
        url = start(upstream.url)
        ask(url, post(CHAT))
        ask(url, post("/other"))
        running.close()
    with RawUpstream({CHAT: [other]}) as upstream:
        url = start(upstream.url)
        ask(url, post(CHAT))
        ask(url, post(CHAT))
        running.close()
    assert [e.tape.body for e in kept(tape_folder)] == [b'{"ok":true}', b'{"new":true}', b'{"new":true}']


def test_equal_requests_are_replayed_in_the_order_in_which_they_were_recorded(
    recorder: Started, replayer: Replayer
) -> None:
    start, running = recorder
    with RawUpstream({CHAT: Turns([whole(b"200 OK", b"text/plain", b"%d" % n)] for n in range(3))}) as upstream:
        url = start(upstream.url)
        for _ in range(3):
            ask(url, post(CHAT))
    running.close()
    url = replayer()
    assert [ask(url, post(CHAT)).body for _ in range(4)] == [b"0", b"1", b"2", b"2"]


def test_a_recorder_that_can_not_write_says_so_to_the_client(recorder: Started, tape_folder: Path) -> None:
    start, _ = recorder
    with RawUpstream({CHAT: [OK]}) as upstream:
        url = start(upstream.url)
        tape_folder.rename(tape_folder.with_name("moved"))
        seen = ask(url, post(CHAT))
    assert (seen.status, seen.header("x-mockprovider-error")) == (500, "cannot_record")
    assert str(tape_folder) in seen.body.decode()


def test_an_answer_with_a_status_that_is_none_is_replayed_byte_by_byte(recorder: Started, replayer: Replayer) -> None:
    start, running = recorder
    with RawUpstream({CHAT: [whole(b"099 Huh", b"text/plain", b"x")]}) as upstream:
        direct = ask(upstream.url, post(CHAT))
        ask(start(upstream.url), post(CHAT))
    running.close()
    assert ask(replayer(), post(CHAT)).comparable == direct.comparable


def test_what_was_just_recorded_is_not_left_over_and_the_journal_names_its_file(recorder: Started) -> None:
    def control(path: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(ask(url, get(path).replace(b"Host: test", b"Host: localhost")).body)
        return found

    start, _ = recorder
    with RawUpstream({CHAT: [OK]}) as upstream:
        url = start(upstream.url, mode=Mode.NEW_EPISODES)
        ask(url, post(CHAT))
    assert control("/-/verify")["leftovers"] == []
    assert control("/-/journal")["entries"][0]["detail"] == "0001-chat-completions.yaml"


def test_a_new_recording_replaces_the_one_before_unless_it_went_wrong(
    recorder: Started, tape_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start, stack = recorder
    answers = [OK, whole(b"200 OK", b"text/plain", b"new"), whole(b"503 Service Unavailable", b"text/plain", b"")]
    files = []
    with RawUpstream({CHAT: Turns([[each] for each in answers])}) as upstream:
        for _ in answers:
            ask(start(upstream.url), post(CHAT))
            stack.close()
            files.append(sorted(path.name[:4] for path in tape_folder.glob("*.yaml")))
    assert files == [["0001"], ["0002"], ["0002", "0003"]]
    assert "looks bad (status 503), so 0002-chat-completions.yaml stays" in capsys.readouterr().out


def test_two_requests_that_differ_only_in_what_is_hidden_are_told(
    recorder: Started, capsys: pytest.CaptureFixture[str]
) -> None:
    start, _ = recorder
    with RawUpstream({CHAT: [OK]}) as upstream:
        url = start(upstream.url)
        for key in ("sk-proj-aaaaaaaaaaaaaaaa1111", "sk-proj-bbbbbbbbbbbbbbbb2222", "sk-proj-bbbbbbbbbbbbbbbb2222"):
            body = b'{"key":"%b","at":1}' % key.encode()
            ask(url, post(CHAT, body, headers=[f"Authorization: Bearer {key}"]))
    said = capsys.readouterr().out
    assert said.count("asked differently only in what is hidden") == 2
