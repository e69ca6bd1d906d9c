"""Every client with every profile: what it makes of an answer is right, or is a finding that says why not."""

import pytest

from tests.clients.matrix.conftest import Heard
from tests.clients.matrix.findings import outcome_of
from tests.clients.matrix.plan import CLIENTS, LIVE, Cell, cells

PROGRAMS = {client.name: client.program for client in CLIENTS}


@pytest.mark.parametrize("cell", list(cells()), ids=str)
def test_a_client_gets_what_it_asked_for_or_what_is_found(cell: Cell, heard: Heard) -> None:
    assert heard(LIVE, PROGRAMS[cell.client])[cell] == outcome_of(cell)
