"""The Responses API in the baseline's forms: events in their order lead to what is said at once."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from openai import omit
from openai.lib.streaming.responses import ResponseStreamState
from openai.types.responses import Response, ResponseStreamEvent

from mockprovider import sse
from mockprovider.profiles.endpoints import Responses
from mockprovider.profiles.schema import Model
from mockprovider.synthesis.asked import Tool
from mockprovider.synthesis.calling import Call
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.dialects.conversing import items_of
from mockprovider.synthesis.dialects.responses import Made, ResponseRequest, ResponseWriter, read
from mockprovider.synthesis.reply import Reply, reply
from mockprovider.synthesis.tokens import pieces
from tests.strategies import law, surrogate_texts, texts
from tests.synthesis.judging import judged, profile, unknown_to

PROFILE = profile("openai")
QUIET = Model(owner="x")
HIDING = Model(
    thinks="hidden", logprobs=False, efforts=["low"], effort="low", turns="current_turn", phase="final_answer"
)
WEATHER = {"type": "function", "name": "get_weather", "parameters": {"properties": {"city": {"type": "string"}}}}
RUN = {"type": "custom", "name": "run_code", "description": "Runs code"}
REFUSED = Reply(refusal="I can’t help with that.")
UNKNOWN = {
    "billing",
    "frequency_penalty",
    "presence_penalty",
    "store",
    "obfuscation",
    "output.status",
    "item.status",
    "logprobs.bytes",
    "logprobs.top_logprobs.bytes",
}
"""Keys that the SDK's types do not have and OpenAI sends; those of a response and those of an event."""

SNAPSHOTS = ("response.output_text.delta", "response.function_call_arguments.delta")
"""Events that the SDK adds to what it has heard before."""

Body = Mapping[str, Any]


def forms() -> Responses:
    """What the baseline says of responses."""
    assert PROFILE.responses is not None
    return PROFILE.responses


@dataclass(frozen=True)
class Case:
    """A request, the model that answers, and what it says where that is scripted."""

    body: Body
    model: Model = QUIET
    said: Reply | None = None

    def request(self, **more: Any) -> ResponseRequest:
        whole = {"model": "m", "input": "Hello", **self.body, **more}
        return read(whole, items_of(whole["input"]), "m", self.model)

    def reply(self) -> Reply:
        return self.said or reply(self.request().asked, "openai")

    def made(self, material: bytes = b"x", **more: Any) -> Made:
        writer = ResponseWriter(PROFILE, forms())
        return writer.made(self.request(**more), self.reply(), self.model, Chance(material))

    def whole(self, **more: Any) -> dict[str, Any]:
        """The response as one body."""
        return self.made(**more).whole

    def events(self, **more: Any) -> list[dict[str, Any]]:
        """The events of an answer that is streamed, as data."""
        made = self.made(stream=True, **more)
        return [json.loads(frame.data or "") for event in made.events for frame in sse.frames(event)]


