"""Which profile answers a request, and how it is changed for that request.

A single profile stands at the root. Of several each stands under its name, `/NAME/v1/...`, and at the root the API key
chooses: `sk-mock-NAME`, or longer, `sk-mock-NAME-whatever`.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mockprovider.errors import InputError, RuleError, did_you_mean
from mockprovider.serving.tenants import KEY, api_key
from mockprovider.sources.refusal import refusal

if TYPE_CHECKING:
    from mockprovider.sources.synthesize import Synthesize
    from mockprovider.synthesis.reply import Reply
    from mockprovider.tape import Headers, Request, Tape

SET, WITHOUT = b"x-mockprovider-set", b"x-mockprovider-without"
"""Headers that change the profile for one request: `KEY=VALUE; ...`, and `KEY; ...` for the baseline's value."""
_OURS = b"x-mockprovider-"
_VARIED = 16
"""How many changed profiles are kept for each that is served; after that the one goes that nobody asked for longest."""

Asked = tuple[tuple[str, ...], tuple[str, ...]]
"""The values of the two headers."""
Vary = Callable[[Sequence[str], Sequence[str]], "Synthesize"]
"""Makes a profile's answers with changes: texts to set, and keys to be without. Raises InputError."""


class Served:
    """A profile that is served, and what requests have made of it."""

    def __init__(self, plain: "Synthesize", vary: Vary) -> None:
        self.plain = plain
        self.name = plain.profile.name
        self._vary = vary
        self._varied = OrderedDict[Asked, "Synthesize"]()

    def changed(self, asked: Asked) -> "Synthesize":
        """The profile as the headers of a request ask for it. Raises InputError where they make no sense."""
        if not any(asked):
            return self.plain
        if asked in self._varied:
            self._varied.move_to_end(asked)
        else:
            self._varied[asked] = self._vary(*asked)
            if len(self._varied) > _VARIED:
                self._varied.popitem(last=False)
        return self._varied[asked]

    def restart(self, tenant: str | None) -> None:
        """Forget what was kept, for one tenant or for all."""
        self.plain.restart(tenant)  # what requests have made of it keeps nothing of its own


class Profiles:
    """The profiles that are served, in the order in which they were given: to the rest of the house one source."""

    def __init__(self, served: Iterable[Served]) -> None:
        self._served = {each.name: each for each in served}
        self.all = [each.plain.profile for each in self._served.values()]
        self.profile = self.all[0]
        self._names = sorted(self._served, key=len, reverse=True)

    def answer(self, request: "Request", tenant: str = "", scripted: "Reply | None" = None) -> "tuple[Tape, str]":
        """The chosen provider's answer, and what it is, for the journal; or why there is none, in our own name."""
        try:
            synthesize, request = self._chosen(request)
        except _NoneChosenError as problem:
            return problem.tape, problem.code
        return synthesize.answer(request, tenant, scripted)

    def refuse(self, request: "Request", kind: str) -> "tuple[Tape, str]":
        """The chosen provider's refusal, likewise. Raises RuleError where it has none of that kind."""
        try:
            synthesize, request = self._chosen(request)
        except _NoneChosenError as problem:
            return problem.tape, problem.code
        if kind not in synthesize.profile.errors:
            raise RuleError(f"the profile {synthesize.profile.name} has no error {kind!r}")
        return synthesize.refuse(request, kind)

    def restart(self, tenant: str | None = None) -> None:
        """Forget what was kept, for one tenant or for all."""
        for each in self._served.values():
            each.restart(tenant)

    def kinds(self) -> frozenset[str]:
        """The errors of all of them."""
        return frozenset(kind for profile in self.all for kind in profile.errors)

    def _chosen(self, request: "Request") -> "tuple[Synthesize, Request]":
        """The provider that a request is for, and the request as that one sees it."""
        served, request = self._found(request)
        if served is None:
            mounts = ", ".join(f"/{name}/..." for name in self._served)
            raise _NoneChosenError(
                404,
                "no_profile_chosen",
                f"mockprovider serves several profiles: ask one under its name ({mounts}), or with an API key that"
                f" names it ({KEY}{next(iter(self._served))})",
            )
        try:
            return served.changed(_asked(request.headers)), request
        except InputError as problem:
            raise _NoneChosenError(400, "bad_change", str(problem)) from problem

    def _found(self, request: "Request") -> "tuple[Served | None, Request]":
        if len(self._names) == 1:
            return self._served[self._names[0]], request
        mount, slash, rest = request.path.removeprefix("/").partition("/")
        if mount in self._served:
            return self._served[mount], replace(request, path=f"/{rest}" if slash else "/")
        key = f"{api_key(request.headers)}-"
        return next((self._served[name] for name in self._names if key.startswith(f"{KEY}{name}-")), None), request


class _NoneChosenError(Exception):
    """No provider answers a request; we do, and this is what we say."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.tape = refusal(status, code, message)


def _asked(headers: "Headers") -> Asked:
    """How a request wants the profile changed."""
    ours = [(name.lower(), value) for name, value in headers if name[: len(_OURS)].lower() == _OURS]
    if not ours:
        return (), ()
    for name, _ in ours:
        if name not in (SET, WITHOUT):
            hint = did_you_mean(name.decode("latin-1"), (SET.decode(), WITHOUT.decode()))
            raise InputError(f"no header of ours is called {name.decode('latin-1')!r}{hint}")
    sets, without = (tuple(_text(value) for name, value in ours if name == wanted) for wanted in (SET, WITHOUT))
    return sets, without


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
