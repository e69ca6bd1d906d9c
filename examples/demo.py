"""The whole tool in half a minute: serve a profile, record through it with the openai SDK, unplug it, replay, compare.

make demo
"""

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openai import OpenAI
from openai.types.chat import ChatCompletionToolParam

MOCKPROVIDER = [sys.executable, "-m", "mockprovider"]
WEATHER: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def main() -> int:
    """Run the demo; 0 if the replay was the recording, to the byte."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tapes = Path(folder) / "tapes"
        with command("serve", "--profile", "deepseek-like", "--pace", "profile") as provider:
            with command("record", "--upstream", provider, "--cassette", str(tapes)) as recorder:
                print("\n-- recording, with the openai SDK")
                recorded = conversation(recorder)
            print("\n-- the provider is gone now")
        show_a_file(tapes)
        with command("replay", str(tapes)) as replayer:
            print("\n-- replaying")
            replayed = conversation(replayer)
    return verdict(recorded, replayed, time.monotonic() - started)


@contextmanager
def command(*arguments: str) -> Iterator[str]:
    """Run a mockprovider command on a free port, and yield its URL."""
    print(f"\n$ mockprovider {' '.join(arguments)}")
    process = subprocess.Popen([*MOCKPROVIDER, *arguments, "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout or ():
            print(f"  {line}", end="")
            if found := re.search(r"listening on (\S+)", line):
                yield found[1]
                break
        else:
            raise SystemExit("it did not start")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def conversation(url: str) -> list[bytes]:
    """Ask for a plain answer, a stream with reasoning and a tool call; return the bytes that came back."""
    with OpenAI(base_url=f"{url}/v1", api_key="sk-demo", max_retries=0) as client:
        plain = client.chat.completions.with_raw_response.create(
            model="deepseek-chat", messages=[{"role": "user", "content": "Hello!"}]
        )
        print(f"  plain      {plain.parse().choices[0].message.content}")

        begun = time.monotonic()
        with client.chat.completions.with_streaming_response.create(
            model="deepseek-reasoner", messages=[{"role": "user", "content": "Why?"}], stream=True
        ) as response:
            stream = b"".join(response.iter_bytes())
        took = time.monotonic() - begun
        print(f"  streamed   {stream.count(b'data: ')} events in {took:.2f} s, reasoning_content and all")

        tool = client.chat.completions.with_raw_response.create(
            model="deepseek-chat",
            messages=[{"role": "user", "content": "What is the weather in Paris?"}],
            tools=[WEATHER],
        )
        for call in tool.parse().choices[0].message.tool_calls or []:
            if call.type == "function":
                print(f"  tool call  {call.function.name}({call.function.arguments})  {call.id}")
        return [plain.content, stream, tool.content]


def show_a_file(tapes: Path) -> None:
    """What a recording looks like."""
    files = sorted(tapes.iterdir())
    print(f"\n-- {len(files)} files; in {files[1].name}")
    lines = files[1].read_text().splitlines()
    for line in lines[lines.index("  body:") :][:40]:
        print(f"  {line[:110]}")


def verdict(recorded: list[bytes], replayed: list[bytes], seconds: float) -> int:
    """Say whether both conversations are the same."""
    total = sum(map(len, recorded))
    if recorded != replayed:
        print("\nThe replay differs from the recording.")
        return 1
    print(f"\nThe replay is the recording: {len(recorded)} answers, {total:,} bytes, all equal ({seconds:.0f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
