"""The pytest plugin, as a suite meets it: suites are written, run, and their outcomes counted."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockprovider import MockProvider

pytest_plugins = ["pytester"]

SUITE = """
import os
import httpx
import pytest

HELLO = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}

def ask(mock, **more):
    headers = {"authorization": f"Bearer {mock.api_key}"}
    return httpx.post(mock.base_url + "/chat/completions", json={**HELLO, **more}, headers=headers)
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> "Suite":
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    return Suite(pytester)


class Suite:
    """A folder with tests, to be run."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.folder = pytester.path

    def run(self, tests: str, *options: str, name: str = "test_suite") -> pytest.RunResult:
        self._pytester.makepyfile(**{name: SUITE + tests})
        plugins = [each for off in ("randomly", "langsmith_plugin", "xdist", "asyncio") for each in ("-p", f"no:{off}")]
        return self._pytester.runpytest_inprocess(*plugins, *options)


def test_the_fixture_serves_the_baseline_where_nothing_else_is_said(suite: Suite) -> None:
    run = suite.run("""
def test_one(mockprovider):
    assert ask(mockprovider).json()["object"] == "chat.completion"
""")
    run.assert_outcomes(passed=1)


def test_the_usual_clients_find_the_way_by_themselves_and_only_while_the_test_lasts(suite: Suite) -> None:
    run = suite.run("""
def test_one(mockprovider):
    assert os.environ["OPENAI_BASE_URL"] == mockprovider.base_url
    assert os.environ["OPENAI_API_KEY"] == mockprovider.api_key

def test_another():
    assert "OPENAI_BASE_URL" not in os.environ

@pytest.mark.mockprovider(env=False)
def test_a_third(mockprovider):
    assert "OPENAI_BASE_URL" not in os.environ
""")
    run.assert_outcomes(passed=3)


def test_each_test_has_a_key_rules_and_a_journal_of_its_own(suite: Suite) -> None:
    run = suite.run("""
keys = set()

@pytest.mark.parametrize("number", range(3))
def test_one(mockprovider, number):
    assert mockprovider.journal() == []
    mockprovider.when(user="Hello", nth=1).then(text=f"number {number}")
    assert ask(mockprovider).json()["choices"][0]["message"]["content"] == f"number {number}"
    assert len(mockprovider.journal()) == 1
    assert mockprovider.api_key not in keys
    keys.add(mockprovider.api_key)

def test_another(mockprovider):
    assert "number" not in ask(mockprovider).json()["choices"][0]["message"]["content"]
""")
    run.assert_outcomes(passed=4)


def test_one_server_answers_for_all_tests(suite: Suite) -> None:
    run = suite.run("""
urls = set()

@pytest.mark.parametrize("profile", ["openai", "deepseek-like"])
def test_one(mockprovider, profile, request):
    urls.add(mockprovider.url)

def test_all():
    assert len(urls) == 1
""")
    run.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "says"),
    [
        ('profile="deepseek-like"', "Model Not Exist"),
        ('profile="openai", set={"errors.unknown_model.status": 418}', "418"),
        ('rules="rules.yaml"', "from a rule"),
    ],
)
def test_the_marker_says_what_is_served(suite: Suite, marker: str, says: str) -> None:
    (suite.folder / "rules.yaml").write_text("- then: {text: from a rule}\n")
    run = suite.run(f"""
@pytest.mark.mockprovider({marker})
def test_one(mockprovider):
    answer = ask(mockprovider, model="no-such-model") if "rules" not in {marker!r} else ask(mockprovider)
    assert {says!r} in f"{{answer.status_code}} {{answer.text}}"
""")
    run.assert_outcomes(passed=1)


def test_the_nearest_marker_counts_key_by_key(suite: Suite) -> None:
    run = suite.run("""
pytestmark = pytest.mark.mockprovider(profile="deepseek-like", any_model=True)

@pytest.mark.mockprovider(profile="openai")
def test_one(mockprovider):
    assert ask(mockprovider, model="whatever").json()["id"].startswith("chatcmpl-")
