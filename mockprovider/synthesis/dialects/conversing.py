"""The items of the Responses API as the messages of chat completions, so that what is said knows one form only."""

from collections.abc import Iterable, Mapping
from typing import Any

from mockprovider.synthesis.asked import Tool, mapping

Item = Mapping[str, Any]


def items_of(given: Any) -> list[dict[str, Any]]:
    """The items of an input: a text is a message of the user."""
    if isinstance(given, str):
        return [{"type": "message", "role": "user", "content": given}] if given else []
    return [dict(item) for item in given if isinstance(item, dict)] if isinstance(given, list) else []


def messages_of(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Items as messages, each call with those that were made beside it. Other items say nothing."""
    messages = list[dict[str, Any]]()
    for item in items:
        match item.get("type", "message"):
            case "message":
                messages.append({"role": item.get("role"), "content": item.get("content")})
            case "function_call" | "custom_tool_call" as kind:
                call = _call(item, custom=kind == "custom_tool_call")
                if messages and messages[-1].get("tool_calls"):
                    messages[-1]["tool_calls"].append(call)
                else:
                    messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
            case "function_call_output" | "custom_tool_call_output":
                messages.append(
                    {"role": "tool", "tool_call_id": item.get("call_id"), "content": _output(item.get("output"))}
                )
    return messages


def tools_of(given: Any) -> tuple[Tool, ...]:
    """The functions and custom tools among a request's tools; nothing here calls the provider's own."""
    found = list[Tool]()
    for tool in given if isinstance(given, list) else ():
        name, description = mapping(tool).get("name"), str(mapping(tool).get("description") or "")
        match mapping(tool).get("type"):
            case "function" if isinstance(name, str):
                found.append(Tool(name, description, mapping(tool.get("parameters"))))
            case "custom" if isinstance(name, str):
                form = mapping(tool.get("format"))
                pattern = str(form.get("definition") or "") if form.get("syntax") == "regex" else ""
                found.append(Tool(name, description, custom=True, pattern=pattern))
    return tuple(found)


def chosen(tools: tuple[Tool, ...], choice: Any) -> tuple[tuple[Tool, ...], str]:
    """The tools that may be called now, and whether one must be."""
    if isinstance(choice, str):
        return tools, choice
    choice = mapping(choice)
    if choice.get("type") == "allowed_tools":
        listed = choice.get("tools")
        names = [mapping(each).get("name") for each in listed] if isinstance(listed, list) else []
        return tuple(tool for tool in tools if tool.name in names), str(choice.get("mode") or "auto")
    return tools, str(choice.get("name") or "auto")


def _call(item: Item, *, custom: bool) -> dict[str, Any]:
    if custom:
        made = {"name": item.get("name"), "input": item.get("input")}
        return {"id": item.get("call_id"), "type": "custom", "custom": made}
    made = {"name": item.get("name"), "arguments": item.get("arguments")}
    return {"id": item.get("call_id"), "type": "function", "function": made}


def _output(output: Any) -> Any:
    return output if isinstance(output, str | list) else ""
