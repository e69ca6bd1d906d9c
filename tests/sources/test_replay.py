"""Which recording answers: the right one, in its turn, or none, with the reason."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockprovider.cassettes.matching.rules import COMPLETE, Rules
from mockprovider.cassettes.store import Cassette
from mockprovider.sources.replay import Replay
from mockprovider.tape import Abandoned, Chunk, Complete, Exchange, Head, Request, Tape

SYSTEM = {"role": "system", "content": "You are kind."}
LOOSE = Rules(loose=True)

Keep = Callable[..., Cassette]


def asked(content: str = "Hello", system: str = "You are kind.", **body: Any) -> Request:
    messages = [{**SYSTEM, "content": system}, {"role": "user", "content": content}]
    return Request("POST", "/v1/x", body=json.dumps({"messages": messages, **body}).encode())


def answered(text: str, request: Request | None = None) -> Exchange:
    tape = Tape(Head(0.0, 200), (Chunk(0.0, text.encode()),), Complete(0.0))
    return Exchange(request or asked(), tape)


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Write exchanges into a cassette, and open it again."""

    def write(*exchanges: Exchange, rules: Rules = COMPLETE, name: str = "tapes") -> Cassette:
        cassette = Cassette.open(tmp_path / name, create=True)
        for exchange in exchanges:
            cassette.begin(exchange.request).keep(exchange)
        return Cassette.open(tmp_path / name, rules=rules)

    return write


def heard(replay: Replay, request: Request, times: int = 1, tenant: str = "sk-a") -> list[str]:
    """What is answered, time after time; of a refusal, its code."""
    found = [replay.find(request, tenant) for _ in range(times)]
    return [each.tape.body.decode() if each and each.file else code_of(each) for each in found]


def code_of(found: Any) -> str:
    return "miss" if found is None else str(json.loads(found.tape.body)["error"]["code"])


@pytest.mark.parametrize(
    ("repeat", "texts"),
    [
        ("last", ["1", "2", "2", "2"]),
        ("cycle", ["1", "2", "1", "2"]),
        ("refuse", ["1", "2", "cassette_exhausted", "cassette_exhausted"]),
    ],
)
def test_equal_requests_are_answered_in_recorded_order_and_then_as_was_said(
    repeat: str, texts: Sequence[str], keep: Keep
) -> None:
    assert heard(Replay([keep(answered("1"), answered("2"))], repeat=repeat), asked(), 4) == texts


def test_every_api_key_hears_the_recordings_from_the_first_on(keep: Keep) -> None:
    replay = Replay([keep(answered("1"), answered("2"))])
    assert heard(replay, asked(), 1, "sk-a") + heard(replay, asked(), 2, "sk-b") == ["1", "1", "2"]


def test_of_several_cassettes_the_first_answers_first(keep: Keep) -> None:
    first, second = keep(answered("1"), name="a"), keep(answered("2"), name="b")
    assert heard(Replay([first, second]), asked(), 3) == ["1", "2", "2"]


def test_cassettes_with_rules_of_their_own_are_each_searched_by_them(keep: Keep) -> None:
    other = asked("Bye", user="bob")
    strict = keep(answered("strict"), name="a")
    wide = keep(answered("wide", replace(other)), name="b", rules=Rules(ignore=("body.user",)))
    assert heard(Replay([strict, wide]), asked("Bye", user="ann")) == ["wide"]
    assert heard(Replay([strict, wide]), asked(user="ann")) == ["miss"]


def test_requests_that_a_rule_makes_equal_are_answered_in_recorded_order(keep: Keep) -> None:
    exchanges = [answered(str(number), asked(metadata={"run": number})) for number in range(3)]
    replay = Replay([keep(*exchanges, rules=Rules(ignore=("body.metadata.run",)))])
    assert [heard(replay, asked(metadata={"run": number})) for number in (7, 8, 9)] == [["0"], ["1"], ["2"]]


def test_after_a_restart_the_first_recording_comes_again_for_that_tenant_alone(keep: Keep) -> None:
    replay = Replay([keep(answered("1"), answered("2"))])
    for tenant in ("sk-a", "sk-b"):
        heard(replay, asked(), 1, tenant)
    replay.restart("sk-a")
    assert heard(replay, asked(), 1, "sk-a") + heard(replay, asked(), 1, "sk-b") == ["1", "2"]


def test_an_exchange_of_which_the_end_is_unknown_is_refused_with_the_reason(keep: Keep) -> None:
    tape = Tape(Head(0.0, 200), (), Abandoned(1.0, "the client left after 1.000 s"))
    found = Replay([keep(Exchange(asked(), tape))]).find(asked(), "")
    assert found is not None
    assert b"the client left after 1.000 s" in found.tape.body


# Drift


def test_a_drifted_system_prompt_is_a_miss_unless_matching_is_loose(keep: Keep) -> None:
    drifted = asked(system="You are wise.")
    assert heard(Replay([keep(answered("1"))]), drifted) == ["miss"]
    assert heard(Replay([keep(rules=LOOSE)]), drifted) == ["1"]


def test_what_drifted_is_told_with_every_answer_and_said_once(keep: Keep) -> None:
    said: list[str] = []
    replay = Replay([keep(answered("1"), rules=LOOSE)], say=said.append)
    found = [replay.find(asked(system="You are wise."), "") for _ in range(3)]
    assert [each.drift for each in found if each] == [("body.messages.0.content",)] * 3
    assert len(said) == 1
    assert 'recorded "You are kind.", sent "You are wise."' in said[0]


