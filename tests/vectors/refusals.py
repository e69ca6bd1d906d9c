"""What OpenAI refuses in requests to chat completions and to responses, and in which words.

The sources, by the word that stands at the head of each part:

LIVE   probes of the live API with gpt-5.6-terra, 2026-08-30 to 2026-09-04, kept in the tests of
       kangminlee-maker/local-OAuth-CLI-API-adapter (openai-chat-validation-parity, openai-responses-validation-parity)
TAPES  recordings in the tests of envoyproxy/ai-gateway (2025), 0xPlaygrounds/rig (2026), agentjido/req_llm (2025),
       Mirascope/mirascope (2026), DataDog/dd-trace-js (2026), maruel/genai (2026), pydantic/pydantic-ai (2025),
       crewAIInc/crewAI (2025), microsoft/agent-framework (2025), openai/openai-dotnet (2025)
SAID   bodies that somebody quotes, most of them in an issue, which stands beside the row
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A request and its refusal, whose type is `invalid_request_error`."""

    request: Object
    """Laid over a request that is answered; `...` takes a key away."""
    message: str
    param: str | None = None
    code: str | None = None
    status: int = 400

    def asked(self, base: Mapping[str, Any]) -> Object:
        """The whole request."""
        return {key: value for key, value in {**base, **self.request}.items() if value is not ...}

    def error(self) -> Object:
        """The error in the answer, its keys in order."""
        return {"message": self.message, "type": "invalid_request_error", "param": self.param, "code": self.code}


USER: Object = {"role": "user", "content": "Hello"}
FUNCTION: Object = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
CALL: Object = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
CALLING: Object = {"role": "assistant", "tool_calls": [CALL]}
RESULT: Object = {"role": "tool", "tool_call_id": "call_1", "content": "1"}
TEXT: Object = {"type": "string"}
ARRAY: Object = {"type": "array"}
SERVICES = "'auto', 'default', 'fast', 'flex', and 'priority'"


def _function(**more: Any) -> Object:
    return {"type": "function", "function": {**FUNCTION["function"], **more}}


def _saying(**part: Any) -> Object:
    return {"role": "user", "content": [part]}


def _format(schema: Object, name: str = "response") -> Object:
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


def _object(*required: str, **properties: Any) -> Object:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


OPEN: Object = {"type": "object", "properties": {}, "required": []}
"""A schema that takes other keys too."""

