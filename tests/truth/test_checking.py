"""A profile held against recordings: what it is measured by, and what is no measure."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.errors import ProfileError
from mockprovider.profiles.schema import Profile
from mockprovider.sources.synthesize import Synthesize
from mockprovider.tape import Request
from mockprovider.truth.checking import check
from mockprovider.truth.recordings import Answer, Recorded, Trust
from mockprovider.truth.report import Case, Report
from tests.sources.asking import asked
from tests.strategies import law
from tests.truth.taking import (
    BASELINE,
    JSON,
    TOOLS,
    chat,
    plain_changed,
    recorded,
    taken,
    text_changed,
    thrice,
)

_PLAIN = BASELINE.chat.plain.body
_TEXT = BASELINE.chat.stream.frames.text
_WAYS: list[dict[str, Any]] = [
    {},
    {"stream": True},
    {"tools": TOOLS},
    {"stream": True, "tools": TOOLS},
    {"stream": True, "stream_options": {"include_usage": True}},
    {"logprobs": True, "top_logprobs": 2},
    {"n": 2},
    {"model": "o3"},
]


def only(report: Report) -> Case:
    (case,) = report.cases
    return case


@given(st.lists(st.sampled_from(_WAYS), min_size=1, max_size=6))
@law(10)
def test_a_profile_is_true_to_its_own_answers(ways: list[dict[str, Any]]) -> None:
    report = check(BASELINE, taken(BASELINE, [request for way in ways for request in thrice(**way)]))
    figures = [figure for case in report.cases for figure in (case.precision, case.recall, case.accepted)]
    assert set(figures) <= {1.0, None}
    assert 1.0 in figures


@given(st.permutations(range(12)))
@law(6)
def test_the_order_of_recordings_does_not_matter(order: list[int]) -> None:
    recordings = [*_mixed(), recorded(chat(frequency_penalty=9), {"error": {"message": "no"}}, 400)]
    shuffled = [recordings[place] for place in order] + recordings[12:]
    assert check(BASELINE, shuffled).plain() == check(BASELINE, recordings).plain()


def _mixed() -> list[Recorded]:
    """Recordings that a profile is true to in part."""
    other = plain_changed(BASELINE, {key: form for key, form in _PLAIN.items() if key != "service_tier"})
    return taken(other, [*thrice(), *thrice(stream=True), *thrice(tools=TOOLS), *thrice(logprobs=True)])


@pytest.mark.parametrize(
    ("requests", "changed"),
    [
        (thrice(), plain_changed(BASELINE, {key: form for key, form in _PLAIN.items() if key != "object"})),
        (thrice(stream=True), text_changed(BASELINE, {key: form for key, form in _TEXT.items() if key != "object"})),
    ],
    ids=["plain", "stream"],
)
def test_a_key_that_is_not_sent_lowers_recall_alone(requests: list[Request], changed: Profile) -> None:
    case = only(check(changed, taken(BASELINE, requests)))
    assert case.recall is not None
    assert (case.precision, case.recall < 1) == (1.0, True)
    assert [what for what in case.differences if "object string" in what] == [
        f"lacks: {'text' if case.form == 'stream' else 'body'}: object string"
    ]


@pytest.mark.parametrize(
    ("requests", "changed"),
    [
        (thrice(), plain_changed(BASELINE, {**_PLAIN, "surprise": 1})),
        (thrice(stream=True), text_changed(BASELINE, {**_TEXT, "surprise": 1})),
    ],
    ids=["plain", "stream"],
)
def test_a_key_that_was_never_seen_lowers_precision_alone(requests: list[Request], changed: Profile) -> None:
    case = only(check(changed, taken(BASELINE, requests)))
    assert case.precision is not None
    assert (case.precision < 1, case.recall) == (True, 1.0)
    assert list(case.differences) == [
        f"sends, never seen: {'text' if case.form == 'stream' else 'body'}: surprise number"
    ]


def test_null_is_not_the_same_as_a_text() -> None:
    changed = plain_changed(BASELINE, {**_PLAIN, "object": None})
    assert only(check(changed, taken(BASELINE, thrice()))).differences == {
        "sends, never seen: body: object null": 3,
        "lacks: body: object string": 3,
    }


def test_a_call_is_compared_with_calls_only() -> None:
    case = only(check(BASELINE, taken(BASELINE, [*thrice(), *thrice(tools=TOOLS, tool_choice="required")])))
    assert {title: score.peers for title, score in case.scores.items()} == {
        "chat/completions plain": 3,
        "chat/completions plain, calls": 3,
    }


def test_with_two_peers_nothing_is_compared() -> None:
    case = only(check(BASELINE, taken(BASELINE, thrice()[:2])))
    assert (case.recordings, case.compared, case.alone, case.precision) == (2, 0, {"chat/completions plain": 2}, None)


def test_any_model_is_taken() -> None:
    case = only(check(BASELINE, taken(BASELINE, thrice(model="no-such-model"))))
    assert (case.accepted, case.compared) == (1.0, 3)


def test_what_was_answered_and_is_refused_is_counted_with_the_words() -> None:
    request = chat(frequency_penalty=9)
    case = only(check(BASELINE, [recorded(request, {"choices": []})]))
    assert case.accepted == 0
    assert [what[:31] for what in case.differences] == ["refuses what was answered: 400 "]


def test_an_answer_in_another_form_scores_nothing() -> None:
    case = only(check(BASELINE, [recorded(chat(stream=True), {"choices": []})]))
    assert (case.form, case.accepted, case.compared, case.precision, case.recall) == ("plain", 1.0, 1, 0.0, 0.0)
    assert case.differences["does not answer with a plain body"] == 1


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (recorded(chat(), b"<html>"), "a good answer without JSON"),
        (recorded(chat(), {"error": {"message": "no"}}), "an error in a good answer"),
        (recorded(chat(), b'data: {"choices": []}\n\n'), "a stream that the request does not ask for"),
        (recorded(chat(), b"", 308), "status 308"),
        (recorded(asked("/v1/files", {}), {}), "another endpoint"),
        (recorded(asked("/v1/responses", {"previous_response_id": "resp_1"}), {}), "rests on an answer before it"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_recording_that_says_nothing_is_left_out_with_the_reason(one: Recorded, why: str) -> None:
    report = check(BASELINE, [one])
    assert (report.cases, report.left_out) == ([], Counter({why: 1}))


def test_headers_are_compared_by_name_where_all_were_kept() -> None:
    own = taken(BASELINE, thrice())
    more = [recorded(one.request, one.answer.body, headers=(*one.answer.headers, (b"X-New", b"1"))) for one in own]
    headers = only(check(BASELINE, more)).headers
    assert headers is not None
    assert (headers.precision, headers.lacks, headers.peers) == (1.0, {"x-new": 3}, 3)


def test_headers_that_were_filtered_are_not_compared() -> None:
    trust = Trust(headers=False, spelling=True, stream=True)
    bare = [recorded(one.request, one.answer.body, headers=JSON, trust=trust) for one in taken(BASELINE, thrice())]
    case = only(check(BASELINE, bare))
    assert (case.headers, case.precision) == (None, 1.0)


def test_headers_of_the_connection_do_not_count() -> None:
    own = taken(BASELINE, thrice())
    more = ((b"CF-Ray", b"1"), (b"date", b"today"), (b"Transfer-Encoding", b"chunked"))
    behind = [recorded(one.request, one.answer.body, headers=(*one.answer.headers, *more)) for one in own]
    headers = only(check(BASELINE, behind)).headers
    assert headers is not None
    assert headers.recall == 1.0


@pytest.mark.parametrize(
    ("request_", "cause"),
    [(chat(model="no-such-model"), "model"), (chat(frequency_penalty=9), "request")],
    ids=["model", "request"],
)
def test_a_refusal_is_true_to_itself(request_: Request, cause: str) -> None:
    own = recorded_refusal(request_)
    (found,) = check(BASELINE, [own]).refusals
    assert (found.cause, found.recordings, found.status, found.shape, found.text) == (cause, 1, 1, 1, 1)


def recorded_refusal(request: Request) -> Recorded:
    """How the baseline refuses a request, the model's name included."""
    return Recorded("by hand", request, Answer.of(Synthesize(BASELINE).answer(request)[0]))


def test_a_refusal_for_another_reason_is_looked_for_among_the_special_ones() -> None:
    kind = BASELINE.errors["rate_limited"]
    assert isinstance(kind.body, dict)
    (found,) = check(BASELINE, [recorded(chat(), {"error": {"message": "slow down"}}, kind.status)]).refusals
    assert (found.cause, found.readable, found.status, found.shape) == ("rate", False, 1, 0)


def test_a_status_that_no_refusal_has_is_a_difference() -> None:
    (found,) = check(BASELINE, [recorded(chat(), {}, 599)]).refusals
    assert (found.status, found.differences) == (0, {"status none, recorded 599": 1})


def test_a_form_that_cannot_be_sent_is_an_error_that_names_the_profile_and_the_request() -> None:
    broken = plain_changed(BASELINE, {"number": object()})
    with pytest.raises(ProfileError, match="profile openai: can't answer the request of taken:0: "):
        check(broken, taken(BASELINE, thrice()))


def test_who_waits_hears_how_far_it_is() -> None:
    heard: list[tuple[int, int]] = []
    check(BASELINE, taken(BASELINE, thrice()), lambda done, of: heard.append((done, of)))
    assert heard == [(1, 3), (2, 3), (3, 3)]
