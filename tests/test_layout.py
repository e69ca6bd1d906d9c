"""The house: which way imports point, where each package lives, and which test stands for which module."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import mockprovider
from mockprovider.profiles.loading import shipped

PACKAGE = Path(mockprovider.__file__).parent
TESTS = Path(__file__).parent

LEVELS = (
    {"tape", "sse", "clock", "errors", "yamlfile"},
    {"cassettes", "profiles", "synthesis", "faults", "rules"},
    {"sources"},
    {"serving", "truth"},
    {"testing", "inspector", "cli", "__main__"},
)
"""What stands on what: a part may import what stands on a lower level, and itself."""

NEIGHBOURS = {("synthesis", "profiles"), ("rules", "synthesis")}
"""Who may know whom on the same level, above the lowest and below the highest."""

HOMES = {
    "aiohttp": {"sources.record", "sources.upstream"},
    "yarl": {"sources.upstream"},
    "uvicorn": {"serving.server", "serving.wire"},
    "httptools": {"serving.wire"},
    "uvloop": {"serving.server"},
    "starlette": {"serving.app", "serving.control", "inspector"},
    "sse_starlette": {"inspector"},
    "yaml": {"yamlfile"},
    "msgspec": {"yamlfile", "cassettes.config", "cassettes.format", "profiles", "rules"},
    "brotli": {"cassettes.coding"},
    "zstandard": {"cassettes.coding"},
    "click": {"cli"},
    "detect_secrets": {"cassettes.secrets.lint"},
    "jinja2": {"rules.templates"},
    "jsonpath_rfc9535": {"rules.paths"},
    "pytest": {"testing"},
}
"""Where each third-party package may be imported: a module, or a folder and all that is in it."""

OTHER_NAMES = {"yaml": "pyyaml"}
"""What a package is called where it is declared, if not as it is imported."""

WHOLE_HOUSE = {
    "test_agents.py",
    "test_bugs.py",
    "test_docs.py",
    "test_endings_in_clients.py",
    "test_examples.py",
    "test_faithful.py",
    "test_killed.py",
    "test_large.py",
    "test_layout.py",
    "test_many.py",
    "test_public_api.py",
    "test_sdk.py",
    "test_site.py",
    "test_their_suite.py",
    "test_wheel.py",
    "cli/test_help.py",
    "clients/matrix/test_cells.py",
    "clients/matrix/test_findings.py",
    "clients/matrix/test_judging.py",
    "clients/matrix/test_replay.py",
    "clients/test_ai_sdk.py",
    "clients/test_ai_sdk_providers.py",
    "clients/test_instructor.py",
    "clients/test_langchain.py",
    "clients/test_langchain_providers.py",
    "clients/test_litellm.py",
    "clients/test_litellm_providers.py",
    "clients/test_loopback.py",
    "clients/test_openai_chat.py",
    "clients/test_openai_node.py",
    "clients/test_openai_parsing.py",
    "clients/test_openai_refusals.py",
    "clients/test_openai_responses.py",
    "clients/test_pydantic_ai.py",
    "clients/test_pydantic_ai_providers.py",
    "profiles/test_shipped.py",
    "profiles/test_spoken.py",
    "sources/test_doors.py",
    "sources/test_rubbish.py",
}
"""Tests of the house as a whole, which mirror no module."""


def module_of(path: Path) -> str:
    """A file's dotted name inside the package: `serving.app`, and `serving` for its `__init__.py`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py")) if "data" not in path.parts}


def imported(module: str) -> Iterator[str]:
    """All that a module imports, wherever in it, by its full dotted name."""
    path = MODULES[module]
    around = (
        ["mockprovider", *module.split(".")] if path.stem == "__init__" else ["mockprovider", *module.split(".")[:-1]]
    )
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = around[: len(around) + 1 - node.level] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def own(module: str) -> set[str]:
    """The modules of this package that a module imports."""
    found = set()
    for name in imported(module):
        if name.startswith("mockprovider."):
            inner = name.removeprefix("mockprovider.")
            found.add(inner if inner in MODULES else inner.rpartition(".")[0])
    return found - {""}


def foreign(module: str) -> set[str]:
    """The packages that a module imports, neither ours nor of the standard library."""
    tops = {name.partition(".")[0] for name in imported(module)}
    return tops - {"mockprovider"} - sys.stdlib_module_names


