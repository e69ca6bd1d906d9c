"""A tape made from a profile: the request is checked as the provider does it, and answered in its frames."""

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from mockprovider.errors import ProfileError
from mockprovider.profiles.schema import Answer, Completions, Embeddings, Events, Model, Moderations, Profile, Refusal
from mockprovider.sources.checks import Refused, checked_chat, checked_model, parsed, refused_by_rule, typed
from mockprovider.sources.inputs import checked_completion, checked_embeddings, checked_moderation
from mockprovider.sources.refusal import refusal
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects import completions, embeddings, moderations
from mockprovider.synthesis.dialects.chat import ChatRequest, ChatWriter, read
from mockprovider.synthesis.frames import ABSENT, filled, spelled
from mockprovider.synthesis.pacing import paced
from mockprovider.synthesis.reply import reply
from mockprovider.tape import PHRASES, Chunk, Complete, Framing, Head, Request, Tape

SPECIAL_KEYS = {
    "sk-mock-invalid": "invalid_key",
    "sk-mock-no-balance": "no_balance",
    "sk-mock-rate-limited": "rate_limited",
    "sk-mock-overloaded": "overloaded",
}
"""Keys that ask for a refusal, in the spirit of test card numbers."""

_REMEMBERED = 128
"""How many answers are remembered. The same request gives the same bytes, and suites and load tests ask again."""
_REMEMBERED_BYTES = 2**16
"""Answers to longer requests are not."""
_REMEMBERED_ANSWER = 2**21
"""Longer answers are not: a short request can ask for 2,048 embeddings."""
_NOT_FOR = {
    "chat": "not_a_chat_model",
    "completions": "not_a_completion_model",
    "embeddings": "not_an_embedding_model",
    "moderations": "not_a_moderation_model",
}
"""How an endpoint refuses a model that another one serves."""
_REHEARSED: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "completions": ({"prompt": "p"}, {"prompt": "p", "stream": True, "stream_options": {"include_usage": True}}),
    "embeddings": ({"input": ["a", "b"]}, {"input": "a", "encoding_format": "base64"}),
    "moderations": ({"input": "a"},),
}
"""Requests to an endpoint that are answered once at the start."""


