"""`mockprovider profiles`: which there are, what is odd about each, how two differ, and a new one."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from mockprovider import yamlfile
from mockprovider.cli import main
from mockprovider.profiles.loading import load, shipped

OWN = """\
title: My own
bites: "nothing \\e[31mred"
checked: 2026-11-20
extends: openai
chat: {id: "own-$hex32", usage: {total_tokens: $total_tokens}}
variants: {old: {says: as it was, set: {chat.id: old}}}
sources:
  chat.id: {at: owner/repository issue 7, confidence: reported, date: "2026-05", says: ids of its own}
unknown: [what a 500 says]
"""


def run(*arguments: str | Path, **settings: Any) -> Result:
    return CliRunner().invoke(main, ["profiles", *map(str, arguments)], **settings)


def refused(result: Result, *words: str) -> None:
    """One line with these words, and status 2."""
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert result.output.startswith("error: ")
    assert [word for word in words if word not in result.output] == []


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A profile of one's own."""
    path = tmp_path / "mine.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


# list


def test_the_list_has_a_line_for_each_profile_with_what_bites() -> None:
    lines = run("list").output.splitlines()
    assert [re.split(r"\s\s+", line, maxsplit=1) for line in lines] == [[name, load(name).bites] for name in shipped()]


def test_the_list_is_JSON_if_asked_for() -> None:  # noqa: N802
    found = json.loads(run("list", "--json").output)
    assert [each["name"] for each in found] == list(shipped())
    profile = load("deepseek-like")
    assert next(each for each in found if each["name"] == "deepseek-like") == {
        "name": "deepseek-like",
        "title": profile.title,
        "bites": profile.bites,
        "checked": profile.checked.isoformat(),
        "extends": "openai",
        "variants": list(profile.variants),
    }


# show


def test_a_profile_is_shown_with_its_quirks_their_sources_and_what_was_not_found(mine: Path) -> None:
    assert run("show", mine).output.splitlines() == [
        "mine  My own",
        "  nothing \\x1b[31mred",
        "  checked 2026-11-20, extends openai, 2 quirks",
        "  --variant old: as it was",
        "",
        'chat.id: "own-$hex32"  (not "chatcmpl-$alnum29")',
        "    ids of its own",
        "    reported 2026-05  owner/repository issue 7",
        "",
        'chat.usage: {"total_tokens": "$total_tokens"}',
        "    no source",
        "",
        "looked for and not found",
        "  what a 500 says",
    ]


def test_a_profile_is_shown_as_JSON_if_asked_for(mine: Path) -> None:  # noqa: N802
    found = json.loads(run("show", mine, "--json").output)
    first, second = found["quirks"]
    assert (first["key"], first["value"], first["baseline"]) == ("chat.id", "own-$hex32", "chatcmpl-$alnum29")
    assert first["source"] == {
        "at": "owner/repository issue 7",
        "confidence": "reported",
        "date": "2026-05",
        "says": "ids of its own",
    }
    assert (second["key"], second["source"]) == ("chat.usage", None)
    assert (found["variants"], found["unknown"]) == ({"old": "as it was"}, ["what a 500 says"])


def test_what_is_inherited_has_the_source_that_it_has_there(mine: Path) -> None:
    child = mine.with_name("child.yaml")
    child.write_text("title: x\nbites: x\nchecked: 2026-11-20\nextends: mine.yaml\n")
    quirks = json.loads(run("show", child, "--json").output)["quirks"]
    assert [(each["key"], (each["source"] or {}).get("date")) for each in quirks] == [
        ("chat.id", "2026-05"),
        ("chat.usage", None),
    ]


@pytest.mark.parametrize(
    ("options", "value"),
    [
        (["--variant", "old"], "old"),
        (["--set", "chat.id=other"], "other"),
        (["--set", "chat.id=one", "--set", "chat.id=two"], "two"),
    ],
)
def test_a_profile_is_shown_as_it_is_changed(options: list[str], value: str, mine: Path) -> None:
    assert json.loads(run("show", mine, "--json", *options).output)["quirks"][0]["value"] == value


def test_a_quirk_that_it_is_without_is_not_shown(mine: Path) -> None:
    quirks = json.loads(run("show", mine, "--json", "--without", "chat.id").output)["quirks"]
    assert [each["key"] for each in quirks] == ["chat.usage"]


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_all_of_a_profile_is_a_file_that_says_the_same(form: str, mine: Path) -> None:
    said = run("show", mine, "--full", *(["--json"] if form == "json" else [])).output
    whole = mine.with_name("whole.yaml")
    whole.write_text(said if form == "yaml" else yamlfile.emit(json.loads(said)), encoding="utf-8")
    assert run("diff", mine, whole).exit_code == 0


def test_colours_are_for_terminals(mine: Path) -> None:
    assert "\x1b[" not in run("show", mine).output
    assert "\x1b[1mchat.id\x1b[0m" in run("show", mine, color=True).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "opnai"], ["no profile is called 'opnai'", "did you mean 'openai'"]),
        (["show", "gone.yaml"], ["gone.yaml: no such profile file"]),
        (["show", "openai", "--set", "chat.idd=1"], ["--set chat.idd=1", "did you mean 'id'"]),
        (["show", "openai", "--without", "chat.idd"], ["--without chat.idd", "did you mean 'id'"]),
        (["show", "openai", "--variant", "x"], ["no variant 'x'"]),
        (["show", "openai", "--variant", "x", "--variant", "y"], ["x and y are two"]),
        (["diff", "openai", "opnai"], ["did you mean 'openai'"]),
        (["new", "x", "--extends", "opnai"], ["did you mean 'openai'"]),
        (["new", "openai"], ["openai.yaml", "take another name"]),
        (["new", "nowhere/x"], ["nowhere", "no such file or directory"]),
    ],
)
def test_what_can_not_be_used_is_refused_with_what_would_have_worked(
    arguments: list[str], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(*arguments), *words)


