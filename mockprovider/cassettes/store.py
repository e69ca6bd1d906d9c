"""A cassette: a folder with one file an exchange, `0001-<slug>.yaml`, in the order in which they were asked.

A number is claimed before the request goes out, by a file `0001.part` that says what was asked. The exchange is
written under a temporary name and renamed, and then the claim goes. So a crash loses at most what was in flight, what
was in flight has a name, and two recorders in one folder never write over each other. A `cassette.yaml` beside them may
say what counts for matching and what is hidden.
"""

import contextlib
import json
import os
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mockprovider.cassettes import config
from mockprovider.cassettes import format as form
from mockprovider.cassettes.matching.key import key_of, loose_key
from mockprovider.cassettes.matching.normalize import CWD
from mockprovider.cassettes.matching.rules import COMPLETE, Rules
from mockprovider.cassettes.secrets.redact import as_matched, redacted, redacted_request
from mockprovider.errors import CassetteError, did_you_mean
from mockprovider.tape import Exchange, Request
from mockprovider.yamlfile import read

_FILE = re.compile(r"(\d{4,})-.*\.yaml\Z")
_CLAIM = re.compile(r"(\d{4,})\.part\Z")
_CACHE_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One recorded exchange, as the index knows it."""

    path: Path
    key: str


class Cassette:
    """A folder of exchanges, indexed by match key. Only `begin` and its `Slot` write to it."""

    def __init__(
        self, folder: Path, entries: Sequence[Entry], warnings: Sequence[str], last: int, settings: config.Config
    ) -> None:
        self.folder = folder
        self.entries = list(entries)
        self.warnings = list(warnings)
        self.rules, self.redaction = settings.rules, settings.redaction
        self.by_key: dict[str, list[Entry]] = {}
        for entry in entries:
            self.by_key.setdefault(entry.key, []).append(entry)
        self._by_loose_key: dict[str, list[Entry]] | None = None
        self.cwd = _cwd(self.rules)
        self._last = last
        self._cache: OrderedDict[Entry, tuple[int, Exchange]] = OrderedDict()
        self._cached_bytes = 0

    @classmethod
    def open(cls, folder: Path, *, create: bool = False, rules: Rules = COMPLETE) -> "Cassette":
        """Index a folder. Every file is read and checked; one that can't be used is an error that names it.

        `rules` are added to what its `cassette.yaml` says.
        """
        if create:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as problem:
                raise CassetteError(f"{folder}: can't be a cassette folder: {problem.strerror}") from None
        if not folder.is_dir():
            raise CassetteError(f"{folder}: {_why_no_folder(folder)}")
        try:
            names = [entry.name for entry in os.scandir(folder)]
        except OSError as problem:
            raise CassetteError(f"{folder}: {problem.strerror}") from None
        files = sorted((int(m[1]), m[0]) for m in map(_FILE.match, names) if m)
        claims = sorted((int(m[1]), m[0]) for m in map(_CLAIM.match, names) if m)
        settings = config.load(folder)
        settings = replace(settings, rules=settings.rules.and_(rules))
        entries = [_indexed(folder / name, settings.rules) for _, name in files]
        finished = {number for number, _ in files}
        warnings = [_unfinished(folder / name) for number, name in claims if number not in finished]
        return cls(folder, entries, warnings, max((number for number, _ in files + claims), default=0), settings)

    def key(self, request: Request) -> str:
        """The match key of a live request, which is that of the request as it would be kept."""
        return key_of(as_matched(request, self.redaction), self.rules, self.cwd)

    def loosely(self, request: Request) -> list[Entry]:
        """The recordings of requests that differ from this one in the system prompt or the tool schemas only."""
        if self._by_loose_key is None:
            self._by_loose_key = {}
            for entry in self.entries:
                self._note_loosely(entry, self.exchange(entry))
        return self._by_loose_key.get(loose_key(as_matched(request, self.redaction), self.rules, self.cwd), [])

    def _note_loosely(self, entry: Entry, exchange: Exchange) -> None:
        if self._by_loose_key is not None:
            key = loose_key(exchange.request, self.rules, exchange.cwd)
            self._by_loose_key.setdefault(key, []).append(entry)

    def exchange(self, entry: Entry) -> Exchange:
        """The whole exchange, read from its file, or from memory as long as the file has not changed."""
        try:
            changed = os.stat(entry.path).st_mtime_ns  # noqa: PTH116 every replay asks, and a Path asks slowly
        except OSError:
            raise CassetteError(f"{entry.path}: gone since the cassette was opened") from None
        cached = self._cache.get(entry)
        if cached and cached[0] == changed:
            self._cache.move_to_end(entry)
            return cached[1]
        exchange = form.load(read(entry.path, CassetteError), str(entry.path))
        self._remember(entry, changed, exchange)
        return exchange

    def beginning(self, entry: Entry) -> Exchange:
        """The exchange without its chunks: what was asked, the head, and how it ended."""
        return form.load_first(read(entry.path, CassetteError), str(entry.path))

    def begin(self, request: Request) -> "Slot":
        """Claim the next number for an exchange that is about to be asked; its request is named on disk from now on."""
        try:
            while True:
                self._last += 1
                number = self._last
                claim = self.folder / f"{number:04d}.part"
                try:
                    descriptor = os.open(claim, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                except FileExistsError:
                    continue
                try:
                    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                        file.write(f"{request.method} {redacted_request(request, (), self.redaction).target}\n")
                except OSError:
                    claim.unlink(missing_ok=True)
                    raise
                taken = [int(found[1]) for found in map(_FILE.match, os.listdir(self.folder)) if found]  # noqa: PTH208 names are all it takes
                if number not in taken:
                    return Slot(self, number, claim)
                claim.unlink()  # another recorder had claimed it, finished, and let go
                self._last = max(self._last, *taken)
        except OSError as problem:
            raise CassetteError(f"{self.folder}: can't be written: {problem.strerror}") from None

    def keep(self, number: int, exchange: Exchange, secrets: Sequence[bytes] = ()) -> Entry:
        """Write a finished exchange under a claimed number; it is redacted first, of `secrets` too."""
        clean = redacted(replace(exchange, cwd=exchange.cwd or self.cwd), secrets, self.redaction)
        key = key_of(clean.request, self.rules, clean.cwd)
        path = self.folder / f"{number:04d}-{slug(clean.request)}.yaml"
        temporary = path.with_suffix(".tmp")
        try:
            _write(temporary, form.dump(clean, key, self.rules.name))
            _publish(temporary, path)
        except FileExistsError:
            temporary.unlink()
            return self.begin(clean.request).keep(exchange, secrets)
        except OSError as problem:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise CassetteError(f"{path}: can't be written: {problem.strerror}") from None
        entry = Entry(path, key)
        self.entries.append(entry)
        self.by_key.setdefault(key, []).append(entry)
        self._note_loosely(entry, clean)
        return entry

    def drop(self, entries: Sequence[Entry]) -> None:
        """Delete exchanges, files and all."""
        for entry in entries:
            entry.path.unlink(missing_ok=True)
            drift_of(entry).unlink(missing_ok=True)
            self.entries.remove(entry)
            self.by_key[entry.key].remove(entry)
            for entries in (self._by_loose_key or {}).values():
                if entry in entries:
                    entries.remove(entry)

    def note_drift(self, entry: Entry, request: Request) -> None:
        """Keep what was really sent where a recording was replayed loosely, for `refresh_requests`."""
        path = drift_of(entry)
        try:
            _write(path.with_suffix(".tmp"), form.dump_request(redacted_request(request, (), self.redaction)))
            path.with_suffix(".tmp").replace(path)
        except OSError as problem:
            raise CassetteError(f"{path}: can't be written: {problem.strerror}") from None

    def refresh_requests(self) -> list[Entry]:
        """Put into each recording that was replayed loosely the request that was really sent. Answers stay."""
        drifted = [entry for entry in self.entries if drift_of(entry).exists()]
        fresh = [self._refreshed(entry) for entry in drifted]
        self._by_loose_key = None
        return fresh

    def _refreshed(self, entry: Entry) -> Entry:
        drift = drift_of(entry)
        request = form.load_request(read(drift, CassetteError), str(drift))
        exchange = replace(self.exchange(entry), request=request, cwd=self.cwd)
        fresh = Entry(entry.path, key_of(request, self.rules, self.cwd))
        temporary = entry.path.with_suffix(".tmp")
        try:
            _write(temporary, form.dump(exchange, fresh.key, self.rules.name))
            temporary.replace(entry.path)
            drift.unlink()
        except OSError as problem:
            raise CassetteError(f"{entry.path}: can't be written: {problem.strerror}") from None
        self.by_key[entry.key].remove(entry)
        self.by_key.setdefault(fresh.key, []).append(fresh)
        self.entries[self.entries.index(entry)] = fresh
        return fresh

    def _remember(self, entry: Entry, changed: int, exchange: Exchange) -> None:
        if (before := self._cache.pop(entry, None)) is not None:
            self._cached_bytes -= before[1].tape.size
        self._cache[entry] = (changed, exchange)
        self._cached_bytes += exchange.tape.size
        while self._cached_bytes > _CACHE_BYTES and len(self._cache) > 1:
            _, (_, oldest) = self._cache.popitem(last=False)
            self._cached_bytes -= oldest.tape.size


@dataclass(frozen=True, slots=True)
class Slot:
    """A claimed number in a cassette: it is kept once, or discarded."""

    cassette: Cassette
    number: int
    claim: Path

    def keep(self, exchange: Exchange, secrets: Sequence[bytes] = ()) -> Entry:
        """Write the exchange, redacted, and give up the claim."""
        entry = self.cassette.keep(self.number, exchange, secrets)
        self.discard()
        return entry

    def discard(self) -> None:
        """Give up the claim: nothing is recorded."""
        with contextlib.suppress(OSError):
            self.claim.unlink()


def slug(request: Request) -> str:
    """What an exchange is called in its file's name: the end of the path, and the model where the body names one."""
    words = [part for part in request.path.split("/") if part][-2:] or ["root"]
    if request.body[:1] == b"{":
        with contextlib.suppress(ValueError, RecursionError):
            model = json.loads(request.body).get("model")
            words += [model] if isinstance(model, str) else []
    text = re.sub(r"[^a-z0-9.]+", "-", "-".join(words).lower()).strip("-.")
    return text[:60].rstrip("-.") or "exchange"


