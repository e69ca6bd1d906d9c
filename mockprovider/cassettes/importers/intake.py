"""Files in, exchanges in a cassette, a tally out.

Laws: an answer is never filed under a request that another upstream was asked; importing twice is importing once; a
file that gives nothing says why.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from mockprovider.cassettes import format as form
from mockprovider.cassettes.importers.common import LARGEST, Imported, Refused, Source
from mockprovider.cassettes.importers.formats import read
from mockprovider.cassettes.matching.key import key_of
from mockprovider.cassettes.secrets.redact import STANDARD, as_matched, redacted
from mockprovider.cassettes.store import Cassette
from mockprovider.errors import CassetteError, InputError
from mockprovider.tape import Exchange, Request, Tape

_OURS = re.compile(r"\d{4,}-.*\.yaml\Z")
_OUR_MARK = b"# mockprovider exchange;"
_NOT_ENTERED = frozenset({".git", ".hg", ".svn", ".venv", "node_modules", "__pycache__"})
_BODIES = "__files"
"""Where WireMock keeps the bodies of the mappings beside it."""

_NOTHING = "holds no exchange"
_ELSEWHERE = "the same request went to another upstream; --by-host keeps them apart"
_ELSEWHERE_STILL = "the same request went to another upstream of that host"


class Line(NamedTuple):
    """What becomes of exchanges of one format: how faithful they can be, and how many there were of each."""

    format: str
    fidelity: str
    imported: int
    known: int
    refused: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused, and where."""

    file: str
    where: str
    format: str
    reason: str


class Tally:
    """What an import did so far."""

    def __init__(self) -> None:
        self.files = 0
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.refusals: list[Refusal] = []
        self.doubles = 0
        """Requests that files answer differently: a replay gives these answers in turn, whichever file was meant."""
        self.parts = set[Path]()
        """Files that are part of another."""

    @property
    def imported(self) -> int:
        """Exchanges that were new to the cassette."""
        return self._total("imported")

    @property
    def known(self) -> int:
        """Exchanges that the cassette had."""
        return self._total("known")

    @property
    def lines(self) -> list[Line]:
        """The counts by format and fidelity; what was refused has none."""
        rows = sorted({row[:2] for row in self.counts})
        return [Line(*row, *(self.counts[*row, fate] for fate in ("imported", "known", "refused"))) for row in rows]

    @property
    def reasons(self) -> list[tuple[str, str, int]]:
        """Format, reason and how often, the most frequent first."""
        counted = Counter((each.format, each.reason) for each in self.refusals)
        return [(*what, count) for what, count in counted.most_common()]

    def _total(self, fate: str) -> int:
        return sum(count for row, count in self.counts.items() if row[2] == fate)


def files_of(sources: Iterable[Path], target: Path) -> list[Path]:
    """The files that sources stand for, folders walked in the order of names.

    Hidden files, cassettes of our own (the target among them), and folders of tools are passed over. Raises InputError
    for a source that is not there.
    """
    found = dict[Path, None]()
    for source in sources:
        if source.is_dir():
            found |= dict.fromkeys(_walked(source, target))
        elif source.is_file():
            found[source] = None
        else:
            raise InputError(f"{source}: no such file or folder; a source is a recording or a folder of them")
    return list(found)


