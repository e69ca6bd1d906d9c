"""`/models`: which there are, and one of them."""

from collections.abc import Callable, Mapping
from typing import Any

from mockprovider.profiles.schema import Model, Profile
from mockprovider.sources.checks import Refused
from mockprovider.sources.endpoints.common import Answered, Call, Catalogue
from mockprovider.sources.tapes import TapeMaker
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.frames import ABSENT, filled, spelled


class ModelsEndpoint:
    """Lists the models of a profile."""

    def __init__(self, profile: Profile, catalogue: Catalogue, tapes: TapeMaker) -> None:
        self._profile = profile
        self._models = catalogue.models
        self._tapes = tapes

    def answer(self, call: Call) -> Answered:
        if call.method != "GET":
            raise Refused("unknown_path")
        wanted, chance = "/".join(call.rest), call.chance
        entries = {name: self._entry(name, model, chance) for name, model in self._models.known.items() if model.listed}
        if wanted and wanted not in entries:
            kind = "unknown_model_entry" if "unknown_model_entry" in self._profile.errors else "unknown_model"
            raise Refused(kind, model=wanted)
        value = entries[wanted] if wanted else filled(self._models.listing, {"entries": [*entries.values()]}, chance)
        body = spelled(value, self._models.spelling).encode("utf-8", "replace")
        return Answered(self._tapes.whole(200, self._models.headers, body, chance), "models")

    def rehearsals(self) -> Mapping[str, Callable[[], object]]:
        return {"models": lambda: self.answer(Call("GET"))}

    def _entry(self, name: str, model: Model, chance: Chance) -> Any:
        created = ABSENT if model.created is None else model.created
        own = {"model": name, "created": created, "owner": model.owner, "shutdown": model.shutdown}
        others = {name: ABSENT for each in self._models.known.values() for name in each.shows}
        values = {**own, "context": model.context or ABSENT, **others, **model.shows}
        return filled(self._models.entry, values, chance)
