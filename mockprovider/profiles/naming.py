"""What one part of a profile names in another is there."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from mockprovider.errors import ProfileError, did_you_mean
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
_EFFECTS = ("refuse", "ignore", "rename", "set")


def check_names(profile: Profile, needed: Collection[str], place: Place, used: Collection[str] = ()) -> None:
    """Raise ProfileError for a name that nothing has, and for an error that is not there or that nothing refuses with.

    `needed` has the kinds of error that every profile must have, `used` those that may be there with nothing to use
    them.
    """
    for way, kind in _refusing(profile):
        if kind not in profile.errors:
            raise ProfileError(f"{place(way)}: no error is called {kind!r}{did_you_mean(kind, profile.errors)}")
    for key, rule in profile.rules.items():
        if not any(getattr(rule, effect) for effect in _EFFECTS):
            raise ProfileError(f"{place(['rules', key])}: it does nothing; one of {', '.join(_EFFECTS)} belongs here")
    known = profile.models.known
    for way, name in _models(profile):
        if name not in known:
            raise ProfileError(f"{place(way)}: no model is called {name!r}{did_you_mean(name, known)}")
    for name, model in known.items():
        if model.shape and model.shape not in profile.shapes:
            hint = did_you_mean(model.shape, profile.shapes) or "; there are no `shapes`"
            raise ProfileError(f"{place(['models', 'known', name, 'shape'])}: no shape is called {model.shape!r}{hint}")
    _check_errors(profile, needed, place, used)


def _check_errors(profile: Profile, needed: Collection[str], place: Place, used: Collection[str]) -> None:
    """Every error that is needed is there, and every other one is known, or is what something refuses with."""
    for kind in needed:
        if kind not in profile.errors:
            raise ProfileError(f"{place(['errors'])}: {kind!r} is required; `extends: openai` has them all")
    used = {*used, *needed, *KINDS, *(kind for _, kind in _refusing(profile))}
    begun = tuple(f"{kind}_" for kind in needed)
    for kind in profile.errors:
        if kind not in used and not kind.startswith(begun):
            hint = did_you_mean(kind, used)
            raise ProfileError(f"{place(['errors', kind])}: nothing refuses with it{hint}")


def _refusing(profile: Profile) -> Iterator[tuple[list[str], str]]:
    """The errors that rules, models and parameters name, with the ways to where they do."""
    for key, rule in profile.rules.items():
        if rule.refuse:
            yield ["rules", key, "refuse"], rule.refuse
    for key, model in profile.models.known.items():
        if model.unknown:
            yield ["models", "known", key, "unknown_as"], model.unknown_as
    for name in _ENDPOINTS:
        endpoint = getattr(profile, name)
        if endpoint is not None:
            yield from _of_parameters(endpoint.parameters, [name, "parameters"])
    for name, chat in profile.shapes.items():
        if chat.parameters is not profile.chat.parameters:
            yield from _of_parameters(chat.parameters, ["shapes", name, "parameters"])


def _of_parameters(parameters: dict[str, Any], way: list[str]) -> Iterator[tuple[list[str], str]]:
    for name, parameter in parameters.items():
        here = [*way, name]
        if parameter.refuses:
            yield [*here, "refuses"], parameter.refuses
        for part in ("keys", "kinds"):
            yield from _of_parameters(getattr(parameter, part), [*here, part])
        for part in ("items", "others"):
            if (inner := getattr(parameter, part)) is not None:
                yield from _of_parameters({part: inner}, here)


def _models(profile: Profile) -> Iterator[tuple[list[str], str]]:
    """The known models that others name, with the ways to where they do."""
    for pattern, like in profile.models.patterns.items():
        yield ["models", "patterns", pattern], like
    if profile.models.loaded:
        yield ["models", "loaded"], profile.models.loaded
