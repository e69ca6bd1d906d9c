"""`mockprovider profiles check`: which recordings it takes, what it prints, writes, and how it exits."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mockprovider.cassettes.store import Cassette
from mockprovider.cli.check import check
from mockprovider.cli.group import Group
from mockprovider.profiles import loading
from mockprovider.tape import Chunk, Complete, Exchange, Head, Tape
from tests.truth.taking import BASELINE, recorded, row, row_of, taken, thrice, written


def run(*arguments: str | Path) -> Result:
    """The command within its group, which turns bad input into status 2."""
    return CliRunner().invoke(Group("profiles", commands=[check]), ["check", *map(str, arguments)])


@pytest.fixture
def true(tmp_path: Path) -> Path:
    """Recordings that the baseline is true to."""
    return written(tmp_path / "true.jsonl.gz", map(row_of, taken(BASELINE, thrice())))


@pytest.fixture
def untrue(tmp_path: Path) -> Path:
    """Recordings that it is not true to, by a provider with another name."""
    body = {"choices": [], "strange": 1}
    return written(tmp_path / "untrue.jsonl", [row_of(recorded(each, body), host="") for each in thrice()])


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two shipped profiles: to load all of them would take seconds."""
    some = {name: path for name, path in loading.shipped().items() if name in ("deepseek-like", "openai")}
    monkeypatch.setattr(loading, "shipped", lambda: some)


def test_a_true_profile_exits_with_0_and_shows_the_figures(true: Path) -> None:
    result = run("openai", "--against", true)
    assert result.exit_code == 0
    assert "openai: 3 recordings" in result.output
    assert "chat/completions plain         3        0  1.000 (3)  1.000 (3)" in result.output


def test_below_the_floor_exits_with_1_and_says_what_and_why(untrue: Path) -> None:
    result = run("openai", "--against", untrue, "--why", "1")
    assert result.exit_code == 1
    assert "below the floor: openai chat/completions plain: recall" in result.output
    assert "  chat/completions plain: 3 x lacks a header" not in result.output
    assert result.output.count(" x ") == 1


def test_the_floor_can_be_lowered(untrue: Path) -> None:
    assert run("openai", "--against", untrue, "--floor", "0").exit_code == 0


def test_without_why_no_difference_is_shown(untrue: Path) -> None:
    assert " x " not in run("openai", "--against", untrue, "--why", "0").output


def test_json_has_the_figures_and_what_is_below(untrue: Path) -> None:
    result = run("openai", "--against", untrue, "--json")
    (report,) = json.loads(result.stdout)
    assert (report["profile"], report["recordings"]) == ("openai", 3)
    assert report["cases"][0]["differences"]["lacks: body: strange number"] == 3
    assert report["below"][0].startswith("chat/completions plain: precision")


def test_a_cassette_is_taken_whole_for_one_profile(tmp_path: Path) -> None:
    cassette = Cassette.open(tmp_path / "tapes", create=True)
    for each in taken(BASELINE, thrice()):
        tape = Tape(Head(0.0, 200, each.answer.headers), (Chunk(0.0, each.answer.body),), Complete(0.0))
        cassette.begin(each.request).keep(Exchange(each.request, tape, upstream="https://api.acme.example"))
    result = run("openai", "--against", tmp_path / "tapes")
    assert (result.exit_code, "openai: 3 recordings" in result.output) == (0, True)


def test_rows_of_other_providers_are_not_taken(tmp_path: Path) -> None:
    rows = [*map(row_of, taken(BASELINE, thrice())), *[row(response_body='{"choices": []}')] * 3]
    assert "openai: 3 recordings" in run("openai", "--against", written(tmp_path / "a.jsonl", rows)).output


@pytest.mark.parametrize("words", ["acme", "api.acme.example", "openai=acme"])
def test_a_word_says_whose_rows_are_taken(tmp_path: Path, words: str) -> None:
    path = written(tmp_path / "a.jsonl", [*[row()] * 4, row(provider="other", host="")])
    assert "openai: 4 recordings" in run("openai", "--against", path, "--provider", words).output


def test_several_files_are_read_together(true: Path, untrue: Path) -> None:
    result = run("openai", "--against", true, "--against", untrue, "--floor", "0")
    assert "openai: 6 recordings" in result.output


@pytest.mark.usefixtures("two")
def test_all_profiles_are_checked_that_have_recordings(true: Path) -> None:
    result = run("--all", "--against", true, "--json")
    recordings = {report["profile"]: report["recordings"] for report in json.loads(result.stdout)}
    assert recordings == {"deepseek-like": 0, "openai": 3}


@pytest.mark.usefixtures("two")
def test_the_page_is_written_and_names_no_folder(true: Path, tmp_path: Path) -> None:
    page = tmp_path / "truth.md"
    assert run("--all", "--against", true, "--provider", "openai=openai", "--table", page).exit_code == 0
    said = page.read_text(encoding="utf-8")
    command = "mockprovider profiles check --all --against true.jsonl.gz --provider openai=openai --table truth.md"
    assert f"    {command}\n" in said
    assert str(tmp_path) not in said


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", [row(provider="openai"), row(encoding_notes=["sdk-object"])])
    assert "left out: 1 made up, as a note on it says" in run("openai", "--against", path).output


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "name the profiles ("),
        (["openai", "--all"], "name the profiles ("),
        (["opena"], "no profile is called 'opena'; did you mean 'openai'?"),
        (["openai", "--provider", "acne"], "looked for 'acne'); there are: acme (1). --provider openai=WORD says"),
        (["openai"], "no recording belongs to openai (looked for 'openai'); there are: acme (1)."),
        (["--all"], "no recording belongs to"),
        (["openai", "--provider", "other=acme"], "--provider other=acme: 'other' is not checked; checked: openai"),
        (["openai", "--provider", "acme", "--table", "/no/such/folder/a.md"], "can't be written: No such file"),
    ],
)
def test_bad_input_exits_with_2_and_says_what_would_have_worked(tmp_path: Path, arguments: list[Any], why: str) -> None:
    result = run(*arguments, "--against", written(tmp_path / "a.jsonl", [row()]))
    assert (result.exit_code, why in " ".join(result.output.split())) == (2, True), result.output


def test_a_file_without_recordings_exits_with_2_and_says_why(tmp_path: Path) -> None:
    result = run("openai", "--against", written(tmp_path / "a.jsonl", [row(status=None)]))
    assert (result.exit_code, "no recordings to compare with: 1 not complete" in result.output) == (2, True)


def test_no_progress_is_shown_where_nobody_looks_on(true: Path) -> None:
    assert run("openai", "--against", true).stderr == ""


def test_help_has_examples() -> None:
    said = run("--help").output
    assert said.count("  mockprovider profiles check ") == 3
