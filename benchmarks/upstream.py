"""A chat completions endpoint of fixed bytes on a raw socket: what the benchmarks record from.

A request without `"stream": true` gets one JSON body as OpenAI sends it; one with it gets an SSE stream of
`--chunks` events, each one HTTP chunk in one write, the last `[DONE]`. The chunks are due at fixed times
after the request: evenly up to `--over` seconds, or with `--irregular` at uneven gaps that are the same in
every run. With `--stamp` each event tells the monotonic time at which it was written.
"""

import argparse
import asyncio
import json
import random
import re
import time
from collections.abc import Sequence
from typing import cast

import uvloop

CREATED = 1_795_000_000
MODEL = "gpt-4o-mini-2024-07-18"
WORDS = ("the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog", "and", "then")
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
NO_STAMP = b"_" * 16  # keeps the place, and the length, of the time


def json_body() -> bytes:
    """About 900 bytes, in OpenAI's key order."""
    text = " ".join(WORDS * 2)
    message: dict[str, object] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    details = {"cached_tokens": 0, "audio_tokens": 0}
    reasoning = {"reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0}
    body = {
        "id": "chatcmpl-BenchBenchBenchBenchBenchBenchBe",
        "object": "chat.completion",
        "created": CREATED,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": 19,
            "completion_tokens": 64,
            "total_tokens": 83,
            "prompt_tokens_details": details,
            "completion_tokens_details": reasoning | {"rejected_prediction_tokens": 0},
        },
        "service_tier": "default",
        "system_fingerprint": "fp_0123456789",
    }
    return json.dumps(body, indent=2).encode()


JSON_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_benchmark\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(json_body()), json_body())
)
STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nx-request-id: req_benchmark\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


def event(delta: dict[str, str], finish: str | None = None) -> bytes:
    """One SSE event, about as long as aimock's, so that both sides move the same amount of data."""
    chunk = {
        "id": "chatcmpl-BenchBenchBenchBe",
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": "gpt-4o-mini",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
    }
    return b"data: " + json.dumps(chunk, separators=(",", ":")).encode() + b"\n\n"


def stream_frames(chunks: int, *, stamp: bool) -> list[bytes]:
    """Make the stream as HTTP chunks: the role, then text, then the finish reason, then `[DONE]`."""
    first = event({"role": "assistant", "content": ""})
    words = [event({"content": f" {WORDS[number % len(WORDS)]}"}) for number in range(chunks - 3)]
    events = [first, *words, event({}, "stop")]
    if stamp:
        events = [data.replace(b"{", b'{"stamp":"%b",' % NO_STAMP, 1) for data in events]
    return [b"%x\r\n%b\r\n" % (len(data), data) for data in [*events, b"data: [DONE]\n\n"]]


def schedule(chunks: int, over: float, *, irregular: bool) -> list[float]:
    """Plan when each chunk is due, in seconds after the request; the last one at `over`."""
    chance = random.Random(20_26)  # noqa: S311 irregular, not secret
    gaps = [chance.uniform(0.2, 1.8) if irregular else 1.0 for _ in range(chunks)]
    return [over * sum(gaps[: number + 1]) / sum(gaps) for number in range(chunks)]


class Connection(asyncio.Protocol):
    """Answers one request after another; requests may come in pieces, but are not pipelined."""

    def __init__(self, frames: Sequence[bytes], due: Sequence[float]) -> None:
        self.frames = frames
        self.due = due
        self.asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self.asked += data
        head, _, body = self.asked.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if len(body) < (int(length[1]) if length else 0):
            return
        self.asked = b""
        if b'"stream"' in body and json.loads(body).get("stream"):
            self.task = asyncio.create_task(self.stream())
        else:
            self.transport.write(JSON_ANSWER)

    async def stream(self) -> None:
        """Write the head at once and each frame at its time."""
        epoch = time.monotonic()
        self.transport.write(STREAM_HEAD)
        for frame, at in zip(self.frames, self.due, strict=True):
            await asyncio.sleep(epoch + at - time.monotonic())
            if self.transport.is_closing():
                return
            self.transport.write(frame.replace(NO_STAMP, b"%016.6f" % time.monotonic(), 1))
        self.transport.write(b"0\r\n\r\n")


async def serve(port: int, frames: Sequence[bytes], due: Sequence[float]) -> None:
    """Answer until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(frames, due), "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


def main() -> None:
    """Serve with the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--chunks", type=int, default=200, help="events in a stream, [DONE] included")
    parser.add_argument("--over", type=float, default=0.4, help="seconds from the request to the last event")
    parser.add_argument("--irregular", action="store_true", help="uneven gaps, the same in every run")
    parser.add_argument("--stamp", action="store_true", help="write the monotonic time into each event")
    options = parser.parse_args()
    frames = stream_frames(options.chunks, stamp=options.stamp)
    due = schedule(options.chunks, options.over, irregular=options.irregular)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(options.port, frames, due))


if __name__ == "__main__":
    main()
