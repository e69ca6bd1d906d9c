"""The pytest plugin: a fixture, a marker and three options. What it needs is loaded when a test asks for the fixture.

One server a worker; each test has an API key of its own, and what is kept, counted and scripted is kept by key.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mockprovider.errors import InputError

if TYPE_CHECKING:
    from mockprovider.testing.hosting import Host, Tested

_MARKER = (
    "mockprovider(profile=None, cassette=None, rules=(), set=None, allow=(), env=True, **options): what the fixture"
    " `mockprovider` serves to this test. A cassette is a folder, or True for one of the test's own; other options are"
    " those of MockProvider."
)
_HOST = pytest.StashKey["Host"]()
_TESTED = pytest.StashKey["Tested"]()
_FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """What the command line and the configuration say."""
    group = parser.getgroup("mockprovider", "a mock provider for the clients of LLM APIs")
    group.addoption(
        "--mockprovider-profile",
        action="append",
        default=[],
        metavar="NAME",
        help="Serve this profile to every test that takes the fixture; given several times, or as NAME,NAME, each test"
        " runs once with each.",
    )
    group.addoption(
        "--mockprovider-record",
        nargs="?",
        const="new_episodes",
        choices=("none", "once", "new_episodes", "all"),
        metavar="MODE",
        help="Record cassettes from the upstream: none, once, new_episodes (where no MODE is given) or all.",
    )
    group.addoption(
        "--mockprovider-upstream",
        metavar="URL",
        help="The provider to record from; also mockprovider_upstream in the configuration.",
    )
    parser.addini("mockprovider_profile", "The profile of tests that name none.", default="openai")
    parser.addini("mockprovider_upstream", "The provider to record from.", default="")
    parser.addini("mockprovider_api_key_env", "The variable that has the provider's API key.", default="")
    parser.addini(
        "mockprovider_cassettes", "The folder of tests' own cassettes, beside each test file.", default="cassettes"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, if any test started it."""
    if (host := config.stash.get(_HOST, None)) is not None:
        host.close()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give the fixture to a test that has the marker: what it asks without it would go elsewhere."""
    names = getattr(item, "fixturenames", None)
    if names is not None and "mockprovider" not in names and item.get_closest_marker("mockprovider"):
        names.append("mockprovider")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that takes the fixture once with each profile that the command line names."""
    given: list[str] = metafunc.config.getoption("--mockprovider-profile")
    names = [name for each in given for name in each.split(",") if name]
    if names and "mockprovider_profile" in metafunc.fixturenames:
        metafunc.parametrize("mockprovider_profile", names, scope="session")


@pytest.fixture(scope="session")
def mockprovider_profile() -> str | None:
    """The profile that all tests are run with; None where each says its own."""
    return None


@pytest.fixture
def mockprovider(request: pytest.FixtureRequest, mockprovider_profile: str | None) -> Iterator["Tested"]:
    """A mock provider of the test's own: `base_url` and `api_key` for any client, `when(...).then(...)`, `journal()`.

    What it serves is said by the marker `mockprovider`. A miss, and a recording of the test's own that was not used,
    fail the test.
    """
    host = _host(request.config)
    tested, problem = None, ""
    try:
        tested = host.begin(request.node, mockprovider_profile)
    except InputError as found:
        problem = f"mockprovider: {found}"
    if tested is None:
        pytest.fail(problem, pytrace=False)
    request.node.stash[_TESTED] = tested
    try:
        with tested.environment_set():
            yield tested
    finally:
        findings = host.end(tested)
    if findings and not request.node.stash.get(_FAILED, False):
        pytest.fail("\n\n".join(findings), pytrace=False)


def _host(config: pytest.Config) -> "Host":
    """The server of this process, started when it is first asked for."""
    from mockprovider.testing.hosting import Host

    if _HOST not in config.stash:
        config.stash[_HOST] = Host(config)
    return config.stash[_HOST]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Show with a test that failed what it asked and what it was answered."""
    report = yield
    tested = item.stash.get(_TESTED, None)
    if tested is not None and report.failed and report.when == "call":
        item.stash[_FAILED] = True
        report.sections.append(("mockprovider", tested.told()))
    return report
