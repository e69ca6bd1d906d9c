"""Tapes in a profile's own forms: answers, streams and refusals, with its headers, spelling and pace."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from mockprovider.errors import did_you_mean
from mockprovider.profiles.forms import Answer, Events, Waiting
from mockprovider.profiles.naming import general_cases
from mockprovider.profiles.schema import Profile, Refusal
from mockprovider.synthesis import frames
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.frames import filled, spelled
from mockprovider.synthesis.moment import moment
from mockprovider.synthesis.pacing import paced
from mockprovider.tape import PHRASES, Chunk, Complete, Framing, Head, Tape

Values = Mapping[str, Any]

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_OPEN = re.compile(rb"\$\{?([a-z][a-z_0-9]+)")
_WORDS = {"schema", "ref", "defs", "anchor", "id"}
"""What begins with a dollar in JSON Schema, of which errors speak."""


class TapeMaker:
    """Makes the tapes of one profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._watching = False
        self.holes = frozenset(re.findall(r"\$([a-z_]+)", frames.__doc__ or ""))
        """The names of holes that there are."""

    @contextmanager
    def watched(self, holes: Collection[str]) -> Iterator[None]:
        """Raise ValueError for what is made meanwhile and can't be meant: a hole left open, a header that is none."""
        self.holes, self._watching = self.holes | frozenset(holes), True
        try:
            yield
        finally:
            self._watching = False

    def _seen(self, tape: Tape) -> Tape:
        if self._watching:
            _watch(tape, self.holes)
        return tape

    def answered(self, plain: Answer, body: bytes, chance: Chance, values: Values | None = None) -> Tape:
        """An answer that is one body; `values` are what its headers may repeat of it."""
        waiting = _waited(plain.waiting)
        return self.whole(200, plain.headers, body, chance, plain.framing, waiting=waiting, values=values)

    def streamed(self, stream: Events, events: list[bytes], chance: Chance, values: Values | None = None) -> Tape:
        """An answer as events."""
        head = self._head(200, stream.headers, Framing.CHUNKED, None, chance, values=values)
        before = self._while_waiting([stream.begin.encode()] * bool(stream.begin) + _waited(stream.waiting))
        chunks = before + paced(_WRITES[stream.writes](events), self._profile.timing)
        return self._seen(Tape(head, chunks, Complete(chunks[-1].at if chunks else 0.0)))

    def refusal(self, kind: str, values: Values, chance: Chance, endpoint: str = "", *, streamed: bool = False) -> Tape:
        """The refusal of a kind; where the profile has one of its own for the endpoint, that."""
        form = self.form_of(kind, endpoint)
        values = {**moment(self._profile.request_id, chance), **values}
        text = self._text_of(form, values, chance)
        if streamed and form.event:
            text = form.event.replace("$json", text) + form.done
        return self.whole(form.status, form.headers, text.encode("utf-8", "replace"), chance, values=values)

    def form_of(self, kind: str, endpoint: str = "") -> Refusal:
        """How a kind is refused at an endpoint; a special case that has no form of its own, as what it is one of."""
        errors = self._profile.errors
        if (special := f"{kind}_at_{endpoint}") in errors:
            return errors[special]
        return next(errors[each] for each in (kind, *general_cases(kind, errors)) if each in errors)

    def failing(self, answer: Tape, form: Refusal, values: Values, chance: Chance) -> Tape:
        """A streamed answer that fails on its way."""
        values = {**moment(self._profile.request_id, chance), **values}
        event = form.event.replace("$json", self._text_of(form, values, chance)) + form.done
        kept = answer.chunks[: form.after]
        at = kept[-1].at if kept else self._profile.timing.first
        return Tape(answer.head, (*kept, Chunk(at, event.encode("utf-8", "replace"))), Complete(at))

    def whole(
        self,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        chance: Chance,
        framing: str = "length",
        *,
        waiting: Sequence[bytes] = (),
        values: Values | None = None,
    ) -> Tape:
        """Any answer that is one body, in one chunk, after what is sent while the client waits."""
        before = self._while_waiting(waiting)
        length = len(body) + sum(len(chunk.data) for chunk in before) if framing == "length" else None
        kind = Framing.CHUNKED if length is None else Framing.LENGTH
        at = self._profile.timing.first if status < 400 else 0.0
        head = self._head(status, headers, kind, length, chance, 0.0 if before else at, values=values)
        return self._seen(Tape(head, (*before, Chunk(at, body)) if body else before, Complete(at)))

    def _text_of(self, form: Refusal, values: Values, chance: Chance) -> str:
        """The body of a refusal."""
        body = filled(form.body, values, chance)
        return str(body) if isinstance(form.body, str) else spelled(body, form.spelling)

    def _while_waiting(self, waiting: Sequence[bytes]) -> tuple[Chunk, ...]:
        step = self._profile.timing.first / (len(waiting) + 1)
        return tuple(Chunk(step * number, data) for number, data in enumerate(waiting, 1))

    def _head(
        self,
        status: int,
        headers: Mapping[str, str],
        framing: Framing,
        length: int | None,
        chance: Chance,
        at: float = 0.0,
        *,
        values: Values | None = None,
    ) -> Head:
        varying: Values = {}
        if any("$" in form for form in headers.values()):
            drawn = {} if values and "created" in values else moment(self._profile.request_id, chance)
            varying = {"milliseconds": 200 + chance.number(600), **drawn, **(values or {})}
        pairs = tuple([_header(name, form, varying, chance) for name, form in headers.items()])
        if length is not None:
            pairs += ((b"content-length", b"%d" % length),)
        return Head(at, status, pairs, PHRASES.get(status, b""), framing)


def _watch(tape: Tape, holes: Collection[str]) -> None:
    """Raise ValueError for a hole that nothing fills, and for a header that HTTP does not allow or that is ours."""
    texts = [b"".join(chunk.data for chunk in tape.chunks)]
    for name, value in tape.head.headers if tape.head is not None else ():
        if not _TOKEN.fullmatch(name) or _CONTROL.search(value):
            raise ValueError(
                f"no header is called {name.decode('latin-1')!r}, or has such a value: RFC 9110, section 5"
            )
        texts.append(value)
    for found in (each for text in texts for each in _OPEN.finditer(text)):
        hole = found[1].decode()
        if hole not in _WORDS:
            raise ValueError(f"no hole is called ${hole}{did_you_mean(hole, holes)}")


def _waited(waiting: Waiting | None) -> list[bytes]:
    return [] if waiting is None else [waiting.text.encode()] * waiting.times


def _glued(events: list[bytes]) -> list[bytes]:
    """Three events a write."""
    return [b"".join(events[start : start + 3]) for start in range(0, len(events), 3)]


def _split(events: list[bytes]) -> list[bytes]:
    """Each event's second half with the next one's first half, wherever that cuts."""
    halves = [part for event in events for part in (event[: len(event) // 2], event[len(event) // 2 :])]
    return [b"".join(part) for part in zip([b"", *halves[1::2]], [*halves[0::2], b""], strict=True)]


_WRITES: Mapping[str, Callable[[list[bytes]], list[bytes]]] = {"event": list[bytes], "glued": _glued, "split": _split}


def _header(name: str, form: str, values: Values, chance: Chance) -> tuple[bytes, bytes]:
    if "$" not in form:
        return _plain_header(name, form)
    return name.encode("latin-1"), str(filled(form, values, chance)).encode("latin-1", "replace")


@lru_cache(maxsize=1024)
def _plain_header(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("latin-1"), value.encode("latin-1")