def part_of(module: str) -> str:
    return module.partition(".")[0]


def level_of(module: str) -> int:
    return next(number for number, parts in enumerate(LEVELS) if part_of(module) in parts)


every_module = pytest.mark.parametrize("module", [module for module in MODULES if module])


def test_there_is_a_house() -> None:
    assert {"tape", "cassettes.store", "serving.player", "synthesis.dialects.chat", "cli.serve"} <= set(MODULES)
    assert "errors" in own("tape")
    assert foreign("yamlfile") >= {"yaml"}


@every_module
def test_every_module_has_a_level(module: str) -> None:
    assert part_of(module) in set().union(*LEVELS)


@every_module
def test_imports_point_to_lower_levels(module: str) -> None:
    assert {other for other in own(module) if level_of(other) > level_of(module)} == set()


@every_module
def test_neighbours_do_not_know_one_another(module: str) -> None:
    known = {
        other
        for other in own(module)
        if level_of(other) == level_of(module) and part_of(other) != part_of(module) and 0 < level_of(module) < 4
    }
    assert {other for other in known if (part_of(module), part_of(other)) not in NEIGHBOURS} == set()


@pytest.mark.parametrize("module", ["tape", "sse", "clock", "errors"])
def test_the_noun_its_lens_time_and_errors_need_the_standard_library_only(module: str) -> None:
    assert foreign(module) == set()


@every_module
def test_a_package_is_imported_only_where_it_lives(module: str) -> None:
    homes = {package: HOMES.get(package, set()) for package in foreign(module)}
    assert [package for package, home in homes.items() if not {module, part_of(module)} & home] == []


def test_every_package_that_is_imported_is_a_declared_dependency() -> None:
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w-]", line)[0].lower().replace("-", "_") for line in project["dependencies"]}
    needed = {package for module in MODULES if module and part_of(module) != "testing" for package in foreign(module)}
    assert {OTHER_NAMES.get(package, package) for package in needed} - declared == set()


def test_in_serving_only_the_app_what_builds_it_and_what_chooses_a_profile_know_sources() -> None:
    assert {
        module for module in MODULES if part_of(module) == "serving" and "sources" in map(part_of, own(module))
    } == {"serving.app", "serving.build", "serving.choosing"}


@pytest.mark.parametrize(
    "module", [module for module in MODULES if part_of(module) in {"tape", "sse", "synthesis", "faults"}]
)
def test_the_core_has_no_clock_no_dice_and_no_door(module: str) -> None:
    doors = {"asyncio", "os", "pathlib", "random", "secrets", "socket", "subprocess", "threading", "time"}
    assert {name.partition(".")[0] for name in imported(module)} & doors == set()


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES.values()}), ids=lambda folder: folder.name)
def test_a_folder_opens_with_a_sentence_that_says_what_lives_there(folder: Path) -> None:
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", [path.relative_to(TESTS).as_posix() for path in sorted(TESTS.rglob("test_*.py"))])
def test_a_test_file_mirrors_a_module_or_a_profile_or_is_of_the_whole_house(path: str) -> None:
    folder, name = PACKAGE / Path(path).parent, Path(path).stem.removeprefix("test_")
    profiles = {f"profiles/bites/test_{profile.replace('-', '_')}.py" for profile in shipped()}
    mirrored = [
        *(profiles & {path}),
        *folder.rglob(f"{name}.py"),
        *(inner for inner in folder.rglob(name) if (inner / "__init__.py").is_file()),
    ]
    assert bool(mirrored) != (path in WHOLE_HOUSE)


@pytest.fixture(scope="module")
def loaded_by_cli() -> set[str]:
    """The modules that are there after `import mockprovider.cli`, in a process of its own."""
    code = "import sys, mockprovider.cli; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(said.stdout.split())


def test_the_door_is_really_opened(loaded_by_cli: set[str]) -> None:
    assert {"mockprovider.cli", "click"} <= loaded_by_cli


@pytest.mark.parametrize("package", ["aiohttp", "uvicorn", "starlette", "yaml", "msgspec"])
def test_the_door_opens_without_heavy_packages(package: str, loaded_by_cli: set[str]) -> None:
    assert package not in loaded_by_cli
