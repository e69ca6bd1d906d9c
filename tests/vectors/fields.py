"""The fields that the API of OpenAI takes, by path (openai/openai-openapi 2.3.0, of 2026-08-21)."""

FIELDS: dict[str, tuple[str, ...]] = {
    "/v1/chat/completions": (
        *("audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs"),
        *("max_completion_tokens", "max_tokens", "messages", "metadata", "modalities", "model", "moderation", "n"),
        *("parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_options"),
        *("prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier", "seed"),
        *("service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools"),
        *("top_logprobs", "top_p", "user", "verbosity", "web_search_options"),
    ),
    "/v1/responses": (
        *("background", "context_management", "conversation", "include", "input", "instructions"),
        *("max_output_tokens", "max_tool_calls", "metadata", "model", "moderation", "parallel_tool_calls"),
        *("previous_response_id", "prompt", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention"),
        *("reasoning", "safety_identifier", "service_tier", "store", "stream", "stream_options", "temperature"),
        *("text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user"),
    ),
    "/v1/embeddings": ("dimensions", "encoding_format", "input", "model", "user"),
}