CASES = {
    "text": Case({}),
    "a text of some length": Case({"input": 'Say 60 words, naïve 你好 😀 "quoted" \\ \n'}),
    "a text cut short": Case({"max_output_tokens": 16}),
    "a text with probabilities": Case({"top_logprobs": 2}),
    "no text at all": Case({}, said=Reply()),
    "a JSON object": Case({"text": {"format": {"type": "json_object"}}}),
    "a call": Case({"tools": [WEATHER], "input": "The weather in Paris?"}),
    "several calls": Case({"tools": [WEATHER], "input": "The weather in Paris and London?"}),
    "a custom tool's call": Case({"tools": [RUN], "input": "Run code for me"}),
    "calls of both kinds": Case({"tools": [RUN, WEATHER], "input": "Run code and tell the weather"}),
    "a call cut short": Case({"max_output_tokens": 16}, said=Reply(calls=(Call("f", '{"ci'),), finish="length")),
    "a call of something without arguments": Case({}, said=Reply(calls=(Call("f", ""),), finish="tool_calls")),
    "text and a call": Case({}, said=Reply("Let me see.", calls=(Call("f", "{}"),), finish="tool_calls")),
    "a refusal": Case({}, said=REFUSED),
    "a text that a filter ended": Case({}, said=Reply("So", finish="content_filter")),
    "reasoning": Case({}, HIDING),
    "reasoning with a summary": Case({"reasoning": {"summary": "auto"}}, HIDING),
    "reasoning cut short": Case({"max_output_tokens": 16}, HIDING),
    "reasoning before a call": Case({"tools": [WEATHER], "tool_choice": "required"}, HIDING),
    "reasoning that is scripted": Case({}, said=Reply("4", thinking="Two and two.")),
    "reasoning that only the provider can read": Case({"include": ["reasoning.encrypted_content"]}, HIDING),
    "in the background": Case({"background": True}),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
ENDS = ("output_item.done",)
TEXT = ("output_item.added", "content_part.added", "output_text.delta", "output_text.done", "content_part.done", *ENDS)
CALL = ("output_item.added", "function_call_arguments.delta", "function_call_arguments.done", *ENDS)
CUSTOM = ("output_item.added", "custom_tool_call_input.delta", "custom_tool_call_input.done", *ENDS)
SILENT = ("output_item.added", *ENDS)
SUMMARY = (
    "output_item.added",
    *(f"reasoning_summary_{each}" for each in ("part.added", "text.delta", "text.done", "part.done")),
    *ENDS,
)
REFUSAL = ("output_item.added", "content_part.added", "refusal.delta", "refusal.done", "content_part.done", *ENDS)
ORDERS: dict[str, Sequence[str]] = {
    "text": (*TEXT, "completed"),
    "a text cut short": (*TEXT, "incomplete"),
    "a text with probabilities": (*TEXT, "completed"),
    "no text at all": (*SILENT, "completed"),
    "a call": (*CALL, "completed"),
    "several calls": (*CALL, *CALL, "completed"),
    "a custom tool's call": (*CUSTOM, "completed"),
    "calls of both kinds": (*CUSTOM, *CALL, "completed"),
    "a call cut short": (*CALL, "incomplete"),
    "a call of something without arguments": ("output_item.added", CALL[2], *ENDS, "completed"),
    "text and a call": (*TEXT, *CALL, "completed"),
    "a refusal": (*REFUSAL, "completed"),
    "a text that a filter ended": (*TEXT, "incomplete"),
    "reasoning": (*SILENT, *TEXT, "completed"),
    "reasoning with a summary": (*SUMMARY, *TEXT, "completed"),
    "reasoning cut short": (*SILENT, "incomplete"),
    "reasoning before a call": (*SILENT, *CALL, "completed"),
    "reasoning that is scripted": (*SUMMARY, *TEXT, "completed"),
}
"""The events of each case after the first two, with one delta for all of them in a row."""


def kind(event: Mapping[str, Any]) -> str:
    """What an event is, in short."""
    return str(event["type"]).removeprefix("response.")


@pytest.mark.parametrize("what", ORDERS)
def test_events_come_in_their_order(what: str) -> None:
    order = [name for name, _ in itertools.groupby(map(kind, CASES[what].events()))]
    assert order == ["created", "in_progress", *ORDERS[what]]


def test_in_the_background_a_response_is_queued_before_it_is_in_progress() -> None:
    begun = CASES["in the background"].events()[:3]
    assert [(kind(event), event["response"]["status"]) for event in begun] == [
        ("created", "queued"),
        ("queued", "queued"),
        ("in_progress", "in_progress"),
    ]


@every_case
def test_events_are_counted_from_0_without_a_gap(case: Case) -> None:
    events = case.events()
    assert [event["sequence_number"] for event in events] == list(range(len(events)))


@every_case
def test_an_event_is_one_closed_frame_named_after_its_type(case: Case) -> None:
    for event in case.made(stream=True).events:
        (frame,) = sse.frames(event)
        assert (frame.closed, frame.event) == (True, json.loads(frame.data or "")["type"])


@every_case
def test_the_sdk_knows_every_event(case: Case) -> None:
    unknown = {
        key.removeprefix("response.") for event in case.events() for key in unknown_to(ResponseStreamEvent, event)
    }
    assert unknown <= UNKNOWN


@every_case
def test_the_sdk_knows_every_response(case: Case) -> None:
    assert unknown_to(Response, case.whole()) <= UNKNOWN
    assert unknown_to(Response, case.made().begun) <= UNKNOWN


def heard(output: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """What the texts and functions among output items say, by their place."""
    said = [item.get("arguments") or "".join(p.get("text", "") for p in item.get("content", ())) for item in output]
    return {number: text for number, text in enumerate(said) if text}


@every_case
def test_the_sdk_hears_in_the_events_what_is_said_at_once(case: Case) -> None:
    state = ResponseStreamState(input_tools=omit, text_format=omit)
    found = [each for event in case.events() for each in state.handle_event(judged(ResponseStreamEvent, event))]
    snapshots = {each.output_index: each.snapshot for each in found if each.type in SNAPSHOTS}  # type: ignore[union-attr]
    assert snapshots == heard(case.whole()["output"])


@every_case
def test_the_last_event_brings_what_is_said_at_once_but_for_who_pays(case: Case) -> None:
    whole = case.whole()
    assert whole.pop("billing") == {"payer": "developer"}
    assert case.events()[-1]["response"] == whole


@every_case
def test_deltas_joined_are_what_is_said_when_they_are_done(case: Case) -> None:
    joined = dict[tuple[int, str], str]()
    for event in case.events():
        what, _, how = kind(event).rpartition(".")
        at = event.get("output_index", 0), what
        if how == "delta":
            joined[at] = joined.get(at, "") + event["delta"]
        elif how == "done" and {"text", "arguments", "input", "refusal"} & event.keys():
            said = next(event[key] for key in ("text", "arguments", "input", "refusal") if key in event)
            assert joined.pop(at, "") == said
    assert joined == {}


@every_case
def test_items_and_parts_that_are_done_are_those_of_the_response(case: Case) -> None:
    events, output = case.events(), case.whole()["output"]
    assert [event["item"] for event in events if kind(event) == "output_item.done"] == output
    parts = [part for item in output for part in (item.get("summary") or item.get("content") or ())]
    assert [event["part"] for event in events if kind(event).endswith("part.done")] == parts


@every_case
def test_an_item_begins_empty_and_in_progress(case: Case) -> None:
    output = case.whole()["output"]
    begun = [event["item"] for event in case.events() if kind(event) == "output_item.added"]
    empty = {"status": "in_progress", "content": [], "summary": [], "arguments": "", "input": ""}
    assert begun == [{**item, **{key: empty[key] for key in empty if key in item}} for item in output]


@every_case
def test_each_event_inside_an_item_names_it_and_its_place(case: Case) -> None:
    ids = [item["id"] for item in case.whole()["output"]]
    inside = [event for event in case.events() if "item_id" in event]
    assert all(event["item_id"] == ids[event["output_index"]] for event in inside)


@every_case
def test_a_streamed_response_begins_with_nothing_said_and_nothing_counted(case: Case) -> None:
    first, whole = case.events()[0]["response"], case.whole()
    assert (first["output"], first["usage"], first["completed_at"], "billing" in first) == ([], None, None, False)
    differing = {key for key in first if first[key] != whole[key]}
    assert differing <= {"status", "output", "usage", "completed_at", "service_tier", "incomplete_details"}


@every_case
def test_the_same_request_and_chance_give_the_same_response(case: Case) -> None:
    assert case.made(stream=True) == case.made(stream=True)


@every_case
def test_another_chance_gives_other_ids(case: Case) -> None:
    assert len({case.made(b"%d" % number).whole["id"] for number in range(10)}) == 10


@every_case
def test_nothing_of_a_form_is_left(case: Case) -> None:
    made = case.made(stream=True)
    for text in (b"".join(made.events).decode(), json.dumps([made.whole, made.begun])):
        assert "$" not in text
        assert "\\u0000" not in text


@every_case
def test_usage_adds_up(case: Case) -> None:
    usage = case.whole()["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert usage["output_tokens_details"]["reasoning_tokens"] <= usage["output_tokens"]


def test_a_scripted_usage_goes_before_what_was_counted() -> None:
    case = Case({}, said=Reply("Hi", usage={"prompt_tokens": 1000, "cached_tokens": 900}))
    usage = case.whole()["usage"]
    assert (usage["input_tokens"], usage["input_tokens_details"]["cached_tokens"]) == (1000, 900)
    assert usage["total_tokens"] == 1000 + usage["output_tokens"]


@every_case
def test_events_are_there_only_where_somebody_will_read_them(case: Case) -> None:
    assert bool(case.made().events) == ("background" in case.body)
    assert case.made(stream=True).events


@every_case
def test_nothing_is_padded_where_a_client_wants_that(case: Case) -> None:
    events = case.events(stream_options={"include_obfuscation": False})
    assert not any("obfuscation" in event for event in events)


@every_case
def test_deltas_are_padded_and_nothing_else_is(case: Case) -> None:
    assert all(("obfuscation" in event) == kind(event).endswith(".delta") for event in case.events())


def test_paddings_are_of_many_lengths() -> None:
    events = CASES["a text of some length"].events()
    assert len({event["obfuscation"] for event in events if "delta" in event}) > 15


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("a text cut short", "max_output_tokens"),
        ("a call cut short", "max_output_tokens"),
        ("reasoning cut short", "max_output_tokens"),
        ("a text that a filter ended", "content_filter"),
    ],
)
def test_a_response_that_was_cut_is_incomplete_and_says_why(what: str, reason: str) -> None:
    whole = CASES[what].whole()
    assert (whole["status"], whole["incomplete_details"]) == ("incomplete", {"reason": reason})
    assert whole["completed_at"] is None


@pytest.mark.parametrize("what", ["a text cut short", "a call cut short"])
def test_an_item_that_was_cut_is_incomplete(what: str) -> None:
    (item,) = CASES[what].whole()["output"]
    assert item["status"] == "incomplete"


def test_arguments_that_were_cut_stop_in_the_middle_of_the_json() -> None:
    (item,) = CASES["a call cut short"].whole()["output"]
    assert item["arguments"] == '{"ci'


def test_reasoning_alone_is_left_where_it_used_up_all_tokens() -> None:
    whole = CASES["reasoning cut short"].whole()
    assert [item["type"] for item in whole["output"]] == ["reasoning"]
    assert whole["usage"]["output_tokens"] == whole["usage"]["output_tokens_details"]["reasoning_tokens"] == 16


def test_a_response_that_is_complete_says_when() -> None:
    whole = CASES["text"].whole()
    assert (whole["status"], whole["incomplete_details"]) == ("completed", None)
    assert whole["completed_at"] > whole["created_at"]


def test_in_the_background_a_response_is_queued_until_it_is_there() -> None:
    made = CASES["in the background"].made()
    assert (made.begun["status"], made.whole["status"]) == ("queued", "completed")
    assert (made.begun["output"], made.begun["usage"], made.begun["id"]) == ([], None, made.whole["id"])


def test_calls_have_ids_of_their_own() -> None:
    calls = CASES["several calls"].whole()["output"]
    assert len({call["id"] for call in calls} | {call["call_id"] for call in calls}) == 4
    assert [call["arguments"] for call in calls] == ['{"city":"Paris"}', '{"city":"London"}']


def test_a_custom_call_brings_its_input() -> None:
    (call,) = CASES["a custom tool's call"].whole()["output"]
    assert (call["type"], call["name"], call["input"]) == ("custom_tool_call", "run_code", "me")


def test_a_refusal_is_a_part_of_the_message() -> None:
    (item,) = CASES["a refusal"].whole()["output"]
    assert item["content"] == [{"type": "refusal", "refusal": REFUSED.refusal}]


def test_a_refusal_begins_with_an_empty_part() -> None:
    (part,) = [event["part"] for event in CASES["a refusal"].events() if kind(event) == "content_part.added"]
    assert part == {"type": "refusal", "refusal": ""}


def test_reasoning_comes_first_and_has_no_summary_unless_asked() -> None:
    reasoning, message = CASES["reasoning"].whole()["output"]
    assert (reasoning["type"], reasoning["summary"], message["type"]) == ("reasoning", [], "message")
    assert "encrypted_content" not in reasoning


@pytest.mark.parametrize("asked", [{"summary": "auto"}, {"summary": "detailed"}, {"generate_summary": "concise"}])
def test_reasoning_is_summed_up_where_that_is_asked_for(asked: Body) -> None:
    whole = Case({"reasoning": asked}, HIDING).whole()
    (part,) = whole["output"][0]["summary"]
    assert (part["type"], bool(part["text"])) == ("summary_text", True)
    assert whole["reasoning"]["summary"] in asked.values()


def test_reasoning_that_is_scripted_is_its_own_summary() -> None:
    reasoning, _ = CASES["reasoning that is scripted"].whole()["output"]
    assert reasoning["summary"] == [{"type": "summary_text", "text": "Two and two."}]


def test_what_only_the_provider_can_read_comes_where_it_is_asked_for() -> None:
    reasoning, _ = CASES["reasoning that only the provider can read"].whole()["output"]
    assert reasoning["encrypted_content"].startswith("gAAAA")


def test_a_model_that_does_not_reason_has_no_reasoning() -> None:
    whole = Case({"reasoning": {"summary": "auto"}, "include": ["reasoning.encrypted_content"]}).whole()
    assert [item["type"] for item in whole["output"]] == ["message"]


@pytest.mark.parametrize(("model", "phase"), [(HIDING, "final_answer"), (QUIET, None)])
def test_a_message_has_a_phase_where_the_model_has(model: Model, phase: str | None) -> None:
    assert Case({}, model).whole()["output"][-1].get("phase") == phase


def odds(case: Case) -> list[Any]:
    """The probabilities in the deltas of a text."""
    return [event["logprobs"] for event in case.events() if kind(event) == "output_text.delta"]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ({"top_logprobs": 2}, 2),
        ({"include": ["message.output_text.logprobs"]}, 0),
        ({"include": ["message.output_text.logprobs"], "top_logprobs": 3}, 3),
    ],
)
def test_probabilities_come_with_their_piece_and_all_at_the_end(body: Body, count: int) -> None:
    case = Case(body)
    (part,) = case.whole()["output"][0]["content"]
    assert odds(case) == [[token] for token in part["logprobs"]]
    assert [token["token"] for token in part["logprobs"]] == list(pieces(part["text"]))
    assert {len(token["top_logprobs"]) for token in part["logprobs"]} == {count}


