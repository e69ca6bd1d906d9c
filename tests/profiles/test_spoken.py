"""What every profile that ships says, however oddly: all of a reply is in its answer, in order, whole and streamed."""

from functools import cache

import pytest

from mockprovider.profiles.endpoints import Chat
from mockprovider.profiles.loading import shipped
from mockprovider.sources.synthesize import Synthesize
from mockprovider.synthesis.calling import Call
from mockprovider.synthesis.dialects.chat_request import can_call
from mockprovider.synthesis.reply import Reply
from tests.profiles.known import load
from tests.sources.asking import asked, bytes_of, status_of

WORDS = [f"word{number}" for number in range(9)]
CALLS = (Call("get_weather", '{"city": "Oslo"}'), Call("get_time", '{"zone": "CET"}'))


def forms_of(name: str) -> dict[str, Chat]:
    """The forms of chat that a profile has, each with a model that answers in it."""
    profile = load(name)
    chat = [(model, known) for model, known in profile.models.known.items() if known.serves == "chat"]
    examples = {known.shape: model for model, known in reversed(chat)}
    return {model: profile.shapes.get(shape, profile.chat) for shape, model in examples.items()}


EVERY_FORM = [(name, model) for name in shipped() for model in forms_of(name)]
every_form = pytest.mark.parametrize(("name", "model"), EVERY_FORM)
every_calling_form = pytest.mark.parametrize(
    ("name", "model"), [(name, model) for name, model in EVERY_FORM if can_call(forms_of(name)[model])]
)
streamed_or_not = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])


@cache
def provider(name: str) -> Synthesize:
    """What answers as a profile says."""
    return Synthesize(load(name), any_model=True, rehearse=False)


def said(name: str, model: str, reply: Reply, *, stream: bool, source: Synthesize | None = None) -> str:
    """What a profile sends where a reply is scripted."""
    profile = load(name)
    root = profile.paths.roots[0]
    path = f"{root.replace('{model}', model)}/chat/completions"
    query = "&".join(f"{each}=1" for each in profile.paths.needs_query.get(root, ()))
    body = {"model": model, "messages": [{"role": "user", "content": "Hello"}], "stream": stream}
    tape, _ = (source or provider(name)).answer(asked(f"{path}?{query}", body), scripted=reply)
    assert status_of(tape) == 200
    return bytes_of(tape).decode()


def in_order(parts: list[str], text: str) -> bool:
    """Whether parts stand in a text, one after another."""
    at = 0
    for part in parts:
        at = text.find(part, at) + len(part)
        if at < len(part):
            return False
    return True


@every_form
@streamed_or_not
def test_all_words_of_a_text_are_sent_in_order(name: str, model: str, stream: bool) -> None:
    assert in_order(WORDS, said(name, model, Reply(" ".join(WORDS)), stream=stream))


@every_calling_form
@streamed_or_not
def test_all_calls_are_sent_in_order(name: str, model: str, stream: bool) -> None:
    body = said(name, model, Reply(calls=CALLS, finish="tool_calls"), stream=stream)
    assert in_order(["get_weather", "get_time"], body)
    assert in_order(["Oslo", "CET"], body)


@every_form
@streamed_or_not
def test_the_same_request_gives_the_same_bytes(name: str, model: str, stream: bool) -> None:
    reply = Reply(" ".join(WORDS))
    another = Synthesize(load(name), any_model=True, rehearse=False)
    assert said(name, model, reply, stream=stream) == said(name, model, reply, stream=stream, source=another)


@pytest.mark.parametrize("name", shipped())
def test_every_form_of_every_endpoint_can_be_sent(name: str) -> None:
    assert Synthesize(load(name), rehearse=True).profile.name == name
