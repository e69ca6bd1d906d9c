from collections.abc import Callable
from typing import Any

import pytest
from mockprovider import MockProvider
from openai import BadRequestError
from openai.types.chat import ChatCompletionMessage
from weather import all_of_it, ask, the_usual_fields

QUESTION = "What is the weather in Paris?"


@pytest.mark.mockprovider(profile="deepseek-like")
def test_deepseek_refuses_an_agent_that_forgets_the_reasoning(mockprovider: MockProvider) -> None:
    with pytest.raises(BadRequestError, match="`reasoning_content` in the thinking mode must be passed back"):
        ask(QUESTION, "deepseek-v4-flash", keep=the_usual_fields)
    assert [entry["status"] for entry in mockprovider.journal()] == [200, 400]


@pytest.mark.mockprovider(profile="deepseek-like")
def test_deepseek_answers_an_agent_that_gives_the_message_back(mockprovider: MockProvider) -> None:
    assert "17 degrees" in ask(QUESTION, "deepseek-v4-flash", keep=all_of_it)
    assert [entry["status"] for entry in mockprovider.journal()] == [200, 200]


@pytest.mark.mockprovider(profile="openai")
@pytest.mark.parametrize("keep", [the_usual_fields, all_of_it])
def test_openai_answers_both(mockprovider: MockProvider, keep: Callable[[ChatCompletionMessage], Any]) -> None:
    mockprovider.when(tool_result=True).then(text="The tool says {{ tool_result }}.")
    assert ask(QUESTION, "gpt-4o-mini", keep=keep) == "The tool says 17 degrees."