@pytest.mark.parametrize("case", [Case({}), Case({"top_logprobs": 0}), Case({"top_logprobs": 2}, HIDING)])
def test_probabilities_that_nobody_asked_for_or_has_are_an_empty_list(case: Case) -> None:
    assert case.whole()["output"][-1]["content"][0]["logprobs"] == []
    assert {len(each) for each in odds(case)} == {0}


@law(20)
@given(surrogate_texts)
def test_half_a_character_in_a_request_does_not_keep_the_answer_from_being_sent(text: str) -> None:
    made = Case({"input": text, "top_logprobs": 1}).made(stream=True)
    assert ResponseWriter(PROFILE, forms()).body(made.whole)
    assert b"".join(made.events)


@law(30)
@given(texts.filter(lambda text: 0 < len(text) < 100))
def test_what_a_client_says_comes_back_as_it_was_said_whatever_it_is(text: str) -> None:
    said = f"{text} $model $hex8 $delta"
    whole = Case({"input": said}).whole()
    assert f"“{' '.join(said.split())}”" in whole["output"][0]["content"][0]["text"]


def test_a_body_is_spelled_as_the_profile_spells() -> None:
    whole = CASES["text"].whole()
    said = ResponseWriter(PROFILE, forms()).body(whole)
    assert said == json.dumps(whole, indent=2, ensure_ascii=False).encode()


