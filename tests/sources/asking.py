"""Requests to a profile as a client makes them, and what comes back, without a socket."""

import json
from dataclasses import dataclass
from typing import Any

from mockprovider.sources.synthesize import Synthesize
from mockprovider.sse import frames
from mockprovider.tape import Request, Tape

CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"


def asked(path: str, body: Any = None, method: str = "POST", key: str = "sk-mock-test") -> Request:
    """A request; the path may have a query, and a body of bytes is sent as it is."""
    headers = ((b"authorization", f"Bearer {key}".encode()),) if key else ()
    path, _, query = path.partition("?")
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Request(method, path, query, headers, data)


def bytes_of(tape: Tape) -> bytes:
    return b"".join(chunk.data for chunk in tape.chunks)


def body_of(tape: Tape) -> Any:
    return json.loads(bytes_of(tape))


def status_of(tape: Tape) -> int:
    assert tape.head is not None
    return tape.head.status


def answered(source: Synthesize, request: Request) -> tuple[int, Any]:
    """Status and body."""
    tape, _ = source.answer(request)
    return status_of(tape), body_of(tape)


def events_of(tape: Tape) -> list[Any]:
    """The JSON of a stream's events."""
    found = [frame.data for frame in frames(bytes_of(tape))]
    return [json.loads(data) for data in found if data is not None and data != "[DONE]"]


@dataclass(frozen=True)
class Client:
    """Whoever asks with one API key."""

    source: Synthesize
    key: str = "sk-mock-one"

    def tape(self, path: str, body: Any = None, method: str = "POST") -> Tape:
        """The answer as it is sent."""
        return self.source.answer(asked(path, body, method, self.key), self.key)[0]

    def ask(self, path: str, body: Any = None, method: str = "POST") -> tuple[int, Any]:
        """Status and body."""
        tape = self.tape(path, body, method)
        return status_of(tape), body_of(tape)

    def made(self, path: str, **body: Any) -> Any:
        """The body of a good answer to a POST."""
        status, answer = self.ask(path, body)
        assert status == 200, answer
        return answer

    def got(self, path: str) -> Any:
        """The body of a good answer to a GET."""
        status, answer = self.ask(path, method="GET")
        assert status == 200, answer
        return answer

    def error(self, path: str, body: Any = None, method: str = "POST") -> tuple[int, Any]:
        """The status of a refusal, and its message."""
        status, answer = self.ask(path, body, method)
        return status, answer["error"]["message"]