CHAT_BASE: Object = {"model": "gpt-5.6-terra", "messages": [USER]}
CHAT: dict[str, Case] = {
    # LIVE: the messages
    "no messages": Case(
        {"messages": ...}, "Missing required parameter: 'messages'.", "messages", "missing_required_parameter"
    ),
    "messages are a text": Case(
        {"messages": "ping"},
        "Invalid type for 'messages': expected an array of objects, but got a string instead.",
        "messages",
        "invalid_type",
    ),
    "messages are a number": Case(
        {"messages": 7},
        "Invalid type for 'messages': expected an array of objects, but got an integer instead.",
        "messages",
        "invalid_type",
    ),
    "messages are null": Case(
        {"messages": None},
        "Invalid type for 'messages': expected an array of objects, but got null instead.",
        "messages",
        "invalid_type",
    ),
    "no message": Case(
        {"messages": []},
        "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        "messages",
        "empty_array",
    ),
    "a message is a text": Case(
        {"messages": ["ping"]},
        "Invalid type for 'messages[0]': expected an object, but got a string instead.",
        "messages[0]",
        "invalid_type",
    ),
    "a message is a number": Case(
        {"messages": [7]},
        "Invalid type for 'messages[0]': expected an object, but got an integer instead.",
        "messages[0]",
        "invalid_type",
    ),
    "a message without a role": Case(
        {"messages": [{"content": "a"}]},
        "Missing required parameter: 'messages[0].role'.",
        "messages[0].role",
        "missing_required_parameter",
    ),
    "an unknown role": Case(
        {"messages": [{"role": "bogus", "content": "a"}]},
        (
            "Invalid value: 'bogus'. "
            "Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'."
        ),
        "messages[0].role",
        "invalid_value",
    ),
    "content is a number": Case(
        {"messages": [{"role": "user", "content": 7}]},
        (
            "Invalid type for 'messages[0].content': "
            "expected one of a string or array of objects, but got an integer instead."
        ),
        "messages[0].content",
        "invalid_type",
    ),
    "content is absent": Case(
        {"messages": [USER, {"role": "user"}]},
        "Invalid value for 'content': expected a string, got null.",
        "messages.[1].content",
    ),
    "content is null": Case(
        {"messages": [{"role": "system", "content": None}]},
        "Invalid value for 'content': expected a string, got null.",
        "messages.[0].content",
    ),
    "content is absent beside calls that are null": Case(
        {"messages": [{"role": "assistant", "tool_calls": None, "refusal": None, "function_call": None}]},
        "Invalid value for 'content': expected a string, got null.",
        "messages.[0].content",
    ),
    "a developer's content is absent": Case(
        {"messages": [USER, {"role": "developer"}]},
        "Missing required parameter: 'messages[1].content'.",
        "messages[1].content",
        "missing_required_parameter",
    ),
    "a developer's content is null": Case(
        {"messages": [USER, {"role": "developer", "content": None}]},
        "Invalid type for 'messages[1].content': expected one of a string or array of objects, but got null instead.",
        "messages[1].content",
        "invalid_type",
    ),
    "no calls": Case(
        {"messages": [USER, {"role": "assistant", "tool_calls": []}]},
        (
            "Invalid 'messages[1].tool_calls': empty array. "
            "Expected an array with minimum length 1, but got an empty array instead."
        ),
        "messages[1].tool_calls",
        "empty_array",
    ),
    "calls are a text": Case(
        {"messages": [USER, {"role": "assistant", "tool_calls": "x"}]},
        "Invalid type for 'messages[1].tool_calls': expected an array of objects, but got a string instead.",
        "messages[1].tool_calls",
        "invalid_type",
    ),
    # LIVE: parameters that are not known
    "an unknown parameter": Case(
        {"zzz_unknown": 1}, "Unknown parameter: 'zzz_unknown'.", "zzz_unknown", "unknown_parameter"
    ),
    "modalities": Case({"modalities": []}, "Unknown parameter: 'modalities'.", "modalities", "unknown_parameter"),
    "sound": Case({"audio": {}}, "Unknown parameter: 'audio'.", "audio", "unknown_parameter"),
    "a search": Case(
        {"web_search_options": {}},
        "Unknown parameter: 'web_search_options'.",
        "web_search_options",
        "unknown_parameter",
    ),
    "a parameter of responses": Case({"text": {}}, "Unknown parameter: 'text'.", "text", "unknown_parameter"),
    "two that may be meant": Case(
        {"stor": True}, "Unknown parameter: 'stor'. Did you mean 'stop' or 'store'?", "stor", "unknown_parameter"
    ),
    "one that may be meant": Case(
        {"temperatur": 1},
        "Unknown parameter: 'temperatur'. Did you mean 'temperature'?",
        "temperatur",
        "unknown_parameter",
    ),
    "one that is there already": Case(
        {"messagess": []}, "Unknown parameter: 'messagess'.", "messagess", "unknown_parameter"
    ),
    "an unknown option of the stream": Case(
        {"stream": True, "stream_options": {"bogus": 1}},
        "Unknown parameter: 'stream_options.bogus'.",
        "stream_options.bogus",
        "unknown_parameter",
    ),
    "an unknown option of the cache": Case(
        {"prompt_cache_options": {"bogus": 1}},
        "Unknown parameter: 'prompt_cache_options.bogus'.",
        "prompt_cache_options.bogus",
        "unknown_parameter",
    ),
    # LIVE: what a model that reasons does not take
    "stop": Case(
        {"stop": "a"},
        "Unsupported parameter: 'stop' is not supported with this model.",
        "stop",
        "unsupported_parameter",
    ),
    "max_tokens": Case(
        {"max_tokens": 7},
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max_tokens",
        "unsupported_parameter",
    ),
    "logit_bias": Case(
        {"logit_bias": {"1": 1}},
        "Unsupported parameter: 'logit_bias' is not supported with this model.",
        "logit_bias",
        "unsupported_parameter",
    ),
    "a prediction": Case(
        {"prediction": {"type": "content", "content": "a"}},
        "Unsupported parameter: 'prediction' is not supported with this model.",
        "prediction",
        "unsupported_parameter",
    ),
    "frequency_penalty while it reasons": Case(
        {"frequency_penalty": 1},
        "Unsupported parameter: 'frequency_penalty' is not supported with this model.",
        "frequency_penalty",
        "unsupported_parameter",
    ),
    "presence_penalty while it reasons": Case(
        {"presence_penalty": 1},
        "Unsupported parameter: 'presence_penalty' is not supported with this model.",
        "presence_penalty",
        "unsupported_parameter",
    ),
    "logprobs while it reasons": Case(
        {"logprobs": True, "top_logprobs": 2},
        "Unsupported parameter: 'logprobs' is not supported with this model.",
        "logprobs",
        "unsupported_parameter",
    ),
    "temperature while it reasons": Case(
        {"temperature": 0.5},
        (
            "Unsupported value: 'temperature' does not support 0.5 with this model. "
            "Only the default (1) value is supported."
        ),
        "temperature",
        "unsupported_value",
    ),
    "top_p while it reasons": Case(
        {"top_p": 0.5},
        "Unsupported parameter: 'top_p' is not supported with this model.",
        "top_p",
        "unsupported_parameter",
    ),
    "an effort of other models": Case(
        {"reasoning_effort": "max"},
        (
            "Unsupported value: 'reasoning_effort' does not support 'max' with this model. "
            "Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'."
        ),
        "reasoning_effort",
        "unsupported_value",
    ),
    "an effort that is an object": Case(
        {"reasoning_effort": {"__probe__": "wrong type"}},
        (
            "Unsupported value: 'reasoning_effort' does not support {'__probe__': 'wrong type'} with this model. "
            "Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'."
        ),
        "reasoning_effort",
        "unsupported_value",
    ),
    "functions while it reasons": Case(
        {"tools": [FUNCTION]},
        (
            "Function tools with reasoning_effort are not supported for gpt-5.6-terra in /v1/chat/completions. "
            "To use function tools, use /v1/responses or set reasoning_effort to 'none'."
        ),
        "reasoning_effort",
    ),
    # LIVE: types
    "n is a text": Case(
        {"n": "2"}, "Invalid type for 'n': expected an integer, but got a string instead.", "n", "invalid_type"
    ),
    "temperature is a text": Case(
        {"temperature": "x"},
        "Invalid type for 'temperature': expected a decimal, but got a string instead.",
        "temperature",
        "invalid_type",
    ),
    "top_p is an object": Case(
        {"top_p": {}},
        "Invalid type for 'top_p': expected a decimal, but got an object instead.",
        "top_p",
        "invalid_type",
    ),
    "store is a text": Case(
        {"store": "yes"},
        "Invalid type for 'store': expected a boolean, but got a string instead.",
        "store",
        "invalid_type",
    ),
    "stream is a text": Case(
        {"stream": "yes"},
        "Invalid type for 'stream': expected a boolean, but got a string instead.",
        "stream",
        "invalid_type",
    ),
    "seed is no whole number": Case(
        {"seed": 1.5},
        "Invalid type for 'seed': expected an integer, but got a decimal number instead.",
        "seed",
        "invalid_type",
    ),
    "user is an object": Case(
        {"user": {}}, "Invalid type for 'user': expected a string, but got an object instead.", "user", "invalid_type"
    ),
    "safety_identifier is a number": Case(
        {"safety_identifier": 7},
        "Invalid type for 'safety_identifier': expected a string, but got an integer instead.",
        "safety_identifier",
        "invalid_type",
    ),
    "tools are a text": Case(
        {"tools": "none"},
        "Invalid type for 'tools': expected an array of objects, but got a string instead.",
        "tools",
        "invalid_type",
    ),
    "functions are a text": Case(
        {"functions": "x"},
        "Invalid type for 'functions': expected an array of function definitions, but got a string instead.",
        "functions",
        "invalid_type",
    ),
    "tool_choice is a number": Case(
        {"tools": [FUNCTION], "tool_choice": 7},
        (
            "Invalid type for 'tool_choice': expected one of one of 'none', 'auto', or 'required' or object, "
            "but got an integer instead."
        ),
        "tool_choice",
        "invalid_type",
    ),
    "response_format is a text": Case(
        {"response_format": "json"},
        "Invalid type for 'response_format': expected an object, but got a string instead.",
        "response_format",
        "invalid_type",
    ),
    "metadata is a text": Case(
        {"metadata": "x"},
        "Invalid type for 'metadata': expected a metadata object, but got a string instead.",
        "metadata",
        "invalid_type",
    ),
    "metadata holds a number": Case(
        {"metadata": {"k": 7}},
        "Invalid type for 'metadata.k': expected a string, but got an integer instead.",
        "metadata.k",
        "invalid_type",
    ),
    "service_tier is an object": Case(
        {"service_tier": {}},
        (
            "Invalid type for 'service_tier': "
            "expected one of 'auto', 'default', 'fast', 'flex', or 'priority', but got an object instead."
        ),
        "service_tier",
        "invalid_type",
    ),
    "prompt_cache_retention is an object": Case(
        {"prompt_cache_retention": {}},
        ("Invalid type for 'prompt_cache_retention': expected one of 'in_memory' or '24h', but got an object instead."),
        "prompt_cache_retention",
        "invalid_type",
    ),
    "prompt_cache_options are a text": Case(
        {"prompt_cache_options": "x"},
        "Invalid type for 'prompt_cache_options': expected an object, but got a string instead.",
        "prompt_cache_options",
        "invalid_type",
    ),
    # LIVE: bounds
    "n is too small": Case(
        {"n": 0},
        "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "n",
        "integer_below_min_value",
    ),
    "no tokens": Case(
        {"max_completion_tokens": 0},
        "Invalid 'max_completion_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "max_completion_tokens",
        "integer_below_min_value",
    ),
    "top_logprobs is too small": Case(
        {"logprobs": True, "top_logprobs": -1, "reasoning_effort": "none"},
        "Invalid 'top_logprobs': integer below minimum value. Expected a value >= 0, but got -1 instead.",
        "top_logprobs",
        "integer_below_min_value",
    ),
    "top_logprobs without logprobs": Case(
        {"top_logprobs": 1},
        "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
        "top_logprobs",
    ),
    "frequency_penalty is too large": Case(
        {"frequency_penalty": 3},
        "Invalid 'frequency_penalty': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
        "frequency_penalty",
        "decimal_above_max_value",
    ),
    "presence_penalty is too small": Case(
        {"presence_penalty": -3},
        "Invalid 'presence_penalty': decimal below minimum value. Expected a value >= -2, but got -3 instead.",
        "presence_penalty",
        "decimal_below_min_value",
    ),
    "too much metadata": Case(
        {"metadata": {f"k{number}": "v" for number in range(17)}},
        (
            "Invalid 'metadata': too many properties. "
            "Expected an object with at most 16 properties, but got an object with 17 properties instead."
        ),
        "metadata",
        "object_above_max_properties",
    ),
    "metadata with a long value": Case(
        {"metadata": {"k": "v" * 600}},
        (
            "Invalid 'metadata.k': string too long. "
            "Expected a string with maximum length 512, but got a string with length 600 instead."
        ),
        "metadata.k",
        "string_above_max_length",
    ),
    "metadata with a long key": Case(
        {"metadata": {"k" * 70: "v"}},
        (
            "Invalid property name in 'metadata': 'kkk...kkk' is too long. "
            "Expected a string with maximum length 64, but got a string with length 70 instead."
        ),
        f"metadata.{'k' * 70}",
        "property_name_above_max_length",
    ),
    # LIVE: values
    "an unknown service_tier": Case(
        {"service_tier": "bogus"},
        f"Invalid value: 'bogus'. Supported values are: {SERVICES}.",
        "service_tier",
        "invalid_value",
    ),
    "an unknown verbosity": Case(
        {"verbosity": "bogus"},
        "Invalid value: 'bogus'. Supported values are: 'low', 'medium', and 'high'.",
        "verbosity",
        "invalid_value",
    ),
    "an unknown format": Case(
        {"response_format": {"type": "bogus"}},
        "Invalid value: 'bogus'. Supported values are: 'json_object', 'json_schema', and 'text'.",
        "response_format.type",
        "invalid_value",
    ),
    "an unknown tool_choice": Case(
        {"tools": [FUNCTION], "tool_choice": "bogus"},
        "Invalid value: 'bogus'. Supported values are: 'none', 'auto', and 'required'.",
        "tool_choice",
        "invalid_value",
    ),
    "the choice of a function that is not there": Case(
        {
            "tools": [FUNCTION],
            "tool_choice": {"type": "function", "function": {"name": "never_declared"}},
            "reasoning_effort": "none",
        },
        (
            "Invalid value for 'function_call': "
            "no function named 'never_declared' was specified in the 'functions' parameter."
        ),
        "function_call",
    ),
    # LIVE: what is missing
    "a format without a type": Case(
        {"response_format": {}},
        "Missing required parameter: 'response_format.type'.",
        "response_format.type",
        "missing_required_parameter",
    ),
    "a format without its schema": Case(
        {"response_format": {"type": "json_schema"}},
        "Missing required parameter: 'response_format.json_schema'.",
        "response_format.json_schema",
        "missing_required_parameter",
    ),
    "a format without a name": Case(
        {"response_format": {"type": "json_schema", "json_schema": {"schema": {}}}},
        "Missing required parameter: 'response_format.json_schema.name'.",
        "response_format.json_schema.name",
        "missing_required_parameter",
    ),
    "a legacy function without a name": Case(
        {"functions": [{}]},
        "Missing required parameter: 'functions[0].name'.",
        "functions[0].name",
        "missing_required_parameter",
    ),
    "a function tool without a function": Case(
        {"tools": [{"type": "function"}]},
        "Missing required parameter: 'tools[0].function'.",
        "tools[0].function",
        "missing_required_parameter",
    ),
    "a function without a name": Case(
        {"tools": [FUNCTION, {"type": "function", "function": {}}]},
        "Missing required parameter: 'tools[1].function.name'.",
        "tools[1].function.name",
        "missing_required_parameter",
    ),
    "a function with an empty name": Case(
        {"tools": [_function(name="")]},
        (
            "Invalid 'tools[0].function.name': empty string. "
            "Expected a string with minimum length 1, but got an empty string instead."
        ),
        "tools[0].function.name",
        "empty_string",
    ),
    "a choice without a function": Case(
        {"tools": [FUNCTION], "tool_choice": {"type": "function"}},
        "Missing required parameter: 'tool_choice.function'.",
        "tool_choice.function",
        "missing_required_parameter",
    ),
    "a choice of an unknown kind": Case(
        {"tools": [FUNCTION], "tool_choice": {"type": "bogus"}},
        "Missing required parameter: 'tool_choice.function'.",
        "tool_choice.function",
        "missing_required_parameter",
    ),
    "a choice without a name": Case(
        {"tools": [FUNCTION], "tool_choice": {"type": "function", "function": {}}},
        "Missing required parameter: 'tool_choice.function.name'.",
        "tool_choice.function.name",
        "missing_required_parameter",
    ),
    "a legacy choice without a name": Case(
        {"functions": [{"name": "f"}], "function_call": {}},
        "Missing required parameter: 'function_call.name'.",
        "function_call.name",
        "missing_required_parameter",
    ),
    "a moderation without a model": Case(
        {"moderation": {}},
        "Missing required parameter: 'moderation.model'.",
        "moderation.model",
        "missing_required_parameter",
    ),
    "no model": Case({"model": ...}, "you must provide a model parameter"),
    "an empty model": Case({"model": ""}, "you must provide a model parameter"),
    "a model that is null": Case({"model": None}, "you must provide a model parameter"),
    # TAPES
    "an unknown model": Case(
        {"model": "gpt-none"},
        "The model `gpt-none` does not exist or you do not have access to it.",
        None,
        "model_not_found",
        404,
    ),
    "a model of legacy completions": Case(
        {"model": "gpt-3.5-turbo-instruct"},
        (
            "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
            "Did you mean to use v1/completions?"
        ),
        "model",
        None,
        404,
    ),
    "a model with a space": Case({"model": "gpt 4o"}, "invalid model ID"),
    "an embedding model": Case(
        {"model": "text-embedding-3-large"}, "You are not allowed to sample from this model", None, None, 403
    ),
    "json of a model that speaks": Case(
        {"model": "gpt-audio", "response_format": {"type": "json_object"}},
        "Invalid parameter: 'response_format' of type 'json_object' is not supported with this model.",
        "response_format",
    ),
    "a schema for a model that speaks": Case(
        {"model": "gpt-audio", "response_format": {"type": "json_schema", "json_schema": {"name": "r"}}},
        (
            "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model. "
            "Learn more about supported models at the Structured Outputs guide: "
            "https://platform.openai.com/docs/guides/structured-outputs"
        ),
    ),
    "an image for a model that speaks": Case(
        {
            "model": "gpt-audio",
            "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
        },
        "This model does not support image_url content.",
        "messages[0].content",
        "invalid_value",
    ),
    "sound for a model that does not hear": Case(
        {"messages": [USER, _saying(type="input_audio", input_audio={"data": "UklGRg==", "format": "wav"})]},
        "Invalid 'messages[1]'. Content blocks are expected to be either text or image_url type.",
        "messages[1]",
        "invalid_value",
    ),
    "an image that is none": Case(
        {"messages": [_saying(type="image_url", image_url={"url": "data:image/jpeg;base64,UGxlYXNl"})]},
        (
            "You uploaded an unsupported image. "
            "Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp']."
        ),
        None,
        "invalid_image_format",
    ),
    "a file that is no PDF": Case(
        {"messages": [_saying(type="file", file={"filename": "a.aac", "file_data": "data:audio/aac;base64,//FgQA=="})]},
        (
            "Invalid file data: 'messages[0].content[0].file.file_data'. Expected a base64-encoded data URL with an "
            "application/pdf MIME type (e.g. 'data:application/pdf;base64,SGVsbG8sIFdvcmxkIQ=='), but got unsupported "
            "MIME type 'audio/aac'."
        ),
        "messages[0].content[0].file.file_data",
        "invalid_value",
    ),
    "tools for a model that calls none": Case(
        {"model": "gpt-5-chat-latest", "tools": [FUNCTION]},
        (
            "tools is not supported in this model. For a list of supported models, refer to "
            "https://platform.openai.com/docs/guides/function-calling#models-supporting-function-calling."
        ),
        status=404,
    ),
    "instructions for a model that takes none": Case(
        {"model": "o1-mini", "messages": [{"role": "system", "content": "Be brief."}, USER]},
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        "messages[0].role",
        "unsupported_value",
    ),
    "a model of vectors": Case(
        {"model": "text-embedding-ada-002"},
        (
            "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
            "Did you mean to use v1/completions?"
        ),
        "model",
        status=404,
    ),
    "a part without a type": Case(
        {"messages": [USER, {"role": "user", "content": [{"text": "a"}]}]},
        "Missing required parameter: 'messages[1].content[0].type'.",
        "messages[1].content[0].type",
        "missing_required_parameter",
    ),
    "both limits": Case(
        {"model": "gpt-4o", "max_tokens": 7, "max_completion_tokens": 7},
        "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        "max_tokens",
        "invalid_parameter_combination",
    ),
    "temperature is too large": Case(
        {"model": "gpt-4o", "temperature": 99.0},
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 99.0 instead.",
        "temperature",
        "decimal_above_max_value",
    ),
    "a search at a model that does not": Case(  # which param it names is not known
        {"model": "gpt-4o", "web_search_options": {}}, "Web search options not supported with this model."
    ),
    "a strict function that takes other keys too": Case(
        {"model": "gpt-4o", "tools": [_function(strict=True, parameters=OPEN)]},
        (
            "Invalid schema for function 'f': In context=(), "
            "'additionalProperties' is required to be supplied and to be false."
        ),
        "tools[0].function.parameters",
        "invalid_function_parameters",
    ),
    "a strict function without parameters": Case(
        {"model": "gpt-4o", "tools": [FUNCTION, {"type": "function", "function": {"name": "g", "strict": True}}]},
        (
            "Invalid schema for function 'g': In context=(), "
            "'additionalProperties' is required to be supplied and to be false."
        ),
        "tools[1].function.parameters",
        "invalid_function_parameters",
    ),
    # SAID: of models that do not reason
    "content is an object": Case(  # pydantic/pydantic-ai#2653, 2025-08
        {"model": "gpt-4o", "messages": [USER, {"role": "user", "content": {}}]},
        (
            "Invalid type for 'messages[1].content': "
            "expected one of a string or array of objects, but got an object instead."
        ),
        "messages[1].content",
        "invalid_type",
    ),
    "a part is a text": Case(  # microsoft/graphrag#672, 2024-07
        {"model": "gpt-4o", "messages": [{"role": "user", "content": ["a"]}]},
        "Invalid type for 'messages[0].content[0]': expected an object, but got a string instead.",
        "messages[0].content[0]",
        "invalid_type",
    ),
    "an unknown part": Case(  # public files, 2025 and 2026
        {"model": "gpt-4o", "messages": [USER, {"role": "user", "content": [{"type": "thinking"}]}]},
        (
            "Invalid value: 'thinking'. "
            "Supported values are: 'text', 'image_url', 'input_audio', 'refusal', 'audio', and 'file'."
        ),
        "messages[1].content[0].type",
        "invalid_value",
    ),
    "an unknown argument": Case(  # nashsu/llm_wiki#336, 2026-06
        {"model": "gpt-4o", "thinking": {}}, "Unrecognized request argument supplied: thinking"
    ),
    "an effort": Case(  # davidmigloz/langchain_dart#712, 2025-06
        {"model": "gpt-4o-mini", "reasoning_effort": "low"}, "Unrecognized request argument supplied: reasoning_effort"
    ),
    "n is too large": Case(  # thisisartium/continuous-alignment-testing#25, 2025-03
        {"model": "gpt-4o", "n": 130},
        "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 130 instead.",
        "n",
        "integer_above_max_value",
    ),
    "too many tools": Case(  # vishalmysore/Tools4AI#16, 2024-05
        {"model": "gpt-4o", "tools": [FUNCTION] * 325},
        (
            "Invalid 'tools': array too long. "
            "Expected an array with maximum length 128, but got an array with length 325 instead."
        ),
        "tools",
        "array_above_max_length",
    ),
    "no tools": Case(  # public file, 2024
        {"model": "gpt-4o", "tools": []},
        "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        "tools",
        "empty_array",
    ),
    "too many calls": Case(  # gptscript-ai/gptscript#547, 2024-06
        {"model": "gpt-4o", "messages": [USER, USER, USER, {"role": "assistant", "tool_calls": [CALL] * 129}]},
        (
            "Invalid 'messages[3].tool_calls': array too long. "
            "Expected an array with maximum length 128, but got an array with length 129 instead."
        ),
        "messages[3].tool_calls",
        "array_above_max_length",
    ),
    "a call with a long id": Case(  # microsoft/autogen#6377, 2025-04
        {"model": "gpt-4o", "messages": [USER, {"role": "assistant", "tool_calls": [{**CALL, "id": "c" * 41}]}]},
        (
            "Invalid 'messages[1].tool_calls[0].id': string too long. "
            "Expected a string with maximum length 40, but got a string with length 41 instead."
        ),
        "messages[1].tool_calls[0].id",
        "string_above_max_length",
    ),
    "a call of a name with a space": Case(  # mcp-use/mcp-use#90, 2025
        {
            "model": "gpt-4o",
            "messages": [{**CALLING, "tool_calls": [{**CALL, "function": {"name": "a b", "arguments": ""}}]}],
        },
        (
            "Invalid 'messages[0].tool_calls[0].function.name': string does not match pattern. "
            "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
        ),
        "messages[0].tool_calls[0].function.name",
        "invalid_value",
    ),
    "a function with a long name": Case(  # home-assistant/core#121325, 2024-07
        {"model": "gpt-4o", "tools": [FUNCTION, _function(name="f" * 74)]},
        (
            "Invalid 'tools[1].function.name': string too long. "
            "Expected a string with maximum length 64, but got a string with length 74 instead."
        ),
        "tools[1].function.name",
        "string_above_max_length",
    ),
    "a function whose name has a space": Case(  # xinnan-tech/xiaozhi-esp32-server#1466, 2025-06
        {"model": "gpt-4o", "tools": [_function(name="get weather")]},
        (
            "Invalid 'tools[0].function.name': string does not match pattern. "
            "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
        ),
        "tools[0].function.name",
        "invalid_value",
    ),
    "a tool without a type": Case(  # bolna-ai/bolna#144, 2025-03
        {"model": "gpt-4o", "tools": [{"function": {"name": "f"}}]},
        "Missing required parameter: 'tools[0].type'.",
        "tools[0].type",
        "missing_required_parameter",
    ),
    "too many stops": Case(  # public file, 2026-10
        {"model": "gpt-4o", "stop": list("abcdefghij")},
        (
            "Invalid 'stop': array too long. "
            "Expected an array with maximum length 4, but got an array with length 10 instead."
        ),
        "stop",
        "array_above_max_length",
    ),
    "a long user": Case(  # public files, 2025
        {"model": "gpt-4o", "user": "u" * 123},
        (
            "Invalid 'user': string too long. "
            "Expected a string with maximum length 64, but got a string with length 123 instead."
        ),
        "user",
        "string_above_max_length",
    ),
    "a long prompt_cache_key": Case(  # public file, 2026-10
        {"model": "gpt-4o", "prompt_cache_key": "k" * 70},
        (
            "Invalid 'prompt_cache_key': string too long. "
            "Expected a string with maximum length 64, but got a string with length 70 instead."
        ),
        "prompt_cache_key",
        "string_above_max_length",
    ),
    "an unknown key of a format": Case(  # spring-projects/spring-ai#2969, 2025-05
        {"model": "gpt-4o", "response_format": {"type": "text", "schema": {}}},
        "Unknown parameter: 'response_format.schema'.",
        "response_format.schema",
        "unknown_parameter",
    ),
    "more tokens than 4o has": Case(  # tailcallhq/forgecode#1185, 2025-07
        {"model": "gpt-4o", "max_tokens": 20480},
        (
            "max_tokens is too large: 20480. "
            "This model supports at most 16384 completion tokens, whereas you provided 20480."
        ),
        "max_tokens",
        "invalid_value",
    ),
    "more tokens than 4.1 has": Case(  # opencode-ai/opencode#140, 2025-05
        {"model": "gpt-4.1", "max_tokens": 40000},
        (
            "max_tokens is too large: 40000. "
            "This model supports at most 32768 completion tokens, whereas you provided 40000."
        ),
        "max_tokens",
        "invalid_value",
    ),
    "parallel_tool_calls without tools": Case(  # openai/swarm#30, 2024-07
        {"model": "gpt-4o", "parallel_tool_calls": True},
        ("Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified."),
        "parallel_tool_calls",
    ),
    "tool_choice without tools": Case(  # public files, 2024 and 2026
        {"model": "gpt-4o", "tool_choice": "auto"},
        "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        "tool_choice",
    ),
    "function_call without functions": Case(  # public files, 2023
        {"model": "gpt-4o", "function_call": "auto"},
        "Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are specified.",
        "function_call",
    ),
    "stream_options without stream": Case(  # BerriAI/litellm#5803, 2024-09
        {"model": "gpt-4o", "stream_options": {"include_usage": True}},
        "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
        "stream_options",
    ),
    "json without the word": Case(  # koreader-xray-plugin issue 18, 2026-05
        {"model": "gpt-4o", "response_format": {"type": "json_object"}},
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        "messages",
    ),
    "a result without a call": Case(  # smarter-sh/smarter#264, 2025-01
        {"model": "gpt-4o", "messages": [USER, USER, RESULT]},
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        "messages.[2].role",
    ),
    "a result without an id": Case(  # langchain-ai/langchain#22600, 2024-06
        {"model": "gpt-4o", "messages": [USER, CALLING, {"role": "tool", "content": "1"}]},
        "Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'.",
        "messages.[2].tool_call_id",
    ),
    "a result of another call": Case(  # public files, 2026
        {"model": "gpt-4o", "messages": [USER, CALLING, {**RESULT, "tool_call_id": "call_2"}]},
        "Invalid parameter: 'tool_call_id' of 'call_2' not found in 'tool_calls' of previous message.",
        "messages.[2].tool_call_id",
    ),
    "calls without results": Case(  # evalstate/fast-agent#314, 2025-05
        {"model": "gpt-4o", "messages": [{**CALLING, "tool_calls": [CALL, {**CALL, "id": "call_2"}]}, USER]},
        (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: call_1, call_2"
        ),
        "messages.[1].role",
    ),
    "a prompt that is too long": Case(  # Integuru-AI/Integuru#30, 2025-01; how tokens are counted is ours
        {"model": "gpt-4o", "messages": [{"role": "user", "content": "a" * 4 * 130_000}]},
        (
            "This model's maximum context length is 128000 tokens. However, your messages resulted in 130004 tokens. "
            "Please reduce the length of the messages."
        ),
        "messages",
        "context_length_exceeded",
    ),
    # SAID: of schemas
    "a strict schema that takes other keys too": Case(  # dottxt-ai/outlines#1666, 2025-06
        {"model": "gpt-4o", "response_format": _format(OPEN, "default")},
        (
            "Invalid schema for response_format 'default': In context=(), "
            "'additionalProperties' is required to be supplied and to be false."
        ),
        "response_format",
    ),
    "a strict schema with examples": Case(  # openai/openai-python#2274, 2025-04
        {"model": "gpt-4o", "response_format": _format(_object("a", a={**TEXT, "examples": ["x"]}))},
        "Invalid schema for response_format 'response': In context=('properties', 'a'), 'examples' is not permitted.",
        "response_format",
    ),
    "a strict schema that does not require a key": Case(  # vercel/ai#6484, 2025-05
        {"model": "gpt-4o", "response_format": _format(_object("a", a={**ARRAY, "items": _object(roles=TEXT)}))},
        (
            "Invalid schema for response_format 'response': In context=('properties', 'a', 'items'), 'required' is "
            "required to be supplied and to be an array including every key in properties. Missing 'roles'."
        ),
        "response_format",
    ),
    "a function with an array of nothing": Case(  # modelscope/ms-agent#610, 2025
        {"model": "gpt-4o", "tools": [_function(parameters={"type": "object", "properties": {"objects": ARRAY}})]},
        "Invalid schema for function 'f': In context=('properties', 'objects'), array schema missing items.",
        "tools[0].function.parameters",
        "invalid_function_parameters",
    ),
    "a function whose parameters are no object": Case(  # ComposioHQ/composio#1829, 2025-08
        {"model": "gpt-4o", "tools": [_function(parameters={})]},
        "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.",
        "tools[0].function.parameters",
        "invalid_function_parameters",
    ),
    # SAID: of models that reason
    "a parameter that o4-mini does not know": Case(  # teabranch/open-responses-server#41, 2025-06
        {"model": "o4-mini", "reasoning": {}}, "Unknown parameter: 'reasoning'.", "reasoning", "unknown_parameter"
    ),
    "temperature at gpt-5": Case(  # owndev/Open-WebUI-Functions#98, 2025-11
        {"model": "gpt-5", "temperature": 0.2},
        (
            "Unsupported value: 'temperature' does not support 0.2 with this model. "
            "Only the default (1) value is supported."
        ),
        "temperature",
        "unsupported_value",
    ),
    "temperature 0 at gpt-5-mini": Case(  # QwenLM/qwen-code#921, 2025
        {"model": "gpt-5-mini", "temperature": 0},
        (
            "Unsupported value: 'temperature' does not support 0 with this model. "
            "Only the default (1) value is supported."
        ),
        "temperature",
        "unsupported_value",
    ),
    "temperature at o3-mini": Case(  # BeehiveInnovations/pal-mcp-server#78, 2025-06
        {"model": "o3-mini", "temperature": 0.2},
        "Unsupported parameter: 'temperature' is not supported with this model.",
        "temperature",
        "unsupported_parameter",
    ),
    "presence_penalty at gpt-5-mini": Case(  # nextai-translator issue 1781, 2025-08
        {"model": "gpt-5-mini", "presence_penalty": 1},
        "Unsupported parameter: 'presence_penalty' is not supported with this model.",
        "presence_penalty",
        "unsupported_parameter",
    ),
    "an effort of gpt-5 at gpt-5.1": Case(  # livekit/agents#3966, 2025-11
        {"model": "gpt-5.1", "reasoning_effort": "minimal"},
        (
            "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. "
            "Supported values are: 'none', 'low', 'medium', and 'high'."
        ),
        "reasoning_effort",
        "unsupported_value",
    ),
    "an effort of gpt-5.4 at gpt-5-mini": Case(  # kaitranntt/ccs#344, 2026-01
        {"model": "gpt-5-mini", "reasoning_effort": "xhigh"},
        (
            "Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model. "
            "Supported values are: 'minimal', 'low', 'medium', and 'high'."
        ),
        "reasoning_effort",
        "unsupported_value",
    ),
    "parallel_tool_calls at o4-mini": Case(  # evalstate/fast-agent#279, 2025-07
        {"model": "o4-mini", "tools": [FUNCTION], "parallel_tool_calls": True},
        "Unsupported parameter: 'parallel_tool_calls' is not supported with this model.",
        "parallel_tool_calls",
        "unsupported_parameter",
    ),
}
"""By what is wrong with them."""

