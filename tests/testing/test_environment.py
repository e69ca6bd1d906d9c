"""What leads clients to a mock: the variables that each of them reads, and what they are set to."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import groq
import openai
import pytest
from langchain_deepseek import ChatDeepSeek
from langchain_openai import AzureOpenAIEmbeddings, ChatOpenAI

from mockprovider import MockProvider
from mockprovider.errors import InputError
from mockprovider.profiles.loading import shipped
from mockprovider.testing.environment import OF_PROFILES, filled
from mockprovider.testing.provider import client_environment

DOCS = Path(__file__).parents[2] / "docs" / "run.md"
OPENAI = {"OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_API_KEY"}
HELLO: Any = [{"role": "user", "content": "Hello"}]
KNOWN = {"base_url": "http://mock/v1", "url": "http://mock", "api_key": "sk-mock-key"}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def told(*profiles: str) -> dict[str, str]:
    """The environment of a mock of these, with HOST in place of its URL."""
    with MockProvider(profiles) as mock:
        return {name: text.replace(mock.url, "HOST") for name, text in mock.environment.items()}


def test_clients_of_openais_api_find_the_base_url_under_both_names() -> None:
    assert told("minimal") == {
        "OPENAI_BASE_URL": "HOST/v1",
        "OPENAI_API_BASE": "HOST/v1",
        "OPENAI_API_KEY": "sk-mock-key",
    }


@pytest.mark.parametrize(
    ("profile", "name", "text"),
    [
        ("groq-like", "GROQ_BASE_URL", "HOST"),
        ("groq-like", "GROQ_API_BASE", "HOST/openai/v1"),
        ("groq-like", "GROQ_API_KEY", "sk-mock-key"),
        ("fireworks-like", "FIREWORKS_BASE_URL", "HOST/inference"),
        ("ollama-like", "OLLAMA_HOST", "HOST"),
        ("perplexity-like", "OPENAI_BASE_URL", "HOST"),
        ("azure-like", "AZURE_OPENAI_ENDPOINT", "HOST"),
        ("azure-like", "OPENAI_BASE_URL", "HOST/openai"),
    ],
)
def test_each_variable_holds_as_much_of_the_url_as_its_client_wants(profile: str, name: str, text: str) -> None:
    assert told(profile)[name] == text


def test_of_several_profiles_each_is_that_of_its_own_providers_clients() -> None:
    found = told("deepseek-like", "groq-like")
    assert (found["DEEPSEEK_API_BASE"], found["GROQ_API_BASE"]) == ("HOST/deepseek-like/v1", "HOST/groq-like/openai/v1")


@pytest.mark.parametrize("profiles", [("groq-like", "azure-like"), ("groq-like", "deepseek-like")])
def test_of_several_profiles_the_first_is_that_of_openais_clients(profiles: tuple[str, ...]) -> None:
    found = told(*profiles)
    assert {found["OPENAI_BASE_URL"], found["OPENAI_API_BASE"]} == {"HOST/groq-like/openai/v1"}


def test_what_upsets_a_client_of_the_provider_is_left_out() -> None:
    assert "OPENAI_API_BASE" not in told("azure-like")


def test_only_shipped_profiles_have_clients_of_their_own() -> None:
    assert OF_PROFILES.keys() <= set(shipped())


@pytest.mark.parametrize("profile", OF_PROFILES)
def test_no_variable_is_left_with_braces(profile: str) -> None:
    assert [text for text in told(profile).values() if "{" in text] == []


def test_another_key_may_be_asked_for() -> None:
    with MockProvider("groq-like") as mock:
        found = client_environment(mock.url, mock.served, mock._options, "sk-another")
    assert {text for name, text in found.items() if name.endswith("_KEY")} == {"sk-another"}


def test_every_key_stays_where_the_upstream_wants_a_real_one(tmp_path: Path) -> None:
    recording: dict[str, Any] = {"cassette": tmp_path / "t", "upstream": "http://127.0.0.1:9", "mode": "new_episodes"}
    with MockProvider("groq-like", **recording) as mock:
        assert mock.environment.keys() == {"OPENAI_BASE_URL", "OPENAI_API_BASE", "GROQ_BASE_URL", "GROQ_API_BASE"}


# Proxies


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, None),
        ({"NO_PROXY": "intern"}, None),
        ({"HTTP_PROXY": "http://proxy"}, "127.0.0.1"),
        ({"all_proxy": "http://proxy", "no_proxy": "intern"}, "intern,127.0.0.1"),
        ({"HTTP_PROXY": "http://proxy", "NO_PROXY": "intern"}, "intern,127.0.0.1"),
        ({"HTTP_PROXY": "http://proxy", "NO_PROXY": "*"}, None),
    ],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_requests_to_the_mock_go_past_a_proxy(
    name: str, before: Mapping[str, str], after: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each, text in before.items():
        monkeypatch.setenv(each, text)
    assert told("openai").get(name) == after


# Braces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{base_url}/chat?key={api_key}", "http://mock/v1/chat?key=sk-mock-key"),
        ('{"url": "{url}", "more": {}}', '{"url": "http://mock", "more": {}}'),
        ("nothing", "nothing"),
    ],
)
def test_braces_stand_for_what_they_name(text: str, expected: str) -> None:
    assert filled(text, KNOWN) == expected


@pytest.mark.parametrize("text", ["{baseurl}", "{base-url}", "x{BASE_URL}"])
def test_braces_that_name_nothing_are_refused_with_those_that_do(text: str) -> None:
    with pytest.raises(InputError, match=re.escape("there are {base_url}, {url}, {api_key}")):
        filled(text, KNOWN)


def test_where_there_is_no_key_to_tell_the_cure_is_told() -> None:
    with pytest.raises(InputError, match="--api-key-env"):
        filled("{api_key}", {"base_url": "", "url": ""})


# The last judge: clients


CLIENTS: dict[str, tuple[str, Callable[[], object]]] = {
    "openai": ("openai", lambda: openai.OpenAI().chat.completions.create(model="gpt-4o", messages=HELLO)),
    "azure": (
        "azure-like",
        lambda: openai.AzureOpenAI(api_version="2024-10-21").chat.completions.create(model="gpt-4o", messages=HELLO),
    ),
    "groq": ("groq-like", lambda: groq.Groq().chat.completions.create(model="openai/gpt-oss-120b", messages=HELLO)),
    "langchain-openai": ("openai", lambda: ChatOpenAI(model="gpt-4o").invoke("Hello")),
    "langchain-azure": (
        "azure-like",
        lambda: AzureOpenAIEmbeddings(
            azure_deployment="text-embedding-3-small", api_version="2024-10-21", check_embedding_ctx_length=False
        ).embed_query("Hello"),
    ),
    "langchain-deepseek": ("deepseek-like", lambda: ChatDeepSeek(model="deepseek-chat").invoke("Hello")),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_that_is_told_nothing_finds_the_mock(client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    profile, ask = CLIENTS[client]
    with MockProvider(profile) as mock:
        for name, text in mock.environment.items():
            monkeypatch.setenv(name, text)
        ask()
        assert [entry["status"] for entry in mock.journal()] == [200]


# The page


def test_every_variable_is_on_the_page_and_no_other() -> None:
    ours = OPENAI | {name for names in OF_PROFILES.values() for name in names}
    rows = re.findall(r"(?m)^\| (`[A-Z].*?) \|", DOCS.read_text(encoding="utf-8"))
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == ours | {"NO_PROXY"}
