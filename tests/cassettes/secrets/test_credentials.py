"""Keys are known by their form, where they are words of their own; a placeholder is told from all else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.secrets.credentials import (
    KEYS,
    SECRET_HEADERS,
    around_marks,
    compiled,
    cover,
    is_mark,
    keys_in,
    mark_of,
    marks_in,
    place_of,
)
from mockprovider.errors import InputError
from tests.strategies import KEY_SAMPLES, law

BEFORE = {
    "a quote": '"',
    "a space": " ",
    "an equals sign": "k=",
    "JSON's newline": "\\n",
    "an escape": "\\u0027",
    "a URL": "%3D",
}
AFTER = {"a quote": '"', "a space": " ", "the end": "", "a full stop": ". ", "JSON's newline": "\\n"}


def found_in(text: str) -> list[str]:
    return [text.encode()[spot.start : spot.end].decode() for spot in keys_in(text.encode())]


@pytest.mark.parametrize("key", KEY_SAMPLES.values(), ids=KEY_SAMPLES)
@pytest.mark.parametrize("after", AFTER.values(), ids=AFTER)
@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_a_key_is_found_between_what_stands_around_keys(before: str, after: str, key: str) -> None:
    text = f"{before}{key}{after}"
    assert any(key.endswith(found) and len(found) >= len(key) - 7 for found in found_in(text))


@pytest.mark.parametrize("key", [key for key in KEY_SAMPLES.values() if not key.startswith(("bce", "ya29"))])
@pytest.mark.parametrize("text", ["A{}", "a-{}", "x_{}", "{}_"])
def test_a_key_within_a_longer_word_is_none(text: str, key: str) -> None:
    assert key not in found_in(text.format(key))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"api_key": "%s"}', "AbCdEf0123456789AbCdEf01"),
        ('{"apiKey":"%s"}', "AbCdEf0123456789AbCdEf01"),
        ('{\\"client_secret\\": \\"%s\\"}', "AbCdEf0123456789AbCdEf01"),
        ("AWS_SECRET_ACCESS_KEY=%s\n", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYAAAAAAAAKEY0"),
        ("Authorization: Bearer %s", "AbCdEf0123456789AbCdEf01"),
        ("https://x.example/?access_token=%s&a=b", "AbCdEf0123456789AbCdEf01"),
    ],
)
def test_a_value_is_a_secret_where_its_name_says_so(text: str, value: str) -> None:
    assert found_in(text % value) == [value]


@pytest.mark.parametrize(
    "text", ["max_tokens: %s", '"page_token": "%s"', '"id": "%s"', '"api_key_id" %s', "a bearer, %s"]
)
def test_a_value_with_another_name_is_none(text: str) -> None:
    assert found_in(text % "AbCdEf0123456789AbCdEf01") == []


def test_a_private_key_is_found_between_its_lines() -> None:
    body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\\n" * 4
    text = f'"-----BEGIN RSA PRIVATE KEY-----\\n{body}-----END RSA PRIVATE KEY-----"'
    assert found_in(text) == [f"\\n{body}"]


def test_an_account_is_found_in_an_arn() -> None:
    assert found_in("arn:aws:bedrock:us-east-1:123456789012:inference-profile/x") == ["123456789012"]


@law(100)
@given(st.text(st.sampled_from("skorg-_apiKEY=:/.+\"'\\ \nREDACTED0123456789abcdefx%"), max_size=120))
def test_finds_lie_within_the_text_and_hold_no_quote(text: str) -> None:
    data = text.encode()
    for spot in keys_in(data):
        assert 0 <= spot.start < spot.end <= len(data)
        assert not set(data[spot.start : spot.end]) & set(b"\"' ")


@law(100)
@given(st.binary(max_size=60), st.integers(1, 80))
def test_a_cover_is_as_long_as_asked_and_known_as_one(secret: bytes, length: int) -> None:
    placed = cover(mark_of(secret), length)
    assert len(placed) == length
    assert is_mark(placed) == (length >= 8)


@law()
@given(st.lists(st.sampled_from([b"a", b" REDACTE", b"REDACTED", b"REDACTED-0a1b2c3d", b"xx", b"-"]), max_size=8))
def test_placeholders_and_what_is_around_them_make_up_the_whole(parts: list[bytes]) -> None:
    data = b"".join(parts)
    spans = sorted([*marks_in(data), *around_marks(data)])
    assert b"".join(data[start:end] for start, end in spans) == data
    assert all(is_mark(data[start:end]) for start, end in marks_in(data))


@pytest.mark.parametrize(
    ("name", "place"),
    [
        *((name, "secret") for name in sorted(SECRET_HEADERS)),
        (b"x-acme-api-key", "secret"),
        (b"x-csrf-token", "secret"),
        (b"openai-organization", "account"),
        (b"llm_provider-openai-organization", "account"),
        (b"llm_provider-set-cookie", "set-cookie"),
        (b"cookie", "cookie"),
        (b"x-request-id", ""),
        (b"x-ratelimit-limit-tokens", ""),
        (b"fireworks-server-time-to-first-token", ""),
        (b"anthropic-ratelimit-tokens-reset", ""),
    ],
)
def test_the_place_of_a_header(name: bytes, place: str) -> None:
    assert place_of(name) == place


@pytest.mark.parametrize("kind", [kind for kind, _ in KEYS])
def test_the_kind_of_a_key_is_said_in_words(kind: str) -> None:
    assert re.fullmatch(r"[A-Za-z].*(?:key|key id|secret id|token|secret|Token|key \(sk.\))", kind)


def test_a_pattern_that_is_none_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match=r"^--allow: '\[a' is no regular expression: .* at position 0$"):
        compiled("[a", "--allow")
