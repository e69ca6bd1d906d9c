"""Tests of what is said and in which frames."""
