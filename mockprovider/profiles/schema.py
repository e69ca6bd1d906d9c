"""What a profile can say. Every key is checked, an unknown one is an error, and the meaning of each stands here.

A *form* (a frame, a body) is written out as the provider sends it, key order and null-versus-absent included.
A string `"$name"` in it is a hole: it takes a value of whatever type, or, where there is nothing to say, the key goes
(and a mapping whose keys have all gone goes too). `$name` inside a longer string takes text. A list of one entry with
`$tool_...` holes stands for one entry a tool call, and `choices` for one entry a choice; so do the `data` of embeddings
and the `results` of moderations for one entry an input. The holes are listed in `synthesis/frames.py`.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

Form = dict[str, Any]
"""A JSON object as the provider sends it, with $holes."""
Texts = dict[str, str]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]
Count = Annotated[int, msgspec.Meta(ge=1)]


ATOMS = {"body", "usage", "entry", "listing", "when", "headers", "spelling", "known", "patterns", "categories"}
"""Keys whose value is replaced, and compared, whole: what stands in a profile is all that is sent."""
OF_ATOMS = {"frames"}
"""Keys whose entries are."""


class Section(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A part of a profile."""


class Spelling(Section, frozen=True, kw_only=True):
    """How the provider spells JSON."""

    style: Literal["compact", "python", "pretty-2", "pretty-4"] = "compact"
    """`compact` has no spaces; `python` has `", "` and `": "`; `pretty-N` has lines indented by N."""
    ascii: bool = False
    """Whether other characters than ASCII are escaped."""
    end: str = ""
    """What follows the last brace."""


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
    """The endpoint that takes it; the others refuse it."""
    context: Count | None = None
    """The most tokens that its prompt and its answer may have together, where that is looked at."""
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


class Answer(Section, frozen=True, kw_only=True):
    """An answer that is one body."""

    spelling: Spelling = Spelling()
    headers: Texts = {}
    """Names and values in the order in which they are sent, content type and all."""
    framing: Literal["chunked", "length"] = "length"
    body: Form = {}


class Frames(Section, frozen=True, kw_only=True):
    """The frames of a stream. The special ones stand in for the plain ones where they apply and are given."""

    first: Form
    """Opens a choice."""
    first_thinking: Form | None = None
    """Opens a choice that begins with reasoning."""
    first_tool: Form | None = None
    """Opens a choice that is a single tool call, together with that call."""
    first_tools: Form | None = None
    """Opens a choice that is several tool calls."""
    thinking: Form | None = None
    """A piece of reasoning."""
    text: Form
    """A piece of text."""
    text_after_thinking: Form | None = None
    tool: Form
    """Opens a tool call."""
    tool_arguments: Form | None = None
    """A piece of a tool call's arguments; null where they come whole in `tool`."""
    finish: Form
    """Closes a choice."""
    finish_after_thinking: Form | None = None
    usage: Form | None = None
    """Follows the last finish frame, where `usage_frame` says so."""


class Events(Section, frozen=True, kw_only=True):
    """An answer as server-sent events, whatever they say."""

    spelling: Spelling = Spelling()
    headers: Texts = {}
    event: str = "data: $json\n\n"
    """The bytes of one event around a frame."""
    done: str = "data: [DONE]\n\n"
    """The bytes that close the stream; empty where nothing does."""
    usage_frame: Literal["asked", "always", "never"] = "asked"
    """When `frames.usage` is sent: if `stream_options.include_usage` asks for it, always, or never."""


class Stream(Events, frozen=True, kw_only=True):
    """A chat completion as events."""

    frames: Frames


class Thinking(Section, frozen=True, kw_only=True):
    """Where a request says whether to reason."""

    switch: str = ""
    """The path of the switch in the request, such as `thinking.type`."""
    enable: list[Any] = []
    disable: list[Any] = []


class Chat(Section, frozen=True, kw_only=True):
    """Chat completions."""

    id: str
    """The form of an id, with generators such as `$alnum29`."""
    tool_id: str
    """The form of a tool call's id; `${tool_number}` counts from 00."""
    usage: Form
    plain: Answer
    stream: Stream
    empty_content: Literal[""] | None = None
    """What `content` is beside tool calls."""
    thinking: Thinking = Thinking()


class TextFrames(Section, frozen=True, kw_only=True):
    """The frames of a streamed legacy completion."""

    text: Form
    """A piece of text."""
    finish: Form
    """Closes a choice."""
    usage: Form | None = None
    """Follows the last finish frame, where `usage_frame` says so."""


class TextStream(Events, frozen=True, kw_only=True):
    """A legacy completion as events."""

    frames: TextFrames


class Completions(Section, frozen=True, kw_only=True):
    """Legacy completions."""

    id: str
    """The form of an id."""
    usage: Form
    plain: Answer
    """In its body the one choice stands for each."""
    stream: TextStream
    max_tokens: Count = 16
    """How many tokens an answer has at the most, where the request does not say."""
    choices: Count = 2048
    """The most choices of an answer, those of all prompts together."""


class Embeddings(Section, frozen=True, kw_only=True):
    """Texts as vectors."""

    plain: Answer
    """In its body the one entry stands for each input."""
    inputs: Count = 2048
    """The most inputs of a request."""
    tokens: Count = 300_000
    """The most tokens that they may have together."""


class Moderations(Section, frozen=True, kw_only=True):
    """Texts and images, and what is wrong with them."""

    id: str
    """The form of an id."""
    plain: Answer
    """In its body the one result stands for each."""
    categories: dict[str, list[Literal["text", "image"]]]
    """In the order in which they are sent, and the kinds of input that each looks at. A text is flagged for a category
    if the category's name stands in it."""
    model: str
    """The model that is asked where the request names none."""
    inputs: Count = 2048
    """The most inputs of a request."""


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
    """Paths into the request and what stands there: a value, or a list of values of which one does. `(thinking)` tells
    whether the answer would reason, `(reasoning_missing)` whether a tool turn of the history lacks its reasoning."""
    refuse: str
    """The key in `errors`."""


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
    """This and the next two are null where the provider has no such endpoint."""
    embeddings: Embeddings | None = None
    moderations: Moderations | None = None
    rules: dict[str, Rule] = {}
    tokens: Tokens = Tokens()
    timing: Timing = Timing()
    sources: dict[str, Source] = {}
    """By quirk, or by the beginning of its dotted key."""
    unknown: list[str] = []
    """What was looked for and not found, and so is the baseline's."""
