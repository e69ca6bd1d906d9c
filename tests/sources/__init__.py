"""Tests of `mockprovider.sources`."""
