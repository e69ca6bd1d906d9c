"""What came of a run: a few lines for a person, and a file for CI, JSON or JUnit.

Neither has the query of a request or the arguments of the command: both may hold secrets.
"""

import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import click

from mockprovider import __version__
from mockprovider.serving.journal import Entry, Journal

if TYPE_CHECKING:
    from mockprovider.sources.verify import Verdict

_KEPT = 10_000
"""How many requests are told one by one; of those before them only the number."""
_WORDS = {"synthesize": "profile", "refusal": "refused", "": "unanswered"}
"""By what a request was answered, where a person says it in another word than the journal."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Ledger(Journal):
    """A journal, and what it has let go of: it is bounded, and a test may clear it."""

    def __init__(self) -> None:
        super().__init__()
        self.entries = deque[Entry](maxlen=_KEPT)
        self.older = Counter[str]()
        """By what the requests before these were answered."""
        self.older_misses = 0

    def open(self, method: str, target: str, tenant: str) -> Entry:
        """Note a request that has arrived."""
        if len(self.entries) == _KEPT:
            self.older[_answerer(self.entries[0])] += 1
            self.older_misses += _missed(self.entries[0])
        entry = super().open(method, target, tenant)
        self.entries.append(entry)
        return entry

    @property
    def answered(self) -> Counter[str]:
        """How many requests there were, by what answered them, the most first."""
        return Counter(dict((self.older + Counter(map(_answerer, self.entries))).most_common()))

    @property
    def misses(self) -> int:
        """How many requests no recording answered, and nothing else did."""
        return self.older_misses + sum(map(_missed, self.entries))


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a run."""

    command: str
    """The program, without its arguments."""
    started: datetime
    seconds: float
    ended: int
    """The command's own exit status, or 128 + the signal that ended it."""
    status: int
    """That of the run."""
    ledger: Ledger
    verdict: "Verdict | None"
    """What --verify found, if it was asked to look."""
    lost: int
    """How many exchanges could not be written."""

    def lines(self) -> Iterator[str]:
        """For a person."""
        answered, misses = self.ledger.answered, self.ledger.misses
        told = [
            f"{count} {click.style(word, fg='red') if word == 'refused' else word}" for word, count in answered.items()
        ]
        missed = f" ({_counted(misses, 'miss')})" if misses else ""
        yield (
            f"{_counted(answered.total(), 'request')}: {', '.join(told)}{missed}"
            if told
            else f"{click.style('no request came', fg='yellow')}: --env NAME={{base_url}} sets what the command reads"
        )
        if self.verdict is not None:
            found = [f"{len(lines)} {kind.replace('_', ' ')}" for kind, lines in _found(self.verdict)]
            yield f"--verify: {', '.join(found) or 'nothing was found'}"
        told_status = f"exit status {self.status}"
        if self.status != self.ended:
            yield click.style(f"{told_status}, though the command succeeded", fg="red")
        else:
            yield click.style(told_status, fg="red" if self.status else "green")

    def write(self, file: Path) -> None:
        """Write it, as JUnit where the name ends in .xml, else as JSON."""
        text = self._junit() if file.suffix.lower() == ".xml" else json.dumps(self._plain(), indent=2) + "\n"
        file.write_text(text, encoding="utf-8")

    def _plain(self) -> dict[str, Any]:
        ledger = self.ledger
        return {
            "mockprovider": __version__,
            "command": self.command,
            "started": self.started.isoformat(timespec="milliseconds"),
            "seconds": round(self.seconds, 3),
            "exit_status": self.status,
            "command_exit_status": self.ended,
            "requests": ledger.answered.total(),
            "answered": dict(ledger.answered),
            "misses": ledger.misses,
            "lost": self.lost,
            "verify": self.verdict and self.verdict.plain(),
            "exchanges": [_plain(entry) for entry in ledger.entries],
            "exchanges_left_out": ledger.older.total(),
        }

    def _junit(self) -> str:
        """A test case for the command, for each thing that was asked and what answered it, and for each finding.

        What was asked often is one case: so its name stays the same from run to run, whatever came before it.
        """
        suite = Xml.Element("testsuite", name="mockprovider run", timestamp=self.started.isoformat(timespec="seconds"))
        command = _case(suite, "command", self.command, self.seconds)
        if self.ended:
            _add(command, "failure", f"exit status {self.ended}", "exit_status")
        if self.lost:
            _add(command, "failure", f"{_counted(self.lost, 'exchange')} could not be written", "lost")
        self._requests(suite)
        for kind, lines in self.verdict.plain().items() if self.verdict else ():
            if kind in ("ok", "allowed", "misses"):  # misses are among the requests
                continue
            for line in lines:
                case = _case(suite, "verify", f"{kind}: {line}")
                _add(case, "skipped" if self._allowed(kind) else "failure", line, kind)
            if not lines:
                _case(suite, "verify", kind)
        whole = Xml.Element("testsuites", name="mockprovider")
        whole.append(suite)
        for each in (suite, whole):
            each.set("tests", str(len(suite.findall("testcase"))))
            each.set("failures", str(len(suite.findall("testcase[failure]"))))
            each.set("errors", "0")
            each.set("skipped", str(len(suite.findall("testcase[skipped]"))))
            each.set("time", f"{self.seconds:.3f}")
        Xml.indent(whole)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(whole, encoding="unicode")}\n'

    def _requests(self, suite: Xml.Element) -> None:
        alike: dict[tuple[str, str, str, str, int | None], list[Entry]] = {}
        for entry in self.ledger.entries:
            asked = (entry.method, _path(entry), _answerer(entry), entry.detail, entry.status)
            alike.setdefault(asked, []).append(entry)
        for (method, path, answerer, detail, status), entries in alike.items():
            name = " ".join(filter(None, [method, path, answerer, detail, str(status or "")]))
            case = _case(suite, "requests", name, sum(entry.duration for entry in entries))
            if answerer == "refused":
                told = f"{method} {path}: " + ("no recording answers it" if _missed(entries[0]) else "refused")
                kind = "misses" if _missed(entries[0]) else "refused"
                near = (
                    [line for line in self.verdict.misses if line.startswith(told.partition(":")[0])]
                    if self.verdict
                    else []
                )
                _add(case, "skipped" if self._allowed(kind) else "failure", told, kind, "\n".join(near))
            Xml.SubElement(case, "system-out").text = _clean(f"asked {_counted(len(entries), 'time')}")

    def _allowed(self, kind: str) -> bool:
        return self.verdict is not None and kind in self.verdict.allowed


