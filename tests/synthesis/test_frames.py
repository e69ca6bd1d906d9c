"""Forms filled in: what stands in the form is what is sent, and a prepared frame says the same as one filled anew."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.profiles.forms import Spelling
from mockprovider.synthesis.chance import Chance
from mockprovider.synthesis.frames import (
    ABSENT,
    CONDITIONS,
    Frame,
    filled,
    filled_rows,
    quoted,
    spelled,
    spelled_inside,
)
from tests.strategies import json_values, law, texts

PLAIN = Spelling()
spellings = st.builds(
    lambda style, ascii_only, end: Spelling(style=style, ascii=ascii_only, end=end),
    st.sampled_from(["compact", "python", "pretty-2", "pretty-4"]),
    st.booleans(),
    st.sampled_from(["", "\n"]),
)

VALUES: Mapping[str, Any] = {
    "word": "naïve “x” \\ $5\n",
    "number": 7,
    "nothing": None,
    "yes": True,
    "gone": ABSENT,
    "list": [1, [], {"a": ["é\n", {}]}],
    "object": {"x": {"y": [1.5, None]}, "z": []},
    "empty": {},
}

_leaves = st.sampled_from([*(f"${name}" for name in VALUES), "plain", "", "costs $5", "é", 0, None, False])
forms = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcdé"), inner, max_size=3),
    max_leaves=10,
).map(lambda inner: {"id": "x", "inner": inner})


def event_of(value: Any, spelling: Spelling, around: str = "data: $json\n\n") -> bytes:
    """JSON in an event, each of its lines begun as the first."""
    before, _, after = around.partition("$json")
    start = before.splitlines()[-1] if before else ""
    eol = "\r\n" if "\r\n" in around else "\n"
    lines = spelled_inside(value, spelling).replace("\n", eol + start if start else "\n")
    return f"{before}{lines}{spelling.end}{after}".encode()


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("compact", '{"a":[1,{}],"b":"é"}'),
        ("python", '{"a": [1, {}], "b": "é"}'),
        ("pretty-2", '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "é"\n}'),
        ("pretty-4", '{\n    "a": [\n        1,\n        {}\n    ],\n    "b": "é"\n}'),
    ],
)
def test_json_is_spelled_in_the_style_asked_for(style: Any, text: str) -> None:
    assert spelled({"a": [1, {}], "b": "é"}, Spelling(style=style)) == text


def test_json_is_spelled_in_ascii_where_the_provider_does_so_and_with_its_end() -> None:
    assert spelled({"a": "é😀"}, Spelling(ascii=True, end="\n")) == '{"a":"\\u00e9\\ud83d\\ude00"}\n'


@law()
@given(json_values, spellings)
def test_every_spelling_says_the_same(value: Any, spelling: Spelling) -> None:
    assert json.loads(spelled(value, spelling)) == value


@law()
@given(texts, st.booleans())
def test_a_quoted_text_is_spelled_as_it_is_in_a_form(text: str, ascii_only: bool) -> None:
    spelling = Spelling(ascii=ascii_only)
    assert quoted(text, spelling) == spelled(text, spelling)


@law()
@given(json_values)
def test_a_hole_takes_a_value_of_any_type(value: Any) -> None:
    assert filled({"a": "$x"}, {"x": value}, Chance()) == {"a": value}


@pytest.mark.parametrize(
    ("form", "result"),
    [
        ("$gone", ABSENT),
        ({"a": 1, "b": "$gone"}, {"a": 1}),
        ({"a": 1, "b": {"c": "$gone", "d": "$gone"}}, {"a": 1}),
        ({"a": {"b": {"c": "$gone"}}}, ABSENT),
        ({"a": {"b": "$gone", "c": None}}, {"a": {"c": None}}),
        ({"a": {}}, {"a": {}}),
        ({"a": [{"b": "$gone"}, 1]}, {"a": [1]}),
        ({"a": ["$gone"]}, {"a": []}),
        ({"a": "$nothing"}, {"a": None}),
    ],
)
def test_where_there_is_nothing_to_say_the_key_goes_and_a_mapping_left_empty_too(form: Any, result: Any) -> None:
    assert filled(form, VALUES, Chance()) == result


@pytest.mark.parametrize(
    ("form", "result"),
    [
        ("model `$m` at $n", "model `gpt` at 7"),
        ("$m$n", "gpt7"),
        ("($m)", "(gpt)"),
        ("$mm", "$mm"),
        ("costs $5, or $", "costs $5, or $"),
        ("$unknown", "$unknown"),
        ("$m.$n", "gpt.7"),
    ],
)
def test_a_hole_inside_a_text_takes_text(form: str, result: str) -> None:
    assert filled(form, {"m": "gpt", "n": 7}, Chance()) == result


@pytest.mark.parametrize("form", ["$model", "the model $model", "$model, $model"])
@pytest.mark.parametrize("value", ["$other", "$model", "$hex8", "$uuid", "a $alnum24 b"])
def test_what_a_client_says_is_never_taken_for_a_hole(form: str, value: str) -> None:
    assert filled(form, {"model": value, "other": "!"}, Chance()) == form.replace("$model", value)


@pytest.mark.parametrize(
    ("form", "pattern"),
    [("req_$hex32", "req_[0-9a-f]{32}"), ("$alnum29", "[A-Za-z0-9]{29}"), ("$digits4-$digits4", r"\d{4}-\d{4}")],
)
def test_a_generator_is_drawn(form: str, pattern: str) -> None:
    assert re.fullmatch(pattern, filled(form, {}, Chance()))


@law(80)
@given(forms, spellings, st.sampled_from(["$json", "data: $json\n\n", "event: x\ndata:$json\r\n\r\n"]))
def test_a_prepared_frame_says_what_filling_its_form_says(form: Any, spelling: Spelling, around: str) -> None:
    expected = event_of(filled(form, VALUES, Chance()), spelling, around)
    assert Frame(form, spelling, around).bind(VALUES, Chance()).whole() == expected


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("compact", '{"a":{"b":{"x":[1]}}}'),
        ("python", '{"a": {"b": {"x": [1]}}}'),
        ("pretty-2", '{\n  "a": {\n    "b": {\n      "x": [\n        1\n      ]\n    }\n  }\n}'),
    ],
)
def test_a_container_in_a_hole_is_indented_as_deep_as_its_hole(style: Any, text: str) -> None:
    bound = Frame({"a": {"b": "$object"}}, Spelling(style=style)).bind({"object": {"x": [1]}}, Chance())
    assert bound.whole().decode() == text


@law()
@given(json_values, spellings)
def test_json_within_json_is_spelled_without_the_end(value: Any, spelling: Spelling) -> None:
    assert spelled_inside(value, spelling) + spelling.end == spelled(value, spelling)


@pytest.mark.parametrize(
    "form",
    [
        {"a": "chat.$name"},
        {"a": "$name-$name"},
        {"a": {"b": ["x $name y"]}},
        {"a": "fp_$hex10"},
        {"a": "$alnum8"},
        {"a": "a $uuid"},
    ],
    ids=str,
)
def test_a_prepared_frame_fills_holes_inside_a_text_too(form: dict[str, Any]) -> None:
    prepared = Frame(form, PLAIN).bind({"name": "é\\"}, Chance(b"x")).whole().decode()
    assert "$" not in prepared
    assert "\\u0000" not in prepared
    assert len(prepared) == len(spelled(filled(form, {"name": "é\\"}, Chance(b"x")), PLAIN))


@pytest.mark.parametrize("form", [{"a": "$uuid"}, {"a": "$hex32"}, {"a": "fp_$alnum10"}], ids=str)
def test_a_generator_in_a_prepared_frame_is_drawn_for_each_answer(form: dict[str, Any]) -> None:
    frame = Frame(form, PLAIN)
    assert len({frame.bind({}, Chance(b"%d" % number)).whole() for number in range(5)}) == 5


@law()
@given(st.lists(texts, max_size=4), spellings)
def test_a_series_is_the_frame_once_for_each_text(said: list[str], spelling: Spelling) -> None:
    form = {"i": "$number", "t": "$text", "u": ["$text", "$word"]}
    frame = Frame(form, spelling, "data: $json\n\n", ("text",))
    series = frame.bind(VALUES, Chance()).series(len(said), {"text": [quoted(text, spelling) for text in said]})
    alone = [event_of(filled(form, {**VALUES, "text": text}, Chance()), spelling) for text in said]
    assert series == alone


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"a": "$one", "b": "$two"}, b'{"a":"x","b":"y"}'),
        ({"b": "$two", "a": "$one"}, b'{"b":"y","a":"x"}'),
        ({"a": "$two"}, b'{"a":"y"}'),
        ({"a": 1}, b'{"a":1}'),
        ({"a": ["$one", "$two", "$one"]}, b'{"a":["x","y","x"]}'),
    ],
)
def test_several_holes_may_move_in_any_order(form: dict[str, Any], expected: bytes) -> None:
    bound = Frame(form, PLAIN, moving=("one", "two")).bind({}, Chance())
    assert bound.series(2, {"one": ['"x"', '"x"'], "two": ['"y"', '"y"']}) == [expected, expected]


@law()
@given(st.lists(st.tuples(texts, json_values), max_size=3), spellings)
def test_one_more_hole_may_move_for_once(rows: list[tuple[str, Any]], spelling: Spelling) -> None:
    frame = Frame({"l": "$also", "t": "$text", "n": "$number"}, spelling, "data: $json\n\n", ("text",))
    said = [quoted(text, spelling) for text, _ in rows]
    also = [spelled_inside(value, spelling) for _, value in rows]
    series = frame.bind(VALUES, Chance(), also=("also",)).series(len(said), {"text": said, "also": also})
    alone = [
        frame.bind({**VALUES, "also": value}, Chance()).series(1, {"text": [quoted(text, spelling)]})
        for text, value in rows
    ]
    assert series == [event for (event,) in alone]


@pytest.mark.parametrize("also", [(), ("also",)])
def test_a_hole_that_moves_for_once_does_not_for_the_next(also: tuple[str, ...]) -> None:
    frame = Frame({"a": "$also", "t": "$text"}, PLAIN, moving=("text",))
    moving = {"text": ['"x"'], "also": ["1"]}
    frame.bind({}, Chance(), also=("also",)).series(1, moving)
    assert frame.bind({"also": 1}, Chance(), also=also).series(1, moving) == [b'{"a":1,"t":"x"}']


def test_three_holes_and_more_may_move() -> None:
    form = {"a": "$one", "b": "$two", "c": "$three", "d": "$four"}
    bound = Frame(form, PLAIN, moving=("one", "two", "three")).bind({}, Chance(), also=("four",))
    moving = {"one": ["1", "2"], "two": ["3", "4"], "three": ["5", "6"], "four": ["7", "8"]}
    assert bound.series(2, moving) == [
        b'{"a":1,"b":3,"c":5,"d":7}',
        b'{"a":2,"b":4,"c":6,"d":8}',
    ]


def test_a_hole_that_moves_is_all_of_its_string() -> None:
    with pytest.raises(ValueError, match="text must be all of its string"):
        Frame({"a": "so $text"}, PLAIN, moving=("text",)).bind({}, Chance())


@pytest.mark.parametrize(
    ("form", "result"),
    [
        ([{"i": "$n"}], [{"i": 1}, {"i": 2}]),
        ({"data": [{"i": "$n", "w": "$w"}], "w": "$w"}, {"data": [{"i": 1, "w": "x"}, {"i": 2, "w": "x"}], "w": "x"}),
        ({"data": [{"i": "$n"}, {"i": "$n"}]}, {"data": [{"i": "$n"}, {"i": "$n"}]}),
    ],
)
def test_a_list_of_one_mapping_stands_for_one_a_row(form: Any, result: Any) -> None:
    assert filled_rows(form, [{"n": 1}, {"n": 2}], {"w": "x", "gone": ABSENT}, Chance()) == result


def test_a_part_stands_in_the_hole_of_its_name_with_its_own_holes() -> None:
    frame = Frame({"id": "x", "usage": "$usage"}, PLAIN, parts={"usage": {"n": "$number", "m": "$gone"}})
    assert frame.bind({**VALUES, "usage": None}, Chance()).whole() == b'{"id":"x","usage":{"n":7}}'


def test_a_part_goes_where_there_is_nothing_to_say() -> None:
    frame = Frame({"id": "x", "usage": "$usage"}, PLAIN, parts={"usage": {"n": "$number"}})
    assert frame.bind({**VALUES, "usage": ABSENT}, Chance()).whole() == b'{"id":"x"}'


def test_a_frame_is_prepared_anew_for_other_absent_holes() -> None:
    frame = Frame({"id": "x", "a": "$a"}, PLAIN)
    said = [frame.bind({"a": value}, Chance()).whole() for value in (1, ABSENT, 2)]
    assert said == [b'{"id":"x","a":1}', b'{"id":"x"}', b'{"id":"x","a":2}']


HOLDING = {CONDITIONS: frozenset({"a", "b"})}


@pytest.mark.parametrize(
    ("key", "sent"),
    [("k", True), ("k?a", True), ("k?c", False), ("k?!a", False), ("k?!c", True), ("k?a&b", True), ("k?a&!b", False)],
)
def test_a_key_is_sent_where_its_conditions_hold(key: str, sent: bool) -> None:
    form = {"id": 1, key: 2}
    expected = {"id": 1, "k": 2} if sent else {"id": 1}
    assert filled(form, HOLDING, Chance()) == expected
    assert json.loads(Frame(form, PLAIN).bind(HOLDING, Chance()).whole()) == expected


def test_of_two_keys_of_one_name_the_one_is_sent_whose_condition_holds() -> None:
    form = {"content?a": ["$text"], "content?!a": "$text"}
    assert filled(form, {**HOLDING, "text": "x"}, Chance()) == {"content": ["x"]}
    assert filled(form, {CONDITIONS: frozenset(), "text": "x"}, Chance()) == {"content": "x"}


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_each_line_of_json_in_an_event_begins_as_its_first(eol: str) -> None:
    form, spelling = {"a": "$one", "b": {"c": 1}}, Spelling(style="pretty-2")
    event = f"id: 1{eol}data:$json{eol}{eol}"
    (said,) = Frame(form, spelling, event, ("one",)).bind({}, Chance()).series(1, {"one": ['"x"']})
    lines = spelled({"a": "x", "b": {"c": 1}}, spelling).split("\n")
    assert said.decode() == f"id: 1{eol}" + eol.join(f"data:{line}" for line in lines) + eol + eol


def test_what_stands_in_a_pretty_event_is_prefixed_line_by_line_too() -> None:
    frame = Frame({"a": "$list"}, Spelling(style="pretty-2"), "data: $json\n\n")
    said = frame.bind({"list": [1, {"b": 2}]}, Chance()).whole().decode()
    lines = [line.removeprefix("data: ") for line in said.rstrip("\n").split("\n")]
    assert json.loads("\n".join(lines)) == {"a": [1, {"b": 2}]}
    assert all(line.startswith("data: ") for line in said.rstrip("\n").split("\n"))


def test_a_frame_knows_which_moving_holes_it_has() -> None:
    frame = Frame({"a": "$one", "b": "$part"}, PLAIN, moving=("one", "two", "three"), parts={"part": {"c": "$two"}})
    assert frame.moves == {"one", "two"}
