"""Writes docs/clients.md, the table of clients by profile: `python -m tests.clients.matrix.table`."""

from collections.abc import Iterator
from pathlib import Path

from tests.clients.matrix.findings import Finding, findings, versions
from tests.clients.matrix.plan import CLIENTS, ODD, TASKS, Cell, Client, tasks, ways

PAGE = Path(__file__).parents[3] / "docs" / "clients.md"

_FAMILIES = {
    "tools_streamed": "tools",
    "reasoning_streamed": "reasoning",
    "bad_key": "errors",
    "unknown_model": "errors",
}
"""The word of the table for a task, where it is not the task's own."""

_TOP = """\
# Clients

What real clients make of each profile. The tests ask every client for the same things, at the profile itself, and for
some profiles also through a recorder and from the recording:
{odd}.
`tests/clients/findings.yaml` says what comes of it, and a test for each cell holds it. This page is made of that:
`python -m tests.clients.matrix.table`.

| asked for | it is right when the client gives |
|---|---|
{asked}

✓ is that all of it was right. Else the table has what was not, with the number of the finding below. Where a client
breaks on a quirk, something is found; no profile is bent for it. `·` is a client that is made for other providers.
*Without the words* is an error with the right status whose message has none of the provider's sentences; they may be
kept in another part of it.

What can't be asked for is left out: reasoning where no model shows any, a bad key where none is needed, a model that
there is not where every name is taken, and what a client does not do for a provider by its own choice. A recording
stands for a request with any key, so a bad one is not replayed. curl is read as plainly as JSON and lines can be.

"""


def page() -> str:
    """The whole page."""
    asked = "\n".join(f"| {_spoken(name)} | {right} |" for name, right in TASKS.items())
    numbered = list(enumerate(findings(), 1))
    numbers = {cell: number for number, finding in numbered for cell, _ in finding.cells()}
    quirks = [(number, finding) for number, finding in numbered if finding.quirk]
    ours = [(number, finding) for number, finding in numbered if not finding.quirk]
    parts = [
        _TOP.format(odd=", ".join(ODD), asked=asked),
        "\n".join(_table(numbers)),
        "\n\n## Versions\n\n",
        "\n".join(f"- {client.title}: {versions()[client.name]}" for client in CLIENTS),
        "\n\n## Findings\n\nEach with its quirk: `mockprovider profiles show NAME` says where that is known from.\n\n",
        "\n".join(_told(*each) for each in quirks),
    ]
    if ours:
        parts += ["\n## Ours\n\nHere it is the mock that is wrong.\n\n", "\n".join(_told(*each) for each in ours)]
    return "".join(parts)


def _spoken(task: str) -> str:
    return task.replace("_streamed", ", streamed").replace("_", " ")


def _table(numbers: dict[Cell, int]) -> Iterator[str]:
    yield f"| |{'|'.join(client.title for client in CLIENTS)}|"
    yield "|---" * (len(CLIENTS) + 1) + "|"
    for profile in ways():
        yield f"| {profile} |{'|'.join(_cell(client, profile, numbers) for client in CLIENTS)}|"


def _cell(client: Client, profile: str, numbers: dict[Cell, int]) -> str:
    found = dict[str, list[int]]()
    asked = tasks(client, profile)
    for task in asked:
        if number := numbers.get(Cell(client.name, profile, task)):
            found.setdefault(_FAMILIES.get(task, task), []).append(number)
    if not found:
        return "✓" if asked else "·"
    return ", ".join(f"{family} {_links(list(dict.fromkeys(each)))}" for family, each in found.items())


def _links(numbers: list[int]) -> str:
    return " ".join(f"[{number}](#f{number})" for number in numbers)


def _told(number: int, finding: Finding) -> str:
    titles = {client.name: client.title for client in CLIENTS}
    by_outcome = dict[str, list[str]]()
    for client, happens in finding.happens.items():
        by_outcome.setdefault(happens, []).append(titles[client])
    what = [f"  - {', '.join(clients)}: {happens}" for happens, clients in by_outcome.items()]
    about = f"`{finding.quirk}` of " if finding.quirk else ""
    words = "; ".join(map(_spoken, finding.tasks))
    head = f'- <a id="f{number}"></a>**{number}. {about}{", ".join(finding.profiles)}** ({words}). {finding.says}'
    return "\n".join([head, *what]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