""")
    run.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "cure"),
    [
        ('profle="openai"', "*'profle'; did you mean 'profile'?*"),
        ('profile="opnai"', "*'opnai'; did you mean 'openai'?*"),
        ('"openai"', "*keywords only, not 'openai'*"),
        ('cassette="nowhere"', "*nowhere*"),
        ('allow="leftover"', "*'leftover'*did you mean 'leftovers'?*"),
        ('env="no"', "*True or False belongs here*"),
        ("cassette=True", "*nothing is recorded for this test; to record it: pytest --mockprovider-record*"),
    ],
)
def test_a_marker_that_makes_no_sense_is_an_error_that_names_the_cure(suite: Suite, marker: str, cure: str) -> None:
    run = suite.run(f"""
@pytest.mark.mockprovider({marker})
def test_one(mockprovider):
    pass
""")
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines([cure])
    assert "Traceback" not in run.stdout.str()


def test_a_suite_can_be_run_with_other_profiles(suite: Suite) -> None:
    run = suite.run(
        """
def test_one(mockprovider):
    assert ask(mockprovider, model="no-such-model").status_code in (400, 404)

def test_two():
    pass
""",
        "--mockprovider-profile=openai,deepseek-like",
        "-v",
    )
    run.assert_outcomes(passed=3)
    run.stdout.fnmatch_lines(["*test_one?openai? PASSED*", "*test_one?deepseek-like? PASSED*", "*test_two PASSED*"])


def test_the_exchanges_of_a_test_that_fails_are_shown(suite: Suite) -> None:
    run = suite.run("""
def test_one(mockprovider):
    ask(mockprovider)
    assert False
""")
    run.assert_outcomes(failed=1)
    run.stdout.fnmatch_lines(
        ["*- mockprovider -*", "POST /v1/chat/completions -> 200 by synthesize (openai chat), * ms"]
    )


RECORDED = """
@pytest.mark.mockprovider(cassette=True, upstream=os.environ["UPSTREAM"])
def test_one(mockprovider):
    ask(mockprovider)
"""


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockProvider]:
    with MockProvider("openai") as mock:
        monkeypatch.setenv("UPSTREAM", mock.url)
        monkeypatch.setenv("REAL_KEY", "sk-mock-real")
        yield mock


def cassettes(suite: Suite) -> list[str]:
    return sorted(path.relative_to(suite.folder).parent.as_posix() for path in suite.folder.rglob("0*.yaml"))


RECORD = ("--mockprovider-record", "-o", "mockprovider_api_key_env=REAL_KEY")


def test_a_cassette_of_the_tests_own_is_recorded_and_then_replayed_without_the_upstream(
    suite: Suite, upstream: MockProvider
) -> None:
    suite.run(RECORDED, *RECORD).assert_outcomes(passed=1)
    assert cassettes(suite) == ["cassettes/test_suite/test_one"]
    suite.run(RECORDED).assert_outcomes(passed=1)
    assert len(upstream.journal()) == 1


@pytest.mark.usefixtures("upstream")
def test_what_nothing_recorded_answers_fails_the_test_with_what_differs(suite: Suite) -> None:
    suite.run(RECORDED, *RECORD)
    run = suite.run(RECORDED.replace("ask(mockprovider)", "ask(mockprovider); ask(mockprovider, temperature=0.5)"))
    run.assert_outcomes(passed=1, errors=1)
    run.stdout.fnmatch_lines(["No recording answers POST /v1/chat/completions with this body.", "*temperature*"])


@pytest.mark.usefixtures("upstream")
def test_a_recording_of_its_own_that_a_test_does_not_use_fails_it(suite: Suite) -> None:
    suite.run(RECORDED, *RECORD)
    run = suite.run(RECORDED.replace("ask(mockprovider)", "pass"))
    run.assert_outcomes(passed=1, errors=1)
    run.stdout.fnmatch_lines(["recorded for this test, and not asked for:"])


@pytest.mark.parametrize(
    ("allow", "instead"), [("leftovers", "pass"), ("misses", "ask(mockprovider); ask(mockprovider, n=2)")]
)
@pytest.mark.usefixtures("upstream")
def test_what_the_marker_allows_does_not_fail(suite: Suite, allow: str, instead: str) -> None:
    suite.run(RECORDED, *RECORD)
    tests = RECORDED.replace("cassette=True", f'cassette=True, allow="{allow}"').replace(
        "ask(mockprovider)", instead, 1
    )
    suite.run(tests).assert_outcomes(passed=1)


@pytest.mark.usefixtures("upstream")
def test_a_cassette_that_tests_share_is_beside_their_file_and_may_have_leftovers(suite: Suite) -> None:
    suite.run(RECORDED, *RECORD)
    (suite.folder / "cassettes" / "test_suite" / "test_one").rename(suite.folder / "tapes")
    run = suite.run("""
