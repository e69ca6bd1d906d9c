"""A tape that a rule asks for: said as the profile says it, refused as it refuses, written out, or recorded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockprovider import yamlfile
from mockprovider.cassettes.coding import encoded
from mockprovider.cassettes.format import load as load_exchange
from mockprovider.errors import CassetteError, InputError, RuleError
from mockprovider.rules.answers import Fail, Raw, Recorded, Saying
from mockprovider.rules.loading import load, parse
from mockprovider.rules.rule import Rule
from mockprovider.rules.script import Script
from mockprovider.sources.synthesize import Provider
from mockprovider.synthesis.calling import Call
from mockprovider.synthesis.reply import Reply
from mockprovider.tape import PHRASES, Abandoned, Chunk, Complete, Exchange, Framing, Head, Request, Tape

_ALONE = {"raw", "exchange"}
"""Answers that need no profile."""
_COUNTS = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens"}
"""The counts of a usage that the Responses API calls by another name."""


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """A tape, and the rule that asked for it."""

    tape: Tape
    rule: str


class Scripted:
    """Answers by rules; the first that applies does. What is not said by a rule is for the next source to say."""

    def __init__(self, synthesize: Provider | None = None) -> None:
        self.script = Script()
        self._synthesize = synthesize
        self._recorded: dict[Path, Exchange] = {}

    def load(self, path: Path) -> None:
        """Put the rules of a file before those that are there. Raises RuleError."""
        rules = self._usable(load(path, self._kinds(), self._read))
        self.script = Script((*rules, *self.script.rules()))

    def add(self, given: Any, name: str, tenant: str | None = None) -> int:
        """Put rules, as text or plain data, before those that are there; how many. `name` is what errors call them."""
        rules = self._usable(parse(given, name, self._kinds(), self._read))
        self.script.add(rules, tenant)
        return len(rules)

    def answer(self, request: Request, tenant: str) -> ScriptedAnswer | None:
        """What the first rule that applies asks for; None where none does. Raises InputError for a bad template."""
        hit = self.script.answer(request, tenant)
        if hit is None:
            return None
        match hit.answer:
            case Saying() as saying:
                tape, _ = self._provider().answer(request, tenant, _reply(saying))
            case Fail(kind):
                tape, _ = self._provider().refuse(request, kind)
            case Raw() as raw:
                tape = _raw(raw)
            case Recorded(path):
                exchange = self._recorded[path]
                tape = encoded(exchange.tape, exchange.coding, request.header(b"accept-encoding"))
        return ScriptedAnswer(tape, hit.rule)

    def _kinds(self) -> frozenset[str] | None:
        return self._synthesize.kinds() if self._synthesize else None

    def _usable(self, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """The rules, if there is a profile for those that need one. Raises RuleError."""
        for rule in rules:
            steps = rule.then if isinstance(rule.then, list) else [rule.then]
            if self._synthesize is None and not all(_ALONE & step.keys() for step in steps):
                raise RuleError(
                    f"{rule.source}: {rule.name}: what is said, and a provider's error, need a profile: add"
                    " --profile NAME, or answer with `raw` or `exchange`"
                )
        return rules

    def _provider(self) -> Provider:
        if self._synthesize is None:
            raise InputError("this rule needs a profile; add --profile NAME")
        return self._synthesize

    def _read(self, path: Path) -> None:
        """Read an exchange of a cassette, so that it is known to be good. Raises CassetteError."""
        exchange = load_exchange(yamlfile.read(path, CassetteError), str(path))
        if isinstance(exchange.tape.ending, Abandoned):
            raise CassetteError(f"{path}: its end was not recorded, so it can't be replayed")
        self._recorded[path] = exchange


def _reply(saying: Saying) -> Reply:
    calls = tuple(Call(call.name, call.arguments) for call in saying.calls)
    finish = saying.finish_reason or ("tool_calls" if calls else "stop")
    usage = {_COUNTS.get(name, name): count for name, count in (saying.usage or {}).items()}
    return Reply(saying.text, saying.reasoning, calls, finish, saying.refusal, usage=usage)


def _raw(raw: Raw) -> Tape:
    headers = tuple(each for each in raw.headers if each[0].lower() != b"content-length")
    headers = (*headers, (b"content-length", b"%d" % len(raw.body)))
    head = Head(0.0, raw.status, headers, PHRASES.get(raw.status, b""), Framing.LENGTH)
    return Tape(head, (Chunk(0.0, raw.body),) if raw.body else (), Complete(0.0))