def _publish(temporary: Path, path: Path) -> None:
    """Give a finished file its name, unless the name is taken; a rename alone would write over it."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        temporary.rename(path)
    else:
        temporary.unlink()


def _write(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read: it may hold what no rule knew to be secret."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)


def drift_of(entry: Entry) -> Path:
    """Where what was really sent is kept, while a loose replay waits for `refresh_requests`."""
    return entry.path.with_suffix(".drift")


def _cwd(rules: Rules) -> str:
    return str(Path.cwd()) if CWD in rules.normalize else ""


def _indexed(path: Path, rules: Rules) -> Entry:
    data = read(path, CassetteError)
    index = form.index_of(data)
    if index is not None and index[1] == rules.name:
        return Entry(path, index[0])
    exchange = form.load(data, str(path)) if index is None else form.load_first(data, str(path))
    return Entry(path, key_of(exchange.request, rules, exchange.cwd))


def _unfinished(path: Path) -> str:
    try:
        asked = path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:  # it is being finished right now
        asked = ""
    return (
        f"{path}: {asked or 'an exchange'} was never finished, so it is not in the cassette (was its recorder killed?)"
    )


def _why_no_folder(folder: Path) -> str:
    if folder.is_file():
        return "a file; a cassette is a folder with one file an exchange"
    cure = f"`mockprovider record --upstream URL --cassette {folder}` makes one"
    near = [path.name for path in folder.parent.iterdir() if path.is_dir()] if folder.parent.is_dir() else []
    close = did_you_mean(folder.name, near)
    return f"no such cassette{close if close.startswith('; did') else ''}; {cure}"
