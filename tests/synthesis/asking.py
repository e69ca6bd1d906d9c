"""Requests for replies, each in a line, the turns of an agent's loop, and any request at all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from mockprovider.synthesis.asked import Asked, Tool
from mockprovider.synthesis.calling import Call
from tests.strategies import json_objects, json_schemas, texts

WEATHER = Tool(
    "get_weather",
    "The weather in a city",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
TIME = Tool("currentTime", "", {"type": "object", "properties": {}})
TOOLS = (WEATHER, TIME)


def asking(text: Any = "Hello", **others: Any) -> Asked:
    """A request in which the user says one thing."""
    return Asked(({"role": "user", "content": text},), **others)


def told(asked: Asked, calls: Sequence[Call], result: str = "21 degrees", role: str = "tool") -> Asked:
    """The same request after these calls were made and each has returned the same."""
    made = [{"function": {"name": call.name, "arguments": call.arguments}} for call in calls]
    results = ({"role": role, "content": result} for _ in calls)
    return replace(
        asked, messages=(*asked.messages, {"role": "assistant", "content": None, "tool_calls": made}, *results)
    )


tools = st.builds(Tool, st.sampled_from(["get_weather", "time", "f"]), texts, json_objects | json_schemas)
_messages = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["system", "user", "assistant", "tool"]),
        "content": texts | st.none() | st.lists(st.fixed_dictionaries({"text": texts}), max_size=2),
    }
)
asked_anything = st.builds(
    Asked,
    st.lists(_messages, min_size=1, max_size=3).map(tuple),
    st.lists(tools, max_size=2).map(tuple),
    st.sampled_from(["auto", "none", "required", "get_weather", "nobody"]),
    st.booleans(),
    st.sampled_from(["text", "json_object", "json_schema", "odd"]),
    st.none() | json_schemas,
    st.booleans(),
    st.sampled_from([0, 64, 128]),
    st.none() | st.integers(1, 60),
    st.lists(st.sampled_from(["said", "”", "\n", "You"]), max_size=2).map(tuple),
    choices=st.integers(1, 3),
)
"""Any request for replies."""
