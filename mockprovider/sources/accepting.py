"""What a model takes of what its endpoint knows, and what it refuses."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mockprovider.profiles.parameters import Parameters
from mockprovider.profiles.schema import Model
from mockprovider.sources.checks import Refused, named
from mockprovider.sources.parameters import check, meant, unknown
from mockprovider.synthesis.asked import listed, mapping

_DOORS = ("model", "messages")
"""Parameters that are looked at before all others."""


def check_known(body: Mapping[str, Any], parameters: Parameters, model: Model) -> None:
    """Raise Refused for a parameter of a chat request that nobody knows, or the model does not."""
    if not body.keys() <= {*_DOORS, *parameters} or any(name in body for name in model.unknown):
        known = [name for name in (*_DOORS, *parameters) if name not in model.unknown or body.get(name, ...) is None]
        _refuse_unknown(body, known, model.unknown_as)


def _refuse_unknown(body: Mapping[str, Any], known: Sequence[str], kind: str) -> None:
    for name in unknown(body, known):
        raise Refused(kind, param=name, hint=meant(name, known, body), value=body[name])


def check_values(body: Mapping[str, Any], parameters: Parameters, model: Model, effort: str | None) -> None:
    """Raise Refused for a parameter that the model refuses, or a value that nobody takes or it does not."""
    for name in model.refuses:
        if body.get(name) is not None:
            raise Refused(_special("unsupported_parameter", name), param=name)
    check(body, parameters)
    if effort == "none" or not model.efforts:
        return
    for name, only in model.fixed.items():
        if (given := body.get(name)) is not None and given != only:
            shown = {"got": json.dumps(given), "default": f"{only:g}"}
            raise Refused(_special("unsupported_value", name), param=name, **shown)
    for name in model.refuses_while_reasoning:
        if name != "tools" and body.get(name):
            raise Refused("unsupported_parameter", param=name)


def check_effort(
    body: Mapping[str, Any], param: str, effort: Any, model: Model, efforts: Sequence[str] | None = None
) -> None:
    """Raise Refused for an effort that the model does not know."""
    efforts = efforts or model.efforts
    if effort is not None and efforts and effort not in efforts:
        shown = f"'{effort}'" if isinstance(effort, str) else str(effort)
        values = named(efforts, "and")
        raise Refused("unsupported_effort", param=param, got=shown, model=body["model"], values=values)


def check_response(body: Mapping[str, Any], parameters: Parameters, model: Model, *, closed: bool) -> None:
    """The same for a response, where all models know the same, and refuse in another way."""
    if closed:
        _refuse_unknown(body, list(parameters), "unknown_parameter")
    check(body, parameters)
    if not closed:
        return
    effort = mapping(body.get("reasoning")).get("effort")
    if model.efforts:
        check_effort(body, "reasoning.effort", effort, model, model.response_efforts)
    elif effort is not None:
        raise Refused("reasoning_unsupported", param="reasoning.effort")


def check_while_reasoning(body: Mapping[str, Any], model: Model) -> None:
    """Raise Refused for what a response is not asked for while the model reasons; it is looked at last."""
    if not model.efforts or (mapping(body.get("reasoning")).get("effort") or model.effort) == "none":
        return
    for name in ("temperature", "top_p", "presence_penalty", "frequency_penalty"):
        given = body.get(name)
        if given is not None and not (name == "temperature" and given == model.fixed.get(name)):
            raise Refused("unsupported_parameter", param=name)
    if body.get("top_logprobs"):
        raise Refused("logprobs_while_reasoning", param="top_logprobs")
    if "message.output_text.logprobs" in listed(body.get("include")):
        raise Refused("logprobs_while_reasoning", param="include")


_OWN = {
    ("unsupported_parameter", "max_tokens"): "unsupported_parameter_max_tokens",
    ("unsupported_value", "top_p"): "unsupported_value_top_p",
}


def _special(kind: str, name: str) -> str:
    """The error for a parameter that has one of its own."""
    return _OWN.get((kind, name), kind)
