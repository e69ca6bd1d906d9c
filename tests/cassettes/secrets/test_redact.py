"""No secret touches the disk, wherever it stands and however it is cut; nothing else changes."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockprovider.cassettes.format import dump
from mockprovider.cassettes.matching.key import key_of
from mockprovider.cassettes.secrets.credentials import cover, is_mark, keys_in, mark_of
from mockprovider.cassettes.secrets.redact import (
    ACCOUNT_HEADERS,
    PLACEHOLDER,
    SECRET_HEADERS,
    SECRET_PARAMETERS,
    STANDARD,
    Redaction,
    as_matched,
    counts_for_matching,
    redacted,
    redacted_request,
)
from mockprovider.errors import InputError
from mockprovider.tape import Chunk, Complete, Cut, Exchange, Framing, Garbage, Head, Request, Tape
from tests.strategies import KEY_SAMPLES, exchanges, harmless, json_values, law, respelled, secrets

SECRET = b"sk-proj-0123456789abcdefghij"
ASKED = Request("POST", "/v1/x", "", ((b"Authorization", b"Bearer " + SECRET),), b"{}")
SAID = Tape(Head(0.5, 200, ((b"X-A", b"1"),)), (Chunk(1.0, b"ab"), Chunk(2.0, b"cd")), Complete(2.0))


def answered(request: Request, *datas: bytes) -> Exchange:
    return Exchange(request, Tape(SAID.head, tuple(Chunk(1.0, data) for data in datas), Complete(1.0)))


def covered(secret: bytes) -> bytes:
    """What stands for a secret in a body."""
    return cover(mark_of(secret), len(secret))


@law()
@given(secrets, harmless, harmless)
def test_a_secret_is_found_across_every_cut_and_lengths_stay(secret: str, before: bytes, after: bytes) -> None:
    request = replace(ASKED, headers=((b"Authorization", b"Bearer " + secret.encode()),))
    body = before + secret.encode() + after
    clean = before + covered(secret.encode()) + after
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
    assert kept.tape.body == covered(secret.encode()) + b" and " + covered(secret.encode()) + b"!"
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
    ("value", "kept"),
    [
        (b"Bearer %b", b"Bearer " + mark_of(SECRET)),
        (b"bearer %b", b"bearer " + mark_of(SECRET)),
        (b"Basic %b", b"Basic REDACTED"),
        (b"%b", mark_of(SECRET)),
    ],
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


@pytest.mark.parametrize("name", [b"Authorization", b"x-api-key"])
def test_a_first_word_that_is_no_scheme_is_not_kept(name: bytes) -> None:
    headers = ((name, b"sk-0123456789abcdef 0123456789"),)
    assert b"0123456789" not in redacted_request(replace(ASKED, headers=headers)).headers[0][1]


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
    assert kept.tape.body == said.replace(ORGANISATION, b"org-" + covered(ORGANISATION[4:]))
    assert [len(chunk.data) for chunk in kept.tape.chunks] == [place, len(said) - place]


@pytest.mark.parametrize("name", sorted(ACCOUNT_HEADERS))
def test_the_value_of_a_header_that_names_an_account_is_hidden_in_the_body_as_well(name: bytes) -> None:
    head = Head(0.5, 200, ((name, b"acme-research"),))
    kept = redacted(Exchange(ASKED, Tape(head, (Chunk(1.0, b"in acme-research"),), Complete(1.0))))
    assert kept.tape.body == b"in " + covered(b"acme-research")


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


def test_a_secret_parameter_is_found_in_its_decoded_spelling_as_well() -> None:
    kept = redacted(answered(Request("POST", "/", "key=abc%2Fdef%2Bghijkl1234"), b"bad key abc/def+ghijkl1234"))
    assert b"ghijkl" not in kept.tape.body


@pytest.mark.parametrize("query", ["", "a=1", "keys=abcdefghij", "key", "&&", "a=1&a=2", "x=key=abcdefghij"])
def test_any_other_query_stays_as_it_is(query: str) -> None:
    assert redacted_request(replace(ASKED, query=query)).query == query


def test_the_longer_of_two_secrets_is_removed_whole_though_it_begins_with_the_shorter() -> None:
    headers = ((b"x-api-key", SECRET[:16]), (b"Authorization", b"Bearer " + SECRET))
    kept = redacted(answered(replace(ASKED, headers=headers), SECRET + b" " + SECRET[:16]))
    assert kept.tape.body == covered(SECRET) + b" " + covered(SECRET[:16])


@pytest.mark.parametrize("word", [b"assistant", b"not-needed", b"lm-studio", b"no-key-required", b"token-abc123"])
def test_a_word_that_a_client_must_send_for_a_key_stays_what_it_says_in_bodies(word: bytes) -> None:
    asked = replace(ASKED, headers=((b"Authorization", b"Bearer " + word),))
    kept = redacted(answered(asked, b'{"role":"' + word + b'"}'))
    assert kept.tape.body == b'{"role":"' + word + b'"}'
    assert kept.request.headers == ((b"Authorization", b"Bearer REDACTED"),)


def test_a_secret_that_the_request_does_not_carry_is_removed_if_it_is_named() -> None:
    kept = redacted(answered(replace(ASKED, headers=()), b"Incorrect API key: " + SECRET), [SECRET])
    assert kept.tape.body == b"Incorrect API key: " + covered(SECRET)


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
@given(st.lists(st.text("abcXYZ0189-_", min_size=24, max_size=24), min_size=2, max_size=2))
def test_a_request_is_matched_whatever_key_it_is_sent_with(keys: list[str]) -> None:
    def sent(key: str) -> Request:
        key = f"k{key}"
        return Request("POST", f"/{key}", f"a=1&key={key}", ((b"x-api-key", key.encode()),), key.encode())

    one, other = map(sent, keys)
    assert key_of(redacted_request(one)) == key_of(redacted_request(other)) == key_of(as_matched(other))


each_key = pytest.mark.parametrize("key", KEY_SAMPLES.values(), ids=KEY_SAMPLES)


@each_key
def test_a_key_is_found_by_its_form_across_every_cut_and_lengths_stay(key: str) -> None:
    said = f'{{"message": "the key {key} is wrong"}}'.encode()
    for cut in range(said.index(key.encode()), said.index(key.encode()) + len(key) + 1):
        kept = redacted(answered(replace(ASKED, headers=()), said[:cut], said[cut:]))
        assert key[8:].encode() not in kept.tape.body
        assert [len(chunk.data) for chunk in kept.tape.chunks] == [cut, len(said) - cut]
        assert json.loads(kept.tape.body).keys() == {"message"}


def events(*texts: str) -> bytes:
    """A stream that says these texts one after the other."""
    said = [json.dumps({"choices": [{"delta": {"content": text}}]}) for text in texts]
    return "".join(f"data: {text}\n\n" for text in said).encode() + b"data: [DONE]\n\n"


def texts_of(body: bytes) -> list[str]:
    """The texts that such a stream says."""
    lines = [line[6:] for line in body.split(b"\n") if line.startswith(b"data: {")]
    return [json.loads(line)["choices"][0]["delta"]["content"] for line in lines]


@law()
@given(st.sampled_from(list(KEY_SAMPLES.values())), st.data())
def test_a_key_that_a_model_says_token_by_token_is_found(key: str, data: st.DataObject) -> None:
    said = f"It is {key}."
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), min_size=1, max_size=12)))
    parts = [said[start:end] for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    once = redacted(answered(replace(ASKED, headers=()), events(*parts)))
    kept = texts_of(once.tape.body)
    assert key[8:] not in "".join(kept)
    assert [len(text) for text in kept] == [len(part) for part in parts]
    assert redacted(once) == once


@law()
@given(st.sampled_from(["abc/def+ghi=jkl~mno", 'a1"b2\\c3/d4e5', "sk-plain_0123456789"]), st.data())
def test_a_known_secret_is_found_however_json_spells_it(secret: str, data: st.DataObject) -> None:
    body = data.draw(respelled({"key": f"({secret})"}))
    kept = redacted(answered(replace(ASKED, headers=()), body), [secret.encode()])
    assert len(kept.tape.body) == len(body)
    assert secret not in json.loads(kept.tape.body)["key"]


def test_a_secret_that_seems_to_begin_within_an_escape_leaves_the_escape_whole() -> None:
    kept = redacted(answered(replace(ASKED, headers=()), b'{"a": "x\\nvapi-0123456789"}'), [b"nvapi-0123456789"])
    assert json.loads(kept.tape.body)["a"].startswith("x\n")


def test_the_same_secret_has_the_same_placeholder_in_header_and_body() -> None:
    kept = redacted(answered(ASKED, SECRET))
    assert kept.request.headers[0][1].removeprefix(b"Bearer ") == kept.tape.body[: len(mark_of(SECRET))]


@law()
@given(st.sets(st.from_regex(r"sk-[A-Za-z0-9]{20,40}[0-9]", fullmatch=True), min_size=2, max_size=5))
def test_different_keys_have_different_placeholders(keys: set[str]) -> None:
    assert len({mark_of(key.encode()) for key in keys}) == len(keys)


@pytest.mark.parametrize(
    "secret", [b"hunter2", b"correct horse battery staple 1", b"jane.doe.1975@example.com", b"onlylettersandnodigits"]
)
def test_a_secret_that_could_be_guessed_is_not_told_by_its_placeholder(secret: bytes) -> None:
    assert mark_of(secret) == PLACEHOLDER


def test_the_password_of_basic_is_hidden_where_it_is_echoed() -> None:
    credential = base64.b64encode(b"jane:correct-horse")
    request = replace(ASKED, headers=((b"Authorization", b"Basic " + credential),))
    kept = redacted(answered(request, b"no user has correct-horse, nor " + credential))
    assert kept.tape.body == b"no user has " + cover(PLACEHOLDER, 13) + b", nor " + cover(PLACEHOLDER, len(credential))


@pytest.mark.parametrize(
    ("name", "value"),
    [(b"Cookie", b"a=b; s=%b"), (b"cookie", b"s=%b"), (b"x-acme-api-key", b"%b"), (b"X-Session-Token", b"%b")],
)
def test_what_a_header_names_as_a_session_is_hidden_in_the_body_as_well(name: bytes, value: bytes) -> None:
    session = b"s3551on0123456789abcdef"
    kept = redacted(answered(replace(ASKED, headers=((name, value % session),)), b"session " + session))
    assert kept.tape.body == b"session " + covered(session)
    assert session not in kept.request.headers[0][1]


@pytest.mark.parametrize(
    "name", [b"x-ratelimit-key", b"x-time-per-token", b"idempotency-key", b"x-request-id", b"cf-ray"]
)
def test_a_header_that_only_sounds_like_a_secret_stays(name: bytes) -> None:
    headers = ((name, b"abcdef0123456789"),)
    assert redacted_request(replace(ASKED, headers=headers)).headers == headers


@pytest.mark.parametrize(
    ("path", "account"),
    [
        ("/client/v4/accounts/%s/ai/v1/chat/completions", "0123456789abcdef0123456789abcdef"),
        ("/v1/%s/gateway/openai/chat/completions", "0123456789abcdef0123456789abcdef"),
        ("/v1/projects/%s/locations/us/endpoints/openapi/chat/completions", "acme-prod-1234"),
    ],
)
def test_an_account_in_a_path_is_hidden_there_and_elsewhere(path: str, account: str) -> None:
    exchange = replace(answered(replace(ASKED, path=path % account), account.encode()), upstream="https://u:p@host")
    kept = redacted(exchange)
    assert account not in kept.request.path
    assert len(kept.request.path) == len(path % account)
    assert kept.tape.body == covered(account.encode())
    assert kept.upstream == "https://host"
    assert redacted(kept) == kept
    assert key_of(as_matched(exchange.request)) == key_of(kept.request)


PROSE = (
    "A risk-based approach to task-management is long-established; ask-me-anything-2024-edition-for-everybody.",
    "chatcmpl-9kYVz3jT0vN2mQ7xR5wL8pB1 call_h5Wq0Zr8TtB1vN3mK6xY9cD2 resp_68af0123456789abcdef0123456789abcdef",
    "msg_01AbCdEfGhIjKlMnOpQrStUv toolu_01A09q90qw90lq917835lq9 file-9kYVz3jT0vN2mQ7xR5wL8p req_0123456789abcdef01",
    "550e8400-e29b-41d4-a716-446655440000 fp_0123456789 gen-1760532596-30AV5BlAkiMn3g7l0Rte 2026-11-20T10:00:00Z",
    "skill-building-with-0123456789-steps disk-usage-0123456789abcdefghij org-mode-and-other-outliners-of-2024",
    "https://example.com/a/path/that/is/rather/long/index.html?page=2&size=20 user-interface-design-0123456789",
    'api_key = os.environ["OPENAI_API_KEY"]; max_tokens: 4096; "password": "use a long one"; Bearer <your key>',
    "sk-test sk-mock-invalid sk-... sk-inval************************-key sk-YOUR_API_KEY_GOES_HERE",
)


@pytest.mark.parametrize("text", PROSE)
def test_prose_and_ids_stay_as_they_are(text: str) -> None:
    exchange = answered(replace(ASKED, headers=(), body=json.dumps(text).encode()), text.encode())
    assert redacted(exchange) == exchange


@law()
@given(st.binary(min_size=60, max_size=3000), st.booleans())
def test_base64_stays_as_it_is(data: bytes, url_safe: bool) -> None:
    coded = (base64.urlsafe_b64encode if url_safe else base64.b64encode)(data)
    exchange = answered(replace(ASKED, headers=()), b'{"embedding": "' + coded + b'"}')
    assert redacted(exchange) == exchange


@law()
@given(
    st.sampled_from(list(KEY_SAMPLES.values())),
    json_values,
    st.sampled_from(
        [STANDARD, Redaction(patterns=(r"a\w*", r"\d{3,}"), personal=True), Redaction(fields=("body.**.x",))]
    ),
)
def test_redaction_is_idempotent_and_a_live_request_is_matched_by_what_is_kept(
    key: str, value: Any, rules: Redaction
) -> None:
    body = json.dumps({"x": value, "y": [key, {"x": 1.5}], "z": "jane@example.com"}).encode()
    request = replace(ASKED, body=body, query=f"q={key}&key={key}", path=f"/v1/{key}")
    exchange = answered(request, body[:30], body[30:])
    once = redacted(exchange, (), rules)
    assert redacted(once, (), rules) == once
    assert len(once.request.body) == len(body)
    assert key_of(as_matched(request, rules)) == key_of(once.request)


def test_the_users_headers_and_parameters_are_secrets() -> None:
    rules = Redaction(headers=("X-Tenant",), parameters=("Tenant",))
    request = Request("POST", "/", "tenant=acme-1&a=b", ((b"x-tenant", b"acme-12345"),), b"acme-12345")
    kept = redacted_request(request, (), rules)
    assert (kept.query, kept.headers, kept.body) == (
        "tenant=REDACTED&a=b",
        ((b"x-tenant", PLACEHOLDER),),
        covered(b"acme-12345"),
    )
    assert counts_for_matching(b"X-Tenant", rules)
    assert not counts_for_matching(b"X-Tenant")


def test_the_users_fields_are_hidden_in_request_answer_and_events() -> None:
    rules = Redaction(fields=("body.user", "body.metadata.*", "body.choices.*.delta.content"))
    body = b'{"user": "jane", "metadata": {"seat": 12, "who": {"name": "Jane"}}, "model": "user"}'
    kept = redacted(answered(replace(ASKED, body=body), events("Hello"), body), (), rules)
    assert json.loads(kept.request.body) == {
        "user": "REDA",
        "metadata": {"seat": 10, "who": {"name": "REDA"}},
        "model": "user",
    }
    assert texts_of(kept.tape.body) == ["REDAC"]


@pytest.mark.parametrize(
    ("pattern", "said", "kept"),
    [
        (r"tenant-\w+", "see tenant-acme now", "see REDACTEDxxx now"),
        (r"tenant-(\w+)", "see tenant-acme now", "see tenant-REDA now"),
        (r"Zoë \w+", "ask Zoë Müller, ü", "ask REDACTEDxxxx, ü"),
    ],
)
def test_the_users_patterns_hide_what_they_match_or_their_group(pattern: str, said: str, kept: str) -> None:
    rules = Redaction(patterns=(pattern,))
    assert redacted(answered(ASKED, said.encode()), (), rules).tape.body.decode() == kept


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            {"patterns": ("a(b",)},
            "redact.patterns: 'a(b' is no regular expression: missing ), unterminated subpattern at position 1",
        ),
        ({"fields": ("user",)}, "redact.fields: 'user' is no path; one begins with `body.`"),
        ({"fields": ("body..a",)}, "redact.fields: 'body..a' is no path"),
        ({"headers": (" ",)}, "redact.headers: an empty name"),
    ],
)
def test_a_rule_that_can_not_be_carried_out_is_refused_with_its_place(rules: Any, message: str) -> None:
    with pytest.raises(InputError) as problem:
        Redaction(**rules)
    assert str(problem.value).startswith(message)


PERSONAL = "Write to jane.doe@example.com or call +49 30 1234567, (555) 234-5678, at 2026-11-20 10:00, 1763600000."


def test_personal_data_is_hidden_only_when_asked() -> None:
    exchange = answered(ASKED, PERSONAL.encode())
    assert redacted(exchange).tape.body.decode() == PERSONAL
    kept = redacted(exchange, (), Redaction(personal=True)).tape.body.decode()
    assert all(hidden not in kept for hidden in ("jane", "1234567", "234-5678"))
    assert kept.endswith(", at 2026-11-20 10:00, 1763600000.")


def test_an_answer_as_long_as_a_book_is_redacted_in_no_time() -> None:
    body = b'{"a": "' + b"x" * 2_000_000 + b"=" * 100_000 + b"/sk-" * 50_000 + b'"}'
    assert redacted(answered(ASKED, body)).tape.body == body


def test_no_key_is_found_in_a_placeholder() -> None:
    assert not list(keys_in(cover(mark_of(SECRET), 60)))
    assert is_mark(cover(mark_of(SECRET), 60))