def test_an_exact_recording_is_preferred_to_one_that_drifted(keep: Keep) -> None:
    exchanges = answered("kind"), answered("wise", asked(system="You are wise."))
    found = Replay([keep(*exchanges, rules=LOOSE)]).find(asked(system="You are wise."), "")
    assert found is not None
    assert (found.tape.body, found.drift) == (b"wise", ())


def test_where_two_recordings_drifted_differently_neither_is_guessed(keep: Keep) -> None:
    exchanges = answered("kind"), answered("wise", asked(system="You are wise."))
    replay = Replay([keep(*exchanges, rules=LOOSE)])
    assert heard(replay, asked(system="You are old.")) == ["cassette_ambiguous"]


def test_repeats_of_one_drifted_request_are_answered_in_recorded_order(keep: Keep) -> None:
    replay = Replay([keep(answered("1"), answered("2"), rules=LOOSE)])
    assert heard(replay, asked(system="You are wise."), 3) == ["1", "2", "2"]


def test_refreshed_requests_match_exactly_and_their_answers_are_as_they_were(keep: Keep) -> None:
    drifted = asked(system="You are wise.")
    cassette = keep(answered("1"), answered("other", asked("Bye")), rules=LOOSE)
    heard(Replay([cassette]), drifted)
    assert [entry.path.name[:4] for entry in keep().refresh_requests()] == ["0001"]
    fresh = Replay([keep()])
    assert heard(fresh, drifted) + heard(fresh, asked()) + heard(fresh, asked("Bye")) == ["1", "miss", "other"]
    assert keep().refresh_requests() == []


def test_neither_a_secret_nor_the_connection_of_a_drifted_request_is_kept(keep: Keep, tmp_path: Path) -> None:
    headers = ((b"Authorization", b"Bearer sk-secret-0123456789"), (b"connection", b"close"), (b"host", b"127.0.0.1"))
    sent = replace(asked(system="You are wise."), headers=headers)
    heard(Replay([keep(answered("1"), rules=LOOSE)]), sent)
    (note,) = (tmp_path / "tapes").glob("*.drift")
    assert b"sk-secret" not in note.read_bytes()
    assert b"connection" not in note.read_bytes()
    assert note.stat().st_mode & 0o777 == 0o600


# Misses


def missed(replay: Replay, request: Request) -> tuple[dict[str, Any], dict[str, str]]:
    """The error and the headers of a miss."""
    tape, _ = replay.miss(request)
    assert tape.head is not None
    error: dict[str, Any] = json.loads(tape.body)["error"]
    return error, {name.decode(): value.decode() for name, value in tape.head.headers}


def test_a_miss_names_the_nearest_recording_and_the_word_that_differs(keep: Keep) -> None:
    exchanges = answered("1", asked("The weather in Paris?")), answered("2", asked("The time in Oslo?", n=2))
    error, headers = missed(Replay([keep(*exchanges)]), asked("The weather in Rome?"))
    assert error["code"] == "cassette_miss"
    assert error["nearest"] == headers["x-mockprovider-miss"] == "0001-v1-x.yaml"
    assert error["differs_in"] == ["body.messages.1.content"]
    assert 'recorded "The weather in Paris?", sent "The weather in Rome?"' in error["message"]
    assert "Paris" in error["diff"]
    assert "Rome" in error["diff"]


def test_a_miss_names_no_field_that_a_rule_passes_over(keep: Keep) -> None:
    cassette = keep(answered("1", asked(user="ann")), rules=Rules(ignore=("body.user",)))
    error, _ = missed(Replay([cassette]), asked("Bye", user="bob"))
    assert error["differs_in"] == ["body.messages.1.content"]


def test_a_miss_of_another_path_says_so_before_anything_else(keep: Keep) -> None:
    error, _ = missed(Replay([keep(answered("1"))]), Request("GET", "/v1/models"))
    assert error["differs_in"][:2] == ["method", "path"]
    assert error["message"].startswith("No recording answers GET /v1/models.\n")


@pytest.mark.parametrize(("content", "told"), [("Hello", True), ("Bye", False)])
def test_a_miss_by_the_system_prompt_alone_says_that_loose_matching_would_do(
    content: str, told: bool, keep: Keep
) -> None:
    error, _ = missed(Replay([keep(answered("1"))]), asked(content, system="You are wise."))
    assert ("--match loose" in error["message"]) is told


def test_a_miss_says_the_command_that_would_record_it(keep: Keep, tmp_path: Path) -> None:
    known = replace(answered("1"), upstream="https://api.example.com/v4")
    error, _ = missed(Replay([keep(known)]), asked("Bye"))
    assert error["record"] == (
        f"mockprovider record --mode new_episodes --upstream https://api.example.com/v4 --cassette {tmp_path / 'tapes'}"
    )
    assert error["record"] in error["message"]


def test_a_miss_of_an_empty_cassette_says_so(keep: Keep) -> None:
    error, headers = missed(Replay([keep()]), asked())
    assert "The cassette is empty." in error["message"]
    assert error["nearest"] is None
    assert headers["x-mockprovider-miss"] == "nothing recorded"


def test_a_miss_does_not_show_a_secret_of_the_request(keep: Keep) -> None:
    secret = "sk-secret-0123456789"
    request = replace(asked(f"my key is {secret}"), headers=((b"Authorization", f"Bearer {secret}".encode()),))
    error, _ = missed(Replay([keep(answered("1"))]), request)
    assert secret not in json.dumps(error)
