"""What each family of models takes of what its endpoint knows."""

from typing import Any

import pytest

from mockprovider.profiles.loading import BASELINE, load
from mockprovider.sources.accepting import (
    check_effort,
    check_known,
    check_response,
    check_values,
    check_while_reasoning,
)
from mockprovider.sources.checks import Refused

PROFILE = load(BASELINE)
KNOWN = PROFILE.models.known
CHAT = PROFILE.chat.parameters
assert PROFILE.responses is not None
RESPONSES = PROFILE.responses.parameters

SHOWN: dict[str, dict[str, Any]] = {
    "max_tokens": {"max_tokens": 7},
    "stop": {"stop": "a"},
    "logit_bias": {"logit_bias": {"1": 1}},
    "prediction": {"prediction": {"type": "content", "content": "a"}},
    "temperature": {"temperature": 0.5},
    "top_p": {"top_p": 0.5},
    "frequency_penalty": {"frequency_penalty": 1},
    "presence_penalty": {"presence_penalty": 1},
    "logprobs": {"logprobs": True},
    "parallel_tool_calls": {"parallel_tool_calls": False},
    "reasoning_effort": {"reasoning_effort": "low"},
    "modalities": {"modalities": ["text"]},
    "verbosity": {"verbosity": "low"},
}
"""Parameters that only some families take."""

REFUSED: dict[str, set[str]] = {
    "gpt-4o": {"reasoning_effort"},
    "gpt-4.1-nano": {"reasoning_effort"},
    "gpt-3.5-turbo": {"reasoning_effort"},
    "gpt-5": SHOWN.keys() - {"parallel_tool_calls", "verbosity", "reasoning_effort"},
    "gpt-5-nano": SHOWN.keys() - {"parallel_tool_calls", "verbosity", "reasoning_effort"},
    "o4-mini": SHOWN.keys() - {"verbosity", "reasoning_effort"},
    "o3": SHOWN.keys() - {"parallel_tool_calls", "verbosity", "reasoning_effort"},
}
"""What each refuses of them, where the request says nothing else."""


def refusal(body: dict[str, Any], name: str) -> str | None:
    """The kind of refusal of a chat request's parameters; None where they are taken."""
    model = KNOWN[name]
    body = {"model": name, "messages": [], **body}
    effort = body.get("reasoning_effort")
    try:
        check_known(body, CHAT, model)
        check_values(
            {key: value for key, value in body.items() if key != "messages"}, CHAT, model, effort or model.effort
        )
        check_effort(body, "reasoning_effort", effort, model)
    except Refused as refused:
        return refused.kind
    return None


@pytest.mark.parametrize("name", REFUSED)
def test_each_family_refuses_what_it_does_not_take_and_nothing_else(name: str) -> None:
    assert {shown for shown, body in SHOWN.items() if refusal(body, name)} == REFUSED[name]


@pytest.mark.parametrize("shown", ["temperature", "top_p", "frequency_penalty", "presence_penalty", "logprobs"])
@pytest.mark.parametrize(
    ("name", "effort", "taken"),
    [
        ("gpt-5.1", None, True),
        ("gpt-5.1", "none", True),
        ("gpt-5.1", "low", False),
        ("gpt-5.4", None, True),
        ("gpt-5.5", None, False),
        ("gpt-5.5", "none", True),
    ],
)
def test_a_model_that_may_reason_or_not_takes_sampling_only_while_it_does_not(
    shown: str, name: str, effort: str | None, taken: bool
) -> None:
    body = {**SHOWN[shown], **({} if effort is None else {"reasoning_effort": effort})}
    assert (refusal(body, name) is None) == taken


@pytest.mark.parametrize("name", ["gpt-5", "gpt-5.1", "gpt-5.4", "o4-mini", "gpt-5.6-terra"])
def test_each_model_takes_the_efforts_that_it_has_and_no_other(name: str) -> None:
    efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
    assert [effort for effort in efforts if refusal({"reasoning_effort": effort}, name) is None] == [
        effort for effort in efforts if effort in KNOWN[name].efforts
    ]


@pytest.mark.parametrize(("value", "found"), [(1, None), (1.0, None), (None, None), (0, "unsupported_value")])
def test_a_parameter_with_one_value_takes_that_one(value: Any, found: str | None) -> None:
    assert refusal({"temperature": value}, "gpt-5") == found


@pytest.mark.parametrize("name", ["gpt-4o", "gpt-5"])
def test_null_is_taken_for_what_is_not_said(name: str) -> None:
    assert refusal(dict.fromkeys(SHOWN.keys() - {"modalities"}), name) is None


@pytest.mark.parametrize("wrong", [{"n": "2", "stop": "a"}, {"temperature": -0.5, "max_tokens": 0}])
def test_what_a_model_does_not_take_is_refused_before_values_are_looked_at(wrong: dict[str, Any]) -> None:
    assert str(refusal(wrong, "gpt-5")).startswith("unsupported_parameter")


def test_a_name_is_suggested_only_if_the_model_knows_it() -> None:
    with pytest.raises(Refused) as refused:
        check_known({"modalitie": 1}, CHAT, KNOWN["gpt-5"])
    assert refused.value.values["hint"] == ""


# Responses


def response_refusal(body: dict[str, Any], name: str) -> str | None:
    """The same of a response's."""
    body = {"model": name, "input": "Hello", **body}
    try:
        check_response(body, RESPONSES, KNOWN[name], closed=True)
        check_while_reasoning(body, KNOWN[name])
    except Refused as refused:
        return refused.kind
    return None


SAMPLING = ("temperature", "top_p", "presence_penalty", "frequency_penalty")


@pytest.mark.parametrize(
    ("name", "effort", "taken"),
    [
        ("gpt-4o", None, True),
        ("gpt-5", None, False),
        ("o4-mini", None, False),
        ("gpt-5.4", None, True),
        ("gpt-5.4", "low", False),
        ("gpt-5.5", "none", True),
    ],
)
def test_a_response_takes_sampling_only_of_a_model_that_does_not_reason(
    name: str, effort: str | None, taken: bool
) -> None:
    reasoning = {} if effort is None else {"reasoning": {"effort": effort}}
    odd: list[dict[str, Any]] = [{parameter: 0.5} for parameter in SAMPLING]
    odd += [{"top_logprobs": 1}, {"include": ["message.output_text.logprobs"]}]
    assert [response_refusal({**each, **reasoning}, name) is None for each in odd] == [taken] * len(odd)


def test_only_of_a_response_top_p_is_refused_even_where_it_is_1() -> None:
    assert response_refusal({"top_p": 1}, "gpt-5") == "unsupported_parameter"
    assert refusal({"top_p": 1}, "gpt-5") is None


def test_a_response_of_a_model_that_does_not_reason_takes_no_effort() -> None:
    assert response_refusal({"reasoning": {"effort": "low"}}, "gpt-4o") == "reasoning_unsupported"
    assert response_refusal({"reasoning": {"effort": None}}, "gpt-4o") is None


def test_an_endpoint_that_is_open_takes_any_name() -> None:
    check_response({"model": "gpt-4o", "bogus": 1}, RESPONSES, KNOWN["gpt-4o"], closed=False)
