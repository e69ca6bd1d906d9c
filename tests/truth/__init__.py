"""Tests of `mockprovider.truth`."""
