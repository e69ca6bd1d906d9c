"""What one part of a profile names in another is there."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from mockprovider.errors import ProfileError, did_you_mean
from mockprovider.profiles.endpoints import Chat
from mockprovider.profiles.parameters import Parameter, Parameters
from mockprovider.profiles.schema import Profile

Place = Callable[[list[str]], str]
"""Where a key of the profile stands, as an error says it: file, line and dotted key."""

KINDS = {
    "outside",
    "wrong_method",
    "malformed_key",
    "too_large",
    "content_filtered",
    "server_error",
    "bad_gateway",
    "gateway_timeout",
    "timeout",
    "fails_midway",
    "not_loaded",
    "forbidden",
}
"""Errors that a profile may have beside the baseline's."""
_ENDPOINTS = ("chat", "completions", "embeddings", "responses")
_SPECIAL = {"malformed_model": "unknown_model"}
"""Errors that are special cases of another though their names do not begin with its."""
CONDITIONS = ("calls", "logprobs", "schema", "text", "thinking", "usage_asked")
"""The conditions that a key of a chat form may name."""
_PATH = re.compile(r"[^\s.?!<>=()]+(\.[^\s.?!<>=()]+)*[?!<>]?")
_EFFECTS = ("refuse", "ignore", "rename", "set", "shape")


def general_cases(kind: str, kinds: Collection[str]) -> Iterator[str]:
    """The errors of which another is a special case, the nearest first: they stand in where there is no such one."""
    nearest = _SPECIAL.get(kind) or max((each for each in kinds if kind.startswith(f"{each}_")), key=len, default=None)
    if nearest is not None:
        yield nearest
        yield from general_cases(nearest, kinds)


def check_names(profile: Profile, kinds: Collection[str], place: Place, used: Collection[str] = ()) -> None:
    """Raise ProfileError for a name that nothing has, and for an error that is not there or that nothing refuses with.

    `kinds` has the baseline's kinds of error, `used` those that may be there with nothing to use them.
    """
    for way, kind in _refusing(profile):
        stands_in = kind in kinds and any(each in profile.errors for each in general_cases(kind, kinds))
        if kind not in profile.errors and not stands_in:
            raise ProfileError(f"{place(way)}: no error is called {kind!r}{did_you_mean(kind, profile.errors)}")
    for key, rule in profile.rules.items():
        if not any(getattr(rule, effect) for effect in _EFFECTS):
            raise ProfileError(f"{place(['rules', key])}: it does nothing; one of {', '.join(_EFFECTS)} belongs here")
    known = profile.models.known
    for way, name in _models(profile):
        if name not in known:
            raise ProfileError(f"{place(way)}: no model is called {name!r}{did_you_mean(name, known)}")
    for way, shape in _shapes(profile):
        if shape not in profile.shapes:
            hint = did_you_mean(shape, profile.shapes) or "; there are no `shapes`"
            raise ProfileError(f"{place(way)}: no shape is called {shape!r}{hint}")
    _check_patterns(profile, place)
    _check_rules(profile, place)
    _check_conditions(profile, place)
    roots = profile.paths.roots
    for root in profile.paths.needs_query:
        if root not in roots:
            way = ["paths", "needs_query", root]
            raise ProfileError(f"{place(way)}: no root is called {root!r}{did_you_mean(root, roots)}")
    _check_errors(profile, kinds, place, used)


def _check_patterns(profile: Profile, place: Place) -> None:
    """Every regular expression is one."""
    patterns: dict[tuple[str, ...], str] = {("auth", "pattern"): profile.auth.pattern}
    patterns |= {(*way, "pattern"): parameter.pattern for way, parameter in _parameters(profile)}
    for place_of, pattern in patterns.items():
        try:
            re.compile(pattern)
        except re.error as problem:
            raise ProfileError(f"{place([*place_of])}: no regular expression: {problem}") from None


def _check_rules(profile: Profile, place: Place) -> None:
    """What a rule asks for can be found."""
    for key, rule in profile.rules.items():
        for path, wanted in rule.when.items():
            way = ["rules", key, "when", path]
            if not path.startswith("(") and not _PATH.fullmatch(path):
                raise ProfileError(
                    f"{place(way)}: a path into the request belongs here, such as messages.-1.role, with ?, !, > or <"
                    " at its end"
                )
            if path.endswith("?") and not isinstance(wanted, bool):
                raise ProfileError(f"{place(way)}: true or false belongs here")
            if path.endswith((">", "<")) and (isinstance(wanted, bool) or not isinstance(wanted, int | float)):
                raise ProfileError(f"{place(way)}: a number belongs here")


