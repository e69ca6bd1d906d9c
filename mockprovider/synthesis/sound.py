"""Silence, as long as it takes to say a text: a sound that any player plays."""

import base64
import io
import wave

_RATE = 24_000
"""Samples a second, of two bytes each, one channel: what OpenAI sends as pcm16."""
_A_CHARACTER = 0.05
"""Seconds that a character takes to say."""
_LONGEST = 10.0
_MP3_FRAME = b"\xff\xf3\x14\xc4" + bytes(20)
"""MPEG-2 layer 3, 8 kbit/s at 24 kHz, mono: 24 ms in which nothing is heard."""
_MP3_SECONDS = 0.024


def sound(text: str, form: str) -> str:
    """The silence in base64; `form` is `wav`, `mp3` or `pcm16`. Any other gets pcm16, for want of an encoder."""
    seconds = min(_LONGEST, _A_CHARACTER * len(text))
    samples = bytes(2 * round(seconds * _RATE))
    match form:
        case "wav":
            data = _wav(samples)
        case "mp3":
            data = _MP3_FRAME * max(1, round(seconds / _MP3_SECONDS))
        case _:
            data = samples
    return base64.b64encode(data).decode()


def _wav(samples: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(_RATE)
        writer.writeframes(samples)
    return file.getvalue()
