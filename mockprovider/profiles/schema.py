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
    """Prefixes under which the endpoints stand: "" and /v1, say. All else is `errors.unknown_path`. `{model}` in one is
    the model's name, any other name in braces any part of a path."""
    within: list[str] = []
    """Prefixes that belong to the API; what is under none of them is `errors.outside`. None: all paths do."""
    aliases: Texts = {}
    """Other names of endpoints: `invocations: chat/completions`."""
    needs_query: dict[str, list[str]] = {}
    """By root, the parameters of the query without which a path below it is unknown."""
    not_synthesized: list[str] = []
    """First parts of paths that the provider serves and this profile does not: refused in our own name."""


class Auth(Section, frozen=True, kw_only=True):
    """How a key is presented."""

    headers: list[Literal["authorization", "api-key", "x-api-key", "x-goog-api-key"]] = msgspec.field(
        default_factory=lambda: ["authorization"]
    )
    """The headers that may carry it; `authorization` with the scheme Bearer."""
    required: bool = True
    """Whether there must be a key."""
    open: list[str] = []
    """Endpoints that need no key: `models`."""
    pattern: str = ""
    """A regular expression that a whole key must match; one that does not is `errors.malformed_key`."""
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
    shape: str = ""
    """The entry of `shapes` that it answers in, where that is not `chat`."""
    gone: str = ""
    """The error that it is refused with, though it was there once; a recording of it is answered with --any-model."""
    elsewhere: str = ""
    """The error that endpoints refuse it with that it does not serve, where it has one of its own."""
    shows: dict[str, Any] = {}
    """What else its entry in the listing can say, by the hole."""
    thinks: Literal["never", "always", "unless_told", "if_told", "hidden"] = "never"
    """Whether it reasons: in the open, or `hidden`, when only the token count shows it."""
    fingerprint: str | None = None
    """`system_fingerprint`; null is sent as null."""
    logprobs: bool = True
    """False: the key `logprobs` is absent from its choices."""
    serves: Literal["chat", "completions", "embeddings", "moderations"] = "chat"
    """The endpoint that takes it; the others refuse it. What serves chat serves responses too."""
    also: list[Literal["chat", "completions", "embeddings", "moderations"]] = []
    """Further endpoints that take it."""
    announces: bool = False
    """Whether it says something before it calls a tool."""
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
    dimensions_most: Annotated[int, msgspec.Meta(ge=1, le=8192)] | None = None
    """How long they may be where a request says so; null: no longer than they are."""
    shortens: bool | Literal["ignored"] = True
    """Whether a request may ask for another length, or may and does not get it."""

    def by_its_own_name(self, name: str) -> "Model":
        """The same model, answering under its own name whatever it was asked by."""
        return msgspec.structs.replace(self, answers_as=self.answers_as or name)

    def by_another_name(self) -> "Model":
        """The same model, answering under the name that it was asked by."""
        return msgspec.structs.replace(self, answers_as=None)


class Models(Section, frozen=True, kw_only=True):
    """Which models there are."""

    known: Annotated[dict[str, Model], msgspec.Meta(min_length=1)]
    """By id, in the order of the listing."""
    patterns: dict[str, str] = {}
    """Other names that are taken, as a glob, and the known model that each is like."""
    several: str = ""
    """The parameter that may list several models, in place of the one: the first answers, and all must be known."""
    loaded: str = ""
    """The known model that answers chat requests whatever name they ask for."""
    entry: Form = {}
    """One entry of the listing."""
    listing: Form | str = {}
    """The listing; `$entries` is the list."""
    spelling: Spelling = Spelling()
    headers: Texts = {}


class Refusal(Section, frozen=True, kw_only=True):
    """How the provider refuses."""

    status: Annotated[int, msgspec.Meta(ge=200, le=599)]
    spelling: Spelling = Spelling()
    headers: Texts
    body: Form | list[Any] | str
    """JSON with holes, or text."""
    event: str = ""
    """The bytes around the body where a stream was asked for; empty: nothing is around it."""
    after: Annotated[int, msgspec.Meta(ge=0)] | None = None
    """After how many events of the answer it comes, where a stream was asked for: then the status is 200."""
    done: str = ""
    """The bytes that then close the stream."""


class Rule(Section, frozen=True, kw_only=True):
    """What a provider does with a request that is well formed: refuse it, or take it as another."""

    when: dict[str, Any]
    """Paths into the request and what stands there: a value, or a list of values of which one does; in a text `*` is
    anything and `?` one character. `path!`: something stands there, and it is none of these; `path?` and whether there
    is anything but null; `path>` and `path<` and a number; or a fact of `sources/facts.py` in parentheses, and whether
    it is found. A number in a path is a place in a list, from the end where it is negative, and `*` any place. The
    error can show the `$value` that was found, and the `$number` of its place."""
    refuse: str = ""
    """The key in `errors`."""
    ignore: list[str] = []
    """Parameters that are taken as absent."""
    rename: Texts = {}
    """Parameters that are taken as others."""
    set: dict[str, Any] = {}
    """Parameters that are taken to have other values."""
    shape: str = ""
    """The entry of `shapes` that answers."""
    at: Literal["chat", "responses"] = "chat"
    """The endpoint that the rule is for."""


class Limits(Section, frozen=True, kw_only=True):
    """How much is taken."""

    body_bytes: Count | None = None
    """The longest request; a longer one is `errors.too_large`."""
    requests: Count | None = None
    """How many requests of a key are answered; the next is `errors.rate_limited`."""


class Variant(Section, frozen=True, kw_only=True):
    """The provider at another time, or another of its doors."""

    says: str
    set: dict[str, Any]
    """What is different, by dotted key."""


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
    shapes: dict[str, Chat] = {}
    """Other forms of `chat`, for the models that name them; in a file each says what differs from `chat`."""
    request_id: str = ""
    """The form of `$request_id`, the same in the headers and the body of an answer."""
    rules: dict[str, Rule] = {}
    """In the order in which they are looked at: one that refuses ends it. Not inherited."""
    limits: Limits = Limits()
    variants: dict[str, Variant] = {}
    """By name, such as a month."""
    tokens: Tokens = Tokens()
    timing: Timing = Timing()
    sources: dict[str, Source] = {}
    """By quirk, or by the beginning of its dotted key."""
    unknown: list[str] = []
    """What was looked for and not found, and so is the baseline's."""
