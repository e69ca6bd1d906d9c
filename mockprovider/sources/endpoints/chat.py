"""`/chat/completions`: answered, and where `store` asks for it kept, to be read again, changed and forgotten."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mockprovider.profiles.schema import Model, Profile
from mockprovider.sources.accepting import check_effort, check_known, check_values
from mockprovider.sources.checks import Refused, checked_messages, checked_model, parsed
from mockprovider.sources.endpoints.common import Answered, Call, Catalogue, Json
from mockprovider.sources.endpoints.paging import page
from mockprovider.sources.facts import Given
from mockprovider.sources.kept import Kept, KeptCompletion, Shelf
from mockprovider.sources.parameters import check
from mockprovider.sources.rulebook import RuleBook, Taken
from mockprovider.sources.tapes import TapeMaker
from mockprovider.synthesis.asked import text_of
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.chat import ChatWriter
from mockprovider.synthesis.dialects.chat_request import ChatRequest, read, thinks
from mockprovider.synthesis.dialects.chat_stream import ChatStreamWriter
from mockprovider.synthesis.frames import spelled
from mockprovider.synthesis.reply import Reply, fitted, replies


class ChatEndpoint:
    """Chat completions."""

    def __init__(self, profile: Profile, catalogue: Catalogue, tapes: TapeMaker) -> None:
        self._profile, self._catalogue, self._tapes = profile, catalogue, tapes
        self._forms = {"": profile.chat, **profile.shapes}
        self._writers = {name: ChatWriter(profile, chat) for name, chat in self._forms.items()}
        self._streamers = {name: ChatStreamWriter(chat) for name, chat in self._forms.items()}
        self._rules = RuleBook(profile, "chat")

    def answer(self, call: Call) -> Answered:
        if call.rest or call.method != "POST":
            return self._stored(call)
        body = call.json()
        name = self._named(body)
        checked_messages(body)
        model = self._catalogue.model(name)
        taken = Taken(body, model.shape) if call.unchecked else self._taken(body, model)
        request = read({**taken.body, "model": name}, name, model, self._forms[taken.shape])
        asked = request.asked
        said = (fitted(call.scripted, asked),) * asked.choices if call.scripted else replies(asked, self._profile.name)
        stores = body.get("store") is True and self._profile.chat.stored
        chance = call.kept.again(call.chance) if stores else call.chance
        return self._said(body, request, said, model, taken.shape, chance)

    def _named(self, body: Json) -> str:
        """The model that a request names. Raises Refused for one that is not known."""
        models, given = self._catalogue.models, body.get("model")
        if given in (None, "") and models.loaded:
            return models.loaded
        others = body.get(models.several) if models.several else None
        if not isinstance(others, list) or not all(isinstance(each, str) for each in others) or not others:
            return checked_model(body)
        names = [checked_model(body), *others] if given else others
        for name in names:
            self._catalogue.model(name)
        return str(names[0])

    def _taken(self, body: Json, model: Model) -> Taken:
        """The request as the provider takes it. Raises what it refuses one with that is well formed."""
        chat = self._forms[model.shape]
        if chat.closed:
            check_known(body, chat.parameters, model)
        effort = body.get("reasoning_effort")
        check_values(body, chat.parameters, model, effort if effort is not None else model.effort)
        check_effort(body, "reasoning_effort", effort, model)
        taken = self._rules.taken(Given(body, model, self._profile, thinks(body, model, chat)))
        kept = {name: value for name, value in taken.body.items() if name not in chat.ignores}
        return Taken(kept, taken.shape)

    def _said(
        self, body: Json, request: ChatRequest, said: tuple[Reply, ...], model: Model, shape: str, chance: Chance
    ) -> Answered:
        chat, writer, effect = self._forms[shape], self._writers[shape], None
        saying = writer.drawn(request, said, model, chance)
        if body.get("store") is True and chat.stored:
            effect = _keeping(json.loads(writer.plain(saying, chance.twin())), body)
        if request.stream:
            events = self._streamers[shape].events(saying, chance)
            tape = self._tapes.streamed(chat.stream, events, chance, saying.values)
            return Answered(tape, "chat, streamed", effect, effect is None, saying.values)
        written = writer.plain(saying, chance)
        tape = self._tapes.answered(chat.plain, written, chance, saying.values)
        return Answered(tape, "chat", effect, effect is None)

    def _stored(self, call: Call) -> Answered:
        """What is asked of completions that were kept."""
        if not self._profile.chat.stored:
            raise Refused("unknown_path")
        shelf = call.kept.completions
        match call.method, call.rest:
            case "GET", ():
                shown: Any = page(_chosen(shelf, call.parameters()), call.parameters(), order="asc")
            case _, (ident, *rest) if (kept := shelf.get(ident)) is not None:
                shown = self._one(call, ident, kept, tuple(rest))
            case _, (ident, *_):
                raise Refused("unknown_completion", id=ident)
            case _:
                raise Refused("unknown_path")
        plain = self._profile.chat.plain
        written = spelled(shown, plain.spelling).encode("utf-8", "replace")
        return Answered(self._tapes.answered(plain, written, call.chance), "stored chat", remembered=False)

    def _one(self, call: Call, ident: str, kept: KeptCompletion, rest: tuple[str, ...]) -> Json:
        match call.method, rest:
            case "GET", ():
                return kept.whole
            case "GET", ("messages",):
                return page(kept.messages, call.parameters(), order="asc")
            case "POST", ():
                metadata = parsed(call.body).get("metadata") or {}
                check({"metadata": metadata}, self._profile.chat.parameters)
                kept.whole = {**kept.whole, "metadata": metadata}
                return kept.whole
            case "DELETE", ():
                call.kept.completions.drop(ident)
                return {"object": "chat.completion.deleted", "id": ident, "deleted": True}
        raise Refused("unknown_path")

    def rehearsals(self) -> Mapping[str, Callable[[], object]]:
        return {"chat.plain": lambda: self._rehearse(stream=False), "chat.stream": lambda: self._rehearse(stream=True)}

    def _rehearse(self, *, stream: bool) -> None:
        """Answer once in each way, with each model."""
        function = {"type": "function", "function": {"name": "t", "parameters": {}}}
        called: tuple[Json, ...] = (
            {},
            {"tools": [function]},
            {"tools": [function, function]},
            {"logprobs": True},
            {"functions": [{}]},
        )
        body = {"messages": [{"role": "user", "content": "Hello"}], "model": "m", "n": 2, "stream": stream}
        for model in self._catalogue.kinds_of_chat():
            for extra in called:
                body = {**body, "tool_choice": "required", **extra}
                request = read(body, "m", model, self._forms[model.shape])
                said = (*replies(request.asked, self._profile.name)[:1], Reply(refusal="No."))
                self._said(body, request, said, model, model.shape, Chance())


def _chosen(shelf: Shelf[KeptCompletion], query: Mapping[str, str]) -> list[Json]:
    """The completions that a query asks for: by model, and by metadata."""
    wanted = {name[9:-1]: value for name, value in query.items() if name.startswith("metadata[") and name[-1] == "]"}
    return [
        each.whole
        for _, each in shelf
        if query.get("model", each.whole["model"]) == each.whole["model"]
        and all(each.whole["metadata"].get(name) == value for name, value in wanted.items())
    ]


def _keeping(whole: Json, body: Json) -> Callable[[Kept], None]:
    """What keeps a completion: with the metadata and the messages of its request."""
    metadata = body.get("metadata") or {}
    ident = whole["id"]
    messages = [
        {
            "id": f"{ident}-{number}",
            "role": each["role"],
            "content": text_of(each.get("content")) or None,
            "refusal": each.get("refusal"),
        }
        for number, each in enumerate(body["messages"])
    ]

    def keep(kept: Kept) -> None:
        kept.completions.put(ident, KeptCompletion({**whole, "metadata": metadata}, list(messages)))

    return keep
