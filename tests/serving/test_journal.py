"""The journal: bounded, filtered, newest last."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mockprovider.serving.journal import Entry, Journal


def journal(*tenants_and_sources: tuple[str, str], capacity: int = 10) -> Journal:
    """A journal with an entry for each."""
    found = Journal(capacity)
    for tenant, source in tenants_and_sources:
        found.open("POST", "/v1/x?a=1", tenant).source = source
    return found


THREE = (("one", "replay"), ("two", "replay"), ("one", "record"))


def test_an_entry_says_what_was_asked_and_what_was_answered() -> None:
    found = Journal()
    entry = found.open("GET", "/v1/models", "sk-1")
    entry.started, entry.duration = 1_800_000_000.1234, 0.1234567
    entry.source, entry.status, entry.ending, entry.chunks, entry.bytes = "replay", 200, "complete", 1, 9
    assert found.select() == [
        {
            "id": 1,
            "started": "2027-01-15T08:00:00.123+00:00",
            "method": "GET",
            "target": "/v1/models",
            "tenant": "sk-1",
            "source": "replay",
            "detail": "",
            "drift": (),
            "status": 200,
            "ending": "complete",
            "chunks": 1,
            "bytes": 9,
            "duration": 0.123457,
        }
    ]


def test_a_request_that_is_being_answered_is_not_said_to_have_ended() -> None:
    found = Journal()
    found.open("GET", "/", "")
    assert found.select()[0]["ending"] == ""


def test_an_entry_begins_now() -> None:
    found = Journal()
    found.open("GET", "/", "")
    begun = datetime.fromisoformat(found.select()[0]["started"])
    assert abs((datetime.now(UTC) - begun).total_seconds()) < 60


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, [1, 2, 3]),
        ({"tenant": "one"}, [1, 3]),
        ({"source": "replay"}, [1, 2]),
        ({"tenant": "one", "source": "replay"}, [1]),
        ({"tenant": "nobody"}, []),
        ({"tenant": ""}, []),
        ({"last": 1}, [3]),
        ({"last": 2}, [2, 3]),
        ({"last": 9}, [1, 2, 3]),
        ({"last": 0}, []),
        ({"tenant": "one", "last": 1}, [3]),
        ({"source": "replay", "last": 1}, [2]),
    ],
)
def test_entries_are_chosen_by_tenant_and_source_and_the_last_of_those(wanted: dict[str, Any], ids: list[int]) -> None:
    assert [entry["id"] for entry in journal(*THREE).select(**wanted)] == ids


def test_the_newest_entries_stay() -> None:
    assert [entry["id"] for entry in journal(*THREE, capacity=2).select()] == [2, 3]


def test_ids_go_on_after_everything_was_forgotten() -> None:
    found = journal(*THREE)
    found.clear()
    assert found.select() == []
    assert found.open("GET", "/", "").id == 4


def test_what_was_selected_does_not_change_the_journal() -> None:
    found = journal(*THREE)
    found.select()[0]["tenant"] = "changed"
    assert found.select()[0]["tenant"] == "one"


def test_an_entry_may_be_completed_after_it_was_noted() -> None:
    found = Journal()
    entry: Entry = found.open("GET", "/", "")
    entry.status = 418
    assert found.select()[0]["status"] == 418


@pytest.mark.parametrize(
    ("body", "shown"), [(b'{"model": "m"}', {"model": "m"}), (b"{no", "{no"), (b"\xff", "\ufffd"), (b"", None)]
)
def test_a_body_is_shown_where_it_is_asked_for(body: bytes, shown: Any) -> None:
    found = Journal()
    found.keep(found.open("POST", "/", ""), body)
    assert found.select(bodies=True)[0]["body"] == shown
    assert "body" not in found.select()[0]


def test_the_oldest_bodies_go_where_there_is_no_room_for_all() -> None:
    found = Journal(room=10)
    for body in (b"aaaa", b"bbbb", b"cccc"):
        found.keep(found.open("POST", "/", ""), body)
    assert [entry["body"] for entry in found.select(bodies=True)] == [None, "bbbb", "cccc"]


def test_a_body_that_is_larger_than_the_room_is_not_kept_and_leaves_room_for_others() -> None:
    found = Journal(room=10)
    for body in (b"a" * 11, b"bbbb"):
        found.keep(found.open("POST", "/", ""), body)
    assert [entry["body"] for entry in found.select(bodies=True)] == [None, "bbbb"]


def test_a_cleared_journal_has_its_room_again() -> None:
    found = Journal(room=10)
    found.keep(found.open("POST", "/", ""), b"a" * 10)
    found.clear()
    found.keep(found.open("POST", "/", ""), b"b" * 10)
    assert [entry["body"] for entry in found.select(bodies=True)] == ["b" * 10]
