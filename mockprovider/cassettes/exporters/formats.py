"""The formats that exchanges can be exported to, by the name that the command line takes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mockprovider.cassettes.exporters import har, vcrpy
from mockprovider.tape import Exchange


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format to export to: what people call it, how its files' names end, and the text of a file."""

    title: str
    suffix: str
    dump: Callable[[Iterable[Exchange]], str]


EXPORTERS: dict[str, Exporter] = {
    "har": Exporter("HTTP archive (HAR 1.2)", ".har", har.dump),
    "vcrpy": Exporter("vcrpy cassette (Python)", ".yaml", vcrpy.dump),
}
