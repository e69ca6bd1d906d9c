"""`/responses`: made, streamed, kept, built upon, read again, cancelled and forgotten.

In the background a response is queued when it is asked for, in progress when it is first read, and done the second
time: by count, not by the clock, so that a test never waits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockprovider.profiles.endpoints import Responses
from mockprovider.profiles.schema import Model, Profile
from mockprovider.sources.accepting import check_response, check_while_reasoning
from mockprovider.sources.checks import Refused, typed, wrong_type
from mockprovider.sources.endpoints.common import Answered, Call, Catalogue, Json
from mockprovider.sources.endpoints.paging import page
from mockprovider.sources.facts import Given
from mockprovider.sources.kept import Kept, KeptResponse
from mockprovider.sources.parameters import check
from mockprovider.sources.rulebook import RuleBook
from mockprovider.sources.tapes import TapeMaker
from mockprovider.synthesis.asked import mapping
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.counting import prompt_tokens
from mockprovider.synthesis.dialects.chat_request import thinks
from mockprovider.synthesis.dialects.conversing import items_of
from mockprovider.synthesis.dialects.responses import Made, ResponseRequest, ResponseWriter, read
from mockprovider.synthesis.frames import filled
from mockprovider.synthesis.reply import Reply, fitted, reply

_MOVED = {
    "messages": "input",
    "response_format": "text.format",
    "reasoning_effort": "reasoning.effort",
}
"""Parameters of chat completions that have another place here."""
_BEFORE = ("previous_response_id", "prompt", "conversation")
"""Parameters of which one may stand in place of an input."""
_CALLS = ("function_call", "custom_tool_call")
_OUTPUTS = ("function_call_output", "custom_tool_call_output")
_ASKING = ("user", "system", "developer")
_READS = 2
"""How often a response in the background is read before it is done."""


class ResponsesEndpoint:
    """The Responses API."""

    def __init__(self, profile: Profile, forms: Responses, catalogue: Catalogue, tapes: TapeMaker) -> None:
        self._profile, self._forms, self._catalogue, self._tapes = profile, forms, catalogue, tapes
        self._writer = ResponseWriter(profile, forms)
        self._rules = RuleBook(profile, "responses")

    def answer(self, call: Call) -> Answered:
        match call.method, call.rest:
            case "POST", ():
                return self._create(call)
            case "POST", ("input_tokens",):
                return self._count(call)
            case "GET", (ident,):
                return self._read(call, ident)
            case "DELETE", (ident,):
                return self._delete(call, ident)
            case "POST", (ident, "cancel"):
                return self._cancel(call, ident)
            case "GET", (ident, "input_items"):
                return self._input_items(call, ident)
        raise Refused("unknown_path")

    def _create(self, call: Call) -> Answered:
        body = call.json()
        body, name, model = self._checked(body)
        items, own = self._items(body, call)
        if not own and not any(body.get(key) is not None for key in _BEFORE):
            raise Refused("nothing_to_answer")
        if self._forms.closed:
            check_while_reasoning(body, model)
        request = read(body, items, name, model, thinking=thinks(body, model, self._profile.chat))
        asked = request.asked
        said = fitted(call.scripted, asked) if call.scripted else reply(asked, self._profile.name)
        stores = body.get("store") is not False and self._forms.stored
        made = self._writer.made(request, said, model, call.kept.again(call.chance) if stores else call.chance)
        effect = _keeping(made, items, own, request) if stores else None
        remembered = not stores and body.get("previous_response_id") is None
        if request.stream:
            tape = self._tapes.streamed(self._forms.stream, made.events, call.chance)
            return Answered(tape, "response, streamed", effect, remembered)
        shown = made.begun if request.background else made.whole
        return Answered(self._tape(shown, call.chance), "response", effect, remembered)

    def _checked(self, body: Json) -> tuple[Json, str, Model]:
        """A well-formed request as the provider takes it, and its model. Raises Refused in the order of its checks."""
        if "model" not in body and body.get("prompt") is None:
            raise Refused("missing_model")
        for key in ("model", "input"):
            if key in body and body[key] is None:
                raise wrong_type(key, {}, "a string")  # which calls null an object
        # a prompt that is kept at the provider brings a model of its own
        name: str = typed(body, "model", str) if "model" in body else self._catalogue.serving("chat")[0][0]
        model = self._catalogue.model(name)
        if "input" not in body and not any(body.get(key) is not None for key in _BEFORE):
            raise Refused("missing_parameter", param="input", field="input")
        for moved, to in _MOVED.items():
            if moved in body:
                raise Refused("moved_parameter", param=moved, to=to)
        body = {"model": name, **body}
        check_response(body, self._forms.parameters, model, closed=self._forms.closed)
        return self._rules.taken(Given(body, model, self._profile)).body, name, model

    def _items(self, body: Json, call: Call) -> tuple[list[Json], list[Json]]:
        """The conversation so far with the input at its end, and the input alone."""
        if body.get("conversation") is not None:
            given = body["conversation"]
            raise Refused("unknown_conversation", id=given if isinstance(given, str) else mapping(given).get("id"))
        before = list[Json]()
        previous = body.get("previous_response_id")
        if previous is not None:
            kept = call.kept.responses.get(previous)
            if kept is None:
                raise Refused("unknown_previous_response", id=previous)
            before = kept.items
        own = [self._resolved(item, call) for item in items_of(body.get("input"))]
        items = [*before, *own]
        _check_calls(items)
        return items, own

    def _resolved(self, item: Json, call: Call) -> Json:
        """An item, or the one that it refers to."""
        if item.get("type") != "item_reference":
            return item
        for _, kept in call.kept.responses:
            found = next((each for each in kept.items if each.get("id") == item.get("id")), None)
            if found is not None:
                return found
        raise Refused("unknown_item", id=item.get("id"))

    def _count(self, call: Call) -> Answered:
        body = call.json()
        check(body, self._forms.parameters)
        name = body.get("model")
        model = self._catalogue.model(name) if isinstance(name, str) else Model()
        items, _ = self._items(body, call)
        tokens = prompt_tokens(read(body, items, "", model).asked, self._profile.tokens)
        shown = filled(self._forms.counted, {"prompt_tokens": tokens}, call.chance)
        return Answered(self._tape(shown, call.chance), "response input tokens", remembered=False)

    def _read(self, call: Call, ident: str) -> Answered:
        kept = self._found(call, ident)
        query = call.parameters()
        if query.get("stream") == "true":
            if not kept.events:
                raise Refused("not_streamed")
            after = query.get("starting_after", "-1")
            start = int(after[:9]) + 1 if after.removeprefix("-").isdecimal() else 0
            tape = self._tapes.streamed(self._forms.stream, kept.events[max(0, start) :], call.chance)
            return Answered(tape, "response, streamed again", remembered=False)
        kept.asked += 1
        return Answered(self._tape(_as_it_is(kept), call.chance), "response, read again", remembered=False)

    def _delete(self, call: Call, ident: str) -> Answered:
        self._found(call, ident)
        call.kept.responses.drop(ident)
        shown = filled(self._forms.deleted, {"id": ident}, call.chance)
        return Answered(self._tape(shown, call.chance), "response deleted", remembered=False)

    def _cancel(self, call: Call, ident: str) -> Answered:
        kept = self._found(call, ident)
        if not kept.whole["background"]:
            raise Refused("cancel_synchronous")
        if not kept.cancelled and kept.asked >= _READS:
            raise Refused("cancel_completed")
        kept.cancelled = True
        return Answered(self._tape(_as_it_is(kept), call.chance), "response cancelled", remembered=False)

    def _input_items(self, call: Call, ident: str) -> Answered:
        kept = self._found(call, ident)
        part = page(kept.input, call.parameters(), order="desc")
        shown = filled(self._forms.listing, {**part, "entries": part["data"]}, call.chance)
        return Answered(self._tape(shown, call.chance), "response input items", remembered=False)

    def _found(self, call: Call, ident: str) -> KeptResponse:
        kept = call.kept.responses.get(ident)
        if kept is None:
            raise Refused("unknown_response", id=ident)
        return kept

    def _tape(self, shown: Json, chance: Chance) -> Any:
        return self._tapes.answered(self._forms.plain, self._writer.body(shown), chance)

    def rehearsals(self) -> Mapping[str, Callable[[], object]]:
        def rehearse() -> None:
            function = {"type": "function", "name": "t", "parameters": {}}
            for model in self._catalogue.kinds_of_chat():
                for extra in ({}, {"tools": [function], "tool_choice": "required"}, {"reasoning": {"summary": "auto"}}):
                    body = {"model": "m", "input": "Hello", "stream": True, "background": True, **extra}
                    request = read(body, items_of("Hello"), "m", model)
                    for said in (reply(request.asked, self._profile.name), Reply(refusal="No.")):
                        self._writer.made(request, said, model, Chance())

        return {"responses": rehearse}


def _check_calls(items: Sequence[Json]) -> None:
    """Raise Refused for a call without its output, an output without its call, or reasoning that leads to nothing."""
    called = {str(item.get("call_id")): None for item in items if item.get("type") in _CALLS}
    answered = {str(item.get("call_id")): None for item in items if item.get("type") in _OUTPUTS}
    for ident in answered:
        if ident not in called:
            raise Refused("output_without_call", id=ident)
    for ident in called:
        if ident not in answered:
            raise Refused("call_without_output", id=ident)
    for number, item in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else {"role": "user"}
        if item.get("type") == "reasoning" and following.get("role") in _ASKING:
            raise Refused("reasoning_alone", id=item.get("id"))


def _keeping(
    made: Made, items: Sequence[Json], own: Sequence[Json], request: ResponseRequest
) -> Callable[[Kept], None]:
    """What keeps a response, with the conversation that it ends."""
    ident = made.whole["id"]
    shown = [_as_input(item, f"{ident}-{number}") for number, item in enumerate(own)]

    def keep(kept: Kept) -> None:
        conversation = [*items, *made.whole["output"]]
        events = made.events if request.background else []
        kept.responses.put(ident, KeptResponse(made.whole, made.begun, conversation, shown, events))

    return keep


def _as_input(item: Json, otherwise: str) -> Json:
    """An input item as it is read again: with an id, and its text as a part."""
    ident = item.get("id") or f"msg_{otherwise.removeprefix('resp_')}"
    if item.get("type", "message") != "message":
        return {**item, "id": ident}
    content, role = item.get("content"), item.get("role")
    kind = "output_text" if role == "assistant" else "input_text"
    parts = [{"type": kind, "text": content}] if isinstance(content, str) else content
    return {"id": ident, "type": "message", "status": "completed", "content": parts, "role": role}


def _as_it_is(kept: KeptResponse) -> Json:
    """A response as it is by now."""
    if kept.cancelled:
        return {**kept.begun, "status": "cancelled"}
    if not kept.whole["background"] or kept.asked >= _READS:
        return kept.whole
    return {**kept.begun, "status": "in_progress"}
