"""A cassette's folder: nothing is lost, nothing is overwritten, edits count, and what is wrong is said."""

import json
import os
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockprovider import yamlfile
from mockprovider.cassettes import store
from mockprovider.cassettes.matching.key import key_of
from mockprovider.cassettes.secrets.redact import redacted
from mockprovider.cassettes.store import Cassette, Slot, slug
from mockprovider.errors import CassetteError
from mockprovider.tape import Chunk, Complete, Exchange, Head, Request, Tape
from tests.strategies import exchanges, law


def exchange(model: str = "m", text: str = "Hello") -> Exchange:
    """A question that names the model, and its answer."""
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": text}]}).encode()
    request = Request("POST", "/v1/chat/completions", "", ((b"Content-Type", b"application/json"),), body)
    return Exchange(request, Tape(Head(0.5, 200), (Chunk(1.0, f"to {text}\n".encode()),), Complete(1.0)))


def kept(cassette: Cassette, *exchanges: Exchange) -> None:
    """Record exchanges one after the other."""
    for each in exchanges:
        cassette.begin(each.request).keep(each)


def content(folder: Path) -> list[Exchange]:
    """What a cassette holds for somebody who opens it now, in order."""
    cassette = Cassette.open(folder)
    return [cassette.exchange(entry) for entry in cassette.entries]


def numbers(folder: Path) -> list[int]:
    """The numbers of the files in a folder."""
    return sorted(int(path.name[:4]) for path in folder.glob("*.yaml"))


