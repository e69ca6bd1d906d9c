"""What can be told of a request that no single field says: the facts that a profile's rules ask for.

A fact is found or not; where it is, it brings the values that its error shows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockprovider.profiles.schema import Model, Profile
from mockprovider.sources.strict import function_problem, strict_problem
from mockprovider.synthesis.asked import mapping, text_of
from mockprovider.synthesis.tokens import fewest

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """A request and who it is for."""

    body: Mapping[str, Any]
    model: Model
    profile: Profile
    thinking: bool = False
    """Whether the answer would show reasoning."""

    @property
    def messages(self) -> list[Mapping[str, Any]]:
        """The messages, those of a chat request or those among a response's input."""
        found = self.body.get("messages", self.body.get("input"))
        if isinstance(found, str):
            return [{"role": "user", "content": found}]
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _thinking(given: Given) -> Values | None:
    return {} if given.thinking else None


def _tool_forced(given: Given) -> Values | None:
    choice = given.body.get("tool_choice")
    return {} if isinstance(choice, dict) or choice == "required" else None


def _json_in_prompt(given: Given) -> Values | None:
    said = [given.body.get("instructions"), *(text_of(message.get("content")) for message in given.messages)]
    return {} if any("json" in text.lower() for text in said if isinstance(text, str)) else None


def _reasoning_missing(given: Given) -> Values | None:
    """A message with tool calls that comes back without the reasoning that led to them."""
    for number, message in enumerate(given.messages):
        called = message["role"] == "assistant" and message.get("tool_calls")
        if called and message.get("reasoning_content") is None:
            return {"number": number}
    return None


def _roles_out_of_order(given: Given) -> Values | None:
    """A user's and an assistant's messages that do not take turns, beginning with the user's; tools speak as users."""
    expected = "user"
    for number, message in enumerate(given.messages):
        role = "user" if message.get("role") in ("tool", "function") else message.get("role")
        if role in ("system", "developer"):
            continue
        after_tool = number and given.messages[number - 1].get("role") == message.get("role") == "tool"
        if role != expected and not after_tool:
            return {"number": number, "got": message.get("role"), "expected": expected}
        expected = "assistant" if role == "user" else "user"
    return None


def _system_late(given: Given) -> Values | None:
    """A system message that comes after another kind of message."""
    late = False
    for number, message in enumerate(given.messages):
        if message.get("role") != "system":
            late = True
        elif late:
            return {"number": number}
    return None


def _several_systems(given: Given) -> Values | None:
    places = [number for number, message in enumerate(given.messages) if message.get("role") == "system"]
    return {"number": places[1]} if len(places) > 1 else None


def _stream(given: Given) -> Values | None:
    return {} if given.body.get("stream") is True else None


def _content_missing(given: Given) -> Values | None:
    instead = ("tool_calls", "function_call", "refusal", "audio")
    for number, message in enumerate(given.messages):
        replaced = message.get("role") == "assistant" and any(message.get(name) is not None for name in instead)
        if message.get("content") is None and not replaced:
            return {"number": number}
    return None


def _result_without_call(given: Given) -> Values | None:
    called = False
    for number, message in enumerate(given.messages):
        if message.get("role") == "tool":
            if not called:
                return {"number": number}
        else:
            called = message.get("role") == "assistant" and bool(list(_calls(message)))
    return None


def _result_without_id(given: Given) -> Values | None:
    for number, message in enumerate(given.messages):
        if message.get("role") == "tool" and not isinstance(message.get("tool_call_id"), str):
            return {"number": number}
    return None


def _call_without_result(given: Given) -> Values | None:
    waiting = dict[str, None]()
    for number, message in enumerate(given.messages):
        if message.get("role") == "tool":
            waiting.pop(str(message.get("tool_call_id")), None)
        elif waiting:
            return {"number": number, "ids": ", ".join(waiting)}
        else:
            waiting = dict.fromkeys(_calls(message))
    return {"number": len(given.messages), "ids": ", ".join(waiting)} if waiting else None


def _calls(message: Mapping[str, Any]) -> Iterator[str]:
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, dict) and isinstance(call.get("id"), str):
            yield call["id"]


def _unknown_function(given: Given) -> Values | None:
    """A tool choice that names a function that is not there."""
    choice = given.body.get("tool_choice") or given.body.get("function_call")
    if not isinstance(choice, dict) or choice.get("type") not in ("function", "custom", None):
        return None
    kind = choice.get("type") or "function"
    wanted = choice.get("name") or mapping(choice.get(kind)).get("name")
    names = [tool.get("name") for tool in _tools(given)]
    return {"name": wanted} if wanted not in names else None


