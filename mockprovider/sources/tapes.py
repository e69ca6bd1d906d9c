"""Tapes in a profile's own forms: answers, streams and refusals, with its headers, spelling and pace."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from mockprovider.profiles.forms import Answer, Events
from mockprovider.profiles.schema import Profile, Refusal
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.frames import filled, spelled
from mockprovider.synthesis.pacing import paced
from mockprovider.tape import PHRASES, Chunk, Complete, Framing, Head, Tape


class TapeMaker:
    """Makes the tapes of one profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def answered(self, plain: Answer, body: bytes, chance: Chance) -> Tape:
        """An answer that is one body."""
        return self.whole(200, plain.headers, body, chance, plain.framing)

    def streamed(self, stream: Events, events: list[bytes], chance: Chance) -> Tape:
        """An answer as events."""
        head = self._head(200, stream.headers, Framing.CHUNKED, None, chance)
        chunks = paced(events, self._profile.timing)
        return Tape(head, chunks, Complete(chunks[-1].at if chunks else 0.0))

    def refusal(self, kind: str, values: Mapping[str, Any], chance: Chance, endpoint: str = "") -> Tape:
        """The refusal of a kind; where the profile has one of its own for the endpoint, that."""
        special = f"{kind}_at_{endpoint}"
        form: Refusal = self._profile.errors[special if special in self._profile.errors else kind]
        body = filled(form.body, values, chance)
        text = body if isinstance(form.body, str) else spelled(body, form.spelling)
        return self.whole(form.status, form.headers, str(text).encode("utf-8", "replace"), chance)

    def whole(
        self, status: int, headers: Mapping[str, str], body: bytes, chance: Chance, framing: str = "length"
    ) -> Tape:
        """Any answer that is one body, in one chunk."""
        length = len(body) if framing == "length" else None
        kind = Framing.CHUNKED if length is None else Framing.LENGTH
        at = self._profile.timing.first if status < 400 else 0.0
        head = self._head(status, headers, kind, length, chance, at)
        return Tape(head, (Chunk(at, body),) if body else (), Complete(at))

    def _head(
        self,
        status: int,
        headers: Mapping[str, str],
        framing: Framing,
        length: int | None,
        chance: Chance,
        at: float = 0.0,
    ) -> Head:
        pairs = tuple([_header(name, value, chance) for name, value in headers.items()])
        if length is not None:
            pairs += ((b"content-length", b"%d" % length),)
        return Head(at, status, pairs, PHRASES.get(status, b""), framing)


def _header(name: str, form: str, chance: Chance) -> tuple[bytes, bytes]:
    if "$" not in form:
        return _plain_header(name, form)
    text = filled(form, {"milliseconds": 200 + chance.number(600)}, chance)
    return name.encode("latin-1"), str(text).encode("latin-1")


@lru_cache(maxsize=1024)
def _plain_header(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("latin-1"), value.encode("latin-1")
