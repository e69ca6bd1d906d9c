"""The bugs in cassettes/bugs: what each says of itself, that it is replayed to the byte, what an SDK makes of it."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

import httpx
import openai
import pytest

from mockprovider.cassettes.secrets.lint import lint
from mockprovider.cassettes.store import Cassette, Entry
from mockprovider.serving.app import Mock
from mockprovider.sources.replay import Replay
from mockprovider.tape import Exchange, Origin, ending_name
from tests.bugs_table import BUGS, PAGE, named, page, question
from tests.fakes import NO_TLS, ask, post, serving

CASSETTE = Cassette.open(BUGS)
ENTRIES = {entry.path.stem.partition("-")[2]: entry for entry in CASSETTE.entries}
every_bug = pytest.mark.parametrize("entry", [pytest.param(entry, id=name) for name, entry in ENTRIES.items()])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(Mock(replay=Replay([CASSETTE]), speed=0.0)) as server:
        yield server


def test_there_are_thirty_bugs_of_fifteen_providers() -> None:
    providers = {named(CASSETTE.exchange(entry))[0] for entry in CASSETTE.entries}
    assert (len(CASSETTE.entries) >= 30, len(providers) >= 15) == (True, True)


@every_bug
def test_a_bug_says_that_it_was_reconstructed(entry: Entry) -> None:
    assert CASSETTE.exchange(entry).origin is Origin.RECONSTRUCTED


@every_bug
def test_a_bug_has_a_public_address_and_says_what_breaks(entry: Entry) -> None:
    source = CASSETTE.exchange(entry).source
    assert source is not None
    assert httpx.URL(source.at).host in {"github.com", "api-docs.deepseek.com"}
    assert source.says.endswith(".")


@every_bug
def test_a_bug_is_known_and_not_inferred(entry: Entry) -> None:
    source = CASSETTE.exchange(entry).source
    assert source is not None
    assert source.confidence in {"recorded", "documented", "reported"}


@every_bug
def test_a_bug_was_seen_on_a_day_that_has_been(entry: Entry) -> None:
    source = CASSETTE.exchange(entry).source
    assert source is not None
    begun = date.fromisoformat(source.date + "-01-01"[len(source.date) - 4 :])
    assert date(2023, 1, 1) <= begun <= date(2026, 11, 21)


@every_bug
def test_a_bug_names_its_provider_and_itself(entry: Entry) -> None:
    assert all(named(CASSETTE.exchange(entry)))


def test_every_bug_has_a_question_of_its_own() -> None:
    questions = [question(CASSETTE.exchange(entry)) for entry in CASSETTE.entries]
    assert len(set(questions)) == len(questions)


def test_there_is_no_secret_in_them() -> None:
    assert lint([BUGS]) == []


def test_the_table_in_the_documents_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(CASSETTE), "python -m tests.bugs_table"


@every_bug
def test_a_bug_is_replayed_byte_for_byte(entry: Entry, url: str) -> None:
    exchange = CASSETTE.exchange(entry)
    seen, tape = ask(url, post(exchange.request.path, exchange.request.body)), exchange.tape
    assert tape.head is not None
    assert seen.status == tape.head.status
    assert [seen.header(name.decode()) for name, _ in tape.head.headers] == [
        value.decode() for _, value in tape.head.headers
    ]
    assert (seen.chunks, seen.ending) == ([chunk.data for chunk in tape.chunks], ending_name(tape.ending))


def test_a_bug_answers_whatever_the_model_and_the_tools_are(url: str) -> None:
    exchange = CASSETTE.exchange(ENTRIES["groq-event-error"])
    body = json.loads(exchange.request.body) | {"model": "another", "temperature": 0.5, "tools": []}
    seen = ask(url, post(exchange.request.path, json.dumps(body).encode()))
    assert seen.body == exchange.tape.body


class Saw(NamedTuple):
    """What openai-python makes of a bug."""

    answer: Any
    """The completion, or the list of the chunks of a stream."""
    error: Exception | None
    """What it raised at last."""

    @property
    def text(self) -> str:
        return "".join(choice.delta.content or "" for chunk in self.answer for choice in chunk.choices)

    @property
    def calls(self) -> list[Any]:
        """The pieces of tool calls, in their order."""
        choices = [choice for chunk in self.answer for choice in chunk.choices]
        return [call for choice in choices for call in choice.delta.tool_calls or []]

    @property
    def finishes(self) -> list[str | None]:
        return [choice.finish_reason for chunk in self.answer for choice in chunk.choices]


Sees = Callable[[str], Saw]


@pytest.fixture
def sees(url: str) -> Iterator[Sees]:
    """Ask for a bug with openai-python, which asks once."""
    with openai.DefaultHttpxClient(verify=NO_TLS) as transport:

        def see(bug: str) -> Saw:
            exchange = CASSETTE.exchange(ENTRIES[bug])
            base = url + exchange.request.path.removesuffix("/chat/completions")
            client = openai.OpenAI(base_url=base, api_key="sk-mock-bugs", max_retries=0, http_client=transport)
            return _asked(client, exchange)

        yield see


def _asked(client: openai.OpenAI, exchange: Exchange) -> Saw:
    body = json.loads(exchange.request.body)
    model, messages, chunks = body["model"], body["messages"], list[Any]()
    try:
        if not body.get("stream"):
            return Saw(client.chat.completions.create(model=model, messages=messages), None)
        chunks.extend(client.chat.completions.create(model=model, messages=messages, stream=True))
    except (openai.OpenAIError, ValueError) as problem:
        return Saw(chunks, problem)
    return Saw(chunks, None)


BROKEN_JSON = {
    "deepseek-empty-200": "line 1 column 1 (char 0)",
    "deepseek-blank-lines-only": "line 9 column 1 (char 8)",
    "transformers-error-is-no-json": "Expecting ',' delimiter",
    "glm-torn-chunk": "Expecting ',' delimiter",
    "vertex-keep-alive-as-data": "line 1 column 1 (char 0)",
    "llmgateway-ping-after-id": "line 1 column 1 (char 0)",
}


@pytest.mark.parametrize("bug", BROKEN_JSON)
def test_what_is_no_json_is_no_error_of_the_sdk(bug: str, sees: Sees) -> None:
    error = sees(bug).error
    assert isinstance(error, json.JSONDecodeError)
    assert BROKEN_JSON[bug] in str(error)


IN_A_STREAM = {
    "vllm-error-then-done": ("Internal server error", "500", 1),
    "llamacpp-error-then-nothing": ("Context size has been exceeded.", "500", 2),
    "openai-stream-goes-on-after-error": ("Could not finish the message", None, 2),
    "groq-event-error": ("Tool call validation failed", "tool_use_failed", 2),
    "openrouter-error-beside-choices": ("Token limit reached", "400", 2),
}
"""The message, the code, and how many chunks came before."""


@pytest.mark.parametrize("bug", IN_A_STREAM)
def test_an_error_in_a_stream_is_raised_without_a_status(bug: str, sees: Sees) -> None:
    message, code, before = IN_A_STREAM[bug]
    saw = sees(bug)
    assert type(saw.error) is openai.APIError
    assert (saw.error.message.startswith(message), saw.error.code, len(saw.answer)) == (True, code, before)


def test_a_failed_response_is_raised_without_a_status(url: str) -> None:
    with openai.DefaultHttpxClient(verify=NO_TLS) as transport:
        client = openai.OpenAI(base_url=url + "/v1", api_key="sk-mock-bugs", max_retries=0, http_client=transport)
        exchange = CASSETTE.exchange(ENTRIES["openai-response-fails-in-a-200"])
        with pytest.raises(openai.APIError, match="exceeded your current quota") as raised:
            list(client.responses.create(model="gpt-5-mini", input=question(exchange), stream=True))
    assert type(raised.value) is openai.APIError


MUTE: dict[str, type[openai.APIStatusError]] = {
    "qwen-sse-in-a-400": openai.BadRequestError,
    "siliconflow-error-is-a-string": openai.AuthenticationError,
    "gemini-error-is-a-list": openai.BadRequestError,
    "mistral-message-is-an-object": openai.UnprocessableEntityError,
    "litellm-message-is-an-object": openai.BadRequestError,
    "cloudflare-gateway-error-is-a-list": openai.BadRequestError,
    "xai-error-is-a-string": openai.BadRequestError,
    "moonshot-404-in-chinese": openai.NotFoundError,
    "glm-404-of-spring": openai.NotFoundError,
}


@pytest.mark.parametrize("bug", MUTE)
def test_an_error_in_another_shape_has_its_status_and_no_words(bug: str, sees: Sees) -> None:
    error = sees(bug).error
    assert type(error) is MUTE[bug]
    assert str(error) == f"Error code: {error.status_code}"


def test_a_refusal_that_calls_itself_a_byte_stream_keeps_its_words(sees: Sees) -> None:
    error = sees("deepseek-octet-stream-400").error
    assert isinstance(error, openai.BadRequestError)
    assert "maximum context length" in error.message


@pytest.mark.parametrize("bug", ["openrouter-error-with-200", "lmstudio-wrong-path-with-200"])
def test_an_error_with_status_200_is_a_completion_without_choices(bug: str, sees: Sees) -> None:
    answer = sees(bug).answer
    assert (answer.choices, bool(answer.error)) == (None, True)


def test_a_web_page_with_status_200_is_handed_over_as_text(sees: Sees) -> None:
    assert sees("oneapi-web-page-with-200").answer.startswith("<!doctype html>")


@pytest.mark.parametrize("bug", ["llamacpp-error-field", "oneapi-done-and-nothing-else"])
def test_a_failure_that_the_parser_skips_is_an_empty_success(bug: str, sees: Sees) -> None:
    assert sees(bug) == ([], None)


WHOLE = {
    "kimi-data-without-space": "loop {}",
    "llamacpp-bare-colon": "Read.",
    "perplexity-no-done": "Purr more",
    "azure-first-chunk-without-choices": "Hello.",
    "vllm-empty-calls-in-every-delta": "Scattering.",
    "lmstudio-stream-without-text": "",
}


@pytest.mark.parametrize("bug", WHOLE)
def test_what_other_parsers_stumble_over_the_sdk_reads_whole(bug: str, sees: Sees) -> None:
    saw = sees(bug)
    assert (saw.text, saw.finishes[-1], saw.error) == (WHOLE[bug], "stop", None)


def test_white_space_before_the_json_is_read_over(sees: Sees) -> None:
    assert sees("openrouter-space-before-json").answer.choices[0].message.content == "The Wye."


def test_a_stream_that_just_ends_is_a_success_without_a_finish_reason(sees: Sees) -> None:
    saw = sees("opencode-stream-just-ends")
    assert (saw.text, set(saw.finishes), saw.error) == ("Once upon a ti", {None}, None)


def test_a_connection_that_is_cut_is_a_connection_error_after_what_came(sees: Sees) -> None:
    saw = sees("nim-connection-cut")
    assert (saw.text, type(saw.error)) == ("A wall of", openai.APIConnectionError)


INDICES: dict[str, list[int | None]] = {
    "gemini-call-without-index": [None],
    "ollama-every-call-at-index-zero": [0, 0],
    "together-index-minus-one": [-1],
    "nebius-last-piece-at-index-one": [0, 0, 0, 1],
    "anthropic-first-call-at-index-one": [1, 1, 1],
}


@pytest.mark.parametrize("bug", INDICES)
def test_the_pieces_of_calls_have_the_indices_that_were_sent(bug: str, sees: Sees) -> None:
    assert [call.index for call in sees(bug).calls] == INDICES[bug]


def test_a_call_has_no_id_and_the_stream_no_finish_reason(sees: Sees) -> None:
    saw = sees("nebius-call-without-id")
    assert ([call.id for call in saw.calls], set(saw.finishes)) == ([None], {None})


def test_later_pieces_of_a_call_have_empty_ids_and_null_for_arguments(sees: Sees) -> None:
    first, *later = sees("qwen-arguments-null").calls
    assert (bool(first.id), {call.id for call in later}, later[-1].function.arguments) == (True, {""}, None)


def test_arguments_that_are_an_object_are_one_where_a_text_is_promised(sees: Sees) -> None:
    (call,) = sees("tgi-arguments-are-an-object").answer.choices[0].message.tool_calls
    assert call.function.arguments == {"city": "Cairo"}


def test_a_stream_is_finished_twice(sees: Sees) -> None:
    assert sees("openrouter-finished-twice").finishes == [None, "tool_calls", "tool_calls"]


def test_a_filtered_choice_has_no_message(sees: Sees) -> None:
    (choice,) = sees("azure-choice-without-message").answer.choices
    assert (choice.message, choice.finish_reason) == (None, "content_filter")


def test_content_that_is_a_list_is_one_where_a_text_is_promised(sees: Sees) -> None:
    kinds = [type(chunk.choices[0].delta.content) for chunk in sees("mistral-content-is-a-list").answer]
    assert kinds == [str, list, list, str]


def test_content_that_is_an_object_is_one_where_a_text_is_promised(sees: Sees) -> None:
    message = sees("cloudflare-content-is-an-object").answer.choices[0].message
    assert message.content == {"city": "Porto", "sky": "clear"}


def test_usage_inside_the_choice_is_not_found_outside(sees: Sees) -> None:
    *_, last = sees("moonshot-usage-in-the-choice").answer
    assert (last.usage, last.choices[0].usage["total_tokens"]) == (None, 15)


def test_running_usage_counts_the_prompt_in_every_chunk(sees: Sees) -> None:
    counted = [chunk.usage.total_tokens for chunk in sees("siliconflow-usage-in-every-chunk").answer]
    assert counted == [15, 17, 19, 21, 21]
