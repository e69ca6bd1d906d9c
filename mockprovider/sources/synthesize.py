"""A tape made from a profile: the request is let in, answered by its endpoint, or refused as the provider does."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote

from mockprovider.errors import ProfileError, did_you_mean
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
_ERROR_KEY = "sk-mock-error-"
"""What a key begins with that asks for any other, and ends with its name."""

_REMEMBERED = 128
"""How many answers are remembered. The same request gives the same bytes, and suites and load tests ask again."""
_REMEMBERED_BESIDE = 8
"""How many answers one remembers that stands beside another."""
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
        *("of", "pattern", "problem", "to", "values", "value", "mime", "got_json"),
    )
} | {"hint": ""}
"""What stands in the holes of a refusal for which no request is to blame."""
_COUNTS = ("prompt", "completion", "total", "cached", "reasoning", "audio", "text", "said", "accepted", "rejected")
_OF_AN_ANSWER = ("id", "fingerprint", "service_tier", *(f"{name}_tokens" for name in _COUNTS))
_REHEARSED = {**_STAND_INS, **dict.fromkeys(_OF_AN_ANSWER, ""), "loc": [], "user_agent": ""}
"""The same for a refusal that is only tried."""
_TENANTS = 1000
"""For how many keys something is kept; after that the oldest goes."""


class Provider(Protocol):
    """Whoever answers as a provider does."""

    profile: Profile

    def answer(self, request: Request, tenant: str = "", scripted: Reply | None = None) -> tuple[Tape, str]:
        """The answer to a tenant's request, and what it is; `scripted` is what it says."""

    def refuse(self, request: Request, kind: str) -> tuple[Tape, str]:
        """The refusal of a request, and what it is."""

    def restart(self, tenant: str | None = None) -> None:
        """Forget what was kept, for one tenant or for all."""

    def kinds(self) -> frozenset[str]:
        """The errors that it may be asked for."""


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
        beside: "Synthesize | None" = None,
    ) -> None:
        """`rehearse` tries every form once: not needed for a profile that tests have tried.

        What is kept for each key it shares with the one `beside`, if there is one.
        """
        self.profile = profile
        self._seed = str(seed).encode()
        self._api_keys = api_keys
        self._tapes = TapeMaker(profile)
        self._remembers = _REMEMBERED if beside is None else _REMEMBERED_BESIDE
        self.kept: dict[str, Kept] = {} if beside is None else beside.kept
        self._room = profile.responses.kept if profile.responses is not None else 0
        self._endpoints = dict(self._made_endpoints(Catalogue(profile, any_model=any_model)))
        self._left_out = tuple(f"{path}/" for path in profile.paths.not_synthesized)
        self._key_headers = [name.encode() for name in profile.auth.headers]
        self._known: dict[tuple[str | bytes | None, ...], Answered] = {}
        roots = sorted(profile.paths.roots, key=lambda root: ("{" in root, -len(root)))
        self._routes = [
            (re.compile(rf"{_pattern(root.rstrip('/'))}/(?P<route>.+?)/?\Z"), profile.paths.needs_query.get(root, ()))
            for root in roots
        ]
        if rehearse:
            self._rehearse()

    def answer(self, request: Request, tenant: str = "", scripted: Reply | None = None) -> tuple[Tape, str]:
        """The provider's answer to a tenant's request, and what it is, for the journal. `scripted` is what it says."""
        asked = request.method, request.target, request.body, *map(request.header, self._key_headers)
        answered = self._known.get(asked) if scripted is None else None
        if self.profile.limits.requests is not None:
            self._kept_for(tenant).requests += 1
            answered = None
        if answered is None:
            answered = self._made(request, tenant, scripted)
            if scripted is None and answered.remembered:
                self._remember(asked, answered, len(request.body))
        if answered.effect is not None:
            answered.effect(self._kept_for(tenant))
        return answered.tape, f"{self.profile.name} {answered.what}"

    def refuse(self, request: Request, kind: str) -> tuple[Tape, str]:
        """The provider's refusal of a request for whatever reason, a key of the profile's errors."""
        values = {"key": self._shown(self._presented(request)), "model": _model_in(request.body)}
        tape = self._refusal(Refused(kind, **{**_STAND_INS, **values}), request, self._chance(request), None)
        return tape, f"{self.profile.name} {kind}"

    def restart(self, tenant: str | None = None) -> None:
        """Forget what was kept, for one tenant or for all."""
        if tenant is None:
            self.kept.clear()
        else:
            self.kept.pop(tenant, None)

    def kinds(self) -> frozenset[str]:
        """The errors of the profile."""
        return frozenset(self.profile.errors)

    def _kept_for(self, tenant: str) -> Kept:
        if tenant not in self.kept:
            if len(self.kept) >= _TENANTS:
                del self.kept[next(iter(self.kept))]
            self.kept[tenant] = Kept(Shelf(self._room))
        return self.kept[tenant]

    def _remember(self, asked: tuple[str | bytes | None, ...], answered: Answered, length: int) -> None:
        size = sum(len(chunk.data) for chunk in answered.tape.chunks)
        if length <= _REMEMBERED_BYTES and size <= _REMEMBERED_ANSWER:
            if len(self._known) >= self._remembers:
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
        with self._tapes.watched({*_STAND_INS, "loc", "value", "user_agent"}):
            for kind in self.profile.errors:
                with self._blaming(f"errors.{kind}"):
                    self._tapes.refusal(kind, _REHEARSED, Chance())
            for endpoint in self._endpoints.values():
                for part, rehearse in endpoint.rehearsals().items():
                    with self._blaming(part):
                        rehearse()

    @contextlib.contextmanager
    def _blaming(self, part: str) -> Iterator[None]:
        try:
            yield
        except KeyError as problem:
            hole = str(problem.args[0])
            hint = did_you_mean(hole, self._tapes.holes)
            raise ProfileError(f"profile {self.profile.name}: {part}: no hole is called ${hole}{hint}") from problem
        except Exception as problem:
            raise ProfileError(f"profile {self.profile.name}: {part}: can't be sent: {problem!r}") from problem

    def _chance(self, request: Request) -> Chance:
        return Chance(self._seed, request.method.encode(), request.target.encode(), request.body)

    def _made(self, request: Request, tenant: str, scripted: Reply | None) -> Answered:
        chance, (route, model) = self._chance(request), self._route_of(request)
        try:
            return self._answer(request, route, model, tenant, chance, scripted)
        except Refused as problem:
            refused = problem
        except RecursionError:  # the parser took it, and what walks through it goes deeper than the parser
            refused = Refused("invalid_json", line=1, column=1)
        if refused.kind == "unknown_path" and route in self._endpoints and "wrong_method" in self.profile.errors:
            refused.kind = "wrong_method"
        tape = self._refusal(refused, request, chance, scripted)
        return Answered(tape, refused.kind, remembered=route in _STATELESS)

    def _refusal(self, refused: Refused, request: Request, chance: Chance, scripted: Reply | None) -> Tape:
        """How the provider refuses; where it does so on the way of a stream, what comes before that."""
        route, model = self._route_of(request)
        endpoint = route.partition("/")[0]
        form = self._tapes.form_of(refused.kind, endpoint)
        agent = (request.header(b"user-agent") or b"").decode("latin-1")
        asked = {"path": request.path, "method": request.method, "user_agent": agent}
        values = {**_placed(refused.values), **asked}
        streamed = bool(form.event) and _asks_for_a_stream(request.body)
        if streamed and form.after is not None and route in self._endpoints:
            call = Call("POST", (), request.query, request.body, chance.twin(), Kept(), scripted, model, unchecked=True)
            with contextlib.suppress(Refused):
                answered = self._endpoints[route].answer(call)
                return self._tapes.failing(answered.tape, form, {**values, **answered.values}, chance)
        return self._tapes.refusal(refused.kind, values, chance, endpoint, streamed=streamed)

    def _answer(
        self, request: Request, route: str, model: str, tenant: str, chance: Chance, scripted: Reply | None
    ) -> Answered:
        if f"{route}/".startswith(self._left_out):
            return Answered(self._not_synthesized(request), "not_synthesized")
        path = self._endpoint_of(route)
        if path is None:
            within = self.profile.paths.within
            outside = within and not request.path.startswith(tuple(within))
            raise Refused("outside" if outside else "unknown_path")
        kept, limits = self._kept_for(tenant), self.profile.limits
        if limits.body_bytes is not None and len(request.body) > limits.body_bytes:
            raise Refused("too_large", limit=limits.body_bytes, got=len(request.body))
        self._check_key(request, path)
        if limits.requests is not None and kept.requests > limits.requests:
            raise Refused("rate_limited", limit=limits.requests, model=_model_in(request.body))
        rest = tuple(unquote(part) for part in route.removeprefix(path).split("/") if part)
        call = Call(request.method, rest, request.query, request.body, chance, kept, scripted, model)
        return self._endpoints[path].answer(call)

    def _route_of(self, request: Request) -> tuple[str, str]:
        """What follows the base path, and the model that this names; empty where the path is no endpoint's.

        Where several base paths fit, the one counts below which there is an endpoint, and one that is written out
        before one with names in braces.
        """
        routes = list(self._routes_of(request))
        fitting = (each for each in routes if self._endpoint_of(each[0]) is not None)
        return next(fitting, routes[0] if routes else ("", ""))

    def _routes_of(self, request: Request) -> Iterator[tuple[str, str]]:
        for pattern, needed in self._routes:
            if found := pattern.match(request.path):
                if needed and not {*needed} <= parse_qs(request.query, keep_blank_values=True).keys():
                    continue
                route = self.profile.paths.aliases.get(found["route"], found["route"])
                yield route, unquote(found.groupdict().get("model") or "")

    def _endpoint_of(self, route: str) -> str | None:
        """The endpoint that a route leads to."""
        return next((path for path in self._endpoints if f"{route}/".startswith(f"{path}/")), None)

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
        key, auth = self._presented(request), self.profile.auth
        if (kind := self._asked_for(key)) is None:
            if not auth.required or endpoint in auth.open:
                return
            kind = "missing_key" if not key else self._wrong(key)
        if kind is not None:
            raise Refused(kind, **{**_STAND_INS, "key": self._shown(key), "model": _model_in(request.body)})

    def _asked_for(self, key: str) -> str | None:
        """The refusal that a special key asks for."""
        kind = key.removeprefix(_ERROR_KEY).replace("-", "_") if key.startswith(_ERROR_KEY) else ""
        return kind if kind in self.profile.errors else SPECIAL_KEYS.get(key)

    def _wrong(self, key: str) -> str | None:
        """What is wrong with a key."""
        pattern = self.profile.auth.pattern
        if pattern and not re.fullmatch(pattern, key):
            return "malformed_key"
        return "invalid_key" if self._api_keys and key not in self._api_keys else None

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


def _pattern(root: str) -> str:
    """A base path as a regular expression: names in braces stand for a part of it."""
    parts = re.split(r"\{(\w+)\}", root)
    return "".join(
        re.escape(part) if number % 2 == 0 else "(?P<model>[^/]+)" if part == "model" else "[^/]+"
        for number, part in enumerate(parts)
    )


def _placed(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a refusal shows, and where the parameter is that it names: `$loc` as a list, `$number` the last in it."""
    if not isinstance(param := values.get("param"), str):
        return values
    parts = [int(part) if part.isdecimal() else part for part in re.split(r"[.\[\]]+", param.rstrip("]"))]
    numbers = [part for part in parts if isinstance(part, int)]
    place = {"line": 1, "column": 1, "loc": ["body", *parts], "field": parts[-1]}
    return {**place, **({"number": numbers[-1]} if numbers else {}), **values}


def _asks_for_a_stream(body: bytes) -> bool:
    with contextlib.suppress(Refused):
        return parsed(body).get("stream") is True
    return False


def _model_in(body: bytes) -> str:
    """The model that a request names, for a refusal that repeats it."""
    with contextlib.suppress(Refused):
        name = parsed(body).get("model")
        if isinstance(name, str) and name:
            return name
    return "the model"