def _answerer(entry: Entry) -> str:
    return _WORDS.get(entry.source, entry.source)


def _missed(entry: Entry) -> bool:
    return entry.source == "refusal" and entry.detail == "miss"


def _path(entry: Entry) -> str:
    return entry.target.partition("?")[0]


def _plain(entry: Entry) -> dict[str, Any]:
    plain = entry.plain()
    del plain["tenant"], plain["target"], plain["source"]
    return {**plain, "path": _path(entry), "by": _answerer(entry)}


def _found(verdict: "Verdict") -> Iterator[tuple[str, list[str]]]:
    """The kinds of which something was found, and what."""
    return ((kind, lines) for kind, lines in verdict.plain().items() if kind not in ("ok", "allowed") and lines)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 'es' if what.endswith('s') else 's'}"


def _case(suite: Xml.Element, kind: str, name: str, seconds: float = 0.0) -> Xml.Element:
    told = {"classname": f"mockprovider.{kind}", "name": _clean(name), "time": f"{seconds:.3f}"}
    return Xml.SubElement(suite, "testcase", told)


def _add(case: Xml.Element, tag: str, message: str, kind: str, text: str = "") -> None:
    Xml.SubElement(case, tag, message=_clean(message), type=kind).text = _clean(text)


def _clean(text: str) -> str:
    """Text that XML can hold."""
    return _NO_XML.sub("�", text)
