"""What is not imported is named, so that a refusal says what a file is."""

import pytest

from mockprovider.cassettes.importers.common import Refused, Source
from mockprovider.cassettes.importers.foreign import FOREIGN, named
from mockprovider.cassettes.importers.formats import read

FILES = {
    "an exchange of a mockprovider cassette": b"# mockprovider exchange; index 00 11\nversion: 1\n",
    "a SQLite database": b"SQLite format 3\0...",
    "a packet capture": b"\xd4\xc3\xb2\xa1\0\0",
    "a compressed file": b"\x1f\x8b\x08\0",
    "a flow dump of mitmproxy": b"1542:9:websocket;0:~",
    "a llama-stack recording": b'{"request": {"method": "POST"}, "response": {"body": {}, "is_streaming": false}}',
    "a WireMock mapping without its request": b'{"response": {"bodyFileName": "a.json"}}',
    "a Hoverfly simulation": b'{"data": {"pairs": []}, "meta": {"schemaVersion": "v5"}}',
    "a list of MockServer expectations": b'[{"httpRequest": {}, "httpResponse": {}}]',
    "a MockServer expectation": b'{"httpRequest": {}, "httpResponse": {}}',
    "a file of Mountebank's imposters": b'{"imposters": []}',
    "a Postman collection": b'{"info": {"_postman_id": "1"}, "item": []}',
    "an OpenAPI document": b"openapi: 3.1.0\npaths: {}\n",
    "output of OpenAI's batch API": b'{"id": "batch_req_1", "custom_id": "a", "response": {}}',
    "an answer of Gemini's own API": b'{"candidates": [{"content": {"parts": []}}]}',
    "an answer of Ollama's own API": b'{"model": "m", "message": {"content": "x"}, "done": true}',
    "an item of a conversation": b'{"id": "msg_1", "type": "message", "role": "user", "content": []}',
    "code with MSW handlers": b"import { http, HttpResponse } from 'msw'\n",
    "code with nock's interceptors": b"const nock = require('nock')\nnock('https://api.example.com')\n",
    "a YAML file of php-vcr": b"\n-\n    request:\n        method: GET\n".lstrip(),
    "a file of an HTTP client's requests": b"### chat\nPOST https://api.example.com/v1\n",
    "a curl command": b"curl -s https://api.example.com/v1/models\n",
    "source code": b"import os\n",
    "the text of a licence": b"MIT License\n\nCopyright (c) 2026\n",
    "an HTML page": b"<!DOCTYPE html><html>",
    "JSON of no recorder that is known": b'{"a": 1}',
    "JSON Lines of no recorder that is known": b'{"a": 1}\n{"a": 2}\n',
    "JSON that ends too early or is broken": b'{"a": [1, 2',
    "a cassette in YAML of no recorder that is known": b"# mine\n  \ninteractions: 3\nversion: x\n",
    "an empty file": b" \n",
    "a binary file": b"\x01\x02\0\x03",
    "text of no recorder that is known": b"Once upon a time\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_called_what_it_is(name: str) -> None:
    assert named(Source("x", FILES[name])) == f"{name}, which is not imported"


def test_every_format_that_is_known_by_sight_is_shown_to_be() -> None:
    assert {each.name for each in FOREIGN} <= FILES.keys()


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"a cassette in YAML of no recorder that is known"}))
def test_no_importer_claims_what_is_not_imported(name: str) -> None:
    claimed, found = read(Source("x", FILES[name]))
    assert claimed == ""
    assert [isinstance(each, Refused) for each in found] == [True]


@pytest.mark.parametrize("blank", [b" ", b"\r", b"\n", b"\n \t", b"\n\r"])
def test_megabytes_of_nothing_are_named_at_once(blank: bytes) -> None:
    assert named(Source("x", blank * 1_000_000)) == "an empty file, which is not imported"
