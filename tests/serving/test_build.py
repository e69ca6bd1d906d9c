"""From options to what is served: what is taken, and what goes together."""

from pathlib import Path

import pytest

from mockprovider.serving.build import Options, mock_of
from mockprovider.serving.words import RANGES, WORDS


@pytest.mark.parametrize(("name", "word"), [(name, word) for name, words in WORDS.items() for word in words])
def test_every_word_is_taken(name: str, word: str) -> None:
    recording = {"cassettes": ("x",), "upstreams": ("http://x",)}
    assert getattr(Options(**{**recording, name: word}), name) == word  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "number"), [(name, number) for name, ends in RANGES.items() for number in ends])
def test_the_ends_of_a_range_are_taken(name: str, number: float) -> None:
    assert getattr(Options(profiles=("openai",), **{name: number}), name) == number  # type: ignore[arg-type]


def test_what_is_asked_of_an_upstream_is_recorded_once_by_default_but_nothing_where_CI_is_set(  # noqa: N802
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = Options(cassettes=(tmp_path / "tapes",), upstreams=("http://127.0.0.1:9",))
    found = []
    for ci in ("", "true"):
        monkeypatch.setenv("CI", ci)
        found.append(mock_of(options, print).mode)
    assert found == ["all", "none"]
