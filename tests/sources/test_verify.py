"""The verdict over a run: what was left over, missed, stale or suspect, and what of it fails."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mockprovider.cassettes.store import Cassette
from mockprovider.errors import InputError
from mockprovider.sources.replay import Replay
from mockprovider.sources.verify import KINDS, Verdict, age_of, kinds
from mockprovider.tape import Abandoned, Complete, Ending, Exchange, Head, Request, Tape

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ASKED = Request("POST", "/v1/x", body=b"{}")


def verdict(
    folder: Path, *ask: Request, max_age: str | None = None, allow: frozenset[str] = frozenset(), **exchange: Any
) -> Verdict:
    """The verdict over one recording of `ASKED`, when these requests were made."""
    cassette = Cassette.open(folder / "tapes", create=True)
    status, ending = exchange.pop("status", 200), exchange.pop("ending", Complete(0.0))
    cassette.begin(ASKED).keep(Exchange(ASKED, Tape(Head(0.0, status), (), ending), **exchange))
    replay = Replay([cassette])
    for request in ask:
        if replay.find(request, "") is None:
            replay.miss(request)
    return replay.evidence.verdict(NOW, age_of(max_age) if max_age else None, allow)


def test_a_run_that_asks_for_all_that_was_recorded_and_nothing_else_is_ok(tmp_path: Path) -> None:
    found = verdict(tmp_path, ASKED, ASKED, max_age="30d", recorded="2026-11-20T10:00:00.000Z")
    assert found.ok
    assert found == Verdict()


def test_a_recording_that_nobody_asked_for_is_left_over(tmp_path: Path) -> None:
    found = verdict(tmp_path)
    assert not found.ok
    assert found.leftovers == ("0001-v1-x.yaml: POST /v1/x",)


def test_a_request_that_is_not_recorded_is_missed(tmp_path: Path) -> None:
    found = verdict(tmp_path, ASKED, Request("GET", "/v1/models"))
    assert not found.ok
    assert found.misses == ("GET /v1/models (nearest 0001-v1-x.yaml)",)


@pytest.mark.parametrize(
    ("recorded", "stale"),
    [("2026-10-01T00:00:00.000Z", 1), ("2026-11-01T00:00:00.000Z", 0), ("2026-10-01T00:00:00", 1), ("", 0), ("old", 0)],
)
def test_a_recording_older_than_asked_for_is_stale(recorded: str, stale: int, tmp_path: Path) -> None:
    found = verdict(tmp_path, ASKED, max_age="30d", recorded=recorded)
    assert (len(found.stale), found.ok) == (stale, not stale)


def test_without_an_age_nothing_is_stale(tmp_path: Path) -> None:
    assert verdict(tmp_path, ASKED, recorded="1999-01-01T00:00:00Z").ok


@pytest.mark.parametrize(
    ("status", "ending", "why"),
    [
        (429, Complete(0.0), "status 429"),
        (503, Complete(0.0), "status 503"),
        (200, Abandoned(1.0, "the client left"), "the client left"),
        (200, Abandoned(1.0, ""), "its end was not recorded"),
    ],
)
def test_a_recording_that_went_wrong_is_suspect(status: int, ending: Ending, why: str, tmp_path: Path) -> None:
    found = verdict(tmp_path, ASKED, status=status, ending=ending)
    assert found.suspects == (f"0001-v1-x.yaml: {why}",)
    assert not found.ok


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_refusal_that_is_the_clients_own_doing_is_no_suspect(status: int, tmp_path: Path) -> None:
    assert verdict(tmp_path, ASKED, status=status).suspects == ()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_allowed_is_still_listed_but_does_not_fail(kind: str) -> None:
    found: Any = {kind: ("something",)}
    assert not Verdict(**found).ok
    assert Verdict(**found, allowed=frozenset({kind})).ok
    assert Verdict(**found, allowed=frozenset({kind})).plain()[kind] == ["something"]
    assert not Verdict(**found, allowed=frozenset(KINDS) - {kind}).ok


def test_the_evidence_of_a_restarted_replay_is_empty(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path, create=True)
    cassette.begin(ASKED).keep(Exchange(ASKED, Tape(Head(0.0, 200), (), Complete(0.0))))
    replay = Replay([cassette])
    replay.find(ASKED, "")
    replay.restart()
    assert len(replay.evidence.verdict(NOW, None).leftovers) == 1


@pytest.mark.parametrize(
    ("text", "age"), [("30d", timedelta(days=30)), ("12h", timedelta(hours=12)), ("2w", timedelta(weeks=2))]
)
def test_an_age_is_a_number_and_a_unit(text: str, age: timedelta) -> None:
    assert age_of(text) == age


@pytest.mark.parametrize("text", ["", "30", "d", "1y", "-1d", "1.5d", "9999999d"])
def test_any_other_age_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="30d"):
        age_of(text)


def test_an_unknown_kind_of_finding_is_refused_with_the_closest() -> None:
    assert kinds(KINDS) == frozenset(KINDS)
    with pytest.raises(InputError, match="did you mean 'leftovers'"):
        kinds(["leftover"])
