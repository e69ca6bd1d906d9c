"""The forms that a profile is made of: what is sent, written out with holes, and how it is spelled.

A *form* (a frame, a body) is written out as the provider sends it, key order and null-versus-absent included.
A string `"$name"` in it is a hole: it takes a value of whatever type, or, where there is nothing to say, the key goes
(and a mapping whose keys have all gone goes too). `$name` inside a longer string takes text. A list of one entry with
`$tool_...` holes stands for one entry a tool call, and `choices` for one entry a choice; so do the `data` of embeddings
and the `results` of moderations for one entry an input. The holes are listed in `synthesis/frames.py`.

A key may say when it is sent: `"key?condition": value`, and `"key?!condition"` for when it does not hold; several are
joined by `&`. Two keys of one name may stand beside each other so. In chat completions there are `calls`, `logprobs`
(asked for), `schema` (asked for), `text`, `thinking` (shown) and `usage_asked`.
"""

from typing import Annotated, Any, Literal

import msgspec

Form = dict[str, Any]
"""A JSON object as the provider sends it, with $holes."""
Texts = dict[str, str]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]
Count = Annotated[int, msgspec.Meta(ge=1)]


ATOMS = {
    "body",
    "usage",
    "running_usage",
    "entry",
    "listing",
    "deleted",
    "counted",
    "custom_call",
    "when",
    "headers",
    "spelling",
    "known",
    "patterns",
    "categories",
    "aliases",
    "ignores",
    "switches",
    "finish_reasons",
    "native_finish_reasons",
    "waiting",
    "shows",
    "variants",
}
"""Keys whose value is replaced, and compared, whole: what stands in a profile is all that is sent."""
OF_ATOMS = {"frames", "items", "parameters"}
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


class Waiting(Section, frozen=True, kw_only=True):
    """What is sent while the client waits for an answer."""

    text: str
    times: Annotated[int, msgspec.Meta(ge=0, le=100)] = 1


class Answer(Section, frozen=True, kw_only=True):
    """An answer that is one body."""

    spelling: Spelling = Spelling()
    headers: Texts = {}
    """Names and values in the order in which they are sent, content type and all."""
    waiting: Waiting | None = None
    framing: Literal["chunked", "length"] = "length"
    body: Form = {}


class Events(Section, frozen=True, kw_only=True):
    """An answer as server-sent events, whatever they say."""

    spelling: Spelling = Spelling()
    headers: Texts = {}
    begin: str = ""
    """The bytes before everything."""
    waiting: Waiting | None = None
    event: str = "data: $json\n\n"
    """The bytes of one event around a frame. What stands on the line before `$json` stands before each of its lines."""
    done: str = "data: [DONE]\n\n"
    """The bytes that close the stream; empty where nothing does."""
    usage_frame: Literal["asked", "always", "never"] = "asked"
    """When `frames.usage` is sent: if `stream_options.include_usage` asks for it, always, or never."""
    writes: Literal["event", "glued", "split"] = "event"
    """What goes into one write to the network: an event, several, or one's end with the next one's beginning."""