ITEMS = (
    "'additional_tools', 'agent_message', 'apply_patch_call', 'apply_patch_call_output', 'code_interpreter_call', "
    "'compaction', 'compaction_trigger', 'computer_call', 'computer_call_output', 'custom_tool_call', "
    "'custom_tool_call_output', 'file_search_call', 'function_call', 'function_call_output', 'image_generation_call', "
    "'item_reference', 'local_shell_call', 'local_shell_call_output', 'mcp_approval_request', "
    "'mcp_approval_response', 'mcp_call', 'mcp_list_tools', 'message', 'multi_agent_call', 'multi_agent_call_output', "
    "'program', 'program_output', 'reasoning', 'shell_call', 'shell_call_output', 'tool_search_call', "
    "'tool_search_output', and 'web_search_call'"
)
ROLES = "'assistant', 'system', 'developer', and 'user'"
INCLUDED = (
    "'file_search_call.results', 'web_search_call.results', 'web_search_call.action.sources', "
    "'message.input_image.image_url', 'computer_call_output.output.image_url', 'code_interpreter_call.outputs', "
    "'reasoning.encrypted_content', and 'message.output_text.logprobs'"
)
MOVED = (
    "Unsupported parameter: '{}'. In the Responses API, this parameter has moved to '{}'. Try again with the new "
    "parameter. See the API documentation for more information: "
    "https://platform.openai.com/docs/api-reference/responses/create."
)
NOTHING = "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided."
RESPONSE_TOOL: Object = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}}
RESPONSE_CALL: Object = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
RESPONSE_RESULT: Object = {"type": "function_call_output", "call_id": "call_1", "output": "1"}