def _check_conditions(profile: Profile, place: Place) -> None:
    """Every condition in a key of a chat form is one that there is."""
    chats: dict[tuple[str, ...], Chat] = {("chat",): profile.chat}
    chats |= {("shapes", name): chat for name, chat in profile.shapes.items()}
    for start, chat in chats.items():
        frames = chat.stream.frames
        forms: dict[tuple[str, ...], Any] = {("plain", "body"): chat.plain.body, ("usage",): chat.usage}
        forms[("running_usage",)] = chat.running_usage
        forms |= {("stream", "frames", name): getattr(frames, name) for name in frames.__struct_fields__}
        for way, form in forms.items():
            for condition in _conditions(form):
                if condition not in CONDITIONS:
                    hint = did_you_mean(condition, CONDITIONS)
                    raise ProfileError(f"{place([*start, *way])}: no condition is called {condition!r}{hint}")


def _conditions(form: Any) -> Iterator[str]:
    for key, item in form.items() if isinstance(form, dict) else ():
        _, asks, conditions = key.partition("?")
        if asks:
            yield from (each.removeprefix("!") for each in conditions.split("&"))
        yield from _conditions(item)
    for item in form if isinstance(form, list) else ():
        yield from _conditions(item)


def _parameters(profile: Profile) -> Iterator[tuple[list[str], Parameter]]:
    """Each parameter that a request may have, with the way to it."""
    for name in _ENDPOINTS:
        endpoint = getattr(profile, name)
        if endpoint is not None:
            yield from _below(endpoint.parameters, [name, "parameters"])
    for name, chat in profile.shapes.items():
        if chat.parameters is not profile.chat.parameters:
            yield from _below(chat.parameters, ["shapes", name, "parameters"])


def _below(parameters: Parameters, way: list[str]) -> Iterator[tuple[list[str], Parameter]]:
    for name, parameter in parameters.items():
        here = [*way, name]
        yield here, parameter
        for part in ("keys", "kinds"):
            yield from _below(getattr(parameter, part), [*here, part])
        for part in ("items", "others"):
            if (inner := getattr(parameter, part)) is not None:
                yield from _below({part: inner}, here)


def _check_errors(profile: Profile, kinds: Collection[str], place: Place, used: Collection[str]) -> None:
    """Every error that is needed is there, and every other one is known, or is what something refuses with."""
    for kind in kinds:
        if kind not in profile.errors and not any(general_cases(kind, kinds)):
            raise ProfileError(f"{place(['errors'])}: {kind!r} is required; `extends: openai` has them all")
    used = {*used, *kinds, *KINDS, *(kind for _, kind in _refusing(profile))}
    for kind in profile.errors:
        if kind not in used and not any(general_cases(kind, kinds)):
            hint = did_you_mean(kind, used)
            raise ProfileError(f"{place(['errors', kind])}: nothing refuses with it{hint}")


def _refusing(profile: Profile) -> Iterator[tuple[list[str], str]]:
    """The errors that rules, models and parameters name, with the ways to where they do."""
    for key, rule in profile.rules.items():
        if rule.refuse:
            yield ["rules", key, "refuse"], rule.refuse
    for key, model in profile.models.known.items():
        named = {"unknown_as": model.unknown_as if model.unknown else "", "gone": model.gone}
        for field, kind in {**named, "elsewhere": model.elsewhere}.items():
            if kind:
                yield ["models", "known", key, field], kind
    for way, parameter in _parameters(profile):
        if parameter.refuses:
            yield [*way, "refuses"], parameter.refuses


def _shapes(profile: Profile) -> Iterator[tuple[list[str], str]]:
    """The shapes that models and rules name, with the ways to where they do."""
    for key, model in profile.models.known.items():
        if model.shape:
            yield ["models", "known", key, "shape"], model.shape
    for key, rule in profile.rules.items():
        if rule.shape:
            yield ["rules", key, "shape"], rule.shape


def _models(profile: Profile) -> Iterator[tuple[list[str], str]]:
    """The known models that others name, with the ways to where they do."""
    for pattern, like in profile.models.patterns.items():
        yield ["models", "patterns", pattern], like
    if profile.models.loaded:
        yield ["models", "loaded"], profile.models.loaded
