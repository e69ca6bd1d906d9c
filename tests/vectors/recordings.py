"""Small recordings as other tools write them, one a format that can be imported: invented data in a true form."""

SAMPLES: dict[str, bytes] = {
    "go-vcr": b"""\
---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        proto_major: 1
        proto_minor: 1
        content_length: 27
        transfer_encoding: []
        trailer: {}
        host: api.example.com
        remote_addr: ""
        request_uri: ""
        body: '{"model":"m","stream":true}'
        form: {}
        headers:
            Content-Type:
                - application/json
        url: https://api.example.com/v1/chat/completions?x=1
        method: POST
      response:
        proto: HTTP/2.0
        proto_major: 2
        proto_minor: 0
        transfer_encoding: []
        trailer: {}
        content_length: -1
        uncompressed: true
        body: |+
            data: {"choices":[{"delta":{"content":"Hi"}}]}

            data: [DONE]

        headers:
            Content-Type:
                - text/event-stream; charset=utf-8
            Date:
                - Fri, 20 Nov 2026 10:00:00 GMT
        status: 200 OK
        code: 200
        duration: 1.25s
""",
    "har": b"""\
{
  "log": {
    "version": "1.2",
    "creator": {"name": "WebInspector", "version": "537.36"},
    "entries": [
      {
        "startedDateTime": "2026-11-20T10:00:00.123Z",
        "time": 800.5,
        "request": {
          "method": "POST",
          "url": "https://api.example.com/v1/chat/completions?x=1",
          "httpVersion": "h2",
          "headers": [
            {"name": ":authority", "value": "api.example.com"},
            {"name": "content-type", "value": "application/json"}
          ],
          "queryString": [{"name": "x", "value": "1"}],
          "cookies": [],
          "headersSize": -1,
          "bodySize": 27,
          "postData": {"mimeType": "application/json", "text": "{\\"model\\":\\"m\\",\\"stream\\":true}"}
        },
        "response": {
          "status": 200,
          "statusText": "",
          "httpVersion": "h2",
          "headers": [
            {"name": "content-type", "value": "text/event-stream"},
            {"name": "content-encoding", "value": "gzip"}
          ],
          "cookies": [],
          "content": {
            "size": 62,
            "mimeType": "text/event-stream",
            "text": "data: {\\"choices\\":[{\\"delta\\":{\\"content\\":\\"Hi\\"}}]}\\n\\ndata: [DONE]\\n\\n"
          },
          "redirectURL": "",
          "headersSize": -1,
          "bodySize": 60
        },
        "cache": {},
        "timings": {"blocked": 1, "dns": -1, "connect": -1, "ssl": -1, "send": 0.5, "wait": 250.25, "receive": 549.5}
      }
    ]
  }
}
""",
    "vcrpy": b"""\
interactions:
- request:
    body: '{"model":"m","stream":true}'
    headers:
      accept-encoding:
      - gzip, deflate
      content-type:
      - application/json
    method: POST
    uri: https://api.example.com/v1/chat/completions?x=1
  response:
    body:
      string: 'data: {"choices":[{"delta":{"content":"Hi"}}]}


        data: [DONE]


        '
    headers:
      Content-Type:
      - text/event-stream; charset=utf-8
      Set-Cookie:
      - a=1
      - b=2
      Transfer-Encoding:
      - chunked
    status:
      code: 200
      message: OK
- request:
    body: null
    headers: {}
    method: GET
    uri: https://api.example.com/v1/models
  response:
    body:
      string: !!binary |
        H4sIAAAAAAACA6tWSi0qyi9SsqpWSs5PSVWyUsoFUjnxefkl8Wn5pXkpSrW1AKv20RMkAAAA
    headers:
      Content-Encoding: gzip
      Content-Type: application/json
    status:
      code: 404
      message: Not Found
version: 1
""",
    "ruby-vcr": b"""\
---
http_interactions:
- request:
    method: post
    uri: https://api.example.com/v1/chat/completions
    body:
      encoding: UTF-8
      string: '{"model":"m"}'
    headers:
      Content-Type:
      - application/json
  response:
    status:
      code: 200
      message: OK
    headers:
      Content-Type:
      - application/json
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        eyJpZCI6ImNoYXRjbXBsLTEifQ==
  recorded_at: Fri, 20 Nov 2026 10:00:00 GMT
recorded_with: VCR 6.4.0
""",
    "aimock": b"""\
{
  "fixtures": [
    {
      "match": {"userMessage": "the weather", "model": "m-1", "turnIndex": 0, "hasToolResult": false},
      "response": {
        "content": "Let me look.",
        "reasoning": "It may rain.",
        "toolCalls": [{"name": "get_weather", "arguments": "{\\"city\\":\\"Paris\\"}", "id": "call_1"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 4, "total_tokens": 9}
      },
      "recordedTimings": {"ttftMs": 48, "interChunkDelaysMs": [28, 31], "totalDurationMs": 107},
      "metadata": {"systemHash": "213c22ed"}
    },
    {
      "match": {"userMessage": "too often", "model": "m-1"},
      "response": {"error": {"message": "Slow down", "type": "requests", "code": "rate_limit_exceeded"}, "status": 429}
    },
    {
      "match": {"endpoint": "embedding", "inputText": "some text"},
      "response": {"embedding": [0.5, -0.25, 3]}
    }
  ]
}
""",
    "reel": b"""\
{"_meta":{"match":{"mode":"normalized"}}}
{"schema_version":1,"id":"req_1","ts":"2026-11-20T10:00:00+00:00","provider":"openai",\
"request":{"method":"POST","path":"/v1/chat/completions","fingerprint":"sha256:00","body":{"model":"m","stream":true}},\
"response":{"status":200,"headers":{"content-type":"text/event-stream"},"body":null,"stream_chunks":[\
{"data":{"choices":[{"delta":{"content":"Hi"}}]},"t_offset_ms":250,"event":null},\
{"data":"[DONE]","t_offset_ms":300,"event":null}]},"meta":{}}
{"schema_version":1,"id":"req_2","ts":"2026-11-20T10:00:01+00:00","provider":"openai",\
"request":{"method":"POST","path":"/v1/embeddings","fingerprint":"sha256:01","body":{"model":"e","input":"a"}},\
"response":{"status":200,"headers":{"content-type":"application/json"},"body":{"object":"list","data":[]},\
"stream_chunks":null},"meta":{}}
""",
    "httprr": b"""\
httprr trace v1
143 114
POST https://api.example.com/v1/chat/completions HTTP/1.1\r
Host: api.example.com\r
Content-Type: application/json\r
\r
{"model":"m","messages":[]}HTTP/2.0 200 OK\r
Content-Type: text/event-stream\r
\r
data: {"choices":[{"delta":{"content":"Hi"}}]}

data: [DONE]

""",
    "azure": b"""\
{
  "Entries": [
    {
      "RequestUri": "https://api.example.com/v1/chat/completions?api-version=1",
      "RequestMethod": "POST",
      "RequestHeaders": {"Authorization": "Sanitized", "Content-Type": "application/json"},
      "RequestBody": {"model": "m", "messages": []},
      "StatusCode": 200,
      "ResponseHeaders": {"Content-Type": "application/json", "Date": "Sanitized"},
      "ResponseBody": {"object": "chat.completion", "choices": []}
    },
    {
      "RequestUri": "https://api.example.com/v1/chat/completions",
      "RequestMethod": "POST",
      "RequestHeaders": {},
      "RequestBody": {"model": "m", "stream": true},
      "StatusCode": 200,
      "ResponseHeaders": {"Content-Type": "text/event-stream; charset=utf-8"},
      "ResponseBody": ["data: {\\"choices\\":[]}\\n", "\\n", "data: [DONE]\\n", "\\n"]
    }
  ],
  "Variables": {}
}
""",
    "nock": b"""\
[
  {
    "scope": "https://api.example.com:443",
    "method": "POST",
    "path": "/v1/chat/completions",
    "body": {"model": "m", "stream": true},
    "status": 200,
    "response": "data: {\\"choices\\":[]}\\n\\ndata: [DONE]\\n\\n",
    "rawHeaders": ["Content-Type", "text/event-stream", "Date", "Fri, 20 Nov 2026 10:00:00 GMT"],
    "responseIsBinary": false
  },
  {
    "scope": "http://localhost:8080",
    "method": "GET",
    "path": "/v1/models",
    "body": "",
    "status": 404,
    "response": ["1f8b0800000000000203ab564a2d2aca2f52b2524acd", "2d28a954aa0500f8647f3d11000000"],
    "rawHeaders": {"content-type": "application/json", "content-encoding": "gzip"},
    "responseIsBinary": false
  }
]
""",
    "httpmock": b"""\
when:
  path: /v1/chat/completions
  method: POST
  query_param:
  - name: x
    value: '1'
  header:
  - name: content-type
    value: application/json
  body: '{"model":"m","stream":true}'
then:
  status: 200
  header:
  - name: content-type
    value: text/event-stream
  body: "data: {\\"choices\\":[]}\\n\\ndata: [DONE]\\n\\n"
---
when:
  path: /v1/models
  method: GET
then:
  status: 200
  body_base64: e30=
""",
    "wiremock": b"""\
{
  "id": "11111111-2222-3333-4444-555555555555",
  "name": "chat_completions",
  "request": {
    "url": "/chat/completions",
    "method": "POST",
    "headers": {"Content-Type": {"equalTo": "application/json"}, "Accept": {"contains": "json"}},
    "bodyPatterns": [
      {"equalToJson": "{\\"model\\": \\"m\\"}", "ignoreArrayOrder": false, "ignoreExtraElements": false}
    ]
  },
  "response": {
    "status": 200,
    "body": "{\\"object\\": \\"chat.completion\\"}",
    "headers": {"Content-Type": "application/json", "Set-Cookie": ["a=1", "b=2"]}
  },
  "uuid": "11111111-2222-3333-4444-555555555555",
  "persistent": true,
  "insertionIndex": 3
}
""",
    "req-llm": b"""\
{
  "captured_at": "2026-11-20T10:00:00.123456Z",
  "chunks": [{"b64": "ZGF0YTogeyJjaG9pY2Vz"}, {"b64": "IjpbXX0KCmRhdGE6IFtET05FXQoK", "decoded": "..."}],
  "request": {
    "body": {"b64": "eyJtb2RlbCI6Im0iLCJzdHJlYW0iOnRydWV9"},
    "canonical_json": {"model": "m", "stream": true},
    "headers": {"authorization": "[REDACTED:authorization]", "content-type": ["application/json"]},
    "method": "POST",
    "url": "https://api.example.com/v1/chat/completions"
  },
  "response": {"body": null, "headers": {"content-type": "text/event-stream"}, "status": 200}
}
""",
    "datadog": b"""\
{
  "request": {
    "method": "POST",
    "url": "https://api.example.com/v1/chat/completions",
    "headers": {"Content-Type": "application/json"},
    "body": "{\\n  \\"model\\": \\"m\\"\\n}"
  },
  "response": {
    "status": {"code": 429, "message": "Too Many Requests"},
    "headers": {"Content-Type": "application/json", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"},
    "body": "{\\"error\\": {\\"message\\": \\"Slow down\\"}}"
  }
}
""",
    "instructor-php": b"""\
{
  "request": {
    "url": "https://api.example.com/v1/chat/completions",
    "method": "POST",
    "headers": {"Content-Type": "application/json; charset=utf-8"},
    "body": "{\\"model\\":\\"m\\",\\"stream\\":true}",
    "options": {"stream": true}
  },
  "response": {"statusCode": 200, "headers": {"content-type": ["text/event-stream"]}},
  "chunks": ["data: {\\"choi", "ces\\":[]}\\n\\ndata: [DONE]\\n\\n"]
}
""",
    "symfony-ai": b"""\
{
  "interactions": [
    {
      "request": {
        "method": "POST",
        "url": "https://api.example.com/v1/chat/completions",
        "signature": "2f7aa779f103549fae4561269691286d",
        "headers": {"content-type": ["application/json"]},
        "body": "{\\"model\\":\\"m\\"}"
      },
      "response": {
        "status": 200,
        "headers": {"content-type": ["application/json"], "content-encoding": ["gzip"]},
        "body_format": "json",
        "body": "{\\"object\\":\\"chat.completion\\"}"
      }
    }
  ]
}
""",
    "curl": b"""\
  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0*   Trying 127.0.0.1:9911...
* Connected to localhost (127.0.0.1) port 9911 (#0)
> POST /v1/chat/completions?x=1 HTTP/1.1\r
> Host: localhost:9911\r
> Content-Type: application/json\r
> Authorization: Bearer sk-not-a-real-key\r
> Content-Length: 73\r
> \r
} [73 bytes data]
< HTTP/1.1 100 Continue\r
< \r
< HTTP/1.1 200 OK\r
< content-type: text/event-stream\r
< transfer-encoding: chunked\r
< \r
{ [61 bytes data]
\r100  1525    0  1452  100    73   9341    469 --:--:-- --:--:-- --:--:--  9838
* Connection #0 to host localhost left intact
HTTP/1.1 200 OK\r
content-type: text/event-stream\r
transfer-encoding: chunked\r
\r
data: {"model":"m","choices":[{"delta":{"content":"Hi"}}]}

data: [DONE]

""",
    "sse": b"""\
: PROCESSING

data: {"object":"chat.completion.chunk","model":"m","choices":[{"delta":{"content":"Hi"}}]}

data: [DONE]

""",
    "chunks": b"""\
{"type":"response.created","response":{"object":"response","model":"m"}}
{"type":"response.output_text.delta","delta":"Hi"}
{"type":"response.completed","response":{"object":"response","model":"m","output":[]}}
""",
    "answer": b"""\
{
  "id": "chatcmpl-1",
  "object": "chat.completion",
  "model": "m",
  "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}]
}
""",
}
