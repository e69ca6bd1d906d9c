"""What the package offers to Python: its names, their cost, and that they say the same as the command line."""

import inspect
import subprocess
import sys

import pytest

import mockprovider
from mockprovider.cli.serve import serve
from mockprovider.serving.words import pace_of

NAMES = {"api_key": "api_keys"}
"""Options that are called otherwise in Python."""
CHECKS = {"verify", "max_age", "allow"}
"""Options that say what is checked at the end; `verify` is a method there."""


def test_these_names_are_offered() -> None:
    assert mockprovider.__all__ == ["MockProvider", "__version__"]
    assert [name for name in mockprovider.__all__ if not hasattr(mockprovider, name)] == []


def test_no_other_name_is() -> None:
    with pytest.raises(AttributeError, match="'MockProvder'"):
        _ = mockprovider.MockProvder


@pytest.mark.parametrize("code", ["import mockprovider", "from mockprovider import MockProvider"])
def test_to_import_it_loads_no_other_package(code: str) -> None:
    code = f"import sys; before = set(sys.modules); {code}; print(*set(sys.modules) - before)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    tops = {name.partition(".")[0] for name in said.stdout.split()}
    assert tops - sys.stdlib_module_names == {"mockprovider"}


def test_the_package_itself_is_one_module() -> None:
    code = "import sys, mockprovider; print(*(name for name in sys.modules if name.startswith('mockprovider')))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["mockprovider"]


def test_a_mock_provider_takes_what_serve_takes_with_the_same_defaults() -> None:
    """But for the port: a free one serves a test best."""
    given = serve.make_context("serve", []).params.items()
    usual = {NAMES.get(name, name): value for name, value in given if name not in CHECKS}
    taken = {name: each.default for name, each in inspect.signature(mockprovider.MockProvider).parameters.items()}
    assert {**taken, "pace": pace_of(taken["pace"])} == {**usual, "port": 0}
