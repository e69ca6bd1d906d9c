"""Tests of `mockprovider.cli`."""
