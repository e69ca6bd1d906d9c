"""What is left in a file is found, with its line and masked; what stands for a secret is none."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mockprovider.cassettes.format import dump
from mockprovider.cassettes.secrets.lint import Finding, findings, lint, masked
from mockprovider.cassettes.secrets.redact import Redaction, redacted
from mockprovider.errors import InputError
from mockprovider.tape import Chunk, Complete, Exchange, Head, Request, Tape
from tests.strategies import KEY_SAMPLES

KEY = KEY_SAMPLES["Groq"]
SESSION = "s3551on0123456789abcdef"


def exchange(*datas: bytes, headers: tuple[tuple[bytes, bytes], ...] = (), body: bytes = b"{}") -> Exchange:
    request = Request("POST", "/v1/x", "", headers, body)
    head = Head(0.5, 200, ((b"Content-Type", b"text/plain"),))
    return Exchange(request, Tape(head, tuple(Chunk(1.0, data) for data in datas), Complete(1.0)))


def kinds(data: bytes, rules: Redaction = Redaction()) -> list[str]:  # noqa: B008 a frozen value
    return [finding.kind for finding in findings("f", data, rules)]


def line_with(data: bytes, text: bytes) -> int:
    return data[: data.index(text)].count(b"\n") + 1


LEFT = {
    "a bearer token": (
        exchange(headers=((b"Authorization", b"Bearer " + KEY.encode()),)),
        "Groq API key",
        b"Authorization",
    ),
    "a key of no known form": (
        exchange(headers=((b"x-api-key", b"AbCd0123"),)),
        "request header x-api-key",
        b"x-api-key",
    ),
    "a cookie": (exchange(headers=((b"Cookie", b"s=" + SESSION.encode()),)), "request header cookie", b"Cookie"),
    "an account": (
        exchange(headers=((b"openai-organization", b"acme-research"),)),
        "request header openai-organization",
        b"openai-organization",
    ),
    "a key in the request": (
        exchange(body=b'{"a": "' + KEY.encode() + b'"}'),
        "Groq API key",
        b'a: "' + KEY[:8].encode(),
    ),
    "a key in the answer": (exchange(b"a\nb: " + KEY.encode()), "Groq API key", KEY.encode()),
    "a key across chunks": (exchange(b"a " + KEY[:9].encode(), KEY[9:].encode()), "response body", b"- after"),
    "a key in bytes that are no text": (exchange(b"\xff\xfe " + KEY.encode()), "response body", b"- after"),
}


@pytest.mark.parametrize("what", LEFT)
def test_what_is_left_in_an_exchange_is_found_with_its_line(what: str) -> None:
    left, kind, _ = LEFT[what]
    data = dump(left, "key")
    (finding,) = findings("f", data)
    assert finding.kind == kind
    assert KEY not in finding.secret


@pytest.mark.parametrize("what", ["a bearer token", "a cookie", "an account", "a key in the answer"])
def test_the_line_is_that_of_the_secret(what: str) -> None:
    left, _, text = LEFT[what]
    data = dump(left, "key")
    assert [finding.line for finding in findings("f", data)] == [line_with(data, text)]


@pytest.mark.parametrize("what", LEFT)
def test_nothing_is_left_after_redaction(what: str) -> None:
    assert findings("f", dump(redacted(LEFT[what][0]), "key")) == []


def test_what_ones_own_rules_hide_is_found_where_it_was_not_hidden() -> None:
    data = dump(exchange(body=b'{"user": "jane"}'), "key")
    assert kinds(data) == []
    assert kinds(data, Redaction(fields=("body.user",))) == ["request body"]


VCRPY = f"""\
interactions:
- request:
    body: '{{}}'
    headers:
      authorization:
      - Bearer AbCdEf0123
      cookie:
      - a=b; s={SESSION}
      openai-organization:
      - acme-research
      accept:
      - '*/*'
