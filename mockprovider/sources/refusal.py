"""What mockprovider itself has to say, as a tape in OpenAI's error envelope, so that an SDK shows the message.

No provider answers with status 418, and no SDK retries it; the code and the header name us as the speaker.
"""

import json
from http import HTTPStatus

from mockprovider.tape import Chunk, Complete, Framing, Head, Tape

MISS = 418
"""The default status of a miss: 404 could pass for the provider's own, 409, 429 and 5xx are retried by SDKs."""


def refusal(status: int, code: str, message: str, *, header: str = "x-mockprovider-error") -> Tape:
    """A tape that refuses a request in our own name."""
    error = {"message": message, "type": "mockprovider_error", "param": None, "code": code}
    body = json.dumps({"error": error}, indent=2).encode() + b"\n"
    headers = (
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"x-should-retry", b"false"),
        (header.encode(), code.encode()),
    )
    head = Head(0.0, status, headers, _phrase(status), Framing.LENGTH)
    return Tape(head, (Chunk(0.0, body),), Complete(0.0))


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b""
