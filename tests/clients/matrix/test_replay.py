"""Through a recorder, and against the recordings, clients fare as they do with the profiles themselves."""

import pytest

from tests.clients.matrix.conftest import Heard
from tests.clients.matrix.findings import outcome_of
from tests.clients.matrix.plan import ODD, RECORDED, REPLAYED, cells, programs


@pytest.mark.parametrize("how", [RECORDED, REPLAYED])
@pytest.mark.parametrize("profile", ODD)
@pytest.mark.parametrize("program", programs())
def test_a_program_fares_the_same(program: str, profile: str, how: str, heard: Heard) -> None:
    asked = [cell for cell in cells(program) if cell.profile == profile and cell.task != "bad_key"]
    found = {cell: came for cell, came in heard(how, program).items() if cell.profile == profile}
    assert found == {cell: outcome_of(cell) for cell in asked}
