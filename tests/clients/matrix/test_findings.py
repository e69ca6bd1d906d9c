"""What is written down of clients holds together, and is what the document shows."""

import pytest

from mockprovider.profiles.loading import load, opened, shipped
from mockprovider.profiles.quirks import quirks
from tests.clients.matrix import table
from tests.clients.matrix.findings import Finding, findings, versions
from tests.clients.matrix.judging import OK
from tests.clients.matrix.plan import CLIENTS, ODD, Cell, cells, ways

every_finding = pytest.mark.parametrize(
    "finding", findings(), ids=lambda found: f"{found.quirk or 'ours'}-{found.profiles[0]}-{found.tasks[0]}"
)


def _quirks(profile: str) -> set[str]:
    read = opened(profile)
    return {quirk.key for quirk in quirks(read.profile, load("openai"), read.chain())}


def test_every_profile_has_a_way_to_it() -> None:
    assert set(ways()) == set(shipped())


def test_the_odd_profiles_are_profiles() -> None:
    assert set(ODD) - set(shipped()) == set()


def test_every_client_has_a_version() -> None:
    assert set(versions()) == {client.name for client in CLIENTS}


def test_no_cell_is_found_twice() -> None:
    found = [cell for finding in findings() for cell, _ in finding.cells()]
    assert sorted(found, key=str) == sorted(set(found), key=str)


@every_finding
def test_a_finding_is_of_cells_that_there_are(finding: Finding) -> None:
    assert {cell for cell, _ in finding.cells()} - set(cells()) == set[Cell]()


@every_finding
def test_a_finding_is_that_something_is_not_right(finding: Finding) -> None:
    assert OK not in finding.happens.values()


@pytest.mark.parametrize("profile", sorted({name for each in findings() for name in each.profiles}))
def test_what_is_found_of_a_profile_names_its_quirks(profile: str) -> None:
    named = {each.quirk for each in findings() if profile in each.profiles and each.quirk}
    assert named - _quirks(profile) == set()


def test_the_document_is_what_the_findings_say() -> None:
    written = table.PAGE.read_text(encoding="utf-8")
    assert written == table.page(), f"to write it anew: python -m {table.__name__}"
