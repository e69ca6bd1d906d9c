"""Files in, exchanges in a cassette: nothing twice, nothing under another upstream's request, nothing in silence."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.importers.intake import Tally, files_of, mounted, take
from mockprovider.cassettes.store import Cassette
from mockprovider.errors import InputError
from mockprovider.tape import Complete, Exchange, Fidelity, Head, Request, Tape
from tests.strategies import law
from tests.vectors.recordings import SAMPLES

FOLDER = "tapes"


def recording(*pairs: tuple[Any, Any], host: str = "https://api.example.com", path: str = "/v1/x") -> bytes:
    """A session with an exchange a pair of request and answer."""
    return json.dumps(
        {
            "Entries": [
                {
                    "RequestUri": host + path,
                    "RequestMethod": "POST",
                    "RequestHeaders": {"Authorization": "Bearer sk-not-a-real-key-1234"},
                    "RequestBody": asked,
                    "StatusCode": 200,
                    "ResponseHeaders": {},
                    "ResponseBody": answer,
                }
                for asked, answer in pairs
            ]
        }
    ).encode()


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def run(sources: Path, cassette: Path, **options: Any) -> Tally:
    return take(files_of([sources], cassette), Cassette.open(cassette, create=True), **options)


def answers(cassette: Path) -> list[bytes]:
    opened = Cassette.open(cassette)
    return [opened.exchange(entry).tape.body for entry in opened.entries]


def test_every_format_imports_replays_and_is_known_the_second_time(tmp_path: Path) -> None:
    sources = put(tmp_path / "in", {f"{name}.txt": data for name, data in SAMPLES.items()})
    first, second = (run(sources, tmp_path / FOLDER, by_host=True) for _ in range(2))
    assert first.imported == len(answers(tmp_path / FOLDER)) >= len(SAMPLES)
    assert (second.imported, second.known) == (0, first.imported + first.known)
    assert first.refusals == []


def test_what_is_imported_is_redacted(tmp_path: Path) -> None:
    run(put(tmp_path / "in", {"a": recording(("sk-not-a-real-key-1234", {}))}), tmp_path / FOLDER)
    assert all(b"not-a-real-key" not in file.read_bytes() for file in (tmp_path / FOLDER).iterdir())
    assert Cassette.open(tmp_path / FOLDER).entries


def test_fidelity_and_upstream_are_kept(tmp_path: Path) -> None:
    run(put(tmp_path / "in", {"a": recording(({}, {"a": 1}))}), tmp_path / FOLDER)
    opened = Cassette.open(tmp_path / FOLDER)
    exchange = opened.exchange(opened.entries[0])
    assert (exchange.fidelity, exchange.upstream) == (Fidelity.FRAMES, "https://api.example.com")


def test_repeats_within_a_file_keep_their_order_and_their_number(tmp_path: Path) -> None:
    asked = {"id": 1}
    sources = put(tmp_path / "in", {"a": recording((asked, "wait"), (asked, "wait"), (asked, "done"))})
    tallies = [run(sources, tmp_path / FOLDER) for _ in range(2)]
    assert answers(tmp_path / FOLDER) == [b"wait", b"wait", b"done"]
    assert [(each.imported, each.known) for each in tallies] == [(3, 0), (0, 3)]


def test_a_copy_of_a_file_adds_nothing(tmp_path: Path) -> None:
    data = recording((1, "a"), (1, "b"))
    tally = run(put(tmp_path / "in", {"a": data, "copies/b": data}), tmp_path / FOLDER)
    assert (tally.imported, tally.known) == (2, 2)


@law(40)
@given(st.lists(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=4), max_size=3))
def test_importing_twice_is_importing_once(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[int, int]]]
) -> None:
    here = tmp_path_factory.mktemp("law")
    sources = put(here / "in", {str(n): recording(*((a, str(b)) for a, b in each)) for n, each in enumerate(files)})
    (here / "in").mkdir(exist_ok=True)
    run(sources, here / FOLDER)
    once = answers(here / FOLDER)
    again = run(sources, here / FOLDER)
    assert answers(here / FOLDER) == once
    assert again.imported == 0
    for each in files:
        assert Counter(str(b).encode() for _, b in each) <= Counter(once)


def test_the_same_request_to_another_upstream_is_refused(tmp_path: Path) -> None:
    sources = put(
        tmp_path / "in",
        {"a": recording((1, "a"), host="https://a.example"), "b": recording((1, "b"), host="https://b.example")},
    )
    for _ in range(2):
        tally = run(sources, tmp_path / FOLDER)
        assert [(each.reason, Path(each.file).name) for each in tally.refusals] == [
            ("the same request went to another upstream; --by-host keeps them apart", "b")
        ]
    assert answers(tmp_path / FOLDER) == [b"a"]


def test_by_host_keeps_upstreams_apart(tmp_path: Path) -> None:
    sources = put(
        tmp_path / "in",
        {"a": recording((1, "a"), host="https://a.example"), "b": recording((1, "b"), host="http://b.example:81")},
    )
    assert run(sources, tmp_path / FOLDER, by_host=True).imported == 2
    opened = Cassette.open(tmp_path / FOLDER)
    kept = [opened.exchange(entry) for entry in opened.entries]
    assert [(each.request.path, each.upstream) for each in kept] == [
        ("/a.example/v1/x", "a.example=https://a.example"),
        ("/b.example-81/v1/x", "b.example-81=http://b.example:81"),
    ]


def test_by_host_does_not_mix_two_upstreams_of_one_host(tmp_path: Path) -> None:
    sources = put(
        tmp_path / "in",
        {"a": recording((1, "a"), host="https://a.example"), "b": recording((1, "b"), host="http://a.example")},
    )
    (refusal,) = run(sources, tmp_path / FOLDER, by_host=True).refusals
    assert "another upstream of that host" in refusal.reason


@pytest.mark.parametrize(
    ("upstream", "path"),
    [
        ("", "/v1/x"),
        ("a=https://a.example", "/v1/x"),
        ("https://[::1]:8080", "/1-8080/v1/x"),
        ("http://\u00e9", "/host/v1/x"),
    ],
)
def test_a_host_makes_a_name_that_a_path_can_carry(upstream: str, path: str) -> None:
    tape = Tape(Head(0, 204), (), Complete(0))
    assert mounted(Exchange(Request("GET", "/v1/x"), tape, upstream=upstream)).request.path == path


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    sources = put(tmp_path / "in", {"a": recording((1, "a"), (1, "b"))})
    for cassette in (None, Cassette.open(tmp_path / FOLDER, create=True)):
        assert take(files_of([sources], tmp_path / FOLDER), cassette, dry=True).imported == 2
    assert list((tmp_path / FOLDER).iterdir()) == []


@pytest.mark.parametrize(
    "path",
    ["/../../../../etc/passwd", "/%2e%2e/%2e%2e/x", "/a\\..\\b", "/.ssh/authorized_keys", "/a/\u2026/~", "/\x00x"],
)
def test_no_path_leads_out_of_the_cassette(path: str, tmp_path: Path) -> None:
    model = {"model": "../../../" + path}
    run(put(tmp_path / "in", {"a": recording((model, "x"), path=path)}), tmp_path / "here" / FOLDER, by_host=True)
    written = [file for file in tmp_path.rglob("*") if file.is_file() and tmp_path / "in" not in file.parents]
    assert [file.parent for file in written] == [tmp_path / "here" / FOLDER]
    assert written[0].name.startswith("0001-")


def test_folders_are_walked_in_the_order_of_names(tmp_path: Path) -> None:
    names = ["b/2", "b/10", "a", "c", ".hidden", ".git/config", "node_modules/x", ".inline-snapshot/y"]
    put(tmp_path, dict.fromkeys(names, b""))
    found = [file.relative_to(tmp_path).as_posix() for file in files_of([tmp_path], tmp_path / "none")]
    assert found == ["a", "c", ".inline-snapshot/y", "b/10", "b/2"]


def test_cassettes_of_our_own_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, {"a.json": recording((1, "a")), "target/notes.txt": b"mine"})
    run(tmp_path / "a.json", tmp_path / FOLDER)
    assert files_of([tmp_path], tmp_path / "target") == [tmp_path / "a.json"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    file = put(tmp_path, {"a": b""}) / "a"
    assert files_of([file, file, tmp_path], tmp_path / "none") == [file]


def test_a_source_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        files_of([tmp_path / "none"], tmp_path)


def test_a_link_that_leads_round_in_circles_ends(tmp_path: Path) -> None:
    put(tmp_path / "in", {"a": b""})
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    assert files_of([tmp_path / "in"], tmp_path / "none") == [tmp_path / "in" / "a"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "an empty file, which is not imported"),
        (b'{"Entries": []}', "holds no exchange"),
        (recording((1, "\ud800"), path="/\ud800"), "half a character"),
    ],
)
def test_a_file_that_gives_nothing_says_why(data: bytes, reason: str, tmp_path: Path) -> None:
    tally = run(put(tmp_path / "in", {"a": data}), tmp_path / FOLDER)
    assert tally.imported == 0
    assert [reason in refusal.reason for refusal in tally.refusals] == [True]
    assert not list((tmp_path / FOLDER).glob("*.part"))


def test_the_tally_counts_by_format_and_fidelity_and_by_reason(tmp_path: Path) -> None:
    sources = put(tmp_path / "in", {"a": recording((1, {}), (2, "text")), "b": b"", "c": b" "})
    tally = run(sources, tmp_path / FOLDER)
    assert [tuple(line) for line in tally.lines] == [
        ("", "", 0, 0, 2),
        ("azure", "bytes", 1, 0, 0),
        ("azure", "frames", 1, 0, 0),
    ]
    assert tally.reasons == [("", "an empty file, which is not imported", 2)]


def mapping(name: str) -> bytes:
    asked = {"url": "/x", "method": "GET"}
    return json.dumps({"request": asked, "response": {"status": 200, "bodyFileName": name}}).encode()


def test_a_body_beside_a_mapping_is_a_part_of_it_and_no_file_of_its_own(tmp_path: Path) -> None:
    files = {"wire/mappings/deep/m.json": mapping("b/x.json"), "wire/__files/b/x.json": b"the body"}
    tally = run(put(tmp_path / "in", files), tmp_path / FOLDER)
    assert (tally.imported, tally.files, tally.refusals) == (1, 1, [])
    assert answers(tmp_path / FOLDER) == [b"the body"]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../secret", "link", "\0", "x" * 5000, ""])
def test_a_mapping_reads_no_file_but_those_beside_it(name: str, tmp_path: Path) -> None:
    put(tmp_path / "in", {"mappings/m.json": mapping(name), "secret": b"psst", "__files/x": b""})
    (tmp_path / "in" / "__files" / "link").symlink_to(tmp_path / "in" / "secret")
    tally = run(tmp_path / "in" / "mappings", tmp_path / FOLDER)
    assert [refusal.reason for refusal in tally.refusals] == ["the file with the body of its response is not beside it"]
