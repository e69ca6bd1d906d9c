"""What mockprovider itself has to say, as a tape in OpenAI's error envelope, so that an SDK shows the message.

No provider answers with status 418, and no SDK retries it; the code and the header name us as the speaker.
"""

import json
from collections.abc import Mapping
from typing import Any

from mockprovider.tape import PHRASES, Chunk, Complete, Framing, Head, Tape

MISS = 418
"""The default status of a miss: 404 could pass for the provider's own, 409, 429 and 5xx are retried by SDKs."""


def refusal(
    status: int,
    code: str,
    message: str,
    *,
    header: tuple[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Tape:
    """A tape that refuses a request in our own name; `more` is for programs, beside the message."""
    error = {"message": message, "type": "mockprovider_error", "param": None, "code": code, **(more or {})}
    body = json.dumps({"error": error}, indent=2).encode() + b"\n"
    name, value = header or ("x-mockprovider-error", code)
    headers = (
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"x-should-retry", b"false"),
        (name.encode(), value.encode("ascii", "replace")),
    )
    head = Head(0.0, status, headers, PHRASES.get(status, b""), Framing.LENGTH)
    return Tape(head, (Chunk(0.0, body),), Complete(0.0))
