"""Recorded requests sent to a profile, and its answers held against those recorded. No sockets, and no clock."""

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from mockprovider.errors import ProfileError
from mockprovider.profiles.schema import Profile
from mockprovider.sources.synthesize import Synthesize
from mockprovider.tape import HOP_BY_HOP, Request
from mockprovider.truth.classes import Class, body_of, class_of, endpoint_of, form
from mockprovider.truth.recordings import Answer, Recorded
from mockprovider.truth.refusals import ELSEWHERE, READABLE, Agreement, agreement, cause_of, may_answer
from mockprovider.truth.report import Case, Refusals, Report
from mockprovider.truth.scoring import FEWEST, Marks, Score, score
from mockprovider.truth.shapes import Shape, shape_of

KEY = "sk-mock-truth"
"""The key that good requests are sent with."""
_KEYS = ("authorization", "api-key", "x-api-key", "x-goog-api-key")

TRANSPORT = frozenset(
    {
        *(name.decode() for name in HOP_BY_HOP),
        *("date", "content-length", "content-encoding", "vary", "age"),  # of the connection, its coding and the minute
        *("alt-svc", "strict-transport-security", "set-cookie", "nel", "report-to"),  # a client would remember these
        *("server", "server-timing", "via", "x-cache", "x-powered-by", "x-served-by", "etag"),  # of what stands before
    }
)
"""Headers that say nothing of the provider: the connection's, the CDN's, the proxy's, or such as outlive the mock."""
_TRANSPORT_BEGINS = ("cf-", "x-amz-cf-", "x-envoy-", "x-kong-", "x-vercel-", "access-control-", "sec-")
"""The same, by how they begin."""

Tell = Callable[[int, int], None]


def check(profile: Profile, recordings: Sequence[Recorded], tell: Tell = lambda _done, _of: None) -> Report:
    """How true a profile is to these recordings. Their order does not matter. `tell` hears how many are done."""
    if not recordings:
        return Report(profile.name, 0, [], [], Counter())
    checker = _Checker(profile)
    left_out = Counter[str]()
    good, bad = list[_Good](), list[Recorded]()
    for recorded in recordings:
        match _sorted(recorded, checker.serves):
            case str(why):
                left_out[why] += 1
            case _Good() as found:
                good.append(found)
            case None:
                bad.append(recorded)
    done = 0
    sent = list[_Sent]()
    for each in good:
        sent.append(checker.send(each))
        tell(done := done + 1, len(good) + len(bad))
    by_cause = {cause: Refusals(cause, cause in READABLE) for cause in (*READABLE, *ELSEWHERE)}
    for recorded in bad:
        checker.refuse(recorded, by_cause[cause_of(recorded)])
        tell(done := done + 1, len(good) + len(bad))
    refusals = [each for each in by_cause.values() if each.recordings]
    return Report(profile.name, len(recordings), list(_cases(good, sent)), refusals, left_out)


class _Good:
    """A recording of an answer with 200."""

    __slots__ = ("endpoint", "names", "recorded", "shape", "where")

    def __init__(self, recorded: Recorded, endpoint: str, shape: Shape) -> None:
        self.recorded = recorded
        self.endpoint = endpoint
        self.shape = shape
        self.where = class_of(shape, endpoint, recorded.request)
        self.names = names_of(recorded.answer) if recorded.answer.trust.headers else None


class _Sent:
    """What the profile made of a good request."""

    __slots__ = ("names", "refused", "shape", "where")

    def __init__(self, answer: Answer, good: _Good) -> None:
        shape = shape_of(answer, good.endpoint) if answer.status == good.recorded.answer.status else None
        self.shape = shape
        self.where = class_of(shape, good.endpoint, good.recorded.request) if shape else None
        self.names = names_of(answer)
        self.refused = "" if shape else f"{answer.status} {answer.body[:100].decode('utf-8', 'replace')}"


def names_of(answer: Answer) -> Marks:
    """The names of an answer's headers that say something of the provider, in small letters."""
    names = {name.decode("latin-1").lower() for name, _ in answer.headers}
    return frozenset(name for name in names - TRANSPORT if not name.startswith(_TRANSPORT_BEGINS))


def _sorted(recorded: Recorded, serves: frozenset[str]) -> "_Good | str | None":
    """A recording of a good answer; None for one of a refusal; or why it says nothing."""
    answer, endpoint = recorded.answer, endpoint_of(recorded.request)
    if 300 <= answer.status < 400 or answer.status < 200:
        return f"status {answer.status}"
    if answer.status >= 400:
        return None if endpoint in (None, *serves) else f"the profile has no {endpoint}"
    if endpoint is None:
        return "another endpoint"
    if endpoint not in serves:
        return f"the profile has no {endpoint}"
    if body_of(recorded.request).get("previous_response_id"):
        return "rests on an answer before it"
    shape = shape_of(answer, endpoint)
    if shape is None:
        return "a good answer without JSON"
    if shape.failed:
        return "an error in a good answer"
    if shape.streamed and not body_of(recorded.request).get("stream"):
        return "a stream that the request does not ask for"
    return _Good(recorded, endpoint, shape)