class Synthesize:
    """Answers as one provider does. The same request and seed give the same bytes, always."""

    def __init__(
        self, profile: Profile, *, any_model: bool = False, seed: int = 0, api_keys: frozenset[str] = frozenset()
    ) -> None:
        self.profile = profile
        self._any_model = any_model
        self._seed = str(seed).encode()
        self._api_keys = api_keys
        self._chat = ChatWriter(profile)
        self._posts = {"chat/completions": self._chat_completion, **dict(self._other_posts())}
        self._key_headers = [name.encode() for name in profile.auth.headers]
        self._known: dict[tuple[str | bytes | None, ...], tuple[Tape, str]] = {}
        roots = "|".join(re.escape(root.rstrip("/")) for root in sorted(profile.paths.roots, key=len, reverse=True))
        self._route = re.compile(rf"(?:{roots})/(.+?)/?\Z")
        self._rehearse()

    def answer(self, request: Request) -> tuple[Tape, str]:
        """The provider's answer to a request, and what it is, for the journal."""
        asked = request.method, request.target, request.body, *map(request.header, self._key_headers)
        if (known := self._known.get(asked)) is not None:
            return known
        made = self._made(request)
        size = sum(len(chunk.data) for chunk in made[0].chunks)
        if len(request.body) <= _REMEMBERED_BYTES and size <= _REMEMBERED_ANSWER:
            if len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[asked] = made
        return made

    def _rehearse(self) -> None:
        """Answer and refuse once in every way, so that a form that can't be sent is found before it has to be."""
        names = "path method key model param expected got line column limit requested prompt completion"
        values = {name: name for name in names.split()}
        chance = Chance()
        asked = {"messages": [{"role": "user", "content": "Hello"}], "model": "m", "n": 2}
        tool = {"type": "function", "function": {"name": "t", "parameters": {}}}
        for kind in self.profile.errors:
            with self._blaming(f"errors.{kind}"):
                self._refusal(kind, values, chance)
        with self._blaming("models"):
            self._models(None, chance)
        by_endpoint = {model.serves: name for name, model in self.profile.models.known.items()}
        for endpoint in [name for name in _REHEARSED if name in self._posts and name in by_endpoint]:
            for body in _REHEARSED[endpoint]:
                with self._blaming(endpoint):
                    self._posts[endpoint](json.dumps({**body, "model": by_endpoint[endpoint]}).encode(), chance)
        for model in (model for model in self.profile.models.known.values() if model.serves == "chat"):
            for extra in (
                {},
                {"tools": [tool, tool], "tool_choice": "required"},
                {"tools": [tool], "tool_choice": "required"},
            ):
                for stream in (False, True):
                    with self._blaming("chat.stream" if stream else "chat.plain"):
                        request = read({**asked, **extra, "stream": stream}, "m", model, self.profile.chat)
                        self._said(request, model, chance)

    @contextlib.contextmanager
    def _blaming(self, part: str) -> Iterator[None]:
        try:
            yield
        except Exception as problem:
            raise ProfileError(f"profile {self.profile.name}: {part}: can't be sent: {problem!r}") from problem

    def _made(self, request: Request) -> tuple[Tape, str]:
        chance = Chance(self._seed, request.method.encode(), request.target.encode(), request.body)
        try:
            return self._answer(request, chance)
        except Refused as refused:
            values = {"path": request.path, "method": request.method, **refused.values}
            return self._refusal(refused.kind, values, chance), f"{self.profile.name} {refused.kind}"

    def _answer(self, request: Request, chance: Chance) -> tuple[Tape, str]:
        found = self._route.match(request.path)
        route = found[1] if found else ""
        first, _, rest = route.partition("/")
        if first in self.profile.paths.not_synthesized:
            return self._not_synthesized(request), f"{self.profile.name} not_synthesized"
        if request.method == "GET" and first == "models":
            self._check_key(request, first)
            return self._models(unquote(rest) or None, chance), f"{self.profile.name} models"
        if request.method != "POST" or route not in self._posts:
            raise Refused("unknown_path")
        self._check_key(request, first)
        return self._posts[route](request.body, chance)

    def _not_synthesized(self, request: Request) -> Tape:
        """Our own refusal of what the provider serves and we do not: the provider would not answer so."""
        return refusal(
            404,
            "not_synthesized",
            f"mockprovider does not synthesize {request.method} {request.path}. Record it once from the provider"
            " (mockprovider record --upstream URL --cassette DIR) and serve the recording beside the profile"
            f" (mockprovider serve --profile {self.profile.name} --cassette DIR).",
        )

    def _check_key(self, request: Request, endpoint: str) -> None:
        key = self._presented(request)
        if not key:
            raise Refused("missing_key")
        kind = SPECIAL_KEYS.get(key) or ("invalid_key" if self._api_keys and key not in self._api_keys else None)
        if kind is not None:
            special = f"{kind}_at_{endpoint}"
            raise Refused(special if special in self.profile.errors else kind, key=self._shown(key), model="the model")

    def _presented(self, request: Request) -> str:
        """The key in a header that the provider looks at; "" where there is none."""
        for name in self.profile.auth.headers:
            value = (request.header(name.encode()) or b"").decode("latin-1").strip()
            if name == "authorization":
                scheme, _, value = value.partition(" ")
                value = value.strip() if scheme.lower() == "bearer" else ""
            if value:
                return value
        return ""

    def _chat_completion(self, body: bytes, chance: Chance) -> tuple[Tape, str]:
        asked = checked_chat(parsed(body))
        model = self._model(asked["model"])
        refused_by_rule(asked, model, self.profile)
        return self._said(read(asked, asked["model"], model, self.profile.chat), model, chance)

    def _said(self, request: ChatRequest, model: Model, chance: Chance) -> tuple[Tape, str]:
        said = reply(request.asked, self.profile.name)
        profile, name = self.profile, self.profile.name
        if request.stream:
            events = self._chat.stream(request, said, model, chance)
            return self._streamed(profile.chat.stream, events, chance), f"{name} chat, streamed"
        whole = self._chat.plain(request, said, model, chance)
        return self._answered(profile.chat.plain, whole, chance), f"{name} chat"

    def _other_posts(self) -> Iterator[tuple[str, Callable[[bytes, Chance], tuple[Tape, str]]]]:
        """The endpoints that the profile has beside chat."""
        profile = self.profile
        if profile.completions is not None:
            yield "completions", self._completion(profile.completions)
        if profile.embeddings is not None:
            yield "embeddings", self._embeddings(profile.embeddings)
        if profile.moderations is not None:
            yield "moderations", self._moderation(profile.moderations)

    def _completion(self, forms: Completions) -> Callable[[bytes, Chance], tuple[Tape, str]]:
        profile = self.profile
        writer = completions.CompletionWriter(forms, profile.tokens, profile.name)

        def answer(body: bytes, chance: Chance) -> tuple[Tape, str]:
            asked = parsed(body)
            name = checked_model(asked)
            model = self._model(name, "completions")
            prompts = checked_completion(asked, model, forms, profile.tokens)
            request = completions.read(asked, prompts, name, model, forms)
            if request.stream:
                tape = self._streamed(forms.stream, writer.stream(request, chance), chance)
                return tape, f"{profile.name} completion, streamed"
            return self._answered(forms.plain, writer.plain(request, chance), chance), f"{profile.name} completion"

        return answer

    def _embeddings(self, forms: Embeddings) -> Callable[[bytes, Chance], tuple[Tape, str]]:
        tokens = self.profile.tokens

        def answer(body: bytes, chance: Chance) -> tuple[Tape, str]:
            asked = parsed(body)
            name = checked_model(asked)
            model = self._model(name, "embeddings")
            request = embeddings.read(asked, checked_embeddings(asked, model, forms, tokens), name, model)
            written = embeddings.written(request, forms, tokens, chance)
            return self._answered(forms.plain, written, chance), f"{self.profile.name} embeddings"

        return answer

    def _moderation(self, forms: Moderations) -> Callable[[bytes, Chance], tuple[Tape, str]]:
        def answer(body: bytes, chance: Chance) -> tuple[Tape, str]:
            asked = parsed(body)
            name = forms.model if asked.get("model") is None else typed(asked, "model", str)
            model = self._model(name, "moderations", unknown="not_a_moderation_model")
            inputs = moderations.read(checked_moderation(asked, forms))
            written = moderations.written(inputs, model.answers_as or name, forms, chance)
            return self._answered(forms.plain, written, chance), f"{self.profile.name} moderation"

        return answer

    def _model(self, name: str, endpoint: str = "chat", unknown: str = "unknown_model") -> Model:
        """The model of a name, if the endpoint takes it."""
        model = self._known_model(name, endpoint)
        if model is None:
            raise Refused(unknown, model=name)
        if model.serves != endpoint:
            raise Refused(_NOT_FOR[endpoint], model=name)
        return model

    def _known_model(self, name: str, endpoint: str) -> Model | None:
        models = self.profile.models
        if name in models.known:
            return models.known[name]
        for pattern, like in models.patterns.items():
            if fnmatchcase(name, pattern):
                return models.known[like].by_another_name()
        serving = [model for model in models.known.values() if model.serves == endpoint]
        return serving[0].by_another_name() if self._any_model and serving else None

    def _models(self, wanted: str | None, chance: Chance) -> Tape:
        models = self.profile.models
        entries = {name: self._entry(name, model, chance) for name, model in models.known.items() if model.listed}
        if wanted is not None and wanted not in entries:
            kind = "unknown_model_entry" if "unknown_model_entry" in self.profile.errors else "unknown_model"
            raise Refused(kind, model=wanted)
        value = entries[wanted] if wanted else filled(models.listing, {"entries": list(entries.values())}, chance)
        return self._whole(200, models.headers, spelled(value, models.spelling).encode("utf-8", "replace"), chance)

    def _entry(self, name: str, model: Model, chance: Chance) -> Any:
        created = ABSENT if model.created is None else model.created
        return filled(self.profile.models.entry, {"model": name, "created": created, "owner": model.owner}, chance)

    def _refusal(self, kind: str, values: Mapping[str, Any], chance: Chance) -> Tape:
        form: Refusal = self.profile.errors[kind]
        body = filled(form.body, values, chance)
        text = body if isinstance(form.body, str) else spelled(body, form.spelling)
        return self._whole(form.status, form.headers, str(text).encode("utf-8", "replace"), chance)

    def _streamed(self, stream: Events, events: list[bytes], chance: Chance) -> Tape:
        head = self._head(200, stream.headers, Framing.CHUNKED, None, chance)
        chunks = paced(events, self.profile.timing)
        return Tape(head, chunks, Complete(chunks[-1].at))

    def _answered(self, plain: Answer, body: bytes, chance: Chance) -> Tape:
        return self._whole(200, plain.headers, body, chance, plain.framing)

    def _whole(
        self, status: int, headers: Mapping[str, str], body: bytes, chance: Chance, framing: str = "length"
    ) -> Tape:
        length = len(body) if framing == "length" else None
        kind = Framing.CHUNKED if length is None else Framing.LENGTH
        at = self.profile.timing.first if status < 400 else 0.0
        head = self._head(status, headers, kind, length, chance, at)
        return Tape(head, (Chunk(at, body),) if body else (), Complete(at))

    def _head(
        self,
        status: int,
        headers: Mapping[str, str],
        framing: Framing,
        length: int | None,
        chance: Chance,
        at: float = 0.0,
    ) -> Head:
        pairs = tuple([_header(name, value, chance) for name, value in headers.items()])
        if length is not None:
            pairs += ((b"content-length", b"%d" % length),)
        return Head(at, status, pairs, PHRASES.get(status, b""), framing)

    def _shown(self, key: str) -> str:
        """A refused key as the provider repeats it."""
        how = self.profile.auth.shown
        if how == "last4":
            return f"****{key[-4:]}"
        if how == "ends" and len(key) > 12:
            return f"{key[:8]}{'*' * (len(key) - 12)}{key[-4:]}"
        return key


def _header(name: str, form: str, chance: Chance) -> tuple[bytes, bytes]:
    if "$" not in form:
        return _plain_header(name, form)
    text = filled(form, {"milliseconds": 200 + chance.number(600)}, chance)
    return name.encode("latin-1"), str(text).encode("latin-1")


@lru_cache(maxsize=1024)
def _plain_header(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("latin-1"), value.encode("latin-1")
