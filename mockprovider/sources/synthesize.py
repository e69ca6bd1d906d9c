"""A tape made from a profile: the request is let in, answered by its endpoint, or refused as the provider does."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from mockprovider.errors import ProfileError
from mockprovider.profiles.schema import Profile
from mockprovider.sources.checks import Refused, parsed
from mockprovider.sources.endpoints.chat import ChatEndpoint
from mockprovider.sources.endpoints.common import Answered, Call, Catalogue, Endpoint
from mockprovider.sources.endpoints.models import ModelsEndpoint
from mockprovider.sources.endpoints.responses import ResponsesEndpoint
from mockprovider.sources.endpoints.texts import text_endpoints
from mockprovider.sources.kept import Kept, Shelf
from mockprovider.sources.refusal import refusal
from mockprovider.sources.tapes import TapeMaker
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.reply import Reply
from mockprovider.tape import Request, Tape

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
_STATELESS = {"chat/completions", "completions", "embeddings", "moderations"}
"""Routes whose refusals depend on the request only."""
_STAND_INS: Mapping[str, Any] = {
    name: name
    for name in (
        *("path", "method", "key", "model", "param", "expected", "got", "line", "column", "limit", "requested"),
        *("prompt", "completion", "default", "field", "expected_serde", "got_serde", "id", "ids", "name", "number"),
        *("of", "pattern", "problem", "to", "values"),
    )
} | {"hint": ""}
"""What stands in the holes of a refusal for which no request is to blame."""
_TENANTS = 1000
"""For how many keys something is kept; after that the oldest goes."""


class Synthesize:
    """Answers as one provider does. The same request and seed give the same bytes, always."""

    def __init__(
        self,
        profile: Profile,
        *,
        any_model: bool = False,
        seed: int = 0,
        api_keys: frozenset[str] = frozenset(),
        rehearse: bool = True,
    ) -> None:
        """`rehearse` tries every form once: not needed for a profile that tests have tried."""
        self.profile = profile
        self._seed = str(seed).encode()
        self._api_keys = api_keys
        self._tapes = TapeMaker(profile)
        self._kept = dict[str, Kept]()
        self._room = profile.responses.kept if profile.responses is not None else 0
        self._endpoints = dict(self._made_endpoints(Catalogue(profile, any_model=any_model)))
        self._left_out = tuple(f"{path}/" for path in profile.paths.not_synthesized)
        self._key_headers = [name.encode() for name in profile.auth.headers]
        self._known: dict[tuple[str | bytes | None, ...], Answered] = {}
        roots = "|".join(re.escape(root.rstrip("/")) for root in sorted(profile.paths.roots, key=len, reverse=True))
        self._route = re.compile(rf"(?:{roots})/(.+?)/?\Z")
        if rehearse:
            self._rehearse()

    def answer(self, request: Request, tenant: str = "", scripted: Reply | None = None) -> tuple[Tape, str]:
        """The provider's answer to a tenant's request, and what it is, for the journal. `scripted` is what it says."""
        asked = request.method, request.target, request.body, *map(request.header, self._key_headers)
        answered = self._known.get(asked) if scripted is None else None
        if answered is None:
            answered = self._made(request, tenant, scripted)
            if scripted is None and answered.remembered:
                self._remember(asked, answered, len(request.body))
        if answered.effect is not None:
            answered.effect(self._kept_for(tenant))
        return answered.tape, f"{self.profile.name} {answered.what}"

    def refuse(self, request: Request, kind: str) -> tuple[Tape, str]:
        """The provider's refusal of a request for whatever reason, a key of the profile's errors."""
        first, _, _ = self._route_of(request.path).partition("/")
        values = {"path": request.path, "method": request.method, "key": self._shown(self._presented(request))}
        values = {**_STAND_INS, "model": _model_in(request.body), **values}
        tape = self._tapes.refusal(kind, values, self._chance(request), first)
        return tape, f"{self.profile.name} {kind}"

    def restart(self, tenant: str | None = None) -> None:
        """Forget what was kept, for one tenant or for all."""
        if tenant is None:
            self._kept.clear()
        else:
            self._kept.pop(tenant, None)

    def _kept_for(self, tenant: str) -> Kept:
        if tenant not in self._kept:
            if len(self._kept) >= _TENANTS:
                del self._kept[next(iter(self._kept))]
            self._kept[tenant] = Kept(Shelf(self._room))
        return self._kept[tenant]

    def _remember(self, asked: tuple[str | bytes | None, ...], answered: Answered, length: int) -> None:
        size = sum(len(chunk.data) for chunk in answered.tape.chunks)
        if length <= _REMEMBERED_BYTES and size <= _REMEMBERED_ANSWER:
            if len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[asked] = answered

    def _made_endpoints(self, catalogue: Catalogue) -> Iterator[tuple[str, Endpoint]]:
        """What the profile serves, by the paths."""
        profile, tapes = self.profile, self._tapes
        yield "chat/completions", ChatEndpoint(profile, catalogue, tapes)
        yield "models", ModelsEndpoint(profile, catalogue, tapes)
        if profile.responses is not None:
            yield "responses", ResponsesEndpoint(profile, profile.responses, catalogue, tapes)
        yield from text_endpoints(profile, catalogue, tapes)

    def _rehearse(self) -> None:
        """Answer and refuse once in every way, so that a form that can't be sent is found before it has to be."""
        for kind in self.profile.errors:
            with self._blaming(f"errors.{kind}"):
                self._tapes.refusal(kind, _STAND_INS, Chance())
        for endpoint in self._endpoints.values():
            for part, rehearse in endpoint.rehearsals().items():
                with self._blaming(part):
                    rehearse()

    @contextlib.contextmanager
    def _blaming(self, part: str) -> Iterator[None]:
        try:
            yield
        except Exception as problem:
            raise ProfileError(f"profile {self.profile.name}: {part}: can't be sent: {problem!r}") from problem

    def _chance(self, request: Request) -> Chance:
        return Chance(self._seed, request.method.encode(), request.target.encode(), request.body)

    def _made(self, request: Request, tenant: str, scripted: Reply | None) -> Answered:
        chance, route = self._chance(request), self._route_of(request.path)
        try:
            return self._answer(request, route, tenant, chance, scripted)
        except Refused as problem:
            refused = problem
        except RecursionError:  # the parser took it, and what walks through it goes deeper than the parser
            refused = Refused("invalid_json", line=1, column=1)
        values = {"path": request.path, "method": request.method, **refused.values}
        tape = self._tapes.refusal(refused.kind, values, chance, route.partition("/")[0])
        return Answered(tape, refused.kind, remembered=route in _STATELESS)

    def _answer(self, request: Request, route: str, tenant: str, chance: Chance, scripted: Reply | None) -> Answered:
        if f"{route}/".startswith(self._left_out):
            return Answered(self._not_synthesized(request), "not_synthesized")
        path = next((path for path in self._endpoints if f"{route}/".startswith(f"{path}/")), None)
        if path is None:
            raise Refused("unknown_path")
        self._check_key(request)
        rest = tuple(unquote(part) for part in route.removeprefix(path).split("/") if part)
        call = Call(request.method, rest, request.query, request.body, chance, self._kept_for(tenant), scripted)
        return self._endpoints[path].answer(call)

    def _route_of(self, path: str) -> str:
        """What follows the base path; empty where the path is no endpoint's."""
        found = self._route.match(path)
        return found[1] if found else ""

    def _not_synthesized(self, request: Request) -> Tape:
        """Our own refusal of what the provider serves and we do not: the provider would not answer so."""
        return refusal(
            404,
            "not_synthesized",
            f"mockprovider does not synthesize {request.method} {request.path}. Record it once from the provider"
            " (mockprovider record --upstream URL --cassette DIR) and serve the recording beside the profile"
            f" (mockprovider serve --profile {self.profile.name} --cassette DIR).",
        )

    def _check_key(self, request: Request) -> None:
        key = self._presented(request)
        if not key:
            raise Refused("missing_key")
        kind = SPECIAL_KEYS.get(key) or ("invalid_key" if self._api_keys and key not in self._api_keys else None)
        if kind is not None:
            raise Refused(kind, key=self._shown(key), model=_model_in(request.body))

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

    def _shown(self, key: str) -> str:
        """A refused key as the provider repeats it."""
        how = self.profile.auth.shown
        if how == "last4":
            return f"****{key[-4:]}"
        if how == "ends" and len(key) > 12:
            return f"{key[:8]}{'*' * (len(key) - 12)}{key[-4:]}"
        return key


def _model_in(body: bytes) -> str:
    """The model that a request names, for a refusal that repeats it."""
    with contextlib.suppress(Refused):
        name = parsed(body).get("model")
        if isinstance(name, str) and name:
            return name
    return "the model"