class _Checker:
    """A profile that takes any model, and the same that takes its own only."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._open = Synthesize(profile, any_model=True, rehearse=False)
        self._strict = Synthesize(profile, rehearse=False)
        sections = ("completions", "embeddings", "moderations", "responses")
        self.serves = frozenset(
            {"chat/completions", "models", "models/ID"}
            | {name for name in sections if getattr(profile, name) is not None}
        )

    def send(self, good: _Good) -> _Sent:
        """A request that was answered with 200, sent."""
        return _Sent(_asked(self._open, good.recorded), good)

    def refuse(self, recorded: Recorded, into: Refusals) -> None:
        """A request that was refused, sent, and whether it is refused alike."""
        into.recordings += 1
        wanted, other = recorded.answer.status, "none"
        best: Agreement | None = None
        for answer in self._refusals(recorded, into.cause):
            if answer.status == wanted:
                found = agreement(recorded, answer)
                best = found if best is None or found[:2] > best[:2] else best
            else:
                other = str(answer.status)
        if best is None:
            into.differences[f"status {other}, recorded {wanted}"] += 1
            return
        into.status += 1
        into.shape += best.shape
        into.text += best.text
        if not best.text:
            into.differences[f"{wanted}: {best.why}"] += 1

    def _refusals(self, recorded: Recorded, cause: str) -> Iterator[Answer]:
        """What the profile has to say to a refused request: one answer, or all that the special keys can ask for."""
        if cause in READABLE:
            yield _asked(self._strict if cause == "model" else self._open, recorded)
            return
        for kind, refusal in self._profile.errors.items():
            if refusal.status == recorded.answer.status and may_answer(kind, cause):
                with _blaming(self._profile, recorded):
                    tape, _ = self._open.refuse(recorded.request, kind)
                yield Answer.of(tape)


def _asked(source: Synthesize, recorded: Recorded) -> Answer:
    """The answer to a recorded request, with a key that is taken."""
    request = recorded.request
    kept = [pair for pair in request.headers if pair[0].lower() == b"content-type"]
    keys = [(name.encode(), (f"Bearer {KEY}" if name == "authorization" else KEY).encode()) for name in _KEYS]
    with _blaming(source.profile, recorded):
        tape, _ = source.answer(Request(request.method, request.path, request.query, (*kept, *keys), request.body))
    return Answer.of(tape)


@contextlib.contextmanager
def _blaming(profile: Profile, recorded: Recorded) -> Iterator[None]:
    """Forms were not tried before, so whatever goes wrong in them names the profile and the request."""
    try:
        yield
    except Exception as problem:
        why = f"can't answer the request of {recorded.where}: {problem!r}"
        raise ProfileError(f"profile {profile.name}: {why}") from problem


def _cases(good: Sequence[_Good], sent: Sequence[_Sent]) -> Iterator[Case]:
    """The cases that there are recordings of, in the order of the alphabet."""
    seen = defaultdict[Class, list[Marks]](list)
    by_case = defaultdict[tuple[str, bool], list[tuple[_Good, _Sent]]](list)
    for each, ours in zip(good, sent, strict=True):
        seen[each.where].append(each.shape.marks)
        by_case[each.endpoint, each.shape.streamed].append((each, ours))
    for (endpoint, streamed), pairs in sorted(by_case.items()):
        heaps = defaultdict[Class, list[Marks]](list)
        refused, other_form = Counter[str](), 0
        for _, ours in pairs:
            if ours.shape is None or ours.where is None:
                refused[ours.refused] += 1
            elif ours.shape.streamed != streamed:
                other_form += 1
            else:
                heaps[ours.where].append(ours.shape.marks)
        scores = {
            where.title: score(marks, seen[where]) for where, marks in heaps.items() if len(seen[where]) >= FEWEST
        }
        alone = Counter({where.title: len(marks) for where, marks in heaps.items() if where.title not in scores})
        headers = _header_score(pairs)
        yield Case(endpoint, form(streamed=streamed), len(pairs), refused, alone, other_form, scores, headers)


def _header_score(pairs: Iterable[tuple[_Good, _Sent]]) -> Score | None:
    """The names of the headers, over the recordings that have them all."""
    whole = [(each.names, ours) for each, ours in pairs if each.names is not None]
    seen = [names for names, _ in whole]
    sent = [ours.names for _, ours in whole if ours.shape is not None]
    return score(sent, seen) if len(seen) >= FEWEST and sent else None
