"""Tests of `mockprovider.testing`."""
