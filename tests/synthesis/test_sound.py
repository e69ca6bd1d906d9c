"""Sound: silence that takes as long as what is said, in a form that players play."""

import base64
import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.synthesis.sound import sound
from tests.strategies import law, texts

FORMS = ("wav", "mp3", "pcm16", "opus")


def data(text: str, form: str) -> bytes:
    """The bytes of a sound."""
    return base64.b64decode(sound(text, form), validate=True)


def seconds(text: str, form: str) -> float:
    """How long a sound is."""
    said = data(text, form)
    if form == "mp3":
        return len(said) / 24 * 0.024
    if form == "wav":
        with wave.open(io.BytesIO(said)) as read:
            return float(read.getnframes() / read.getframerate())
    return len(said) / 2 / 24_000


@pytest.mark.parametrize("text", ["", "a", "Hello there", "x" * 1000])
def test_a_wav_is_readable_and_silent(text: str) -> None:
    with wave.open(io.BytesIO(data(text, "wav"))) as read:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate()) == (1, 2, 24_000)
        assert set(read.readframes(read.getnframes())) <= {0}


@pytest.mark.parametrize("text", ["", "a", "Hello there", "x" * 1000])
def test_every_frame_of_an_mp3_begins_with_a_frame_sync(text: str) -> None:
    said = data(text, "mp3")
    starts = [said[at : at + 2] for at in range(0, len(said), 24)]
    assert (len(said) % 24, set(starts)) == (0, {b"\xff\xf3"})


@law()
@given(texts, st.sampled_from(FORMS))
def test_samples_come_whole(text: str, form: str) -> None:
    said = data(text, form)
    assert len(said) % 2 == 0


@pytest.mark.parametrize("form", FORMS)
def test_what_is_longer_to_say_is_a_longer_sound(form: str) -> None:
    assert seconds("Hi", form) < seconds("Hello there", form) < seconds("Hello there, how are you?", form)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_sound_takes_as_long(form: str) -> None:
    assert seconds("Hello there", form) == pytest.approx(0.55, abs=0.024)


@pytest.mark.parametrize("form", FORMS)
def test_no_sound_is_longer_than_ten_seconds(form: str) -> None:
    assert seconds("x" * 100_000, form) == pytest.approx(10, abs=0.024)


def test_a_form_for_which_there_is_no_encoder_is_pcm16() -> None:
    assert data("Hello", "opus") == data("Hello", "pcm16") == bytes(12_000)
