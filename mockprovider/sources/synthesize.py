"""A tape made from a profile: the request is checked as the provider does it, and answered in its frames."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from mockprovider.errors import ProfileError
from mockprovider.profiles.schema import Model, Profile, Refusal
from mockprovider.sources.checks import Refused, checked_chat, parsed, refused_by_rule
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.chat import ChatRequest, ChatWriter, read
from mockprovider.synthesis.frames import ABSENT, filled, spelled
from mockprovider.synthesis.pacing import paced
from mockprovider.synthesis.reply import reply
from mockprovider.tape import Chunk, Complete, Framing, Head, Request, Tape

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
_PHRASES = {status.value: status.phrase.encode() for status in HTTPStatus}


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
        self._key_headers = [name.encode() for name in profile.auth.headers]
        self._known: dict[tuple[str | bytes | None, ...], tuple[Tape, str]] = {}
        roots = "|".join(re.escape(root.rstrip("/")) for root in sorted(profile.paths.roots, key=len, reverse=True))
        self._route = re.compile(rf"(?:{roots})/(chat/completions|models|models/(.+))/?\Z")
        self._rehearse()

    def answer(self, request: Request) -> tuple[Tape, str]:
        """The provider's answer to a request, and what it is, for the journal."""
        asked = request.method, request.target, request.body, *map(request.header, self._key_headers)
        if (known := self._known.get(asked)) is not None:
            return known
        made = self._made(request)
        if len(request.body) <= _REMEMBERED_BYTES:
            if len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[asked] = made
        return made

    def _rehearse(self) -> None:
        """Answer and refuse once in every way, so that a form that can't be sent is found before it has to be."""
        values = {
            name: name for name in ("path", "method", "key", "model", "param", "expected", "got", "line", "column")
        }
        chance = Chance()
        asked = {"messages": [{"role": "user", "content": "Hello"}], "model": "m", "n": 2}
        tool = {"type": "function", "function": {"name": "t", "parameters": {}}}
        for kind in self.profile.errors:
            with self._blaming(f"errors.{kind}"):
                self._refusal(kind, values, chance)
        with self._blaming("models"):
            self._models(None, chance)
        for model in self.profile.models.known.values():
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
        route = self._route.match(request.path)
        endpoint = (request.method, route[1].partition("/")[0]) if route else ("", "")
        if route is None or endpoint not in (("POST", "chat"), ("GET", "models")):
            raise Refused("unknown_path")
        self._check_key(request, endpoint[1])
        if endpoint == ("GET", "models"):
            return self._models(route[2], chance), f"{self.profile.name} models"
        return self._chat_completion(request.body, chance)

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
            head = self._head(200, profile.chat.stream.headers, Framing.CHUNKED, None, chance)
            chunks = paced(self._chat.stream(request, said, model, chance), profile.timing)
            return Tape(head, chunks, Complete(chunks[-1].at)), f"{name} chat, streamed"
        whole = self._chat.plain(request, said, model, chance)
        return self._whole(200, profile.chat.plain.headers, whole, chance, profile.chat.plain.framing), f"{name} chat"

    def _model(self, name: str) -> Model:
        models = self.profile.models
        if name in models.known:
            return models.known[name]
        for pattern, like in models.patterns.items():
            if fnmatchcase(name, pattern):
                return models.known[like].by_another_name()
        if self._any_model:
            return next(iter(models.known.values())).by_another_name()
        raise Refused("unknown_model", model=name)

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
        return Head(at, status, pairs, _PHRASES.get(status, b""), framing)

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
