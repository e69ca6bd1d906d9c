"""The words that options take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.errors import InputError
from mockprovider.serving.words import pace_of


@pytest.mark.parametrize(("word", "factor"), [("instant", 0.0), ("recorded", 1.0), ("profile", 1.0), ("2x", 0.5)])
def test_a_pace_is_what_times_are_multiplied_with(word: str, factor: float) -> None:
    assert pace_of(word) == factor


@given(st.floats(0.001, 1000))
def test_a_speed_is_the_inverse_of_its_pace(speed: float) -> None:
    assert pace_of(f"{speed!r}x") * speed == pytest.approx(1)


@pytest.mark.parametrize("word", ["", "x", "2", "0x", "-1x", "nanx", "infx", "1001x", "fast", "Instant"])
def test_what_is_no_pace_is_refused_with_those_there_are(word: str) -> None:
    with pytest.raises(InputError, match=r"take instant, recorded, profile, or a speed from 0\.001x to 1000x"):
        pace_of(word)
