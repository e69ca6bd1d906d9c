"""What several recorders' lists of interactions have in common."""

import pytest

from mockprovider.cassettes.importers.common import Source
from mockprovider.cassettes.importers.interactions import interactions, is_json, moment
from mockprovider.errors import CassetteError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 20 Nov 2026 10:00:00 GMT", "2026-11-20T10:00:00.000Z"),
        ("Fri, 20 Nov 2026 10:00:00 +0100", "2026-11-20T09:00:00.000Z"),
        ("2026-11-20T10:00:00.123Z", "2026-11-20T10:00:00.123Z"),
        ("2026-11-20T10:00:00.123456+01:00", "2026-11-20T09:00:00.123Z"),
        ("2026-11-20 10:00:00", "2026-11-20T10:00:00.000Z"),
        ("2026-11-20 10:00:00 GMT", "2026-11-20T10:00:00.000Z"),
        ("2026-11-20 10:00:00 UTC", "2026-11-20T10:00:00.000Z"),
        ("0001-01-01T00:00:00+10:00", ""),
        ("yesterday", ""),
        ("", ""),
        (None, ""),
        (1795000000, ""),
    ],
)
def test_a_time_is_read_in_the_ways_in_which_recorders_write_it(text: object, expected: str) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize("data", [b"{}", b"\xef\xbb\xbf{}", b"\n\t {"])
def test_a_file_that_begins_like_an_object_is_json(data: bytes) -> None:
    assert is_json(Source("x", data))


@pytest.mark.parametrize("data", [b"", b"a: {}", b"---\n{}", b"[]"])
def test_any_other_file_is_yaml(data: bytes) -> None:
    assert not is_json(Source("x", data))


@pytest.mark.parametrize("data", [b"{}", b"[1]", b"", b"- a", b'{"here": {}}', b"here: 3"])
def test_a_file_without_a_list_is_an_error_that_names_it(data: bytes) -> None:
    with pytest.raises(CassetteError, match=r"x\.yaml: no list of interactions stands under 'here'"):
        list(interactions(Source("x.yaml", data), "here", lambda _: pytest.fail("there is none")))
