"""What instructor makes of each profile: an object, by a tool, by a schema, and growing in a stream."""

from typing import Any

import instructor
import openai
from instructor import Mode

from tests.clients.matrix.programs.asking import FORECAST, NO_TLS, Forecast, Way, said

TRANSPORT = openai.DefaultHttpxClient(verify=NO_TLS)


def client(way: Way, mode: Mode) -> Any:
    opened = openai.OpenAI(base_url=way.base_url, api_key=way.key, max_retries=0, http_client=TRANSPORT)
    return instructor.from_openai(opened, mode=mode)


def create(way: Way, mode: Mode) -> Any:
    asked = {"model": way.model, "messages": said(FORECAST), "response_model": Forecast, "max_retries": 0}
    return {"object": client(way, mode).create(**asked).model_dump()}


def tools(way: Way) -> Any:
    return create(way, Mode.TOOLS)


def tools_streamed(way: Way) -> Any:
    asked = {"model": way.model, "messages": said(FORECAST), "response_model": Forecast}
    seen = list(client(way, Mode.TOOLS).create_partial(**asked))
    return {"object": seen[-1].model_dump()}


def structured(way: Way) -> Any:
    return create(way, Mode.JSON_SCHEMA)