GIVEN: Body = {
    "instructions": "Be kind",
    "max_output_tokens": 500,
    "max_tool_calls": 3,
    "metadata": {"a": "b"},
    "parallel_tool_calls": False,
    "previous_response_id": "resp_1",
    "prompt_cache_key": "key",
    "prompt_cache_retention": "24h",
    "safety_identifier": "me",
    "store": False,
    "temperature": 0,
    "tool_choice": "none",
    "top_logprobs": 2,
    "top_p": 0.5,
    "truncation": "auto",
    "user": "me",
    "background": True,
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_response_repeats_what_was_asked_for(name: str) -> None:
    assert Case({name: GIVEN[name]}).whole()[name] == GIVEN[name]


@pytest.mark.parametrize("name", GIVEN)
def test_null_is_what_was_not_said(name: str) -> None:
    assert Case({name: None}).whole()[name] == Case({}).whole()[name]


@pytest.mark.parametrize(
    ("text", "format_", "verbosity"),
    [
        ({}, {"type": "text"}, "medium"),
        ({"verbosity": "low"}, {"type": "text"}, "low"),
        ({"format": {"type": "json_object"}}, {"type": "json_object"}, "medium"),
        (
            {"format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}}},
            {"type": "json_schema", "description": None, "name": "n", "schema": {"type": "object"}, "strict": False},
            "medium",
        ),
    ],
)
def test_a_response_repeats_its_format(text: Body, format_: Body, verbosity: str) -> None:
    assert Case({"text": text}).whole()["text"] == {"format": format_, "verbosity": verbosity}


@pytest.mark.parametrize(
    ("tool", "repeated"),
    [
        (WEATHER, {**WEATHER, "description": None, "strict": True}),
        ({**WEATHER, "strict": False, "odd": 1}, {**WEATHER, "description": None, "strict": False}),
        (
            {"type": "function", "name": "f"},
            {"type": "function", "name": "f", "description": None, "parameters": None, "strict": True},
        ),
        (RUN, RUN),
        ({"type": "web_search"}, {"type": "web_search"}),
    ],
)
def test_a_response_repeats_its_tools(tool: Body, repeated: Body) -> None:
    assert Case({"tools": [tool]}).whole()["tools"] == [repeated]


@pytest.mark.parametrize(
    ("asked", "served"), [(None, "default"), ("auto", "default"), ("flex", "flex"), ("fast", "priority")]
)
def test_a_request_is_served_in_the_tier_that_it_wants(asked: str | None, served: str) -> None:
    assert Case({"service_tier": asked}).whole()["service_tier"] == served


@pytest.mark.parametrize(("asked", "effort"), [({"effort": "high"}, "high"), ({}, "low"), (None, "low")])
def test_the_effort_is_that_of_the_request_else_of_the_model(asked: Any, effort: str) -> None:
    assert Case({"reasoning": asked}, HIDING).whole()["reasoning"]["effort"] == effort


def test_a_model_may_answer_under_another_name() -> None:
    assert Case({}, Model(answers_as="m-2026")).whole()["model"] == "m-2026"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"stream": False, "background": False, "obfuscated": True, "alternatives": None, "encrypted": False}),
        ({"stream": True}, {"stream": True}),
        ({"stream": 1}, {"stream": False}),
        ({"background": True}, {"background": True}),
        ({"stream_options": {"include_obfuscation": False}}, {"obfuscated": False}),
        ({"stream_options": None}, {"obfuscated": True}),
        ({"include": None}, {"alternatives": None, "encrypted": False}),
        ({"reasoning": {"summary": "auto"}}, {"summary": "auto"}),
        ({"reasoning": None}, {"summary": None}),
    ],
)
def test_a_request_is_read(body: Body, expected: dict[str, Any]) -> None:
    found = Case(body).request()
    assert {key: getattr(found, key) for key in expected} == expected


