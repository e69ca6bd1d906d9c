"""What all endpoints share: a call, what it is answered with, and which models there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Protocol
from urllib.parse import parse_qs

from mockprovider.profiles.schema import Model, Profile
from mockprovider.sources.checks import Refused, parsed
from mockprovider.sources.kept import Kept
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.reply import Reply
from mockprovider.tape import Tape

_NOT_SAMPLED = ("embeddings", "moderations")
_NOT_FOR = {
    "chat": "not_a_chat_model",
    "completions": "not_a_completion_model",
    "embeddings": "not_an_embedding_model",
    "moderations": "not_a_moderation_model",
}
"""How an endpoint refuses a model that another one serves."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to an endpoint, past the door: its key is good."""

    method: str
    rest: tuple[str, ...] = ()
    """What follows the endpoint in the path: an id, and what is wanted of it."""
    query: str = ""
    body: bytes = b""
    chance: Chance = field(default_factory=Chance)
    kept: Kept = field(default_factory=Kept)
    """What the provider keeps for this key."""
    scripted: Reply | None = None
    """What is to be said, in place of what would be."""
    model: str = ""
    """The model that the path names."""
    unchecked: bool = False
    """Whether the provider's rules are left aside: what fails on its way had passed them."""

    def json(self) -> "Json":
        """The body, with the model that the path names."""
        body = parsed(self.body)
        return {**body, "model": self.model} if self.model else body

    def parameters(self) -> dict[str, str]:
        """The query's parameters; of one given twice the last."""
        return {name: values[-1] for name, values in parse_qs(self.query, keep_blank_values=True).items()}


@dataclass(frozen=True, slots=True)
class Answered:
    """What an endpoint answers with. Whatever else it does is in `effect`, so that answers can be remembered."""

    tape: Tape
    what: str
    """In words, for the journal."""
    effect: Callable[[Kept], None] | None = None
    remembered: bool = True
    """Whether the same request is answered so again, whatever has come between."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What stands in its holes, for an error that comes on its way."""


class Endpoint(Protocol):
    """An endpoint of a provider."""

    def answer(self, call: Call) -> Answered:
        """The answer to a call. Raises Refused."""

    def rehearsals(self) -> Mapping[str, Callable[[], object]]:
        """What to do once at the start, by the part of the profile, to find out whether its forms can be sent."""


class Catalogue:
    """The models of a profile."""

    def __init__(self, profile: Profile, *, any_model: bool = False) -> None:
        self.models = profile.models
        self._errors = profile.errors
        self._any_model = any_model

    def serving(self, endpoint: str) -> list[tuple[str, Model]]:
        """The models that an endpoint takes, by their names."""
        return [(name, model) for name, model in self.models.known.items() if endpoint in (model.serves, *model.also)]

    def kinds_of_chat(self) -> list[Model]:
        """The models that speak, one of each kind of answer."""
        chat = [model for _, model in self.serving("chat")]
        return list({(m.shape, m.thinks, m.logprobs, m.speaks, bool(m.phase)): m for m in chat}.values())

    def model(self, name: str, endpoint: str = "chat", unknown: str = "unknown_model") -> Model:
        """The model of a name, if the endpoint takes it. Raises Refused, of the kind `unknown` for an unknown name."""
        model = self._known(name, endpoint)
        if model is not None and model.gone and not self._any_model:
            raise Refused(model.gone, model=name)
        if model is None:
            malformed = unknown == "unknown_model" and any(each.isspace() for each in name)
            special = "malformed_model"
            raise Refused(special if malformed and special in self._errors else unknown, model=name)
        if endpoint not in (model.serves, *model.also):
            sampled = endpoint != "chat" or model.serves not in _NOT_SAMPLED
            raise Refused(model.elsewhere or (_NOT_FOR[endpoint] if sampled else "not_to_be_sampled"), model=name)
        return model

    def _known(self, name: str, endpoint: str) -> Model | None:
        models = self.models
        if models.loaded and endpoint == "chat":
            return models.known[models.loaded].by_its_own_name(models.loaded)
        if name in models.known:
            return models.known[name]
        for pattern, like in models.patterns.items():
            if fnmatchcase(name, pattern):
                return models.known[like].by_another_name()
        serving = self.serving(endpoint)
        if not self._any_model or not serving:
            return None
        return max(serving, key=lambda each: _alike(each[0], name))[1].by_another_name()


def _alike(one: str, other: str) -> int:
    """How many characters two names begin with together."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


Json = dict[str, Any]
"""A JSON object."""
