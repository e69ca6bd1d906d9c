"""The words and figures that options take, on the command line and in Python. Each start loads this, so it is small."""

from collections.abc import Mapping
from typing import Any

from mockprovider.errors import InputError, did_you_mean

WORDS = {
    "mode": ("none", "once", "new_episodes", "all"),
    "repeat": ("last", "cycle", "refuse"),
    "match": ("strict", "loose"),
}
"""The words that an option takes, by its name."""
RANGES: dict[str, tuple[Any, Any]] = {"miss_status": (400, 599), "idle_timeout": (0.1, 86400), "max_body": (1, 4096)}
"""The least and the most."""


def checked(given: Mapping[str, Any]) -> None:
    """Raise InputError for an option whose value is none of its words or out of its range; None says nothing."""
    for name, value in given.items():
        option = f"--{name.replace('_', '-')}"
        if value is not None and name in WORDS and value not in WORDS[name]:
            raise InputError(f"{option}: there is no {value!r}{did_you_mean(str(value), WORDS[name])}")
        if name in RANGES:
            least, most = RANGES[name]
            if not isinstance(value, int | float) or not least <= value <= most:
                raise InputError(f"{option}: {value!r} is no number from {least} to {most}")


def pace_of(word: str) -> float:
    """What times are multiplied with: `instant`, `recorded`, `profile`, or a speed such as `2x`."""
    if word in ("instant", "recorded", "profile"):
        return 0.0 if word == "instant" else 1.0
    try:
        speed = float(str(word).removesuffix("x"))
    except ValueError:
        speed = 0.0
    if not str(word).endswith("x") or not 0.001 <= speed <= 1000:
        raise InputError(f"{word!r} is no pace; take instant, recorded, profile, or a speed from 0.001x to 1000x")
    return 1 / speed
