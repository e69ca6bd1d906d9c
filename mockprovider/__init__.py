"""mockprovider: a record-and-replay mock provider for the clients of OpenAI-compatible LLM APIs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockprovider.testing.provider import MockProvider

__version__ = "0.1.0"
__all__ = ["MockProvider", "__version__"]


def __getattr__(name: str) -> Any:
    """What is loaded when it is asked for: the command line starts without it."""
    if name == "MockProvider":
        from mockprovider.testing.provider import MockProvider

        return MockProvider
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
