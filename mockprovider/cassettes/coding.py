"""Content codings (RFC 9110, section 8.4): an answer is kept decoded and sent again in the coding that a client takes.

Each HTTP chunk is decoded and encoded for itself, with a flush, so the boundaries that a client sees stay where they
were. What can't be decoded (corrupt, cut inside a length-delimited body, two codings at once) is kept as it came.
"""

import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import brotli
import zstandard

from mockprovider.tape import Chunk, Complete, Framing, Tape


class _Decoder(Protocol):
    def __call__(self, data: bytes, /) -> bytes: ...


class _Encoder(Protocol):
    def __call__(self, data: bytes, /, *, last: bool) -> bytes: ...


def _zlib_decoder(wbits: int) -> _Decoder:
    return zlib.decompressobj(wbits).decompress


def _deflate_decoder() -> _Decoder:
    """RFC 9110 means zlib by deflate; some servers send the bare stream. The first byte tells."""
    inner: _Decoder | None = None

    def decode(data: bytes) -> bytes:
        nonlocal inner
        if inner is None and data:
            inner = _zlib_decoder(15 if data[0] & 0x0F == 8 else -15)
        return inner(data) if inner else b""

    return decode


def _brotli_decoder() -> _Decoder:
    process: _Decoder = brotli.Decompressor().process
    return process


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
    "gzip": (lambda: _zlib_decoder(31), lambda: _zlib_encoder(31)),
    "deflate": (_deflate_decoder, lambda: _zlib_encoder(15)),
    "br": (_brotli_decoder, _brotli_encoder),
    "zstd": (lambda: zstandard.ZstdDecompressor().decompressobj().decompress, _zstd_encoder),
}
"""How to decode and to encode each coding, by its registered name."""


def decoded(tape: Tape, limit: int) -> tuple[Tape, str]:
    """The tape with its body decoded, and the coding it had; the tape itself and "" where it stays as it is.

    `limit` is the number of bytes that a decoded body may have: a small answer can unfold to gigabytes.
    """
    head = tape.head
    coding = (head.header(b"content-encoding") or b"").strip().lower().decode("latin-1") if head else ""
    whole = isinstance(tape.ending, Complete) or (head is not None and head.framing is not Framing.LENGTH)
    if coding not in CODINGS or not tape.chunks or not whole:
        return tape, ""
    decode = CODINGS[coding][0]()
    chunks, size = list[Chunk](), 0
    try:
        for at, data in tape.chunks:
            if plain := decode(data):
                chunks.append(Chunk(at, plain))
                size += len(plain)
            if size > limit:
                return tape, ""
    except (zlib.error, brotli.error, zstandard.ZstdError):
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
