"""The wheel that is built from here, in an environment that has nothing else."""

import json
from pathlib import Path

import pytest

from mockprovider import __version__
from mockprovider.profiles.loading import shipped
from tests.clients.programs import ROOT, run
from tests.environments import clean, make, pip, python_of

SERVED = """
import json, urllib.request
from mockprovider import MockProvider
from mockprovider.profiles.loading import shipped

told = {}
for name in shipped():
    with MockProvider(name, any_model=True) as mock:
        headers = {"authorization": f"Bearer {mock.api_key}", "content-type": "application/json"}
        body = json.dumps({"model": "any", "messages": [{"role": "user", "content": "Hello"}]}).encode()
        asked = urllib.request.Request(mock.base_url + "/chat/completions", body, headers)
        told[name] = len(json.load(urllib.request.urlopen(asked, timeout=60))["choices"])
print(json.dumps(told))
"""
"""Asks each profile that is there for a completion."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and what the wheel says that it needs."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    make(folder / "env")
    pip("install", wheel, home=folder / "env")
    return folder / "env"


def test_every_profile_is_in_the_wheel_and_is_served_from_it(home: Path) -> None:
    done = run([python_of(home), "-c", SERVED], home, clean())
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == dict.fromkeys(shipped(), 1)


def test_the_command_of_the_wheel_starts(home: Path) -> None:
    done = run([str(Path(python_of(home)).with_name("mockprovider")), "--version"], home, clean())
    assert done.stdout.split()[-1:] == [__version__], done.stderr