def touch(path: Path) -> None:
    """Date a file later, as an edit a second from now would."""
    changed = path.stat().st_mtime_ns + 10**9
    os.utime(path, ns=(changed, changed))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were parsed, by name."""
    names: list[str] = []
    load = yamlfile.load

    def counting(text: str | bytes, name: str, *arguments: Any) -> list[Any]:
        names.append(Path(name).name)
        return load(text, name, *arguments)

    monkeypatch.setattr(yamlfile, "load", counting)
    return names


@law(25)
@given(st.lists(exchanges(), max_size=4))
def test_what_was_kept_is_there_after_reopening_in_its_order(recorded: list[Exchange]) -> None:
    with TemporaryDirectory() as folder:
        kept(Cassette.open(Path(folder)), *recorded)
        assert content(Path(folder)) == [redacted(each) for each in recorded]


def test_what_was_kept_is_found_by_its_key_at_once_and_after_reopening(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path)
    kept(cassette, exchange("a"), exchange("b"), exchange("a"))
    found = {key: [entry.path.name for entry in entries] for key, entries in cassette.by_key.items()}
    again = {key: [entry.path.name for entry in entries] for key, entries in Cassette.open(tmp_path).by_key.items()}
    assert (
        again
        == found
        == {
            key_of(exchange("a").request): ["0001-chat-completions-a.yaml", "0003-chat-completions-a.yaml"],
            key_of(exchange("b").request): ["0002-chat-completions-b.yaml"],
        }
    )


def test_what_was_kept_is_handed_back_as_its_entry(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path)
    entry = cassette.begin(exchange().request).keep(exchange())
    assert cassette.entries == [entry]
    assert cassette.exchange(entry) == exchange()


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/v1/chat/completions", b'{"model":"gpt-4.1-mini"}', "chat-completions-gpt-4.1-mini"),
        ("/v1/models", b"", "v1-models"),
        ("/", b"", "root"),
        ("/v1/x/y/z", b'{"model":"a/b:c D"}', "y-z-a-b-c-d"),
        ("/v1/../../etc", b"{}", "etc"),
        ("/%2e%2e/x", b'{"model":"../../x"}', "2e-2e-x-..-..-x"),
        ("/v1/x", b'{"model":5}', "v1-x"),
        ("/v1/x", b'{"model":', "v1-x"),
        ("/v1/x", b"[" * 100_000, "v1-x"),
        ("/你", b"", "exchange"),
        ("/" + "a" * 300, b"", "a" * 60),
    ],
)
def test_a_file_is_named_after_what_was_asked(path: str, body: bytes, name: str) -> None:
    assert slug(Request("POST", path, body=body)) == name


def test_a_file_never_leaves_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "tapes"
    kept(Cassette.open(folder, create=True), replace(exchange("../../up"), request=Request("GET", "/../..//../up")))
    assert [path.parent for path in tmp_path.rglob("*.yaml")] == [folder]


def test_files_are_in_the_order_of_their_numbers_not_of_their_names(tmp_path: Path) -> None:
    kept(Cassette.open(tmp_path), exchange("a"), exchange("b"))
    (tmp_path / "0001-chat-completions-a.yaml").rename(tmp_path / "10000-a.yaml")
    (tmp_path / "0002-chat-completions-b.yaml").rename(tmp_path / "9999-b.yaml")
    assert [entry.path.name for entry in Cassette.open(tmp_path).entries] == ["9999-b.yaml", "10000-a.yaml"]


@pytest.mark.parametrize(
    "name", ["README.md", ".gitignore", "notes.yaml", "001-x.yaml", "0001-x.yml", "0001-x.yaml.bak", "0001-x.tmp"]
)
def test_any_other_file_is_let_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("not an exchange")
    assert (Cassette.open(tmp_path).entries, Cassette.open(tmp_path).warnings) == ([], [])


def test_a_number_is_not_used_again_though_nothing_was_kept_under_it(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path)
    cassette.begin(exchange().request).discard()
    kept(cassette, exchange())
    assert numbers(tmp_path) == [2]


def test_numbers_go_on_where_the_folder_ended(tmp_path: Path) -> None:
    kept(Cassette.open(tmp_path), exchange("a"), exchange("b"))
    kept(Cassette.open(tmp_path), exchange("c"))
    assert numbers(tmp_path) == [1, 2, 3]


_steps = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["begin", "begin", "keep", "keep", "discard"]), st.integers(0, 2)),
    max_size=14,
)


def interleaved(folder: Path, steps: list[tuple[int, str, int]]) -> list[Exchange]:
    """Two recorders on one folder, step by step; returns what they kept."""
    cassettes = [Cassette.open(folder), Cassette.open(folder)]
    going: list[list[tuple[Slot, Exchange]]] = [[], []]
    done = []
    for serial, (who, step, model) in enumerate(steps):
        if step == "begin":
            asked = exchange(f"m{model}", str(serial))
            going[who].append((cassettes[who].begin(asked.request), asked))
        elif going[who]:
            slot, asked = going[who].pop(model % len(going[who]))
            if step == "keep":
                slot.keep(asked)
                done.append(asked)
            else:
                slot.discard()
    return done


@law(50)
@given(_steps)
def test_two_recorders_on_one_folder_lose_nothing(steps: list[tuple[int, str, int]]) -> None:
    with TemporaryDirectory() as folder:
        done = interleaved(Path(folder), steps)
        assert Counter(content(Path(folder))) == Counter(done)


@law(50)
@given(_steps)
@example([(1, "begin", 0), (0, "begin", 1), (0, "keep", 0), (1, "keep", 0), (1, "begin", 2), (1, "keep", 0)])
def test_two_recorders_on_one_folder_never_use_a_number_twice(steps: list[tuple[int, str, int]]) -> None:
    with TemporaryDirectory() as folder:
        interleaved(Path(folder), steps)
        found = numbers(Path(folder))
        assert found == sorted(set(found))


def recorded_by_threads(folder: Path) -> None:
    """A hundred exchanges by four recorders at the same time."""

    def record(name: int) -> None:
        kept(Cassette.open(folder), *(exchange(f"m{number % 2}", f"{name} {number}") for number in range(25)))

    threads = [threading.Thread(target=record, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_recorders_in_several_threads_lose_nothing(tmp_path: Path) -> None:
    recorded_by_threads(tmp_path)
    assert len(set(content(tmp_path))) == 100


def test_recorders_in_several_threads_never_use_a_number_twice(tmp_path: Path) -> None:
    recorded_by_threads(tmp_path)
    assert len(set(numbers(tmp_path))) == 100


def test_a_file_whose_name_is_taken_is_not_written_over(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path)
    slot = cassette.begin(exchange().request)
    taken = tmp_path / "0001-chat-completions-m.yaml"
    kept(Cassette.open(tmp_path / "other", create=True), exchange(text="first"))
    taken.write_bytes((tmp_path / "other" / taken.name).read_bytes())
    slot.keep(exchange(text="second"))
    assert content(tmp_path) == [exchange(text="first"), exchange(text="second")]


def test_what_is_in_flight_has_a_name_on_disk_without_its_secret(tmp_path: Path) -> None:
    Cassette.open(tmp_path).begin(Request("GET", "/v1/models", "key=sk-0123456789&a=1"))
    (claim,) = tmp_path.iterdir()
    assert (claim.name, claim.read_text()) == ("0001.part", "GET /v1/models?key=REDACTED&a=1\n")


@pytest.mark.parametrize(
    "over", [lambda slot: slot.keep(exchange()), lambda slot: slot.discard()], ids=["kept", "discarded"]
)
def test_what_is_over_leaves_nothing_but_its_exchange(over: Callable[[Slot], object], tmp_path: Path) -> None:
    over(Cassette.open(tmp_path).begin(exchange().request))
    assert {path.suffix for path in tmp_path.iterdir()} <= {".yaml"}


def test_what_was_never_finished_is_named_in_a_warning_and_the_rest_is_there(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path)
    kept(cassette, exchange("a"))
    cassette.begin(exchange("b").request)
    kept(cassette, exchange("c"))
    again = Cassette.open(tmp_path)
    assert [entry.path.name[:4] for entry in again.entries] == ["0001", "0003"]
    (warning,) = again.warnings
    assert warning.startswith(f"{tmp_path / '0002.part'}: POST /v1/chat/completions was never finished")


@pytest.mark.parametrize("claim", [b"", b"\xff\xfe\n"])
def test_a_claim_that_can_not_be_read_is_a_warning_as_well(claim: bytes, tmp_path: Path) -> None:
    (tmp_path / "0007.part").write_bytes(claim)
    assert "0007.part" in Cassette.open(tmp_path).warnings[0]


def test_the_number_of_what_was_never_finished_is_not_used_again(tmp_path: Path) -> None:
    Cassette.open(tmp_path).begin(exchange().request)
    kept(Cassette.open(tmp_path), exchange())
    assert numbers(tmp_path) == [2]


def test_a_recorder_that_dies_while_writing_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cassette = Cassette.open(tmp_path)
    kept(cassette, exchange("a"))
    slot = cassette.begin(exchange("b").request)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", die)
    with pytest.raises(KeyboardInterrupt):
        slot.keep(exchange("b"))
    again = Cassette.open(tmp_path)
    assert (content(tmp_path), len(again.warnings)) == ([exchange("a")], 1)


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    kept(Cassette.open(tmp_path), exchange("a"), exchange("b"))
    assert content(tmp_path) == [exchange("a"), exchange("b")]


def edit(path: Path, old: str, new: str) -> None:
    """What a person does with an editor."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    touch(path)


