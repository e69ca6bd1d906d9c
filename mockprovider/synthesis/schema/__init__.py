"""A value that fits a JSON Schema: small, readable, the same for the same schema.

It knows OpenAI's strict subset and the words of draft 2020-12 and those before it. What no value fits, and what is no
schema at all, has a value all the same: it is a client that sends them. No schema takes long: work is counted, and when
it is used up, what is left is made without looking.
"""

from typing import Any

_STEPS = 100_000
_STEPS_LEFT = 15_000


def example(schema: Any, hint: str = "") -> Any:
    """A value for a schema. `hint` is a word to say where any text will do."""
    from mockprovider.synthesis.schema.budget import UnfitError  # a server that starts has no schema to fit yet
    from mockprovider.synthesis.schema.maker import Maker
    from mockprovider.synthesis.schema.place import Place

    for steps, lenient in ((_STEPS, False), (_STEPS_LEFT, True)):
        try:
            return Maker(schema, hint or "text", steps).value((schema,), Place(lenient=lenient))
        except (UnfitError, RecursionError):
            continue
    return None
