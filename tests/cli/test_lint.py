"""`mockprovider cassette lint`: what it prints and how it exits."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockprovider.cli import main
from tests.strategies import KEY_SAMPLES

KEY = KEY_SAMPLES["Groq"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["cassette", "lint", *map(str, arguments)])


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    path = tmp_path / "leak.yaml"
    path.write_text(f"a: b\nc: {KEY}\n")
    return path


def test_a_clean_file_exits_with_0_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: b\n")
    result = run(tmp_path)
    assert (result.exit_code, result.output) == (0, "")


def test_a_finding_exits_with_1_and_names_file_line_and_kind(leak: Path) -> None:
    result = run(leak)
    assert result.exit_code == 1
    assert f"{leak}:2: Groq API key: {KEY[:6]}... (56 characters)\n" in result.output
    assert KEY not in result.output


def test_findings_are_json_if_asked_for(leak: Path) -> None:
    assert json.loads(run(leak, "--json").stdout) == [
        {"file": str(leak), "line": 2, "kind": "Groq API key", "secret": f"{KEY[:6]}... (56 characters)"}
    ]


def test_what_is_allowed_is_passed_over(leak: Path) -> None:
    assert run(leak, "--allow", "xai-", "--allow", r"gsk_\w+").exit_code == 0


@pytest.mark.parametrize("arguments", [(), ("nothing-here",), (".", "--allow", "[")])
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
