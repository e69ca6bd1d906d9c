"""Which profile answers: by its mount, its API key, and changed as the headers of a request say."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockprovider.errors import InputError, RuleError
from mockprovider.serving.build import Options, mock_of
from mockprovider.serving.choosing import _VARIED, Profiles
from mockprovider.serving.roots import roots
from mockprovider.tape import Request, Tape

ONE, OTHER = "openai", "deepseek-like"
HELLO = {"model": "any", "messages": [{"role": "user", "content": "Hello"}]}


def profiles(*names: str | Path, **options: Any) -> Profiles:
    """What is served with these profiles."""
    made = mock_of(Options(profiles=names, any_model=True, **options), print).synthesize
    assert isinstance(made, Profiles)
    return made


def request(path: str = "/v1/chat/completions", key: str = "sk-test", body: Any = HELLO, **headers: str) -> Request:
    told = {"authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    pairs = tuple((name.encode(), value.encode()) for name, value in told.items())
    return Request("POST", path, headers=pairs, body=json.dumps(body).encode())


def body(tape: Tape) -> Any:
    return json.loads(tape.body)


def status(tape: Tape) -> int:
    assert tape.head is not None
    return tape.head.status


@pytest.fixture(scope="module")
def single() -> Profiles:
    return profiles(ONE)


@pytest.fixture(scope="module")
def several() -> Profiles:
    return profiles(ONE, OTHER)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A profile with a rule and an error of its own."""
    path = tmp_path / "own.yaml"
    path.write_text(
        "title: x\nbites: x\nchecked: 2026-11-20\nextends: openai\nchat: {id: own}\n"
        "rules: {r: {when: {user: bad}, refuse: mine}}\n"
        "errors: {mine: {status: 400, headers: {}, body: x}}\n"
    )
    return path


# Which


def test_a_single_profile_stands_at_the_root(single: Profiles) -> None:
    tape, what = single.answer(request())
    assert (status(tape), what) == (200, "openai chat")


@pytest.mark.parametrize("name", [ONE, OTHER])
def test_each_of_several_stands_under_its_name(name: str, several: Profiles) -> None:
    tape, what = several.answer(request(f"/{name}/v1/chat/completions"))
    assert (status(tape), what.split()[0]) == (200, name)


def test_what_stands_under_a_name_answers_as_it_does_at_the_root(single: Profiles, several: Profiles) -> None:
    assert several.answer(request(f"/{ONE}/v1/chat/completions"))[0] == single.answer(request())[0]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (f"sk-mock-{ONE}", ONE),
        (f"sk-mock-{OTHER}", OTHER),
        (f"sk-mock-{ONE}-7", ONE),
        (f"sk-mock-{OTHER}-worker-1", OTHER),
        (f"sk-mock-{ONE}7", "no_profile_chosen"),
        (f"sk-{ONE}", "no_profile_chosen"),
        ("sk-mock-", "no_profile_chosen"),
        ("", "no_profile_chosen"),
    ],
)
def test_at_the_root_the_key_chooses_one_of_several(key: str, name: str, several: Profiles) -> None:
    assert several.answer(request(key=key))[1].split()[0] == name


def test_the_longest_name_that_a_key_has_is_chosen(tmp_path: Path) -> None:
    text = "title: x\nbites: x\nchecked: 2026-11-20\nextends: openai\n"
    files = [tmp_path / "a.yaml", tmp_path / "a-b.yaml"]
    for file in files:
        file.write_text(text)
    served = profiles(*files)
    assert [served.answer(request(key=key))[1].split()[0] for key in ("sk-mock-a-b", "sk-mock-a-c")] == ["a-b", "a"]


def test_the_mount_goes_before_the_key(several: Profiles) -> None:
    assert several.answer(request(f"/{ONE}/v1/chat/completions", key=f"sk-mock-{OTHER}"))[1].startswith(ONE)


def test_a_request_that_chooses_none_is_told_how_in_our_own_name(several: Profiles) -> None:
    tape, _ = several.answer(request())
    error = body(tape)["error"]
    assert (status(tape), error["code"]) == (404, "no_profile_chosen")
    assert all(each in error["message"] for each in (f"/{ONE}/", f"/{OTHER}/", f"sk-mock-{ONE}"))


@pytest.mark.parametrize("path", [f"/{ONE}", f"/{ONE}/", f"/{ONE}/nothing"])
def test_what_a_provider_does_not_serve_under_its_mount_it_refuses_itself(path: str, several: Profiles) -> None:
    assert several.answer(request(path))[1] == f"{ONE} unknown_path"


def test_a_refusal_is_that_of_the_one_that_is_chosen(several: Profiles) -> None:
    assert status(several.refuse(request(f"/{OTHER}/v1/x"), "unknown_model")[0]) == 400
    assert status(several.refuse(request(f"/{ONE}/v1/x"), "unknown_model")[0]) == 404
    assert several.refuse(request(), "unknown_model")[1] == "no_profile_chosen"


