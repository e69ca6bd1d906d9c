"""A provider that is the baseline but for a few keys."""

from typing import Any

from mockprovider.profiles.loading import BASELINE, load
from mockprovider.profiles.schema import Profile
from mockprovider.profiles.setting import Change
from mockprovider.sources.synthesize import Synthesize


def varied(changes: dict[str, Any], name: str = BASELINE) -> Profile:
    """A shipped profile with these keys changed."""
    return load(name, changes=[Change(key, value, key) for key, value in changes.items()])


def provider(changes: dict[str, Any], **options: Any) -> Synthesize:
    """What answers as such a profile says."""
    return Synthesize(varied(changes), rehearse=False, **options)
