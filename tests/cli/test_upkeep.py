"""`mockprovider cassette prune` and `refresh-requests`: what goes, and why, and what is brought up to date."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mockprovider.cassettes.store import Cassette
from mockprovider.cli import main
from mockprovider.tape import Abandoned, Cut, Exchange, Fidelity, Request, Tape
from tests.vectors.said import JSON, exchange, message

Keep = Callable[..., Path]


@pytest.fixture
def keep(tape_folder: Path) -> Keep:
    """Keep exchanges in the cassette; returns its folder."""

    def kept(*exchanges: Exchange) -> Path:
        cassette = Cassette.open(tape_folder, create=True)
        for each in exchanges:
            cassette.begin(each.request).keep(each)
        return tape_folder

    return kept


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["cassette", *map(str, arguments)])


def said(text: str, n: int = 1, days: float | None = None, **more: Any) -> Exchange:
    """An answer to a request that differs by `n`, recorded so many days ago."""
    body = json.dumps(message(content=text)).encode()
    recorded = "" if days is None else (datetime.now(UTC) - timedelta(days=days)).isoformat()
    return replace(exchange(body, asked={"n": n}, headers=JSON, **more), recorded=recorded)


def left(folder: Path) -> list[str]:
    """The numbers of the recordings that are left."""
    return sorted(path.name[:4] for path in folder.glob("*.yaml"))


def test_suspects_go_and_the_reason_is_said(keep: Keep) -> None:
    good, gone = said("a"), said("b")
    abandoned = replace(gone, tape=Tape(gone.tape.head, gone.tape.chunks, Abandoned(1.0, "the client left")))
    tapes = keep(good, said("late", status=429), said("down", status=503), abandoned, said("wrong", status=400))
    result = run("prune", tapes, "--suspects")
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            "deleted 0002-chat-completions.yaml: status 429",
            "deleted 0003-chat-completions.yaml: status 503",
            "deleted 0004-chat-completions.yaml: the client left",
            "deleted 3 files",
        ],
    )
    assert left(tapes) == ["0001", "0005"]


def test_what_is_old_goes_and_what_has_no_date_stays(keep: Keep) -> None:
    tapes = keep(said("old", days=31), said("young", days=29), said("undated"))
    result = run("prune", tapes, "--older-than", "30d")
    assert result.output.splitlines() == ["deleted 0001-chat-completions.yaml: recorded 31 days ago", "deleted 1 file"]
    assert left(tapes) == ["0002", "0003"]


def test_a_duplicate_is_what_says_the_same_as_the_one_before(keep: Keep) -> None:
    tapes = keep(said("a"), said("b", 2), said("a"), said("b"), said("a"), said("a"), said("a", 2))
    result = run("prune", tapes, "--duplicates")
    assert result.output.splitlines() == [
        "deleted 0003-chat-completions.yaml: says the same as 0001-chat-completions.yaml",
        "deleted 0006-chat-completions.yaml: says the same as 0005-chat-completions.yaml",
        "deleted 2 files",
    ]
    assert left(tapes) == ["0001", "0002", "0004", "0005", "0007"]


def test_what_ends_in_another_way_or_keeps_more_is_no_duplicate(keep: Keep) -> None:
    whole = said("a")
    cut = replace(whole, tape=Tape(whole.tape.head, whole.tape.chunks, Cut(1.0)))
    tapes = keep(whole, cut, replace(whole, fidelity=Fidelity.BYTES))
    assert run("prune", tapes, "--duplicates").output == "deleted 0 files\n"


def test_what_killed_recorders_left_goes_once_it_is_old(keep: Keep) -> None:
    tapes = keep(said("a"))
    names = ["0007.part", "0008.tmp", "0009-chat.tmp", "notes.part", "0010-chat.drift", "x.tmp"]
    for name in [*names, "0011.part"]:
        (tapes / name).touch()
        hours_ago = (datetime.now(UTC) - timedelta(hours=1)).timestamp()
        if name != "0011.part":
            os.utime(tapes / name, (hours_ago, hours_ago))
    result = run("prune", tapes, "--unfinished")
    assert [line.split()[1] for line in result.output.splitlines()[:-1]] == [
        "0007.part:",
        "0008.tmp:",
        "0009-chat.tmp:",
    ]
    remaining = {path.name for path in tapes.iterdir()}
    assert remaining == {"0001-chat-completions.yaml", "notes.part", "0010-chat.drift", "x.tmp", "0011.part"}


def test_what_goes_for_two_reasons_is_named_once(keep: Keep) -> None:
    tapes = keep(said("a", status=429, days=40))
    found = json.loads(run("prune", tapes, "--suspects", "--older-than", "30d", "--json").output)
    why = ["status 429", "recorded 40 days ago"]
    assert found == {"dry_run": False, "deleted": [{"file": "0001-chat-completions.yaml", "why": why}]}
    assert left(tapes) == []


def test_a_dry_run_deletes_nothing(keep: Keep) -> None:
    tapes = keep(said("a", status=429))
    result = run("prune", tapes, "--suspects", "--dry-run")
    assert result.output.splitlines() == ["would delete 0001-chat-completions.yaml: status 429", "would delete 1 file"]
    assert left(tapes) == ["0001"]


def test_without_a_reason_nothing_goes_and_the_reasons_are_counted(keep: Keep) -> None:
    tapes = keep(said("a", days=9), said("a"), said("b", status=500))
    result = run("prune", tapes)
    assert result.exit_code == 2
    assert (
        "--suspects (1), --unfinished (0), --duplicates (1), or --older-than AGE (the oldest is 9 days old)"
        in result.output
    )
    assert left(tapes) == ["0001", "0002", "0003"]


@pytest.mark.parametrize("age", ["30", "d", "-1d", "1y", "9999999d"])
def test_what_is_no_age_is_refused(age: str, keep: Keep) -> None:
    result = run("prune", keep(said("a")), f"--older-than={age}")
    assert result.exit_code == 2
    assert "is no age" in result.output


def test_a_note_of_drift_goes_with_its_recording(keep: Keep) -> None:
    tapes = keep(said("a", status=429))
    cassette = Cassette.open(tapes)
    cassette.note_drift(cassette.entries[0], Request("POST", "/v1/chat/completions"))
    assert run("prune", tapes, "--suspects").exit_code == 0
    assert list(tapes.iterdir()) == []


def drifted(keep: Keep) -> Path:
    """A cassette whose first recording was replayed for another request."""
    tapes = keep(said("a", 1), said("b", 2))
    cassette = Cassette.open(tapes)
    cassette.note_drift(cassette.entries[0], said("", 3).request)
    return tapes


def test_requests_are_refreshed_and_answers_stay(keep: Keep) -> None:
    tapes = drifted(keep)
    result = run("refresh-requests", tapes)
    words = "the request is now what was sent; it differed in body.n"
    assert (result.exit_code, result.output) == (0, f"0001-chat-completions.yaml: {words}\n")
    cassette = Cassette.open(tapes)
    first = cassette.exchange(cassette.entries[0])
    assert (first.request.body, first.tape.body) == (b'{"n": 3}', said("a").tape.body)
    assert "nothing to refresh" in run("refresh-requests", tapes).output


def test_refreshed_requests_are_JSON_if_asked_for(keep: Keep) -> None:  # noqa: N802
    found = json.loads(run("refresh-requests", drifted(keep), "--json").output)
    assert found == [{"file": "0001-chat-completions.yaml", "fields": ["body.n"]}]


def test_where_nothing_drifted_the_command_that_notes_it_is_named(keep: Keep) -> None:
    result = run("refresh-requests", tapes := keep(said("a")))
    assert result.exit_code == 0
    assert f"no replay has noted any drift; `mockprovider replay {tapes} --match loose` does" in result.output
