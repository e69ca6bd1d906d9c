"""The error tree. Few types: one where somebody would catch it, and the message carries the rest.

MockProviderError
├── TapeError              events that do not obey the tape's grammar
├── InputError             what the user gave can't be used; the CLI prints it and exits with 2
│   ├── CassetteError      a cassette or one of its files
│   ├── ProfileError       a profile
│   └── RuleError          a rule, or a rule that can't answer the request at hand
└── UnplayableEndingError  a tape ends in a way that this transport can't carry out
"""

import difflib
from collections.abc import Iterable


class MockProviderError(Exception):
    """Anything that mockprovider itself raises."""


class TapeError(MockProviderError, ValueError):
    """Events that do not obey the grammar of a tape."""


class InputError(MockProviderError):
    """What the user gave can't be used. The message names the file, the place, and what would have worked."""


class CassetteError(InputError):
    """A cassette that can't be opened or written, or a file in it that can't be read."""


class ProfileError(InputError):
    """A profile that does not exist or does not hold what a profile must."""


class RuleError(InputError):
    """A rule that can't be used, or that can't answer the request at hand."""


class UnplayableEndingError(MockProviderError):
    """A tape whose ending needs a socket, played where there is none."""


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """The closest known name as a clause to append to a message, or the names themselves where none is close."""
    names = sorted(known)
    close = difflib.get_close_matches(wrong, names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(names)}" if names else ""
