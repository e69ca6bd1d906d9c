#!/usr/bin/env bash
# What curl gets of each profile, one way and task in a line of the standard input, parted by tabs:
#   HOW CLIENT PROFILE TASK BASE_URL KEY MODEL
# and told as a line of JSON with the status and the body in base64: `reading.py` reads it as plainly as that can be done.
set -uo pipefail


ask() { # KEY URL JSON: the body, then the status in a line of its own
  curl --silent --show-error --no-buffer --noproxy '*' --max-time 30 --write-out '\n%{http_code}' \
    --header "Authorization: Bearer $1" --header 'Content-Type: application/json' --data "$3" "$2/chat/completions" 2>&1
}

user() { printf '[{"role":"user","content":"%s"}]' "$1"; }

tool='[{"type":"function","function":{"name":"get_weather","description":"The weather in a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]'
schema='{"type":"json_schema","json_schema":{"name":"forecast","strict":true,"schema":{"type":"object","properties":{"city":{"type":"string"},"sky":{"type":"string","enum":["clear","cloudy"]},"degrees":{"type":"array","items":{"type":"integer"}}},"required":["city","sky","degrees"],"additionalProperties":false}}}'
weather='What is the weather in Paris?'

while IFS=$'\t' read -r how client profile task url key model; do
  named="\"model\":\"$model\""
  hello="$named,\"messages\":$(user 'Say hello')"
  case $task in
    stream | reasoning_streamed) said=$(ask "$key" "$url" "{$hello,\"stream\":true}") ;;
    structured) said=$(ask "$key" "$url" "{$named,\"messages\":$(user "$weather Answer in JSON."),\"response_format\":$schema}") ;;
    tools)
      said=$(ask "$key" "$url" "{$named,\"messages\":$(user "$weather"),\"tools\":$tool}")
      # What stands after "tool_calls" has the call's id; its arguments are known: they are what was asked for.
      if [[ ${said#*\"tool_calls\"} =~ \"id\"[[:space:]]*:[[:space:]]*\"([^\"]+)\" ]]; then
        id=${BASH_REMATCH[1]}
        call="{\"id\":\"$id\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Paris\\\"}\"}}"
        asked="{\"role\":\"user\",\"content\":\"$weather\"},{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[$call]}"
        told="{\"role\":\"tool\",\"tool_call_id\":\"$id\",\"content\":\"17 degrees in Paris\"}"
        said=$(ask "$key" "$url" "{$named,\"messages\":[$asked,$told],\"tools\":$tool}")
      fi
      ;;
    *) said=$(ask "$key" "$url" "{$hello}") ;;
  esac
  printf '{"how":"%s","client":"%s","profile":"%s","task":"%s","status":"%s","body":"%s"}\n' \
    "$how" "$client" "$profile" "$task" "${said##*$'\n'}" "$(printf '%s' "${said%$'\n'*}" | base64 --wrap=0)"
done
printf '{"elsewhere":[]}\n'
