"""Tests of the parts that make values for schemas."""