"""
HAR = json.dumps(
    {"headers": [{"name": "X-Api-Key", "value": "AbCdEf0123"}, {"name": "Set-Cookie", "value": f"s={SESSION}; Path=/"}]}
)
CURL = f"> Authorization: Basic AbCdEf0123\r\n< set-cookie: s={SESSION}; Path=/\r\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (VCRPY, [(6, "header authorization"), (8, "header cookie"), (10, "header openai-organization")]),
        (HAR, [(1, "header set-cookie"), (1, "header x-api-key")]),
        (json.dumps({"api-key": "AbCdEf0123"}, indent=2), [(2, "header api-key")]),
        (CURL, [(1, "header authorization"), (2, "header set-cookie")]),
        (f"OPENAI_API_KEY={KEY}\n", [(1, "Groq API key")]),
        ("x\nurl: postgres://jane:Tr0ub4dor@db.internal/x\n", [(2, "Basic Auth Credentials")]),
        ("x: SG.AbCdEfGhIjKlMnOpQrStUv.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG", [(1, "SendGrid API Key")]),
    ],
)
def test_a_file_of_any_recorder_is_looked_into(text: str, found: list[tuple[int, str]]) -> None:
    assert [(finding.line, finding.kind) for finding in findings("f", text.encode())] == found


@pytest.mark.parametrize(
    "text",
    [
        "authorization:\n  - Bearer REDACTED",
        "authorization: Bearer <API_KEY>",
        "Authorization: Bearer test-api-key-1",
        "Authorization: Bearer $OPENAI_API_KEY1",
        '"x-api-key": "[FILTERED]"',
        "openai-organization: ORGANIZATION_ID",
        "set-cookie: [scrubbed]",
        "cookie: 0.25 cups of flour = 30 g; mix 1234567890",
        "Authorization is said in a header; a token is a word.",
        "postgres://user:password@localhost",
        '{"embedding": "ABIAEQASABIAEQARABIAeyJhbGciOi", "id": "chatcmpl-9kYVz3jT0vN2mQ7xR5wL8pB1"}',
    ],
)
def test_what_others_write_in_place_of_secrets_is_no_finding(text: str) -> None:
    assert findings("f", text.encode()) == []


def test_what_is_allowed_is_no_finding() -> None:
    allow = [re.compile("^gsk_")]
    assert findings("f", KEY.encode(), allow=allow) == []
    assert findings("f", KEY_SAMPLES["xAI"].encode(), allow=allow) != []


def test_folders_and_files_are_looked_into_and_rules_come_from_the_cassette(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/cassette.yaml").write_text("version: 1\nredact:\n  fields: [body.user]\n")
    (tmp_path / "a/0001-x.yaml").write_bytes(dump(exchange(body=b'{"user": "jane"}'), "key"))
    (tmp_path / "a/0002.part").write_text(f"GET /{KEY}\n")
    (tmp_path / "b.env").write_text(f"KEY={KEY}\n")
    found = lint([tmp_path / "a", tmp_path / "b.env"])
    assert [(Path(finding.file).name, finding.kind) for finding in found] == [
        ("0001-x.yaml", "request body"),
        ("0002.part", "Groq API key"),
        ("b.env", "Groq API key"),
    ]


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        lint([tmp_path / "nothing"])


@pytest.mark.parametrize(
    "broken", [b"version: 1\nrequest: [", b"# mockprovider exchange; index x y\nversion: 1\n", b"\xff\xfe\x00"]
)
def test_a_broken_file_is_looked_into_as_text(broken: bytes) -> None:
    assert kinds(broken + b"\nx: " + KEY.encode()) == ["Groq API key"]


@pytest.mark.parametrize(
    ("secret", "shown"),
    [("short", "... (5 characters)"), ("AbCdEf0123", "Ab... (10 characters)"), (KEY, f"{KEY[:6]}... (56 characters)")],
)
def test_a_finding_shows_little_of_the_secret(secret: str, shown: str) -> None:
    assert masked(secret) == shown


def test_findings_come_in_the_order_of_lines_and_once_a_line() -> None:
    other = KEY_SAMPLES["xAI"]
    found = findings("f", f"{other}\n{KEY} {KEY}\n{other}".encode())
    assert found == [
        Finding("f", 1, "xAI API key", masked(other)),
        Finding("f", 2, "Groq API key", masked(KEY)),
        Finding("f", 3, "xAI API key", masked(other)),
    ]


@pytest.mark.parametrize("packed", [lambda text: text.encode("utf-16"), lambda text: gzip.compress(text.encode())])
def test_a_file_in_utf_16_or_gzip_is_looked_into(packed: Callable[[str], bytes], tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(packed("key = sk-proj-A1b2C3d4E5f6G7h8I9j0\n"))
    assert len(lint([tmp_path / "x"])) == 1


def test_a_broken_gzip_can_not_be_looked_into(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\x1f\x8b\x08 and no more")
    with pytest.raises(InputError, match="can't be unpacked"):
        lint([tmp_path / "x"])
