"""What the documents say is so: links lead somewhere, examples are taken, options exist."""

import re
import shlex
from pathlib import Path

import click
import pytest

from mockprovider.cassettes import format as form
from mockprovider.cli import main
from mockprovider.profiles.loading import load

_ROOT = Path(__file__).parent.parent
_PAGES = sorted([*_ROOT.glob("*.md"), *_ROOT.glob("docs/*.md"), _ROOT / "benchmarks/README.md"])


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (_ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


def _commands() -> list[str]:
    """Every command line after a `$` in a document, continuation lines joined."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in _PAGES).replace("\\\n", " ")
    return sorted(set(re.findall(r"(?m)^\$ (mockprovider .*?)(?:\s+#.*)?$", text)))


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: str(page.relative_to(_ROOT)))
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("line", _commands())
def test_every_command_in_the_documents_is_one_that_there_is(line: str) -> None:
    command: click.Command = main
    _, *words = shlex.split(line)
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None
        command = found
    command.make_context("x", words)


def test_the_profile_in_the_documents_is_one(tmp_path: Path) -> None:
    (example,) = _blocks("docs/serving.md", "yaml")
    path = tmp_path / "mine.yaml"
    path.write_text(example, encoding="utf-8")
    assert load(str(path)).chat.stream.usage_frame == "never"


def test_the_exchange_in_the_documents_is_one() -> None:
    (example,) = _blocks("docs/cassette-format.md", "yaml")
    exchange = form.load(example.encode(), "docs/cassette-format.md")
    assert exchange.tape.chunks[1].data == b"\xff\x00\xfe"


def test_the_readme_has_no_figure_left_to_be_filled_in() -> None:
    assert "@@" not in (_ROOT / "README.md").read_text(encoding="utf-8")
