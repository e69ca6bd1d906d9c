#!/usr/bin/env bash
# Ask a model, and print its answer while it comes: ask.sh MODEL QUESTION. Needs curl and jq.
# OPENAI_BASE_URL and OPENAI_API_KEY say where the model is.
set -euo pipefail

body=$(jq -n --arg model "$1" --arg question "$2" \
  '{model: $model, stream: true, messages: [{role: "user", content: $question}]}')

curl --silent --show-error --no-buffer --fail-with-body "$OPENAI_BASE_URL/chat/completions" \
  -H "Authorization: Bearer $OPENAI_API_KEY" -H "Content-Type: application/json" -d "$body" |
  while IFS= read -r line || [[ -n $line ]]; do
    case $line in
      "data: [DONE]") echo ;;
      "data: "*) jq -j '.choices[0].delta.content // empty' <<<"${line#data: }" ;;
      :*) echo "waiting ..." >&2 ;; # a comment: the provider keeps the connection, and says nothing
      "") ;;                        # the end of an event
      *) echo "$line" >&2 ;;        # no event: the body of a refusal
    esac
  done
