"""Content codings: decoded on the way in, coded again on the way out, nothing lost and no boundary moved."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import pairwise

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.coding import CODINGS, accepts, decoded, encoded, measured
from mockprovider.tape import Abandoned, Chunk, Complete, Cut, Ending, Framing, Garbage, Head, Headers, Reset, Tape
from tests.strategies import blobs, law, moments

LIMIT = 2**20
TEXT = b"".join(b'data: {"n":%d}\n\n' % number for number in range(40))


def _raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


PACK: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", lambda data: gzip.compress(data, mtime=0)),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", _raw_deflate),
    "br": ("br", lambda data: brotli.compress(data, quality=5)),
    "zstd": ("zstd", zstandard.compress),
}
"""Each coding as somebody else's code makes it, and what it is called in a header."""

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": brotli.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
"""Each coding as somebody else's code reads it."""

every_packing = pytest.mark.parametrize("packing", PACK)
every_coding = pytest.mark.parametrize("coding", CODINGS)


def head(coding: str, framing: Framing = Framing.CHUNKED, *others: tuple[bytes, bytes]) -> Head:
    headers: Headers = ((b"Content-Encoding", coding.encode()), *others)
    return Head(0.0, 200, headers, framing=framing)


def tape(coding: str, *datas: bytes, ending: Ending | None = None, framing: Framing = Framing.CHUNKED) -> Tape:
    return Tape(head(coding, framing), tuple(Chunk(0.0, data) for data in datas), ending or Complete(0.0))


@st.composite
def plain(draw: st.DrawFn, coding: str) -> Tape:
    """A tape as a cassette has it after decoding, with an ending at which a recorder decodes."""
    datas = draw(st.lists(blobs | st.just(TEXT), min_size=1, max_size=5))
    *times, last = draw(moments(len(datas) + 1))
    ends: list[Ending] = [Complete(last), Cut(last), Reset(last), Garbage(last, b"Z"), Abandoned(last, "")]
    ending = draw(st.sampled_from(ends))
    return Tape(head(coding), tuple(map(Chunk, times, datas)), ending)


@every_coding
@law(25)
@given(data=st.data())
def test_what_was_encoded_is_decoded_with_every_chunk_boundary(coding: str, data: st.DataObject) -> None:
    kept = data.draw(plain(coding))
    assert decoded(encoded(kept, coding, coding.encode()), LIMIT) == (kept, coding)


@every_coding
@law(25)
@given(data=st.data())
def test_what_was_encoded_is_read_by_others(coding: str, data: st.DataObject) -> None:
    kept = data.draw(plain(coding).filter(lambda tape: isinstance(tape.ending, Complete)))
    assert UNPACK[coding](encoded(kept, coding, coding.encode()).body) == kept.body


@every_packing
@law(25)
@given(data=st.data())
def test_what_others_encoded_is_decoded_however_it_was_cut(packing: str, data: st.DataObject) -> None:
    body = data.draw(blobs | st.just(TEXT))
    coding, pack = PACK[packing]
    packed = pack(body)
    cuts = [0, *sorted(data.draw(st.sets(st.integers(0, len(packed)), max_size=6)) - {0, len(packed)}), len(packed)]
    parts = [packed[start:end] for start, end in pairwise(cuts)]
    found, name = decoded(tape(coding, *parts), LIMIT)
    assert (found.body, name) == (body, coding)


@every_packing
def test_every_byte_may_be_a_chunk(packing: str) -> None:
    coding, pack = PACK[packing]
    assert decoded(tape(coding, *(bytes([byte]) for byte in pack(TEXT))), LIMIT)[0].body == TEXT


@every_coding
def test_what_came_is_decoded_chunk_by_chunk_each_at_its_moment(coding: str) -> None:
    kept = Tape(head(coding), (Chunk(1.0, b"one"), Chunk(2.0, b"two"), Chunk(3.0, b"three")), Complete(4.0))
    sent = encoded(kept, coding, coding.encode())
    first, *rest = sent.chunks
    halves = (Chunk(0.5, first.data[:1]), Chunk(1.0, first.data[1:]))
    found, _ = decoded(Tape(sent.head, (*halves, *rest), sent.ending), LIMIT)
    assert found.chunks == (Chunk(0.5, b""), *kept.chunks)


@pytest.mark.parametrize("name", ["GZIP", " gzip ", "Gzip"])
def test_a_coding_is_known_in_any_case(name: str) -> None:
    assert decoded(tape(name, PACK["gzip"][1](TEXT)), LIMIT)[1] == "gzip"


def _spoilt(packing: str) -> dict[str, bytes]:
    packed = PACK[packing][1](TEXT * 20)
    middle = len(packed) // 2
    return {
        "not coded at all": TEXT,
        "garbage in the middle": packed[:middle] + b"\xff\x00" * 20 + packed[middle:],
        "cut short": packed[:middle],
        "without its last byte": packed[:-1],
        "something behind its end": packed + b"behind",
    }


@every_packing
@pytest.mark.parametrize("how", _spoilt("gzip"))
def test_a_body_that_is_not_wholly_what_it_says_is_kept_as_it_came(packing: str, how: str) -> None:
    body = _spoilt(packing)[how]
    came = tape(PACK[packing][0], body[:30], body[30:])
    assert decoded(came, LIMIT) == (came, "")


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
@pytest.mark.parametrize("together", [True, False])
def test_of_a_body_in_several_members_nothing_is_lost(packing: str, together: bool) -> None:
    coding, pack = PACK[packing]
    members = [pack(b"one "), pack(b"two "), pack(b"three")]
    came = tape(coding, *([b"".join(members)] if together else members))
    assert decoded(came, LIMIT)[0].body in (b"one two three", came.body)


