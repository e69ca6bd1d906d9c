"""Tests mirror the package. Each is one claim, said in its name."""
