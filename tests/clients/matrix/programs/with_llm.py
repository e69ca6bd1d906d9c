"""What `llm` makes of each profile, through its plugin for OpenAI and a file of models in its own folder."""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llm

from tests.clients.matrix.programs.asking import FORECAST, HELLO, TURNS, WEATHER, Forecast, Way, get_weather

FOLDER = tempfile.TemporaryDirectory()
"""Its own folder, gone when the program ends."""
os.environ["LLM_USER_PATH"] = FOLDER.name

MODELS: dict[str, Any] = {}


def prepare(ways: Sequence[Way]) -> None:
    """Write the file of models, and have `llm` read it."""
    entries = [
        {
            "model_id": f"{way.how} {way.profile} {name}",
            "model_name": name,
            "api_base": way.base_url,
            "api_key_name": "none",
            "supports_schema": True,
            "supports_tools": True,
        }
        for way in ways
        for name in (way.model, way.unknown_model)
    ]
    Path(FOLDER.name, "extra-openai-models.yaml").write_text(json.dumps(entries), encoding="utf-8")
    MODELS.update({model.model_id: model for model in llm.get_models()})


def model(way: Way) -> Any:
    return MODELS[f"{way.how} {way.profile} {way.model}"]


def prompt(way: Way, text: str, *, stream: bool = False, **more: Any) -> Any:
    return model(way).prompt(text, stream=stream, key=way.key, **more)


def chat(way: Way) -> Any:
    return {"text": prompt(way, HELLO).text()}


def stream(way: Way) -> Any:
    pieces = list(prompt(way, HELLO, stream=True))
    return {"text": "".join(pieces), "pieces": len(pieces)}


def loop(way: Way, *, stream: bool) -> Any:
    talk = model(way).conversation()
    chain = talk.chain(WEATHER, tools=[get_weather], chain_limit=TURNS, stream=stream, key=way.key)
    answers = list(chain.responses())
    called = [[call.name, call.arguments] for each in answers for call in each.tool_calls()]
    return {"called": called, "text": answers[-1].text()}


def tools(way: Way) -> Any:
    return loop(way, stream=False)


def tools_streamed(way: Way) -> Any:
    return loop(way, stream=True)


def structured(way: Way) -> Any:
    return {"object": json.loads(prompt(way, FORECAST, schema=Forecast).text())}
