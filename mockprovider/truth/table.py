"""Reports as a page of Markdown: what is measured, by which command, and a line for each profile and case."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mockprovider.truth.report import Case, Refusals, Report
from mockprovider.truth.scoring import COMMON, FEWEST

_INTRODUCTION = """\
# How true the profiles are

*Generated; do not edit.* The command:

    {command}

Each recorded request is sent to the profile, without a socket, and the shape of the answer is held against the
recordings that are comparable: the same provider and endpoint, plain or streamed alike, in which the model chose alike
(text, tool calls, reasoning, nothing; for responses the types of the output), and usage, logprobs, base64 and sound
asked for alike.

- **Shape**: the path and type of every JSON value (null and absence count), for a stream apart by the kind of event
  (first, reasoning, text, tool, arguments, finish, usage); the content type; the spelling of JSON, the line ends, the
  space after `data:`, comments, event names and `[DONE]`, where the recorder kept them. What the texts say is not
  compared.
- **Precision**: the share of what the profile sends that was seen in comparable recordings. **Recall**: the share of
  what at least {common:.0%} of them have that is sent. Fewer than {fewest} comparable recordings are not compared.
- **Headers**: the same two figures for the names of the headers, where all were kept. Those of the connection, of a CDN
  or proxy, and those that a client would remember do not count.
- **Refused**: requests that the provider answered with 200 and the profile refuses.
- **Refusals**: whether the status agrees; where it does, whether keys, types and content type agree; and whether the
  texts do too, with numbers, ids, keys, model names and quoted words left out. The request is sent as it is where it
  shows the cause (no such model, a parameter that is not taken, no such path). Where it does not (key, balance, rate,
  server), the refusals that the special keys ask for are looked through for one that agrees.

The number in parentheses is how many recordings stand behind a figure. One that rests on few says little, and every
figure says only what these recordings can show: they were taken over years, and most by people who tested something.
"""


def page(reports: Sequence[Report], command: str, unread: Counter[str] | None = None) -> str:
    """The whole page; `unread` is what was left out before anybody looked whose it is, by reason."""
    measured = [report for report in reports if report.recordings]
    lines = [_INTRODUCTION.format(command=command, common=COMMON, fewest=FEWEST)]
    lines += ["## Good answers", "", *_table(_CASE_COLUMNS, (_case(r, c) for r in measured for c in r.cases)), ""]
    lines += [
        "## Refusals",
        "",
        *_table(_REFUSAL_COLUMNS, (_refusal(r, each) for r in measured for each in r.refusals)),
        "",
    ]
    if left_out := list(_left_out(measured, unread or Counter())):
        lines += ["## Left out", "", *left_out, ""]
    if without := [report.profile for report in reports if not report.recordings]:
        lines += ["## Without recordings", "", f"There is nothing to hold these against: {', '.join(without)}.", ""]
    return "\n".join(lines)


_CASE_COLUMNS = ("profile", "endpoint", "form", "precision", "recall", "headers: precision", "recall", "refused")
_REFUSAL_COLUMNS = ("profile", "cause", "status", "shape", "text")


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _case(report: Report, case: Case) -> Sequence[str]:
    headers = case.headers
    return (
        report.profile,
        case.endpoint,
        case.form,
        figure(case.precision, case.compared),
        figure(case.recall, case.compared),
        figure(headers.precision, headers.peers) if headers else "-",
        figure(headers.recall, headers.peers) if headers else "-",
        f"{case.refused.total()} of {case.recordings}",
    )


def _refusal(report: Report, each: Refusals) -> Sequence[str]:
    cause = each.cause if each.readable else f"{each.cause} (not in the request)"
    return (
        report.profile,
        cause,
        f"{each.status} of {each.recordings}",
        f"{each.shape} of {each.status}" if each.status else "-",
        f"{each.text} of {each.status}" if each.status else "-",
    )


def figure(value: float | None, behind: int) -> str:
    """A figure and how many recordings stand behind it; a dash where there is none."""
    return "-" if value is None else f"{value:.3f} ({behind})"


def _left_out(reports: Iterable[Report], unread: Counter[str]) -> Iterator[str]:
    if unread:
        yield f"- of all: {_reasons(unread)}."
    for report in reports:
        alone = sum(case.alone.total() for case in report.cases)
        reasons = report.left_out + Counter({f"with fewer than {FEWEST} comparable ones": alone})
        if reasons:
            yield f"- {report.profile}, of {report.recordings:,}: {_reasons(reasons)}."


def _reasons(left_out: Counter[str]) -> str:
    return "; ".join(f"{count} {why}" for why, count in sorted(left_out.items()))
