"""Which client asks which profile for what: the cells of the table."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mockprovider.profiles.loading import load, shipped
from mockprovider.profiles.schema import Profile
from mockprovider.serving.roots import roots_of

HERE = Path(__file__).parent
KEY = "sk-mock-key"
WRONG_KEY = "sk-wrong-key"
ANOTHER_KEY = "sk-another-key"
"""One that no profile takes either, for those who ask recordings: what is missing there is refused."""

LIVE, RECORDED, REPLAYED = "live", "recorded", "replayed"
"""At the profile itself, through a recorder before it, and from what that has recorded."""
UNKNOWN_MODEL = "nobody/no-such-model"

TASKS = {
    "chat": "a text",
    "stream": "the same text in pieces",
    "tools": "a call, its result sent back, and a text with it",
    "tools_streamed": "the same as streams",
    "structured": "an object that fits a schema",
    "reasoning": "the reasoning beside the text",
    "reasoning_streamed": "the same as a stream",
    "bad_key": "an error with the provider's status and its words",
    "unknown_model": "the same for a model that there is not",
}
"""What is asked for, in the order of the table, and what it takes to be right."""
_THINKING = {"reasoning", "reasoning_streamed"}


@dataclass(frozen=True)
class Client:
    """A column of the table."""

    name: str
    title: str
    program: str
    """The program that asks with it; one may ask with several clients."""
    does: frozenset[str] = frozenset(TASKS)
    """What it can be asked for at all."""
    own: frozenset[str] = frozenset()
    """The profiles that it is made for; none: it takes any."""
    lacks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What it does not do for a profile, by its own choice and not for a quirk."""


def _likes(*names: str) -> frozenset[str]:
    return frozenset(f"{name}-like" for name in names)


_ALL = frozenset(TASKS)
_OBJECTS = frozenset({"structured"})
_KNOWN = ("cerebras", "deepseek", "fireworks", "glm", "groq", "kimi", "mistral", "openrouter", "qwen", "together")
_VERCEL = ("cerebras", "deepseek", "fireworks", "groq", "kimi", "mistral", "openrouter", "perplexity", "qwen")

CLIENTS = (
    Client("openai-python", "openai-python", "with_openai"),
    Client("openai-node", "openai-node", "with_openai.mjs"),
    Client("langchain-openai", "LangChain, `ChatOpenAI`", "with_langchain"),
    Client("langchain-deepseek", "LangChain, `ChatDeepSeek`", "with_langchain", own=_likes("deepseek")),
    Client("litellm", "LiteLLM, `openai/`", "with_litellm"),
    Client(
        "litellm-own",
        "LiteLLM, the provider's prefix",
        "with_litellm",
        own=_likes(*_KNOWN, "xai"),
        lacks={"glm-like": _OBJECTS},  # it refuses the parameter by itself
    ),
    Client("pydantic-ai", "pydantic-ai, `OpenAIProvider`", "with_pydantic_ai"),
    Client("pydantic-ai-own", "pydantic-ai, the provider's own", "with_pydantic_ai", own=_likes(*_KNOWN)),
    Client("instructor", "instructor", "with_instructor", _ALL - _THINKING - {"chat", "stream"}),
    Client("ai-sdk", "AI SDK, openai-compatible", "with_ai_sdk.mjs"),
    Client(
        "ai-sdk-own",
        "AI SDK, the provider's package",
        "with_ai_sdk.mjs",
        own=_likes(*_VERCEL, "together", "xai") | {"openai"},
        lacks={"together-like": _OBJECTS},  # it warns that it sends no schema
    ),
    Client("llm", "llm", "with_llm", _ALL - _THINKING),
    Client("curl", "curl", "with_curl.sh", _ALL - {"tools_streamed"}),
)

ODD = (
    "deepseek-like",
    "gemini-like",
    "groq-like",
    "hostile",
    "minimax-like",
    "mistral-like",
    "openrouter-like",
    "perplexity-like",
)
"""The profiles that are recorded and replayed too."""


@dataclass(frozen=True)
class Cell:
    """What one client makes of one profile when it is asked for one thing."""

    client: str
    profile: str
    task: str

    def __str__(self) -> str:
        return f"{self.client}-{self.profile}-{self.task}"


@dataclass(frozen=True)
class Way:
    """How clients come to a profile, and what they can ask it for."""

    root: str
    model: str
    thinking: str
    tasks: frozenset[str]
    endpoints: tuple[str, ...]
    """Where the profile answers what clients ask."""


@cache
def ways() -> Mapping[str, Way]:
    """By profile, in the order of their names."""
    said = yaml.safe_load((HERE / "ways.yaml").read_text(encoding="utf-8"))
    return {name: _way(load(name), **said[name]) for name in shipped()}


def _way(profile: Profile, model: str, thinking: str = "", root: str = "") -> Way:
    left_out = set() if thinking else set(_THINKING)
    if not profile.auth.required:
        left_out.add("bad_key")
    if profile.models.loaded or "*" in profile.models.patterns:
        left_out.add("unknown_model")
    endpoints = ("chat/completions", "responses") if profile.responses else ("chat/completions",)
    return Way(root or roots_of(profile)[0], model, thinking, frozenset(TASKS) - left_out, endpoints)


def tasks(client: Client, profile: str) -> list[str]:
    """What a client asks a profile for; nothing where it is made for others."""
    if client.own and profile not in client.own:
        return []
    can = client.does - client.lacks.get(profile, frozenset())
    return [task for task in TASKS if task in can & ways()[profile].tasks]


def cells(program: str | None = None) -> Iterator[Cell]:
    """All cells, or those of one program."""
    for client in CLIENTS:
        for profile in ways():
            if program in (None, client.program):
                yield from (Cell(client.name, profile, task) for task in tasks(client, profile))


def programs() -> list[str]:
    return list(dict.fromkeys(client.program for client in CLIENTS))


def told(program: str, how: str, url: str, key: str, only: Collection[str] = ()) -> list[dict[str, Any]]:
    """What a program is told: its ways, below a server at which each profile stands at its name.

    `how` says what the server is, and `only` which profiles it has. A recording stands for a request with any key, so
    nobody is refused for one there.
    """
    found = []
    for client in CLIENTS:
        for profile, way in ways().items():
            asked = [task for task in tasks(client, profile) if how == LIVE or task != "bad_key"]
            if client.program == program and asked and profile in (only or ways()):
                found.append(
                    {
                        "how": how,
                        "client": client.name,
                        "profile": profile,
                        "base_url": f"{url}/{profile}{way.root}",
                        "key": key,
                        "wrong_key": WRONG_KEY,
                        "model": way.model,
                        "thinking": way.thinking,
                        "unknown_model": UNKNOWN_MODEL,
                        "tasks": asked,
                    }
                )
    return found
