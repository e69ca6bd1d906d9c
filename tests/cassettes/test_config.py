"""`cassette.yaml`: what it says is what counts, and what it can't say is refused with its line."""

from pathlib import Path

import pytest

from mockprovider.cassettes.config import Config, load
from mockprovider.cassettes.matching.rules import Rules
from mockprovider.cassettes.secrets.redact import Redaction
from mockprovider.errors import CassetteError


def written(folder: Path, text: str) -> Path:
    (folder / "cassette.yaml").write_text(text)
    return folder


@pytest.mark.parametrize("text", ["", "version: 1\n", "match: {}\nredact: {}\n", "# nothing\n"])
def test_a_file_that_says_nothing_leaves_the_standard(text: str, tmp_path: Path) -> None:
    assert load(written(tmp_path, text)) == load(tmp_path / "none") == Config()


def test_every_key_is_taken(tmp_path: Path) -> None:
    text = """\
version: 1
match:
  on: [path, body]
  ignore: [body.user, "body.metadata.*"]
  normalize: [uuid, "re:run-[0-9]+"]
  mode: loose
redact:
  headers: [x-tenant]
  parameters: [sid]
  fields: [body.user]
  patterns: ["acme-[0-9]{8}"]
  personal: true
"""
    rules = Rules(("path", "body"), ("body.user", "body.metadata.*"), ("uuid", "re:run-[0-9]+"), loose=True)
    redaction = Redaction(("x-tenant",), ("sid",), ("body.user",), ("acme-[0-9]{8}",), personal=True)
    assert load(written(tmp_path, text)) == Config(rules, redaction)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("match:\n  ignroe: [body.user]\n", r":2: match\.ignroe: .*did you mean 'ignore'"),
        ("match:\n  mode: losse\n", r":2: match\.mode: .*did you mean 'loose'"),
        ("match:\n  ignore:\n    - boddy.user\n", r":2: match\.ignore: .*did you mean 'body'"),
        ("match:\n  normalize: [uid]\n", r":2: match\.normalize: .*did you mean 'uuid'"),
        ("redact:\n  patterns: ['(']\n", r":2: redact\.patterns: "),
        ("version: 2\n", r":1: version: "),
        ("- a\n", r":1: "),
        ("a: [\n", r":2:1: not valid YAML"),
    ],
)
def test_what_it_cannot_say_is_refused_with_file_line_and_the_closest(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match=rf"\A.*cassette\.yaml{message}"):
        load(written(tmp_path, text))