HELLO = {"role": "user", "content": "Hello"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"messages": (HELLO,), "tools": (), "tool_choice": "auto", "parallel": True, "limit": None}),
        ({"instructions": "Be kind"}, {"messages": ({"role": "system", "content": "Be kind"}, HELLO)}),
        ({"instructions": None}, {"messages": (HELLO,)}),
        ({"max_output_tokens": 16}, {"limit": 16}),
        ({"tools": [RUN], "tool_choice": "required"}, {"tools": (Tool("run_code", "Runs code", custom=True),)}),
        ({"tool_choice": None}, {"tool_choice": "auto"}),
        ({"tool_choice": {"type": "function", "name": "f"}}, {"tool_choice": "f"}),
        ({"parallel_tool_calls": False}, {"parallel": False}),
        ({"text": None}, {"shape": "text", "schema": None}),
        ({"text": {"format": {"type": "json_object"}}}, {"shape": "json_object"}),
        (
            {"text": {"format": {"type": "json_schema", "name": "x", "schema": {"type": "object"}}}},
            {"shape": "json_schema", "schema": {"type": "object"}},
        ),
    ],
)
def test_what_is_asked_for_is_read(body: Body, expected: dict[str, Any]) -> None:
    asked = Case(body).request().asked
    assert {key: getattr(asked, key) for key in expected} == expected


@pytest.mark.parametrize(("effort", "hides"), [("high", True), ("none", False), ("minimal", False), (None, True)])
def test_a_model_thinks_in_silence_by_the_effort(effort: Any, hides: bool) -> None:
    assert bool(Case({"reasoning": {"effort": effort}}, HIDING).request().asked.hidden) == hides
