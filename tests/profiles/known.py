"""Profiles, each read once a process: most tests look at what is in them, not at how they are read."""

from functools import cache

from mockprovider.profiles import loading
from mockprovider.profiles.schema import Profile


@cache
def load(name_or_file: str) -> Profile:
    """The profile with this name, or in this file."""
    return loading.load(name_or_file)
