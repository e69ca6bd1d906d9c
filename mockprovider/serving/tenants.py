"""The API key is the tenant: state is kept by key, as providers count by key."""

from mockprovider.cassettes.secrets.credentials import KEY_HEADERS
from mockprovider.tape import Headers, header

NOBODY = "(no key)"
KEY = "sk-mock-"
"""What keys begin with that say something to us: `sk-mock-NAME` chooses one of several profiles."""


def api_key(headers: Headers) -> str | None:
    """The key that a request carries, in whichever header; None where there is none."""
    bearer = header(headers, b"authorization")
    if bearer is not None:
        scheme, _, token = bearer.strip().partition(b" ")
        return (token.strip() or scheme).decode("latin-1") or None
    for name in KEY_HEADERS:
        if (value := header(headers, name)) is not None:
            return value.strip().decode("latin-1") or None
    return None


def shown(key: str | None) -> str:
    """A key as the journal may show it: a real one is never shown whole."""
    if key is None:
        return NOBODY
    return key if len(key) < 24 or key.startswith("sk-mock") else f"{key[:5]}…{key[-4:]}"