def test_an_edited_answer_is_what_counts_after_reopening(tmp_path: Path) -> None:
    kept(Cassette.open(tmp_path), exchange())
    edit(next(tmp_path.iterdir()), "to Hello", "to everybody, hello")
    assert content(tmp_path)[0].tape.body == b"to everybody, hello\n"


def test_an_edited_answer_is_what_counts_at_once(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path)
    kept(cassette, exchange())
    (entry,) = cassette.entries
    cassette.exchange(entry)
    edit(entry.path, "to Hello", "to everybody, hello")
    assert cassette.exchange(entry).tape.body == b"to everybody, hello\n"


def test_an_edited_request_is_what_is_found_after_reopening(tmp_path: Path) -> None:
    kept(Cassette.open(tmp_path), exchange(text="Hello"))
    edit(next(tmp_path.iterdir()), "content: Hello", "content: Bye")
    assert list(Cassette.open(tmp_path).by_key) == [key_of(exchange(text="Bye").request)]


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _a_link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:300]), r":\d+"),
    "emptied": (lambda path: path.write_bytes(b""), r":1: not an exchange: a mapping with version"),
    "of a version to come": (
        lambda path: edit(path, "version: 1", "version: 2"),
        r":2: version 2 is newer .*; upgrade",
    ),
    "without a field": (lambda path: edit(path, "  method: POST\n", ""), r":4: request.*method.*required"),
    "with an unknown key": (lambda path: edit(path, "ending:", "endign:"), r":\d+: .*'endign'; did you mean 'ending'"),
    "with a conflict of git": (lambda path: edit(path, "  how:", "<<<<<<< HEAD\n  how:"), r":\d+:\d+: not valid YAML"),
    "a folder": (_a_folder, ": a folder; a file belongs here"),
    "a link to nothing": (_a_link_to_nothing, ": no such file or directory"),
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_file_that_can_not_be_used_is_named_with_the_place_and_the_cause(how: str, tmp_path: Path) -> None:
    damage, message = DAMAGES[how]
    kept(Cassette.open(tmp_path), exchange())
    path = next(tmp_path.iterdir())
    damage(path)
    with pytest.raises(CassetteError, match=rf"\A{re.escape(str(path))}{message}"):
        Cassette.open(tmp_path)


def test_a_file_that_has_gone_since_is_named(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path)
    kept(cassette, exchange())
    cassette.entries[0].path.unlink()
    with pytest.raises(CassetteError, match=r"0001-chat-completions-m\.yaml: gone"):
        cassette.exchange(cassette.entries[0])


def test_a_cassette_that_is_not_there_is_refused_with_the_closest_name_and_the_cure(tmp_path: Path) -> None:
    (tmp_path / "tapes").mkdir()
    message = (
        f"{tmp_path / 'tape'}: no such cassette; did you mean 'tapes'?; `mockprovider record --upstream URL --cassette"
    )
    with pytest.raises(CassetteError, match=rf"\A{re.escape(message)}"):
        Cassette.open(tmp_path / "tape")


