"""Templates, the home of Jinja. Imported when the first rule has one, and not before.

The sandbox keeps a template to what it is given. There is no dice in it, so the same request gets the same text.
"""

import json
from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from mockprovider.errors import RuleError, did_you_mean
from mockprovider.rules.forms import Where
from mockprovider.rules.reading import NAMES


class _Environment(SandboxedEnvironment):
    """In it `body.items` is what the request calls `items`, before it is what Python does."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _spelled(value: Any, indent: int | None = None) -> str:
    separators = (",", ":") if indent is None else None
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, default=_unspeakable)


def _unspeakable(value: Any) -> Any:
    if isinstance(value, Undefined):
        str(value)
    raise TypeError(f"{type(value).__name__} is no value of JSON's")


_ENVIRONMENT = _Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
_ENVIRONMENT.filters["tojson"] = _spelled
del _ENVIRONMENT.filters["random"], _ENVIRONMENT.globals["lipsum"]


class Filling:
    """A text with holes that a request fills."""

    __slots__ = ("_template", "_told")

    def __init__(self, text: str, where: Where) -> None:
        """Raises RuleError where the text is no template, or names what no request has."""
        self._told = where.told()
        try:
            tree = _ENVIRONMENT.parse(text)
            unknown = find_undeclared_variables(tree) - set(_ENVIRONMENT.globals) - set(NAMES)
            self._template: Template = _ENVIRONMENT.from_string(tree)
        except TemplateSyntaxError as problem:
            line = f", line {problem.lineno} of the text" if "\n" in text else ""
            raise where.refused(f"no template{line}: {problem.message}") from None
        except (TemplateError, RecursionError, SyntaxError, ValueError) as problem:
            raise where.refused(f"no template: {problem}") from None
        if unknown:
            name = min(unknown)
            raise where.refused(f"a template knows no {name!r}{did_you_mean(name, NAMES)}")

    def filled(self, names: Mapping[str, Any]) -> str:
        """The text for a request. Raises RuleError where the request lacks what it names."""
        try:
            return self._template.render(names)
        except Exception as problem:  # noqa: BLE001 a template may do anything; whatever it is, its author hears of it
            raise RuleError(f"{self._told}: {str(problem) or type(problem).__name__}") from None
