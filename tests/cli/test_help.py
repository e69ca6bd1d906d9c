"""`--help` of every command, and completion in a shell."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from mockprovider.cli import main
from mockprovider.profiles.loading import shipped

_EXAMPLE = re.compile(r"^ +(?:.* && |[A-Z_]+=\S+ )?(mockprovider .*?)(?: [|>&].*)?$", re.MULTILINE)
"""A line of an example; what a shell does before and after is not ours."""


def commands(command: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, of groups too."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))


def help_of(path: tuple[str, ...]) -> str:
    return CliRunner().invoke(main, [*path, "--help"], terminal_width=200).output


def examples(path: tuple[str, ...]) -> list[str]:
    """What is behind `Examples:`, lines that are continued joined."""
    said = help_of(path).partition("Examples:\n")[2]
    return _EXAMPLE.findall(re.sub(r"\\\n\s*", "", said))


every_command = pytest.mark.parametrize("path", list(commands()), ids=lambda path: " ".join(path) or "mockprovider")


def test_there_are_commands() -> None:
    assert {("serve",), ("cassette", "show"), ("profiles", "check")} <= set(commands())


@every_command
def test_help_has_two_examples_of_the_command(path: tuple[str, ...]) -> None:
    assert len([each for each in examples(path) if each.startswith(" ".join(["mockprovider", *path]))]) >= 2


@every_command
def test_the_examples_in_help_are_commands_with_options_that_there_are(path: tuple[str, ...]) -> None:
    for example in examples(path):
        command: click.Command = main
        _, *words = shlex.split(example)
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words.pop(0))
            assert found is not None, example
            command = found
        command.make_context("x", words)


SHELLS = [("bash", "complete -o"), ("zsh", "compdef"), ("fish", "complete --no-files")]


@pytest.mark.parametrize(("shell", "says"), SHELLS)
def test_each_shell_is_told_how_to_complete(shell: str, says: str) -> None:
    program = Path(sys.executable).with_name("mockprovider")
    environment = {**os.environ, "_MOCKPROVIDER_COMPLETE": f"{shell}_source"}
    said = subprocess.run([program], env=environment, capture_output=True, text=True, check=True).stdout
    assert says in said


def completed(*words: str, part: str = "") -> list[str]:
    """What a shell offers behind these words."""
    return [each.value for each in ShellComplete(main, {}, "mockprovider", "_X").get_completions(list(words), part)]


def test_commands_are_completed() -> None:
    assert completed(part="re") == ["record", "replay"]


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--profile"),
        ("run", "--profile"),
        ("profiles", "show"),
        ("profiles", "diff"),
        ("profiles", "diff", "openai"),
        ("profiles", "check"),
        ("profiles", "new", "mine", "--extends"),
    ],
    ids=" ".join,
)
def test_names_of_profiles_are_completed(words: tuple[str, ...]) -> None:
    assert completed(*words, part="deep") == [name for name in shipped() if name.startswith("deep")] != []


def test_a_file_is_completed_where_no_profile_begins_so() -> None:
    found = ShellComplete(main, {}, "mockprovider", "_X").get_completions(["serve", "--profile"], "./mi")
    assert [(each.value, each.type) for each in found] == [("./mi", "file")]
