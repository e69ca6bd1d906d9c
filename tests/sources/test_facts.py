"""What is told of a request that no single field says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.profiles.loading import BASELINE, load
from mockprovider.profiles.schema import Model
from mockprovider.sources.facts import FACTS, Given
from tests.strategies import json_values, law
from tests.vectors.refusals import CALL, CALLING, FUNCTION, RESULT, TEXT, USER

PROFILE = load(BASELINE)
Body = dict[str, Any]
SECOND: Body = {**CALL, "id": "call_2"}
BOTH: Body = {"role": "assistant", "tool_calls": [CALL, SECOND]}
OTHER: Body = {**RESULT, "tool_call_id": "call_2"}
ANSWER: Body = {"role": "assistant", "content": "a"}
SYSTEM: Body = {"role": "system", "content": "s"}


def fact(name: str, body: Body, model: str | Model = "gpt-4o") -> Any:
    found = PROFILE.models.known[model] if isinstance(model, str) else model
    return FACTS[f"({name})"](Given(body, found, PROFILE))


def of_messages(name: str, *messages: Body) -> Any:
    return fact(name, {"messages": list(messages)})


@pytest.mark.parametrize(
    ("messages", "without_call", "of_another", "without_result"),
    [
        ([USER], None, None, None),
        ([USER, CALLING, RESULT], None, None, None),
        ([USER, CALLING, RESULT, ANSWER, USER], None, None, None),
        ([USER, BOTH, RESULT, OTHER], None, None, None),
        ([USER, BOTH, OTHER, RESULT], None, None, None),
        ([USER, CALLING, RESULT, CALLING, RESULT], None, None, None),
        ([RESULT], 0, None, None),
        ([USER, RESULT], 1, None, None),
        ([USER, ANSWER, RESULT], 2, None, None),
        ([USER, CALLING, RESULT, USER, RESULT], 4, None, None),
        ([USER, CALLING, RESULT, RESULT], None, None, None),
        ([USER, CALLING, RESULT, OTHER], None, 3, None),
        ([USER, CALLING], None, None, (2, "call_1")),
        ([USER, CALLING, USER], None, None, (2, "call_1")),
        ([USER, BOTH, RESULT], None, None, (3, "call_2")),
        ([USER, BOTH, RESULT, USER], None, None, (3, "call_2")),
        ([USER, BOTH, ANSWER], None, None, (2, "call_1, call_2")),
        ([USER, CALLING, SYSTEM, RESULT], 3, None, (2, "call_1")),
        ([USER, CALLING, OTHER], None, 2, (3, "call_1")),
    ],
)
def test_calls_and_results_follow_one_another(
    messages: list[Body], without_call: int | None, of_another: int | None, without_result: tuple[int, str] | None
) -> None:
    found = of_messages("result_without_call", *messages)
    assert found == (None if without_call is None else {"number": without_call})
    found = of_messages("result_of_another", *messages)
    assert found == (None if of_another is None else {"number": of_another, "id": "call_2"})
    found = of_messages("call_without_result", *messages)
    assert found == (None if without_result is None else {"number": without_result[0], "ids": without_result[1]})


@pytest.mark.parametrize("ident", [{}, {"tool_call_id": None}])
def test_a_result_says_which_call_it_is_of(ident: Body) -> None:
    assert of_messages("result_without_id", USER, CALLING, {"role": "tool", "content": "1", **ident}) == {"number": 2}
    assert of_messages("result_without_id", USER, CALLING, RESULT) is None


@pytest.mark.parametrize(
    ("message", "missing"),
    [
        ({"role": "user"}, True),
        ({"role": "tool", "content": None}, True),
        ({"role": "assistant", "tool_calls": None}, True),
        ({"role": "user", "refusal": "No."}, True),
        ({"role": "user", "content": ""}, False),
        ({"role": "user", "content": []}, False),
        ({"role": "assistant", "tool_calls": [CALL]}, False),
        ({"role": "assistant", "refusal": "No."}, False),
        ({"role": "assistant", "function_call": {}}, False),
        ({"role": "assistant", "audio": {"id": "a"}}, False),
    ],
)
def test_a_message_has_content_or_something_in_its_place(message: Body, missing: bool) -> None:
    assert of_messages("content_missing", USER, message) == ({"number": 1} if missing else None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"messages": [{"role": "system", "content": "As JSON, please"}]}, True),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "json"}]}]}, True),
        ({"input": "json"}, True),
        ({"input": [{"role": "user", "content": [{"type": "input_text", "text": "Json"}]}]}, True),
        ({"input": "a", "instructions": "json"}, True),
        ({"messages": [USER]}, False),
        ({"input": "a"}, False),
        ({}, False),
    ],
)
def test_the_word_json_is_found_wherever_it_is_said(body: Body, said: bool) -> None:
    assert (fact("json_in_prompt", body) is not None) == said


@pytest.mark.parametrize(
    ("choice", "unknown"),
    [
        ({"type": "function", "function": {"name": "f"}}, None),
        ({"type": "function", "function": {"name": "g"}}, "g"),
        ({"type": "function", "name": "f"}, None),
        ({"type": "function", "name": "g"}, "g"),
        ({"type": "custom", "custom": {"name": "g"}}, "g"),
        ({"name": "g"}, "g"),
        ({"type": "allowed_tools", "mode": "auto", "tools": []}, None),
        ({"type": "web_search"}, None),
        ("required", None),
        (None, None),
    ],
)
def test_a_choice_names_a_tool_that_is_there(choice: Any, unknown: str | None) -> None:
    found = fact("unknown_function", {"tools": [FUNCTION], "tool_choice": choice})
    assert found == (None if unknown is None else {"name": unknown})


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens", "max_output_tokens"])
def test_an_answer_may_be_as_long_as_the_model_allows(name: str) -> None:
    assert fact("answer_too_long", {name: 16384}) is None
    assert fact("answer_too_long", {name: 16385}) == {"param": name, "limit": 16384, "requested": 16385}
    assert fact("answer_too_long", {name: 10**6}, "gpt-5") is None


def test_a_prompt_may_fill_the_context() -> None:
    model = Model(context=20)
    bodies: list[Body] = [{"messages": [{"role": "user", "content": "a" * length}]} for length in (64, 65)]
    assert [fact("prompt_too_long", body, model) for body in bodies] == [None, {"limit": 20, "requested": 21}]
    assert fact("prompt_too_long", bodies[1], Model()) is None


@pytest.mark.parametrize("effort", ["low", None])
def test_functions_and_an_effort_do_not_go_together_with_some_models(effort: str | None) -> None:
    body = {"tools": [FUNCTION], "reasoning_effort": effort}
    assert fact("effort_with_functions", body, "gpt-5.6-sol") == {}
    assert fact("effort_with_functions", {**body, "reasoning_effort": "none"}, "gpt-5.6-sol") is None
    assert fact("effort_with_functions", body, "gpt-5.5") is None
    assert fact("effort_with_functions", {"tools": [{"type": "custom", "custom": {}}]}, "gpt-5.6-sol") is None


STRICT: Body = {"type": "object", "properties": {"a": TEXT}, "required": [], "additionalProperties": False}


@pytest.mark.parametrize("strict", [True, False, None])
def test_a_schema_is_held_against_openais_subset_only_where_it_is_strict(strict: bool | None) -> None:
    bodies: list[Body] = [
        {"response_format": {"type": "json_schema", "json_schema": {"name": "r", "strict": strict, "schema": STRICT}}},
        {"text": {"format": {"type": "json_schema", "name": "r", "strict": strict, "schema": STRICT}}},
    ]
    for body in bodies:
        found = fact("bad_output_schema", body)
        assert (found is not None, (found or {"name": "r"})["name"]) == (strict is True, "r")


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "function", "function": {"name": "g", "strict": True, "parameters": STRICT}},
        {"type": "function", "name": "g", "strict": True, "parameters": STRICT},
        {"type": "function", "function": {"name": "g", "parameters": {"type": "array"}}},
    ],
)
def test_the_function_with_a_bad_schema_is_named_with_its_number(tool: Body) -> None:
    found = fact("bad_function_schema", {"messages": [USER], "tools": [FUNCTION, tool]})
    assert (found["number"], found["name"]) == (1, "g")


def test_only_chat_completions_want_a_strict_function_closed_by_the_client() -> None:
    tool = {"type": "function", "name": "g", "strict": True, "parameters": {"type": "object", "properties": {}}}
    assert fact("bad_function_schema", {"messages": [USER], "tools": [tool]}) is not None
    assert fact("bad_function_schema", {"input": "a", "tools": [tool]}) is None
    assert fact("bad_function_schema", {"previous_response_id": "resp_1", "tools": [tool]}) is None


FIELDS = ["input", "tools", "functions", "tool_choice", "function_call", "text", "response_format", "max_tokens"]
FIELDS += ["reasoning_effort", "instructions", "max_output_tokens"]


@law(200)
@given(
    st.sampled_from(sorted(FACTS)),
    st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=3),
    st.lists(st.dictionaries(st.sampled_from(["content", "tool_calls", "name", "refusal"]), json_values, max_size=3)),
)
def test_whatever_a_request_holds_a_fact_is_found_or_not(name: str, body: Body, messages: list[Body]) -> None:
    said = [{"role": role, **message} for role, message in zip(["user", "assistant", "system"], messages, strict=False)]
    found = FACTS[name](Given({"messages": said, **body}, PROFILE.models.known["gpt-5"], PROFILE))
    assert found is None or isinstance(found, dict)
