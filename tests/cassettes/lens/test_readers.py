"""Each API says what it says in its own way, and nothing in an answer makes its reader stumble."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.lens.reading import Said, said
from tests.strategies import json_values, law
from tests.vectors.said import JSON, SAYINGS, SSE, Saying, events, exchange


def read(values: Any, *, streamed: bool = False, path: str = "/v1/x") -> Said:
    """What values say, as events of a stream or one as a body."""
    parts = events(*values) if streamed else [json.dumps(values[0]).encode()]
    return said(exchange(*parts, path=path, headers=SSE if streamed else JSON))


@pytest.mark.parametrize("saying", SAYINGS.values(), ids=SAYINGS)
def test_every_way_of_saying_is_read(saying: Saying) -> None:
    found = read(saying.values, streamed=saying.streamed)
    assert (found.api, found.choices) == (saying.api, {0: saying.choice})


def test_choices_are_kept_apart_and_in_order() -> None:
    pieces = [
        {"choices": [{"index": index, "delta": {"content": word}}]} for index, word in ((1, "b"), (0, "a"), (1, "c"))
    ]
    assert [(index, each.text) for index, each in read(pieces, streamed=True).choices.items()] == [(0, "a"), (1, "bc")]


@pytest.mark.parametrize(
    ("value", "dimensions"),
    [
        ({"object": "list", "data": [{"embedding": [0.1, 0.2]}, {"embedding": [0.1]}]}, (2, 1)),
        ({"data": [{"embedding": "AAAAAAAAAAA="}]}, (2,)),
        ({"data": [{"embedding": "not base64"}, {"embedding": None}]}, (None, None)),
    ],
)
def test_embeddings_are_counted_with_their_dimensions(value: Any, dimensions: tuple[int | None, ...]) -> None:
    found = read([value])
    assert (found.api, found.embeddings) == ("embeddings", dimensions)


@pytest.mark.parametrize(
    "value",
    [
        {"object": "list", "data": [{"id": "m-1", "object": "model"}, {"id": "m-2", "object": "model"}]},
        {"data": [{"id": "m-1", "owned_by": "x"}, {"id": "m-2"}]},
        {"models": [{"name": "m-1"}, {"name": "m-2"}]},
        [{"id": "m-1", "object": "model"}, {"id": "m-2", "object": "model"}],
        [{"name": "m-1"}, {"name": "m-2"}],
    ],
)
def test_model_lists_are_read_in_every_form(value: Any) -> None:
    found = read([value], path="/v1/models")
    assert (found.api, found.models) == ("models", ("m-1", "m-2"))


def test_one_model_is_a_list_of_one() -> None:
    assert read([{"id": "m-1", "object": "model"}], path="/v1/models/m-1").models == ("m-1",)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({"error": {"message": "boom"}}, {"message": "boom"}),
        ({"error": "boom"}, "boom"),
        ([{"error": {"code": 400}}], {"code": 400}),
        ({"type": "error", "error": {"type": "overloaded_error"}}, {"type": "overloaded_error"}),
        ({"type": "error", "code": "x", "message": "boom"}, {"type": "error", "code": "x", "message": "boom"}),
        ({"object": "error", "message": "boom"}, {"object": "error", "message": "boom"}),
        ({"success": False, "errors": [{"code": 7}]}, [{"code": 7}]),
        ({"detail": "boom"}, "boom"),
        ({"choices": [{"error": {"code": 502}}]}, {"code": 502}),
        ({"type": "response.failed", "response": {"error": {"code": "server_error"}}}, {"code": "server_error"}),
    ],
)
def test_errors_are_found_wherever_providers_put_them(value: Any, error: Any) -> None:
    assert read([value]).error == error
    if not isinstance(value, list):
        assert read([{"choices": []}, value], streamed=True).error == error


@pytest.mark.parametrize(
    ("values", "usage"),
    [
        ([{"choices": [], "usage": {"total_tokens": 3}}, {"choices": [], "usage": None}], {"total_tokens": 3}),
        ([{"choices": [], "x_groq": {"usage": {"total_tokens": 3}}}], {"total_tokens": 3}),
        ([{"type": "response.completed", "response": {"usage": {"input_tokens": 3}}}], {"input_tokens": 3}),
        (
            [
                {"type": "message_start", "message": {"usage": {"input_tokens": 3, "output_tokens": 1}}},
                {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 9}},
            ],
            {"input_tokens": 3, "output_tokens": 9},
        ),
        ([{"input_tokens": 3}], {"input_tokens": 3}),
    ],
)
def test_usage_is_found_wherever_it_rides(values: list[Any], usage: dict[str, int]) -> None:
    assert read(values, streamed=True).usage == usage


def _places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, child in children for place in _places(child, (*here, key)))]


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[list[Any], bool]:
    """The values of a saying, with any JSON in the place of anything in them."""
    saying = draw(st.sampled_from(list(SAYINGS.values())))
    values = copy.deepcopy(list(saying.values))
    *way, last = draw(st.sampled_from(_places(values)[1:]))
    inner: Any = values
    for step in way:
        inner = inner[step]
    inner[last] = draw(json_values)
    return values, saying.streamed


@law(200)
@given(disturbed())
def test_nothing_in_an_answer_makes_a_reader_stumble(case: tuple[list[Any], bool]) -> None:
    values, streamed = case
    found = read(values, streamed=streamed)
    assert found.streamed == streamed
