"""The list of exporters."""

import pytest

from mockprovider.cassettes.exporters.formats import EXPORTERS
from mockprovider.cassettes.importers import formats
from mockprovider.cassettes.importers.common import Imported, Source
from mockprovider.tape import Chunk, Complete, Exchange, Fidelity, Head, Request, Tape

TAPE = Tape(Head(0.0, 200, ((b"Content-Type", b"text/plain"),), b"OK"), (Chunk(0.0, b"hi"),), Complete(0.0))
EXCHANGE = Exchange(Request("POST", "/v1/x", body=b"{}"), TAPE, upstream="https://a.b", fidelity=Fidelity.BYTES)


@pytest.mark.parametrize("name", EXPORTERS)
def test_what_an_exporter_writes_is_recognised_and_imported(name: str) -> None:
    exporter = EXPORTERS[name]
    kind, found = formats.read(Source(f"x{exporter.suffix}", exporter.dump([EXCHANGE]).encode()))
    assert kind == name
    (only,) = found
    assert isinstance(only, Imported)
    assert only.exchange.request == EXCHANGE.request
    assert only.exchange.tape.body == b"hi"
    assert only.exchange.upstream == "https://a.b"


@pytest.mark.parametrize("name", EXPORTERS)
def test_an_exporter_has_a_title_and_a_suffix(name: str) -> None:
    assert EXPORTERS[name].title
    assert EXPORTERS[name].suffix.startswith(".")