def test_an_error_that_the_chosen_one_does_not_have_is_named(own: Path) -> None:
    served = profiles(own, ONE)
    assert served.refuse(request("/own/v1/x"), "mine")[1] == "own mine"
    with pytest.raises(RuleError, match=f"the profile {ONE} has no error 'mine'"):
        served.refuse(request(f"/{ONE}/v1/x"), "mine")


def test_two_profiles_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="two profiles are called 'openai'"):
        profiles(ONE, ONE)


def test_base_urls_have_the_mounts_of_several() -> None:
    mock = mock_of(Options(profiles=(ONE, OTHER)), print)
    assert roots(mock) == [f"/{ONE}/v1", f"/{OTHER}/v1"]
    assert mock.describe()["profiles"] == [ONE, OTHER]


def test_a_base_url_with_a_hole_has_a_model_in_it(tmp_path: Path) -> None:
    text = "title: x\nbites: x\nchecked: 2026-11-20\nextends: openai\npaths: {roots: ['/{where}/{model}']}\n"
    (tmp_path / "a.yaml").write_text(text)
    assert roots(mock_of(Options(profiles=(tmp_path / "a.yaml",)), print)) == ["/where/gpt-4o"]


# Changed by options


def test_options_change_the_profile_that_is_served() -> None:
    served = profiles(OTHER, changes=("chat.id=x", ("chat.tool_id", "y")), without=("auth.shown",))
    chat = served.profile.chat
    assert (chat.id, chat.tool_id, served.profile.auth.shown) == ("x", "y", "ends")


def test_what_is_set_goes_before_what_it_is_without() -> None:
    assert profiles(OTHER, changes=("chat.id=x",), without=("chat.id",)).profile.chat.id == "x"


def test_of_several_profiles_all_are_changed_or_the_one_that_is_named() -> None:
    served = profiles(ONE, OTHER, changes=("chat.id=x", f"{OTHER}:chat.tool_id=y", (f"{ONE}:chat.tool_id", "z")))
    assert [(each.chat.id, each.chat.tool_id) for each in served.all] == [("x", "z"), ("x", "y")]


VARIANTS = """\
title: x
bites: x
checked: 2026-11-20
extends: openai
variants:
  old: {says: x, set: {chat.id: old}}
  older: {says: x, set: {chat.id: older}}
"""


