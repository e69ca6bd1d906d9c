"""Every format: its sample is claimed and read, and a damaged file is refused in words and never breaks anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes import format as cassette
from mockprovider.cassettes.importers import formats
from mockprovider.cassettes.importers.common import Format, Found, Imported, Refused, Source
from mockprovider.errors import InputError
from tests.strategies import law
from tests.vectors.recordings import SAMPLES

every_format = pytest.mark.parametrize("form", formats.FORMATS, ids=lambda form: form.name)

BOMBS = {
    "nothing": b"",
    "a byte order mark": b"\xef\xbb\xbf",
    "no text": bytes(range(256)),
    "UTF-16": '{"interactions": []}'.encode("utf-16"),
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"interactions":' * 100_000,
    "deep YAML": b"- " * 100_000,
    "a huge number": b'{"log": {"entries": ' + b"9" * 100_000 + b"}}",
    "a huge number in YAML": b"interactions: " + b"9" * 100_000,
    "unfolding aliases": b"a: &a ["
    + b"x," * 99
    + b"]\n"
    + b"".join(b"%c: &%c [%s]\n" % (name, name, b",".join([b"*%c" % (name - 1)] * 99)) for name in range(98, 105)),
    "an alias of itself": b"interactions: &a [*a]\nhttp_interactions: *a\n",
    "a tag that runs code": b"interactions: !!python/object/apply:os.system [exit 1]\nversion: 1\n",
    "a scalar": b"5",
    "a list": b"[]",
    "no list": b'{"interactions": {}, "http_interactions": 3, "log": [], "version": 1}',
    "lists of the wrong things": b'{"interactions": [1, null, [], {}], "http_interactions": [{"request": {}}]}',
}
"""Files that nobody recorded."""

SPLINTERS = (
    *(
        b"",
        b"\0",
        b"\xff",
        b"\xc3",
        b"\r",
        b"\n",
        b"\n\n",
        b'"',
        b"'",
        b"{",
        b"}",
        b"[",
        b"]",
        b": ",
        b"- ",
        b"\t",
        b"|",
    ),
    *(b"null", b"true", b"[]", b"{}", b"-1", b"1e999", b"99999999999999999999", b"0x" + b"f" * 5000, b"NaN", b".inf"),
    *(
        b"*a",
        b"&a ",
        b"!!binary ",
        b"!binary ",
        b"!!python/unicode ",
        b"\\ud800",
        b"\\u0000",
        b"<X>",
        b"http://[",
        b"%",
    ),
    *(
        b"gzip",
        b"br",
        b"chunked",
        b"H4sIAAAAAAAA",
        b"HEAD",
        b"204",
        b"text/event-stream",
        b"ASCII-8BIT",
        b"\xe2\x80\xa8",
    ),
)
"""What is put where it does not belong."""


def read(source: Source, form: Format) -> list[Found]:
    """What a format makes of a file that it is told is its own."""
    return list(formats.read(source, form.name)[1])


def kept(found: Found) -> bool:
    """Whether what was found is refused, or can be kept in a cassette as it is."""
    if isinstance(found, Refused):
        return bool(found.reason)
    data = cassette.dump(found.exchange, "key")
    return cassette.load(data, "kept.yaml") == found.exchange


@st.composite
def damaged(draw: st.DrawFn, sample: bytes) -> bytes:
    """A file after one to four accidents: a piece lost, doubled, or something put in its place."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(sample)))
        stop = min(len(sample), start + draw(st.sampled_from([0, 0, 1, 2, 8, 40, 100_000])))
        piece = draw(st.sampled_from(SPLINTERS) | st.just(sample[start:stop] * 2) | st.binary(max_size=4))
        sample = sample[:start] + piece + sample[stop:]
    return sample


@every_format
def test_a_format_has_a_sample(form: Format) -> None:
    assert form.name in SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_claimed_by_its_format_and_read_without_a_refusal(name: str) -> None:
    claimed, found = formats.read(Source("sample", SAMPLES[name]))
    exchanges = list(found)
    assert claimed == name
    assert exchanges
    assert all(isinstance(each, Imported) for each in exchanges)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_exchange_of_a_format_has_more_fidelity_than_the_format(name: str) -> None:
    form = next(form for form in formats.FORMATS if form.name == name)
    ranks = list(type(form.fidelity))
    for found in read(Source("sample", SAMPLES[name]), form):
        assert isinstance(found, Imported)
        assert ranks.index(found.exchange.fidelity) >= ranks.index(form.fidelity)


@pytest.mark.parametrize("name", SAMPLES)
@law(100)
@given(data=st.data())
def test_a_damaged_file_is_imported_or_refused_and_never_more(name: str, data: st.DataObject) -> None:
    source = Source("damaged", data.draw(damaged(SAMPLES[name])))
    form = next(form for form in formats.FORMATS if form.name == name)
    form.claims(source)
    assert all(map(kept, read(source, form)))


@every_format
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_that_nobody_recorded_imports_nothing(form: Format, bomb: str) -> None:
    source = Source("bomb", BOMBS[bomb])
    form.claims(source)
    assert not [found for found in read(source, form) if isinstance(found, Imported)]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_that_nobody_recorded_is_refused_with_a_reason(bomb: str) -> None:
    _, found = formats.read(Source("bomb", BOMBS[bomb]))
    assert [bool(each.reason) for each in found if isinstance(each, Refused)]


def test_a_format_that_does_not_exist_is_answered_with_the_closest_that_does() -> None:
    with pytest.raises(InputError, match="did you mean 'vcrpy'"):
        formats.read(Source("x", b""), "vcrpi")
