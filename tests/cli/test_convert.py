"""`mockprovider cassette import` and `export`, as a person and a script see them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockprovider.cassettes.importers.common import Imported, Source
from mockprovider.cassettes.importers.formats import read
from mockprovider.cassettes.store import Cassette
from mockprovider.cli import main
from tests.vectors.recordings import SAMPLES


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["cassette", *map(str, arguments)])


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Two recordings, and a file that is none."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("azure", "answer"):
        (folder / name).write_bytes(SAMPLES[name])
    (folder / "note.txt").write_text("Once upon a time")
    return folder


def test_an_import_says_what_it_did(sources: Path, tmp_path: Path) -> None:
    result = run("import", sources, "--cassette", tmp_path / "tapes")
    lines = [line.split() for line in result.output.splitlines()]
    assert result.exit_code == 0
    assert ["azure", "frames", "1", "0", "0"] in lines
    assert ["answer", "frames", "1", "0", "0"] in lines
    assert "1      -       text of no recorder that is known, which is not imported" in result.output
    assert f"{sources / 'note.txt'}: text of no recorder" in result.output
    assert result.output.endswith("3 files: 3 exchanges imported, 0 known already, 1 refused\n")
    assert len(Cassette.open(tmp_path / "tapes").entries) == 3


def test_an_import_is_JSON_if_asked_for(sources: Path, tmp_path: Path) -> None:  # noqa: N802
    told = json.loads(run("import", sources, "--cassette", tmp_path / "tapes", "--json").output)
    assert (told["files"], told["imported"], told["known"], told["refused"]) == (3, 3, 0, 1)
    assert {"format": "answer", "fidelity": "frames", "imported": 1, "known": 0, "refused": 0} in told["formats"]
    assert [reason["count"] for reason in told["reasons"]] == [1]
    assert [Path(refusal["file"]).name for refusal in told["refusals"]] == ["note.txt"]


def test_the_second_import_adds_nothing_and_is_no_failure(sources: Path, tmp_path: Path) -> None:
    results = [run("import", sources, "--cassette", tmp_path / "tapes") for _ in range(2)]
    assert [result.exit_code for result in results] == [0, 0]
    assert "0 exchanges imported, 3 known already" in results[1].output
    assert len(Cassette.open(tmp_path / "tapes").entries) == 3


def test_a_dry_run_makes_no_folder(sources: Path, tmp_path: Path) -> None:
    result = run("import", sources, "--cassette", tmp_path / "tapes", "--dry-run")
    assert "3 exchanges would be imported" in result.output
    assert not (tmp_path / "tapes").exists()


def test_where_nothing_was_imported_the_status_is_1(sources: Path, tmp_path: Path) -> None:
    assert run("import", sources / "note.txt", "--cassette", tmp_path / "tapes").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none", "--cassette", "tapes"], "none: no such file or folder"),
        ([".", "--cassette", "tapes", "--format", "vcrpi"], "did you mean 'vcrpy'?"),
        ([".", "--cassette"], "requires an argument"),
        (["--cassette", "tapes"], "Missing argument 'SOURCE...'"),
        ([".", "--cassette", "file"], "file: can't be a cassette folder"),
    ],
)
def test_what_the_user_gave_wrong_is_said_with_status_2(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    result = run("import", *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert not (tmp_path / "tapes").exists()


def test_a_format_that_is_named_is_not_looked_for(sources: Path, tmp_path: Path) -> None:
    result = run("import", sources / "azure", "--cassette", tmp_path / "tapes", "--format", "nock")
    assert result.exit_code == 1
    assert "no list, which a recording of nock is" in result.output


def test_a_file_with_many_refusals_has_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('{"fixtures": [{"match": {}, "response": {}}, {}, {}]}')
    first = run("import", tmp_path / "a", "--cassette", tmp_path / "tapes").output.splitlines()[0]
    assert first == f"{tmp_path / 'a'}: fixture 1: it matches every request (and 2 more)"


def test_by_host_puts_the_host_before_the_path(sources: Path, tmp_path: Path) -> None:
    run("import", sources / "azure", "--cassette", tmp_path / "tapes", "--by-host")
    opened = Cassette.open(tmp_path / "tapes")
    assert {opened.exchange(entry).request.path for entry in opened.entries} == {"/api.example.com/v1/chat/completions"}


@pytest.mark.parametrize("form", ["har", "vcrpy"])
def test_what_is_exported_can_be_imported_again(form: str, sources: Path, tmp_path: Path) -> None:
    run("import", sources / "azure", "--cassette", tmp_path / "tapes")
    result = run("export", tmp_path / "tapes", "--format", form, "--out", tmp_path / "out")
    assert (result.exit_code, "2 exchanges in" in result.output) == (0, True)
    claimed, found = read(Source("out", (tmp_path / "out").read_bytes()))
    again = [each.exchange for each in found if isinstance(each, Imported)]
    opened = Cassette.open(tmp_path / "tapes")
    kept = [opened.exchange(entry) for entry in opened.entries]
    assert claimed == form
    assert [(each.request.target, each.request.body, each.tape.body) for each in again] == [
        (each.request.target, each.request.body, each.tape.body) for each in kept
    ]


def test_an_export_goes_to_standard_output_where_no_file_is_named(sources: Path, tmp_path: Path) -> None:
    run("import", sources / "azure", "--cassette", tmp_path / "tapes")
    result = run("export", tmp_path / "tapes", "--format", "har")
    assert len(json.loads(result.output)["log"]["entries"]) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "hra"], "did you mean 'har'?"),
        (["--format", "har", "--out", "none/out"], "no such file or directory"),
        ([], "Missing option '--format'"),
    ],
)
def test_an_export_that_can_not_be_is_refused_with_status_2(
    arguments: list[str], words: str, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("import", sources / "azure", "--cassette", "tapes")
    result = run("export", "tapes", *arguments)
    assert result.exit_code == 2
    assert words in result.output


def two_files_that_disagree(folder: Path) -> Path:
    for name, text in (("test_a", "one"), ("test_b", "two")):
        (folder / "in" / name).mkdir(parents=True)
        answer = {"object": "chat.completion", "model": "m", "choices": [{"index": 0, "message": {"content": text}}]}
        (folder / "in" / name / "answer.json").write_text(json.dumps(answer))
    return folder / "in"


def test_answers_of_several_files_to_one_request_are_told(tmp_path: Path) -> None:
    sources = two_files_that_disagree(tmp_path)
    told = run("import", sources, "--cassette", tmp_path / "tapes").output
    assert "1 requests have different answers in different files" in told
    assert "--by-file" in told


def test_by_file_each_file_has_a_cassette_of_its_own(tmp_path: Path) -> None:
    sources = two_files_that_disagree(tmp_path)
    (sources / "nothing.txt").write_text("nothing")
    told = json.loads(run("import", sources, "--cassette", tmp_path / "tapes", "--by-file", "--json").output)
    assert (told["imported"], told["doubles"]) == (2, 0)
    folders = sorted(path.relative_to(tmp_path / "tapes") for path in (tmp_path / "tapes").rglob("*") if path.is_dir())
    assert [str(folder) for folder in folders] == ["test_a", "test_a/answer", "test_b", "test_b/answer"]
