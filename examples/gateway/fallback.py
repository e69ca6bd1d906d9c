"""A gateway: one `/v1/chat/completions` before several providers, of which the first that is not busy answers."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

BUSY = {408, 429, 500, 502, 503, 504, 529}


@dataclass(frozen=True)
class Provider:
    """Where it is, the key for it, and what it calls the model."""

    base_url: str
    api_key: str
    model: str


def gateway(providers: Sequence[Provider]) -> Starlette:
    """The application. The client's own key and model do not count."""
    client = httpx.AsyncClient(timeout=httpx.Timeout(10, read=120))

    async def chat(request: Request) -> Response:
        body = await request.json()
        answer = None
        for provider in providers:
            if answer is not None:
                await answer.aclose()
            sent = client.build_request(
                "POST",
                f"{provider.base_url}/chat/completions",
                json={**body, "model": provider.model},
                headers={"authorization": f"Bearer {provider.api_key}"},
            )
            try:
                answer = await client.send(sent, stream=True)
            except httpx.TransportError:
                answer = None
                continue
            if answer.status_code not in BUSY:
                break
        if answer is None:
            return JSONResponse({"error": {"message": "No provider can be reached.", "type": "gateway_error"}}, 502)
        # From here on nothing falls back: what a client has seen of an answer can't be taken back.
        headers = {name: answer.headers[name] for name in ("content-type", "retry-after") if name in answer.headers}
        return StreamingResponse(
            answer.aiter_bytes(), answer.status_code, headers, background=BackgroundTask(answer.aclose)
        )

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    return Starlette(routes=[Route("/v1/chat/completions", chat, methods=["POST"])], lifespan=lifespan)
