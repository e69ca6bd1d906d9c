"""Tests of providers as data."""