def _walked(top: Path, target: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(top):
        here = Path(folder)
        if _is_ours(here, names) or (target.exists() and here.samefile(target)):
            folders.clear()
            continue
        # Bodies come after the mappings that name them, so that it is known which are a part of one.
        folders[:] = sorted(set(folders) - _NOT_ENTERED, key=lambda name: (name == _BODIES, name))
        for name in sorted(names):
            if not name.startswith(".") and (here / name).is_file():
                yield here / name


def _is_ours(folder: Path, names: Iterable[str]) -> bool:
    """Whether a folder is a cassette of our own, by its first exchange."""
    first = next((name for name in sorted(names) if _OURS.match(name)), None)
    if first is None:
        return False
    try:
        with (folder / first).open("rb") as file:
            return file.read(len(_OUR_MARK)) == _OUR_MARK
    except OSError:
        return False


def take(
    files: Sequence[Path],
    cassette: Cassette | None,
    *,
    name: str | None = None,
    by_host: bool = False,
    dry: bool = False,
    tally: Tally | None = None,
    progress: Callable[[Tally, Path], None] = lambda _tally, _file: None,
) -> Tally:
    """Import files into a cassette. `name` takes them for files of one format; a `dry` run writes nothing.

    `tally` goes on counting where there is one. `progress` is told the tally and the file that comes next.
    """
    tally, shelf = tally or Tally(), _Shelf(cassette, by_host=by_host, dry=dry)
    for file in files:
        if _BODIES in file.parts and file.resolve() in tally.parts:
            continue
        progress(tally, file)
        tally.files += 1
        try:
            source = _source(file, tally.parts)
        except CassetteError as problem:
            reason = str(problem).removeprefix(f"{file}: ")
            _count(tally, file, "", Refused("", reason), reason)
            continue
        format_name, found = read(source, name)
        shelf.open_file()
        number = 0
        for number, one in enumerate(found, 1):  # noqa: B007 whether there was one is what is asked for
            _count(tally, file, format_name, one, shelf.put(one.exchange) if isinstance(one, Imported) else one.reason)
        if not number:
            _count(tally, file, format_name, Refused("", _NOTHING), _NOTHING)
    tally.doubles += len(shelf.doubles)
    return tally


def _count(tally: Tally, file: Path, format_name: str, one: Imported | Refused, fate: str) -> None:
    taken = fate in ("imported", "known")
    fidelity = str(one.exchange.fidelity) if isinstance(one, Imported) else ""
    tally.counts[format_name, fidelity, fate if taken else "refused"] += 1
    if not taken:
        tally.refusals.append(Refusal(str(file), one.where, format_name, fate))


def _source(file: Path, parts: set[Path]) -> Source:
    """A file, read. What it names as a part of itself is added to `parts`."""
    try:
        if file.stat().st_size > LARGEST:
            raise CassetteError(f"{file}: larger than {LARGEST // 2**20} MiB")
        return Source(str(file), file.read_bytes(), lambda name: _beside(file, name, parts))
    except OSError as problem:
        raise CassetteError(f"{file}: {(problem.strerror or 'not readable').lower()}") from None


def _beside(file: Path, name: str, parts: set[Path]) -> bytes | None:
    """A body that a WireMock mapping names: from the `__files` beside its `mappings`, and from nowhere else."""
    for folder in file.parents[:4]:
        bodies = (folder / _BODIES).resolve()
        if bodies.is_dir():
            try:
                wanted = (bodies / name).resolve()
                if not (wanted.is_relative_to(bodies) and wanted.is_file() and wanted.stat().st_size <= LARGEST):
                    return None
                parts.add(wanted)
                return wanted.read_bytes()
            except (OSError, ValueError):
                return None
    return None


class _Shelf:
    """A cassette, or none yet, and what is in it: by match key, how often each answer, and from which upstream."""

    def __init__(self, cassette: Cassette | None, *, by_host: bool, dry: bool) -> None:
        self._cassette = cassette
        self._by_host = by_host
        self._dry = dry or cassette is None
        self._redaction = cassette.redaction if cassette else STANDARD
        self._held: dict[str, Counter[str]] = {}
        self._upstream: dict[str, str] = {}
        self._in_file: Counter[tuple[str, str]] = Counter()
        self.doubles = set[str]()
        """The keys that files answer differently."""

    def open_file(self) -> None:
        """Begin a file. The n-th time that an exchange stands in it, it is known if the cassette has it n times."""
        self._in_file.clear()

    def put(self, exchange: Exchange) -> str:
        """Keep an exchange: `imported`, `known`, or the reason for which it can't be kept."""
        exchange = mounted(exchange) if self._by_host else exchange
        try:
            key = self._cassette.key(exchange.request) if self._cassette else key_of(as_matched(exchange.request))
            clean = redacted(exchange, (), self._redaction)
            print_ = _print(clean.tape)
            held = self._of(key)
            if held and self._upstream[key] != clean.upstream:
                return _ELSEWHERE_STILL if self._by_host and clean.upstream else _ELSEWHERE
            elsewhere = held.keys() - {answer for asked, answer in self._in_file if asked == key}
            self._in_file[key, print_] += 1
            if held[print_] >= self._in_file[key, print_]:
                return "known"
            self._keep(exchange)
        except (ValueError, RecursionError):
            return "it holds what no cassette can: half a character, or a number or nesting beyond bounds"
        if elsewhere - {print_}:
            self.doubles.add(key)
        held[print_] += 1
        self._upstream[key] = clean.upstream
        return "imported"

    def _keep(self, exchange: Exchange) -> None:
        if self._cassette is None or self._dry:
            form.dump(exchange, "")
            return
        slot = self._cassette.begin(exchange.request)
        try:
            slot.keep(exchange)
        except ValueError:
            slot.discard()
            raise

    def _of(self, key: str) -> Counter[str]:
        """How often the cassette has each answer under a key."""
        if key not in self._held:
            held = self._held[key] = Counter()
            if self._cassette is not None:
                for entry in self._cassette.by_key.get(key, ()):
                    kept = self._cassette.exchange(entry)
                    held[_print(kept.tape)] += 1
                    self._upstream[key] = kept.upstream
        return self._held[key]


def _print(tape: Tape) -> str:
    """What tells a tape from another, as it stands on disk: to the byte and to a microsecond."""
    return form.dump(Exchange(Request("", ""), tape), "").partition(b" ")[2].decode("latin-1")


def mounted(exchange: Exchange) -> Exchange:
    """The exchange with its path behind `/HOST`, and its upstream as `HOST=URL`; itself where no upstream is known."""
    if not exchange.upstream or "=" in exchange.upstream:
        return exchange
    host = re.sub(r"[^a-z0-9.-]+", "-", urlsplit(exchange.upstream).netloc.lower()).strip("-.") or "host"
    request = replace(exchange.request, path=f"/{host}{exchange.request.path}")
    return replace(exchange, request=request, upstream=f"{host}={exchange.upstream}")
