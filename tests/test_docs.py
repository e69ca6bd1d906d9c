"""What the documents say is so: links lead somewhere, and every example is run, or says why it is not."""

import re
import shutil
from collections.abc import Callable
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from mockprovider import MockProvider
from mockprovider.cassettes import config
from mockprovider.cassettes import format as form
from mockprovider.cli import main
from mockprovider.profiles.loading import load
from tests.clients import programs
from tests.fakes import NO_TLS
from tests.stories import blocks, steps, told
from tests.vectors.answers import ANSWERS, HANGS

_ROOT = Path(__file__).parent.parent
_PAGES = sorted([*_ROOT.glob("*.md"), *_ROOT.glob("docs/*.md"), _ROOT / "benchmarks/README.md"])
_GENERATED = sorted(_ROOT.glob("docs/profiles/*.md"))
_TOLD = [page for page in _PAGES if any(block.language == "console" for block in blocks(page))]


def _page(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def _cassette_config(text: str, folder: Path) -> None:
    (folder / config.NAME).write_text(text, encoding="utf-8")
    read = config.load(folder)
    assert (read.rules, read.redaction) != (config.Config().rules, config.Config().redaction)


def _profile(text: str, folder: Path) -> None:
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    assert load(str(folder / "mine.yaml")).chat.stream.usage_frame == "never"


def _exchange(text: str, _: Path) -> None:
    assert form.load(text.encode(), "docs/cassette-format.md").tape.chunks[1].data == b"\xff\x00\xfe"


_READ: dict[tuple[str, str], Callable[[str, Path], None]] = {
    ("docs/cassette-format.md", "yaml"): _exchange,
    ("docs/matching.md", "yaml"): _cassette_config,
    ("docs/secrets.md", "yaml"): _cassette_config,
    ("docs/serving.md", "yaml"): _profile,
}
"""Files of our own that pages show, by page and language, and what reads them."""

_ELSEWHERE = {
    ("docs/python.md", "python"): "tests/testing/test_provider.py",
    ("docs/profiles.md", "python"): "tests/testing/test_provider.py",
    ("docs/profiles.md", "yaml"): "tests/cli/test_profiles.py",
    ("docs/rules.md", "yaml"): "tests/rules/test_loading.py",
}
"""Examples that another test runs."""


@pytest.fixture(scope="module")
def furniture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pages take for granted: recordings, a profile, a suite, commands."""
    folder = tmp_path_factory.mktemp("furniture")
    with (
        MockProvider("openai") as upstream,
        MockProvider(cassette=folder / "tapes", upstream=upstream.url, mode="all") as recorder,
        httpx.Client(base_url=recorder.url, headers={"authorization": "Bearer sk-test"}, verify=NO_TLS) as client,
    ):
        for model in ("gpt-4o-mini", "gpt-4.1", "gpt-4o", "gpt-4.1-mini"):
            body = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
            assert client.post("/v1/chat/completions", json=body).status_code == 200
    for name in ("fresh", "tests/tapes"):
        shutil.copytree(folder / "tapes", folder / name)
    for kind, file in (("vcrpy", "tests/cassettes/old.yaml"), ("har", "recording.har")):
        (folder / file).parent.mkdir(exist_ok=True)
        export = ("cassette", "export", str(folder / "tapes"), "--format", kind, "--out", str(folder / file))
        assert CliRunner().invoke(main, export).exit_code == 0
    shutil.copytree(_ROOT / "cassettes/bugs", folder / "cassettes/bugs")
    texts = {
        "examples/rules.yaml": (_ROOT / "examples/rules.yaml").read_text(encoding="utf-8"),
        "gateway.yaml": "{title: T, bites: nothing, checked: 2026-11-21, extends: openai}\n",
        "tests/test_suite.py": "def test_nothing(): pass\n",
        "bin/npm": "#!/bin/sh\n",
        "smoke-test.sh": "#!/bin/sh\n",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    shutil.copy(folder / "gateway.yaml", folder / "my-provider.yaml")
    return folder


@pytest.mark.parametrize("page", [*_PAGES, *_GENERATED], ids=_page)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", _TOLD, ids=_page)
def test_the_commands_of_a_page_say_what_the_page_says_that_they_say(
    page: Path, furniture: Path, tmp_path: Path
) -> None:
    shutil.copytree(furniture, tmp_path, dirs_exist_ok=True)
    if any(block.language == "js" for block in blocks(page)):
        assert programs._node()
        (tmp_path / "node_modules").symlink_to(programs.NODE / "node_modules")
    keys = dict.fromkeys(("OPENAI_API_KEY", "GROQ_API_KEY", "DEEPSEEK_API_KEY"), "sk-test")
    lean = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p mockprovider.testing.plugin"}
    for step, said, status in told(page, tmp_path, **keys, **lean):
        assert status in (0, 1), (step.command, said)
        if step.said:
            assert OutputChecker().check_output(_even(step.said), _even(said), ELLIPSIS), (step.command, said)


def _even(text: str) -> str:
    return text.strip() + "\n"


@pytest.mark.parametrize(("page", "language"), _READ)
def test_the_files_that_a_page_shows_can_be_read(page: str, language: str, tmp_path: Path) -> None:
    (block,) = [each for each in blocks(_ROOT / page) if each.language == language and not each.why_not]
    _READ[page, language](block.text, tmp_path)


@pytest.mark.parametrize("page", _PAGES, ids=_page)
def test_every_example_is_run_or_says_why_it_is_not(page: Path) -> None:
    assert [
        block.text
        for block in blocks(page)
        if not (block.why_not or (block.title and page in _TOLD) or block.language in ("console", "text"))
        and (_page(page), block.language) not in {*_READ, *_ELSEWHERE}
    ] == []


@pytest.mark.parametrize(("page", "language"), _ELSEWHERE)
def test_what_another_test_runs_it_names(page: str, language: str) -> None:
    assert Path(page).name in (_ROOT / _ELSEWHERE[page, language]).read_text(encoding="utf-8")
    assert any(block.language == language for block in blocks(_ROOT / page))


@pytest.mark.parametrize("page", _TOLD, ids=_page)
def test_every_console_block_has_a_command(page: Path) -> None:
    assert [block.text for block in blocks(page) if block.language == "console" and not steps(block)] == []


def test_what_shows_that_an_answer_is_replayed_is_a_case_or_a_test() -> None:
    text = (_ROOT / "docs/comparison.md").read_text(encoding="utf-8")
    shown = re.findall(r"\| `([^`]+)` \|$", text, re.MULTILINE)
    unknown = {each for each in shown if not each.startswith(("tests/", "python -m "))} - {*ANSWERS, *HANGS}
    tests = [each.partition("::") for each in shown if each.startswith("tests/")]
    missing = [name for file, _, name in tests if f"def {name}" not in (_ROOT / file).read_text(encoding="utf-8")]
    assert (len(shown) >= 15, unknown, missing) == (True, set(), [])


def test_the_readme_counts_the_profiles_their_quirks_and_sources() -> None:
    def figures(page: str, form: str) -> list[int]:
        found = re.search(form, (_ROOT / page).read_text(encoding="utf-8"))
        assert found is not None
        return [int(number.replace(",", "")) for number in found.groups()]

    said = figures("README.md", r"(\d+) profiles with over ([\d,]+) quirks from over ([\d,]+) sources")
    counted = figures("docs/quirks.md", r"(\d+) profiles, ([\d,]+) quirks, ([\d,]+) sources")
    assert (said[0], said[1] <= counted[1], said[2] <= counted[2]) == (counted[0], True, True)