def _answer_too_long(given: Given) -> Values | None:
    for name in ("max_completion_tokens", "max_tokens", "max_output_tokens"):
        wanted = given.body.get(name)
        if isinstance(wanted, int) and given.model.answer is not None and wanted > given.model.answer:
            return {"param": name, "limit": given.model.answer, "requested": wanted}
    return None


def _prompt_too_long(given: Given) -> Values | None:
    limit, tokens = given.model.context, given.profile.tokens
    if limit is None:
        return None
    said = sum(len(text_of(message.get("content"))) for message in given.messages)
    if said < limit:  # a token is a character at the least
        return None
    requested = sum(fewest(text_of(m.get("content")), tokens) + tokens.overhead_per_message for m in given.messages)
    return {"limit": limit, "requested": requested} if requested > limit else None


def _bad_output_schema(given: Given) -> Values | None:
    chat, response = mapping(given.body.get("response_format")), mapping(given.body.get("text"))
    form = mapping(chat.get("json_schema")) if chat else mapping(response.get("format"))
    if (chat or form).get("type") != "json_schema" or form.get("strict") is not True:
        return None
    problem = strict_problem(form.get("schema"))
    return {"name": form.get("name"), "problem": problem} if problem else None


def _bad_function_schema(given: Given) -> Values | None:
    for number, tool in enumerate(_tools(given)):
        schema, strict = tool.get("parameters"), tool.get("strict") is True
        if tool.get("type") not in ("function", None) or (schema is None and not strict):
            continue
        closes = "messages" not in given.body  # seen with OpenAI: the Responses API does, chat completions do not
        problem = strict_problem(schema or {"type": "object"}, closes=closes) if strict else function_problem(schema)
        if problem:
            return {"number": number, "name": tool.get("name"), "problem": problem}
    return None


def _effort_with_functions(given: Given) -> Values | None:
    effort = given.body.get("reasoning_effort", given.model.effort)
    refused = "tools" in given.model.refuses_while_reasoning and effort != "none"
    return {} if refused and any(tool.get("type") == "function" for tool in _tools(given)) else None


def _image(given: Given) -> Values | None:
    """A message with an image."""
    for number, message in enumerate(given.messages):
        content = message.get("content")
        if any(mapping(part).get("type") == "image_url" for part in (content if isinstance(content, list) else ())):
            return {"number": number}
    return None


def _searches(given: Given) -> Values | None:
    return {} if given.model.searches else None


def _result_of_another(given: Given) -> Values | None:
    """A tool message whose call is not among those of the assistant's message before it."""
    known = set[str]()
    for number, message in enumerate(given.messages):
        if message.get("role") == "assistant":
            known = set(_calls(message))
        elif message.get("role") == "tool" and known and message.get("tool_call_id") not in known:
            return {"number": number, "id": message.get("tool_call_id")}
    return None


def _tools(given: Given) -> Iterator[Mapping[str, Any]]:
    """What may be called, in either API's form: name, parameters, strict and type side by side."""
    for kind in ("tools", "functions"):
        tools = given.body.get(kind)
        for tool in tools if isinstance(tools, list) else ():
            if isinstance(tool, dict):
                yield {"type": tool.get("type"), **mapping(tool.get(str(tool.get("type"))))} | (
                    tool if "name" in tool else {}
                )


FACTS: Mapping[str, Callable[[Given], Values | None]] = {
    "(thinking)": _thinking,
    "(tool_forced)": _tool_forced,
    "(json_in_prompt)": _json_in_prompt,
    "(reasoning_missing)": _reasoning_missing,
    "(roles_out_of_order)": _roles_out_of_order,
    "(system_late)": _system_late,
    "(several_systems)": _several_systems,
    "(stream)": _stream,
    "(content_missing)": _content_missing,
    "(result_without_call)": _result_without_call,
    "(result_without_id)": _result_without_id,
    "(call_without_result)": _call_without_result,
    "(unknown_function)": _unknown_function,
    "(answer_too_long)": _answer_too_long,
    "(prompt_too_long)": _prompt_too_long,
    "(bad_output_schema)": _bad_output_schema,
    "(bad_function_schema)": _bad_function_schema,
    "(effort_with_functions)": _effort_with_functions,
    "(result_of_another)": _result_of_another,
    "(searches)": _searches,
    "(image)": _image,
}
"""By the name that a rule asks for them by. Values: what is told of a request where the fact is found."""
