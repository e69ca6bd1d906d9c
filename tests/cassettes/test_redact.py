"""No secret touches the disk, wherever it stands and however it is cut; nothing else changes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.format import dump
from mockprovider.cassettes.match import key_of
from mockprovider.cassettes.redact import (
    ACCOUNT_HEADERS,
    PLACEHOLDER,
    SECRET_HEADERS,
    SECRET_PARAMETERS,
    as_matched,
    redacted,
    redacted_request,
)
from mockprovider.tape import Chunk, Complete, Cut, Exchange, Framing, Garbage, Head, Request, Tape
from tests.strategies import exchanges, harmless, law, secrets

SECRET = b"sk-proj-0123456789abcdefghij"
ASKED = Request("POST", "/v1/x", "", ((b"Authorization", b"Bearer " + SECRET),), b"{}")
SAID = Tape(Head(0.5, 200, ((b"X-A", b"1"),)), (Chunk(1.0, b"ab"), Chunk(2.0, b"cd")), Complete(2.0))


def answered(request: Request, *datas: bytes) -> Exchange:
    return Exchange(request, Tape(SAID.head, tuple(Chunk(1.0, data) for data in datas), Complete(1.0)))


def placeholder(length: int) -> bytes:
    return (PLACEHOLDER * length)[:length]


@law()
@given(secrets, harmless, harmless)
def test_a_secret_is_found_across_every_cut_and_lengths_stay(secret: str, before: bytes, after: bytes) -> None:
    request = replace(ASKED, headers=((b"Authorization", b"Bearer " + secret.encode()),))
    body = before + secret.encode() + after
    clean = before + placeholder(len(secret)) + after
    for cut in range(len(body) + 1):
        kept = redacted(answered(request, body[:cut], body[cut:]))
        assert [chunk.data for chunk in kept.tape.chunks] == [clean[:cut], clean[cut:]]


@law()
@given(secrets, st.data())
def test_a_secret_is_found_in_any_number_of_pieces(secret: str, data: st.DataObject) -> None:
    request = replace(ASKED, headers=((b"x-api-key", secret.encode()),))
    body = (f"{secret} and {secret}!").encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), min_size=2, max_size=30)))
    parts = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    kept = redacted(answered(request, *parts))
    assert kept.tape.body == placeholder(len(secret)) + b" and " + placeholder(len(secret)) + b"!"
    assert [len(chunk.data) for chunk in kept.tape.chunks] == [len(part) for part in parts]


@law()
@given(secrets)
def test_a_chunk_keeps_its_moment(secret: str) -> None:
    chunks = (Chunk(1.0, secret[:4].encode()), Chunk(2.0, secret[4:].encode()))
    request = replace(ASKED, headers=((b"api-key", secret.encode()),))
    kept = redacted(Exchange(request, replace(SAID, chunks=chunks)))
    assert [chunk.at for chunk in kept.tape.chunks] == [1.0, 2.0]


HOLDERS = {
    "a secret header": ASKED,
    "a secret header without a scheme": replace(ASKED, headers=((b"X-API-Key", SECRET),)),
    "a secret parameter": Request("POST", "/v1/x", f"a=1&key={SECRET.decode()}"),
}
"""Where a credential is known by its place."""

ECHOES = {
    "the answer's body": answered(ASKED, b'{"error":"Incorrect API key: ' + SECRET + b'"}'),
    "the answer's body, in the middle of a word": answered(ASKED, b"x" + SECRET + b"y"),
    "a header of the answer": Exchange(
        ASKED, replace(SAID, head=Head(0.0, 302, ((b"Location", b"https://x/?key=" + SECRET),)), chunks=())
    ),
    "what broke the framing": Exchange(ASKED, Tape(None, (), Garbage(0.0, b"HTTP " + SECRET))),
    "what broke the framing, together with the body before": Exchange(
        ASKED, Tape(SAID.head, (Chunk(1.0, SECRET[:9]),), Garbage(1.0, SECRET[9:]))
    ),
    "the request's body": answered(replace(ASKED, body=b'{"user":"' + SECRET + b'"}')),
    "the request's path": answered(replace(ASKED, path="/v1/keys/" + SECRET.decode())),
    "the request's query": answered(replace(ASKED, query="user=" + SECRET.decode())),
    "another header of the request": answered(replace(ASKED, headers=(*ASKED.headers, (b"X-Debug", b"k=" + SECRET)))),
}
"""Where the same value may turn up again."""


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("where", ECHOES)
def test_a_known_secret_is_nowhere_in_the_file(holder: str, where: str) -> None:
    known, echo = HOLDERS[holder], ECHOES[where]
    request = replace(
        echo.request,
        headers=known.headers + echo.request.headers[1:],
        query="&".join(filter(None, (known.query, echo.request.query))),
    )
    file = dump(redacted(replace(echo, request=request)), "key")
    assert SECRET not in file
    assert SECRET[:9] not in file


@pytest.mark.parametrize("name", sorted(SECRET_HEADERS))
@pytest.mark.parametrize(
    ("value", "kept"), [(b"Bearer %b", b"Bearer REDACTED"), (b"Basic %b", b"Basic REDACTED"), (b"%b", b"REDACTED")]
)
def test_a_secret_header_keeps_its_name_and_scheme(name: bytes, value: bytes, kept: bytes) -> None:
    headers = ((b"Host", b"x"), (name.title(), value % SECRET), (b"Accept", b"*/*"))
    assert redacted_request(replace(ASKED, headers=headers)).headers == (
        (b"Host", b"x"),
        (name.title(), kept),
        (b"Accept", b"*/*"),
    )


def test_a_secret_of_several_words_is_not_kept_in_part() -> None:
    headers = ((b"Authorization", b"Signature keyId=a1b2c3d4e5, signature=f6a7b8c9d0"),)
    assert redacted_request(replace(ASKED, headers=headers)).headers == ((b"Authorization", b"Signature REDACTED"),)


@pytest.mark.parametrize("name", sorted(ACCOUNT_HEADERS))
def test_a_header_that_names_an_account_is_hidden_both_ways(name: bytes) -> None:
    pair = (name.title(), b"org-1234567890")
    kept = redacted(Exchange(replace(ASKED, headers=(pair,)), replace(SAID, head=Head(0.5, 200, (pair,)))))
    assert kept.tape.head is not None
    assert kept.request.headers == kept.tape.head.headers == ((name.title(), PLACEHOLDER),)


ORGANISATION = b"org-A1b2C3d4E5f6G7h8I9j0K1l2"


@pytest.mark.parametrize("cut", range(1, len(ORGANISATION)))
def test_an_account_named_in_a_message_is_hidden_across_every_cut_and_lengths_stay(cut: int) -> None:
    said = b"Rate limit reached in organization " + ORGANISATION + b" on tokens"
    place = said.index(b"org-") + cut
    kept = redacted(answered(replace(ASKED, headers=()), said[:place], said[place:]))
    assert kept.tape.body == said.replace(ORGANISATION, b"org-" + placeholder(len(ORGANISATION) - 4))
    assert [len(chunk.data) for chunk in kept.tape.chunks] == [place, len(said) - place]


@pytest.mark.parametrize("name", sorted(ACCOUNT_HEADERS))
def test_the_value_of_a_header_that_names_an_account_is_hidden_in_the_body_as_well(name: bytes) -> None:
    head = Head(0.5, 200, ((name, b"acme-research"),))
    kept = redacted(Exchange(ASKED, Tape(head, (Chunk(1.0, b"in acme-research"),), Complete(1.0))))
    assert kept.tape.body == b"in " + placeholder(13)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        (b"Cookie", b"a=1; session=0123456789", b"a=REDACTED; session=REDACTED"),
        (b"cookie", b"a=1=2;b=", b"a=REDACTED;b=REDACTED"),
        (b"Cookie", b"0123456789", b"REDACTED"),
        (b"Set-Cookie", b"a=0123456789; Path=/; Max-Age=60; Secure", b"a=REDACTED; Path=/; Max-Age=60; Secure"),
        (b"set-cookie", b"a=x=y; HttpOnly", b"a=REDACTED; HttpOnly"),
        (b"Set-Cookie", b"__cf_bm=; Domain=.x.com", b"__cf_bm=REDACTED; Domain=.x.com"),
        (b"Set-Cookie", b"0123456789; Path=/", b"REDACTED; Path=/"),
    ],
)
def test_a_cookie_keeps_its_name_and_attributes(name: bytes, value: bytes, kept: bytes) -> None:
    exchange = Exchange(replace(ASKED, headers=((name, value),)), replace(SAID, head=Head(0.5, 200, ((name, value),))))
    found = redacted(exchange)
    assert found.tape.head is not None
    assert found.request.headers == found.tape.head.headers == ((name, kept),)


@pytest.mark.parametrize("name", sorted(SECRET_PARAMETERS))
def test_a_secret_parameter_keeps_its_name_and_place(name: str) -> None:
    query = f"a=1&{name.upper()}={SECRET.decode()}&b=%20&c"
    assert redacted_request(replace(ASKED, query=query)).query == f"a=1&{name.upper()}=REDACTED&b=%20&c"


@pytest.mark.parametrize("query", ["", "a=1", "keys=abcdefghij", "key", "&&", "a=1&a=2", "x=key=abcdefghij"])
def test_any_other_query_stays_as_it_is(query: str) -> None:
    assert redacted_request(replace(ASKED, query=query)).query == query


def test_the_longer_of_two_secrets_is_removed_whole_though_it_begins_with_the_shorter() -> None:
    headers = ((b"x-api-key", SECRET[:12]), (b"Authorization", b"Bearer " + SECRET))
    kept = redacted(answered(replace(ASKED, headers=headers), SECRET + b" " + SECRET[:12]))
    assert kept.tape.body == placeholder(len(SECRET)) + b" " + placeholder(12)


def test_a_secret_that_the_request_does_not_carry_is_removed_if_it_is_named() -> None:
    kept = redacted(answered(replace(ASKED, headers=()), b"Incorrect API key: " + SECRET), [SECRET])
    assert kept.tape.body == b"Incorrect API key: " + placeholder(len(SECRET))


def test_a_value_too_short_to_be_told_from_text_is_not_hunted() -> None:
    kept = redacted(answered(replace(ASKED, headers=((b"Authorization", b"Bearer test"),)), b"this is a test"))
    assert kept.tape.body == b"this is a test"


@law()
@given(exchanges())
def test_what_holds_no_secret_stays_as_it_is(exchange: Exchange) -> None:
    assert redacted(exchange) == exchange


@law()
@given(secrets, harmless, st.sampled_from(list(Framing)))
def test_what_was_redacted_once_stays_as_it_is(secret: str, other: bytes, framing: Framing) -> None:
    request = Request(
        "POST", "/", f"key={secret}", ((b"Authorization", f"Bearer {secret}".encode()), (b"Cookie", b"a=b")), other
    )
    once = redacted(Exchange(request, Tape(Head(0.0, 200, framing=framing), (Chunk(0.0, secret.encode()),), Cut(0.0))))
    assert redacted(once) == once


ABOUT_US = Exchange(
    replace(ASKED, body=b'{"content":"a poem about acme-research"}'),
    Tape(Head(0.5, 200, ((b"openai-organization", b"acme-research"),)), (), Complete(1.0)),
)


@pytest.mark.parametrize(
    "echo", [*ECHOES.values(), ABOUT_US], ids=[*ECHOES, "what only the answer names as an account"]
)
def test_a_live_request_is_matched_by_what_is_kept_of_it(echo: Exchange) -> None:
    assert key_of(as_matched(echo.request)) == key_of(redacted(echo).request)


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_a_live_request_is_matched_with_its_headers_as_they_are(echo: Exchange) -> None:
    assert as_matched(echo.request).headers == echo.request.headers


@law()
@given(secrets, secrets)
def test_a_request_is_matched_whatever_key_it_is_sent_with(one: str, other: str) -> None:
    def sent(key: str) -> Request:
        return Request("POST", "/", f"a=1&key={key}", ((b"x-api-key", key.encode()),), b"{}")

    assert key_of(redacted_request(sent(one))) == key_of(redacted_request(sent(other)))
