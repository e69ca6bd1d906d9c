"""What a provider takes in a request, place by place: types, bounds, known values, known keys."""

from typing import Literal

import msgspec


class Parameter(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may stand in one place of a request. What is not said is not looked at."""

    types: list[Literal["string", "integer", "number", "boolean", "object", "array"]] = []
    says: str = ""
    """What belongs here, as the provider puts it in an error (`an array of tools`), where that is not what follows from
    the types."""
    nullable: bool = True
    """Whether null passes for absent."""
    values: list[str] = []
    """The strings that are taken, in the order in which an error lists them."""
    least: float | None = None
    """The least number; of a string or an array, the least length."""
    most: float | None = None
    """The largest number; of a string or an array, the most length; of an object, the most keys."""
    names: int | None = None
    """The most length of an object's keys."""
    pattern: str = ""
    """A regular expression that a string must match."""
    items: "Parameter | None" = None
    """What an array holds."""
    keys: "dict[str, Parameter]" = {}
    """What an object holds."""
    others: "Parameter | None" = None
    """What the keys of an object hold that are not in `keys`."""
    only: bool = False
    """Whether keys that are not in `keys` are refused."""
    needs: list[str] = []
    """Keys that an object must have."""
    by: str = ""
    """The key whose value says which of `kinds` an object is of."""
    blames: Literal["key", "object"] = "key"
    """What an error about an unknown kind names: the key, or the object that it stands in."""
    kinds: "dict[str, Parameter]" = {}
    refuses: str = ""
    """The error for whatever is wrong with it, where that has one of its own."""
    otherwise: str = ""
    """The kind of an object that does not say; where an error names the key, also of one that says another word."""


Parameters = dict[str, Parameter]
"""By the name of the request's field, in the order in which they are looked at."""
