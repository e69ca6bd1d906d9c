"""Normalisers: each kind of text that changes from run to run, and nothing that looks a little like it."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from mockprovider.cassettes.matching.key import key_of
from mockprovider.cassettes.matching.normalize import NORMALIZERS
from mockprovider.cassettes.matching.rules import Rules
from mockprovider.tape import Request

PAIRS: list[tuple[str, Any, Any]] = [
    ("uuid", "id 0f8fad5b-d9cb-469f-a165-70867728950e.", "id 7C9E6679-7425-40DE-944B-E07FC1F90AE7."),
    ("date", "on 2026-11-21", "on 2025-01-02"),
    ("date", "at 2026-11-21T10:00:00Z!", "at 2026-11-22T23:59:59.123456+02:00!"),
    ("date", "at 2026-11-21 10:00", "at 2026-11-22 11:30"),
    ("epoch", 1763690000, 1763690001),
    ("epoch", 1763690000.25, 1763690001.5),
    ("epoch", "t=1763690000123;", "t=1763690000999;"),
    ("tool_call_id", "call_abcdef123456", "call_0123456789ab"),
    ("tool_call_id", "toolu_01A09q90qw90lq917835lq9", "toolu_01B09q90qw90lq917835lqX"),
    ("tool_call_id", "chatcmpl-tool-0123456789abcdef", "chatcmpl-tool-fedcba9876543210"),
    ("temp", "in /tmp/pytest-12/x.py", "in /tmp/tmpab_3/x.py"),
    ("temp", "/private/var/folders/zz/abc123/T/tmp1/x", "/private/var/folders/yy/def456/T/tmp2/x"),
    ("temp", r"C:\Users\ann\AppData\Local\Temp\tmp1\x", r"C:\Users\bob\AppData\Local\Temp\tmp2\x"),
    (r"re:run-\d+", "run-1 of many", "run-22 of many"),
]

APART: list[tuple[str, Any, Any]] = [
    ("uuid", "0f8fad5b-d9cb-469f-a165", "0f8fad5b-d9cb-469f-a166"),
    ("date", "2026-13-21", "2026-14-21"),
    ("date", "version 1.2026-1", "version 1.2026-2"),
    ("epoch", 42, 43),
    ("epoch", "12345678901234567", "12345678901234568"),
    ("tool_call_id", "call_me", "call_us"),
    ("temp", "in /tmp/a/x.py", "in /tmp/b/y.py"),
    ("temp", "/home/a/x.py", "/home/b/x.py"),
]


def asked(value: Any) -> Request:
    return Request("POST", "/v1/x", body=json.dumps({"messages": [{"content": value}]}).encode())


@pytest.mark.parametrize(("kind", "one", "other"), PAIRS)
def test_texts_of_a_kind_count_as_equal_where_a_rule_says_so_and_only_there(kind: str, one: Any, other: Any) -> None:
    rules = Rules(normalize=(kind,))
    assert key_of(asked(one), rules) == key_of(asked(other), rules)
    assert key_of(asked(one)) != key_of(asked(other))


@pytest.mark.parametrize(("kind", "one", "other"), APART)
def test_what_only_looks_like_a_kind_still_counts(kind: str, one: Any, other: Any) -> None:
    rules = Rules(normalize=(kind,))
    assert key_of(asked(one), rules) != key_of(asked(other), rules)


@pytest.mark.parametrize("kind", NORMALIZERS)
def test_every_kind_is_tried_here(kind: str) -> None:
    assert kind == "cwd" or kind in {name for name, _, _ in PAIRS}


FIRST, SECOND = "call_aaaaaaaaaa", "call_bbbbbbbbbb"


def test_requests_that_use_their_ids_differently_stay_apart() -> None:
    rules = Rules(normalize=("tool_call_id",))
    same, crossed = [FIRST, SECOND, FIRST], [FIRST, SECOND, SECOND]
    renamed = ["call_cccccccccc", "call_dddddddddd", "call_cccccccccc"]
    assert key_of(asked(same), rules) == key_of(asked(renamed), rules) != key_of(asked(crossed), rules)


def test_ids_in_the_path_and_in_the_body_are_one_and_the_same() -> None:
    rules = Rules(normalize=(r"re:file-[a-z]+",))
    one, other, crossed = (
        replace(asked(inside), path=f"/v1/files/{path}")
        for path, inside in (("file-a", "file-a"), ("file-b", "file-b"), ("file-a", "file-b"))
    )
    assert key_of(one, rules) == key_of(other, rules) != key_of(crossed, rules)


def test_the_directory_of_a_run_counts_as_the_directory_of_another() -> None:
    rules = Rules(normalize=("cwd",))
    then = key_of(asked("edit /home/ann/shop/app.py"), rules, "/home/ann/shop")
    now = key_of(asked("edit /ci/build/7/app.py"), rules, "/ci/build/7")
    beside = key_of(asked("edit /ci/build/77/app.py"), rules, "/ci/build/7")
    assert then == now != beside


def test_normalisers_look_into_the_query_and_into_bodies_that_are_no_json() -> None:
    rules = Rules(normalize=("uuid",))
    ids = ("0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7")
    keys = {key_of(Request("POST", "/x", f"q={each}", body=f"<{each}>".encode()), rules) for each in ids}
    assert len(keys) == 1


def test_every_pattern_is_linear_enough_for_a_long_text() -> None:
    text = "in /tmp/" * 5000 + "2026-" * 5000 + "1" * 20000 + "a-" * 20000
    assert all(
        re.search("never-there", kind.pattern.sub("", text)) is None for kind in NORMALIZERS.values() if kind.pattern
    )
