"""mockprovider: a record-and-replay mock provider for the clients of OpenAI-compatible LLM APIs."""

__version__ = "0.1.0"
