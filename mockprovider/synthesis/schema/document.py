"""A schema as a document: what its references point to, and how deep each part must nest at least."""

import math
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from mockprovider.synthesis.schema.budget import Budget
from mockprovider.synthesis.schema.words import (
    Words,
    at_least,
    listing,
    mapping,
    names,
)

REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_MOST = 20_000
_DEEPEST = 60
_PASSES = 12
_META = {"type": ["object", "boolean"]}
"""What stands for a schema of schemas, which is not there."""


class Document:
    """One schema and all in it. Nothing is fetched: what is not in it is not known."""

    def __init__(self, root: Any, budget: Budget) -> None:
        self.root = root
        self._budget = budget
        self._resources: dict[str, Any] = {"": root}
        self._anchors: dict[tuple[str, str], Any] = {}
        self._dynamic: dict[str, Any] = {}
        self._bases: dict[int, str] = {}
        self._heights: dict[int, tuple[Any, float]] = {}
        self._looked: set[int] = set()
        self._changed = False
        self._old = str(mapping(root).get("$schema")).startswith("http://json-schema.org/draft-04")
        self._index()

    def target(self, words: Words, word: str) -> Any:
        """What a reference points to; True, which anything fits, where that is not known."""
        said = words.get(word)
        if not isinstance(said, str):
            return True
        if word == "$recursiveRef":
            return self._dynamic.get("", self.root)
        base = self._bases.get(id(words), "")
        try:
            address, fragment = urldefrag(urljoin(base, said) if not said.startswith("#") else base + said)
        except ValueError:
            return True
        if word == "$dynamicRef" and fragment in self._dynamic and (address, fragment) in self._anchors:
            return self._dynamic[fragment]
        if address not in self._resources:
            return _META if address.startswith(("http://json-schema.org/", "https://json-schema.org/")) else True
        if fragment and not fragment.startswith("/"):
            return self._anchors.get((address, unquote(fragment)), True)
        return _pointed(self._resources[address], unquote(fragment))

    def height(self, part: Any) -> float:
        """How deep a value for a part must nest at least: 0 for a scalar, infinite where the part has no end."""
        if not isinstance(part, dict):
            return math.inf if part is False else 0
        if id(part) not in self._heights:
            for _ in range(_PASSES):
                self._looked, self._changed = set(), False
                self._look(part, 0)
                if not self._changed:
                    break
        return self._heights[id(part)][1]

    def _look(self, part: Any, depth: int) -> float:
        """One look at a part and all that it must hold; what is being looked at counts as it was found before."""
        if not isinstance(part, dict):
            return math.inf if part is False else 0
        known = self._heights.get(id(part), (part, math.inf))[1]
        if id(part) in self._looked or depth > _DEEPEST:
            return known
        self._looked.add(id(part))
        self._budget.spend(3)
        needed = [self._look(self.target(part, word), depth + 1) for word in REFERENCES if word in part]
        needed += [self._look(each, depth + 1) for each in listing(part.get("allOf"))]
        for word in ("anyOf", "oneOf"):
            if options := listing(part.get(word)):
                needed.append(min(self._look(each, depth + 1) for each in options))
        if part.get("type", "object") == "object":
            properties = mapping(part.get("properties"))
            needed += [1 + self._look(properties.get(name, True), depth + 1) for name in names(part.get("required"))]
        if part.get("type", "array") == "array" and (least := at_least([part], "minItems")):
            first, items = listing(part.get("prefixItems")), part.get("items")
            needed += [1 + self._look(each, depth + 1) for each in first[:least]]
            if least > len(first):
                needed.append(1 + self._look(items, depth + 1))
        found = max(needed, default=0)
        self._changed |= found != known
        self._heights[id(part)] = (part, found)
        return found

    def _index(self) -> None:
        """Notes what may be pointed to by name, and where each reference starts from."""
        waiting: list[tuple[Any, str]] = [(self.root, "")]
        for _ in range(_MOST):
            if not waiting:
                return
            here, base = waiting.pop()
            if isinstance(here, list):
                waiting += [(each, base) for each in here if isinstance(each, dict | list)]
            if not isinstance(here, dict):
                continue
            said = here.get("id" if self._old else "$id")
            if isinstance(said, str):
                base = self._named(here, base, said)
            for word in ("$anchor", "$dynamicAnchor"):
                if isinstance(name := here.get(word), str):
                    self._anchors.setdefault((base, name), here)
                    if word == "$dynamicAnchor":
                        self._dynamic.setdefault(name, here)
            if here.get("$recursiveAnchor") is True:
                self._dynamic.setdefault("", here)
            if base and any(word in here for word in REFERENCES):
                self._bases[id(here)] = base
            waiting += [(each, base) for each in reversed(here.values()) if isinstance(each, dict | list)]

    def _named(self, here: Any, base: str, said: str) -> str:
        """The base inside a part that has an `$id`; one such as `#a` is an anchor of older drafts."""
        try:
            address, anchor = urldefrag(urljoin(base, said))
        except ValueError:
            return base
        if anchor:
            self._anchors.setdefault((address, anchor), here)
        if address and not said.startswith("#"):
            self._resources.setdefault(address, here)
            return address
        return base


def _pointed(here: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) finds; True where it finds nothing."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, list) and name.isdecimal() and len(name) < 9 and int(name) < len(here):
            here = here[int(name)]
        elif isinstance(here, dict) and name in here:
            here = here[name]
        else:
            return True
    return here
