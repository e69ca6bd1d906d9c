"""What a profile can say. Every key is checked, an unknown one is an error, and the meaning of each stands beside it.

The endpoints are in `profiles/endpoints.py`, what requests may hold in `profiles/parameters.py`, and what all of them
are made of in `profiles/forms.py`.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from mockprovider.profiles.endpoints import Chat, Completions, Embeddings, Moderations, Responses
from mockprovider.profiles.forms import Count, Form, Seconds, Section, Spelling, Texts


class Paths(Section, frozen=True, kw_only=True):
    """Which base paths answer."""

    roots: Annotated[list[str], msgspec.Meta(min_length=1)]
    """Prefixes under which the endpoints stand: "" and /v1, say. All else is `errors.unknown_path`."""
    not_synthesized: list[str] = []
    """First parts of paths that the provider serves and this profile does not: refused in our own name."""


class Auth(Section, frozen=True, kw_only=True):
    """How a key is presented."""

    headers: list[Literal["authorization", "api-key", "x-api-key", "x-goog-api-key"]] = msgspec.field(
        default_factory=lambda: ["authorization"]
    )
    """The headers that may carry it; `authorization` with the scheme Bearer."""
    shown: Literal["ends", "last4", "whole"] = "whole"
    """How much of a refused key the provider repeats in `$key`: `ends` keeps the first 8 and last 4 characters."""


class Model(Section, frozen=True, kw_only=True):
    """A model, or names that are taken for one."""

    owner: str = ""
    created: int | None = None
    """Unix time, seconds. Absent from the listing where it is null."""
    shutdown: str | None = None
    """The day on which it goes; null is sent as null."""
    listed: bool = True
    """Whether `GET /models` names it."""
    answers_as: str | None = None
    """The `model` in its answers, where that is not the name asked for."""
    thinks: Literal["never", "always", "unless_told", "if_told", "hidden"] = "never"
    """Whether it reasons: in the open, or `hidden`, when only the token count shows it."""
    fingerprint: str | None = None
    """`system_fingerprint`; null is sent as null."""
    logprobs: bool = True
    """False: the key `logprobs` is absent from its choices."""
    serves: Literal["chat", "completions", "embeddings", "moderations"] = "chat"
    """The endpoint that takes it; the others refuse it. What serves chat serves responses too."""
    context: Count | None = None
    """The most tokens that its prompt and its answer may have together, where that is looked at."""
    answer: Count | None = None
    """The most tokens that a request may allow its answer, where that is looked at."""
    efforts: list[str] = []
    """The values of `reasoning_effort` that it takes; none: it does not reason."""
    response_efforts: list[str] = []
    """Those that it takes in the Responses API, where they are others."""
    effort: str | None = None
    """The one that holds where the request does not say."""
    refuses: list[str] = []
    """Parameters that others take and it refuses."""
    refuses_while_reasoning: list[str] = []
    """Parameters that it takes with the effort `none` only."""
    fixed: dict[str, float] = {}
    """Parameters that it takes with one value only."""
    unknown: list[str] = []
    """Parameters of the endpoint that it does not know."""
    unknown_as: str = "unknown_parameter"
    """The error for a parameter that it does not know."""
    speaks: bool = False
    """Whether it answers in sound where that is asked for."""
    searches: bool = False
    """Whether it takes `web_search_options`."""
    top_p: float = 1.0
    """This and the next three: what a response says of itself where the request does not."""
    cache: Literal["in_memory", "24h"] = "in_memory"
    turns: str | None = None
    """The context of its reasoning."""
    phase: str | None = None
    """The phase of its messages."""
    dimensions: Annotated[int, msgspec.Meta(ge=1, le=8192)] | None = None
    """How long its embeddings are."""
    shortens: bool = True
    """Whether a request may ask for shorter ones."""

    def by_another_name(self) -> "Model":
        """The same model, answering under the name that it was asked by."""
        return msgspec.structs.replace(self, answers_as=None)


class Models(Section, frozen=True, kw_only=True):
    """Which models there are."""

    known: Annotated[dict[str, Model], msgspec.Meta(min_length=1)]
    """By id, in the order of the listing."""
    patterns: dict[str, str] = {}
    """Other names that are taken, as a glob, and the known model that each is like."""
    entry: Form = {}
    """One entry of the listing."""
    listing: Form = {}
    """The listing; `$entries` is the list."""
    spelling: Spelling = Spelling()
    headers: Texts = {}


class Refusal(Section, frozen=True, kw_only=True):
    """How the provider refuses."""

    status: Annotated[int, msgspec.Meta(ge=200, le=599)]
    spelling: Spelling = Spelling()
    headers: Texts
    body: Form | str
    """An object with holes, or text."""


class Rule(Section, frozen=True, kw_only=True):
    """A request that is refused though it is well formed."""

    when: dict[str, Any]
    """Paths into the request and what stands there: a value, or a list of values of which one does; `path?` and whether
    there is anything but null; or a fact of `sources/facts.py` in parentheses, and whether it is found."""
    refuse: str
    """The key in `errors`."""
    at: Literal["chat", "responses"] = "chat"
    """The endpoint that the rule is for."""


class Tokens(Section, frozen=True, kw_only=True):
    """How tokens are counted, roughly."""

    characters_per_token: Annotated[float, msgspec.Meta(gt=0)] = 4.0
    overhead_per_message: Annotated[int, msgspec.Meta(ge=0)] = 4
    largest: Annotated[int, msgspec.Meta(ge=0)] = 100257
    """The largest number that is a token, where a request brings tokens in place of text."""


class Timing(Section, frozen=True, kw_only=True):
    """How fast the provider is with `--pace profile`; seconds."""

    first: Seconds = 0.3
    """Until the first piece."""
    piece: Seconds = 0.02
    """Between pieces."""


class Source(Section, frozen=True, kw_only=True):
    """Where a quirk is known from."""

    at: str
    """A public address: repository and path, issue, or page."""
    confidence: Literal["recorded", "documented", "reported", "inferred"]
    date: str
    """When the source saw it: a year, month or day."""
    says: str = ""
    """What it means for a client, in a sentence."""


class Profile(Section, frozen=True, kw_only=True):
    """A provider's behaviour."""

    name: str
    title: str
    bites: str
    """In one line, what a client stumbles over."""
    checked: date
    """When the profile was last held against its sources."""
    paths: Paths
    models: Models
    chat: Chat
    errors: dict[str, Refusal]
    """By what went wrong; the kinds are those of the baseline."""
    extends: str | None = None
    """The profile that says the rest."""
    auth: Auth = msgspec.field(default_factory=Auth)
    completions: Completions | None = None
    """This and the next three are null where the provider has no such endpoint."""
    embeddings: Embeddings | None = None
    moderations: Moderations | None = None
    responses: Responses | None = None
    rules: dict[str, Rule] = {}
    """In the order in which they are looked at. Not inherited."""
    tokens: Tokens = Tokens()
    timing: Timing = Timing()
    sources: dict[str, Source] = {}
    """By quirk, or by the beginning of its dotted key."""
    unknown: list[str] = []
    """What was looked for and not found, and so is the baseline's."""
