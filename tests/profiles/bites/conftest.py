"""What all bites need: a provider's profile on a socket, and clients that speak to it as its users do."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Protocol
from uuid import uuid4

import httpx
import pytest
from openai import DefaultHttpxClient, OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from mockprovider import MockProvider
from tests.fakes import NO_TLS
from tests.profiles.known import load

FUNCTION: Any = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
LOOK: Any = {
    "type": "function",
    "function": {"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "string"}}}},
}
GET_WEATHER: Any = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}

Served = Callable[[str], MockProvider]


class Clients(Protocol):
    """An openai client of a profile: its base URL is the profile's first root, and it does not try again."""

    def __call__(self, profile: str, /, **options: Any) -> OpenAI: ...


class Raw(Protocol):
    """A request as it is, and the response as it came; `path` follows the server's own address.

    The key is one of the test's own unless another is given; none is sent where it is empty. Without a body it is a
    GET, and bytes are sent as they are.
    """

    def __call__(
        self, profile: str, path: str, body: Any = None, *, key: str | None = None, **options: Any
    ) -> httpx.Response: ...


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The server of a profile, one for the whole session; any model is known to it only if the profile says so."""
    running: dict[str, MockProvider] = {}
    with ExitStack() as stack:

        def serve(profile: str) -> MockProvider:
            if profile not in running:
                running[profile] = stack.enter_context(MockProvider(profile))
            return running[profile]

        yield serve


@pytest.fixture
def client(served: Served) -> Iterator[Clients]:
    with ExitStack() as stack:

        def made(profile: str, /, **options: Any) -> OpenAI:
            root = load(profile).paths.roots[0]
            given = {"base_url": served(profile).url + root, "api_key": f"sk-{uuid4().hex}", **options}
            http = DefaultHttpxClient(verify=NO_TLS)
            return stack.enter_context(OpenAI(max_retries=0, http_client=http, **given))

        yield made


@pytest.fixture
def raw(served: Served) -> Raw:
    def asked(profile: str, path: str, body: Any = None, *, key: str | None = None, **options: Any) -> httpx.Response:
        given = f"sk-{uuid4().hex}" if key is None else key
        headers = {"authorization": f"Bearer {given}"} if given else {}
        headers |= {"content-type": "application/json", **options.pop("headers", {})}
        method = options.pop("method", "GET" if body is None else "POST")
        content = {"content": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        with httpx.Client(verify=NO_TLS) as http:
            return http.request(method, served(profile).url + path, headers=headers, **content, **options)

    return asked


def ask(client: OpenAI, text: str = "Hi", **more: Any) -> ChatCompletion:
    """A chat completion; `model` is among `more`."""
    answer: ChatCompletion = client.chat.completions.create(messages=[{"role": "user", "content": text}], **more)
    return answer


def chunks(client: OpenAI, text: str = "Hi", **more: Any) -> list[ChatCompletionChunk]:
    """A chat completion's chunks."""
    messages: Any = [{"role": "user", "content": text}]
    return list(client.chat.completions.create(messages=messages, stream=True, **more))


def body_for(model: str, **more: Any) -> dict[str, Any]:
    """The body of a request that says hi."""
    return {"model": model, "messages": [{"role": "user", "content": "Hi"}], **more}