@pytest.mark.mockprovider(cassette="tapes")
def test_one(mockprovider):
    assert ask(mockprovider).status_code == 200

@pytest.mark.mockprovider(cassette="tapes")
def test_two(mockprovider):
    pass
""")
    run.assert_outcomes(passed=2)


def test_recording_without_an_upstream_is_an_error_that_names_the_cure(suite: Suite) -> None:
    run = suite.run(
        """
@pytest.mark.mockprovider(cassette=True)
def test_one(mockprovider):
    pass
""",
        "--mockprovider-record",
    )
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines(["*--mockprovider-record new_episodes needs an upstream: --mockprovider-upstream URL*"])


def test_a_request_with_the_key_of_a_test_that_has_ended_is_refused(suite: Suite) -> None:
    run = suite.run("""
late = []

def test_one(mockprovider):
    late.append(mockprovider)

def test_two(mockprovider):
    headers = {"authorization": f"Bearer {late[0].api_key}"}
    answer = httpx.post(mockprovider.base_url + "/chat/completions", json=HELLO, headers=headers)
    assert answer.status_code == 410
    assert "test_one, which has ended" in answer.json()["error"]["message"]
""")
    run.assert_outcomes(passed=2)


def test_nothing_of_a_server_is_loaded_where_no_test_asks_for_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
import sys

def test_one():
    assert not {"mockprovider.serving.app", "mockprovider.testing.hosting", "uvicorn", "msgspec"} & sys.modules.keys()
""")
    run = pytester.runpytest_subprocess("-p", "no:langsmith_plugin", "-p", "no:randomly", "-p", "no:xdist")
    run.assert_outcomes(passed=1)


@pytest.mark.usefixtures("upstream")
def test_the_folder_of_a_tests_own_cassette_is_a_name_that_any_file_system_takes(suite: Suite) -> None:
    tests = RECORDED.replace("@pytest", '@pytest.mark.parametrize("what", ["a/b:c?"])\n@pytest').replace(
        "test_one(", "test_one(what, "
    )
    suite.run(tests, *RECORD).assert_outcomes(passed=1)
    (folder,) = cassettes(suite)
    assert re.fullmatch("test_one-a-b-c-[0-9a-f]{6}", Path(folder).name)


def test_what_a_test_verifies_is_of_its_own_requests_only(suite: Suite) -> None:
    (suite.folder / "rules.yaml").write_text("- when: {user: Hello}\n  then: {text: from a rule}\n")
    run = suite.run("""
@pytest.mark.mockprovider(rules="rules.yaml")
@pytest.mark.parametrize("number", range(2))
def test_one(mockprovider, number):
    assert len(mockprovider.verify().unused_rules) == 1
    ask(mockprovider)
    ask(mockprovider, messages=[{"role": "user", "content": "Bye"}])
    assert mockprovider.verify().unused_rules == ()
    assert mockprovider.verify().unscripted == ("POST /v1/chat/completions 'Bye'",)
""")
    run.assert_outcomes(passed=2)


def test_a_test_with_the_marker_has_the_mock_without_naming_the_fixture(suite: Suite) -> None:
    run = suite.run("""
@pytest.mark.mockprovider(profile="deepseek-like")
def test_one():
    headers = {"authorization": "Bearer " + os.environ["OPENAI_API_KEY"]}
    answer = httpx.post(os.environ["OPENAI_BASE_URL"] + "/chat/completions", json=HELLO, headers=headers)
    assert "Model Not Exist" in answer.text
""")
    run.assert_outcomes(passed=1)


@pytest.mark.usefixtures("upstream")
def test_recording_without_the_upstreams_key_is_an_error_that_names_the_cure(suite: Suite) -> None:
    run = suite.run(RECORDED, "--mockprovider-record")
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines(["*mockprovider_api_key_env = OPENAI_API_KEY in the configuration*"])
