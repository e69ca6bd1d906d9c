"""The variables in which clients look for a base URL and an API key, and what leads each of them to a mock.

Which client reads which one, and where that is said, is in docs/run.md.
"""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mockprovider.errors import InputError
from mockprovider.serving.roots import roots, roots_of

if TYPE_CHECKING:
    from mockprovider.serving.app import Mock

_HOLE = re.compile(r"\{([\w.-]+)\}")

_EVERYWHERE = {"OPENAI_BASE_URL": "{base_url}", "OPENAI_API_BASE": "{base_url}", "OPENAI_API_KEY": "{api_key}"}
"""What clients of OpenAI's own API read, whichever provider they are led to."""


def _bases(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "{base_url}")


def _hosts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "{url}")


def _keys(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "{api_key}")


OF_PROFILES: Mapping[str, Mapping[str, str | None]] = {
    "azure-like": {
        "OPENAI_BASE_URL": "{url}/openai",  # AzureOpenAI in JavaScript reads it too, and adds /deployments/MODEL
        "OPENAI_API_BASE": None,  # LangChain's AzureOpenAIEmbeddings refuses one beside a deployment
        **_hosts("AZURE_OPENAI_ENDPOINT", "AZURE_API_BASE"),
        **_keys("AZURE_OPENAI_API_KEY", "AZURE_API_KEY"),
    },
    "bedrock-like": {
        **_bases("AWS_BEDROCK_BASE_URL", "BEDROCK_MANTLE_API_BASE"),
        **_keys("AWS_BEARER_TOKEN_BEDROCK", "BEDROCK_MANTLE_API_KEY"),
    },
    "cerebras-like": _hosts("CEREBRAS_BASE_URL") | _bases("CEREBRAS_API_BASE") | _keys("CEREBRAS_API_KEY"),
    "databricks-like": _bases("DATABRICKS_API_BASE") | _keys("DATABRICKS_API_KEY"),
    "deepseek-like": _bases("DEEPSEEK_API_BASE") | _keys("DEEPSEEK_API_KEY"),
    "doubao-like": _bases("VOLCENGINE_API_BASE") | _keys("VOLCENGINE_API_KEY", "ARK_API_KEY"),
    "fireworks-like": {
        "FIREWORKS_BASE_URL": "{url}/inference",
        **_bases("FIREWORKS_API_BASE"),
        **_keys("FIREWORKS_API_KEY"),
    },
    "glm-like": _bases("ZAI_API_BASE") | _keys("ZAI_API_KEY"),
    "groq-like": _hosts("GROQ_BASE_URL") | _bases("GROQ_API_BASE") | _keys("GROQ_API_KEY"),
    "kimi-like": {
        **_bases("MOONSHOT_API_BASE", "MOONSHOTAI_BASE_URL"),
        **_keys("MOONSHOT_API_KEY", "MOONSHOTAI_API_KEY"),
    },
    "litellm-like": _bases("LITELLM_PROXY_API_BASE") | _keys("LITELLM_PROXY_API_KEY"),
    "lmstudio-like": _bases("LM_STUDIO_API_BASE") | _keys("LM_STUDIO_API_KEY"),
    "minimax-like": _bases("MINIMAX_API_BASE") | _keys("MINIMAX_API_KEY"),
    "mistral-like": {
        **_bases("MISTRAL_API_BASE", "MISTRAL_AZURE_API_BASE", "MISTRAL_BASE_URL"),
        **_keys("MISTRAL_API_KEY"),
    },
    "nvidia-nim-like": {
        **_bases("NVIDIA_NIM_API_BASE", "NVIDIA_BASE_URL"),
        **_keys("NVIDIA_NIM_API_KEY", "NVIDIA_API_KEY"),
    },
    "ollama-like": {
        **_bases("OLLAMA_BASE_URL"),
        **_hosts("OLLAMA_HOST", "OLLAMA_API_BASE"),  # for its own API, which is refused here and would else be real
        **_keys("OLLAMA_API_KEY"),
    },
    "openrouter-like": _bases("OPENROUTER_API_BASE") | _keys("OPENROUTER_API_KEY"),
    "perplexity-like": _bases("PERPLEXITY_API_BASE") | _keys("PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"),
    "qwen-like": _bases("DASHSCOPE_API_BASE") | _keys("DASHSCOPE_API_KEY"),
    "together-like": _hosts("TOGETHER_BASE_URL") | _bases("TOGETHER_AI_API_BASE") | _keys("TOGETHER_API_KEY"),
    "vercel-gateway-like": _bases("VERCEL_AI_GATEWAY_API_BASE") | _keys("VERCEL_AI_GATEWAY_API_KEY"),
    "vllm-like": {
        **_bases("HOSTED_VLLM_API_BASE", "VLLM_BASE_URL"),
        **_keys("HOSTED_VLLM_API_KEY", "VLLM_API_KEY"),
    },
    "xai-like": _bases("XAI_API_BASE") | _keys("XAI_API_KEY"),
}
"""What clients of the provider read besides, by the profile's name, and None for what upsets one of them.

The host alone is for those that add the rest.
"""

_PROXIES = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def environment_of(url: str, mock: "Mock", key: str | None) -> dict[str, str]:
    """What leads the usual clients to a server at `url`; without a key, those that they have stay.

    Of several profiles the first is that of the clients of OpenAI's API, and each that of its own provider's clients.
    """
    served = mock.profiles()
    told = _filled(_EVERYWHERE, places(url, mock, key))
    for profile in reversed(served):
        mounted = url if len(served) == 1 else f"{url}/{profile.name}"
        known = _known(mounted, mounted + roots_of(profile)[0], key)
        told |= _filled({**_EVERYWHERE, **OF_PROFILES.get(profile.name, {})}, known)
    return {name: text for name, text in told.items() if text is not None} | _past_a_proxy(url)


def places(url: str, mock: "Mock", key: str | None) -> dict[str, str]:
    """What `{base_url}`, `{url}` and `{api_key}` stand for; the last only where there is a key to tell."""
    return _known(url, url + roots(mock)[0], key)


def filled(text: str, known: Mapping[str, str]) -> str:
    """A text with what its braces name. Raises InputError for a name that is not known."""

    def put(hole: re.Match[str]) -> str:
        if hole[1] not in known:
            names = ", ".join(f"{{{name}}}" for name in known)
            real = "; the upstream wants a real key: --api-key-env VAR" if hole[1] == "api_key" else ""
            raise InputError(f"{text}: {hole[0]} stands for nothing here; there are {names}{real}")
        return known[hole[1]]

    return _HOLE.sub(put, text)


def _filled(texts: Mapping[str, str | None], known: Mapping[str, str]) -> dict[str, str | None]:
    """The variables, without those of a key where there is none."""
    wanted = {name: text for name, text in texts.items() if text != "{api_key}" or "api_key" in known}
    return {name: text and filled(text, known) for name, text in wanted.items()}


def _known(url: str, base_url: str, key: str | None) -> dict[str, str]:
    return {"base_url": base_url, "url": url, **({} if key is None else {"api_key": key})}


def _past_a_proxy(url: str) -> dict[str, str]:
    """Where requests go through a proxy, which can't reach this machine's loopback: that those to the mock do not."""
    if not any(os.environ.get(name) for name in _PROXIES):
        return {}
    host = urlsplit(url).hostname or ""
    upper, lower = os.environ.get("NO_PROXY", ""), os.environ.get("no_proxy", "")
    around = {"NO_PROXY": upper or lower, "no_proxy": lower or upper}
    return {name: ",".join(filter(None, [hosts, host])) for name, hosts in around.items() if hosts != "*"}
