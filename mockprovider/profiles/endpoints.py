"""What a profile says of each endpoint: what a request may hold, and in which forms it is answered."""

from typing import Annotated, Any, Literal

import msgspec

from mockprovider.profiles.forms import Answer, Count, Events, Form, Section, Texts
from mockprovider.profiles.parameters import Parameters


class Frames(Section, frozen=True, kw_only=True):
    """The frames of a stream. The special ones stand in for the plain ones where they apply and are given.

    One that opens a choice, or closes it, may have `$text`: then it brings the first, or the last, piece with it. Not
    inherited from the baseline one by one: a profile that has frames of its own has them all.
    """

    prelude: Form | None = None
    """Once, before all choices."""
    first: Form | None = None
    """Opens a choice."""
    first_thinking: Form | None = None
    """Opens a choice that begins with reasoning."""
    first_tool: Form | None = None
    """Opens a choice that is a single tool call, together with that call."""
    first_tools: Form | None = None
    """Opens a choice that is several tool calls."""
    thinking: Form | None = None
    """A piece of reasoning."""
    thinking_end: Form | None = None
    """Once, after the reasoning."""
    text: Form
    """A piece of text."""
    text_after_thinking: Form | None = None
    first_refusal: Form | None = None
    """Opens a choice that is a refusal."""
    refusal: Form | None = None
    """A piece of a refusal."""
    tool: Form | None = None
    """Opens a tool call."""
    tool_arguments_first: Form | None = None
    """The first piece of a tool call's arguments."""
    tool_arguments: Form | None = None
    """A piece of a tool call's arguments; null where they come whole in `tool`."""
    tool_end: Form | None = None
    """Closes a tool call."""
    tools: Form | None = None
    """All tool calls at once, in place of `tool` and what follows it."""
    custom_tool: Form | None = None
    """Opens the call of a custom tool."""
    custom_input: Form | None = None
    """A piece of its input."""
    first_function: Form | None = None
    """Opens a choice that is a call of a legacy function."""
    function_arguments: Form | None = None
    """A piece of its arguments."""
    first_audio: Form | None = None
    """Opens a choice in sound."""
    audio_begin: Form | None = None
    """The first piece of what is said in it."""
    audio_text: Form | None = None
    """Another piece."""
    audio_data: Form | None = None
    """A piece of the sound."""
    audio_end: Form | None = None
    """Says how long the sound is kept; after the usage, as is seen with OpenAI."""
    finish: Form
    """Closes a choice."""
    finish_after_thinking: Form | None = None
    finish_tools: Form | None = None
    """Closes a choice with tool calls. If it has a list of them, it brings them all, and they are not sent before."""
    usage: Form | None = None
    """Follows the last finish frame, where `usage_frame` says so."""
    closing: Form | None = None
    """Once, after all else."""


class Stream(Events, frozen=True, kw_only=True):
    """A chat completion as events."""

    frames: Frames


class Switch(Section, frozen=True, kw_only=True):
    """What turns reasoning on and off; "*" stands for whatever else there is but null."""

    on: list[Any] = []
    off: list[Any] = []


class Thinking(Section, frozen=True, kw_only=True):
    """Whether to reason, and where it is said."""

    switches: dict[str, Switch] = {}
    """By the path in the request, such as `thinking.type`; the first that says anything counts."""
    tags: Annotated[list[str], msgspec.Meta(min_length=2, max_length=2)] | None = None
    """What opens and closes the reasoning, where it is said within the text."""


class Chat(Section, frozen=True, kw_only=True):
    """Chat completions."""

    parameters: Parameters = {}
    """What a request may hold. Not inherited: what one provider refuses says nothing of another."""
    closed: bool = False
    """Whether other parameters are refused."""
    ignores: list[str] = []
    """Parameters that pass, whatever they say, and change nothing."""

    id: str
    """The form of an id, with generators such as `$alnum29`, and `$created`, `$stamp` and `$request_id`."""
    tool_id: str
    """The form of a tool call's id; `${tool_number}` counts from 00, `${tool_index}` from 0, `${tool_place}` from 1,
    and `${tool_name}` is the tool's."""
    usage: Form
    running_usage: Form | None = None
    """What stands in `$running_usage`: the usage so far, with `$completion_tokens_so_far`, `$total_tokens_so_far`."""
    plain: Answer
    stream: Stream
    empty_content: Literal[""] | None = None
    """What `content` is beside tool calls."""
    stored: bool = False
    """Whether it keeps what `store` asks it to, to be read again."""
    custom_call: Form | None = None
    """The call of a custom tool in a plain body, in place of a function's."""
    finish_reasons: Texts = {}
    """Finish reasons that have another name here, by OpenAI's."""
    native_finish_reasons: Texts = {}
    """What `$native_finish_reason` says, by OpenAI's."""
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

    parameters: Parameters = {}
    """What a request may hold beside its prompt."""

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

    parameters: Parameters = {}
    """What a request may hold beside its input."""

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


class ResponseFrames(Section, frozen=True, kw_only=True):
    """The events of a streamed response, in the order in which they come."""

    created: Form
    queued: Form
    """Only where it is made in the background."""
    in_progress: Form
    item_added: Form
    part_added: Form
    text_delta: Form
    text_done: Form
    refusal_delta: Form
    refusal_done: Form
    part_done: Form
    arguments_delta: Form
    arguments_done: Form
    input_delta: Form
    input_done: Form
    summary_part_added: Form
    summary_delta: Form
    summary_done: Form
    summary_part_done: Form
    item_done: Form
    completed: Form
    incomplete: Form


class ResponseStream(Events, frozen=True, kw_only=True):
    """A response as events; `$type` in `event` is the frame's own."""

    frames: ResponseFrames


class Items(Section, frozen=True, kw_only=True):
    """What a response's output is made of."""

    message: Form
    reasoning: Form
    """With `$summary`, and with `$thinking` where the model reasons in the open."""
    function_call: Form
    custom_tool_call: Form
    text: Form
    """The content of a message: `$logprobs`, `$text`."""
    refusal: Form
    summary: Form
    """What is shown of reasoning: `$text`."""


class Responses(Section, frozen=True, kw_only=True):
    """The Responses API: answers that are kept, and can be built upon."""

    parameters: Parameters = {}
    closed: bool = False
    id: str
    item_ids: dict[Literal["message", "reasoning", "function_call", "custom_tool_call"], str]
    """The forms of the ids of what it makes; `${index}` is its place in the output."""
    call_id: str
    usage: Form
    body: Form
    """A response. Its holes are listed in `synthesis/dialects/responses.py`; its status is a condition of its keys."""
    items: Items
    plain: Answer
    """The headers and spelling of an answer that is one body; its own body is not used."""
    stream: ResponseStream
    deleted: Form
    listing: Form
    """A list of input items: `$entries`, `$first_id`, `$has_more`, `$last_id`."""
    counted: Form
    """How many tokens an input has: `$prompt_tokens`."""
    stored: bool = True
    """Whether it keeps what it answers, to be read again and built upon."""
    kept: Count = 1000
    """How many are kept for each key; after that the oldest goes."""
