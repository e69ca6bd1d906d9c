"""Tests of `mockprovider.rules`."""
