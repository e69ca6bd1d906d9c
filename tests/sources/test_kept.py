"""What a provider keeps: as much as there is room for."""

from hypothesis import given
from hypothesis import strategies as st

from mockprovider.sources.kept import Kept, Shelf
from tests.strategies import law

things = st.tuples(st.sampled_from("abcdefgh"), st.integers())


@law(100)
@given(st.integers(1, 5), st.lists(things, max_size=20))
def test_a_shelf_holds_what_came_last_one_of_each_name(room: int, put: list[tuple[str, int]]) -> None:
    shelf = Shelf[int](room)
    for name, thing in put:
        shelf.put(name, thing)
    newest = dict(put)
    last = list(dict.fromkeys(name for name, _ in reversed(put)))[:room][::-1]
    assert list(shelf) == [(name, newest[name]) for name in last]
    assert [shelf.get(name) for name in last] == [newest[name] for name in last]


def test_a_thing_that_was_dropped_is_gone() -> None:
    shelf = Shelf[int]()
    shelf.put("a", 1)
    assert (shelf.drop("a"), shelf.drop("a"), shelf.get("a"), list(shelf)) == (True, False, None, [])


def test_a_shelf_may_be_changed_while_it_is_looked_through() -> None:
    shelf = Shelf[int]()
    for name in "abc":
        shelf.put(name, 1)
    for name, _ in shelf:
        shelf.drop(name)
    assert list(shelf) == []


def test_what_is_kept_for_one_is_not_kept_for_another() -> None:
    one, other = Kept(), Kept()
    assert one.responses is not other.responses
    assert one.completions is not other.completions