def test_what_is_wrong_in_a_file_is_refused_with_its_line_and_key(mine: Path) -> None:
    mine.write_text(OWN + "chta: {}\n", encoding="utf-8")
    refused(run("show", mine), f"{mine}:10: chta: unknown key 'chta'; did you mean 'chat'?")


# diff


def test_a_profile_does_not_differ_from_itself(mine: Path) -> None:
    result = run("diff", mine, mine)
    assert (result.exit_code, result.output) == (0, "")


def test_two_profiles_differ_in_a_line_for_each_place(mine: Path) -> None:
    other = mine.with_name("other.yaml")
    other.write_text(OWN.replace("own-$hex32", "x").replace("total_tokens: $", "total: $"), encoding="utf-8")
    result = run("diff", mine, other)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        'chat.id: "own-$hex32" → "x"',
        'chat.usage.total_tokens: "$total_tokens" → nothing',
        'chat.usage.total: nothing → "$total_tokens"',
    ]


def test_what_is_long_stands_in_lines_of_its_own_and_is_cut(mine: Path) -> None:
    other = mine.with_name("other.yaml")
    other.write_text(OWN.replace("own-$hex32", "x" * 500), encoding="utf-8")
    one, two, three = run("diff", mine, other).output.splitlines()
    assert (one, two) == ("chat.id:", '  -"own-$hex32"')
    assert re.fullmatch(r'  \+"x{98}…', three)


def test_differences_are_JSON_if_asked_for(mine: Path) -> None:  # noqa: N802
    other = mine.with_name("other.yaml")
    other.write_text(OWN.replace("total_tokens: $total_tokens", "a: null"), encoding="utf-8")
    result = run("diff", mine, other, "--json")
    assert result.exit_code == 1
    assert json.loads(result.output) == {
        "equal": False,
        "differences": [
            {"key": "chat.usage.total_tokens", "a": "$total_tokens"},
            {"key": "chat.usage.a", "b": None},
        ],
    }


# schema


def test_the_schema_is_printed() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(run("schema").output))


def test_the_vocabulary_is_printed() -> None:
    assert run("schema", "--markdown").output.startswith("# What a profile can say\n")


# new


@pytest.mark.parametrize("name", ["mine", "mine.yaml"])
def test_a_new_profile_behaves_as_the_one_that_it_extends(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", name, "--extends", "deepseek-like").exit_code == 0
    assert run("diff", "mine.yaml", "deepseek-like").exit_code == 0


def test_a_new_profile_may_extend_a_file_that_is_elsewhere(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (mine.parent / "inner").mkdir()
    monkeypatch.chdir(mine.parent)
    assert run("new", "inner/new", "--extends", "mine.yaml").exit_code == 0
    assert run("diff", "inner/new.yaml", "mine.yaml").exit_code == 0


def test_a_new_profile_has_its_schema_beside_it_and_names_it(tmp_path: Path) -> None:
    run("new", tmp_path / "mine.yaml")
    first = (tmp_path / "mine.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = json.loads((tmp_path / first.removeprefix("# yaml-language-server: $schema=")).read_text(encoding="utf-8"))
    (document,) = yamlfile.load((tmp_path / "mine.yaml").read_bytes(), "mine.yaml")
    jsonschema.Draft202012Validator(schema).validate(document)


def test_the_quirks_that_a_new_profile_suggests_are_taken_once_their_marks_are(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    run("new", path)
    before, _, suggested = path.read_text(encoding="utf-8").partition("\n#\n")
    path.write_text(before + "\n" + re.sub(r"(?m)^# ?", "", suggested), encoding="utf-8")
    quirks = json.loads(run("show", path, "--json").output)["quirks"]
    assert "chat.stream.usage_frame" in {each["key"] for each in quirks}
    assert [each["key"] for each in quirks if each["source"] is None] == []


def test_a_file_that_is_there_is_not_written_over(mine: Path) -> None:
    refused(run("new", mine), f"{mine}: is there already")
    assert mine.read_text(encoding="utf-8") == OWN


# The page in the documents


def test_the_profile_in_the_documents_is_one_and_each_of_its_quirks_has_a_source(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/profiles.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "gateway.yaml"
    path.write_text(example, encoding="utf-8")
    quirks = json.loads(run("show", path, "--json", "--variant", "2025").output)["quirks"]
    assert {"chat.id", "shapes.bare.usage"} <= {each["key"] for each in quirks}
    assert [each["key"] for each in quirks if each["source"] is None] == []


# All of them


@pytest.mark.parametrize("command", ["list", "show", "diff", "schema", "new", "check"])
def test_each_command_has_two_examples_in_its_help(command: str) -> None:
    said = run(command, "--help").output
    assert said.partition("Examples:")[2].count("mockprovider profiles") >= 2


def test_help_loads_no_profile() -> None:
    code = (
        "import sys; from mockprovider.cli import main; main(['profiles', '--help'], standalone_mode=False);"
        "print(sorted({'msgspec', 'yaml', 'starlette', 'mockprovider.profiles'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"
