r"""Upstream answers as they are written to the socket: what a recording must keep and a replay give back."""

import gzip
import json
from collections.abc import Sequence

from tests.fakes import Hold, Pause, Rst, Step, chunked

SSE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    b"X-Id: 7\r\nTransfer-Encoding: chunked\r\n\r\n"
)
_A = b'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n'
_B = b'data: {"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}\n\n'
_DONE = b"data: [DONE]\n\n"


def whole(status: bytes, content_type: bytes, body: bytes, *extra: bytes) -> bytes:
    """An answer with a content-length."""
    lines = [b"HTTP/1.1 " + status, b"content-type: " + content_type, *extra, b"Content-Length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


_N2 = {
    "choices": [
        {"index": i, "message": {"content": "x"}, "logprobs": {"content": [{"token": "x", "logprob": -0.1}]}}
        for i in (0, 1)
    ]
}
_UMLAUT = 'data: {"t":"naïve 你好 😀"}\n\n'.encode()

ANSWERS: dict[str, Sequence[Step]] = {
    "sse with LF": [SSE + chunked(_A, _B, _DONE)],
    "sse with CRLF": [SSE + chunked(*(part.replace(b"\n", b"\r\n") for part in (_A, _B, _DONE)))],
    "sse with CR": [SSE + chunked(*(part.replace(b"\n", b"\r") for part in (_A, _B, _DONE)))],
    "data without a space": [SSE + chunked(_A.replace(b": ", b":", 1), _DONE.replace(b": ", b":"))],
    "comments before, between and after": [
        SSE + chunked(b": OPENROUTER PROCESSING\n\n", _A, b": keep-alive\n\n", b":\n", _B, _DONE, b": bye\n\n")
    ],
    "a character cut by a chunk boundary": [SSE + chunked(_UMLAUT[:13], _UMLAUT[13:22], _UMLAUT[22:25], _UMLAUT[25:])],
    "a JSON string cut by a chunk boundary": [SSE + chunked(_A[:40], _A[40:] + _B[:11], _B[11:] + _DONE)],
    "every byte a chunk": [SSE + chunked(*(bytes([byte]) for byte in _UMLAUT + _DONE))],
    "event, id and retry lines": [
        SSE + chunked(b"event: delta\nid: 1\nretry: 10\n" + _A, b"event: error\ndata: {}\n\n")
    ],
    "named events and no DONE, as of the Responses API": [
        SSE
        + chunked(
            b'event: response.created\ndata: {"type":"response.created","sequence_number":0}\n\n',
            b'event: response.completed\ndata: {"type":"response.completed","sequence_number":1}\n\n',
        )
    ],
    "no DONE": [SSE + chunked(_A, _B)],
    "no finish_reason": [SSE + chunked(_A, _DONE)],
    "an error inside a 200 stream": [SSE + chunked(_A, b'data: {"error":{"message":"boom","code":500}}\n\n', _DONE)],
    "cut in the middle of an event": [SSE + chunked(_A, _B[:30], end=False)],
    "cut in the middle of an HTTP chunk": [SSE + chunked(_A, end=False) + b"40\r\n" + _B[:30]],
    "reset in the middle": [SSE + chunked(_A, end=False), Pause(0.05), Rst()],
    "cut before the head": [],
    "reset before the head": [Pause(0.02), Rst()],
    "422 of FastAPI": [whole(b"422 Unprocessable Entity", b"application/json", b'{"detail":[{"loc":["body","x"]}]}')],
    "HTML 502": [whole(b"502 Bad Gateway", b"text/html", b"<html>\r\n<h1>502</h1>\r\n</html>\r\n", b"Server: nginx")],
    "200 with an error": [whole(b"200 OK", b"application/json", b'{"error":{"code":1305,"message":"busy"}}')],
    "JSON under application/octet-stream": [whole(b"400 Bad Request", b"application/octet-stream", b'{"error":{}}')],
    "plain-text 404": [whole(b"404 Not Found", b"text/plain", b"404 page not found\n")],
    "empty 200": [whole(b"200 OK", b"application/json", b"")],
    "empty chunked 200": [SSE + chunked()],
    "blank lines before a JSON body": [
        SSE.replace(b"text/event-stream", b"application/json") + chunked(b"\n", b"\n", b"{}")
    ],
    "content-length in two parts": [whole(b"200 OK", b"application/json", b'{"a":"b"}')[:-4], Pause(0.05), b'"b"}'],
    "content-length too large": [b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"],
    "content-length too small": [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nlonger"],
    "until the close": [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", Pause(0.02), b"all of it"],
    "until the close, HTTP/1.0": [b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it"],
    "until a reset": [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", Pause(0.05), b"some", Pause(0.05), Rst()],
    "n=2 with logprobs": [whole(b"200 OK", b"application/json", json.dumps(_N2, indent=2).encode())],
    "20,000 chunks": [
        SSE,
        *(chunked(*(b"data: %d\n\n" % n for n in range(s, s + 500)), end=False) for s in range(0, 20000, 500)),
        chunked(),
    ],
    "103 and 100 before the answer": [
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        whole(b"200 OK", b"application/json", b"{}"),
    ],
    "headers twice, in odd case": [
        whole(
            b"299 Very Odd",
            b"text/plain",
            b"x",
            b"X-a: 1",
            b"x-A: 2",
            b"X-A:  3 ",
            b"Vary: a",
            b"vary: b",
            b"x-late: caf\xe9",
        )
    ],
    "no reason phrase": [b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"],
    "204": [b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"],
    "304": [b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'],
    "a redirect": [whole(b"307 Temporary Redirect", b"text/plain", b"", b"Location: https://example.com/v1")],
    "binary": [whole(b"200 OK", b"audio/mpeg", bytes(range(256)) * 40)],
    "garbage instead of a chunk size": [SSE + chunked(_A, end=False), Pause(0.05), b"ZZZ\r\nnot a chunk\r\n"],
    "garbage in the first segment": [SSE + chunked(_A, end=False) + b"ZZZ\r\nnot a chunk\r\n"],
    "garbage instead of a head": [b"SSH-2.0-OpenSSH_9.6\r\n"],
}
"""By what is odd about them."""

HANGS: dict[str, Sequence[Step]] = {
    "stopped dead in a stream": [SSE + chunked(_A, end=False), Hold()],
    "stopped dead before the head": [Hold()],
    "stopped dead after the head": [SSE, Hold()],
}

GZIPPED = gzip.compress(json.dumps({"model": "x", "text": "Hello " * 50}).encode(), mtime=0)