def test_a_cassette_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tape").write_text("")
    with pytest.raises(CassetteError, match="tape: a file; a cassette is a folder"):
        Cassette.open(tmp_path / "tape")


@pytest.mark.parametrize("inside", ["tape", "tape/deeper"])
def test_a_cassette_is_not_made_where_a_file_is_in_the_way(inside: str, tmp_path: Path) -> None:
    (tmp_path / "tape").write_text("")
    with pytest.raises(CassetteError, match="can't be a cassette folder"):
        Cassette.open(tmp_path / inside, create=True)


def test_a_cassette_is_made_if_asked_for_with_all_folders_above(tmp_path: Path) -> None:
    assert Cassette.open(tmp_path / "a" / "b", create=True).entries == []


@pytest.mark.parametrize(
    "write",
    [
        lambda slot: slot.cassette.begin(exchange().request),
        lambda slot: slot.keep(exchange()),
        lambda slot: slot.cassette.exchange(slot.cassette.entries[0]),
    ],
    ids=["begin", "keep", "read"],
)
def test_a_folder_that_has_gone_since_is_an_error_of_the_cassette(
    write: Callable[[Slot], object], tmp_path: Path
) -> None:
    folder = tmp_path / "tapes"
    cassette = Cassette.open(folder, create=True)
    kept(cassette, exchange())
    slot = cassette.begin(exchange().request)
    folder.rename(tmp_path / "moved")
    with pytest.raises(CassetteError, match=re.escape(str(folder))):
        write(slot)


def test_a_thousand_exchanges_are_indexed_without_parsing_one(tmp_path: Path, parsed: list[str]) -> None:
    kept(Cassette.open(tmp_path), *(exchange(text=str(number)) for number in range(1000)))
    cassette = Cassette.open(tmp_path)
    assert (len(cassette.by_key), parsed) == (1000, [])


def test_only_what_was_edited_is_parsed_for_the_index(tmp_path: Path, parsed: list[str]) -> None:
    kept(Cassette.open(tmp_path), exchange("a"), exchange("b"), exchange("c"))
    edit(tmp_path / "0002-chat-completions-b.yaml", "content: Hello", "content: Bye")
    Cassette.open(tmp_path)
    assert parsed == ["0002-chat-completions-b.yaml"]


def test_an_exchange_is_parsed_once_as_long_as_its_file_stays_as_it_is(tmp_path: Path, parsed: list[str]) -> None:
    cassette = Cassette.open(tmp_path)
    kept(cassette, exchange())
    (entry,) = cassette.entries
    assert cassette.exchange(entry) is cassette.exchange(entry)
    assert len(parsed) == 1


def test_what_is_in_memory_is_bounded(tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_CACHE_BYTES", 20)
    cassette = Cassette.open(tmp_path)
    kept(cassette, exchange(text="first one"), exchange(text="second one"), exchange(text="third one"))
    for entry in (*cassette.entries, cassette.entries[0], cassette.entries[0]):
        cassette.exchange(entry)
    assert [name[:4] for name in parsed] == ["0001", "0002", "0003", "0001"]


def test_a_file_read_again_counts_once_in_memory(
    tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_CACHE_BYTES", 100)
    cassette = Cassette.open(tmp_path)
    kept(cassette, exchange(text="edited"), exchange(text="steady"))
    first, second = cassette.entries
    cassette.exchange(second)
    for _ in range(20):
        touch(first.path)
        cassette.exchange(first)
    parsed.clear()
    cassette.exchange(second)
    assert parsed == []


def test_what_was_dropped_is_gone_from_the_index_and_from_disk(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path)
    kept(cassette, exchange("a"), exchange("b"))
    cassette.drop(cassette.entries[:1])
    assert [entry.path.name for entry in cassette.entries] == [path.name for path in tmp_path.iterdir()]
    assert [len(entries) for entries in cassette.by_key.values()] == [0, 1]


def test_no_file_of_a_cassette_can_be_read_by_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: dict[str, int] = {}
    publish = store._publish

    def look(temporary: Path, path: Path) -> None:
        modes.update((file.suffix, file.stat().st_mode & 0o777) for file in tmp_path.iterdir())
        publish(temporary, path)

    monkeypatch.setattr(store, "_publish", look)
    umask = os.umask(0)
    try:
        kept = Cassette.open(tmp_path, create=True).begin(exchange().request).keep(exchange())
    finally:
        os.umask(umask)
    modes[kept.path.suffix] = kept.path.stat().st_mode & 0o777
    assert modes == {".part": 0o600, ".tmp": 0o600, ".yaml": 0o600}


def test_a_claim_that_goes_while_the_folder_is_opened_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "0001.part").write_text("POST /v1/x")

    def too_late(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", too_late)
    (warning,) = Cassette.open(tmp_path).warnings
    assert "0001.part: an exchange was never finished" in warning
