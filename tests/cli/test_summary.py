"""What is told of a run, from what the server has seen."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import click
import pytest

from mockprovider.cli.summary import Ledger, Summary
from mockprovider.serving.journal import CAPACITY
from mockprovider.sources.verify import Verdict

CHAT = ("/v1/chat/completions?key=secret", "replay", "0001-x.yaml")
MISS = ("/v1/embeddings", "refusal", "miss")


def ledger_of(*asked: tuple[str, str, str]) -> Ledger:
    """A ledger of requests: target, source, detail."""
    ledger = Ledger()
    for target, source, detail in asked:
        entry = ledger.open("POST", target, "sk-mock-key")
        entry.source, entry.detail, entry.status, entry.duration = source, detail, 200, 0.25
    return ledger


def summary(*asked: tuple[str, str, str], ended: int = 0, verdict: Verdict | None = None, lost: int = 0) -> Summary:
    status = ended or int(bool(lost) or (verdict is not None and not verdict.ok))
    started = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    return Summary("pytest", started, 1.5, ended, status, ledger_of(*asked), verdict, lost)


def lines(what: Summary) -> list[str]:
    return [click.unstyle(line) for line in what.lines()]


def junit(what: Summary, folder: Path) -> Xml.Element:
    what.write(folder / "report.xml")
    return Xml.fromstring((folder / "report.xml").read_text(encoding="utf-8"))  # noqa: S314 it is our own


def cases(what: Summary, folder: Path) -> dict[str, Xml.Element]:
    """The test cases of its JUnit, by class and name."""
    found = junit(what, folder).iter("testcase")
    return {f"{case.get('classname')}: {case.get('name')}": case for case in found}


def failed(what: Summary, folder: Path) -> list[str]:
    return [name for name, case in cases(what, folder).items() if case.find("failure") is not None]


def plain(what: Summary, folder: Path) -> dict[str, Any]:
    what.write(folder / "report.json")
    found: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return found


# The ledger


def test_the_ledger_counts_what_the_journal_has_let_go_of() -> None:
    ledger = ledger_of(*[CHAT] * (CAPACITY + 1))
    assert ledger.answered == {"replay": CAPACITY + 1}


def test_the_ledger_counts_what_a_test_has_cleared() -> None:
    ledger = ledger_of(CHAT, MISS)
    ledger.clear()
    assert (ledger.select(), ledger.answered, ledger.misses) == ([], {"replay": 1, "refused": 1}, 1)


def test_of_very_many_requests_the_first_are_still_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("mockprovider.cli.summary._KEPT", 3)
    what = summary(MISS, MISS, CHAT, CHAT, CHAT)
    found = plain(what, tmp_path)
    assert (found["requests"], found["misses"], found["exchanges_left_out"]) == (5, 2, 2)


# For a person


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ([CHAT], "1 request: 1 replay"),
        ([MISS, CHAT, CHAT], "3 requests: 2 replay, 1 refused (1 miss)"),
        ([("/", "synthesize", ""), ("/", "script", "x")], "2 requests: 1 profile, 1 script"),
        ([("/", "", "")], "1 request: 1 unanswered"),
        ([], "no request came: --env NAME={base_url} sets what the command reads"),
    ],
)
def test_it_says_how_many_requests_were_answered_by_what(asked: Sequence[tuple[str, str, str]], line: str) -> None:
    assert lines(summary(*asked))[0] == line


@pytest.mark.parametrize(
    ("verdict", "line"),
    [
        (Verdict(leftovers=("a", "b"), unused_rules=("c",)), "--verify: 2 leftovers, 1 unused rules"),
        (Verdict(), "--verify: nothing was found"),
    ],
)
def test_it_says_what_verify_found(verdict: Verdict, line: str) -> None:
    assert lines(summary(CHAT, verdict=verdict))[1] == line


@pytest.mark.parametrize(
    ("what", "line"),
    [
        (summary(), "exit status 0"),
        (summary(ended=7), "exit status 7"),
        (summary(verdict=Verdict(misses=("x",))), "exit status 1, though the command succeeded"),
    ],
)
def test_its_last_line_is_the_exit_status(what: Summary, line: str) -> None:
    assert lines(what)[-1] == line


# JUnit


def test_what_was_asked_alike_is_one_test_case(tmp_path: Path) -> None:
    case = cases(summary(CHAT, CHAT), tmp_path)[
        "mockprovider.requests: POST /v1/chat/completions replay 0001-x.yaml 200"
    ]
    assert (case.get("time"), case.findtext("system-out")) == ("0.500", "asked 2 times")


def test_a_run_of_which_nothing_is_to_be_said_has_no_failure(tmp_path: Path) -> None:
    assert failed(summary(CHAT, verdict=Verdict()), tmp_path) == []


def test_a_miss_fails(tmp_path: Path) -> None:
    assert failed(summary(MISS), tmp_path) == ["mockprovider.requests: POST /v1/embeddings refused miss 200"]


def test_a_miss_says_which_recording_is_nearest(tmp_path: Path) -> None:
    verdict = Verdict(misses=("POST /v1/embeddings (nearest 0001-x.yaml)", "POST /v1/other"))
    (case,) = [case for name, case in cases(summary(MISS, verdict=verdict), tmp_path).items() if "miss" in name]
    assert case.findtext("failure") == "POST /v1/embeddings (nearest 0001-x.yaml)"


def test_each_finding_of_verify_fails_under_its_own_name(tmp_path: Path) -> None:
    verdict = Verdict(leftovers=("0001-x.yaml: POST /x", "0002-x.yaml: POST /y"))
    assert failed(summary(verdict=verdict), tmp_path) == [
        "mockprovider.verify: leftovers: 0001-x.yaml: POST /x",
        "mockprovider.verify: leftovers: 0002-x.yaml: POST /y",
    ]


def test_what_verify_looked_for_and_did_not_find_has_passed(tmp_path: Path) -> None:
    found = [name for name in cases(summary(verdict=Verdict()), tmp_path) if ".verify" in name]
    kinds = ["leftovers", "stale", "suspects", "unused_rules", "unscripted"]
    assert found == [f"mockprovider.verify: {kind}" for kind in kinds]


@pytest.mark.parametrize(
    ("asked", "kind", "name"),
    [([], "leftovers", "mockprovider.verify: leftovers: x"), ([MISS], "misses", "miss 200")],
)
def test_what_is_allowed_is_skipped(
    asked: Sequence[tuple[str, str, str]], kind: str, name: str, tmp_path: Path
) -> None:
    what = summary(*asked, verdict=Verdict(**{kind: ("x",)}, allowed=frozenset({kind})))
    (case,) = [case for told, case in cases(what, tmp_path).items() if told.endswith(name)]
    assert (case.find("failure"), case.find("skipped") is None) == (None, False)


@pytest.mark.parametrize("what", [summary(ended=3), summary(lost=2)])
def test_a_command_that_failed_or_exchanges_that_were_lost_fail(what: Summary, tmp_path: Path) -> None:
    assert failed(what, tmp_path) == ["mockprovider.command: pytest"]


def test_the_counts_are_those_of_the_cases(tmp_path: Path) -> None:
    verdict = Verdict(leftovers=("a",), stale=("b",), allowed=frozenset({"stale"}))
    suite = junit(summary(MISS, CHAT, verdict=verdict), tmp_path).find("testsuite")
    assert suite is not None
    assert [suite.get(name) for name in ("tests", "failures", "skipped", "errors")] == ["8", "2", "1", "0"]


def test_what_xml_cannot_hold_is_replaced(tmp_path: Path) -> None:
    what = summary(("/\x0b\x1f\ud800<&>", "refusal", "miss"))
    assert failed(what, tmp_path) == ["mockprovider.requests: POST /���<&> refused miss 200"]


# JSON


def test_json_has_the_figures(tmp_path: Path) -> None:
    found = plain(summary(CHAT, MISS, ended=4), tmp_path)
    assert {name: found[name] for name in ("command", "exit_status", "requests", "answered", "misses", "verify")} == {
        "command": "pytest",
        "exit_status": 4,
        "requests": 2,
        "answered": {"replay": 1, "refused": 1},
        "misses": 1,
        "verify": None,
    }


def test_json_has_the_verdict_as_the_control_plane_does(tmp_path: Path) -> None:
    verdict = Verdict(leftovers=("x",))
    assert plain(summary(verdict=verdict), tmp_path)["verify"] == verdict.plain()


def test_json_tells_each_exchange(tmp_path: Path) -> None:
    (found,) = plain(summary(CHAT), tmp_path)["exchanges"]
    assert (found["method"], found["path"], found["by"], found["detail"]) == (
        "POST",
        "/v1/chat/completions",
        "replay",
        "0001-x.yaml",
    )


# What may be secret


@pytest.mark.parametrize("name", ["report.xml", "report.json"])
@pytest.mark.parametrize("secret", ["key=secret", "sk-mock-key"])
def test_neither_queries_nor_keys_are_written(secret: str, name: str, tmp_path: Path) -> None:
    summary(CHAT).write(tmp_path / name)
    assert secret not in (tmp_path / name).read_text(encoding="utf-8")
