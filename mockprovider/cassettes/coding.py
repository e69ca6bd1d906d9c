"""Content codings (RFC 9110, section 8.4): an answer is kept decoded and sent again in the coding that a client takes.

Each HTTP chunk is decoded and encoded for itself, with a flush, so the boundaries that a client sees stay where they
were. What can't be decoded (corrupt, cut inside a length-delimited body, two codings at once) is kept as it came.
"""

import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import brotli
import zstandard

from mockprovider.tape import Chunk, Complete, Framing, Tape


class SpoiltError(Exception):
    """A body is not what its content coding says, or unfolds to more than it may."""


class _Decoder(Protocol):
    """Decodes a body piece by piece. Raises SpoiltError where it is none, or longer than it may be."""

    def feed(self, data: bytes, room: int) -> bytes:
        """What a piece unfolds to, which may be `room` bytes."""

    @property
    def finished(self) -> bool:
        """Whether the coded body came to its end."""


class _Zlib:
    def __init__(self, *wbits: int) -> None:
        self._wbits = wbits
        self._inner: Any = None

    def feed(self, data: bytes, room: int) -> bytes:
        if self._inner is None:
            # RFC 9110 means zlib by deflate; some servers send the bare stream. The first byte tells.
            self._inner = zlib.decompressobj(self._wbits[0 if data[0] & 0x0F == 8 else -1])
        plain: bytes = self._inner.decompress(data, room + 1)
        if self._inner.unconsumed_tail or self._inner.unused_data or len(plain) > room:
            raise SpoiltError
        return plain

    @property
    def finished(self) -> bool:
        return self._inner is not None and bool(self._inner.eof)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes, room: int) -> bytes:
        plain: bytes = b""
        while True:
            if self._inner.is_finished() and data:
                raise SpoiltError
            plain += self._inner.process(data, output_buffer_limit=2**16)
            if len(plain) > room:
                raise SpoiltError
            if self._inner.can_accept_more_data():
                return plain
            data = b""

    @property
    def finished(self) -> bool:
        return bool(self._inner.is_finished())


class _Zstd:
    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor().decompressobj()

    def feed(self, data: bytes, room: int) -> bytes:
        plain = bytearray()
        for start in range(0, len(data), _ZSTD_STEP):
            if self._inner.eof:
                raise SpoiltError
            plain += self._inner.decompress(data[start : start + _ZSTD_STEP])
            if self._inner.unused_data or len(plain) > room:
                raise SpoiltError
        return bytes(plain)

    @property
    def finished(self) -> bool:
        return bool(self._inner.eof)


_ZSTD_STEP = 64
"""Bytes fed at a time: a block of four unfolds to 128 KiB, and the library has no limit of its own."""


class _Encoder(Protocol):
    def __call__(self, data: bytes, /, *, last: bool) -> bytes: ...


def _zlib_encoder(wbits: int) -> _Encoder:
    squeeze = zlib.compressobj(wbits=wbits)

    def encode(data: bytes, *, last: bool) -> bytes:
        return squeeze.compress(data) + squeeze.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)

    return encode


def _brotli_encoder() -> _Encoder:
    squeeze = brotli.Compressor(quality=4)

    def encode(data: bytes, *, last: bool) -> bytes:
        return bytes(squeeze.process(data) + (squeeze.finish() if last else squeeze.flush()))

    return encode


def _zstd_encoder() -> _Encoder:
    squeeze = zstandard.ZstdCompressor().compressobj()

    def encode(data: bytes, *, last: bool) -> bytes:
        how = zstandard.COMPRESSOBJ_FLUSH_FINISH if last else zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return squeeze.compress(data) + squeeze.flush(how)

    return encode


CODINGS: dict[str, tuple[Callable[[], _Decoder], Callable[[], _Encoder]]] = {
    "gzip": (lambda: _Zlib(31), lambda: _zlib_encoder(31)),
    "deflate": (lambda: _Zlib(15, -15), lambda: _zlib_encoder(15)),
    "br": (_Brotli, _brotli_encoder),
    "zstd": (_Zstd, _zstd_encoder),
}
"""How to decode and to encode each coding, by its registered name."""


def decoded(tape: Tape, limit: int) -> tuple[Tape, str]:
    """The tape with its body decoded, and the coding it had; the tape itself and "" where it stays as it is.

    `limit` is the number of bytes that a decoded body may have: a small answer can unfold to gigabytes.
    """
    head, complete = tape.head, isinstance(tape.ending, Complete)
    coding = (head.header(b"content-encoding") or b"").strip().lower().decode("latin-1") if head else ""
    counted = head is not None and head.framing is Framing.LENGTH
    if coding not in CODINGS or not tape.chunks or (counted and not complete):
        return tape, ""
    decoder = CODINGS[coding][0]()
    chunks, room = list[Chunk](), limit
    try:
        for at, data in tape.chunks:
            plain = decoder.feed(data, room) if data else b""
            chunks.append(Chunk(at, plain))  # empty ones too: what a client that takes the coding sees are these chunks
            room -= len(plain)
    except (SpoiltError, zlib.error, brotli.error, zstandard.ZstdError):
        return tape, ""
    if complete and not decoder.finished:
        return tape, ""
    return replace(tape, chunks=tuple(chunks)), coding


def encoded(tape: Tape, coding: str, accept: bytes | None) -> Tape:
    """A decoded tape for a client that sent this Accept-Encoding: coded again, or plain if it does not take that."""
    if not coding or tape.head is None:
        return measured(tape)
    if accepts(accept, coding):
        encode = CODINGS[coding][1]()
        complete = isinstance(tape.ending, Complete)
        count = len(tape.chunks)
        chunks = tuple(
            Chunk(at, encode(data, last=complete and number == count))
            for number, (at, data) in enumerate(tape.chunks, 1)
        )
        headers = tape.head.headers
    else:
        chunks = tape.chunks
        headers = tuple(pair for pair in tape.head.headers if pair[0].lower() != b"content-encoding")
    return measured(Tape(replace(tape.head, headers=headers), chunks, tape.ending))


def measured(tape: Tape) -> Tape:
    """The tape with a Content-Length that fits its body, where one is to say how long it is and the body is whole."""
    head = tape.head
    if head is None or head.framing is not Framing.LENGTH or not isinstance(tape.ending, Complete):
        return tape
    length = b"%d" % len(tape.body)
    headers = tuple((k, length if k.lower() == b"content-length" else v) for k, v in head.headers)
    if head.header(b"content-length") is None:
        headers += ((b"Content-Length", length),)
    return replace(tape, head=replace(head, headers=headers))


def accepts(accept: bytes | None, coding: str) -> bool:
    """Whether an Accept-Encoding names the coding, or `*`, with a weight above zero (RFC 9110, section 12.5.3)."""
    weights = dict[str, float]()
    for item in (accept or b"").decode("latin-1").lower().split(","):
        name, _, weight = item.partition(";")
        try:
            weights[name.strip()] = float(weight.replace(" ", "").removeprefix("q=") or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get(coding, weights.get("*", 0.0)) > 0
