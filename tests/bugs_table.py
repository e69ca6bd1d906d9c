"""docs/bugs.md out of cassettes/bugs: `python -m tests.bugs_table` writes it, tests/test_bugs.py holds it current."""

import json
import re
from pathlib import Path

from mockprovider.cassettes.store import Cassette, Entry
from mockprovider.tape import Exchange

ROOT = Path(__file__).parent.parent
BUGS = ROOT / "cassettes" / "bugs"
PAGE = ROOT / "docs" / "bugs.md"

_HEAD = """\
# Provider bugs

What clients of OpenAI-compatible providers broke on, as {count} exchanges to replay. Each was written anew from the
facts at the address beside it (`origin: reconstructed`): the form is the provider's, the bytes that matter are exact,
and prompts, ids and times are made up. The newest version of a provider or a client may behave better.

```console
$ mockprovider replay cassettes/bugs --pace instant
$ mockprovider cassette show cassettes/bugs 9 --chunks
```

A bug answers whoever asks its question at its path, streamed or not as the table says. So with the base URL
`http://127.0.0.1:PORT/openai/v1` the message “Call the tool with the wrong arguments.” brings Groq's `event: error`.
Model, tools and settings don't count.

*recorded* is a recording of the provider, *documented* the provider's own page or source, *reported* somebody who saw
it. `python -m tests.bugs_table` writes this page.

| bug | provider | what breaks | ask | source | date | confidence |
|---|---|---|---|---|---|---|
"""


def page(cassette: Cassette) -> str:
    """The page with the table of all bugs."""
    rows = [_row(entry, cassette.exchange(entry)) for entry in cassette.entries]
    return _HEAD.format(count=len(rows)) + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def named(exchange: Exchange) -> tuple[str, str]:
    """The provider and the bug, as the exchange's note names them."""
    (note,) = exchange.notes
    provider, _, bug = note.partition(": ")
    return provider, bug


def question(exchange: Exchange) -> str:
    """What is asked."""
    asked = json.loads(exchange.request.body)
    return str(asked["input"] if "input" in asked else asked["messages"][-1]["content"])


def streamed(exchange: Exchange) -> bool:
    """Whether it is asked for a stream."""
    return json.loads(exchange.request.body).get("stream") is True


def _row(entry: Entry, exchange: Exchange) -> tuple[str, ...]:
    source = exchange.source
    assert source is not None
    provider, bug = named(exchange)
    how = ", streamed" if streamed(exchange) else ""
    return (
        f"[{bug}](../{entry.path.relative_to(ROOT).as_posix()})",
        provider,
        source.says,
        f"“{question(exchange)}” at `{exchange.request.path}`{how}",
        f"[{_shortly(source.at)}]({source.at})",
        source.date,
        source.confidence,
    )


def _shortly(address: str) -> str:
    """An address as people write it: owner/name#1, or owner/name and the name of a file."""
    if found := re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull)/(\d+)", address):
        return f"{found[1]}#{found[2]}"
    if found := re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)/blob/.*?/([^/]+)", address):
        return f"{found[1]}, {found[2]}"
    return address.removeprefix("https://")


if __name__ == "__main__":
    PAGE.write_text(page(Cassette.open(BUGS)), encoding="utf-8")
