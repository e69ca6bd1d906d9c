"""The whole suite of a public client library that mocks its HTTP by hand, with our plugin in that place.

The library is llm-mistral, whose sdist has its tests; `their_suite/llm-mistral.patch` is all that changes in them. What
is left out is the one file that tests the mocking library. Ten tests read recordings that the sdist lacks, and fail
without the patch; with it a rule says the reasoning and the text, and the profile the rest.
"""

import json
import re
import sys
import tarfile
from pathlib import Path

import pytest
from filelock import FileLock

from tests.clients.programs import CACHE, ROOT, run
from tests.environments import clean, make, pip, python_of

KEPT = Path(__file__).parent / "their_suite"
FILES = ("tests/test_mistral.py", "tests/test_reasoning_audit.py")
TESTS = 101
"""How many the two files have."""


@pytest.fixture(scope="module")
def home() -> Path:
    """The folder with the library's sdist, and an environment with all that it needs but its mocks."""
    home = CACHE / "their-suite"
    made_of = [*sorted(KEPT.glob("*.txt")), ROOT / "pyproject.toml"]
    wanted = json.dumps([sys.version, *(path.read_text(encoding="utf-8") for path in made_of)])
    stamp = home / ".stamp"
    CACHE.mkdir(exist_ok=True)
    with FileLock(CACHE / "their-suite.lock"):
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
            make(home)
            pip("download", "--no-deps", "--no-binary", "llm-mistral", "--dest", home, "-r", KEPT / "sdist.txt")
            pip("install", "-r", KEPT / "needs.txt", "--editable", ROOT, home=home)
            pip("install", "--no-deps", *home.glob("*.tar.gz"), home=home)
            stamp.write_text(wanted, encoding="utf-8")
    return home


def test_a_suite_that_mocks_by_hand_passes_with_the_plugin_instead_in_any_order_and_side_by_side(
    home: Path, tmp_path: Path
) -> None:
    (sdist,) = home.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        packed.extractall(tmp_path, filter="data")
    (suite,) = tmp_path.iterdir()
    patched = run(["git", "apply", "--unidiff-zero", str(KEPT / "llm-mistral.patch")], suite, clean())
    assert (patched.returncode, patched.stderr) == (0, "")
    done = run([python_of(home), "-m", "pytest", "-q", "-n", "2", *FILES], suite, clean())
    assert re.findall(r"^(\d+) passed in", done.stdout, re.MULTILINE) == [str(TESTS)], done.stdout[-3000:]