def test_a_variant_is_chosen_for_the_one_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(VARIANTS)
    served = profiles(tmp_path / "a.yaml", ONE, variants=("a:older",))
    assert served.profile.chat.id == "older"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"variants": ("old", "older")}, "--variant: old and older are two"),
        ({"variants": ("oldest",)}, "the profile a has no variant 'oldest'; did you mean"),
        ({"changes": ("chat.idd=x",)}, r"\A--set chat.idd=x: there is no key 'idd' in chat; did you mean 'id'"),
        ({"changes": (("chat.idd", 1),)}, r"\A--set chat.idd: there is no key 'idd' in chat; did you mean 'id'"),
        ({"without": ("chat.idd",)}, r"\A--without chat.idd: there is no key 'idd' in chat; did you mean 'id'"),
    ],
)
def test_options_that_can_not_be_met_are_refused(options: Any, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(VARIANTS)
    with pytest.raises(InputError, match=message):
        profiles(tmp_path / "a.yaml", **options)


@pytest.mark.parametrize("name", ["variants", "changes", "without"])
def test_changes_need_a_profile(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="they need --profile"):
        Options(cassettes=(tmp_path,), **{name: ("x",)})  # type: ignore[arg-type]


def test_a_change_that_can_not_be_sent_is_found_before_it_has_to_be() -> None:
    with pytest.raises(InputError, match="embeddings: can't be sent"):
        profiles(ONE, changes=("embeddings.plain.body={data: [{index: $index}]}",))


# Changed by a request


def test_a_request_changes_the_profile_for_itself_only(single: Profiles) -> None:
    before = body(single.answer(request())[0])["id"]
    changed = body(single.answer(request(x_mockprovider_set="chat.id=x; chat.plain.body.object=y"))[0])
    assert (changed["id"], changed["object"]) == ("x", "y")
    assert body(single.answer(request())[0])["id"] == before


def test_a_request_is_without_a_quirk(own: Path) -> None:
    served, asked = profiles(own), {**HELLO, "user": "bad"}
    assert served.answer(request(body=asked))[1] == "own mine"
    tape, _ = served.answer(request(body=asked, x_mockprovider_without="rules.r; chat.id"))
    assert (status(tape), body(tape)["id"].partition("-")[0]) == (200, "chatcmpl")


def test_a_header_may_be_sent_several_times_in_any_case(single: Profiles) -> None:
    asked = request()
    more = ((b"X-MockProvider-Set", b"chat.id=x"), (b"x-mockprovider-set", b"chat.plain.body.object=y"))
    changed = body(single.answer(Request(asked.method, asked.path, "", (*asked.headers, *more), asked.body))[0])
    assert (changed["id"], changed["object"]) == ("x", "y")


def test_a_request_changes_what_the_options_have_made() -> None:
    served = profiles(ONE, changes=("chat.id=x", "chat.plain.body.object=y"))
    changed = body(served.answer(request(x_mockprovider_set="chat.id=z"))[0])
    assert (changed["id"], changed["object"]) == ("z", "y")


def test_a_request_changes_the_one_that_it_chooses(several: Profiles) -> None:
    answers = [
        several.answer(request(f"/{name}/v1/chat/completions", x_mockprovider_set="chat.id=x")) for name in (ONE, OTHER)
    ]
    assert [(body(tape)["id"], what.split()[0]) for tape, what in answers] == [("x", ONE), ("x", OTHER)]


@pytest.mark.parametrize(
    ("header", "value", "words"),
    [
        ("x_mockprovider_set", "chat.idd=x", "x-mockprovider-set: chat.idd=x: there is no key 'idd' in chat"),
        ("x_mockprovider_set", "chat.id", "x-mockprovider-set: chat.id: KEY=VALUE belongs here"),
        ("x_mockprovider_set", "timing.first=soon", "expected `float`"),
        ("x_mockprovider_set", "embeddings.plain.body={data: [{index: $index}]}", "can't be sent"),
        ("x_mockprovider_without", "chat.idd", "x-mockprovider-without: chat.idd: there is no key 'idd' in chat"),
    ],
)
def test_a_header_that_makes_no_sense_is_refused_in_our_own_name(
    header: str, value: str, words: str, single: Profiles
) -> None:
    for tape, what in (
        single.answer(request(**{header: value})),
        single.refuse(request(**{header: value}), "overloaded"),
    ):
        error = body(tape)["error"]
        assert (status(tape), what, error["type"]) == (400, "bad_change", "mockprovider_error")
        assert words in error["message"]


def test_bytes_that_are_no_text_in_a_header_are_refused_and_no_more(single: Profiles) -> None:
    asked = request()
    more = ((b"x-mockprovider-set", b"\xff\xfe=x"),)
    tape, what = single.answer(Request(asked.method, asked.path, "", (*asked.headers, *more), asked.body))
    assert (status(tape), what) == (400, "bad_change")


def test_what_a_plain_request_has_kept_a_changed_one_finds(single: Profiles) -> None:
    kept = body(single.answer(request("/v1/responses", body={"model": "gpt-4o", "input": "Hello"}), "me")[0])["id"]
    more = {"model": "gpt-4o", "input": "And?", "previous_response_id": kept}
    changed, _ = single.answer(request("/v1/responses", body=more, x_mockprovider_set="timing.first=1"), "me")
    assert (status(changed), body(changed)["previous_response_id"]) == (200, kept)


def test_what_was_kept_is_forgotten_for_changed_requests_too(single: Profiles) -> None:
    asked = request("/v1/responses", body={"model": "gpt-4o", "input": "Hello"}, x_mockprovider_set="timing.first=1")
    kept = body(single.answer(asked, "you")[0])["id"]
    single.restart("you")
    more = {"model": "gpt-4o", "input": "And?", "previous_response_id": kept}
    assert (
        status(single.answer(request("/v1/responses", body=more, x_mockprovider_set="timing.first=1"), "you")[0]) == 400
    )


def test_a_changed_profile_is_made_once_and_no_more_than_so_many_are_kept() -> None:
    served = profiles(ONE)
    made = served._served[ONE]
    for number in range(_VARIED + 3):
        served.answer(request(x_mockprovider_set=f"chat.id=x{number}"))
    assert len(made._varied) == _VARIED
    last = made.changed(((f"chat.id=x{_VARIED + 2}",), ()))
    served.answer(request(x_mockprovider_set=f"chat.id=x{_VARIED + 2}"))
    assert made.changed(((f"chat.id=x{_VARIED + 2}",), ())) is last


def test_the_one_that_was_not_asked_for_longest_goes() -> None:
    served = profiles(ONE)
    made = served._served[ONE]
    first = made.changed((("chat.id=first",), ()))
    for number in range(_VARIED - 1):
        made.changed(((f"chat.id=x{number}",), ()))
    made.changed((("chat.id=first",), ()))
    made.changed((("chat.id=another",), ()))
    assert made.changed((("chat.id=first",), ())) is first
    assert (("chat.id=x0",), ()) not in made._varied


def test_a_header_of_ours_that_there_is_not_is_refused_with_the_closest(single: Profiles) -> None:
    tape, what = single.answer(request(x_mockprovider_ste="chat.id=x"))
    assert (status(tape), what) == (400, "bad_change")
    assert "did you mean 'x-mockprovider-set'?" in body(tape)["error"]["message"]
