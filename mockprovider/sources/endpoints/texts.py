"""`/completions`, `/embeddings` and `/moderations`: texts in, and what is made of them."""

import json
from collections.abc import Callable, Iterator, Mapping

from mockprovider.profiles.endpoints import Completions, Embeddings, Moderations
from mockprovider.profiles.schema import Profile
from mockprovider.sources.checks import Refused, checked_model, typed
from mockprovider.sources.endpoints.common import Answered, Call, Catalogue, Endpoint, Json
from mockprovider.sources.inputs import checked_completion, checked_embeddings, checked_moderation
from mockprovider.sources.tapes import TapeMaker
from mockprovider.synthesis.dialects import completions, embeddings, moderations
from mockprovider.synthesis.moment import moment


def text_endpoints(profile: Profile, catalogue: Catalogue, tapes: TapeMaker) -> Iterator[tuple[str, Endpoint]]:
    """Those of them that the profile has, by their paths."""
    if profile.completions is not None:
        yield "completions", CompletionsEndpoint(profile, profile.completions, catalogue, tapes)
    if profile.embeddings is not None:
        yield "embeddings", EmbeddingsEndpoint(profile, profile.embeddings, catalogue, tapes)
    if profile.moderations is not None:
        yield "moderations", ModerationsEndpoint(profile, profile.moderations, catalogue, tapes)


class CompletionsEndpoint:
    """Legacy completions."""

    def __init__(self, profile: Profile, forms: Completions, catalogue: Catalogue, tapes: TapeMaker) -> None:
        self._forms, self._catalogue, self._tapes, self._tokens = forms, catalogue, tapes, profile.tokens
        self._writer = completions.CompletionWriter(forms, profile.tokens, profile.name, profile.request_id)

    def answer(self, call: Call) -> Answered:
        asked = _posted(call)
        name = checked_model(asked)
        model = self._catalogue.model(name, "completions")
        prompts = checked_completion(asked, model, self._forms, self._tokens)
        request = completions.read(asked, prompts, name, model, self._forms)
        if request.stream:
            events = self._writer.stream(request, call.chance, call.scripted)
            return Answered(self._tapes.streamed(self._forms.stream, events, call.chance), "completion, streamed")
        body = self._writer.plain(request, call.chance, call.scripted)
        return Answered(self._tapes.answered(self._forms.plain, body, call.chance), "completion")

    def rehearsals(self) -> Mapping[str, Callable[[], object]]:
        streamed = {"prompt": "p", "stream": True, "stream_options": {"include_usage": True}}
        return _rehearsals(self, self._catalogue, "completions", {"prompt": "p", "logprobs": 1}, streamed)


class EmbeddingsEndpoint:
    """Texts as vectors."""

    def __init__(self, profile: Profile, forms: Embeddings, catalogue: Catalogue, tapes: TapeMaker) -> None:
        self._forms, self._catalogue, self._tapes, self._tokens = forms, catalogue, tapes, profile.tokens
        self._request_id = profile.request_id

    def answer(self, call: Call) -> Answered:
        asked = _posted(call)
        name = checked_model(asked)
        model = self._catalogue.model(name, "embeddings")
        request = embeddings.read(asked, checked_embeddings(asked, model, self._forms, self._tokens), name, model)
        values = {**moment(self._request_id, call.chance), **embeddings.counted(request, self._tokens)}
        written = embeddings.written(request, self._forms, call.chance, values)
        return Answered(self._tapes.answered(self._forms.plain, written, call.chance, values), "embeddings")

    def rehearsals(self) -> Mapping[str, Callable[[], object]]:
        coded = {"input": "a", "encoding_format": "base64"}
        return _rehearsals(self, self._catalogue, "embeddings", {"input": ["a", "b"]}, coded)


class ModerationsEndpoint:
    """Texts and images, and what is wrong with them."""

    def __init__(self, profile: Profile, forms: Moderations, catalogue: Catalogue, tapes: TapeMaker) -> None:
        self._forms, self._catalogue, self._tapes = forms, catalogue, tapes
        self._request_id = profile.request_id

    def answer(self, call: Call) -> Answered:
        asked, forms = _posted(call), self._forms
        name = forms.model if asked.get("model") is None else typed(asked, "model", str)
        model = self._catalogue.model(name, "moderations", unknown="not_a_moderation_model")
        inputs = moderations.read(checked_moderation(asked, forms))
        when = moment(self._request_id, call.chance)
        written = moderations.written(inputs, model.answers_as or name, forms, call.chance, when)
        return Answered(self._tapes.answered(forms.plain, written, call.chance), "moderation")

    def rehearsals(self) -> Mapping[str, Callable[[], object]]:
        return _rehearsals(self, self._catalogue, "moderations", {"input": "a"})


def _posted(call: Call) -> Json:
    """The body of a call to the endpoint itself."""
    if call.method != "POST" or call.rest:
        raise Refused("unknown_path")
    return call.json()


def _rehearsals(
    endpoint: Endpoint, catalogue: Catalogue, name: str, *bodies: Json
) -> Mapping[str, Callable[[], object]]:
    models = catalogue.serving(name)

    def rehearse() -> None:
        for body in bodies if models else ():
            endpoint.answer(Call("POST", body=json.dumps({**body, "model": models[0][0]}).encode()))

    return {name: rehearse}