@every_packing
@pytest.mark.parametrize("ending", [Cut(0.0), Reset(0.0)])
def test_a_stream_that_breaks_off_is_decoded_as_far_as_it_came(packing: str, ending: Ending) -> None:
    coding, pack = PACK[packing]
    found, name = decoded(tape(coding, pack(TEXT * 20)[:-1], ending=ending), LIMIT)
    assert (TEXT * 20).startswith(found.body)
    assert name == coding


@every_coding
def test_a_counted_body_that_breaks_off_is_kept_as_it_came(coding: str) -> None:
    came = tape(coding, PACK[coding][1](TEXT)[:-1], ending=Cut(0.0), framing=Framing.LENGTH)
    assert decoded(came, LIMIT) == (came, "")


@pytest.mark.parametrize(
    "came",
    [
        tape("gzip, br", b"x"),
        tape("compress", b"x"),
        tape("identity", b"x"),
        tape("", b"x"),
        Tape(Head(0.0, 200), (Chunk(0.0, b"x"),), Complete(0.0)),
        tape("gzip"),
        Tape(None, (), Cut(0.0)),
    ],
    ids=["two codings", "an unknown one", "identity", "an empty name", "none", "no body", "no head"],
)
def test_what_has_no_known_coding_is_kept_as_it_came(came: Tape) -> None:
    assert decoded(came, LIMIT) == (came, "")


@every_packing
def test_a_body_as_long_as_the_limit_is_decoded_and_one_byte_more_is_not(packing: str) -> None:
    coding, pack = PACK[packing]
    came = tape(coding, pack(TEXT))
    assert [decoded(came, limit)[1] for limit in (len(TEXT), len(TEXT) - 1)] == [coding, ""]


@every_packing
def test_a_bomb_is_kept_as_it_came_and_not_unfolded_to_see_how_large_it_is(packing: str) -> None:
    coding, pack = PACK[packing]
    came = tape(coding, pack(bytes(32 * LIMIT)))
    tracemalloc.start()
    try:
        found = decoded(came, LIMIT)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == (came, "")
    assert most < 8 * LIMIT


@every_coding
@pytest.mark.parametrize("accept", [None, b"", b"identity", b"%b;q=0", b"x-%b"])
def test_a_client_that_does_not_take_the_coding_gets_the_body_plain(coding: str, accept: bytes | None) -> None:
    kept = Tape(
        head(coding, Framing.LENGTH, (b"Content-Length", b"5"), (b"X-A", b"1")), (Chunk(0.0, TEXT),), Complete(0.0)
    )
    sent = encoded(kept, coding, accept and accept.replace(b"%b", coding.encode()))
    assert sent.head is not None
    assert (sent.chunks, sent.head.headers) == (kept.chunks, ((b"Content-Length", b"%d" % len(TEXT)), (b"X-A", b"1")))


@every_coding
def test_a_coded_body_has_its_own_length(coding: str) -> None:
    kept = Tape(head(coding, Framing.LENGTH, (b"content-LENGTH", b"5")), (Chunk(0.0, TEXT),), Complete(0.0))
    sent = encoded(kept, coding, coding.encode())
    assert sent.head is not None
    assert sent.head.header(b"content-length") == b"%d" % len(sent.body)


def test_a_tape_without_a_coding_is_sent_as_it_is() -> None:
    kept = Tape(Head(0.0, 200, ((b"X-A", b"1"),)), (Chunk(0.0, TEXT),), Complete(0.0))
    assert encoded(kept, "", b"gzip") == kept


@pytest.mark.parametrize(
    ("framing", "ending", "length"),
    [
        (Framing.LENGTH, Complete(0.0), b"3"),
        (Framing.LENGTH, Cut(0.0), b"50"),
        (Framing.LENGTH, Garbage(0.0, b"x"), b"50"),
        (Framing.NONE, Complete(0.0), b"50"),
        (Framing.CLOSE, Complete(0.0), b"50"),
    ],
)
def test_a_length_is_made_to_fit_only_where_the_body_is_counted_and_whole(
    framing: Framing, ending: Ending, length: bytes
) -> None:
    found = measured(
        Tape(Head(0.0, 200, ((b"Content-Length", b"50"),), framing=framing), (Chunk(0.0, b"abc"),), ending)
    )
    assert found.head is not None
    assert found.head.header(b"content-length") == length


@pytest.mark.parametrize(
    ("accept", "taken"),
    [
        (b"gzip", True),
        (b"gzip, deflate, br, zstd", True),
        (b"br;q=1.0, GZIP;q=0.2", True),
        (b"gzip ; q=0.5", True),
        (b"*", True),
        (b"br, *;q=0.1", True),
        (b"gzip;q=0", False),
        (b"gzip;q=0.000", False),
        (b"gzip;q=0, *", False),
        (b"*;q=0", False),
        (b"gzip;q=none", False),
        (b"br", False),
        (b"x-gzip", False),
        (b"", False),
        (None, False),
    ],
)
def test_a_coding_is_taken_if_it_is_named_with_a_weight_above_zero(accept: bytes | None, taken: bool) -> None:
    assert accepts(accept, "gzip") == taken