def _text(schema: Object) -> Object:
    return {"format": {"type": "json_schema", "name": "response", "strict": True, "schema": schema}}


def _said(*parts: Object, role: str = "user") -> list[Object]:
    return [{"role": role, "content": list(parts)}]


RESPONSES_BASE: Object = {"model": "gpt-5.6-terra", "input": "Hello"}
RESPONSES: dict[str, Case] = {
    # LIVE: the model and parameters that are not known
    "no model": Case({"model": ...}, "Missing required parameter: 'model'.", "model", "missing_required_parameter"),
    "a model that is null": Case(
        {"model": None},
        "Invalid type for 'model': expected a string, but got an object instead.",
        "model",
        "invalid_type",
    ),
    "a model that is a number": Case(
        {"model": 7},
        "Invalid type for 'model': expected a string, but got an integer instead.",
        "model",
        "invalid_type",
    ),
    "an empty model": Case({"model": ""}, "The requested model '' does not exist.", "model", "model_not_found"),
    "an unknown parameter": Case(
        {"zzz_unknown": 1}, "Unknown parameter: 'zzz_unknown'.", "zzz_unknown", "unknown_parameter"
    ),
    "n": Case({"n": 1}, "Unknown parameter: 'n'.", "n", "unknown_parameter"),
    "seed": Case({"seed": 1}, "Unknown parameter: 'seed'.", "seed", "unknown_parameter"),
    "logprobs": Case({"logprobs": True}, "Unknown parameter: 'logprobs'.", "logprobs", "unknown_parameter"),
    "max_tokens": Case({"max_tokens": 16}, "Unknown parameter: 'max_tokens'.", "max_tokens", "unknown_parameter"),
    "stop": Case({"stop": "a"}, "Unknown parameter: 'stop'. Did you mean 'store'?", "stop", "unknown_parameter"),
    "sto": Case({"sto": 1}, "Unknown parameter: 'sto'. Did you mean 'store'?", "sto", "unknown_parameter"),
    "st": Case({"st": 1}, "Unknown parameter: 'st'.", "st", "unknown_parameter"),
    "stre": Case(
        {"stre": 1}, "Unknown parameter: 'stre'. Did you mean 'store' or 'stream'?", "stre", "unknown_parameter"
    ),
    "strem": Case(
        {"strem": 1}, "Unknown parameter: 'strem'. Did you mean 'stream' or 'store'?", "strem", "unknown_parameter"
    ),
    "tool": Case({"tool": 1}, "Unknown parameter: 'tool'. Did you mean 'tools'?", "tool", "unknown_parameter"),
    "usr": Case({"usr": 1}, "Unknown parameter: 'usr'. Did you mean 'user'?", "usr", "unknown_parameter"),
    "inclde": Case(
        {"inclde": 1}, "Unknown parameter: 'inclde'. Did you mean 'include'?", "inclde", "unknown_parameter"
    ),
    "inpu": Case({"inpu": 1}, "Unknown parameter: 'inpu'.", "inpu", "unknown_parameter"),
    "modell": Case({"modell": 1}, "Unknown parameter: 'modell'.", "modell", "unknown_parameter"),
    "messages": Case({"messages": [USER]}, MOVED.format("messages", "input"), None, "unsupported_parameter"),
    # LIVE: the input
    "no input": Case({"input": ...}, "Missing required parameter: 'input'.", "input", "missing_required_parameter"),
    "an empty input": Case({"input": ""}, NOTHING, None, "missing_required_parameter"),
    "an input of no items": Case({"input": []}, NOTHING, None, "missing_required_parameter"),
    "an input that is null": Case(
        {"input": None},
        "Invalid type for 'input': expected a string, but got an object instead.",
        "input",
        "invalid_type",
    ),
    "an input that is an object": Case(
        {"input": {}},
        "Invalid type for 'input': expected one of a string or array of input items, but got an object instead.",
        "input",
        "invalid_type",
    ),
    "an input that is a number": Case(
        {"input": 7},
        "Invalid type for 'input': expected one of a string or array of input items, but got an integer instead.",
        "input",
        "invalid_type",
    ),
    "an item that is a number": Case(
        {"input": [7]},
        "Invalid type for 'input[0]': expected an input item, but got an integer instead.",
        "input[0]",
        "invalid_type",
    ),
    "an item that is null": Case(
        {"input": [None]},
        "Invalid type for 'input[0]': expected an input item, but got null instead.",
        "input[0]",
        "invalid_type",
    ),
    "an item with an unknown key": Case(
        {"input": [{**USER, "bogus": 1}]}, "Unknown parameter: 'input[0].bogus'.", "input[0].bogus", "unknown_parameter"
    ),
    "a phase of the user's": Case(
        {"input": [{**USER, "phase": "commentary"}]},
        "Unknown parameter: 'input[0].phase'.",
        "input[0].phase",
        "unknown_parameter",
    ),
    "an unknown phase": Case(
        {"input": [{"role": "assistant", "content": "a", "phase": "bogus"}]},
        "Invalid value: 'bogus'. Supported values are: 'commentary' and 'final_answer'.",
        "input[0].phase",
        "invalid_value",
    ),
    "an unknown item": Case(
        {"input": [{"type": "bogus_item"}]},
        f"Invalid value: 'bogus_item'. Supported values are: {ITEMS}.",
        "input[0]",
        "invalid_value",
    ),
    "an item whose type is a number": Case(
        {"input": [{"type": 7}]},
        f"Invalid value: ''. Supported values are: {ITEMS}.",
        "input[0]",
        "invalid_value",
    ),
    "an unknown role": Case(
        {"input": [{"role": "bogus", "content": "a"}]},
        f"Invalid value: 'bogus'. Supported values are: {ROLES}.",
        "input[0]",
        "invalid_value",
    ),
    "a role that is an object": Case(
        {"input": [{"role": {}, "content": "a"}]},
        f"Invalid value: ''. Supported values are: {ROLES}.",
        "input[0]",
        "invalid_value",
    ),
    "an item without content": Case(
        {"input": [{"role": "user"}]},
        "Missing required parameter: 'input[0].content'.",
        "input[0].content",
        "missing_required_parameter",
    ),
    "the assistant's part from the user": Case(
        {"input": _said({"type": "output_text", "text": "a"})},
        (
            "Invalid value: 'output_text'. Supported values are: "
            "'input_text', 'input_image', 'input_file', 'scoped_content', and 'input_audio'."
        ),
        "input[0].content[0]",
        "invalid_value",
    ),
    "the user's part from the assistant": Case(
        {"input": _said({"type": "input_text", "text": "a"}, role="assistant")},
        "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
        "input[0].content[0]",
        "invalid_value",
    ),
    "a part without its text": Case(
        {"input": _said({"type": "input_text"})},
        "Missing required parameter: 'input[0].content[0].text'.",
        "input[0].content[0].text",
        "missing_required_parameter",
    ),
    # LIVE: text
    "an unknown key of text": Case(
        {"text": {"zzz": 1}}, "Unknown parameter: 'text.zzz'.", "text.zzz", "unknown_parameter"
    ),
    "an unknown format": Case(
        {"text": {"format": {"type": "bogus"}}},
        "Invalid value: 'bogus'. Supported values are: 'json_object', 'text', and 'json_schema'.",
        "text.format.type",
        "invalid_value",
    ),
    "a schema without a name": Case(
        {"text": {"format": {"type": "json_schema", "schema": {}}}},
        "Missing required parameter: 'text.format.name'.",
        "text.format.name",
        "missing_required_parameter",
    ),
    "an unknown verbosity": Case(
        {"text": {"verbosity": "bogus"}},
        "Invalid value: 'bogus'. Supported values are: 'low', 'medium', and 'high'.",
        "text.verbosity",
        "invalid_value",
    ),
    "text is a text": Case(
        {"text": "x"}, "Invalid type for 'text': expected an object, but got a string instead.", "text", "invalid_type"
    ),
    # LIVE: tools
    "tools are a text": Case(
        {"tools": "x"},
        "Invalid type for 'tools': expected an array of tools, but got a string instead.",
        "tools",
        "invalid_type",
    ),
    "a tool without a type": Case(
        {"tools": [{}]}, "Missing required parameter: 'tools[0].type'.", "tools[0].type", "missing_required_parameter"
    ),
    "a tool in the form of chat completions": Case(
        {"tools": [FUNCTION]},
        "Missing required parameter: 'tools[0].name'.",
        "tools[0].name",
        "missing_required_parameter",
    ),
    "a tool with an empty name": Case(
        {"tools": [{**RESPONSE_TOOL, "name": ""}]},
        (
            "Invalid 'tools[0].name': empty string. "
            "Expected a string with minimum length 1, but got an empty string instead."
        ),
        "tools[0].name",
        "empty_string",
    ),
    "tool_choice is a number": Case(
        {"tools": [RESPONSE_TOOL], "tool_choice": 7},
        (
            "Invalid type for 'tool_choice': "
            "expected one of an object or 'none', 'auto', or 'required', but got an integer instead."
        ),
        "tool_choice",
        "invalid_type",
    ),
    "an unknown tool_choice": Case(
        {"tools": [RESPONSE_TOOL], "tool_choice": "bogus"},
        "Invalid value: 'bogus'. Supported values are: 'none', 'auto', and 'required'.",
        "tool_choice",
        "invalid_value",
    ),
    "a choice in the form of chat completions": Case(
        {"tools": [RESPONSE_TOOL], "tool_choice": {"type": "function", "function": {"name": "f"}}},
        "Missing required parameter: 'tool_choice.name'.",
        "tool_choice.name",
        "missing_required_parameter",
    ),
    "the choice of a tool that is not there": Case(
        {"tools": [RESPONSE_TOOL], "tool_choice": {"type": "function", "name": "never_declared"}},
        "Tool choice 'never_declared' not found in 'tools' parameter.",
        "tool_choice",
    ),
    # LIVE: reasoning
    "reasoning is a text": Case(
        {"reasoning": "low"},
        "Invalid type for 'reasoning': expected an object, but got a string instead.",
        "reasoning",
        "invalid_type",
    ),
    "an unknown effort": Case(
        {"reasoning": {"effort": "bogus"}},
        (
            "Invalid value: 'bogus'. Supported values are: "
            "'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'."
        ),
        "reasoning.effort",
        "invalid_value",
    ),
    "an effort that is an object": Case(
        {"reasoning": {"effort": {}}},
        (
            "Invalid type for 'reasoning.effort': expected one of one of 'none', 'minimal', 'low', 'medium', 'high', "
            "'xhigh', or 'max' or integer, but got an object instead."
        ),
        "reasoning.effort",
        "invalid_type",
    ),
    "an unknown summary": Case(
        {"reasoning": {"summary": "bogus"}},
        "Invalid value: 'bogus'. Supported values are: 'concise', 'detailed', and 'auto'.",
        "reasoning.summary",
        "invalid_value",
    ),
    "an unknown key of reasoning": Case(
        {"reasoning": {"generate_summary": "auto"}},
        "Unknown parameter: 'reasoning.generate_summary'.",
        "reasoning.generate_summary",
        "unknown_parameter",
    ),
    # LIVE: what a model that reasons does not take
    "temperature while it reasons": Case(
        {"temperature": 0.5}, "Unsupported parameter: 'temperature' is not supported with this model.", "temperature"
    ),
    "top_p while it reasons": Case(
        {"top_p": 1}, "Unsupported parameter: 'top_p' is not supported with this model.", "top_p"
    ),
    "presence_penalty while it reasons": Case(
        {"presence_penalty": 1},
        "Unsupported parameter: 'presence_penalty' is not supported with this model.",
        "presence_penalty",
    ),
    "frequency_penalty while it reasons": Case(
        {"frequency_penalty": 1},
        "Unsupported parameter: 'frequency_penalty' is not supported with this model.",
        "frequency_penalty",
    ),
    "top_logprobs while it reasons": Case(
        {"top_logprobs": 1},
        "logprobs are not supported with reasoning models.",
        "top_logprobs",
        "unsupported_parameter",
    ),
    "logprobs while it reasons": Case(
        {"include": ["message.output_text.logprobs"]},
        "logprobs are not supported with reasoning models.",
        "include",
        "unsupported_parameter",
    ),
    # LIVE: types, bounds and values
    "temperature is a text": Case(
        {"temperature": "x"},
        "Invalid type for 'temperature': expected a decimal, but got a string instead.",
        "temperature",
        "invalid_type",
    ),
    "top_logprobs is a text": Case(
        {"top_logprobs": "x"},
        "Invalid type for 'top_logprobs': expected an integer, but got a string instead.",
        "top_logprobs",
        "invalid_type",
    ),
    "stream is a text": Case(
        {"stream": "yes"},
        "Invalid type for 'stream': expected a boolean, but got a string instead.",
        "stream",
        "invalid_type",
    ),
    "background is a text": Case(
        {"background": "yes"},
        "Invalid type for 'background': expected a boolean, but got a string instead.",
        "background",
        "invalid_type",
    ),
    "instructions are an object": Case(
        {"instructions": {}},
        "Invalid type for 'instructions': expected a string, but got an object instead.",
        "instructions",
        "invalid_type",
    ),
    "context_management is a text": Case(
        {"context_management": "x"},
        "Invalid type for 'context_management': expected an array of objects, but got a string instead.",
        "context_management",
        "invalid_type",
    ),
    "moderation is a text": Case(
        {"moderation": "x"},
        "Invalid type for 'moderation': expected an object, but got a string instead.",
        "moderation",
        "invalid_type",
    ),
    "a prompt that is a text": Case(
        {"prompt": "x"},
        "Invalid type for 'prompt': expected an object, but got a string instead.",
        "prompt",
        "invalid_type",
    ),
    "truncation is an object": Case(
        {"truncation": {}},
        "Invalid type for 'truncation': expected one of 'auto' or 'disabled', but got an object instead.",
        "truncation",
        "invalid_type",
    ),
    "an unknown truncation": Case(
        {"truncation": "bogus"},
        "Invalid value: 'bogus'. Supported values are: 'auto' and 'disabled'.",
        "truncation",
        "invalid_value",
    ),
    "an unknown prompt_cache_retention": Case(
        {"prompt_cache_retention": "x"},
        "Invalid value: 'x'. Supported values are: 'in_memory' and '24h'.",
        "prompt_cache_retention",
        "invalid_value",
    ),
    "an unknown service_tier": Case(
        {"service_tier": "bogus"},
        f"Invalid value: 'bogus'. Supported values are: {SERVICES}.",
        "service_tier",
        "invalid_value",
    ),
    "an unknown inclusion": Case(
        {"include": ["bogus.thing"]},
        f"Invalid value: 'bogus.thing'. Supported values are: {INCLUDED}.",
        "include[0]",
        "invalid_value",
    ),
    "include is a text": Case(
        {"include": "x"},
        (
            "Invalid type for 'include': expected an array of one of 'fil...lts', 'web...lts', 'web...ces', "
            "'mes...url', 'com...url', 'cod...uts', 'rea...ent', or 'mes...obs', but got a string instead."
        ),
        "include",
        "invalid_type",
    ),
    "no tools to call": Case(
        {"max_tool_calls": 0},
        "Invalid 'max_tool_calls': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "max_tool_calls",
        "integer_below_min_value",
    ),
    "few tokens": Case(
        {"max_output_tokens": 15},
        "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead.",
        "max_output_tokens",
        "integer_below_min_value",
    ),
    "metadata holds a number": Case(
        {"metadata": {"k": 7}},
        "Invalid type for 'metadata.k': expected a string, but got an integer instead.",
        "metadata.k",
        "invalid_type",
    ),
    "the stream's usage": Case(
        {"stream": True, "stream_options": {"include_usage": True}},
        "Unknown parameter: 'stream_options.include_usage'.",
        "stream_options.include_usage",
        "unknown_parameter",
    ),
    # LIVE: what is kept
    "an unknown conversation": Case({"conversation": "conv_x"}, "Conversation with id 'conv_x' not found.", status=404),
    "an unknown response": Case(
        {"previous_response_id": "resp_probe_does_not_exist"},
        "Previous response with id 'resp_probe_does_not_exist' not found.",
        "previous_response_id",
        "previous_response_not_found",
    ),
    "a conversation and a response": Case(
        {"conversation": "conv_x", "previous_response_id": "resp_x"},
        "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
        None,
        "mutually_exclusive_parameters",
    ),
    # TAPES
    "an unknown model": Case(
        {"model": "gpt-none"}, "The requested model 'gpt-none' does not exist.", "model", "model_not_found"
    ),
    "a model with a space": Case(
        {"model": "gpt 4o"}, "The requested model 'gpt 4o' does not exist.", "model", "model_not_found"
    ),
    "a model of legacy completions": Case(
        {"model": "davinci-002"},
        "The requested model 'davinci-002' is not supported with the Responses API.",
        "model",
        "model_not_found",
    ),
    "an embedding model": Case(
        {"model": "text-embedding-3-small"},
        "The requested model 'text-embedding-3-small' is not supported with the Responses API.",
        "model",
        "model_not_found",
    ),
    "reasoning that leads to nothing": Case(
        {"input": [{"type": "reasoning", "id": "rs_1", "summary": []}, USER]},
        "Item 'rs_1' of type 'reasoning' was provided without its required following item.",
        "input",
    ),
    "a tool in place of a role": Case(
        {"input": [USER, {"role": "assistant", "content": "a"}, {"role": "tool", "content": "1"}]},
        f"Invalid value: 'tool'. Supported values are: {ROLES}.",
        "input[2]",
        "invalid_value",
    ),
    "temperature is too small": Case(
        {"model": "gpt-4o", "temperature": -1},
        "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
        "temperature",
        "decimal_below_min_value",
    ),
    "an effort at a model that does not reason": Case(
        {"model": "gpt-4o", "reasoning": {"effort": "low"}},
        "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
        "reasoning.effort",
        "unsupported_parameter",
    ),
    "a strict function that does not require a key": Case(
        {"tools": [{**RESPONSE_TOOL, "strict": True, "parameters": _object("location", location=TEXT, unit=TEXT)}]},
        (
            "Invalid schema for function 'f': In context=(), 'required' is required to be supplied and to be an array "
            "including every key in properties. Missing 'unit'."
        ),
        "tools[0].parameters",
        "invalid_function_parameters",
    ),
    "a strict schema that takes other keys too": Case(
        {"text": _text(OPEN)},
        (
            "Invalid schema for response_format 'response': In context=(), "
            "'additionalProperties' is required to be supplied and to be false."
        ),
        "text.format.schema",
        "invalid_json_schema",
    ),
    "a prompt that is too long": Case(
        {"model": "gpt-5-nano", "input": "a" * 4 * 280_000},
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
        "input",
        "context_length_exceeded",
    ),
    # SAID
    "response_format": Case(  # public files, 2025
        {"response_format": {}}, MOVED.format("response_format", "text.format"), None, "unsupported_parameter"
    ),
    "reasoning_effort": Case(  # public file, 2026-09
        {"reasoning_effort": "low"}, MOVED.format("reasoning_effort", "reasoning.effort"), None, "unsupported_parameter"
    ),
    "a format that is a text": Case(  # public file, 2025
        {"text": {"format": "x"}},
        "Invalid type for 'text.format': expected a text format, but got a string instead.",
        "text.format",
        "invalid_type",
    ),
    "a schema that is no object": Case(  # prism-php/prism#858, 2026-01
        {"text": _text({})},
        (
            "Invalid schema for response_format 'response': "
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'."
        ),
        "text.format.schema",
        "invalid_json_schema",
    ),
    "a model of chat completions alone": Case(  # agentjido/req_llm, 2025-10
        {"model": "o1-mini"},
        "The requested model 'o1-mini' is not supported with the Responses API.",
        "model",
        "model_not_found",
    ),
    "json without the word": Case(  # public files, 2025 and 2026; which param it names is seen once
        {"text": {"format": {"type": "json_object"}}},
        (
            "Response input messages must contain the word 'json' in some form "
            "to use 'text.format' of type 'json_object'."
        ),
        "input",
    ),
    "a call without a result": Case(  # openai/codex#93, 2025-04
        {"input": [USER, RESPONSE_CALL]}, "No tool output found for function call call_1.", "input"
    ),
    "a result without a call": Case(  # microsoft/vscode#320060, 2026-06
        {"input": [USER, RESPONSE_RESULT]}, "No tool call found for function call output with call_id call_1.", "input"
    ),
    "an item that is not kept": Case(  # public files, 2026
        {"input": [{"type": "item_reference", "id": "rs_abc"}]}, "Item with id 'rs_abc' not found.", "input", None, 404
    ),
    "a long id of a call": Case(  # AnswerDotAI/fastllm#45, 2026-06
        {"input": [USER, {**RESPONSE_RESULT, "call_id": "c" * 116}]},
        (
            "Invalid 'input[1].call_id': string too long. "
            "Expected a string with maximum length 64, but got a string with length 116 instead."
        ),
        "input[1].call_id",
        "string_above_max_length",
    ),
    "an effort of gpt-5 at gpt-5.1": Case(  # anomalyco/opencode#4451, 2025-11
        {"model": "gpt-5.1", "reasoning": {"effort": "minimal"}},
        (
            "Unsupported value: 'minimal' is not supported with the 'gpt-5.1' model. "
            "Supported values are: 'none', 'low', 'medium', and 'high'."
        ),
        "reasoning.effort",
        "unsupported_value",
    ),
    "a long user": Case(  # public files, 2025
        {"user": "u" * 123},
        (
            "Invalid 'user': string too long. "
            "Expected a string with maximum length 64, but got a string with length 123 instead."
        ),
        "user",
        "string_above_max_length",
    ),
}
"""By what is wrong with them."""
